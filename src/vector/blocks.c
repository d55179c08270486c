/* blocks: a program run over blocks of PROGRAM_BLOCK_ROWS rows. Planes of columns are read where
 * they stand; answers of other columns are looked up row by row, a byte for eight planes, and the
 * bytes turned into planes (bit slicing). The planes of a block stay in the nearest cache.
 *
 * Invariant: nothing is looked up before the block's tuples are numbered and answered for. */
#include <assert.h>
#include <string.h>

#include "vector/bind_internal.h"

/* ---- Tuples ---- */

static uint32_t words_of_block(const BulkTable *table, uint32_t block) {
  const uint32_t left = (table->rows - block * PROGRAM_BLOCK_ROWS + PROGRAM_PAD_ROWS - 1) /
                        PROGRAM_PAD_ROWS * (PROGRAM_PAD_ROWS / 64);
  return left < PROGRAM_BLOCK_WORDS ? left : PROGRAM_BLOCK_WORDS;
}

static void load_codes(const Binder *b, const Column *column, uint32_t first, uint32_t rows,
                       uint32_t *codes) {
  if (column->form == CODES_PLANES) {
    const uint32_t words = words_of_block(b->table, first / PROGRAM_BLOCK_ROWS);
    const uint64_t *planes[COLUMN_BITS_MOST];
    uint16_t numbers[PROGRAM_BLOCK_ROWS];
    for (uint32_t bit = 0; bit < column->bits; bit++)
      planes[bit] = column->planes + column_plane(column->plane_words, column->bits,
                                                  first / PROGRAM_BLOCK_ROWS, bit);
    program_number(b->path, planes, column->bits, words, numbers);
    for (uint32_t r = 0; r < rows; r++) codes[r] = numbers[r];
  } else if (column->form == CODES_16) {
    for (uint32_t r = 0; r < rows; r++) codes[r] = column->codes16[first + r];
  } else if (column->form == CODES_32) {
    memcpy(codes, column->codes32 + first, rows * sizeof *codes);
  } else {
    memset(codes, 0, rows * sizeof *codes);
  }
}

/* The numbers of the tuples that the rows have, new ones made. */
static void number_tuples(Binder *b, ColumnGroup *column_group, uint32_t first, uint32_t rows) {
  for (uint32_t i = 0; i < column_group->column_count; i++)
    load_codes(b, &b->table->columns[column_group->columns[i]], first, rows, b->codes[i]);
  tuples_number_rows(&column_group->tuples, (const uint32_t *const *)b->codes,
                     column_group->column_count, rows, column_group->numbers);
}

/* ---- Running ---- */

static void look_up(const uint8_t *bytes, const ColumnGroup *column_group, const Column *column,
                    uint32_t first, uint32_t rows, uint8_t *answers) {
  if (column_group->kind == COLUMN_GROUP_TUPLES) {
    for (uint32_t r = 0; r < rows; r++) answers[r] = bytes[column_group->numbers[r]];
  } else if (column->form == CODES_32) {
    for (uint32_t r = 0; r < rows; r++) answers[r] = bytes[column->codes32[first + r]];
  } else if (column->form == CODES_16) {
    for (uint32_t r = 0; r < rows; r++) answers[r] = bytes[column->codes16[first + r]];
  } else {
    for (uint32_t r = 0; r < rows; r++) answers[r] = bytes[column_code(column, first + r)];
  }
}

static void fill_lookups(Binder *b, const ColumnGroup *column_group, uint32_t first, uint32_t rows,
                         uint32_t words) {
  uint8_t answers[PROGRAM_BLOCK_ROWS];
  uint64_t *planes[8];
  memset(answers + rows, 0, words * 64 - rows);
  for (uint32_t p = 0; p < column_group->planes.count; p += 8) {
    uint32_t count = column_group->planes.count - p < 8 ? column_group->planes.count - p : 8;
    for (uint32_t i = 0; i < count; i++)
      planes[i] = b->own_planes[column_group->planes.items[p + i].plane];
    look_up(column_group->bytes[p / 8], column_group, &b->table->columns[column_group->columns[0]],
            first, rows, answers);
    program_split(b->path, answers, count, words, planes);
  }
}

/* Lookups are filled in block by block, always at the same place. */
void blocks_set_inputs(Binder *b) {
  for (uint32_t i = 0; i < b->inputs.count; i++) {
    const InputPlane *input = &b->inputs.items[i];
    const Column *column;
    switch (input->kind) {
      case INPUT_LOOKUP:
        b->input_pointers[i] = (InputPointer){b->own_planes[i], 0, 0};
        break;
      case INPUT_NEEDS_EXACT:
        b->input_pointers[i] = (InputPointer){b->table->needs_exact, PROGRAM_BLOCK_WORDS, 0};
        break;
      case INPUT_COLUMN:
        column = &b->table->columns[input->source];
        b->input_pointers[i] =
            (InputPointer){column->planes, column->bits * PROGRAM_BLOCK_WORDS, input->bit};
    }
  }
}

/* The next block is fetched where it is whole: then its planes stand a known way behind this one's.
 */
static void place_inputs_of_block(Binder *b, uint32_t block) {
  const uint32_t words = words_of_block(b->table, block);
  const bool goes_on = (block + 2) * (uint64_t)PROGRAM_BLOCK_ROWS <= b->table->rows;
  for (uint32_t i = 0; i < b->inputs.count; i++) {
    const InputPointer *input_pointer = &b->input_pointers[i];
    const uint64_t *from = input_pointer->from + (size_t)block * input_pointer->block_words +
                           input_pointer->bit * words;
    memcpy(&b->planes[i], &from, sizeof from); /* inputs are only read */
    b->ahead[i] = from + (goes_on ? input_pointer->block_words : 0);
  }
}

bool blocks_number_tuples(Binder *b, uint32_t first, uint32_t rows) {
  bool few = true, more = false;
  for (uint32_t i = 0; i < b->column_groups.count; i++) {
    ColumnGroup *column_group = &b->column_groups.items[i];
    if (column_group->kind != COLUMN_GROUP_TUPLES) continue;
    number_tuples(b, column_group, first, rows);
    few = few && column_group->tuples.met.count <= TUPLES_MOST;
    more = more || column_group->tuples.met.count > column_group->covered;
  }
  return few && (!more || bind_extend(b));
}

static uint64_t count_rows(const uint64_t *plane, uint32_t rows) {
  uint64_t sum = 0;
  for (uint32_t w = 0; w < rows / 64; w++) sum += (uint64_t)__builtin_popcountll(plane[w]);
  if (rows % 64 != 0)
    sum += (uint64_t)__builtin_popcountll(plane[rows / 64] & ((UINT64_C(1) << rows % 64) - 1));
  return sum;
}

static void count_sole_unmet(Binder *b, uint32_t rows) {
  const uint32_t first = b->program.output_count - b->sole_unmet.count;
  for (uint32_t i = 0; i < b->sole_unmet.count; i++) {
    const SoleUnmetPlane *plane = &b->sole_unmet.items[i];
    const uint64_t found = count_rows(b->planes[b->program.outputs[first + i]], rows);
    SoleUnmetCount one = {plane->target, plane->criterion, plane->compiled, plane->change, found};
    uint32_t at = 0;
    if (found == 0) continue;
    while (at < b->counts.count && !(b->counts.items[at].target == one.target &&
                                     b->counts.items[at].criterion == one.criterion &&
                                     b->counts.items[at].compiled == one.compiled &&
                                     b->counts.items[at].change == one.change))
      at++;
    if (at < b->counts.count) {
      b->counts.items[at].rows += found;
    } else {
      LIST_PUSH(&b->kept, b->counts, one);
    }
  }
}

void blocks_run(Binder *b, uint32_t first, uint32_t rows, uint32_t done,
                uint16_t *const *verdicts) {
  const uint32_t words = (rows + PROGRAM_PAD_ROWS - 1) / PROGRAM_PAD_ROWS * (PROGRAM_PAD_ROWS / 64);
  assert(first % PROGRAM_BLOCK_ROWS == 0 && rows <= PROGRAM_BLOCK_ROWS);
  for (uint32_t i = 0; i < b->column_groups.count; i++)
    if (b->column_groups.items[i].planes.count > 0)
      fill_lookups(b, &b->column_groups.items[i], first, rows, words);
  place_inputs_of_block(b, first / PROGRAM_BLOCK_ROWS);
  program_run(&b->program, b->path, b->planes, b->ahead, words);
  for (uint32_t t = 0, at = 0; t < b->plan->target_count; t++) {
    const uint64_t *bits[8];
    for (uint32_t i = 0; i < b->targets[t].bits; i++) bits[i] = b->planes[b->program.outputs[at++]];
    program_number(b->path, bits, b->targets[t].bits, words, verdicts[t] + done);
  }
  count_sole_unmet(b, rows);
}
