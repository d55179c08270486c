/* Values for facts: of each kind of test a policy makes of a fact, values at, below and above what
 * it compares with, so that every case it can distinguish is tried. */
#include "values.h"

/* ---- Finding the tests ---- */

static Use *use_of(Subject *s, const Fact *fact) {
  for (uint32_t i = 0; i < s->uses.count; i++) {
    if (s->uses.items[i].fact == fact) return &s->uses.items[i];
  }
  LIST_PUSH(&s->arena, s->uses, ((Use){.fact = fact}));
  return &s->uses.items[s->uses.count - 1];
}

bool is_used(const Subject *s, const Fact *fact) {
  bool found = false;
  for (uint32_t i = 0; i < s->uses.count; i++) found = found || s->uses.items[i].fact == fact;
  return found;
}

static void note_entry_test(Subject *s, const Condition *count) {
  uint32_t at = entry_test(s, count->operands.items[0]);
  if (at == s->entry_tests.count) LIST_PUSH(&s->arena, s->entry_tests, count->operands.items[0]);
  assert(s->entry_tests.count <= ENTRY_TESTS);
  if (count->count > s->caps[at]) s->caps[at] = (uint8_t)count->count;
}

static void note_criterion(Subject *s, const Criterion *criterion);

/* Does a test read several facts that a request may leave open? */
static bool is_joint(const Facts_ *facts) {
  const Fact *first = NULL;
  for (uint32_t i = 0; i < facts->count; i++) {
    const Fact *fact = facts->items[i];
    if (fact->index < BUILTIN_FACTS || fact == first) continue;
    if (first != NULL) return true;
    first = fact;
  }
  return false;
}

static void note_test(Subject *s, const Condition *test) {
  Facts_ facts = {0};
  read_by(&s->arena, test, &facts);
  if (test->kind == CONDITION_COUNT) note_entry_test(s, test);
  for (uint32_t i = 0; i < facts.count; i++) {
    if (facts.items[i]->type.kind == TYPE_SERIES) s->has_series = true;
    if (facts.items[i]->index < BUILTIN_FACTS) continue;
    Use *use = use_of(s, facts.items[i]);
    use->given = use->given || test->kind == CONDITION_GIVEN || facts.items[i]->stated;
    use->documented = use->documented || test->kind == CONDITION_DOCUMENTED;
    use->joint = use->joint || is_joint(&facts);
    LIST_PUSH(&s->arena, use->tests, test);
  }
}

static void note_condition(Subject *s, const Condition *condition) {
  if (condition == NULL) return;
  switch (condition->kind) {
    case CONDITION_TRUE:
    case CONDITION_FALSE:
      return;
    case CONDITION_MET:
      note_criterion(s, condition->criterion);
      return;
    case CONDITION_AND:
    case CONDITION_OR:
    case CONDITION_NOT:
      for (uint32_t i = 0; i < condition->operands.count; i++)
        note_condition(s, condition->operands.items[i]);
      return;
    default:
      note_test(s, condition);
  }
}

static void note_extra(Subject *s, const Fact *fact) {
  for (uint32_t i = 0; i < s->extra.count; i++) {
    if (s->extra.items[i] == fact) return;
  }
  LIST_PUSH(&s->arena, s->extra, fact);
}

/* What conditions read is varied for their sake. */
static void drop_extra(Subject *s) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < s->extra.count; i++) {
    if (!is_used(s, s->extra.items[i])) s->extra.items[kept++] = s->extra.items[i];
  }
  s->extra.count = kept;
}

static void note_authorization(Subject *s, const Outcome *outcome) {
  for (uint32_t i = 0; i < outcome->items.count; i++) {
    Facts_ facts = {0};
    read_by_term(&s->arena, outcome->items.items[i].amount, &facts);
    for (uint32_t f = 0; f < facts.count; f++) {
      if (facts.items[f]->index < BUILTIN_FACTS) continue;
      if (outcome->items.items[i].kind == AUTHORIZATION_LENGTH) {
        note_extra(s, facts.items[f]);
      } else {
        use_of(s, facts.items[f])->counted = true;
      }
    }
  }
}

static void note_criterion(Subject *s, const Criterion *criterion) {
  note_condition(s, criterion->guard);
  note_condition(s, criterion->condition);
  for (uint32_t i = 0; i < criterion->interpretations.count; i++)
    note_condition(s, criterion->interpretations.items[i]->condition);
  for (uint32_t i = 0; i < criterion->outcomes.count; i++) {
    note_condition(s, criterion->outcomes.items[i]->where);
    note_condition(s, criterion->outcomes.items[i]->whilst);
  }
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    if (is_present(s, criterion->children.items[i]))
      note_criterion(s, criterion->children.items[i]);
  }
}

/* A `never` matters where it speaks of a fact that matters, and then so do its other facts. */
static void note_nevers(Subject *s) {
  for (bool grew = true; grew;) {
    grew = false;
    for (uint32_t i = 0; i < s->vocabulary->nevers.count; i++) {
      const Never *never = s->vocabulary->nevers.items[i];
      Facts_ facts = {0};
      bool there = false, bears = false;
      for (uint32_t j = 0; j < s->nevers.count; j++) there = there || s->nevers.items[j] == never;
      read_by(&s->arena, never->condition, &facts);
      for (uint32_t j = 0; j < facts.count; j++) bears = bears || is_used(s, facts.items[j]);
      if (there || !bears) continue;
      LIST_PUSH(&s->arena, s->nevers, never);
      note_condition(s, never->condition);
      grew = true;
    }
  }
}

static bool has_renewal(const Subject *s, const Criterion *criterion) {
  bool found = false;
  for (uint32_t i = 0; i < criterion->outcomes.count; i++) {
    const Outcome *outcome = criterion->outcomes.items[i];
    found = found ||
            (outcome->kind == OUTCOME_RENEW && in_force_on(outcome->in_force, s->version->date));
  }
  return found;
}

static void note_outcome(Subject *s, const Outcome *outcome) {
  bool continuing = s->kind == KIND_CONTINUATION;
  if (!in_force_on(outcome->in_force, s->version->date)) return;
  switch (outcome->kind) {
    case OUTCOME_RENEW:
    case OUTCOME_APPROVE:
      if (outcome->kind == OUTCOME_RENEW ? !continuing
                                         : continuing && has_renewal(s, outcome->criterion))
        return;
      LIST_PUSH(&s->arena, s->approvals, outcome);
      note_authorization(s, outcome);
      return;
    case OUTCOME_ROUTE:
      LIST_PUSH(&s->arena, s->routes, outcome);
      return;
    case OUTCOME_REFER:
      LIST_PUSH(&s->arena, s->referrals, outcome);
      return;
  }
}

/* `shown`: under a criterion that is not asked again, nothing is reported; its outcomes stand. */
static void note_page(Subject *s, const Criterion *criterion, bool shown) {
  if (!is_present(s, criterion)) return;
  if (shown) LIST_PUSH(&s->arena, s->nodes, criterion);
  for (uint32_t i = 0; i < criterion->outcomes.count; i++)
    note_outcome(s, criterion->outcomes.items[i]);
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    note_page(s, criterion->children.items[i], shown && !is_not_asked(s, criterion));
  }
}

/* ---- Proposing values ---- */

static void propose(Subject *s, Use *use, Item item) {
  item.given = item.documented = true;
  LIST_PUSH(&s->arena, use->values, item);
}

static void propose_amount(Subject *s, Use *use, Amount amount) {
  const Fact *fact = use->fact;
  Amount low, high, unit = fact->type.dimension == DIMENSION_COUNT ? AMOUNT_ONE : 1;
  fact_bounds(fact, &low, &high);
  if (high > 1000000000 * AMOUNT_ONE)
    high = 1000000000 * AMOUNT_ONE; /* where there is no bound, one far off */
  if (low < -1000000000 * AMOUNT_ONE) low = -1000000000 * AMOUNT_ONE;
  for (int step = -1; step <= 1; step++) {
    Amount value = amount + step * unit;
    if (value >= low && value <= high && value % unit == 0)
      propose(s, use, (Item){.amount = value});
  }
}

static void propose_date(Subject *s, Use *use, Date date) {
  for (int step = -3; step <= 3; step++) propose(s, use, (Item){.date = date + step});
}

static void propose_constants(Subject *s, Use *use, const Term *term) {
  if (term == NULL) return;
  if (term->kind == TERM_AMOUNT) propose_amount(s, use, term->amount);
  propose_constants(s, use, term->a);
  propose_constants(s, use, term->b);
}

/* Masses and lengths that people have, so that tests over several of them have something to work
 * with. */
static void propose_usual(Subject *s, Use *use) {
  const Fact *fact = use->fact;
  if (fact->type.dimension == DIMENSION_COUNT) {
    for (int n = 0; n <= 9; n++) propose_amount(s, use, n * AMOUNT_ONE);
  }
  if (fact->type.dimension == DIMENSION_MASS) {
    propose_amount(s, use, 5000000 * AMOUNT_ONE);
    propose_amount(s, use, 30000000 * AMOUNT_ONE);
    propose(s, use, (Item){.amount = 70000000 * AMOUNT_ONE});
  }
  if (fact->type.dimension == DIMENSION_LENGTH) {
    propose(s, use, (Item){.amount = 6 * AMOUNT_ONE / 10});
    propose(s, use, (Item){.amount = 17 * AMOUNT_ONE / 10});
  }
}

static void propose_quantities(Subject *s, Use *use) {
  Amount low, high;
  fact_bounds(use->fact, &low, &high);
  propose_amount(s, use, low);
  propose_amount(s, use, high < 1000000000 * AMOUNT_ONE ? high : 1000000000 * AMOUNT_ONE);
  propose_usual(s, use);
  for (uint32_t i = 0; i < use->tests.count; i++) {
    if (use->tests.items[i]->kind != CONDITION_COMPARE) continue;
    propose_constants(s, use, use->tests.items[i]->left);
    propose_constants(s, use, use->tests.items[i]->right);
  }
}

/* The other side of a comparison, over the values its facts have so far: each result and its
 * neighbors. */
static void propose_results(Subject *s, Use *use, const Term *term) {
  Facts_ facts = {0};
  read_by_term(&s->arena, term, &facts);
  const Item **row = ARENA_ARRAY(&s->arena, const Item *, s->vocabulary->facts.count);
  for (uint32_t i = 0; i < BUILTIN_FACTS; i++) row[i] = &s->builtins[i];
  Use *others[4];
  uint32_t count = 0, at[4] = {0};
  for (uint32_t i = 0; i < facts.count; i++) {
    if (facts.items[i]->index < BUILTIN_FACTS) continue;
    if (count == 4 || facts.items[i] == use->fact) return;
    others[count++] = use_of(s, facts.items[i]);
  }
  uint32_t more = count > 0;
  while (more) {
    for (uint32_t i = 0; i < count; i++)
      row[others[i]->fact->index] = &others[i]->values.items[at[i]];
    Number number = number_of(term, row);
    if (!number.none && use->fact->type.kind == TYPE_QUANTITY)
      propose_amount(s, use, number.amount);
    if (!number.none && use->fact->type.kind == TYPE_DATE)
      propose_date(s, use, (Date)number.amount);
    uint32_t i = 0;
    while (i < count && ++at[i] >= others[i]->values.count) at[i++] = 0;
    more = i < count;
  }
}

/* For durations between two dates of which this fact is one: the days on which a length is just
 * completed. */
static void propose_ages(Subject *s, Use *use, const Condition *test) {
  const Term *term = test->left;
  if (term->kind != TERM_FROM_TO) return;
  const Term *other = term->a->fact == use->fact ? term->b : term->a;
  Span span = test->right->span;
  if (term->a->fact == use->fact) span = (Span){-span.months, -span.days};
  if (other->kind != TERM_FACT) return;
  const Use *known = other->fact->index < BUILTIN_FACTS ? NULL : use_of(s, other->fact);
  if (known == NULL) propose_date(s, use, date_add(s->builtins[other->fact->index].date, span));
  for (uint32_t i = 0; known != NULL && i < known->values.count; i++) {
    propose(s, use, (Item){.date = date_add(known->values.items[i].date, span)});
    propose(s, use, (Item){.date = date_add(known->values.items[i].date, span) - 1});
    propose(s, use, (Item){.date = date_add(known->values.items[i].date, span) + 1});
  }
}

static void propose_dates(Subject *s, Use *use) {
  propose_date(s, use, s->start);
  propose_date(s, use, s->received);
  propose(s, use, (Item){.date = date_add(s->start, (Span){-12 * 40, 0})});
  propose(s, use, (Item){.date = date_add(s->start, (Span){-12 * 90, 0})});
  propose(s, use, (Item){.date = date_add(s->start, (Span){12 * 2, 0})});
  if (use->fact->type.or_none) propose(s, use, (Item){.none = true});
  for (uint32_t i = 0; i < use->tests.count; i++) {
    const Condition *test = use->tests.items[i];
    if (test->kind == CONDITION_REACHED) propose_ages(s, use, test);
    if (test->kind != CONDITION_COMPARE) continue;
    const Term *sides[2] = {test->left, test->right};
    for (int side = 0; side < 2; side++) {
      Facts_ facts = {0};
      bool own = false;
      read_by_term(&s->arena, sides[side], &facts);
      for (uint32_t f = 0; f < facts.count; f++)
        own = own || facts.items[f]->index >= BUILTIN_FACTS;
      const Item *row[BUILTIN_FACTS];
      for (uint32_t f = 0; f < BUILTIN_FACTS; f++) row[f] = &s->builtins[f];
      if (!own) propose_date(s, use, (Date)number_of(sides[side], row).amount);
    }
  }
}

static void propose_sets(Subject *s, Use *use) {
  uint32_t members = use->fact->type.value_count;
  assert(members <= 12);
  for (uint64_t set = 0; set < UINT64_C(1) << members; set++)
    propose(s, use, (Item){.members = set});
}

static void propose_names(Subject *s, Use *use) {
  for (uint32_t name = 0; name <= s->vocabulary->names.count; name++)
    propose(s, use, (Item){.name = name});
  if (use->fact->type.or_none) propose(s, use, (Item){.none = true});
}

/* A code as a request can state it; what is none in the fact's system is left out. */
static void propose_code(Subject *s, Use *use, const char *written) {
  Item item = {0};
  if (code_normal(&s->arena, use->fact->type.system, text_of(written), &item.code))
    propose(s, use, item);
}

static void propose_codes(Subject *s, Use *use) {
  static const char *outside[] = {"A00",   "C00",   "C9200",       "Z998",
                                  "A0000", "J9999", "00000000000", "99999999999"};
  static const char *behind[] = {"", "0", "1", "9"};
  for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) propose_code(s, use, outside[i]);
  if (use->fact->type.or_none) propose(s, use, (Item){.none = true});
  for (uint32_t i = 0; i < use->tests.count; i++) {
    const Condition *test = use->tests.items[i];
    for (uint32_t c = 0; c < test->codes.count; c++) {
      const CodeSpan *span = &test->codes.items[c];
      for (size_t b = 0; b < sizeof behind / sizeof *behind; b++) {
        propose_code(s, use, arena_format(&s->arena, "%.*s%s", TEXT_ARGS(span->first), behind[b]));
        propose_code(s, use, arena_format(&s->arena, "%.*s%s", TEXT_ARGS(span->last), behind[b]));
      }
    }
  }
}

static void propose_durations(Subject *s, Use *use) {
  static const Span lengths[] = {{0, 1}, {0, 10}, {0, 182}, {1, 0},  {5, 0},
                                 {6, 0}, {7, 0},  {12, 0},  {0, 400}};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
    propose(s, use, (Item){.span = lengths[i]});
  for (uint32_t i = 0; i < use->tests.count; i++) {
    if (use->tests.items[i]->kind != CONDITION_REACHED) continue;
    Span span = use->tests.items[i]->right->span;
    propose(s, use, (Item){.span = span});
    propose(s, use, (Item){.span = {span.months, span.days + 1}});
    if (span.months > 1) propose(s, use, (Item){.span = {span.months - 1, 27}});
  }
}

static void propose_values(Subject *s, Use *use) {
  switch (use->fact->type.kind) {
    case TYPE_ENUMERATION:
      for (uint32_t v = 0; v < use->fact->type.value_count; v++) {
        if (!((use->fact->not_known >> v) & 1)) propose(s, use, (Item){.choice = v});
      }
      return;
    case TYPE_SET:
      propose_sets(s, use);
      return;
    case TYPE_QUANTITY:
      propose_quantities(s, use);
      if (use->fact->type.or_none) propose(s, use, (Item){.none = true});
      return;
    case TYPE_DATE:
      propose_dates(s, use);
      return;
    case TYPE_DURATION:
      propose_durations(s, use);
      return;
    case TYPE_NAME:
      propose_names(s, use);
      return;
    case TYPE_CODE:
      propose_codes(s, use);
      return;
    case TYPE_LIST:
    case TYPE_SERIES:
      return;
  }
}

/* ---- Merging what no test distinguishes ---- */

bool same_value(const Item *a, const Item *b) {
  return a->none == b->none && a->choice == b->choice && a->name == b->name &&
         a->members == b->members && a->amount == b->amount && a->date == b->date &&
         a->span.months == b->span.months && a->span.days == b->span.days &&
         text_equal(a->code, b->code);
}

static bool distinguished(const Subject *s, const Use *use, const Item *a, const Item *b) {
  if (same_value(a, b)) return false;
  if (use->joint || use->counted) return true;
  const Item *row[512] = {NULL};
  for (uint32_t i = 0; i < BUILTIN_FACTS; i++) row[i] = &s->builtins[i];
  for (uint32_t i = 0; i < use->tests.count; i++) {
    row[use->fact->index] = a;
    bool first = holds(s, use->tests.items[i], row);
    row[use->fact->index] = b;
    if (holds(s, use->tests.items[i], row) != first) return true;
  }
  return false;
}

static void merge_values(const Subject *s, Use *use) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < use->values.count; i++) {
    bool known = false;
    for (uint32_t j = 0; j < kept && !known; j++)
      known = !distinguished(s, use, &use->values.items[j], &use->values.items[i]);
    if (!known) use->values.items[kept++] = use->values.items[i];
  }
  use->values.count = kept;
}

/* ---- Lists ---- */

static void count_entry(const Subject *s, Item *list, const GivenEntry *entry) {
  for (uint32_t i = 0; i < s->entry_tests.count; i++) {
    if (list->counts[i] < s->caps[i] && entry_holds(s->entry_tests.items[i], entry))
      list->counts[i]++;
  }
}

uint32_t field_values(const Subject *s, const Field *field) {
  return field->type.kind == TYPE_NAME ? s->vocabulary->names.count + 1 : field->type.value_count;
}

static bool field_read(const Subject *s, uint32_t field) {
  bool reads = false;
  for (uint32_t i = 0; i < s->entry_tests.count; i++)
    reads = reads || entry_reads(s->entry_tests.items[i], field);
  return reads;
}

void add_list(Arena *arena, ItemList *lists, const Item *list) {
  for (uint32_t i = 0; i < lists->count; i++) {
    if (memcmp(lists->items[i].counts, list->counts, sizeof list->counts) == 0) return;
  }
  LIST_PUSH(arena, *lists, *list);
}

void add_entry(Arena *arena, const Subject *s, const Fact *fact, ItemList *lists, const Item *list,
               GivenEntry *entry, uint32_t field) {
  while (field < fact->field_count && (entry->known[field] || !field_read(s, field))) field++;
  if (field == fact->field_count) {
    Item longer = *list;
    count_entry(s, &longer, entry);
    uint32_t before = lists->count;
    add_list(arena, lists, &longer);
    if (lists->count == before) return;
    GivenEntry *entries = ARENA_ARRAY(arena, GivenEntry, list->entry_count + 1);
    if (list->entry_count > 0) memcpy(entries, list->entries, list->entry_count * sizeof *entries);
    entries[list->entry_count] = *entry;
    lists->items[before].entries = entries;
    lists->items[before].entry_count = list->entry_count + 1;
    return;
  }
  entry->known[field] = true;
  for (uint32_t v = 0; v < field_values(s, &fact->fields[field]); v++) {
    if (fact->fields[field].type.kind == TYPE_ENUMERATION &&
        ((fact->fields[field].not_known >> v) & 1))
      continue;
    entry->choice[field] = v;
    add_entry(arena, s, fact, lists, list, entry, field + 1);
  }
  entry->known[field] = false;
}

void add_any_entries(Arena *arena, const Subject *s, const Fact *fact, ItemList *lists) {
  for (uint32_t round = 0, from = 0; round < 3; round++) {
    uint32_t to = lists->count;
    for (; from < to; from++) {
      GivenEntry entry = {.documented = true};
      Item list = lists->items[from];
      add_entry(arena, s, fact, lists, &list, &entry, 0);
    }
  }
}

/* ---- All of it ---- */

static void order_uses(Subject *s) {
  for (uint32_t i = 1; i < s->uses.count; i++) {
    for (uint32_t j = i;
         j > 0 && text_compare(s->uses.items[j - 1].fact->name, s->uses.items[j].fact->name) > 0;
         j--) {
      Use swap = s->uses.items[j];
      s->uses.items[j] = s->uses.items[j - 1];
      s->uses.items[j - 1] = swap;
    }
  }
}

static void find_values(Subject *s) {
  for (uint32_t i = 0; i < s->uses.count; i++) propose_values(s, &s->uses.items[i]);
  for (uint32_t i = 0; i < s->uses.count; i++) {
    Use *use = &s->uses.items[i];
    if (use->fact->type.kind == TYPE_LIST) {
      add_list(&s->arena, &use->values, &(Item){.given = true, .documented = true});
      add_any_entries(&s->arena, s, use->fact, &use->values);
    } else {
      merge_values(s, use);
    }
  }
  /* then the tests over several facts, which need the others' values */
  for (uint32_t i = 0; i < s->uses.count; i++) {
    Use *use = &s->uses.items[i];
    for (uint32_t t = 0; use->joint && t < use->tests.count; t++) {
      const Condition *test = use->tests.items[t];
      if (test->kind == CONDITION_COMPARE && test->left->kind == TERM_FACT &&
          test->left->fact == use->fact)
        propose_results(s, use, test->right);
      if (test->kind == CONDITION_COMPARE && test->right->kind == TERM_FACT &&
          test->right->fact == use->fact)
        propose_results(s, use, test->left);
    }
    if (use->joint) merge_values(s, use);
  }
}

void subject_find(Subject *s) {
  for (uint32_t i = 0; i < s->model->top.count; i++) {
    if (is_present(s, s->model->top.items[i])) note_criterion(s, s->model->top.items[i]);
    note_page(s, s->model->top.items[i], true);
  }
  note_nevers(s);
  drop_extra(s);
  order_uses(s);
  if (!s->has_series) find_values(s);
}
