/* bind: a binder is opened for a plan, bound to table after table, and run over their rows. What it
 * builds holds for the next table too where that continues the same entries; otherwise, or where
 * new entries distinguish what was taken for one, it is built again. The drawing of what is built
 * stands in bind_internal.h. */
#include <string.h>

#include "vector/bind_internal.h"

/* ---- Building ---- */

/* Per column of planes: the numbers that rows may have. */
static const uint64_t *numbers_of_columns(Binder *b) {
  uint64_t *numbers = ARENA_ARRAY(&b->built, uint64_t, b->table->column_count + 1);
  for (uint32_t i = 0; i < b->table->column_count; i++) {
    const Column *column = &b->table->columns[i];
    if (column->form != CODES_PLANES) continue;
    numbers[i] = bits_all(column->entry_count);
    if (column->is_whole && column->entry_count > 1) numbers[i] &= ~UINT64_C(1);
  }
  return numbers;
}

static void build(Binder *b) {
  Gate *outputs;
  uint32_t count;
  b->gates = gates_open(&b->built, numbers_of_columns(b), b->table->column_count);
  b->has_exact = b->table->needs_exact != NULL;
  bind_targets(b, &outputs, &count);
  b->program = program_draw(b->gates, b->inputs.count, outputs, count, &b->built);
  for (uint32_t i = 0; i < b->column_groups.count; i++)
    bind_open_answers(b, &b->column_groups.items[i]);
  const uint32_t planes = b->program.input_count + b->program.scratch_count + 2;
  uint64_t *words = ARENA_ARRAY(&b->built, uint64_t, (size_t)planes * PROGRAM_BLOCK_WORDS + 8);
  words += (64 - (uintptr_t)words % 64) % 64 / 8;
  b->own_planes = ARENA_ARRAY(&b->built, uint64_t *, planes);
  b->planes = ARENA_ARRAY(&b->built, uint64_t *, planes);
  b->ahead = ARENA_ARRAY(&b->built, const uint64_t *, planes);
  b->input_pointers = ARENA_ARRAY(&b->built, InputPointer, planes);
  for (uint32_t i = 0; i < planes; i++)
    b->own_planes[i] = b->planes[i] = words + (size_t)i * PROGRAM_BLOCK_WORDS;
  memset(b->planes[planes - 1], 0xFF, PROGRAM_BLOCK_WORDS * sizeof(uint64_t));
}

static void forget_built(Binder *b) {
  arena_reset(&b->built);
  memset(&b->column_groups, 0, sizeof b->column_groups);
  memset(&b->column_tests, 0, sizeof b->column_tests);
  b->literals = 0;
  memset(&b->inputs, 0, sizeof b->inputs);
  memset(&b->sole_unmet, 0, sizeof b->sole_unmet);
  b->is_built = false;
}

/* The tuples that were met before are met again. */
static void build_again(Binder *b) {
  b->rebuilds++;
  forget_built(b);
  build(b);
  b->is_built = true;
}

/* Runs `work` under a guard of the binder's arenas. False: memory ran out, and everything is to be
 * made again. */
static bool attempt(Binder *b, void (*work)(void *context), void *context) {
  Arena *const arenas[] = {&b->built, &b->entries, &b->kept, &b->remembered};
  if (arenas_attempt(arenas, 4, work, context)) return true;
  arena_reset(&b->entries);
  b->entry_values = NULL;
  b->generation = 0;
  forget_built(b);
  return false;
}

static void forget_entries(Binder *b, const BulkTable *table) {
  arena_reset(&b->entries);
  b->entry_values =
      ARENA_ARRAY(&b->entries, EntryValues,
                  b->plan->library->vocabularies.count * (size_t)table->column_count + 1);
  b->generation = table->generation;
  b->columns = table->column_count;
}

static void bind_table(void *context) {
  Binder *b = context;
  const BulkTable *table = b->table;
  bool same = b->is_built && b->generation == table->generation &&
              b->columns == table->column_count && b->has_exact == (table->needs_exact != NULL);
  if (!same) {
    forget_entries(b, table);
    build_again(b);
  } else if (!bind_extend(b)) {
    build_again(b);
  }
}

bool binder_bind(Binder *b, const BulkTable *table) {
  b->table = table;
  return attempt(b, bind_table, b);
}

/* ---- Running ---- */

/* Tuples not met before may show that two literals differ after all; then everything is built
 * again, with them in mind. What is asked then may ask of further columns together. */
static void number_tuples(Binder *b, uint32_t first, uint32_t rows) {
  while (!blocks_number_tuples(b, first, rows)) {
    bind_remember_tuples(b, b->column_groups.items, b->column_groups.count);
    build_again(b);
    blocks_set_inputs(b);
  }
}

typedef struct Run {
  Binder *b;
  uint32_t first, rows;
  uint16_t *const *verdicts;
} Run;

static void run_blocks(void *context) {
  const Run *run = context;
  blocks_set_inputs(run->b);
  for (uint32_t done = 0; done < run->rows; done += PROGRAM_BLOCK_ROWS) {
    const uint32_t left = run->rows - done, first = run->first + done;
    const uint32_t rows = left < PROGRAM_BLOCK_ROWS ? left : PROGRAM_BLOCK_ROWS;
    number_tuples(run->b, first, rows);
    blocks_run(run->b, first, rows, done, run->verdicts);
  }
}

bool binder_run(Binder *b, const BulkTable *table, uint32_t first, uint32_t rows,
                uint16_t *const *verdicts) {
  Run run = {b, first, rows, verdicts};
  b->table = table;
  return attempt(b, run_blocks, &run);
}

/* ---- Opening and closing ---- */

static void open_kept(void *context) {
  Binder *b = context;
  b->facts = ARENA_ARRAY(&b->kept, Facts, b->plan->library->vocabularies.count + 1);
  b->targets = ARENA_ARRAY(&b->kept, BoundTarget, b->plan->target_count + 1);
  for (uint32_t t = 0; t < b->plan->target_count; t++)
    LIST_PUSH(&b->kept, b->targets[t].verdicts, ((BulkVerdict){.pathway = ""}));
  for (uint32_t i = 0; i < COLUMN_TEST_COLUMNS_MOST; i++)
    b->codes[i] = ARENA_ARRAY(&b->kept, uint32_t, PROGRAM_BLOCK_ROWS);
}

Binder *binder_open(const Plan *plan, ProgramPath path) {
  Binder *b = memory_allocate(sizeof *b);
  if (b == NULL) return NULL;
  memset(b, 0, sizeof *b);
  b->plan = plan;
  b->path = path;
  arena_open(&b->built);
  arena_open(&b->entries);
  arena_open(&b->kept);
  arena_open(&b->remembered);
  b->reader = json_open();
  if (b->reader == NULL || !arena_attempt(&b->kept, open_kept, b)) {
    binder_close(b);
    return NULL;
  }
  return b;
}

void binder_close(Binder *b) {
  if (b == NULL) return;
  json_close(b->reader);
  arena_close(&b->built);
  arena_close(&b->entries);
  arena_close(&b->kept);
  arena_close(&b->remembered);
  memory_free(b);
}

const SoleUnmetCount *binder_take_counts(Binder *b, uint32_t *count) {
  *count = b->counts.count;
  b->counts.count = 0; /* the items stay until the next run */
  return b->counts.items;
}

BinderSize binder_size(const Binder *b) {
  BinderSize size = {b->program.step_count, b->inputs.count, 0, b->literals};
  for (uint32_t i = 0; i < b->column_groups.count; i++)
    size.lookups += b->column_groups.items[i].planes.count;
  return size;
}
