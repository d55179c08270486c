/* Patients: candidates for each fact, from ordinary to odd; the first that lie in the cells asked
 * for. */
#include "prove/patient.h"

#include <stdlib.h>
#include <string.h>

enum { CANDIDATES = 600, TRIES = 40000, ENTRY_KINDS = 24 };

typedef LIST(FactValue) ValueList;

typedef struct Search {
  Space *space;
  const uint8_t *cells;
  Facts facts;
  uint32_t tries;
} Search;

static void propose(Search *s, ValueList *list, FactValue value) {
  value.known = value.present = true;
  if (list->count < CANDIDATES) LIST_PUSH(s->space->arena, *list, value);
}

/* ---- Amounts ---- */

/* The number with the fewest digits strictly between two, and there the one nearest to the middle;
 * counted in `plain`, of which an amount that is written plainly is a whole multiple, if that can
 * be. */
static bool round_between(Amount low, Amount high, Amount plain, Amount *value) {
  Amount most = plain;
  while (most <= INT64_C(100000000000000000) / 10) most *= 10;
  for (Amount step = most; step > 0; step = step >= 10 * plain ? step / 10 : step > 1 ? 1 : 0) {
    Amount first = low >= 0 ? (low / step + 1) * step : -((-low - 1) / step) * step;
    if (first <= low || first >= high) continue;
    Amount middle = low + (high - low) / 2, near = first + (middle - first) / step * step;
    *value = near > low && near < high ? near : first;
    return true;
  }
  return false;
}

static void propose_amount(Search *s, ValueList *list, const Fact *fact, Amount amount) {
  Amount low, high;
  fact_bounds(fact, &low, &high);
  if (amount < low || amount > high) return;
  if (fact->type.dimension == DIMENSION_COUNT && amount % AMOUNT_ONE != 0) return;
  propose(s, list, (FactValue){.amount = amount});
}

static void propose_between(Search *s, ValueList *list, const Fact *fact, Amount low, Amount high) {
  Amount value;
  const Amount plain = dimension_plain_step(fact->type.dimension);
  if (low < high && round_between(low, high, plain, &value)) propose_amount(s, list, fact, value);
}

static int by_amount(const void *a, const void *b) {
  Amount x = *(const Amount *)a, y = *(const Amount *)b;
  return (x > y) - (x < y);
}

static void propose_amounts(Search *s, ValueList *list, const Fact *fact) {
  static const struct {
    Dimension dimension;
    Amount amount;
  } ordinary[] = {{DIMENSION_MASS, 70000000 * AMOUNT_ONE},
                  {DIMENSION_MASS, 20000000 * AMOUNT_ONE},
                  {DIMENSION_MASS, 10000000 * AMOUNT_ONE},
                  {DIMENSION_MASS, 40000000 * AMOUNT_ONE},
                  {DIMENSION_LENGTH, 17 * AMOUNT_ONE / 10},
                  {DIMENSION_LENGTH, 11 * AMOUNT_ONE / 10},
                  {DIMENSION_LENGTH, 3 * AMOUNT_ONE / 4},
                  {DIMENSION_LENGTH, 3 * AMOUNT_ONE / 2},
                  {DIMENSION_MASS_PER_TIME, 7 * AMOUNT_ONE / 100},
                  {DIMENSION_MASS_PER_TIME, 7 * 28 * AMOUNT_ONE / 1000}};
  LIST(Amount) cuts = {0};
  Arena *arena = s->space->arena;
  Amount low, high;
  fact_bounds(fact, &low, &high);
  for (size_t i = 0; i < sizeof ordinary / sizeof *ordinary; i++) {
    if (ordinary[i].dimension == fact->type.dimension)
      propose_amount(s, list, fact, ordinary[i].amount);
  }
  for (uint32_t i = 0; i < s->space->set->plain.count; i++) {
    const Variable *variable = s->space->set->plain.items[i];
    if (variable->kind != VARIABLE_ORDERED || variable->fact != fact) continue;
    for (uint32_t t = 0; t < variable->thresholds.count; t++)
      LIST_PUSH(arena, cuts, variable->thresholds.items[t].amount);
  }
  LIST_PUSH(arena, cuts, low < -1000000 * AMOUNT_ONE ? -1000 * AMOUNT_ONE : low);
  LIST_PUSH(arena, cuts, high > 1000000000 * AMOUNT_ONE ? 1000000000 * AMOUNT_ONE : high);
  qsort(cuts.items, cuts.count, sizeof(Amount), by_amount);
  for (uint32_t i = 0; i + 1 < cuts.count; i++) {
    Amount from = cuts.items[i], to = cuts.items[i + 1];
    if (to / 2 > from && from > 0)
      propose_between(s, list, fact, from, 2 * from); /* not far above what is asked */
    propose_between(s, list, fact, from, to);
    if (fact->type.dimension == DIMENSION_COUNT) propose_amount(s, list, fact, from + AMOUNT_ONE);
  }
  for (uint32_t i = 0; i < cuts.count; i++) {
    propose_amount(s, list, fact, cuts.items[i]);
    propose_amount(s, list, fact, cuts.items[i] - 1);
    propose_amount(s, list, fact, cuts.items[i] + 1);
  }
  for (Amount n = low < 0 ? 0 : low;
       fact->type.dimension == DIMENSION_COUNT && n <= 70 * AMOUNT_ONE; n += AMOUNT_ONE)
    propose_amount(s, list, fact, n);
  if (fact->type.or_none) propose(s, list, (FactValue){.is_none = true});
}

/* ---- Dates and lengths ---- */

static Date before(Date day, Span span) { return date_add(day, (Span){-span.months, -span.days}); }

static void propose_date(Search *s, ValueList *list, Date day) {
  if (day == DATE_NONE || day < date_from_civil(1, 1, 1) || day > date_from_civil(9999, 12, 31))
    return;
  propose(s, list, (FactValue){.date = day});
}

/* What lies before the request was received comes first, in the order there is: a patient is born
 * before someone asks. */
static void known_before(const Search *s, ValueList *list) {
  FactValue *later = ARENA_ARRAY(s->space->arena, FactValue, list->count + 1);
  uint32_t first = 0, rest = 0;
  for (uint32_t i = 0; i < list->count; i++) {
    if (list->items[i].is_none || list->items[i].date <= s->space->earliest)
      list->items[first++] = list->items[i];
    else
      later[rest++] = list->items[i];
  }
  memcpy(list->items + first, later, rest * sizeof *later);
}

static void propose_dates(Search *s, ValueList *list, const Fact *fact) {
  static const Span ordinary[] = {
      {40 * 12, 100}, {8 * 12, 100}, {16 * 12, 100}, {24 * 12, 100}, {10 * 12, 60}, {2 * 12, 100},
      {6, 10},        {2, 5},        {60 * 12, 100}, {12, 100},      {0, 100},      {0, 20},
      {0, 10},        {0, 3},        {33 * 12, 100}, {18, 0},        {4 * 12, 100}, {200 * 12, 0}};
  Date start = s->facts.values[FACT_START].date;
  if (fact->type.or_none) propose(s, list, (FactValue){.is_none = true});
  for (size_t i = 0; i < sizeof ordinary / sizeof *ordinary; i++)
    propose_date(s, list, before(start, ordinary[i]));
  for (uint32_t i = 0; i < s->space->set->plain.count; i++) {
    const Variable *variable = s->space->set->plain.items[i];
    bool length = variable->kind == VARIABLE_LENGTH;
    if ((!length && variable->kind != VARIABLE_ORDERED) ||
        !(variable->facts & variables_fact(s->space->set, fact)))
      continue;
    for (uint32_t t = 0; t < variable->thresholds.count; t++) {
      const Threshold *at = &variable->thresholds.items[t];
      Date day = length || variable->anchor != NULL ? before(start, at->span) : (Date)at->amount;
      static const int away[] = {200, 40, 7, 0, 1};
      for (size_t n = 0; n < sizeof away / sizeof *away; n++) {
        propose_date(s, list, day - away[n]);
        propose_date(s, list, day + away[n]);
      }
      if (length && variable->term->kind == TERM_FROM_TO && variable->term->a->fact != fact)
        propose_date(s, list, date_add(start, at->span)); /* a day in the future */
    }
  }
  propose_date(s, list, start);
  propose_date(s, list, start + 1);
  propose_date(s, list, start + 30);
  known_before(s, list);
}

/* A request states a length in months or in days, not in both. */
static void propose_length(Search *s, ValueList *list, Span length) {
  if (length.months == 0 || length.days == 0) propose(s, list, (FactValue){.span = length});
}

static void propose_durations(Search *s, ValueList *list, const Fact *fact) {
  static const Span ordinary[] = {{6, 0},  {3, 0}, {12, 0},  {1, 0}, {0, 14},
                                  {24, 0}, {0, 1}, {0, 200}, {60, 0}};
  for (size_t i = 0; i < sizeof ordinary / sizeof *ordinary; i++)
    propose(s, list, (FactValue){.span = ordinary[i]});
  for (uint32_t i = 0; i < s->space->set->plain.count; i++) {
    const Variable *variable = s->space->set->plain.items[i];
    if (variable->kind != VARIABLE_LENGTH || variable->fact != fact) continue;
    for (uint32_t t = 0; t < variable->thresholds.count; t++) {
      Span at = variable->thresholds.items[t].span;
      propose_length(s, list, at);
      propose_length(s, list, (Span){at.months, at.days + 1});
      propose(s, list, (FactValue){.span = {at.months + 1, 0}});
      propose(s, list, (FactValue){.span = {0, at.months * 31 + at.days}});
      if (at.months > 1) propose(s, list, (FactValue){.span = {at.months - 1, 0}});
      if (at.days > 1) propose_length(s, list, (Span){at.months, at.days - 1});
    }
  }
  if (fact->type.or_none) propose(s, list, (FactValue){.is_none = true});
}

/* ---- Words ---- */

static void propose_sets(Search *s, ValueList *list, const Fact *fact) {
  uint32_t count = fact->type.value_count;
  propose(s, list, (FactValue){0});
  for (uint32_t a = 0; a < count; a++) propose(s, list, (FactValue){.members = UINT64_C(1) << a});
  for (uint32_t a = 0; a < count; a++) {
    for (uint32_t b = a + 1; b < count; b++)
      propose(s, list, (FactValue){.members = UINT64_C(1) << a | UINT64_C(1) << b});
  }
  for (uint32_t i = 0; i < s->space->set->plain.count;
       i++) { /* what the tests name together, with one more and without one */
    const Variable *variable = s->space->set->plain.items[i];
    if (variable->kind != VARIABLE_PATTERN || variable->fact != fact) continue;
    for (uint32_t t = 0; t < variable->tests.count; t++) {
      uint64_t mask = variable->tests.items[t]->mask;
      propose(s, list, (FactValue){.members = mask});
      for (uint32_t a = 0; a < count; a++)
        propose(s, list, (FactValue){.members = mask ^ UINT64_C(1) << a});
    }
  }
  if (count > 9) return;
  for (uint64_t members = 0; members < UINT64_C(1) << count; members++)
    propose(s, list, (FactValue){.members = members});
}

static void propose_names(Search *s, ValueList *list, const Fact *fact) {
  if (fact->type.or_none) propose(s, list, (FactValue){.is_none = true});
  propose(s, list, (FactValue){.name = 0});
  for (uint32_t i = 0; i < s->space->vocabulary->names.count; i++)
    propose(s, list, (FactValue){.name = i + 1});
}

static void propose_codes(Search *s, ValueList *list, const Fact *fact) {
  for (uint32_t i = 0; i < s->space->set->plain.count; i++) {
    const Variable *variable = s->space->set->plain.items[i];
    if (variable->kind != VARIABLE_PATTERN || variable->fact != fact) continue;
    CodeList codes = {0};
    pattern_codes(variable, s->space->arena, &codes);
    for (uint32_t c = 1; c < codes.count; c++)
      propose(s, list, (FactValue){.code = codes.items[c]});
    propose(s, list, (FactValue){.code = codes.items[0]});
  }
  if (fact->type.or_none) propose(s, list, (FactValue){.is_none = true});
}

/* ---- Histories ---- */

static bool reads_field(const Condition *condition, const Field *field) {
  if (condition->field == field) return true;
  for (uint32_t i = 0; i < condition->operands.count; i++) {
    if (reads_field(condition->operands.items[i], field)) return true;
  }
  return false;
}

static bool list_reads(const Variable *variable, const Field *field) {
  for (uint32_t i = 0; i < variable->tests.count; i++) {
    if (reads_field(variable->tests.items[i]->operands.items[0], field)) return true;
  }
  return false;
}

/* What an entry's kind weighs: values that some policy takes as not known, and fields against their
 * default, are odd. */
static uint32_t entry_oddness(const Search *s, const Fact *fact, const Entry *entry) {
  uint32_t odd = 0;
  for (uint32_t f = 0; f < fact->field_count; f++) {
    const Field *field = &fact->fields[f];
    if (!entry->fields[f].known) continue;
    for (uint32_t p = 0; p < s->space->subject_count; p++) {
      const uint64_t *not_known = s->space->subjects[p].policy->not_known[fact->index];
      if (field->type.kind == TYPE_ENUMERATION && not_known != NULL &&
          ((not_known[f] >> entry->fields[f].choice) & 1))
        odd += 10;
    }
    for (uint32_t d = 0; d < field->defaults.count; d++) {
      const FieldDefault *usual = &field->defaults.items[d];
      bool applies = usual->where == NULL || evaluate_entry(usual->where, entry) == TRUTH_YES;
      if (applies && usual->value != entry->fields[f].choice) odd += 20;
      if (!applies && usual->value == entry->fields[f].choice) odd += 1;
    }
  }
  return odd;
}

typedef struct EntryKind {
  Entry entry;
  uint64_t cell;
  uint32_t odd;
} EntryKind;

typedef struct EntrySearch {
  Search *s;
  const Variable *variable;
  EntryKind kinds[ENTRY_KINDS];
  uint32_t count;
  EntryField fields[LIMIT_FIELDS];
} EntrySearch;

static uint64_t list_cell(const Search *s, const Variable *variable, Entry *entries,
                          uint32_t count) {
  FactValue *value = &s->facts.values[variable->fact->index], saved = *value;
  *value = (FactValue){.known = true,
                       .present = true,
                       .complete = true,
                       .documented = true,
                       .entries = entries,
                       .entry_count = count};
  uint64_t cell = variable_cells(variable, &s->facts, NULL, ENTRIES_ALL);
  *value = saved;
  return cell;
}

/* One entry of each kind that the tests tell apart: the least odd. */
static void note_entry(EntrySearch *search) {
  const Fact *fact = search->variable->fact;
  Entry entry = {.fields = search->fields, .documented = true};
  uint64_t cell = list_cell(search->s, search->variable, &entry, 1);
  uint32_t odd = entry_oddness(search->s, fact, &entry), at = 0;
  while (at < search->count && search->kinds[at].cell != cell) at++;
  if (at == ENTRY_KINDS || (at < search->count && search->kinds[at].odd <= odd)) return;
  if (at == search->count) search->count++;
  EntryField *fields = ARENA_ARRAY(search->s->space->arena, EntryField, fact->field_count);
  memcpy(fields, search->fields, fact->field_count * sizeof *fields);
  search->kinds[at] = (EntryKind){{.fields = fields, .documented = true}, cell, odd};
}

static void try_fields(EntrySearch *search, uint32_t f) {
  const Fact *fact = search->variable->fact;
  while (f < fact->field_count && !list_reads(search->variable, &fact->fields[f])) f++;
  if (f == fact->field_count) {
    note_entry(search);
    return;
  }
  const Field *field = &fact->fields[f];
  EntryField *value = &search->fields[f];
  value->known = true;
  uint32_t cases =
      field->type.kind == TYPE_NAME ? search->variable->names.count + 1 : field->type.value_count;
  for (uint32_t n = 0; n < cases; n++) {
    value->choice = n;
    value->name =
        field->type.kind != TYPE_NAME || n == 0 ? 0 : search->variable->names.items[n - 1];
    if (field->type.kind == TYPE_ENUMERATION && ((field->not_known >> n) & 1)) continue;
    try_fields(search, f + 1);
  }
  *value = (EntryField){0};
}

static void propose_list(Search *s, ValueList *list, const EntryKind *const *kinds,
                         uint32_t count) {
  Entry *entries = ARENA_ARRAY(s->space->arena, Entry, count + 1);
  for (uint32_t i = 0; i < count; i++) entries[i] = kinds[i]->entry;
  propose(
      s, list,
      (FactValue){.entries = entries, .entry_count = count, .complete = true, .documented = true});
}

static void propose_lists(Search *s, ValueList *list, const Fact *fact) {
  for (uint32_t i = 0; i < s->space->set->plain.count; i++) {
    const Variable *variable = s->space->set->plain.items[i];
    if (variable->kind != VARIABLE_PATTERN || variable->fact != fact) continue;
    EntrySearch *search = ARENA_NEW(s->space->arena, EntrySearch);
    search->s = s;
    search->variable = variable;
    try_fields(search, 0);
    propose_list(s, list, NULL, 0);
    for (uint32_t a = 0; a < search->count; a++)
      propose_list(s, list, (const EntryKind *[]){&search->kinds[a]}, 1);
    for (uint32_t a = 0; a < search->count; a++) {
      for (uint32_t b = a; b < search->count; b++)
        propose_list(s, list, (const EntryKind *[]){&search->kinds[a], &search->kinds[b]}, 2);
    }
    for (uint32_t a = 0; a < search->count; a++) {
      for (uint32_t b = a; b < search->count; b++)
        propose_list(s, list,
                     (const EntryKind *[]){&search->kinds[a], &search->kinds[a], &search->kinds[b]},
                     3);
    }
  }
  if (list->count == 0) propose_list(s, list, NULL, 0);
}

/* ---- One fact ---- */

static ValueList candidates(Search *s, const Fact *fact) {
  ValueList list = {0};
  switch (fact->type.kind) {
    case TYPE_ENUMERATION:
      for (uint32_t v = 0; v < fact->type.value_count; v++) {
        if (!((fact->not_known >> v) & 1)) propose(s, &list, (FactValue){.choice = v});
      }
      break;
    case TYPE_SET:
      propose_sets(s, &list, fact);
      break;
    case TYPE_QUANTITY:
      propose_amounts(s, &list, fact);
      break;
    case TYPE_DATE:
      propose_dates(s, &list, fact);
      break;
    case TYPE_DURATION:
      propose_durations(s, &list, fact);
      break;
    case TYPE_NAME:
      propose_names(s, &list, fact);
      break;
    case TYPE_CODE:
      propose_codes(s, &list, fact);
      break;
    case TYPE_LIST:
      propose_lists(s, &list, fact);
      break;
    case TYPE_SERIES:
      break; /* a series is not made up: what hangs on one stays without a witness */
  }
  return list;
}

static bool is_single(uint64_t facts) { return (facts & (facts - 1)) == 0; }

static bool fits(const Search *s, uint32_t v) {
  if (s->cells[v] == NO_CELL) return true;
  return variable_cells(s->space->set->variables.items[v], &s->facts, NULL, ENTRIES_ALL) ==
         UINT64_C(1) << s->cells[v];
}

/* What the flags of a fact say: is it to be stated, with a document? */
typedef struct Wish {
  bool read, stated, hidden, documented, bare;
} Wish;

static Wish wish_of(const Search *s, uint64_t bit) {
  Wish wish = {0};
  for (uint32_t v = 0; v < s->space->set->variables.count; v++) {
    const Variable *variable = s->space->set->variables.items[v];
    if (s->cells[v] == NO_CELL || !(variable->facts & bit)) continue;
    wish.read = true;
    if (variable->kind == VARIABLE_GIVEN) *(s->cells[v] == 1 ? &wish.stated : &wish.hidden) = true;
    if (variable->kind == VARIABLE_DOCUMENTED)
      *(s->cells[v] == 1 ? &wish.documented : &wish.bare) = true;
  }
  return wish;
}

static bool fits_alone(const Search *s, uint64_t bit) {
  for (uint32_t v = 0; v < s->space->set->variables.count; v++) {
    const Variable *variable = s->space->set->variables.items[v];
    if (variable->facts == bit && !variable_is_flag(variable) && !fits(s, v)) return false;
  }
  return true;
}

static void document(const Search *s, const Fact *fact, Wish wish, FactValue *value) {
  value->documented = (wish.documented || (s->space->evidence && fact->clinical)) && !wish.bare;
}

typedef LIST(uint32_t) IndexList;

/* Facts that share a test with others, all their values that fit alone. */
typedef struct Together {
  Search *s;
  const Fact **facts;
  ValueList *values;
  Wish *wishes;
  uint32_t count;
} Together;

static bool fits_together(const Search *s) {
  for (uint32_t v = 0; v < s->space->set->variables.count; v++) {
    const Variable *variable = s->space->set->variables.items[v];
    if (!is_single(variable->facts) && !fits(s, v)) return false;
  }
  return true;
}

static bool choose_together(Together *together, uint32_t at) {
  Search *s = together->s;
  if (s->tries++ > TRIES) return false;
  if (at == together->count) return fits_together(s);
  const Fact *fact = together->facts[at];
  for (uint32_t i = 0; i < together->values[at].count; i++) {
    s->facts.values[fact->index] = together->values[at].items[i];
    document(s, fact, together->wishes[at], &s->facts.values[fact->index]);
    if (choose_together(together, at + 1)) return true;
  }
  s->facts.values[fact->index] = (FactValue){0};
  return false;
}

static uint64_t facts_of_several(const Search *s) {
  uint64_t facts = 0;
  for (uint32_t v = 0; v < s->space->set->variables.count; v++) {
    const Variable *variable = s->space->set->variables.items[v];
    if (s->cells[v] != NO_CELL && !is_single(variable->facts)) facts |= variable->facts;
  }
  return facts;
}

static void mark(const Search *s, uint64_t facts, bool *conflict) {
  for (uint32_t v = 0; v < s->space->set->variables.count; v++) {
    if (s->cells[v] != NO_CELL && (s->space->set->variables.items[v]->facts & facts) != 0)
      conflict[v] = true;
  }
}

static bool choose_facts(Search *s, bool *conflict) {
  const VariableSet *set = s->space->set;
  uint64_t several = facts_of_several(s);
  Together together = {.s = s};
  together.facts = ARENA_ARRAY(s->space->arena, const Fact *, set->facts.count + 1);
  together.values = ARENA_ARRAY(s->space->arena, ValueList, set->facts.count + 1);
  together.wishes = ARENA_ARRAY(s->space->arena, Wish, set->facts.count + 1);
  for (uint32_t i = 0; i < set->facts.count; i++) {
    const Fact *fact = set->facts.items[i];
    uint64_t bit = UINT64_C(1) << i;
    Wish wish = wish_of(s, bit);
    if (!wish.read || wish.hidden) continue;
    ValueList all = candidates(s, fact), fitting = {0};
    FactValue *value = &s->facts.values[fact->index];
    for (uint32_t c = 0; c < all.count; c++) {
      *value = all.items[c];
      if (!fits_alone(s, bit)) continue;
      LIST_PUSH(s->space->arena, fitting, all.items[c]);
      if (!(several & bit)) break;
    }
    *value = (FactValue){0};
    if (fitting.count == 0) {
      mark(s, bit, conflict);
      return false;
    }
    if (several & bit) {
      together.facts[together.count] = fact;
      together.wishes[together.count] = wish;
      together.values[together.count++] = fitting;
    } else {
      *value = fitting.items[0];
      document(s, fact, wish, value);
    }
  }
  if (choose_together(&together, 0)) return true;
  mark(s, several, conflict);
  return false;
}

/* ---- Start, drug, line ---- */

static bool builtins_fit(const Search *s) {
  for (uint32_t v = 0; v < s->space->set->variables.count; v++) {
    if (s->space->set->variables.items[v]->facts == 0 && !fits(s, v)) return false;
  }
  return true;
}

static bool find_on(Search *s, Date start, bool *conflict) {
  s->facts.values[FACT_START].date = start;
  for (uint32_t d = 0; d < s->space->drugs.count; d++) {
    for (uint32_t lines = s->space->lines; lines != 0; lines &= lines - 1) {
      for (uint32_t i = BUILTIN_FACTS; i < s->space->vocabulary->facts.count; i++)
        s->facts.values[i] = (FactValue){0};
      s->facts.values[FACT_DRUG].name =
          vocabulary_name(s->space->vocabulary, s->space->drugs.items[d]);
      s->facts.values[FACT_LINE].choice = (uint32_t)__builtin_ctz(lines);
      if (builtins_fit(s) && choose_facts(s, conflict)) return true;
    }
  }
  return false;
}

bool patient_find(Space *space, const uint8_t *cells, Patient *patient, bool *conflict) {
  Search s = {.space = space, .cells = cells, .facts = space->facts};
  size_t size = space->vocabulary->facts.count * sizeof(FactValue);
  s.facts.values = ARENA_ARRAY(space->arena, FactValue, space->vocabulary->facts.count);
  memcpy(s.facts.values, space->facts.values, size);
  memset(conflict, 0, space->set->variables.count * sizeof *conflict);
  for (uint32_t i = 0; i < space->starts.count; i++) {
    if (!find_on(&s, space->starts.items[i], conflict)) continue;
    patient->facts = s.facts;
    patient->start = space->starts.items[i];
    const FactValue *line = &s.facts.values[FACT_LINE];
    patient->line = space->vocabulary->facts.items[FACT_LINE]->type.values[line->choice];
    for (uint32_t d = 0; d < space->drugs.count; d++) {
      if (vocabulary_name(space->vocabulary, space->drugs.items[d]) ==
          s.facts.values[FACT_DRUG].name) {
        patient->drug = space->drugs.items[d];
        break;
      }
    }
    return true;
  }
  for (uint32_t v = 0; v < space->set->variables.count;
       v++) { /* the built-in facts are part of every conflict */
    if (space->set->variables.items[v]->facts == 0 && cells[v] != NO_CELL) conflict[v] = true;
  }
  return false;
}

void patient_cells(const Space *space, const Patient *patient, uint64_t *bound) {
  for (uint32_t v = 0; v < space->set->variables.count; v++) {
    const Variable *variable = space->set->variables.items[v];
    bound[v] = variable_cells(variable, &patient->facts, NULL, ENTRIES_ALL) & space->allowed[v];
    if (bound[v] == 0) bound[v] = space->allowed[v];
  }
}

/* ---- JSON ---- */

static void write_date(Buffer *out, Date day) {
  char text[10];
  date_write(day, text);
  buffer_json_string(out, (Text){text, 10});
}

static void write_name(Buffer *out, const Vocabulary *vocabulary, uint32_t name) {
  buffer_json_string(out, name == 0 ? TEXT("another agent") : vocabulary->names.items[name - 1]);
}

static void write_choice(Buffer *out, const Type *type, uint32_t choice) {
  Text word = type->values[choice];
  if (type->value_count == 2 && text_is(type->values[0], "yes")) {
    buffer_string(out, text_is(word, "yes") ? "true" : "false");
  } else {
    buffer_json_string(out, word);
  }
}

static void write_quantity(Buffer *out, const Space *space, const Fact *fact, Amount amount) {
  Dimension dimension = fact->type.dimension;
  if (dimension == DIMENSION_COUNT || dimension == DIMENSION_NUMBER ||
      dimension == DIMENSION_RATIO) {
    amount_write(out, amount);
    return;
  }
  Buffer text;
  buffer_open(&text, space->arena, 32);
  quantity_write(&text, amount, dimension);
  buffer_json_string(out, (Text){text.at, (uint32_t)text.length});
}

static void write_code(Buffer *out, const Space *space, const Fact *fact, Text code) {
  if (text_is(fact->type.system, "ICD-10-CM") && code.length > 3)
    code = text_of(
        arena_format(space->arena, "%.3s.%.*s", code.at, (int)code.length - 3, code.at + 3));
  buffer_json_string(out, code);
}

static void write_entry(Buffer *out, const Space *space, const Fact *fact, const Entry *entry) {
  bool first = true;
  buffer_character(out, '{');
  for (uint32_t f = 0; f < fact->field_count; f++) {
    const EntryField *value = &entry->fields[f];
    if (!value->known) continue;
    buffer_string(out, first ? "" : ", ");
    buffer_json_string(out, fact->fields[f].name);
    buffer_string(out, ": ");
    switch (fact->fields[f].type.kind) {
      case TYPE_NAME:
        write_name(out, space->vocabulary, value->name);
        break;
      case TYPE_DATE:
        write_date(out, value->date);
        break;
      default:
        write_choice(out, &fact->fields[f].type, value->choice);
    }
    first = false;
  }
  buffer_character(out, '}');
}

static void write_members(Buffer *out, const Type *type, uint64_t members) {
  buffer_character(out, '[');
  for (uint64_t rest = members; rest != 0; rest &= rest - 1) {
    if (rest != members) buffer_string(out, ", ");
    buffer_json_string(out, type->values[__builtin_ctzll(rest)]);
  }
  buffer_character(out, ']');
}

static void write_value(Buffer *out, const Space *space, const Fact *fact, const FactValue *value) {
  Buffer text;
  if (value->is_none) {
    buffer_string(out, "\"none\"");
    return;
  }
  switch (fact->type.kind) {
    case TYPE_ENUMERATION:
      write_choice(out, &fact->type, value->choice);
      return;
    case TYPE_SET:
      write_members(out, &fact->type, value->members);
      return;
    case TYPE_QUANTITY:
      write_quantity(out, space, fact, value->amount);
      return;
    case TYPE_DATE:
      write_date(out, value->date);
      return;
    case TYPE_DURATION:
      buffer_open(&text, space->arena, 32);
      span_write(&text, value->span);
      buffer_json_string(out, (Text){text.at, (uint32_t)text.length});
      return;
    case TYPE_NAME:
      write_name(out, space->vocabulary, value->name);
      return;
    case TYPE_CODE:
      write_code(out, space, fact, value->code);
      return;
    case TYPE_LIST:
      buffer_character(out, '[');
      for (uint32_t i = 0; i < value->entry_count; i++) {
        buffer_string(out, i == 0 ? "" : ", ");
        write_entry(out, space, fact, &value->entries[i]);
      }
      buffer_character(out, ']');
      return;
    case TYPE_SERIES:
      buffer_string(out, "[]");
  }
}

static void write_fact(Buffer *out, const Space *space, const Fact *fact, const FactValue *value) {
  const char *source = fact->supplier == SUPPLIER_REVIEWER ? "reviewer"
                       : fact->supplier == SUPPLIER_RECORD ? "record"
                                                           : NULL;
  buffer_string(out, "    ");
  buffer_json_string(out, fact->name);
  buffer_string(out, ": ");
  if (!value->documented && source == NULL) {
    write_value(out, space, fact, value);
    return;
  }
  buffer_string(out, "{ \"value\": ");
  write_value(out, space, fact, value);
  if (value->documented) buffer_string(out, ", \"document\": \"chart-1\"");
  if (source != NULL) buffer_format(out, ", \"source\": \"%s\"", source);
  buffer_string(out, " }");
}

static void write_head(Buffer *out, const char *name, Text value) {
  buffer_format(out, "  \"%s\": ", name);
  buffer_json_string(out, value);
  buffer_string(out, ",\n");
}

static Text day_text(const Space *space, Date day) {
  char text[10];
  date_write(day, text);
  return (Text){arena_copy(space->arena, text, 10), 10};
}

/* A history that is stated is complete: the flag that says so goes with it. */
static bool completes_a_list(const Space *space, const Patient *patient, const Fact *flag) {
  for (uint32_t i = BUILTIN_FACTS; i < space->vocabulary->facts.count; i++) {
    const Fact *fact = space->vocabulary->facts.items[i];
    if (fact->complete_when == flag && patient->facts.values[i].present &&
        patient->facts.values[i].complete)
      return true;
  }
  return false;
}

static Text own_drug(const Policy *policy, Text drug) {
  for (uint32_t i = 0; i < policy->drugs.count; i++) {
    if (text_equal_ignoring_case(policy->drugs.items[i], drug)) return drug;
  }
  return policy->drugs.items[0];
}

static Text own_line(const Space *space, const Policy *policy, Text line) {
  const Type *type = &space->vocabulary->facts.items[FACT_LINE]->type;
  uint32_t first = (uint32_t)__builtin_ctz(policy->lines);
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (text_equal(type->values[i], line) && ((policy->lines >> i) & 1)) return line;
  }
  return type->values[first];
}

Text patient_request(const Space *space, const Patient *patient, const Policy *policy,
                     Date received) {
  Buffer out;
  bool first = true;
  buffer_open(&out, space->arena, 512);
  buffer_string(&out, "{\n");
  write_head(&out, "id", TEXT("witness"));
  write_head(&out, "policy", policy->id);
  write_head(&out, "drug", own_drug(policy, patient->drug));
  write_head(&out, "line", own_line(space, policy, patient->line));
  write_head(&out, "kind", space->vocabulary->facts.items[FACT_KIND]->type.values[space->kind]);
  write_head(&out, "received", day_text(space, received));
  write_head(&out, "start", day_text(space, patient->start));
  buffer_string(&out, "  \"facts\": {");
  for (uint32_t i = BUILTIN_FACTS; i < space->vocabulary->facts.count; i++) {
    const Fact *fact = space->vocabulary->facts.items[i];
    const FactValue *value = &patient->facts.values[i];
    bool flag = completes_a_list(space, patient, fact);
    if (!value->present && !flag) continue;
    buffer_string(&out, first ? "\n" : ",\n");
    FactValue yes = {.choice = 0};
    write_fact(&out, space, fact, flag ? &yes : value);
    first = false;
  }
  buffer_string(&out, first ? "}\n}\n" : "\n  }\n}\n");
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}
