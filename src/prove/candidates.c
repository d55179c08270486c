/* candidates: values for a fact, from ordinary to odd.
 *
 * A value is ordinary where it is round, lies well inside its case, and says no more than it must:
 * amounts between the cuts of the variables before the cuts themselves, days before the request,
 * short lists whose entries leave nothing odd. Whether a value lies in the wanted cells is not
 * asked here (patient.c), but of lists, which are put together entry by entry until they do.
 *
 * Invariant: at most CANDIDATES values for a fact, so a search stays small.
 */
#include "prove/candidates.h"

#include <stdlib.h>
#include <string.h>

enum { CANDIDATES = 600, ENTRY_KINDS = 24 };

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

/* One entry of each kind that the tests distinguish: the least odd. */
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

ValueList candidates(Search *s, const Fact *fact) {
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
      break; /* a series is not made up: what depends on one stays without a witness */
  }
  return list;
}
