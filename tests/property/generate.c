/* Drafts by chance: rows of values, steered toward approval by hill climbing, of which facts are
 * then left out, attested or changed. */
#include "generate.h"

/* ---- Subjects ---- */

/* A day in force; every fourth an end of month, leap days included. */
static Date choose_day(Chance *chance, Date from, Date to) {
  static const int ends[][2] = {{1, 31}, {2, 28}, {2, 29}, {8, 31}, {11, 30}};
  if (in_100(chance, 25)) {
    int year, month, day;
    const int *end = ends[below(chance, 5)];
    date_to_civil(from, &year, &month, &day);
    Date date = date_from_civil(year + (int)below(chance, 4), end[0], end[1]);
    if (date != DATE_NONE && date >= from && date <= to) return date;
  }
  return from + (Date)below(chance, (uint32_t)(to - from + 1));
}

static void choose_dates(Subject *s, Chance *chance, uint32_t version) {
  const Policy *model = s->model;
  Date from = model->versions.items[version].date, to = from + 1500;
  if (version + 1 < model->versions.count) to = model->versions.items[version + 1].date - 1;
  s->version = &model->versions.items[version];
  s->received = choose_day(chance, from, to);
  s->start = s->received;
  if (in_100(chance, 70))
    s->start =
        choose_day(chance, s->received > 20 ? s->received - 10 : s->received, s->received + 60);
}

static void fill_builtins(Subject *s) {
  const Vocabulary *vocabulary = s->vocabulary;
  for (int i = 0; i < BUILTIN_FACTS; i++)
    s->builtins[i] = (Item){.given = true, .documented = true};
  s->builtins[FACT_KIND].choice = (uint32_t)s->kind;
  s->builtins[FACT_LINE].choice = s->line_choice;
  s->builtins[FACT_DRUG].name = vocabulary_name(vocabulary, s->drug);
  s->builtins[FACT_START].date = s->start;
  s->builtins[FACT_RECEIVED].date = s->received;
}

Subject *subject_new(const licet_policy *policy, Chance *chance) {
  Subject *s = calloc(1, sizeof *s);
  if (s == NULL) abort();
  arena_open(&s->arena);
  s->policy = policy;
  s->model = policy->model;
  s->vocabulary = s->model->vocabulary;
  s->kind = (int)below(chance, KINDS);
  s->drug = s->model->drugs.items[below(chance, s->model->drugs.count)];
  const Type *lines = &s->vocabulary->facts.items[FACT_LINE]->type;
  do s->line_choice = below(chance, lines->value_count);
  while (!((s->model->lines >> s->line_choice) & 1));
  s->line = lines->values[s->line_choice];
  choose_dates(s, chance, below(chance, s->model->versions.count));
  fill_builtins(s);
  subject_find(s);
  return s;
}

void subject_free(Subject *s) {
  if (s == NULL) return;
  arena_close(&s->arena);
  free(s);
}

/* ---- Climbing to an outcome ---- */

/* How far a criterion is met, 0 to 1. */
static double grade(const Subject *s, const Criterion *criterion, Row row) {
  if (criterion_holds(s, criterion, row)) return 1;
  double sum = 0, most = 0;
  uint32_t parts = 0;
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    if (!is_present(s, criterion->children.items[i])) continue;
    double part = grade(s, criterion->children.items[i], row);
    sum += part;
    if (part > most) most = part;
    parts++;
  }
  if (parts == 0) return 0;
  return 0.99 * (criterion->connective == CONNECTIVE_ANY ? most : sum / parts);
}

static double grade_outcome(const Subject *s, const Outcome *outcome, Row row) {
  if (!row_possible(s, row)) return -1;
  double sum = grade(s, outcome->criterion, row);
  for (const Criterion *below_ = outcome->criterion, *group = below_->parent; group != NULL;
       below_ = group, group = group->parent) {
    if (group->connective != CONNECTIVE_ALL) continue;
    for (uint32_t i = 0; i < group->children.count; i++) {
      const Criterion *part = group->children.items[i];
      if (part != below_ && is_present(s, part) && !carries_outcome(part))
        sum += grade(s, part, row);
    }
  }
  sum += outcome->where == NULL || holds(s, outcome->where, row);
  return sum + (outcome->whilst == NULL || holds(s, outcome->whilst, row));
}

static const Outcome *choose_outcome(const Subject *s, Chance *chance) {
  uint32_t approvals = s->approvals.count, routes = s->routes.count,
           all = approvals + routes + s->referrals.count;
  if (all == 0) return NULL;
  uint32_t which =
      in_100(chance, 70) && approvals > 0 ? below(chance, approvals) : below(chance, all);
  if (which < approvals) return s->approvals.items[which];
  return which < approvals + routes ? s->routes.items[which - approvals]
                                    : s->referrals.items[which - approvals - routes];
}

static void set_pool_row(const Subject *s, const uint16_t *items, const Item **row) {
  for (uint32_t i = 0; i < s->uses.count; i++)
    row[s->uses.items[i].fact->index] = &s->uses.items[i].values.items[items[i]];
}

static void climb(Subject *s, Chance *chance, uint16_t *items) {
  const Item **row = ARENA_ARRAY(&s->arena, const Item *, s->vocabulary->facts.count);
  const Outcome *goal = choose_outcome(s, chance);
  for (uint32_t i = 0; i < BUILTIN_FACTS; i++) row[i] = &s->builtins[i];
  for (uint32_t i = 0; i < s->uses.count; i++)
    items[i] = (uint16_t)below(chance, s->uses.items[i].values.count);
  set_pool_row(s, items, row);
  double best = goal == NULL ? 0 : grade_outcome(s, goal, row);
  for (int step = 0; step < STEPS && goal != NULL && s->uses.count > 0; step++) {
    uint32_t which = below(chance, s->uses.count);
    uint16_t before = items[which];
    items[which] = (uint16_t)below(chance, s->uses.items[which].values.count);
    set_pool_row(s, items, row);
    double now = grade_outcome(s, goal, row);
    if (now < best) {
      items[which] = before;
    } else {
      best = now;
    }
  }
}

Pool pool_new(Subject *s, Chance *chance) {
  Pool pool;
  for (int i = 0; i < POOL; i++) {
    pool.items[i] = ARENA_ARRAY(&s->arena, uint16_t, s->uses.count + 1);
    climb(s, chance, pool.items[i]);
  }
  return pool;
}

/* ---- Drafts ---- */

static bool is_open_dimension(const Subject *s, uint32_t i) {
  return !s->uses.items[i].fact->has_default;
}

/* Entries lose a field here and there, as they do in real requests. */
static void choose_entries(Arena *arena, const Subject *s, Chance *chance, const Use *use,
                           Given *given, bool all_documented) {
  given->entry_count = given->item.entry_count;
  given->entries = ARENA_ARRAY(arena, GivenEntry, given->entry_count + 1);
  for (uint32_t e = 0; e < given->entry_count; e++) {
    given->entries[e] = given->item.entries[e];
    given->entries[e].documented = all_documented || in_100(chance, 50);
    for (uint32_t f = 0; f < use->fact->field_count; f++) {
      if (!given->entries[e].known[f] && in_100(chance, 30)) { /* fields no test reads */
        given->entries[e].known[f] = true;
        given->entries[e].choice[f] = below(chance, field_values(s, &use->fact->fields[f]));
      } else if (in_100(chance, 10)) {
        given->entries[e].known[f] = false;
      }
    }
  }
  given->complete = in_100(chance, 60) ? 1 : in_100(chance, 50) ? 0 : -1;
}

void choose_given(Arena *arena, const Subject *s, Chance *chance, const Use *use, const Item *value,
                  Given *given, bool all_documented) {
  *given = (Given){.present = true, .item = *value, .complete = -1};
  given->documented = all_documented || in_100(chance, 50);
  if (use->fact->type.kind == TYPE_LIST)
    choose_entries(arena, s, chance, use, given, all_documented);
  if (use->fact->type.kind == TYPE_LIST && !all_documented) given->documented = in_100(chance, 15);
  if (use->fact->has_default && in_100(chance, 60)) given->present = false;
}

static void leave_out(Given *given, const Fact *fact, Chance *chance) {
  if (fact->supplier != SUPPLIER_REQUESTER && in_100(chance, 40)) {
    given->no_word = true; /* asserted, but not by whom it takes */
  } else {
    given->present = false;
  }
}

/* At most four clinical facts stay without a document: each is a dimension of the second decision.
 */
static void limit_attested(const Subject *s, Chance *chance, Draft *draft) {
  uint32_t left = below(chance, 5);
  for (uint32_t tries = 0, from = below(chance, s->uses.count + 1); tries < s->uses.count;
       tries++) {
    uint32_t i = (from + tries) % s->uses.count;
    const Use *use = &s->uses.items[i];
    if (!(use->fact->clinical || use->documented) || draft->uses[i].documented) continue;
    if (left > 0) {
      left--;
    } else {
      draft->uses[i].documented = true;
    }
  }
}

static void choose_extra(const Subject *s, Chance *chance, Draft *draft) {
  static const Span lengths[] = {{0, 10}, {0, 56}, {1, 0}, {5, 0}, {6, 0}, {7, 0}, {12, 0}};
  for (uint32_t i = 0; i < s->extra.count; i++) {
    draft->extra[i] =
        (Given){.present = s->extra.items[i]->type.kind == TYPE_DURATION && in_100(chance, 60),
                .complete = -1};
    draft->extra[i].item = (Item){.span = lengths[below(chance, 7)]};
  }
}

/* A fact that this policy does not read must not matter. */
static void choose_noise(Arena *arena, const Subject *s, Chance *chance, Draft *draft) {
  const Fact *fact =
      s->vocabulary->facts
          .items[BUILTIN_FACTS + below(chance, s->vocabulary->facts.count - BUILTIN_FACTS)];
  draft->noise = NULL;
  if (fact->type.kind != TYPE_ENUMERATION || is_used(s, fact)) return;
  for (uint32_t i = 0; i < s->vocabulary->nevers.count; i++) {
    Facts_ facts = {0};
    read_by(arena, s->vocabulary->nevers.items[i]->condition, &facts);
    for (uint32_t f = 0; f < facts.count; f++) {
      if (facts.items[f] == fact) return;
    }
  }
  for (uint32_t i = 0; i < s->vocabulary->facts.count; i++) { /* a list's flag speaks of the list */
    if (s->vocabulary->facts.items[i]->complete_when == fact) return;
  }
  if (fact->supplier != SUPPLIER_REQUESTER) return;
  draft->noise = fact;
  draft->noise_item = (Item){.choice = below(chance, fact->type.value_count)};
}

Draft draft_new(Arena *arena, const Subject *s, const Pool *pool, Chance *chance, uint32_t number) {
  Draft draft = {.subject = s, .number = number, .by_id = in_100(chance, 10)};
  draft.uses = ARENA_ARRAY(arena, Given, s->uses.count + 1);
  draft.extra = ARENA_ARRAY(arena, Given, s->extra.count + 1);
  const uint16_t *items = pool->items[below(chance, POOL)];
  uint32_t changed = in_100(chance, 40) ? 0 : in_100(chance, 90) ? 1 : 1 + below(chance, 6);
  bool all_documented = in_100(chance, 40);
  for (uint32_t i = 0; i < s->uses.count; i++) {
    choose_given(arena, s, chance, &s->uses.items[i], &s->uses.items[i].values.items[items[i]],
                 &draft.uses[i], all_documented);
  }
  for (uint32_t n = 0; n < changed && s->uses.count > 0; n++) {
    uint32_t i = below(chance, s->uses.count);
    const Use *use = &s->uses.items[i];
    choose_given(arena, s, chance, use, &use->values.items[below(chance, use->values.count)],
                 &draft.uses[i], all_documented);
  }
  for (uint32_t n = 1 + below(chance, 5); n > 0 && s->uses.count > 0; n--) {
    uint32_t i = below(chance, s->uses.count);
    if (is_open_dimension(s, i)) leave_out(&draft.uses[i], s->uses.items[i].fact, chance);
  }
  if (s->version->evidence[s->kind] && s->uses.count > 0) limit_attested(s, chance, &draft);
  choose_extra(s, chance, &draft);
  choose_noise(arena, s, chance, &draft);
  return draft;
}

uint64_t completions(Arena *arena, const Draft *draft) {
  Table table;
  uint64_t size = 0;
  for (int evidence = AS_GIVEN; evidence <= AS_DOCUMENTED; evidence++) {
    if (evidence == AS_DOCUMENTED && !draft->subject->version->evidence[draft->subject->kind])
      break;
    if (!table_open(&table, arena, draft, (Evidence)evidence)) return UINT64_MAX;
    size += table.size;
  }
  return size;
}

/* A test over several measured facts, or a length between two dates, stands for itself in the
 * engine as long as one of them is open (diagram/variable.h): what follows for the others from
 * those that are known is not seen. That is exact where each must be given anyway; elsewhere such
 * measures are known here, and of two dates both or neither. */
static bool stands_for_itself(const Use *use) {
  if (!use->joint || use->given) return false;
  return use->fact->type.kind == TYPE_DATE ||
         (use->fact->type.kind == TYPE_QUANTITY && use->fact->type.dimension != DIMENSION_COUNT);
}

void know_measures(Arena *arena, Draft *draft, const Pool *pool, Chance *chance) {
  const Subject *s = draft->subject;
  bool some_known = false;
  for (uint32_t i = 0; i < s->uses.count; i++) {
    some_known = some_known || (stands_for_itself(&s->uses.items[i]) && is_known(&draft->uses[i]));
  }
  for (uint32_t i = 0; i < s->uses.count; i++) {
    const Use *use = &s->uses.items[i];
    if (!stands_for_itself(use) || is_known(&draft->uses[i]) ||
        (use->fact->type.kind == TYPE_DATE && !some_known))
      continue;
    choose_given(arena, s, chance, use, &use->values.items[pool->items[0][i]], &draft->uses[i],
                 true);
  }
}

void make_small(Arena *arena, Draft *draft, const Pool *pool, Chance *chance, uint64_t most) {
  const Subject *s = draft->subject;
  know_measures(arena, draft, pool, chance);
  while (completions(arena, draft) > most) {
    uint32_t i = below(chance, s->uses.count);
    Given *given = &draft->uses[i];
    const Use *use = &s->uses.items[i];
    if (!is_known(given)) {
      choose_given(arena, s, chance, use, &use->values.items[pool->items[0][i]], given, true);
    }
    given->documented = true;
    if (use->fact->type.kind == TYPE_LIST && in_100(chance, 50)) given->complete = 1;
    know_measures(arena, draft, pool, chance);
  }
}
