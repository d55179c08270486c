/* Where a policy cuts a date or a quantity: a pair of cases, one on either side, between which
 * nothing but that value differs and the decision turns.
 *
 * A request of which the cut is no matter shows nothing: it is refused for something else, or
 * concerns another drug. So every request there is is tried as the base of every cut, and then each
 * with one more fact said otherwise, before a cut is given up. */
#include "coverage/suggest.h"

#include <string.h>

enum {
  CELLS = 8,
  SECOND_TRIES_MAX =
      20000,          /* requests that are tried for one policy with one more fact otherwise */
  PAIRS_MAX = 1 << 16 /* pairs of places in the diagram that a proof looks at */
};

typedef enum Side { BELOW, ABOVE, SIDES } Side;

/* A cut as a version and kind of the policy make it: known by the cells of the fact's variables on
 * its sides, the first few. */
typedef struct Cut {
  const CompiledPolicy *compiled;
  const Fact *fact;
  uint64_t cells[SIDES][CELLS];
  uint8_t variables[CELLS], variable_count; /* whose cells they are */
  bool has_more;                            /* variables than these */
  bool never_matters;                       /* in no request of this version and kind: proved */
  uint32_t worth;                           /* of the base: 0 where none shows it */
  bool is_there[SIDES];                     /* some case that shows it lies as near */
  Text request[SIDES], value[SIDES], decision[SIDES];
  Text words; /* of the side above: "at least 45 kg" */
} Cut;
typedef LIST(Cut) CutList;

/* ---- Which cut ---- */

static void fill_cells(Cut *cut, Side side, Facts *facts, const FactValue *value) {
  const CompiledPolicy *compiled = cut->compiled;
  const Fact *fact = cut->fact;
  const uint64_t bit = variables_fact(&compiled->set, fact);
  FactValue before = facts->values[fact->index];
  uint8_t count = 0;
  facts->values[fact->index] = *value;
  facts->values[fact->index].known = true;
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    const Variable *variable = compiled->set.variables.items[v];
    if ((variable->facts & bit) == 0) continue;
    cut->has_more = cut->has_more || count == CELLS;
    if (count == CELLS) break;
    cut->variables[count] = (uint8_t)v;
    const uint64_t *not_known =
        variable->fact == NULL ? NULL : compiled->policy->not_known[variable->fact->index];
    cut->cells[side][count++] = variable_cells(variable, facts, not_known, ENTRIES_ALL);
  }
  cut->variable_count = count;
  facts->values[fact->index] = before;
}

static Cut *cut_like(Suggest *suggest, CutList *list, const Cut *like) {
  for (uint32_t i = 0; i < list->count; i++) {
    Cut *cut = &list->items[i];
    if (cut->compiled == like->compiled && cut->fact == like->fact &&
        memcmp(cut->cells, like->cells, sizeof like->cells) == 0)
      return cut;
  }
  LIST_PUSH(&suggest->coverage->arena, *list, *like);
  return &list->items[list->count - 1];
}

/* ---- Does the decision turn? ---- */

static Text decision_words(Arena *arena, const licet_determination *d) {
  const licet_authorization authorization = licet_determination_authorization(d);
  Buffer out;
  buffer_open(&out, arena, 96);
  buffer_string(&out, licet_outcome_name(d->outcome));
  if (d->reason != LICET_REASON_NONE) buffer_format(&out, " (%s)", licet_reason_name(d->reason));
  if (d->pathway[0] != '\0') buffer_format(&out, " by %s", d->pathway);
  if (d->route[0] != '\0') buffer_format(&out, " to %s", d->route);
  if (d->authorized && authorization.end != NULL)
    buffer_format(&out, " until %s", authorization.end);
  if (d->authorized && authorization.cycles >= 0)
    buffer_format(&out, ", %d cycles", authorization.cycles);
  if (d->authorized && authorization.renewals_left >= 0)
    buffer_format(&out, ", %d renewals left", authorization.renewals_left);
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

/* The request at hand with the value, and what was changed besides; false where nobody is like
 * that. */
static bool decide_with(Suggest *suggest, const Cut *cut, Restated value, const Restated *besides,
                        Text *request, Text *decision) {
  licet_session *session = suggest->coverage->session;
  const Restated changes[2] = {value, besides == NULL ? value : *besides};
  *request = suggest_with(suggest, changes, besides == NULL ? 1 : 2);
  suggest->tries++;
  if (session_run(session,
                  &(Task){.json = request->at, .length = request->length, .depth = DEPTH_ANSWER}) !=
      LICET_OK)
    return false;
  if (session->determination.compiled != cut->compiled) return false;
  *decision = decision_words(suggest->arena, &session->determination);
  return true;
}

/* ---- The cuts of the request at hand ---- */

/* What is known of the request at hand before it is changed; the session goes on. */
typedef struct Base {
  const CompiledPolicy *compiled;
  bool is_stated;
  Amount stated; /* what it says of the fact */
  const Restated *besides;
} Base;

static Amount line_value(const Fact *fact, const FactValue *value) {
  return fact->type.kind == TYPE_DATE ? value->date : value->amount;
}

/* Does the request state a value on this side, and no further from the cut than the one that would
 * be suggested? */
static bool is_as_near(const Base *base, const Fact *fact, const Supposed *supposed, Side side) {
  if (!base->is_stated || base->stated < supposed->from || base->stated > supposed->to)
    return false;
  const Amount wanted = line_value(fact, &supposed->value);
  return side == ABOVE ? base->stated <= wanted : base->stated >= wanted;
}

static void take_base(Suggest *suggest, Cut *cut, const Base *base, const Supposed *sides[SIDES]) {
  Text request[SIDES], decision[SIDES];
  for (Side side = BELOW; side < SIDES; side++) {
    const Restated value = {cut->fact->name, sides[side]->json};
    if (!decide_with(suggest, cut, value, base->besides, &request[side], &decision[side])) return;
  }
  if (text_equal(decision[BELOW], decision[ABOVE])) return;
  bool approves = false;
  for (Side side = BELOW; side < SIDES; side++) {
    approves = approves || strncmp(decision[side].at, "approve", 7) == 0;
    cut->is_there[side] = cut->is_there[side] ||
                          (base->besides == NULL && is_as_near(base, cut->fact, sides[side], side));
  }
  const uint32_t worth = 1u + 2u * base->is_stated + approves;
  if (worth <= cut->worth) return;
  Arena *arena = &suggest->coverage->arena;
  cut->worth = worth;
  cut->words = text_copy(arena, sides[ABOVE]->words);
  for (Side side = BELOW; side < SIDES; side++) {
    cut->request[side] = text_copy(arena, request[side]);
    cut->decision[side] = text_copy(arena, decision[side]);
    cut->value[side] = text_copy(arena, sides[side]->json);
  }
}

/* Neighbours on the line, the last value of one case and the first of the next. */
static bool is_cut(const Supposed *below, const Supposed *above) {
  return below->is_line && above->is_line && below->to < above->from;
}

typedef struct Found {
  Cut cut;
  Supposed sides[SIDES];
  Base base;
} Found;
typedef LIST(Found) FoundList;

/* All that the facts of the session's determination tell, before the session goes on. */
static FoundList cuts_here(Suggest *suggest) {
  FoundList found = {0};
  licet_determination *d = &suggest->coverage->session->determination;
  for (uint32_t i = 0; i < d->compiled->set.facts.count; i++) {
    const Fact *fact = d->compiled->set.facts.items[i];
    if (fact->type.kind != TYPE_DATE && fact->type.kind != TYPE_QUANTITY) continue;
    const FactValue *stated = &d->facts.values[fact->index];
    Base base = {.compiled = d->compiled, .is_stated = stated->known && !stated->is_none};
    base.stated = base.is_stated ? line_value(fact, stated) : 0;
    const SupposedList values = suppose_values(suggest->arena, d->compiled, fact, &d->facts);
    for (uint32_t v = 0; v + 1 < values.count; v++) {
      const Supposed *below = &values.items[v], *above = &values.items[v + 1];
      if (!is_cut(below, above) || is_yet_to_come(d, fact, below) || is_yet_to_come(d, fact, above))
        continue;
      Found one = {.cut = {.compiled = d->compiled, .fact = fact}, .base = base};
      one.sides[BELOW] = *below;
      one.sides[ABOVE] = *above;
      fill_cells(&one.cut, BELOW, &d->facts, &below->value);
      fill_cells(&one.cut, ABOVE, &d->facts, &above->value);
      LIST_PUSH(suggest->arena, found, one);
    }
  }
  return found;
}

static void find_cuts(Suggest *suggest, Covered *covered, CutList *list) {
  for (uint32_t r = 0; r < covered->requests.count; r++) {
    arena_reset(suggest->arena);
    if (!suggest_base(suggest, covered->requests.items[r]) ||
        !suggest_decide(suggest, covered->requests.items[r]))
      continue;
    FoundList found = cuts_here(suggest);
    for (uint32_t i = 0; i < found.count; i++) {
      const Supposed *sides[SIDES] = {&found.items[i].sides[BELOW], &found.items[i].sides[ABOVE]};
      take_base(suggest, cut_like(suggest, list, &found.items[i].cut), &found.items[i].base, sides);
    }
  }
}

/* ---- Cuts that never matter ---- */

/* Two walks down one diagram that differ in the cells of the cut's variables alone. */
typedef struct Proof {
  const uint32_t *words;
  const uint8_t *arity;
  const Cut *cut;
  uint64_t *seen; /* pairs of places that lead to the same, hashed; 0 is free */
  uint32_t count;
} Proof;

/* The cells that a walk may take at a variable: those of its side, or any (0) where the cut says
 * nothing of it. */
static uint64_t cells_at(const Cut *cut, uint32_t variable, Side side) {
  for (uint32_t i = 0; i < cut->variable_count; i++) {
    if (cut->variables[i] == variable && cut->cells[BELOW][i] != cut->cells[ABOVE][i])
      return cut->cells[side][i];
  }
  return 0;
}

/* True: looked at before, or no room to look at more. */
static bool is_seen(Proof *proof, DiagramRef below, DiagramRef above) {
  const uint64_t key = ((uint64_t)below << 32 | above) + 1;
  uint32_t at = (uint32_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 47) & (2 * PAIRS_MAX - 1);
  for (; proof->seen[at] != 0; at = (at + 1) & (2 * PAIRS_MAX - 1)) {
    if (proof->seen[at] == key) return true;
  }
  proof->seen[at] = key;
  proof->count++;
  return false;
}

static DiagramRef child(const Proof *proof, DiagramRef at, uint32_t variable, uint32_t cell) {
  return at > DIAGRAM_TRUE && proof->words[at] == variable ? proof->words[at + 1 + cell] : at;
}

static bool may_differ(Proof *proof, DiagramRef below, DiagramRef above);

static bool children_may_differ(Proof *proof, DiagramRef below, DiagramRef above,
                                uint32_t variable) {
  const uint64_t is_below = cells_at(proof->cut, variable, BELOW),
                 is_above = cells_at(proof->cut, variable, ABOVE);
  for (uint32_t b = 0; b < proof->arity[variable]; b++) {
    if (is_below == 0) { /* whatever it is, it is the same on both sides */
      if (may_differ(proof, child(proof, below, variable, b), child(proof, above, variable, b)))
        return true;
      continue;
    }
    for (uint32_t a = 0; a < proof->arity[variable]; a++) {
      if (!((is_below >> b) & 1) || !((is_above >> a) & 1)) continue;
      if (may_differ(proof, child(proof, below, variable, b), child(proof, above, variable, a)))
        return true;
    }
  }
  return false;
}

/* Recursion goes one variable deeper each time. */
static bool may_differ(Proof *proof, DiagramRef below, DiagramRef above) {
  if (below <= DIAGRAM_TRUE && above <= DIAGRAM_TRUE) return below != above;
  if (proof->count >= PAIRS_MAX) return true;
  if (is_seen(proof, below, above)) return false;
  const uint32_t first = below > DIAGRAM_TRUE ? proof->words[below] : UINT32_MAX;
  const uint32_t second = above > DIAGRAM_TRUE ? proof->words[above] : UINT32_MAX;
  return children_may_differ(proof, below, above, first < second ? first : second);
}

static bool is_in_authorization(const Term *term, const Fact *fact) {
  if (term == NULL) return false;
  return term->fact == fact || is_in_authorization(term->a, fact) ||
         is_in_authorization(term->b, fact);
}

/* What is granted may hang on the value itself, which no diagram tells. */
static bool authorizations_read(const CompiledPolicy *compiled, const Fact *fact) {
  for (uint32_t i = 0; i < compiled->approvals.count; i++) {
    const Outcome *outcome = compiled->approvals.items[i].outcome;
    for (uint32_t g = 0; g < outcome->items.count; g++)
      if (is_in_authorization(outcome->items.items[g].amount, fact)) return true;
  }
  return false;
}

static bool never_matters(Suggest *suggest, const Cut *cut) {
  const CompiledPolicy *c = cut->compiled;
  Proof proof = {.words = c->diagram.words, .arity = c->diagram.arity, .cut = cut};
  if (cut->has_more || authorizations_read(c, cut->fact)) return false;
  proof.seen = ARENA_ARRAY(suggest->arena, uint64_t, 2 * PAIRS_MAX);
  for (uint32_t f = 0; f < POLICY_FUNCTIONS; f++)
    if (may_differ(&proof, c->whole.at[f], c->whole.at[f])) return false;
  for (uint32_t i = 0; i < c->approvals.count; i++)
    if (may_differ(&proof, c->approvals.items[i].holds, c->approvals.items[i].holds)) return false;
  for (uint32_t i = 0; i < c->routes.count; i++)
    if (may_differ(&proof, c->routes.items[i].holds, c->routes.items[i].holds)) return false;
  for (uint32_t i = 0; i < c->referrals.count; i++)
    if (may_differ(&proof, c->referrals.items[i].holds, c->referrals.items[i].holds)) return false;
  return true;
}

static void prove_cuts(Suggest *suggest, CutList *list) {
  for (uint32_t i = 0; i < list->count; i++) {
    arena_reset(suggest->arena);
    if (list->items[i].worth == 0)
      list->items[i].never_matters = never_matters(suggest, &list->items[i]);
  }
}

/* ---- With one more fact otherwise ---- */

static bool is_open(const CutList *list, const Cut *like, Cut **cut) {
  for (uint32_t i = 0; i < list->count; i++) {
    *cut = &list->items[i];
    if ((*cut)->compiled == like->compiled && (*cut)->fact == like->fact && (*cut)->worth == 0 &&
        !(*cut)->never_matters && memcmp((*cut)->cells, like->cells, sizeof like->cells) == 0)
      return true;
  }
  return false;
}

static void try_besides(Suggest *suggest, Cut *cut, Found *found, const SupposedFacts *others) {
  const Supposed *sides[SIDES] = {&found->sides[BELOW], &found->sides[ABOVE]};
  for (uint32_t i = 0; i < others->count; i++) {
    if (others->items[i].fact == cut->fact) continue;
    for (uint32_t v = 0;
         v < others->items[i].values.count && cut->worth == 0 && suggest->tries < SECOND_TRIES_MAX;
         v++) {
      const Restated besides = {others->items[i].fact->name, others->items[i].values.items[v].json};
      found->base.besides = &besides;
      take_base(suggest, cut, &found->base, sides);
    }
  }
}

static void find_by_two(Suggest *suggest, Covered *covered, CutList *list) {
  suggest->tries = 0;
  for (uint32_t r = 0; r < covered->requests.count && suggest->tries < SECOND_TRIES_MAX; r++) {
    Cut *cut;
    arena_reset(suggest->arena);
    if (!suggest_base(suggest, covered->requests.items[r]) ||
        !suggest_decide(suggest, covered->requests.items[r]))
      continue;
    FoundList found = cuts_here(suggest);
    const SupposedFacts others = suggest_facts(suggest);
    for (uint32_t i = 0; i < found.count; i++)
      if (is_open(list, &found.items[i].cut, &cut))
        try_besides(suggest, cut, &found.items[i], &others);
  }
}

/* ---- All of it ---- */

/* A value between two cuts may be suggested for both. */
static bool is_suggested(const CutList *list, const Cut *cut, Side side) {
  for (const Cut *before = list->items; before < cut; before++) {
    for (Side s = BELOW; s < SIDES && before->worth > 0; s++)
      if (!before->is_there[s] && text_equal(before->request[s], cut->request[side])) return true;
  }
  return false;
}

static void suggest_side(Suggest *suggest, const CutList *list, const Cut *cut, Side side) {
  if (cut->is_there[side] || is_suggested(list, cut, side) ||
      !suggest_decide(suggest, cut->request[side]))
    return;
  const bool goes_on = cut->compiled->kind == KIND_CONTINUATION;
  const char *name = arena_format(suggest->arena, "%.*s %.*s%s", (int)cut->fact->name.length,
                                  cut->fact->name.at, (int)cut->value[side].length,
                                  cut->value[side].at, goes_on ? ", continuation" : "");
  const Side other = side == BELOW ? ABOVE : BELOW;
  const char *why =
      arena_format(suggest->arena, "suggested, to confirm: a boundary, %.*s; at %.*s it is %.*s",
                   (int)cut->words.length, cut->words.at, (int)cut->value[other].length,
                   cut->value[other].at, (int)cut->decision[other].length, cut->decision[other].at);
  suggest_case(suggest, cut->request[side], name, why);
}

/* "P: 3 boundaries that no decision turns on: birth_date, weight". */
static void remark(Suggest *suggest, const Covered *covered, const CutList *list,
                   bool never_matters, const char *what) {
  licet_coverage *coverage = suggest->coverage;
  uint32_t count = 0;
  FactList reported = {0};
  Buffer out, names;
  buffer_open(&out, &coverage->arena, 128);
  buffer_open(&names, &coverage->arena, 64);
  for (uint32_t i = 0; i < list->count; i++) {
    const Cut *cut = &list->items[i];
    if (cut->worth > 0 || cut->never_matters != never_matters) continue;
    count++;
    bool is_reported = false;
    for (uint32_t t = 0; t < reported.count; t++)
      is_reported = is_reported || reported.items[t] == cut->fact;
    if (is_reported) continue;
    LIST_PUSH(&coverage->arena, reported, cut->fact);
    buffer_string(&names, names.length > 0 ? ", " : "");
    buffer_text(&names, cut->fact->name);
  }
  if (count == 0) return;
  buffer_finish(&names);
  buffer_format(&out, "%.*s: %u %s %s: %s", (int)covered->policy->model->id.length,
                covered->policy->model->id.at, count, count == 1 ? "boundary" : "boundaries", what,
                names.at);
  LIST_PUSH(&coverage->arena, coverage->remarks, buffer_finish(&out));
}

void suggest_cuts(Suggest *suggest, Covered *covered) {
  CutList list = {0};
  find_cuts(suggest, covered, &list);
  prove_cuts(suggest, &list);
  find_by_two(suggest, covered, &list);
  for (uint32_t i = 0; i < list.count; i++) {
    arena_reset(suggest->arena);
    if (list.items[i].worth == 0) continue;
    for (Side side = BELOW; side < SIDES; side++)
      suggest_side(suggest, &list, &list.items[i], side);
  }
  remark(suggest, covered, &list, true, "that no decision depends on (proved)");
  remark(suggest, covered, &list, false,
         "without a suggestion: no request was found whose decision changes there");
}
