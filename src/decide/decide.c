/* The decision: what follows from the facts, exactly.
 *
 * Order of questions (domain rules in docs/determination.md):
 *   1. Does every completion of what is not known approve?            → approve, by the pathway
 * with the best grant …and does it still where clinical facts without a document are taken as not
 * known, if the policy demands evidence? else → pend
 *   2. Can some completion approve?                                   → pend where no judgment is
 * needed for it, else refer
 *   3. None can: another policy, case by case, a use not renewable, or criteria not met.
 */
#include <string.h>

#include "decide/session.h"

/* ---- Binding: facts to cells ---- */

uint64_t bind_variable(const CompiledPolicy *compiled, const Variable *variable, const Facts *facts,
                       EntryUse use) {
  const uint64_t *not_known =
      variable->fact == NULL ? NULL : compiled->policy->not_known[variable->fact->index];
  if (variable->kind == VARIABLE_PATTERN && !variable->fact->clinical) use = ENTRIES_ALL;
  return variable_cells(variable, facts, not_known, use);
}

static void bind(const CompiledPolicy *compiled, const Facts *facts, uint64_t *cells) {
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    const Variable *variable = compiled->set.variables.items[v];
    if (!variable_cells_plainly(variable, facts, &cells[v]))
      cells[v] = bind_variable(compiled, variable, facts, ENTRIES_ALL);
  }
}

static bool is_one(uint64_t cells) { return (cells & (cells - 1)) == 0; }

/* Cells that no possible patient has, given the rest, are no cells: a Ph-like patient's
 * Philadelphia chromosome is negative without being asked. False where no patient is possible. */
static bool confine(const CompiledPolicy *compiled, uint64_t *allowed, DiagramScratch *scratch) {
  if (compiled->possible == DIAGRAM_TRUE) return true;
  if (diagram_evaluate(&compiled->diagram, compiled->possible, DIAGRAM_TRUE, allowed, scratch) ==
      HOLDS_ALWAYS)
    return true;
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    if (is_one(allowed[v]) || !compiled->bears_on_possible[v]) continue;
    uint64_t open = allowed[v], kept = 0;
    for (uint64_t cells = open; cells != 0; cells &= cells - 1) {
      allowed[v] = cells & -cells;
      if (diagram_evaluate(&compiled->diagram, compiled->possible, DIAGRAM_TRUE, allowed,
                           scratch) != HOLDS_NEVER)
        kept |= allowed[v];
    }
    allowed[v] = kept;
    if (kept == 0) return allowed[v] = open, false;
  }
  return diagram_evaluate(&compiled->diagram, compiled->possible, DIAGRAM_TRUE, allowed, scratch) !=
         HOLDS_NEVER;
}

static Holds ask(const licet_determination *d, DiagramRef function, const uint64_t *allowed) {
  return diagram_evaluate(&d->compiled->diagram, function, d->compiled->possible, allowed,
                          d->session->scratch);
}

bool session_bind(licet_session *session) {
  licet_determination *d = &session->determination;
  if (d->compiled == NULL) return true;
  uint32_t count = d->compiled->set.variables.count;
  d->bound = arena_allocate_raw(&session->arena, 2 * count * sizeof *d->bound);
  d->allowed = d->bound + count;
  bind(d->compiled, &d->facts, d->bound);
  memcpy(d->allowed, d->bound, count * sizeof *d->bound);
  if (confine(d->compiled, d->allowed, session->scratch)) return true;
  request_error_add(&session->request_errors, TEXT("facts"), TEXT("/facts"),
                    TEXT("facts that contradict each other"),
                    "facts that some patient can have together");
  return false;
}

/* ---- Sets of facts ---- */

/* The facts of the policy as bits, in alphabetical order. */
static uint64_t bits_where(const licet_determination *d,
                           bool (*is)(const licet_determination *, const Fact *)) {
  uint64_t bits = 0;
  for (uint32_t i = 0; i < d->compiled->set.facts.count; i++) {
    if (is(d, d->compiled->set.facts.items[i])) bits |= UINT64_C(1) << i;
  }
  return bits;
}

static bool is_judgment(const licet_determination *d, const Fact *fact) {
  (void)d;
  return fact->supplier == SUPPLIER_REVIEWER;
}

static bool is_unknown(const licet_determination *d, const Fact *fact) {
  return !d->facts.values[fact->index].known;
}

bool fact_is_attested(const Fact *fact, const FactValue *value) {
  if (!value->known || value->defaulted || value->documented) return false;
  if (fact->type.kind != TYPE_LIST) return true;
  for (uint32_t i = 0; i < value->entry_count; i++) {
    if (!value->entries[i].documented) return true;
  }
  return value->entry_count == 0;
}

static bool is_attested(const licet_determination *d, const Fact *fact) {
  return fact_is_attested(fact, &d->facts.values[fact->index]);
}

static bool is_attested_clinical(const licet_determination *d, const Fact *fact) {
  return fact->clinical && is_attested(d, fact);
}

typedef struct Question {
  uint64_t *choice, *facts;
  bool *together;
  SetQuestion set;
} Question;

static Question question_open(licet_determination *d, DiagramRef function,
                              const uint64_t *allowed) {
  Arena *arena = &d->session->arena;
  uint32_t count = d->compiled->set.variables.count;
  Question q = {ARENA_ARRAY(arena, uint64_t, count),
                ARENA_ARRAY(arena, uint64_t, count),
                ARENA_ARRAY(arena, bool, count),
                {0}};
  q.set = (SetQuestion){&d->compiled->diagram,
                        function,
                        d->compiled->possible,
                        allowed,
                        q.choice,
                        q.facts,
                        q.together};
  return q;
}

static bool is_flag(const Variable *variable) {
  return variable->kind == VARIABLE_GIVEN || variable->kind == VARIABLE_DOCUMENTED;
}

/* A history or a series can be given and still leave something open. */
static bool is_open_ended(const licet_determination *d, const Fact *fact) {
  (void)d;
  return fact->type.kind == TYPE_LIST || fact->type.kind == TYPE_SERIES;
}

/* What must be supplied for the variable to be known: its unknown facts, or, where all are given,
 * those that were left open. 0: it is known. */
static uint64_t facts_to_supply(const licet_determination *d, uint32_t v, uint64_t unknown) {
  const Variable *variable = d->compiled->set.variables.items[v];
  if (is_one(d->allowed[v])) return 0;
  uint64_t bits = variable->facts & unknown;
  if (bits == 0) bits = variable->facts & bits_where(d, is_open_ended);
  return bits != 0 ? bits : variable->facts;
}

/* The questions: variables that the requester or the plan's records can settle may be chosen, at
 * the cost of their facts. */
static void offer_supply(const licet_determination *d, Question *q, uint64_t free) {
  uint64_t judgments = bits_where(d, is_judgment), unknown = bits_where(d, is_unknown);
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++) {
    uint64_t bits = facts_to_supply(d, v, unknown);
    if (bits == 0 || (bits & judgments) != 0) continue;
    q->choice[v] = is_flag(d->compiled->set.variables.items[v]) ? 2 : d->allowed[v];
    q->facts[v] = bits & ~free;
  }
}

/* What must be documented for the variable to stand as attested: clinical facts; and any fact a
 * criterion wants documented by name.
 */
static uint64_t facts_to_document(const licet_determination *d, uint32_t v, uint64_t attested,
                                  uint64_t clinical) {
  const Variable *variable = d->compiled->set.variables.items[v];
  return variable->facts & (variable->kind == VARIABLE_DOCUMENTED ? attested : clinical);
}

/* The documents: variables that rest on attested facts may be settled as attested, at the cost of
 * those facts. */
static void offer_documents(const licet_determination *d, Question *q) {
  uint64_t attested = bits_where(d, is_attested), clinical = bits_where(d, is_attested_clinical);
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++) {
    uint64_t bits = facts_to_document(d, v, attested, clinical);
    if (bits == 0 || q->set.allowed[v] == d->allowed[v]) continue;
    q->choice[v] = d->allowed[v];
    q->facts[v] = bits;
    q->together[v] = true;
  }
}

static bool set_before(uint64_t a, uint64_t b) {
  int size_a = __builtin_popcountll(a), size_b = __builtin_popcountll(b);
  if (size_a != size_b) return size_a < size_b;
  uint64_t differ = a ^ b;
  return (a & differ & -differ) != 0; /* the first fact in which they differ is a's */
}

/* Keeps the list free of supersets and in order. */
static void add_set(licet_determination *d, uint64_t set) {
  for (uint32_t i = 0; i < d->missing.count; i++) {
    if ((d->missing.items[i] & ~set) == 0) return;
  }
  uint32_t kept = 0;
  for (uint32_t i = 0; i < d->missing.count; i++) {
    if ((set & ~d->missing.items[i]) != 0) d->missing.items[kept++] = d->missing.items[i];
  }
  d->missing.count = kept;
  LIST_PUSH(&d->session->arena, d->missing, set);
  for (uint32_t i = d->missing.count - 1;
       i > 0 && set_before(d->missing.items[i], d->missing.items[i - 1]); i--) {
    uint64_t swap = d->missing.items[i];
    d->missing.items[i] = d->missing.items[i - 1];
    d->missing.items[i - 1] = swap;
  }
}

static uint64_t all_facts(const licet_determination *d, const Question *q) {
  uint64_t set = 0;
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++)
    set |= q->choice[v] != 0 ? q->facts[v] : 0;
  return set;
}

/* Where the search for all sets would take too long: one minimal set, found by leaving out what can
 * be left out. */
static uint32_t find_one_set(licet_determination *d, const Question *q, uint64_t *sets) {
  DiagramScratch *scratch = d->session->scratch;
  uint64_t set = all_facts(d, q);
  if (!diagram_is_enough(&q->set, set, scratch)) return 0;
  for (uint64_t members = set; members != 0; members &= members - 1) {
    uint64_t fact = members & -members;
    if (diagram_is_enough(&q->set, set & ~fact, scratch)) set &= ~fact;
  }
  sets[0] = set;
  return 1;
}

static uint32_t smallest_sets(licet_determination *d, const Question *q,
                              uint64_t sets[LIMIT_MISSING_SETS]) {
  uint32_t count = diagram_minimal_sets(&q->set, d->session->scratch, sets, LIMIT_MISSING_SETS);
  return count > 0 ? count : find_one_set(d, q, sets);
}

static void find_missing(licet_determination *d, DiagramRef function) {
  uint64_t sets[LIMIT_MISSING_SETS];
  Question q = question_open(d, function, d->allowed);
  offer_supply(d, &q, 0);
  uint32_t count = smallest_sets(d, &q, sets);
  for (uint32_t i = 0; i < count; i++) add_set(d, sets[i]);
  if (d->missing.count > LIMIT_MISSING_SETS) d->missing.count = LIMIT_MISSING_SETS;
}

/* ---- Evidence ---- */

/* Takes attested clinical facts out of the row of facts, or puts them back. Lists stay: their
 * entries are counted one by one. */
static void set_known(licet_determination *d, uint64_t facts, bool known) {
  for (; facts != 0; facts &= facts - 1) {
    const Fact *fact = d->compiled->set.facts.items[__builtin_ctzll(facts)];
    if (fact->type.kind != TYPE_LIST) d->facts.values[fact->index].known = known;
  }
}

/* The cells where attested clinical facts are taken as not known, or NULL where that changes
 * nothing. */
static uint64_t *bind_documented(licet_determination *d) {
  const CompiledPolicy *compiled = d->compiled;
  const uint64_t attested = bits_where(d, is_attested),
                 clinical = bits_where(d, is_attested_clinical);
  if (attested == 0) return NULL;
  uint64_t *without = ARENA_ARRAY(&d->session->arena, uint64_t, compiled->set.variables.count);
  bool changed = false;
  set_known(d, clinical, false);
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    const Variable *variable = compiled->set.variables.items[v];
    without[v] = (variable->facts & attested) == 0
                     ? d->bound[v]
                     : bind_variable(compiled, variable, &d->facts, ENTRIES_DOCUMENTED);
    changed = changed || without[v] != d->bound[v];
  }
  set_known(d, clinical, true);
  if (!changed) return NULL;
  confine(compiled, without, d->session->scratch);
  return without;
}

/* Is the approval by `function` documented? If not, *without holds the cells that the documents
 * leave. */
static bool is_documented(licet_determination *d, DiagramRef function, const uint64_t **without) {
  if (!d->compiled->policy->evidence[d->compiled->kind]) return true;
  *without = bind_documented(d);
  return *without == NULL || ask(d, function, *without) == HOLDS_ALWAYS;
}

static void find_documents(licet_determination *d, DiagramRef function, const uint64_t *without) {
  uint64_t sets[LIMIT_MISSING_SETS];
  Question q = question_open(d, function, without);
  offer_documents(d, &q);
  uint32_t count = smallest_sets(d, &q, sets);
  for (uint32_t i = 0; i < count; i++) LIST_PUSH(&d->session->arena, d->documents, sets[i]);
}

/* Beside questions: one set, so that one letter asks for everything. For every answer that would be
 * enough, the documents that the approval would then rest on; what is supplied counts as
 * documented. */

enum { LETTER_ANSWERS = 2000 };

typedef struct Letter {
  licet_determination *d;
  uint64_t *allowed; /* with the answers tried */
  uint64_t *without; /* the same where attested facts are not known */
  uint64_t supplied; /* the set of facts asked for */
  uint64_t unknown;
  uint64_t documents;
  uint32_t answers;
} Letter;

static void add_letter_documents(Letter *letter) {
  uint64_t sets[LIMIT_MISSING_SETS];
  licet_determination *d = letter->d;
  Question q = question_open(d, d->compiled->approve, letter->without);
  offer_documents(d, &q);
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++) q.facts[v] &= ~letter->supplied;
  uint32_t count = smallest_sets(d, &q, sets);
  for (uint32_t i = 0; i < count; i++) letter->documents |= sets[i];
}

static bool is_supplied(const Letter *letter, uint32_t v) {
  uint64_t bits = facts_to_supply(letter->d, v, letter->unknown);
  return bits != 0 && (bits & ~letter->supplied) == 0;
}

/* Every answer to the facts asked for, variable by variable; branches that can no longer approve
 * are left. */
static void try_answers(Letter *letter, uint32_t v) {
  licet_determination *d = letter->d;
  while (v < d->compiled->set.variables.count && !is_supplied(letter, v)) v++;
  if (letter->answers >= LETTER_ANSWERS) return;
  letter->answers++;
  if (v == d->compiled->set.variables.count) {
    if (ask(d, d->compiled->approve, letter->allowed) == HOLDS_ALWAYS) add_letter_documents(letter);
    return;
  }
  uint64_t before = letter->allowed[v], before_without = letter->without[v];
  for (uint64_t cells = is_flag(d->compiled->set.variables.items[v]) ? 2 : before; cells != 0;
       cells &= cells - 1) {
    letter->allowed[v] = letter->without[v] = cells & -cells;
    if (ask(d, d->compiled->approve, letter->allowed) != HOLDS_NEVER) try_answers(letter, v + 1);
  }
  letter->allowed[v] = before;
  letter->without[v] = before_without;
}

static void find_documents_beside_missing(licet_determination *d) {
  if (!d->compiled->policy->evidence[d->compiled->kind]) return;
  uint64_t *without = bind_documented(d);
  if (without == NULL) return;
  size_t size = d->compiled->set.variables.count * sizeof *without;
  Letter letter = {.d = d,
                   .allowed = arena_allocate(&d->session->arena, size),
                   .without = without,
                   .unknown = bits_where(d, is_unknown)};
  memcpy(letter.allowed, d->allowed, size);
  for (uint32_t m = 0; m < d->missing.count; m++) {
    letter.supplied = d->missing.items[m];
    letter.answers = 0;
    try_answers(&letter, 0);
  }
  if (letter.documents != 0) LIST_PUSH(&d->session->arena, d->documents, letter.documents);
}

/* ---- Grants ---- */

/* The length a term comes to, in calendar units, and the unit it is told in. */
static bool length_of(const Term *term, const Facts *facts, Span *length, Span *unit) {
  Span other, other_unit;
  Date start = facts->values[FACT_START].date;
  switch (term->kind) {
    case TERM_SPAN:
      *length = term->span;
      *unit = term->unit;
      return true;
    case TERM_FACT:
      if (!facts->values[term->fact->index].known || facts->values[term->fact->index].is_none)
        return false;
      *length = facts->values[term->fact->index].span;
      *unit = length->months != 0     ? (Span){1, 0}
              : length->days % 7 == 0 ? (Span){0, 7}
                                      : (Span){0, 1};
      return true;
    case TERM_LEAST:
    case TERM_GREATEST:
      if (!length_of(term->a, facts, length, unit)) return length_of(term->b, facts, length, unit);
      if (!length_of(term->b, facts, &other, &other_unit)) return true;
      if ((date_add(start, other) < date_add(start, *length)) == (term->kind == TERM_LEAST)) {
        *length = other;
        *unit = other_unit;
      }
      return true;
    default:
      return false;
  }
}

Authorization authorization_of(const licet_determination *d, const Outcome *outcome) {
  Authorization authorization = {0};
  for (uint32_t i = 0; i < outcome->items.count; i++) {
    const AuthorizationItem *item = &outcome->items.items[i];
    TermValue value = evaluate_term(item->amount, &d->facts);
    switch (item->kind) {
      case AUTHORIZATION_LENGTH:
        authorization.has_length =
            length_of(item->amount, &d->facts, &authorization.length, &authorization.unit);
        if (authorization.has_length)
          authorization.end = date_last_of(d->request.start, authorization.length);
        break;
      case AUTHORIZATION_CYCLES: /* where a count is open, the least it can be */
        authorization.has_cycles = true;
        authorization.cycles = value.low < 0 ? 0 : value.low / AMOUNT_ONE;
        break;
      case AUTHORIZATION_RENEWALS:
        authorization.has_renewals = true;
        authorization.renewals = value.low < 0 ? 0 : value.low / AMOUNT_ONE;
        break;
    }
  }
  return authorization;
}

/* The longer grant; among equals the one with more renewals left; then page order. A grant without
 * an end is the longest. */
bool better_authorization(const Authorization *a, const Authorization *b) {
  int64_t end_a = a->has_length ? a->end : INT64_MAX, end_b = b->has_length ? b->end : INT64_MAX;
  if (end_a != end_b) return end_a > end_b;
  return (a->has_renewals ? a->renewals : 0) > (b->has_renewals ? b->renewals : 0);
}

/* ---- Approving ---- */

static const char *pathway_name(licet_determination *d, const Outcome *outcome) {
  return arena_copy(&d->session->arena, outcome->pathway->path.at, outcome->pathway->path.length);
}

static void add_also_met(licet_determination *d, const Outcome *outcome) {
  const char *name = pathway_name(d, outcome);
  if (strcmp(name, d->pathway) == 0) return;
  for (uint32_t i = 0; i < d->also_met.count; i++) {
    if (strcmp(d->also_met.items[i], name) == 0) return;
  }
  LIST_PUSH(&d->session->arena, d->also_met, name);
}

static void approve(licet_determination *d, Authorization authorization, const Outcome *outcome) {
  d->outcome = LICET_APPROVE;
  d->authorized = true;
  d->authorized_by = outcome;
  d->authorization = authorization;
  d->pathway = pathway_name(d, outcome);
}

/* A single pathway is met whatever the unknown facts are: the best of them is granted. NULL where
 * there is none. */
static const CompiledOutcome *best_certain(const licet_determination *d,
                                           Authorization *authorization) {
  const CompiledOutcome *best = NULL;
  for (uint32_t i = 0; i < d->compiled->approvals.count; i++) {
    const CompiledOutcome *candidate = &d->compiled->approvals.items[i];
    if (ask(d, candidate->holds, d->allowed) != HOLDS_ALWAYS) continue;
    Authorization authorized = authorization_of(d, candidate->outcome);
    if (best != NULL && !better_authorization(&authorized, authorization)) continue;
    best = candidate;
    *authorization = authorized;
  }
  return best;
}

static void name_also_met(licet_determination *d) {
  for (uint32_t i = 0; i < d->compiled->approvals.count; i++) {
    const CompiledOutcome *other = &d->compiled->approvals.items[i];
    if (ask(d, other->holds, d->allowed) == HOLDS_ALWAYS) add_also_met(d, other->outcome);
  }
}

/* No pathway is certain, but together they cover every completion. Each completion would be granted
 * the best pathway it meets; those that are best somewhere are named, and the least of their grants
 * is given. */
static void approve_covered(licet_determination *d) {
  const CompiledPolicy *compiled = d->compiled;
  uint32_t count = compiled->approvals.count;
  Arena *arena = &d->session->arena;
  Authorization *authorizations = ARENA_ARRAY(arena, Authorization, count), least = {0};
  uint32_t *order = ARENA_ARRAY(arena, uint32_t, count);
  bool *needed = ARENA_ARRAY(arena, bool, count);
  for (uint32_t i = 0; i < count; i++) {
    authorizations[i] = authorization_of(d, compiled->approvals.items[i].outcome);
    order[i] = i;
    for (uint32_t j = i;
         j > 0 && better_authorization(&authorizations[order[j]], &authorizations[order[j - 1]]);
         j--) {
      uint32_t swap = order[j];
      order[j] = order[j - 1];
      order[j - 1] = swap;
    }
  }
  const CompiledOutcome *first = NULL;
  DiagramRef *ahead = ARENA_ARRAY(arena, DiagramRef, count);
  for (uint32_t i = 0; i < count;
       i++) { /* best somewhere: some completion meets it and nothing better */
    ahead[i] = compiled->approvals.items[order[i]].holds;
    needed[order[i]] = diagram_any_excluding(&compiled->diagram, ahead[i], ahead, i,
                                             compiled->possible, d->allowed);
  }
  bool any = false;
  for (uint32_t i = 0; i < count; i++) {
    if (!needed[i]) continue;
    if (first == NULL) first = &compiled->approvals.items[i];
    if (!any || better_authorization(&least, &authorizations[i])) least = authorizations[i];
    any = true;
  }
  approve(d, least, first->outcome);
  d->authorized_by = NULL;
  for (uint32_t i = 0; i < count; i++) {
    if (needed[i]) add_also_met(d, compiled->approvals.items[i].outcome);
  }
}

static void pend_for_documents(licet_determination *d) {
  d->outcome = LICET_PEND;
  d->authorized = false;
  d->authorized_by = NULL;
  d->pathway = "";
  d->also_met.count = 0;
}

static void decide_approved(licet_determination *d) {
  Authorization authorization;
  const CompiledOutcome *best = best_certain(d, &authorization);
  DiagramRef judged_by = d->compiled->approve;
  if (best != NULL) {
    approve(d, authorization, best->outcome);
    name_also_met(d);
    judged_by = best->holds;
  } else {
    approve_covered(d);
  }
  const uint64_t *without;
  if (is_documented(d, judged_by, &without)) return;
  find_documents(d, judged_by, without);
  pend_for_documents(d);
}

/* ---- Not approving ---- */

static void refer(licet_determination *d, const char *reason) {
  d->outcome = LICET_REFER;
  d->reason = reason;
}

static void decide_open(licet_determination *d) {
  find_missing(d, d->compiled->approve);
  if (d->missing.count == 0) {
    refer(d, "judgment");
    return;
  }
  d->outcome = LICET_PEND;
  find_documents_beside_missing(d);
}

static void decide_route(licet_determination *d) {
  const CompiledRoute *only = NULL;
  uint32_t possible = 0;
  for (uint32_t i = 0; i < d->compiled->routes.count; i++) {
    const CompiledRoute *route = &d->compiled->routes.items[i];
    Holds holds = ask(d, route->holds, d->allowed);
    if (holds == HOLDS_NEVER) continue;
    const char *pathway = pathway_name(d, route->outcome);
    if (possible++ == 0) d->pathway = pathway;
    if (strcmp(pathway, d->pathway) != 0)
      d->pathway = ""; /* which of them it is hangs on what is open */
    if (holds == HOLDS_ALWAYS) only = route;
  }
  if (possible == 1 && only != NULL) {
    d->route = arena_copy(&d->session->arena, only->code.at, only->code.length);
    return;
  }
  for (uint32_t i = 0; i < d->compiled->routes.count; i++)
    find_missing(d, d->compiled->routes.items[i].holds);
}

static const char *const reasons[] = {"case_by_case", "other_policy", "not_renewable",
                                      "criteria_not_met"};
typedef enum Reason { CASE_BY_CASE, OTHER_POLICY, NOT_RENEWABLE, CRITERIA_NOT_MET } Reason;

static bool can_hold(const licet_determination *d, DiagramRef function) {
  return ask(d, function, d->allowed) != HOLDS_NEVER;
}

static Reason refer_closed(licet_determination *d) {
  const CompiledPolicy *compiled = d->compiled;
  const Reason reason = can_hold(d, compiled->case_by_case)    ? CASE_BY_CASE
                        : can_hold(d, compiled->other_policy)  ? OTHER_POLICY
                        : can_hold(d, compiled->not_renewable) ? NOT_RENEWABLE
                                                               : CRITERIA_NOT_MET;
  refer(d, reasons[reason]);
  return reason;
}

static void name_referral(licet_determination *d) {
  uint32_t first = 0;
  while (!can_hold(d, d->compiled->referrals.items[first].holds)) first++;
  d->pathway = pathway_name(d, d->compiled->referrals.items[first].outcome);
}

static void decide_closed(licet_determination *d) {
  const Reason reason = refer_closed(d);
  if (reason == CASE_BY_CASE) name_referral(d);
  if (reason == OTHER_POLICY) decide_route(d);
}

void session_decide(licet_session *session) {
  licet_determination *d = &session->determination;
  if (d->compiled == NULL) {
    d->outcome = LICET_NO_POLICY;
    return;
  }
  switch (ask(d, d->compiled->approve, d->allowed)) {
    case HOLDS_ALWAYS:
      decide_approved(d);
      return;
    case HOLDS_SOMETIMES:
      decide_open(d);
      return;
    case HOLDS_NEVER:
      decide_closed(d);
      return;
  }
}

/* ---- The outcome alone ---- */

/* Without demands of evidence every approval is like any other; with them, it is that of the
 * pathway with the best grant. */
static void outcome_of_approved(licet_determination *d) {
  Authorization authorization;
  const uint64_t *without;
  const bool demands = d->compiled->policy->evidence[d->compiled->kind];
  const CompiledOutcome *best = demands ? best_certain(d, &authorization) : NULL;
  d->outcome = is_documented(d, best == NULL ? d->compiled->approve : best->holds, &without)
                   ? LICET_APPROVE
                   : LICET_PEND;
}

/* Where no fact is a reviewer's and no test asks whether a fact is given, whatever is open can be
 * answered, and one of the answers approves. */
static bool is_answerable(const licet_determination *d) {
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++) {
    if (is_flag(d->compiled->set.variables.items[v])) return false;
  }
  return bits_where(d, is_judgment) == 0;
}

/* Some set of facts is enough exactly where all of them together are. */
static void outcome_of_open(licet_determination *d) {
  if (is_answerable(d)) {
    d->outcome = LICET_PEND;
    return;
  }
  Question q = question_open(d, d->compiled->approve, d->allowed);
  offer_supply(d, &q, 0);
  if (diagram_is_enough(&q.set, all_facts(d, &q), d->session->scratch)) {
    d->outcome = LICET_PEND;
  } else {
    refer(d, "judgment");
  }
}

void session_decide_outcome(licet_session *session) {
  licet_determination *d = &session->determination;
  d->outcome = LICET_NO_POLICY;
  if (d->compiled == NULL) return;
  switch (ask(d, d->compiled->approve, d->allowed)) {
    case HOLDS_ALWAYS:
      outcome_of_approved(d);
      return;
    case HOLDS_SOMETIMES:
      outcome_of_open(d);
      return;
    case HOLDS_NEVER:
      refer_closed(d);
      return;
  }
}
