/* Reading order: entry values, inquiries, axes and literals, then running; what a unit asks of them
 * is in bind_unit.c. */
#include <string.h>

#include "decide/bind.h"
#include "vector/bind_internal.h"

/* ---- What an entry says ---- */

static uint32_t vocabulary_index(const Binder *b, const Vocabulary *vocabulary) {
  uint32_t index = 0;
  while (b->plan->library->vocabularies.items[index] != vocabulary) index++;
  return index;
}

static Facts *blank_facts(Binder *b, const Vocabulary *vocabulary) {
  Facts *facts = &b->facts[vocabulary_index(b, vocabulary)];
  if (facts->values == NULL)
    *facts = (Facts){vocabulary, ARENA_ARRAY(&b->kept, FactValue, vocabulary->facts.count), NULL, 0,
                     NULL};
  return facts;
}

static bool read_tokens(Binder *b, Text text, const JsonToken **tokens) {
  const char *message;
  size_t offset;
  uint32_t count;
  JsonStatus status = json_read(b->reader, text.at, text.length, tokens, &count, &message, &offset);
  if (status == JSON_NO_MEMORY) arena_exhaust(&b->entries);
  return status == JSON_OK && count > 0;
}

static int choice_of(const Type *type, Text word) {
  for (uint32_t i = 0; i < type->value_count; i++)
    if (text_equal(type->values[i], word)) return (int)i;
  return -1;
}

/* False where only the request's own reader may tell. */
static bool read_builtin(const Fact *fact, const Vocabulary *vocabulary, Text word,
                         FactValue *value) {
  int choice;
  value->known = true;
  switch (fact->index) {
    case FACT_KIND:
    case FACT_LINE:
    case FACT_URGENCY:
      choice = choice_of(&fact->type, word);
      value->choice = choice < 0 ? 0 : (uint32_t)choice;
      return choice >= 0;
    case FACT_DRUG:
      value->name = vocabulary_name(vocabulary, word);
      return word.length > 0 && !text_has_margin(word);
    case FACT_START:
      return date_parse(word, &value->date);
    case FACT_RECEIVED:
      return date_parse_time(word, &value->date);
    default:
      return false;
  }
}

/* The texts of the request are gone after reading; what was understood of them stays. */
static void forget_texts(FactValue *value) {
  value->raw = value->word = value->document = value->document_raw = value->source_text = (Text){0};
}

/* A regimen or a schedule says what other facts are (decide/dose.h); and whether there is such a
 * regimen, even where whoever states it is not believed, only the drug can tell, which stands in
 * another entry: the request is read as a whole. */
static bool takes_whole_request(const Fact *fact, const Vocabulary *vocabulary,
                                const FactValue *value) {
  const bool is_regimen = fact == vocabulary->dosing.roles[DOSING_REGIMEN],
             is_schedule = fact == vocabulary->dosing.roles[DOSING_SCHEDULE];
  return (is_regimen && value->word.length > 0) || ((is_regimen || is_schedule) && value->known);
}

static void read_entry(Binder *b, const Fact *fact, const Vocabulary *vocabulary, Text text,
                       EntryValue *into) {
  const JsonToken *tokens;
  *into = (EntryValue){.needs_exact = true};
  if (!read_tokens(b, text, &tokens)) return;
  if (fact->index < BUILTIN_FACTS) {
    into->needs_exact =
        tokens[0].kind != JSON_STRING ||
        !read_builtin(fact, vocabulary, (Text){tokens[0].text, tokens[0].length}, &into->value);
    return;
  }
  Facts *facts = blank_facts(b, vocabulary);
  RequestErrors request_errors = {.arena = &b->entries};
  NotCounted not_counted = {0};
  request_read_fact(fact, tokens, VOUCHER_PLAN, facts, &not_counted, &request_errors);
  into->value = facts->values[fact->index];
  into->needs_exact =
      request_errors.list.count > 0 || takes_whole_request(fact, vocabulary, &into->value);
  forget_texts(&into->value);
  facts->values[fact->index] = (FactValue){0};
}

static const EntryValue *entry_value(Binder *b, const Fact *fact, const Vocabulary *vocabulary,
                                     uint32_t column, uint32_t code) {
  static const EntryValue nothing = {0};
  if (code == 0) return &nothing;
  uint32_t slot = vocabulary_index(b, vocabulary) * b->table->column_count + column;
  EntryValues *values = &b->entry_values[slot];
  const Column *from = &b->table->columns[column];
  while (values->count < from->entry_count) {
    EntryValue value;
    uint32_t next = values->count;
    if (next == 0) {
      value = nothing;
    } else {
      read_entry(b, fact, vocabulary, from->entries[next], &value);
    }
    LIST_PUSH(&b->entries, *values, value);
  }
  return &values->items[code];
}

/* ---- Inquiries: what is asked, worked out per entry ---- */

static void put_value(Binder *b, const ColumnTest *column_test, Facts *facts, uint32_t input,
                      uint32_t code) {
  const ColumnTestInput *at = &column_test->inputs[input];
  FactValue *value = &facts->values[at->fact->index];
  *value = entry_value(b, at->fact, column_test->vocabulary, at->column, code)->value;
  if (at->fact->index == FACT_URGENCY && code == 0) value->known = true; /* standard */
}

/* The second decision: facts that are only attested are taken as not known. */
static bool forget_attested(const ColumnTest *column_test, Facts *facts) {
  bool any = false;
  const CompiledPolicy *compiled = column_test->unit->compiled;
  for (uint32_t i = 0; i < column_test->input_count; i++) {
    const Fact *fact = column_test->inputs[i].fact;
    const uint64_t bit = variables_fact(&compiled->set, fact);
    FactValue *value = &facts->values[fact->index];
    if (!fact_is_attested(fact, value) ||
        (bit & compiled->set.variables.items[column_test->variable]->facts) == 0)
      continue;
    any = true;
    if (fact->clinical && fact->type.kind != TYPE_LIST) value->known = false;
  }
  return any;
}

static uint64_t cells_of(const ColumnTest *column_test, Facts *facts) {
  const Variable *variable =
      column_test->unit->compiled->set.variables.items[column_test->variable];
  bool documented_only =
      column_test->kind == COLUMN_TEST_DOCUMENTED_CELLS && forget_attested(column_test, facts);
  return bind_variable(column_test->unit->compiled, variable, facts,
                       documented_only ? ENTRIES_DOCUMENTED : ENTRIES_ALL);
}

static uint64_t evaluate_test(Binder *b, const ColumnTest *column_test, const uint32_t *codes) {
  if (column_test->kind == COLUMN_TEST_ODD)
    return entry_value(b, column_test->inputs[0].fact, column_test->vocabulary,
                       column_test->inputs[0].column, codes[0])
                   ->needs_exact
               ? 2
               : 1;
  if (column_test->kind == COLUMN_TEST_STRANGE) return codes[0] != 0 ? 2 : 1;
  if (column_test->kind == COLUMN_TEST_HEAD) return bind_head(b, column_test, codes[0]);
  Facts *facts = blank_facts(b, column_test->vocabulary);
  for (uint32_t i = 0; i < column_test->input_count; i++)
    put_value(b, column_test, facts, i,
              column_test->inputs[i].place < 0 ? 0 : codes[column_test->inputs[i].place]);
  request_settle(facts);
  uint64_t result = column_test->kind == COLUMN_TEST_TRUTH
                        ? UINT64_C(1) << evaluate_condition(column_test->condition, facts)
                        : cells_of(column_test, facts);
  for (uint32_t i = 0; i < column_test->input_count; i++)
    facts->values[column_test->inputs[i].fact->index] = (FactValue){0};
  for (uint32_t i = 0; i < column_test->vocabulary->defaulted.count; i++)
    facts->values[column_test->vocabulary->defaulted.items[i]->index] = (FactValue){0};
  return result;
}

/* ---- Axes: the columns that questions are asked of ---- */

static uint32_t column_group_codes(const Binder *b, const ColumnGroup *column_group) {
  switch (column_group->kind) {
    case COLUMN_GROUP_NONE:
      return 1;
    case COLUMN_GROUP_PLANES:
      return column_group->combinations;
    case COLUMN_GROUP_COLUMN:
      return b->table->columns[column_group->columns[0]].entry_count;
    case COLUMN_GROUP_TUPLES:
      return column_group->tuples.met.count;
  }
  return 0;
}

static void codes_of(const Binder *b, const ColumnGroup *column_group, uint32_t number,
                     uint32_t *codes) {
  for (uint32_t i = 0; i < column_group->column_count; i++) {
    const Column *column = &b->table->columns[column_group->columns[i]];
    switch (column_group->kind) {
      case COLUMN_GROUP_NONE:
        break;
      case COLUMN_GROUP_PLANES:
        codes[i] = number & ((1u << column->bits) - 1);
        number >>= column->bits;
        break;
      case COLUMN_GROUP_COLUMN:
        codes[i] = number;
        break;
      case COLUMN_GROUP_TUPLES:
        codes[i] = column_group->tuples.met.items[number].codes[i];
        break;
    }
  }
}

/* No row has such a combination of bits. */
static bool is_free(const Binder *b, const ColumnGroup *column_group, const uint32_t *codes) {
  for (uint32_t i = 0; i < column_group->column_count; i++)
    if (codes[i] >= b->table->columns[column_group->columns[i]].entry_count ||
        (codes[i] == 0 && b->table->columns[column_group->columns[i]].is_whole))
      return true;
  return false;
}

uint32_t bind_column_group(Binder *b, const uint32_t *columns, uint32_t count) {
  for (uint32_t i = 0; i < b->column_groups.count; i++) {
    const ColumnGroup *column_group = &b->column_groups.items[i];
    if (column_group->column_count == count &&
        (count == 0 || memcmp(column_group->columns, columns, count * sizeof *columns) == 0))
      return i;
  }
  ColumnGroup column_group = {.kind = count == 0   ? COLUMN_GROUP_NONE
                                      : count == 1 ? COLUMN_GROUP_COLUMN
                                                   : COLUMN_GROUP_TUPLES,
                              .column_count = count};
  if (count > 0) memcpy(column_group.columns, columns, count * sizeof *columns);
  uint32_t bits = 0;
  bool planes = count > 0;
  for (uint32_t i = 0; i < count; i++) {
    planes = planes && b->table->columns[columns[i]].form == CODES_PLANES;
    bits += b->table->columns[columns[i]].bits;
  }
  if (planes && bits <= COLUMN_GROUP_BITS_MOST) {
    column_group.kind = COLUMN_GROUP_PLANES;
    column_group.combinations = 1u << bits;
  }
  if (column_group.kind == COLUMN_GROUP_TUPLES) tuples_open(&column_group.tuples, &b->built);
  LIST_PUSH(&b->built, b->column_groups, column_group);
  if (column_group.kind == COLUMN_GROUP_TUPLES)
    bind_recall_tuples(b, &b->column_groups.items[b->column_groups.count - 1]);
  return b->column_groups.count - 1;
}

/* The answers of a inquiry for entries it does not have yet. */
static void extend_column_test(Binder *b, ColumnTest *column_test) {
  const ColumnGroup *column_group = &b->column_groups.items[column_test->column_group];
  const uint32_t count = column_group_codes(b, column_group);
  while (column_test->values.count < count) {
    uint32_t codes[COLUMN_TEST_COLUMNS_MOST] = {0};
    codes_of(b, column_group, column_test->values.count, codes);
    uint64_t value =
        is_free(b, column_group, codes) ? COLUMN_TEST_FREE : evaluate_test(b, column_test, codes);
    LIST_PUSH(&b->built, column_test->values, value);
  }
}

uint32_t bind_column_test(Binder *b, const ColumnTest *wanted) {
  for (uint32_t i = 0; i < b->column_tests.count; i++) {
    const ColumnTest *there = &b->column_tests.items[i];
    if (there->kind == wanted->kind && there->unit == wanted->unit &&
        there->variable == wanted->variable && there->condition == wanted->condition &&
        there->column_group == wanted->column_group && there->vocabulary == wanted->vocabulary &&
        there->head == wanted->head && there->policy == wanted->policy)
      return i;
  }
  LIST_PUSH(&b->built, b->column_tests, *wanted);
  extend_column_test(b, &b->column_tests.items[b->column_tests.count - 1]);
  return b->column_tests.count - 1;
}

/* ---- Literals ---- */

static bool holds(const ColumnTest *column_test, uint32_t code, uint64_t mask) {
  return (column_test->values.items[code] & mask) != 0;
}

/* A truth table over more than six planes, six at a time. `answers`: 0, 1, or 2 for free. */
static Gate wide_table(Binder *b, const Gate *inputs, uint32_t bits, const uint8_t *answers) {
  if (bits <= 6) {
    uint64_t table = 0, care = 0;
    for (uint32_t i = 0; i < 1u << bits; i++) {
      table |= (uint64_t)(answers[i] == 1) << i;
      care |= (uint64_t)(answers[i] != 2) << i;
    }
    return gate_table(b->gates, inputs, bits, table, care);
  }
  Gate no = wide_table(b, inputs, bits - 1, answers),
       yes = wide_table(b, inputs, bits - 1, answers + (1u << (bits - 1)));
  return gate_choose(b->gates, inputs[bits - 1], yes, no);
}

uint32_t bind_input(Binder *b, InputPlane plane) {
  for (uint32_t i = 0; i < b->inputs.count; i++) {
    const InputPlane *there = &b->inputs.items[i];
    if (there->source == plane.source && there->bit == plane.bit && there->kind == plane.kind)
      return i;
  }
  LIST_PUSH(&b->built, b->inputs, plane);
  return b->inputs.count - 1;
}

static Gate planes_literal(Binder *b, const ColumnGroup *column_group,
                           const ColumnTest *column_test, uint64_t mask) {
  Gate inputs[COLUMN_GROUP_BITS_MOST];
  uint8_t answers[1u << COLUMN_GROUP_BITS_MOST];
  uint32_t bits = 0;
  for (uint32_t i = 0; i < column_group->column_count; i++) {
    const Column *column = &b->table->columns[column_group->columns[i]];
    for (uint32_t bit = 0; bit < column->bits; bit++)
      inputs[bits++] = gate_bit(
          b->gates, bind_input(b, (InputPlane){INPUT_COLUMN, column_group->columns[i], bit}),
          column_group->columns[i], bit);
  }
  for (uint32_t i = 0; i < column_group->combinations; i++)
    answers[i] = column_test->values.items[i] == COLUMN_TEST_FREE ? 2 : holds(column_test, i, mask);
  return wide_table(b, inputs, bits, answers);
}

static bool same_answers(const Binder *b, const Literal *a, uint32_t column_test, uint64_t mask) {
  const ColumnTest *x = &b->column_tests.items[a->column_test],
                   *y = &b->column_tests.items[column_test];
  for (uint32_t code = 0; code < y->values.count; code++)
    if (holds(x, code, a->mask) != holds(y, code, mask)) return false;
  return true;
}

/* Literals that no entry tells apart share a plane, until an entry does. */
static Gate lookup_literal(Binder *b, uint32_t column_group_index, uint32_t column_test,
                           uint64_t mask) {
  ColumnGroup *column_group = &b->column_groups.items[column_group_index];
  Literal literal = {column_test, mask, LITERAL_SAME_AS, 0};
  const ColumnTest *from = &b->column_tests.items[column_test];
  bool any = false, all = true;
  for (uint32_t code = 0; code < from->values.count; code++) {
    bool yes = holds(from, code, mask);
    any = any || yes;
    all = all && yes;
  }
  if (!any || all) {
    literal.kind = any ? LITERAL_ALWAYS : LITERAL_NEVER;
    if (from->values.count == 0) literal.kind = LITERAL_NEVER;
    LIST_PUSH(&b->built, column_group->literals, literal);
    return literal.kind == LITERAL_ALWAYS ? GATE_YES : GATE_NO;
  }
  for (uint32_t p = 0; p < column_group->planes.count; p++) {
    if (!same_answers(b, &column_group->planes.items[p], column_test, mask)) continue;
    literal.plane = p;
    LIST_PUSH(&b->built, column_group->literals, literal);
    return gate_input(b->gates, column_group->planes.items[p].plane);
  }
  const uint32_t input =
      bind_input(b, (InputPlane){INPUT_LOOKUP, column_group_index, column_group->planes.count});
  Literal plane = {column_test, mask, LITERAL_SAME_AS, input};
  literal.plane = column_group->planes.count;
  LIST_PUSH(&b->built, column_group->literals, literal);
  LIST_PUSH(&b->built, column_group->planes, plane);
  return gate_input(b->gates, input);
}

Gate bind_literal(Binder *b, uint32_t column_test, uint64_t mask) {
  const ColumnTest *from = &b->column_tests.items[column_test];
  for (uint32_t i = 0; i < from->asked.count; i++)
    if (from->asked.items[i].mask == mask) return from->asked.items[i].gate;
  const ColumnGroup *column_group = &b->column_groups.items[from->column_group];
  Gate gate;
  if (column_group->kind == COLUMN_GROUP_NONE) {
    gate = holds(from, 0, mask) ? GATE_YES : GATE_NO;
  } else if (column_group->kind == COLUMN_GROUP_PLANES) {
    gate = planes_literal(b, column_group, from, mask);
  } else {
    gate = lookup_literal(b, from->column_group, column_test, mask);
  }
  LIST_PUSH(&b->built, b->column_tests.items[column_test].asked, ((AskedLiteral){mask, gate}));
  b->literals++;
  return gate;
}

/* ---- Tables of answers, entry by entry ---- */

/* Answers for the entries from `from` on, a byte for every eight planes. False where literals that
 * shared a plane differ. */
static bool extend_column_group(Binder *b, ColumnGroup *column_group, uint32_t from, bool check) {
  const uint32_t count = column_group_codes(b, column_group),
                 groups = (column_group->planes.count + 7) / 8;
  if (count > column_group->capacity) {
    uint32_t capacity = count < 64 ? 64 : 2 * count;
    for (uint32_t g = 0; g < groups; g++) {
      uint8_t *bytes = ARENA_ARRAY(&b->built, uint8_t, capacity);
      if (column_group->bytes[g] != NULL)
        memcpy(bytes, column_group->bytes[g], column_group->capacity);
      column_group->bytes[g] = bytes;
    }
    column_group->capacity = capacity;
  }
  for (uint32_t i = 0; i < column_group->literals.count && check; i++) {
    const Literal *literal = &column_group->literals.items[i];
    for (uint32_t code = from; code < count; code++) {
      bool yes = holds(&b->column_tests.items[literal->column_test], code, literal->mask),
           expected = literal->kind == LITERAL_ALWAYS;
      if (literal->kind == LITERAL_SAME_AS) {
        const Literal *plane = &column_group->planes.items[literal->plane];
        expected = holds(&b->column_tests.items[plane->column_test], code, plane->mask);
      }
      if (yes != expected) return false;
    }
  }
  for (uint32_t p = 0; p < column_group->planes.count; p++) {
    const Literal *plane = &column_group->planes.items[p];
    for (uint32_t code = from; code < count; code++)
      column_group->bytes[p / 8][code] |=
          (uint8_t)(holds(&b->column_tests.items[plane->column_test], code, plane->mask)
                    << (p % 8));
  }
  column_group->covered = count;
  return true;
}

/* New entries of all axes. False: build anew. */
static bool extend(Binder *b) {
  for (uint32_t i = 0; i < b->column_tests.count; i++)
    extend_column_test(b, &b->column_tests.items[i]);
  for (uint32_t i = 0; i < b->column_groups.count; i++) {
    ColumnGroup *column_group = &b->column_groups.items[i];
    if (column_group->kind != COLUMN_GROUP_COLUMN && column_group->kind != COLUMN_GROUP_TUPLES)
      continue;
    if (column_group->covered < column_group_codes(b, column_group) &&
        !extend_column_group(b, column_group, column_group->covered, true))
      return false;
  }
  return true;
}

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
    line_number(b->path, planes, column->bits, words, numbers);
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

/* ---- Building ---- */

/* Per column of planes: the numbers that rows may have. */
static const uint64_t *numbers_of_columns(Binder *b) {
  uint64_t *numbers = ARENA_ARRAY(&b->built, uint64_t, b->table->column_count + 1);
  for (uint32_t i = 0; i < b->table->column_count; i++) {
    const Column *column = &b->table->columns[i];
    if (column->form != CODES_PLANES) continue;
    numbers[i] =
        column->entry_count >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << column->entry_count) - 1;
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
  b->line = program_draw(b->gates, b->inputs.count, outputs, count, &b->built);
  for (uint32_t i = 0; i < b->column_groups.count; i++) {
    ColumnGroup *column_group = &b->column_groups.items[i];
    const uint32_t groups = (column_group->planes.count + 7) / 8;
    column_group->bytes = ARENA_ARRAY(&b->built, uint8_t *, groups + 1);
    if (column_group->kind == COLUMN_GROUP_COLUMN || column_group->kind == COLUMN_GROUP_TUPLES)
      extend_column_group(b, column_group, 0, false);
    column_group->numbers = column_group->kind == COLUMN_GROUP_TUPLES
                                ? ARENA_ARRAY(&b->built, uint32_t, PROGRAM_BLOCK_ROWS)
                                : NULL;
  }
  const uint32_t planes = b->line.input_count + b->line.scratch_count + 2;
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
 * made anew. */
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
  } else if (!extend(b)) {
    build_again(b);
  }
}

bool binder_bind(Binder *b, const BulkTable *table) {
  b->table = table;
  return attempt(b, bind_table, b);
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
static void set_input_pointers(Binder *b) {
  for (uint32_t i = 0; i < b->inputs.count; i++) {
    const InputPlane *input = &b->inputs.items[i];
    const Column *column;
    switch (input->kind) {
      case INPUT_LOOKUP:
        b->input_pointers[i] = (InputPointer){b->own_planes[i], 0, 0};
        break;
      case INPUT_ODD:
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

/* False where tuples were met that the line does not hold for, or so many that the oldest are to be
 * forgotten. */
static bool number_tuples_of_all(Binder *b, uint32_t first, uint32_t rows) {
  bool few = true, more = false;
  for (uint32_t i = 0; i < b->column_groups.count; i++) {
    ColumnGroup *column_group = &b->column_groups.items[i];
    if (column_group->kind != COLUMN_GROUP_TUPLES) continue;
    number_tuples(b, column_group, first, rows);
    few = few && column_group->tuples.met.count <= TUPLES_MOST;
    more = more || column_group->tuples.met.count > column_group->covered;
  }
  return few && (!more || extend(b));
}

/* Tuples not met before may show that two literals differ after all; then everything is built
 * again, with them in mind. */
static void number_all_tuples(Binder *b, uint32_t first, uint32_t rows) {
  while (!number_tuples_of_all(b, first,
                               rows)) { /* what is asked now may ask of further columns together */
    bind_remember_tuples(b, b->column_groups.items, b->column_groups.count);
    build_again(b);
    set_input_pointers(b);
  }
}

/* Tuples of earlier builds, so that they are worked out before literals are compared. */
void bind_remember_tuples(Binder *b, const ColumnGroup *column_groups, uint32_t count) {
  arena_reset(&b->remembered);
  memset(&b->tuples, 0, sizeof b->tuples);
  for (uint32_t i = 0; i < count; i++) {
    if (column_groups[i].kind != COLUMN_GROUP_TUPLES) continue;
    const uint32_t tuples = column_groups[i].tuples.met.count;
    for (uint32_t t = tuples < REMEMBERED_TUPLES_MOST ? 0 : tuples - REMEMBERED_TUPLES_MOST;
         t < tuples; t++) { /* the newest */
      RememberedTuple one = {.column_count = column_groups[i].column_count,
                             .tuple = column_groups[i].tuples.met.items[t]};
      memcpy(one.columns, column_groups[i].columns, sizeof one.columns);
      LIST_PUSH(&b->remembered, b->tuples, one);
    }
  }
}

void bind_recall_tuples(Binder *b, ColumnGroup *column_group) {
  for (uint32_t i = 0; i < b->tuples.count; i++) {
    const RememberedTuple *one = &b->tuples.items[i];
    if (one->column_count == column_group->column_count &&
        memcmp(one->columns, column_group->columns,
               column_group->column_count * sizeof *one->columns) == 0)
      tuples_number(&column_group->tuples, &one->tuple);
  }
}

static uint64_t count_rows(const uint64_t *plane, uint32_t rows) {
  uint64_t sum = 0;
  for (uint32_t w = 0; w < rows / 64; w++) sum += (uint64_t)__builtin_popcountll(plane[w]);
  if (rows % 64 != 0)
    sum += (uint64_t)__builtin_popcountll(plane[rows / 64] & ((UINT64_C(1) << rows % 64) - 1));
  return sum;
}

static void count_sole_unmet(Binder *b, uint32_t rows) {
  const uint32_t first = b->line.output_count - b->sole_unmet.count;
  for (uint32_t i = 0; i < b->sole_unmet.count; i++) {
    const SoleUnmetPlane *plane = &b->sole_unmet.items[i];
    const uint64_t found = count_rows(b->planes[b->line.outputs[first + i]], rows);
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

const SoleUnmetCount *binder_take_counts(Binder *b, uint32_t *count) {
  *count = b->counts.count;
  b->counts.count = 0; /* the items stay until the next run */
  return b->counts.items;
}

static void run_block(Binder *b, uint32_t first, uint32_t rows, uint32_t done,
                      uint16_t *const *verdicts) {
  const uint32_t words = (rows + PROGRAM_PAD_ROWS - 1) / PROGRAM_PAD_ROWS * (PROGRAM_PAD_ROWS / 64);
  number_all_tuples(b, first, rows);
  for (uint32_t i = 0; i < b->column_groups.count; i++)
    if (b->column_groups.items[i].planes.count > 0)
      fill_lookups(b, &b->column_groups.items[i], first, rows, words);
  place_inputs_of_block(b, first / PROGRAM_BLOCK_ROWS);
  program_run(&b->line, b->path, b->planes, b->ahead, words);
  for (uint32_t t = 0, at = 0; t < b->plan->target_count; t++) {
    const uint64_t *bits[8];
    for (uint32_t i = 0; i < b->targets[t].bits; i++) bits[i] = b->planes[b->line.outputs[at++]];
    line_number(b->path, bits, b->targets[t].bits, words, verdicts[t] + done);
  }
  count_sole_unmet(b, rows);
}

typedef struct Run {
  Binder *b;
  uint32_t first, rows;
  uint16_t *const *verdicts;
} Run;

static void run_blocks(void *context) {
  const Run *run = context;
  set_input_pointers(run->b);
  for (uint32_t done = 0; done < run->rows; done += PROGRAM_BLOCK_ROWS) {
    const uint32_t left = run->rows - done;
    run_block(run->b, run->first + done, left < PROGRAM_BLOCK_ROWS ? left : PROGRAM_BLOCK_ROWS,
              done, run->verdicts);
  }
}

bool binder_run(Binder *b, const BulkTable *table, uint32_t first, uint32_t rows,
                uint16_t *const *verdicts) {
  Run run = {b, first, rows, verdicts};
  b->table = table;
  return attempt(b, run_blocks, &run);
}

/* ---- Opening, verdicts ---- */

static void open_kept(void *context) {
  Binder *b = context;
  b->facts = ARENA_ARRAY(&b->kept, Facts, b->plan->library->vocabularies.count + 1);
  b->targets = ARENA_ARRAY(&b->kept, BoundTarget, b->plan->target_count + 1);
  for (uint32_t t = 0; t < b->plan->target_count; t++)
    LIST_PUSH(&b->kept, b->targets[t].verdicts, ((BulkVerdict){.reason = "", .pathway = ""}));
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

const BulkVerdict *binder_verdict(const Binder *b, uint32_t target, uint16_t number) {
  return &b->targets[target].verdicts.items[number];
}

uint16_t bind_verdict(Binder *b, uint32_t target, const BulkVerdict *wanted) {
  BoundTarget *into = &b->targets[target];
  for (uint32_t i = 1; i < into->verdicts.count; i++) {
    const BulkVerdict *there = &into->verdicts.items[i];
    if (there->outcome == wanted->outcome && there->policy == wanted->policy &&
        there->version == wanted->version && strcmp(there->reason, wanted->reason) == 0 &&
        strcmp(there->pathway, wanted->pathway) == 0)
      return (uint16_t)i;
  }
  BulkVerdict kept = *wanted;
  kept.pathway = arena_copy(&b->kept, wanted->pathway, strlen(wanted->pathway));
  LIST_PUSH(&b->kept, into->verdicts, kept);
  return (uint16_t)(into->verdicts.count - 1);
}

typedef struct Numbering {
  Binder *b;
  uint32_t target;
  const BulkVerdict *verdict;
  uint16_t number;
} Numbering;

static void number_verdict(void *context) {
  Numbering *numbering = context;
  numbering->number = bind_verdict(numbering->b, numbering->target, numbering->verdict);
}

uint16_t binder_verdict_number(Binder *b, uint32_t target, const BulkVerdict *verdict) {
  Numbering numbering = {b, target, verdict, 0};
  return arena_attempt(&b->kept, number_verdict, &numbering) ? numbering.number : 0;
}

BinderSize binder_size(const Binder *b) {
  BinderSize size = {b->line.step_count, b->inputs.count, 0, b->literals};
  for (uint32_t i = 0; i < b->column_groups.count; i++)
    size.lookups += b->column_groups.items[i].planes.count;
  return size;
}
