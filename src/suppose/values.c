/* values: one value for each case of a fact that the policy distinguishes.
 *
 * The cases are equivalence classes (equivalence partitioning: Myers 1979), distinguished by the
 * cells of the variables that read the fact. Here are the types with few values: choices, names,
 * codes and lengths; line.c has quantities and dates, sets.c sets, entries.c lists.
 *
 * Invariant: two values are the same case exactly when every variable that reads the fact has the
 * same cells for both. Of one case one value is listed; of choices each, and of a line of values
 * each boundary. */
#include "suppose/supposing.h"

#include <assert.h>
#include <string.h>

#include "json/writer.h"

/* ---- Rows ---- */

Row row_here(const Supposing *supposing) {
  const CompiledPolicy *compiled = supposing->compiled;
  uint64_t *row = ARENA_ARRAY(supposing->arena, uint64_t, supposing->variables.count + 1);
  for (uint32_t i = 0; i < supposing->variables.count; i++) {
    const Variable *variable = compiled->set.variables.items[supposing->variables.items[i]];
    const uint64_t *not_known =
        variable->fact == NULL ? NULL : compiled->policy->not_known[variable->fact->index];
    row[i] = variable_cells(variable, supposing->facts, not_known, ENTRIES_ALL);
  }
  return row;
}

bool same_row(const Supposing *supposing, Row a, Row b) {
  return memcmp(a, b, supposing->variables.count * sizeof *a) == 0;
}

static void push(Supposing *supposing, Supposed value, Row row) {
  assert(supposing->rows.count == supposing->list.count);
  LIST_PUSH(supposing->arena, supposing->list, value);
  LIST_PUSH(supposing->arena, supposing->rows, row);
}

static Row row_of(Supposing *supposing, const FactValue *value) {
  supposing->facts->values[supposing->fact->index] = *value;
  return row_here(supposing);
}

void suppose_always(Supposing *supposing, Supposed value) {
  push(supposing, value, row_of(supposing, &value.value));
}

Novelty suppose_if_new(Supposing *supposing, Supposed value, Supposed **out) {
  const Row row = row_of(supposing, &value.value);
  for (uint32_t i = 0; i < supposing->list.count; i++) {
    *out = &supposing->list.items[i];
    if (same_row(supposing, row, supposing->rows.items[i])) return SUPPOSED_BEFORE;
  }
  push(supposing, value, row);
  *out = &supposing->list.items[supposing->list.count - 1];
  return SUPPOSED_NEW;
}

/* ---- Types with few values ---- */

Text choice_json(Arena *arena, const Type *type, uint32_t choice) {
  const bool yes_no =
      type->value_count == 2 && text_is(type->values[0], "yes") && text_is(type->values[1], "no");
  if (yes_no) return choice == 0 ? TEXT("true") : TEXT("false");
  return json_quoted(arena, type->values[choice]);
}

/* Every value is listed, also where the policy takes two for the same. */
static void suppose_choices(Supposing *supposing) {
  const Fact *fact = supposing->fact;
  for (uint32_t i = 0; i < fact->type.value_count; i++) {
    if ((fact->not_known >> i) & 1) continue;
    Supposed choice = {.value = supposing->now,
                       .json = choice_json(supposing->arena, &fact->type, i),
                       .words = fact->type.values[i]};
    choice.value.choice = i;
    LIST_PUSH(supposing->arena, supposing->list, choice);
  }
}

/* A name that is taken for the same as one before it is said beside it: "bosutinib or nilotinib".
 * Of "another" there are too many. */
static void suppose_names(Supposing *supposing) {
  const Vocabulary *vocabulary = supposing->compiled->policy->vocabulary;
  for (uint32_t n = 0; n <= vocabulary->names.count; n++) {
    const Text text = n == 0 ? TEXT("another") : vocabulary->names.items[n - 1];
    Supposed name = {.value = supposing->now,
                     .json = json_quoted(supposing->arena, text),
                     .words = text},
             *same;
    name.value.is_none = false;
    name.value.name = n;
    if (suppose_if_new(supposing, name, &same) == SUPPOSED_NEW || same->value.is_none ||
        same->value.name == 0)
      continue;
    same->words = text_of(arena_format(supposing->arena, "%.*s or %.*s", (int)same->words.length,
                                       same->words.at, (int)text.length, text.at));
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

/* Codes that are taken for the same as some before are said beside them; of many, that there are
 * more. */
static void say_code_too(Arena *arena, Supposed *same, Text words) {
  if (same->value.is_none || is_reported(same->words, words) || same->like.count > CODES_SHOWN)
    return;
  LIST_PUSH(arena, same->like, 0);
  if (same->like.count > CODES_SHOWN) words = TEXT("others");
  same->words = text_of(arena_format(arena, "%.*s or %.*s", (int)same->words.length, same->words.at,
                                     (int)words.length, words.at));
}

static void suppose_codes_of(Supposing *supposing, const Variable *variable) {
  for (uint32_t t = 0; t < variable->tests.count; t++) {
    for (uint32_t c = 0; c < variable->tests.items[t]->codes.count; c++) {
      const CodeSpan *span = &variable->tests.items[t]->codes.items[c];
      Supposed code = {.value = supposing->now,
                       .json = json_quoted(supposing->arena, span->first),
                       .words = span_words(supposing->arena, variable, span)},
               *same;
      code.value.is_none = false;
      code.value.code = span->first;
      if (suppose_if_new(supposing, code, &same) == SUPPOSED_BEFORE)
        say_code_too(supposing->arena, same, code.words);
    }
  }
}

static void suppose_codes(Supposing *supposing) {
  for (uint32_t v = 0; v < supposing->compiled->set.variables.count; v++) {
    const Variable *variable = supposing->compiled->set.variables.items[v];
    if (variable->fact == supposing->fact) suppose_codes_of(supposing, variable);
  }
}

/* Months and days cannot be stated in one length, so they are days from the start on. */
static Span stated_length(const Facts *facts, Span length) {
  const Date start = facts->values[FACT_START].date;
  if (length.months == 0 || length.days == 0) return length;
  return (Span){0, date_add(start, length) - start};
}

/* A little less than what is reached, in whole units. */
static Span one_less(Span reached) {
  if (reached.months > 0 && reached.days > 0) return (Span){reached.months, 0};
  if (reached.months > 1) return (Span){reached.months - 1, 0};
  return (Span){0, reached.days > 1 ? reached.days - 1 : 1};
}

static void suppose_length(Supposing *supposing, Span span) {
  Buffer words;
  Supposed length = {.value = supposing->now}, *same;
  length.value.is_none = false;
  length.value.span = span;
  buffer_open(&words, supposing->arena, 32);
  span_write(&words, span);
  length.words = buffer_contents(&words);
  length.json = json_quoted(supposing->arena, length.words);
  suppose_if_new(supposing, length, &same);
}

/* Both sides of each length that the policy compares with. */
static void suppose_lengths(Supposing *supposing) {
  for (uint32_t v = 0; v < supposing->compiled->set.variables.count; v++) {
    const Variable *variable = supposing->compiled->set.variables.items[v];
    if (variable->kind != VARIABLE_LENGTH || variable->fact != supposing->fact) continue;
    for (uint32_t t = 0; t < variable->thresholds.count; t++) {
      const Span reached = variable->thresholds.items[t].span;
      suppose_length(supposing, one_less(reached));
      suppose_length(supposing, stated_length(supposing->facts, reached));
    }
  }
}

/* ---- All of it ---- */

static void find_variables(Supposing *supposing) {
  const CompiledPolicy *compiled = supposing->compiled;
  const uint64_t bit = variables_fact(&compiled->set, supposing->fact);
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    if (compiled->set.variables.items[v]->facts & bit)
      LIST_PUSH(supposing->arena, supposing->variables, v);
  }
}

/* Choices and sets have "none" among their own values. */
static void suppose_none(Supposing *supposing) {
  const Type *type = &supposing->fact->type;
  if (!type->or_none || type->kind == TYPE_ENUMERATION || type->kind == TYPE_SET) return;
  Supposed none = {.value = supposing->now, .json = TEXT("\"none\""), .words = TEXT("none")};
  none.value.is_none = true;
  suppose_always(supposing, none);
  supposing->now.is_none = false;
}

SupposedList suppose_values(Arena *arena, const CompiledPolicy *compiled, const Fact *fact,
                            Facts *facts) {
  const FactValue before = facts->values[fact->index];
  Supposing supposing = {
      .arena = arena, .compiled = compiled, .fact = fact, .facts = facts, .now = before};
  supposing.now.known = supposing.now.present = true;
  find_variables(&supposing);
  suppose_none(&supposing);
  facts->values[fact->index] = supposing.now;
  switch (fact->type.kind) {
    case TYPE_ENUMERATION:
      suppose_choices(&supposing);
      break;
    case TYPE_SET:
      suppose_sets(&supposing);
      break;
    case TYPE_QUANTITY:
    case TYPE_DATE:
      suppose_line(&supposing);
      break;
    case TYPE_NAME:
      suppose_names(&supposing);
      break;
    case TYPE_CODE:
      suppose_codes(&supposing);
      break;
    case TYPE_DURATION:
      suppose_lengths(&supposing);
      break;
    case TYPE_LIST:
      suppose_lists(&supposing);
      break;
    case TYPE_SERIES: /* has no values worth supposing: a course over time is not one value */
      break;
  }
  facts->values[fact->index] = before;
  return supposing.list;
}
