/* Patterns: facts distinguished by how a set of tests turns out, one cell for each combination that
 * a value can have.
 *
 * Sets, names and codes have one bit per test. A list has a count per test, since its entries add
 * up; from each of its cells it is known where further entries can lead, so that a history that is
 * not complete is a set of cells like any other unknown.
 *
 * Reading order: pattern_cut (when a policy is compiled), pattern_test, pattern_open (for every
 * request).
 */
#include "compile/pattern.h"

#include <assert.h>
#include <string.h>

#include "base/code.h"
#include "base/unreachable.h"

/* The name that stands for all that no test mentions. */
#define NAMES_OTHER 0u

/* ---- Cells of patterns ---- */

static bool add_cell(Variable *variable, uint64_t pattern) {
  for (uint32_t i = 0; i < variable->arity; i++) {
    if (variable->patterns[i] == pattern) return true;
  }
  if (variable->arity == LIMIT_CELLS) return false;
  variable->patterns[variable->arity++] = pattern;
  return true;
}

static bool test_holds(const Condition *test, const FactValue *value) {
  switch (test->kind) {
    case CONDITION_INCLUDES:
      return (value->members & test->mask) == test->mask;
    case CONDITION_SET_IS:
      return value->members == test->mask;
    case CONDITION_NONE:
      return value->is_none;
    case CONDITION_CODE_IN:
      return !value->is_none && code_in(test, value->code);
    case CONDITION_NAME_IN:
      return !value->is_none && name_in(test, value->name);
    case CONDITION_TRUE:
    case CONDITION_FALSE:
    case CONDITION_AND:
    case CONDITION_OR:
    case CONDITION_NOT:
    case CONDITION_ENUM_IN:
    case CONDITION_GIVEN:
    case CONDITION_DOCUMENTED:
    case CONDITION_REACHED:
    case CONDITION_COMPARE:
    case CONDITION_COUNT:
    case CONDITION_MET:
      break; /* of other kinds of variables (variables_collect), or of lists */
  }
  UNREACHABLE();
}

/* One bit per test, for facts other than lists. */
static uint64_t pattern_of(const Variable *variable, const FactValue *value) {
  uint64_t pattern = 0;
  for (uint32_t i = 0; i < variable->tests.count; i++) {
    if (test_holds(variable->tests.items[i], value)) pattern |= UINT64_C(1) << i;
  }
  return pattern;
}

#define SET_ENUMERATED 14

/* Every subset of the members that some test mentions, and one more that stands for all the others.
 */
static bool cut_set(Variable *variable) {
  uint64_t mentioned = 0;
  for (uint32_t i = 0; i < variable->tests.count; i++) mentioned |= variable->tests.items[i]->mask;
  uint32_t members[64], count = 0;
  bool other = false;
  for (uint32_t v = 0; v < variable->fact->type.value_count; v++) {
    if ((mentioned >> v) & 1) {
      members[count++] = v;
    } else if (!other) {
      other = true;
      members[count++] = v;
    }
  }
  if (count > SET_ENUMERATED) return false;
  for (uint32_t subset = 0; subset < (1u << count); subset++) {
    FactValue value = {.known = true};
    for (uint32_t m = 0; m < count; m++) {
      if ((subset >> m) & 1) value.members |= UINT64_C(1) << members[m];
    }
    if (!add_cell(variable, pattern_of(variable, &value))) return false;
  }
  return true;
}

static bool cut_names(Variable *variable) {
  bool fits = true;
  FactValue value = {.known = true, .name = NAMES_OTHER};
  fits = add_cell(variable, pattern_of(variable, &value));
  for (uint32_t i = 0; i < variable->tests.count; i++) {
    for (uint32_t n = 0; n < variable->tests.items[i]->names.count; n++) {
      value.name = variable->tests.items[i]->names.items[n];
      fits = fits && add_cell(variable, pattern_of(variable, &value));
    }
  }
  if (variable->fact->type.or_none)
    fits = fits &&
           add_cell(variable, pattern_of(variable, &(FactValue){.known = true, .is_none = true}));
  return fits;
}

static bool add_code(Variable *variable, Text code) {
  return add_cell(variable, pattern_of(variable, &(FactValue){.known = true, .code = code}));
}

static void note_code(CodeList *codes, Arena *arena, Text code) {
  if (code.length > 0) LIST_PUSH(arena, *codes, code);
}

/* What a code is in changes, along the codes of its system in order, only where a range or a code
 * begins and right behind where it ends; so these codes and the first one meet every pattern, and
 * each of them is a code that a request can state. */
void pattern_codes(const Variable *variable, Arena *arena, CodeList *codes) {
  const Text system = variable->fact->type.system;
  note_code(codes, arena, code_first(arena, system));
  for (uint32_t i = 0; i < variable->tests.count; i++) {
    const Condition *test = variable->tests.items[i];
    for (uint32_t r = 0; r < test->codes.count; r++) {
      const CodeSpan *span = &test->codes.items[r];
      note_code(codes, arena, span->first);
      note_code(codes, arena, code_after(arena, system, span->last));
      Text child = text_of(arena_format(arena, "%.*s0", TEXT_ARGS(span->last)));
      if (!span->is_range && code_normal(arena, system, child, &child))
        note_code(codes, arena, child);
    }
  }
}

static bool cut_codes(Variable *variable, Arena *arena) {
  uint32_t listed = 0;
  for (uint32_t i = 0; i < variable->tests.count; i++)
    listed += variable->tests.items[i]->codes.count;
  if (listed > LIMIT_NAMES) return false; /* each is held against all */
  CodeList codes = {0};
  pattern_codes(variable, arena, &codes);
  bool fits = true;
  for (uint32_t i = 0; fits && i < codes.count; i++) fits = add_code(variable, codes.items[i]);
  if (variable->fact->type.or_none)
    fits = fits &&
           add_cell(variable, pattern_of(variable, &(FactValue){.known = true, .is_none = true}));
  return fits;
}

/* ---- Cells of lists ---- */

/* A list's pattern holds four bits of count per test, each counted no further than some condition
 * asks. */
static uint64_t add_entry(const Variable *variable, uint64_t pattern, uint64_t entry) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < variable->tests.count; i++) {
    uint64_t count = ((pattern >> (4 * i)) & 15) + ((entry >> (4 * i)) & 15);
    if (count > variable->caps[i]) count = variable->caps[i];
    sum |= count << (4 * i);
  }
  return sum;
}

/* What one entry adds to a list's pattern: a count of one for each test it passes. */
static uint64_t entry_pattern(const Variable *variable, const Entry *entry) {
  uint64_t pattern = 0;
  for (uint32_t i = 0; i < variable->tests.count; i++) {
    if (evaluate_entry(variable->tests.items[i]->operands.items[0], entry) == TRUTH_YES)
      pattern |= UINT64_C(1) << (4 * i);
  }
  return pattern;
}

static bool mentions_field(const Condition *condition, const Field *field) {
  if (condition->field == field) return true;
  for (uint32_t i = 0; i < condition->operands.count; i++) {
    if (mentions_field(condition->operands.items[i], field)) return true;
  }
  return false;
}

static bool variable_mentions(const Variable *variable, const Field *field) {
  for (uint32_t i = 0; i < variable->tests.count; i++) {
    if (mentions_field(variable->tests.items[i]->operands.items[0], field)) return true;
  }
  return false;
}

/* Every entry that agrees with what is known of one. The fields that some test mentions and that
 * are not known turn like an odometer; nothing is allocated, since every request comes this way. */
typedef struct Completions {
  const Variable *variable;
  Entry entry;
  EntryField fields[LIMIT_FIELDS];
  uint32_t open[LIMIT_FIELDS], at[LIMIT_FIELDS];
  uint32_t count; /* of open fields */
} Completions;

/* A name: every other first, then those that some test mentions. */
static uint32_t field_cases(const Variable *variable, const Field *field) {
  return field->type.kind == TYPE_NAME ? variable->names.count + 1 : field->type.value_count;
}

/* `entry` NULL: nothing is known of it. `not_known`: what further values the policy takes as not
 * known, by field, or NULL. */
static void completions_open(Completions *c, const Variable *variable, const Entry *entry,
                             const uint64_t *not_known) {
  const Fact *list = variable->fact;
  *c = (Completions){.variable = variable};
  c->entry.fields = c->fields;
  for (uint32_t f = 0; f < list->field_count; f++) {
    EntryField *field = &c->fields[f];
    if (entry != NULL) *field = entry->fields[f];
    bool enumeration = list->fields[f].type.kind == TYPE_ENUMERATION;
    if (not_known != NULL && enumeration && field->known && ((not_known[f] >> field->choice) & 1))
      field->known = false;
    if (!field->known && variable_mentions(variable, &list->fields[f])) c->open[c->count++] = f;
  }
}

/* Writes the case at hand into the entry; false where it is none, as a value stands for "not
 * known". */
static bool completions_write(Completions *c) {
  bool real = true;
  for (uint32_t i = 0; i < c->count; i++) {
    const Field *field = &c->variable->fact->fields[c->open[i]];
    uint32_t at = c->at[i];
    EntryField *value = &c->fields[c->open[i]];
    value->known = true;
    value->choice = at;
    value->name =
        field->type.kind != TYPE_NAME || at == 0 ? NAMES_OTHER : c->variable->names.items[at - 1];
    if (field->type.kind == TYPE_ENUMERATION && ((field->not_known >> at) & 1)) real = false;
  }
  return real;
}

/* Goes on to the next case; false after the last. */
static bool completions_turn(Completions *c) {
  for (uint32_t i = 0; i < c->count; i++) {
    if (++c->at[i] < field_cases(c->variable, &c->variable->fact->fields[c->open[i]])) return true;
    c->at[i] = 0;
  }
  return false;
}

static bool completions_are_few(const Completions *c) {
  uint64_t cases = 1;
  for (uint32_t i = 0; i < c->count && cases <= LIMIT_ENTRY_CASES; i++)
    cases *= field_cases(c->variable, &c->variable->fact->fields[c->open[i]]);
  return cases <= LIMIT_ENTRY_CASES;
}

static void note_names(Variable *variable, const Condition *condition, Arena *arena) {
  for (uint32_t n = 0; n < condition->names.count; n++) {
    bool there = false;
    for (uint32_t i = 0; i < variable->names.count && !there; i++)
      there = variable->names.items[i] == condition->names.items[n];
    if (!there && variable->names.count <= LIMIT_ENTRY_CASES)
      LIST_PUSH(arena, variable->names, condition->names.items[n]);
  }
  for (uint32_t i = 0; i < condition->operands.count; i++)
    note_names(variable, condition->operands.items[i], arena);
}

static void note_entry(Variable *variable, uint64_t pattern, Arena *arena) {
  for (uint32_t i = 0; i < variable->entries.count; i++) {
    if (variable->entries.items[i] == pattern) return;
  }
  LIST_PUSH(arena, variable->entries, pattern);
}

/* What single entries can add. False where they are too many to go through. */
static bool find_entries(Variable *variable, Arena *arena) {
  Completions c;
  for (uint32_t i = 0; i < variable->tests.count; i++)
    note_names(variable, variable->tests.items[i]->operands.items[0], arena);
  completions_open(&c, variable, NULL, NULL);
  if (!completions_are_few(&c)) return false;
  do {
    if (completions_write(&c)) note_entry(variable, entry_pattern(variable, &c.entry), arena);
  } while (completions_turn(&c));
  return true;
}

/* From each cell, where further entries can lead. */
static void find_reachable(Variable *variable, Arena *arena) {
  variable->reachable = ARENA_ARRAY(arena, uint64_t, variable->arity);
  for (uint32_t cell = 0; cell < variable->arity; cell++)
    variable->reachable[cell] = UINT64_C(1) << cell;
  for (bool grew = true; grew;) {
    grew = false;
    for (uint32_t cell = 0; cell < variable->arity; cell++) {
      uint64_t reach = variable->reachable[cell];
      for (uint32_t i = 0; i < variable->entries.count; i++) {
        uint64_t next = add_entry(variable, variable->patterns[cell], variable->entries.items[i]);
        for (uint32_t to = 0; to < variable->arity; to++) {
          if (variable->patterns[to] == next) reach |= variable->reachable[to];
        }
      }
      grew = grew || reach != variable->reachable[cell];
      variable->reachable[cell] = reach;
    }
  }
}

static bool cut_list(Variable *variable, Arena *arena) {
  if (variable->tests.count > 16 || !find_entries(variable, arena)) return false;
  bool fits = add_cell(variable, 0);
  for (uint32_t cell = 0; fits && cell < variable->arity;
       cell++) { /* arity grows as sums are found */
    for (uint32_t i = 0; fits && i < variable->entries.count; i++) {
      fits = add_cell(variable,
                      add_entry(variable, variable->patterns[cell], variable->entries.items[i]));
    }
  }
  if (fits) find_reachable(variable, arena);
  return fits;
}

/* ---- For collect.c, cut.c and cells.c ---- */

static bool find_cells(Variable *variable, Arena *arena) {
  if (variable->fact->type.kind != TYPE_LIST && variable->tests.count > 64) return false;
  switch (variable->fact->type.kind) {
    case TYPE_SET:
      return cut_set(variable);
    case TYPE_NAME:
      return cut_names(variable);
    case TYPE_CODE:
      return cut_codes(variable, arena);
    case TYPE_LIST:
      return cut_list(variable, arena);
    case TYPE_ENUMERATION:
    case TYPE_QUANTITY:
    case TYPE_DATE:
    case TYPE_DURATION:
    case TYPE_SERIES:
      break; /* their tests make other kinds of variables (variables_collect) */
  }
  UNREACHABLE();
}

bool pattern_cut(VariableSet *set, Variable *variable) {
  uint64_t patterns[LIMIT_CELLS];
  variable->patterns = patterns;
  const bool fits = find_cells(variable, set->arena);
  variable->patterns = ARENA_ARRAY(set->arena, uint64_t, variable->arity);
  memcpy(variable->patterns, patterns, variable->arity * sizeof *patterns);
  return fits;
}

uint64_t pattern_test(const Variable *variable, const Condition *test) {
  uint64_t cells = 0;
  bool is_list = test->kind == CONDITION_COUNT;
  for (uint32_t i = 0; i < variable->tests.count; i++) {
    if (!same_pattern(variable->tests.items[i], test)) continue;
    for (uint32_t cell = 0; cell < variable->arity; cell++) {
      uint64_t result = is_list ? (variable->patterns[cell] >> (4 * i)) & 15
                                : (variable->patterns[cell] >> i) & 1;
      if (result >= (is_list ? test->count : 1)) cells |= UINT64_C(1) << cell;
    }
    break;
  }
  return cells;
}

/* ---- From facts to cells ---- */

static uint64_t cell_of_pattern(const Variable *variable, uint64_t pattern) {
  for (uint32_t cell = 0; cell < variable->arity; cell++) {
    if (variable->patterns[cell] == pattern) return cells_one(cell);
  }
  return variable->cells; /* cannot be: cells cover every pattern a value can have */
}

static uint64_t mask_after(const Variable *variable, uint64_t cells, uint64_t entry) {
  uint64_t after = 0;
  for (uint32_t cell = 0; cell < variable->arity; cell++) {
    if ((cells >> cell) & 1)
      after |= cell_of_pattern(variable, add_entry(variable, variable->patterns[cell], entry));
  }
  return after;
}

/* What an entry can add, its unknown fields taking every value: going through them is most of the
 * work of a long history, so entries that say the same are gone through once. */
typedef struct EntryPatterns {
  const Entry *entry; /* NULL: none yet */
  uint64_t patterns[LIMIT_CELLS];
  uint32_t count;
} EntryPatterns;

enum { ENTRIES_REMEMBERED = 16 };

static bool same_field(const EntryField *a, const EntryField *b) {
  if (a->known != b->known) return false;
  return !a->known || (a->choice == b->choice && a->name == b->name && a->date == b->date &&
                       a->amount == b->amount);
}

static bool same_entry(const Entry *a, const Entry *b, uint32_t fields) {
  for (uint32_t i = 0; i < fields; i++) {
    if (!same_field(&a->fields[i], &b->fields[i])) return false;
  }
  return true;
}

static void find_entry_patterns(const Variable *variable, const Entry *entry,
                                const uint64_t *not_known, EntryPatterns *found) {
  Completions c;
  completions_open(&c, variable, entry, not_known);
  found->entry = entry;
  found->count = 0;
  do {
    if (!completions_write(&c)) continue;
    const uint64_t pattern = entry_pattern(variable, &c.entry);
    bool known = false;
    for (uint32_t i = 0; i < found->count && !known; i++) known = found->patterns[i] == pattern;
    if (known) continue;
    assert(found->count < LIMIT_CELLS); /* each leads from no entry to a cell of its own */
    found->patterns[found->count++] = pattern;
  } while (completions_turn(&c));
}

/* The place of an entry follows from what it says, so one that says the same is found there. */
static const EntryPatterns *entry_patterns(const Variable *variable, const Entry *entry,
                                           const uint64_t *not_known, EntryPatterns *remembered) {
  const uint32_t fields = variable->fact->field_count;
  uint32_t place = 0;
  for (uint32_t i = 0; i < fields; i++) {
    const EntryField *field = &entry->fields[i];
    place =
        31 * place + (field->known ? 1 + field->choice + field->name + (uint32_t)field->date : 0);
  }
  EntryPatterns *found = &remembered[place % ENTRIES_REMEMBERED];
  if (found->entry == NULL || !same_entry(found->entry, entry, fields))
    find_entry_patterns(variable, entry, not_known, found);
  return found;
}

/* The cells an entry can lead to from `cells`. */
static uint64_t cells_after(const Variable *variable, uint64_t cells,
                            const EntryPatterns *patterns) {
  uint64_t after = 0;
  for (uint32_t i = 0; i < patterns->count; i++)
    after |= mask_after(variable, cells, patterns->patterns[i]);
  return after;
}

static uint64_t list_open(const Variable *variable, const Facts *facts, const uint64_t *not_known,
                          EntryUse use) {
  const FactValue *list = &facts->values[variable->fact->index];
  uint64_t cells = cells_one(0); /* cell 0: no entry */
  EntryPatterns remembered[ENTRIES_REMEMBERED];
  for (uint32_t i = 0; i < ENTRIES_REMEMBERED; i++) remembered[i].entry = NULL;
  bool undocumented = use == ENTRIES_DOCUMENTED && !list->documented;
  bool complete = list->complete &&
                  !(undocumented &&
                    list->entry_count == 0); /* that there was nothing requires a document too */
  for (uint32_t i = 0; i < list->entry_count; i++) {
    const Entry *entry = &list->entries[i];
    if (undocumented && !entry->documented) {
      complete = false;
    } else {
      cells = cells_after(variable, cells, entry_patterns(variable, entry, not_known, remembered));
    }
  }
  if (complete) return cells;
  uint64_t open = 0;
  for (uint32_t cell = 0; cell < variable->arity; cell++) {
    if ((cells >> cell) & 1) open |= variable->reachable[cell];
  }
  return open;
}

uint64_t pattern_open(const Variable *variable, const Facts *facts, const uint64_t *not_known,
                      EntryUse use) {
  const FactValue *value = &facts->values[variable->fact->index];
  if (!value->known) return variable->cells;
  if (variable->fact->type.kind == TYPE_LIST) return list_open(variable, facts, not_known, use);
  return cell_of_pattern(variable, pattern_of(variable, value));
}
