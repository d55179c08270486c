/* values: one value for each case of a fact that the policy tells apart.
 *
 * A fact of choices has few values, and each is bound. A line of values is cut where a variable's
 * cell changes, so the cases between the cuts are equivalence classes, and the values beside a cut
 * are its boundary values (equivalence partitioning and boundary value analysis: Myers 1979).
 *
 * Invariant: two values are the same case exactly when every variable that rests on the fact has
 * the same cells for both. */
#include "suppose/values.h"

#include <string.h>

#include "base/limits.h"
#include "json/writer.h"

static bool rests_on(const CompiledPolicy *compiled, uint32_t v, uint64_t bit) {
  return (compiled->set.variables.items[v]->facts & bit) != 0;
}

/* Every variable's cells that rest on the fact, one after another: two values with the same row are
 * the same case. */
typedef struct Row {
  uint64_t cells[64];
  uint32_t count;
} Row;

static Row row_of(const CompiledPolicy *compiled, const Fact *fact, const Facts *facts) {
  Row row = {.count = 0};
  const uint64_t bit = variables_fact(&compiled->set, fact);
  for (uint32_t v = 0; v < compiled->set.variables.count && row.count < 64; v++) {
    if (!rests_on(compiled, v, bit)) continue;
    const Variable *variable = compiled->set.variables.items[v];
    const uint64_t *not_known =
        variable->fact == NULL ? NULL : compiled->policy->not_known[variable->fact->index];
    row.cells[row.count++] = variable_cells(variable, facts, not_known, ENTRIES_ALL);
  }
  return row;
}

static bool same_row(const Row *a, const Row *b) {
  return memcmp(a->cells, b->cells, a->count * sizeof *a->cells) == 0;
}

/* ---- Lines of values ---- */

typedef struct Line {
  Arena *arena;
  const CompiledPolicy *compiled;
  const Fact *fact;
  Facts *facts;
  Amount low, high, step;
  LIST(int64_t) ends; /* the last value of each case but the last, in steps from low */
} Line;

static void set_at(const Line *line, int64_t n) {
  FactValue *value = &line->facts->values[line->fact->index];
  value->amount = line->low + n * line->step;
  value->date = line->fact->type.kind == TYPE_DATE ? (Date)value->amount : value->date;
}

static Row row_at(const Line *line, int64_t n) {
  set_at(line, n);
  return row_of(line->compiled, line->fact, line->facts);
}

/* Each variable moves one way, so between two values of one row lies no other. */
static void cut_between(Line *line, int64_t first, const Row *at_first, int64_t last,
                        const Row *at_last) {
  if (same_row(at_first, at_last) || line->ends.count >= 2 * LIMIT_CELLS) return;
  if (last - first <= 1) {
    LIST_PUSH(line->arena, line->ends, first);
    return;
  }
  const int64_t middle = first + (last - first) / 2;
  const Row at_middle = row_at(line, middle);
  cut_between(line, first, at_first, middle, &at_middle);
  cut_between(line, middle, &at_middle, last, at_last);
}

static void write_value(Buffer *out, const Fact *fact, Amount amount) {
  if (fact->type.kind == TYPE_DATE) {
    char day[10];
    date_write((Date)amount, day);
    buffer_append(out, day, sizeof day);
  } else {
    quantity_write(out, amount, fact->type.dimension);
  }
}

static Text value_words(Arena *arena, const Fact *fact, Amount amount) {
  Buffer out;
  buffer_open(&out, arena, 32);
  write_value(&out, fact, amount);
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

static Text value_json(Arena *arena, const Fact *fact, Amount amount) {
  Text words = value_words(arena, fact, amount);
  bool number =
      fact->type.kind == TYPE_QUANTITY && dimension_units(fact->type.dimension)[0] == '\0';
  return number ? words : text_of(arena_format(arena, "\"%.*s\"", (int)words.length, words.at));
}

/* Of what a value that is written plainly is a whole multiple. */
static Amount plain_step(const Fact *fact) {
  return fact->type.kind == TYPE_QUANTITY ? dimension_plain_step(fact->type.dimension) : 1;
}

/* The plainest value between two, near the end named: few digits, and not more than a fiftieth
 * away. */
static Amount plainest(const Line *line, Amount from, Amount to, bool near_to) {
  if (line->fact->type.kind == TYPE_DATE) return near_to ? to : from;
  const Amount end = near_to ? to : from;
  const Amount plain = plain_step(line->fact);
  Amount most = plain;
  while (most <= INT64_C(1000000000000000000) / 10) most *= 10;
  for (Amount unit = most; unit > 1 && unit >= plain; unit /= 10) {
    Amount down = end / unit * unit;
    if (end < 0 && down != end) down -= unit;
    const Amount rounded = near_to || down == end ? down : down + unit;
    const Amount away = rounded > end ? rounded - end : end - rounded;
    if (unit < line->step || rounded < from || rounded > to) continue;
    if (away <= (end < 0 ? -end : end) / 50) return rounded;
  }
  return end;
}

enum { DIGITS_MOST = 19 }; /* of an Amount */

/* "28 mcg/day" or, where the end is one step past a plainer value, that value left out: "less than
 * 28 mcg/day". */
static Amount digits_of(Amount amount, Amount plain) {
  Amount digits = amount % plain == 0 ? 0 : DIGITS_MOST;
  if (amount == 0) return 0;
  if (amount % plain == 0) amount /= plain;
  while (amount % 10 == 0) amount /= 10;
  for (; amount != 0; amount /= 10) digits++;
  return digits;
}

static bool is_beside(const Fact *fact, Amount end, Amount beside) {
  const bool measured = fact->type.kind == TYPE_QUANTITY && fact->type.dimension != DIMENSION_COUNT;
  return measured && digits_of(beside, plain_step(fact)) < digits_of(end, plain_step(fact));
}

static void write_bound(Buffer *out, const Fact *fact, const char *inclusive, const char *exclusive,
                        Amount end, Amount beside) {
  const bool leaves_out = is_beside(fact, end, beside);
  buffer_string(out, leaves_out ? exclusive : inclusive);
  write_value(out, fact, leaves_out ? beside : end);
}

Text suppose_range(Arena *arena, const Fact *fact, const Supposed *first, const Supposed *last) {
  Buffer out;
  const bool day = fact->type.kind == TYPE_DATE, has_from = first->has_from, has_to = last->has_to;
  buffer_open(&out, arena, 64);
  if (has_from && has_to && first->from == last->to) {
    write_value(&out, fact, first->from);
  } else {
    if (has_from)
      write_bound(&out, fact, day ? "on or after " : "at least ", "more than ", first->from,
                  first->from - 1);
    if (has_from && has_to) buffer_string(&out, " and ");
    if (has_to)
      write_bound(&out, fact, day ? "on or before " : "at most ", "less than ", last->to,
                  last->to + 1);
    if (!has_from && !has_to) buffer_string(&out, "any");
  }
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

static void add_amount(const Line *line, SupposedList *list, Amount amount, const Supposed *of) {
  FactValue value = line->facts->values[line->fact->index];
  value.amount = amount;
  value.date = line->fact->type.kind == TYPE_DATE ? (Date)amount : value.date;
  for (uint32_t i = 0; i < list->count; i++) {
    if (list->items[i].value.amount == amount) return;
  }
  Supposed supposed = *of;
  supposed.value = value;
  supposed.json = value_json(line->arena, line->fact, amount);
  supposed.words = suppose_range(line->arena, line->fact, of, of);
  LIST_PUSH(line->arena, *list, supposed);
}

static void suppose_line(Arena *arena, const CompiledPolicy *compiled, const Fact *fact,
                         Facts *facts, SupposedList *list) {
  Line line = {.arena = arena, .compiled = compiled, .fact = fact, .facts = facts, .step = 1};
  line.low = date_from_civil(1, 1, 1);
  line.high = date_from_civil(9999, 12, 31);
  if (fact->type.kind == TYPE_QUANTITY) fact_bounds(fact, &line.low, &line.high);
  if (fact->type.kind == TYPE_QUANTITY && fact->type.dimension == DIMENSION_COUNT)
    line.step = AMOUNT_ONE;
  if (line.low < INT64_MIN / 4) line.low = INT64_MIN / 4;
  const int64_t last = (line.high - line.low) / line.step;
  const Row at_first = row_at(&line, 0), at_last = row_at(&line, last);
  cut_between(&line, 0, &at_first, last, &at_last);
  for (uint32_t i = 0; i <= line.ends.count; i++) {
    const bool has_from = i > 0, has_to = i < line.ends.count;
    const Amount from = has_from ? line.low + (line.ends.items[i - 1] + 1) * line.step : line.low;
    const Amount to =
        has_to ? line.low + line.ends.items[i] * line.step : line.low + last * line.step;
    const Supposed of = {
        .is_line = true, .has_from = has_from, .has_to = has_to, .from = from, .to = to};
    if (has_from) add_amount(&line, list, plainest(&line, from, to, false), &of);
    if (has_to) add_amount(&line, list, plainest(&line, from, to, true), &of);
  }
}

/* ---- Other types ---- */

/* That value, or the one before it that the policy takes for the same. */
static Supposed *add_if_new(Arena *arena, const CompiledPolicy *compiled, const Fact *fact,
                            Facts *facts, SupposedList *list, const FactValue *value, Text json,
                            Text words) {
  facts->values[fact->index] = *value;
  const Row row = row_of(compiled, fact, facts);
  for (uint32_t i = 0; i < list->count; i++) {
    facts->values[fact->index] = list->items[i].value;
    const Row other = row_of(compiled, fact, facts);
    if (same_row(&row, &other)) return &list->items[i];
  }
  LIST_PUSH(arena, *list, ((Supposed){.value = *value, .json = json, .words = words}));
  return &list->items[list->count - 1];
}

static Text choice_json(Arena *arena, const Type *type, uint32_t choice) {
  const bool yes_no =
      type->value_count == 2 && text_is(type->values[0], "yes") && text_is(type->values[1], "no");
  if (yes_no) return choice == 0 ? TEXT("true") : TEXT("false");
  return json_quoted(arena, type->values[choice]);
}

/* Every value is told, also where the policy takes two for the same. */
static void suppose_choices(Arena *arena, const Fact *fact, const FactValue *now,
                            SupposedList *list) {
  for (uint32_t i = 0; i < fact->type.value_count; i++) {
    if ((fact->not_known >> i) & 1) continue;
    FactValue value = *now;
    value.choice = i;
    LIST_PUSH(arena, *list,
              ((Supposed){.value = value,
                          .json = choice_json(arena, &fact->type, i),
                          .words = fact->type.values[i]}));
  }
}

static void add_set(Arena *arena, const CompiledPolicy *compiled, const Fact *fact, Facts *facts,
                    SupposedList *list, const FactValue *now, uint64_t members) {
  Buffer out, words;
  JsonWriter json;
  buffer_open(&out, arena, 64);
  buffer_open(&words, arena, 64);
  json_writer_open(&json, &out);
  json_begin_array(&json);
  for (uint32_t i = 0; i < fact->type.value_count; i++) {
    if (!((members >> i) & 1)) continue;
    if (words.length > 0) buffer_string(&words, ", ");
    json_text(&json, fact->type.values[i]);
    buffer_text(&words, fact->type.values[i]);
  }
  json_end_array(&json);
  json_writer_close(&json);
  if (members == 0) buffer_string(&words, "nothing");
  buffer_finish(&out);
  buffer_finish(&words);
  FactValue value = *now;
  value.members = members;
  add_if_new(arena, compiled, fact, facts, list, &value, buffer_contents(&out),
             buffer_contents(&words));
}

/* What is nearest to the set as it is comes first: itself, one member more or less, two, and none
 * at all. */
static void suppose_sets(Arena *arena, const CompiledPolicy *compiled, const Fact *fact,
                         Facts *facts, const FactValue *now, SupposedList *list) {
  const uint32_t count = fact->type.value_count;
  add_set(arena, compiled, fact, facts, list, now, now->members);
  for (uint32_t i = 0; i < count; i++)
    add_set(arena, compiled, fact, facts, list, now, now->members ^ UINT64_C(1) << i);
  add_set(arena, compiled, fact, facts, list, now, 0);
  for (uint32_t i = 0; i < count; i++)
    add_set(arena, compiled, fact, facts, list, now, UINT64_C(1) << i);
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t j = 0; j < i; j++)
      add_set(arena, compiled, fact, facts, list, now,
              now->members ^ UINT64_C(1) << i ^ UINT64_C(1) << j);
  }
}

/* A name that is taken for the same as one before it is told beside it: "bosutinib or nilotinib".
 * Of "another" there are too many.
 */
static void name_too(Arena *arena, const CompiledPolicy *compiled, const Fact *fact, Facts *facts,
                     const SupposedList *list, const FactValue *value, Text name) {
  facts->values[fact->index] = *value;
  const Row row = row_of(compiled, fact, facts);
  for (uint32_t i = 0; i < list->count; i++) {
    Supposed *like = &list->items[i];
    facts->values[fact->index] = like->value;
    const Row other = row_of(compiled, fact, facts);
    if (like->value.is_none || like->value.name == 0 || !same_row(&row, &other)) continue;
    like->words = text_of(arena_format(arena, "%.*s or %.*s", (int)like->words.length,
                                       like->words.at, (int)name.length, name.at));
    return;
  }
}

static void suppose_names(Arena *arena, const CompiledPolicy *compiled, const Fact *fact,
                          Facts *facts, const FactValue *now, SupposedList *list) {
  const Vocabulary *vocabulary = compiled->policy->vocabulary;
  FactValue value = *now;
  value.is_none = false;
  for (uint32_t n = 0; n <= vocabulary->names.count; n++) {
    const Text name = n == 0 ? TEXT("another") : vocabulary->names.items[n - 1];
    value.name = n;
    const uint32_t before = list->count;
    add_if_new(arena, compiled, fact, facts, list, &value, json_quoted(arena, name), name);
    if (list->count == before) name_too(arena, compiled, fact, facts, list, &value, name);
  }
}

enum { CODES_SHOWN = 12 };

static bool is_reported(Text words, Text code) {
  for (uint32_t at = 0; at + code.length <= words.length; at++) {
    const bool ends = at + code.length == words.length || words.at[at + code.length] == ' ';
    if (ends && (at == 0 || words.at[at - 1] == ' ') &&
        memcmp(words.at + at, code.at, code.length) == 0)
      return true;
  }
  return false;
}

/* Does another span begin or end within this one, so that its codes are not all taken for the same?
 */
static bool is_cut_up(const Variable *variable, const CodeSpan *span) {
  for (uint32_t t = 0; t < variable->tests.count; t++) {
    for (uint32_t c = 0; c < variable->tests.items[t]->codes.count; c++) {
      const CodeSpan *other = &variable->tests.items[t]->codes.items[c];
      if (text_compare(other->first, span->first) > 0 &&
          text_compare(other->first, span->last) <= 0)
        return true;
      if (text_compare(other->last, span->first) >= 0 && text_compare(other->last, span->last) < 0)
        return true;
    }
  }
  return false;
}

static Text span_words(Arena *arena, const Variable *variable, const CodeSpan *span) {
  if (!span->is_range || is_cut_up(variable, span)) return span->first;
  return text_of(arena_format(arena, "%.*s to %.*s", (int)span->first.length, span->first.at,
                              (int)span->last.length, span->last.at));
}

/* Codes that are taken for the same as some before are told beside them; of many, that there are
 * more. */
static void code_too(Arena *arena, const CompiledPolicy *compiled, const Fact *fact, Facts *facts,
                     const SupposedList *list, const FactValue *value, Text words) {
  facts->values[fact->index] = *value;
  const Row row = row_of(compiled, fact, facts);
  for (uint32_t i = 0; i < list->count; i++) {
    Supposed *same = &list->items[i];
    facts->values[fact->index] = same->value;
    const Row other = row_of(compiled, fact, facts);
    if (same->value.is_none || !same_row(&row, &other)) continue;
    if (is_reported(same->words, words)) return;
    if (same->like.count > CODES_SHOWN) return;
    LIST_PUSH(arena, same->like, 0);
    if (same->like.count > CODES_SHOWN) words = TEXT("others");
    same->words = text_of(arena_format(arena, "%.*s or %.*s", (int)same->words.length,
                                       same->words.at, (int)words.length, words.at));
    return;
  }
}

static void suppose_codes(Arena *arena, const CompiledPolicy *compiled, const Fact *fact,
                          Facts *facts, const FactValue *now, SupposedList *list) {
  FactValue value = *now;
  value.is_none = false;
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    const Variable *variable = compiled->set.variables.items[v];
    if (variable->fact != fact) continue;
    for (uint32_t t = 0; t < variable->tests.count; t++) {
      for (uint32_t c = 0; c < variable->tests.items[t]->codes.count; c++) {
        const CodeSpan *span = &variable->tests.items[t]->codes.items[c];
        const uint32_t before = list->count;
        const Text words = span_words(arena, variable, span);
        value.code = span->first;
        add_if_new(arena, compiled, fact, facts, list, &value, json_quoted(arena, value.code),
                   words);
        if (list->count == before) code_too(arena, compiled, fact, facts, list, &value, words);
      }
    }
  }
}

/* Months and days cannot be stated in one length, so they are days from the start on. */
static Span stated_length(const Facts *facts, Span length) {
  const Date start = facts->values[FACT_START].date;
  if (length.months == 0 || length.days == 0) return length;
  return (Span){0, date_add(start, length) - start};
}

static void suppose_lengths(Arena *arena, const CompiledPolicy *compiled, const Fact *fact,
                            Facts *facts, const FactValue *now, SupposedList *list) {
  FactValue value = *now;
  value.is_none = false;
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    const Variable *variable = compiled->set.variables.items[v];
    if (variable->kind != VARIABLE_LENGTH || variable->fact != fact) continue;
    for (uint32_t t = 0; t < variable->thresholds.count; t++) {
      const Span reached = variable->thresholds.items[t].span;
      const Span one_less = reached.months > 0 && reached.days > 0 ? (Span){reached.months, 0}
                            : reached.months > 1
                                ? (Span){reached.months - 1, 0}
                                : (Span){0, reached.days > 1 ? reached.days - 1 : 1};
      for (int side = 0; side < 2; side++) {
        Buffer words;
        value.span = side == 0 ? one_less : stated_length(facts, reached);
        buffer_open(&words, arena, 32);
        span_write(&words, value.span);
        const Text text = {words.at, (uint32_t)words.length};
        add_if_new(arena, compiled, fact, facts, list, &value, json_quoted(arena, text), text);
      }
    }
  }
}

/* ---- Lists: the entries there are, and one more ---- */

static bool mentions(const Condition *condition, const Field *field) {
  if (condition->field == field) return true;
  for (uint32_t i = 0; i < condition->operands.count; i++) {
    if (mentions(condition->operands.items[i], field)) return true;
  }
  return false;
}

static bool policy_mentions(const CompiledPolicy *compiled, const Fact *list, const Field *field) {
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    const Variable *variable = compiled->set.variables.items[v];
    if (variable->fact != list || variable->kind != VARIABLE_PATTERN) continue;
    for (uint32_t t = 0; t < variable->tests.count; t++) {
      if (mentions(variable->tests.items[t]->operands.items[0], field)) return true;
    }
  }
  return false;
}

static void write_entry(JsonWriter *json, Buffer *words, Arena *arena, const Vocabulary *vocabulary,
                        const Fact *list, const Entry *entry) {
  json_begin_object(json);
  for (uint32_t f = 0; f < list->field_count; f++) {
    const Field *field = &list->fields[f];
    if (!entry->fields[f].known) continue;
    Text value = TEXT("another"), quoted;
    if (field->type.kind == TYPE_NAME && entry->fields[f].name > 0)
      value = vocabulary->names.items[entry->fields[f].name - 1];
    if (field->type.kind == TYPE_ENUMERATION) value = field->type.values[entry->fields[f].choice];
    quoted = field->type.kind == TYPE_ENUMERATION
                 ? choice_json(arena, &field->type, entry->fields[f].choice)
                 : json_quoted(arena, value);
    json_key_text(json, field->name);
    json_raw(json, quoted);
    buffer_string(words, words->length == 0 ? "with one more entry: " : ", ");
    buffer_text(words, field->name);
    buffer_character(words, ' ');
    buffer_text(words, value);
  }
  json_end_object(json);
}

static void add_longer(Arena *arena, const CompiledPolicy *compiled, const Fact *list, Facts *facts,
                       const FactValue *now, SupposedList *into, const Entry *more,
                       uint32_t choice) {
  Buffer out, words;
  JsonWriter json;
  FactValue value = *now;
  value.entries = ARENA_ARRAY(arena, Entry, now->entry_count + 1);
  if (now->entry_count > 0)
    memcpy(value.entries, now->entries, now->entry_count * sizeof *now->entries);
  Entry *entry = &value.entries[now->entry_count];
  entry->fields = ARENA_ARRAY(arena, EntryField, list->field_count);
  memcpy(entry->fields, more->fields, list->field_count * sizeof *more->fields);
  entry->documented = now->documented;
  value.entry_count = now->entry_count + 1;
  buffer_open(&out, arena, 128);
  buffer_open(&words, arena, 64);
  json_writer_open(&json, &out);
  json_begin_array(&json);
  if (now->entry_count > 0) json_raw(&json, (Text){now->raw.at + 1, now->raw.length - 2});
  write_entry(&json, &words, arena, compiled->policy->vocabulary, list, entry);
  json_end_array(&json);
  json_writer_close(&json);
  buffer_finish(&out);
  buffer_finish(&words);
  Supposed *same = add_if_new(arena, compiled, list, facts, into, &value, buffer_contents(&out),
                              buffer_contents(&words));
  LIST_PUSH(arena, same->like, choice);
}

/* The fields that the policy reads, and how many values each has. */
static void entry_fields(const CompiledPolicy *compiled, const Fact *list, EntryGrid *grid) {
  grid->grid = (Grid){.choices = 0};
  for (uint32_t f = 0; f < list->field_count && grid->grid.dimensions < GRID_DIMENSIONS; f++) {
    const Field *field = &list->fields[f];
    const bool is_word = field->type.kind == TYPE_NAME || field->type.kind == TYPE_ENUMERATION;
    if (!is_word || !policy_mentions(compiled, list, field)) continue;
    grid->fields[grid->grid.dimensions] = f;
    grid->grid.sizes[grid->grid.dimensions++] = field->type.kind == TYPE_NAME
                                                    ? compiled->policy->vocabulary->names.count + 1
                                                    : field->type.value_count;
  }
}

bool entry_grid(const CompiledPolicy *compiled, const Fact *list, EntryGrid *grid) {
  entry_fields(compiled, list, grid);
  const Grid sizes = grid->grid;
  grid->grid = grid_open();
  for (uint32_t d = 0; d < sizes.dimensions; d++)
    if (!grid_add(&grid->grid, sizes.sizes[d])) return false;
  return true;
}

/* The values of a choice; false where one of them says that it is not known. */
static bool entry_of(const Fact *list, const EntryGrid *grid, uint32_t choice, Entry *entry) {
  bool real = true;
  for (uint32_t d = 0; d < grid->grid.dimensions; d++) {
    const uint32_t value = choice % grid->grid.sizes[d];
    const Field *field = &list->fields[grid->fields[d]];
    choice /= grid->grid.sizes[d];
    entry->fields[grid->fields[d]] = (EntryField){.known = true, .choice = value, .name = value};
    real = real && (field->type.kind == TYPE_NAME || !((field->not_known >> value) & 1));
  }
  return real;
}

enum { ENTRIES_MAX = 4096 }; /* of more, the first are supposed */

static void suppose_lists(Arena *arena, const CompiledPolicy *compiled, const Fact *list,
                          Facts *facts, const FactValue *now, SupposedList *into) {
  EntryGrid grid;
  uint64_t all = 1;
  Entry entry = {.fields = ARENA_ARRAY(arena, EntryField, list->field_count)};
  LIST_PUSH(arena, *into, ((Supposed){.value = *now, .json = now->raw, .words = TEXT("as it is")}));
  entry_fields(compiled, list, &grid);
  for (uint32_t d = 0; d < grid.grid.dimensions && all < ENTRIES_MAX; d++)
    all *= grid.grid.sizes[d];
  for (uint32_t choice = 0; choice < all && choice < ENTRIES_MAX; choice++)
    if (entry_of(list, &grid, choice, &entry))
      add_longer(arena, compiled, list, facts, now, into, &entry, choice);
}

/* ---- Many in words ---- */

static Text entry_value_words(const Vocabulary *vocabulary, const Field *field, uint32_t value) {
  if (field->type.kind == TYPE_ENUMERATION) return field->type.values[value];
  return value == 0 ? TEXT("another") : vocabulary->names.items[value - 1];
}

/* "outcome refractory or intolerant"; nothing of a field of which any value does. */
static void write_box_field(Buffer *out, const Vocabulary *vocabulary, const Field *field,
                            uint64_t values, uint32_t size, const char *lead) {
  const uint64_t all = bits_all(size);
  const uint64_t known = field->type.kind == TYPE_NAME ? all : all & ~field->not_known;
  bool first = true;
  if ((values & known) == known) return;
  buffer_string(out, lead);
  buffer_text(out, field->name);
  for (uint32_t v = 0; v < size; v++) {
    if (!((values & known) >> v & 1)) continue;
    buffer_string(out, first ? " " : " or ");
    buffer_text(out, entry_value_words(vocabulary, field, v));
    first = false;
  }
}

Text suppose_entries(Arena *arena, const CompiledPolicy *compiled, const Fact *list,
                     const EntryGrid *grid, const bool *in) {
  Box boxes[BOXES_MAX];
  Buffer out;
  bool *wide = ARENA_ARRAY(
      arena, bool,
      grid->grid.choices); /* what says that it is not known may lie in a box, and is not told */
  Entry entry = {.fields = ARENA_ARRAY(arena, EntryField, list->field_count)};
  for (uint32_t c = 0; c < grid->grid.choices; c++)
    wide[c] = in[c] || !entry_of(list, grid, c, &entry);
  const uint32_t count = grid_cover(arena, &grid->grid, wide, boxes);
  if (count > BOXES_MAX) return (Text){0};
  buffer_open(&out, arena, 128);
  for (uint32_t b = 0; b < count; b++) {
    const size_t before = out.length;
    if (!box_has(&grid->grid, &boxes[b], in)) continue;
    buffer_string(&out, out.length == 0 ? "with one more entry" : "; or");
    const size_t led = out.length;
    for (uint32_t d = 0; d < grid->grid.dimensions; d++)
      write_box_field(&out, compiled->policy->vocabulary, &list->fields[grid->fields[d]],
                      boxes[b].values[d], grid->grid.sizes[d],
                      out.length > led ? ", "
                      : before == 0    ? ": "
                                       : " ");
  }
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

static void write_members(Buffer *out, const Fact *set, const Box *box, uint64_t want) {
  bool first = true;
  for (uint32_t m = 0; m < set->type.value_count; m++) {
    if (box->values[m] != want) continue;
    buffer_string(out, first ? "" : want == 1 ? " or " : " and ");
    buffer_text(out, set->type.values[m]);
    first = false;
  }
}

static bool is_open_box(const Fact *set, const Box *box, uint32_t of[4]) {
  for (uint32_t i = 0; i < 4; i++) of[i] = 0;
  for (uint32_t m = 0; m < set->type.value_count; m++) of[box->values[m]]++;
  return of[3] > 0 && of[3] >= of[1];
}

/* Of each member a box has it out (1), in (2), or either way (3): "nothing", "tki alone", "any with
 * tki, without interfant", "tki, with or without interfant". */
static void write_set(Buffer *out, const Fact *set, const Box *box) {
  uint32_t of[4];
  const bool is_open = is_open_box(set, box, of);
  if (is_open) buffer_string(out, of[2] > 0 ? "any with " : "any");
  if (of[2] + of[3] == 0) buffer_string(out, "nothing");
  write_members(out, set, box, 2);
  if (is_open && of[1] > 0)
    buffer_string(out, of[2] > 0 ? ", without " : " without "), write_members(out, set, box, 1);
  if (of[2] > 0 && of[3] == 0) buffer_string(out, " alone");
  if (is_open || of[3] == 0) return;
  buffer_string(out, of[2] > 0 ? ", with or without " : "at most ");
  write_members(out, set, box, 3);
}

Text suppose_members(Arena *arena, const Fact *set, const bool *in) {
  Box boxes[BOXES_MAX];
  Buffer out;
  Grid grid = grid_open();
  for (uint32_t m = 0; m < set->type.value_count; m++)
    if (!grid_add(&grid, 2)) return (Text){0};
  const uint32_t count = grid_cover(arena, &grid, in, boxes);
  if (count > BOXES_MAX) return (Text){0};
  for (uint32_t b = 0; b < count;
       b++) { /* "nothing; or any with tki", not "at most tki; or any with tki" */
    uint32_t of[4];
    if (is_open_box(set, &boxes[b], of)) continue;
    for (uint32_t m = 0; m < set->type.value_count; m++)
      if (boxes[b].values[m] == 3) grid_drop(&grid, boxes, count, b, m, 1);
  }
  buffer_open(&out, arena, 128);
  for (uint32_t b = 0; b < count; b++) {
    buffer_string(&out, out.length > 0 ? "; or " : "");
    write_set(&out, set, &boxes[b]);
  }
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

/* ---- All of it ---- */

SupposedList suppose_values(Arena *arena, const CompiledPolicy *compiled, const Fact *fact,
                            Facts *facts) {
  SupposedList list = {0};
  FactValue before = facts->values[fact->index], now = before;
  now.known = now.present = true;
  facts->values[fact->index] = now;
  if (fact->type.or_none && fact->type.kind != TYPE_ENUMERATION && fact->type.kind != TYPE_SET) {
    FactValue none = now;
    none.is_none = true;
    LIST_PUSH(arena, list,
              ((Supposed){.value = none, .json = TEXT("\"none\""), .words = TEXT("none")}));
    facts->values[fact->index].is_none = now.is_none = false;
  }
  switch (fact->type.kind) {
    case TYPE_ENUMERATION:
      suppose_choices(arena, fact, &now, &list);
      break;
    case TYPE_SET:
      suppose_sets(arena, compiled, fact, facts, &now, &list);
      break;
    case TYPE_QUANTITY:
    case TYPE_DATE:
      suppose_line(arena, compiled, fact, facts, &list);
      break;
    case TYPE_NAME:
      suppose_names(arena, compiled, fact, facts, &now, &list);
      break;
    case TYPE_CODE:
      suppose_codes(arena, compiled, fact, facts, &now, &list);
      break;
    case TYPE_DURATION:
      suppose_lengths(arena, compiled, fact, facts, &now, &list);
      break;
    case TYPE_LIST:
      suppose_lists(arena, compiled, fact, facts, &now, &list);
      break;
    case TYPE_SERIES:
      break;
  }
  facts->values[fact->index] = before;
  return list;
}
