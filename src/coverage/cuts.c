/* cuts: where a policy cuts a date or a quantity: a pair of cases, one on either side, between
 * which nothing but that value differs and the decision changes (boundary value analysis: Myers
 * 1979).
 *
 * A request for which the cut does not matter shows nothing: it is not approved for something else,
 * or concerns another drug. So every request there is is tried as the base of every cut, and then
 * each with one more fact changed, before a cut is given up.
 *
 * Invariant: a pair is suggested only where the library decided its two sides differently.
 */
#include "coverage/cuts.h"

#include <string.h>

enum { SECOND_TRIES_MAX = 20000 }; /* requests tried for one policy with one more fact changed */

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

/* The request at hand with the value, and what else was changed; false where nobody is like
 * that. */
static bool decide_with(Suggest *suggest, const Cut *cut, Restated value, const Restated *also,
                        Text *request, Text *decision) {
  licet_session *session = suggest->coverage->session;
  const Restated changes[2] = {value, also == NULL ? value : *also};
  *request = suggest_with(suggest, changes, also == NULL ? 1 : 2);
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

/* What is known of the request at hand before it is changed; the session continues. */
typedef struct Base {
  const CompiledPolicy *compiled;
  bool is_stated;
  Amount stated; /* what it says of the fact */
  const Restated *also;
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
    if (!decide_with(suggest, cut, value, base->also, &request[side], &decision[side])) return;
  }
  if (text_equal(decision[BELOW], decision[ABOVE])) return;
  bool approves = false;
  for (Side side = BELOW; side < SIDES; side++) {
    approves = approves || strncmp(decision[side].at, "approve", 7) == 0;
    cut->is_there[side] = cut->is_there[side] ||
                          (base->also == NULL && is_as_near(base, cut->fact, sides[side], side));
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

/* Neighbors on the line, the last value of one case and the first of the next. */
static bool is_cut(const Supposed *below, const Supposed *above) {
  return below->is_line && above->is_line && below->to < above->from;
}

typedef struct Found {
  Cut cut;
  Supposed sides[SIDES];
  Base base;
} Found;
typedef LIST(Found) FoundList;

/* All that the facts of the request at hand give, before the session continues. */
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

static void prove_cuts(Suggest *suggest, CutList *list) {
  for (uint32_t i = 0; i < list->count; i++) {
    arena_reset(suggest->arena);
    if (list->items[i].worth == 0)
      list->items[i].never_matters = cut_never_matters(suggest->arena, &list->items[i]);
  }
}

/* ---- With one more fact changed ---- */

static bool is_open(const CutList *list, const Cut *like, Cut **cut) {
  for (uint32_t i = 0; i < list->count; i++) {
    *cut = &list->items[i];
    if ((*cut)->compiled == like->compiled && (*cut)->fact == like->fact && (*cut)->worth == 0 &&
        !(*cut)->never_matters && memcmp((*cut)->cells, like->cells, sizeof like->cells) == 0)
      return true;
  }
  return false;
}

static void try_with_another(Suggest *suggest, Cut *cut, Found *found,
                             const SupposedFacts *others) {
  const Supposed *sides[SIDES] = {&found->sides[BELOW], &found->sides[ABOVE]};
  for (uint32_t i = 0; i < others->count; i++) {
    if (others->items[i].fact == cut->fact) continue;
    for (uint32_t v = 0;
         v < others->items[i].values.count && cut->worth == 0 && suggest->tries < SECOND_TRIES_MAX;
         v++) {
      const Restated also = {others->items[i].fact->name, others->items[i].values.items[v].json};
      found->base.also = &also;
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
        try_with_another(suggest, cut, &found.items[i], &others);
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

typedef enum CutRemark { REMARK_NEVER_MATTERS, REMARK_NOT_SHOWN } CutRemark;

/* "P: 3 boundaries that no decision turns on: birth_date, weight". */
static void remark(Suggest *suggest, const Covered *covered, const CutList *list, CutRemark about,
                   const char *what) {
  licet_coverage *coverage = suggest->coverage;
  uint32_t count = 0;
  FactList reported = {0};
  Buffer out, names;
  buffer_open(&out, &coverage->arena, 128);
  buffer_open(&names, &coverage->arena, 64);
  for (uint32_t i = 0; i < list->count; i++) {
    const Cut *cut = &list->items[i];
    if (cut->worth > 0 || cut->never_matters != (about == REMARK_NEVER_MATTERS)) continue;
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
  remark(suggest, covered, &list, REMARK_NEVER_MATTERS, "that no decision depends on (proved)");
  remark(suggest, covered, &list, REMARK_NOT_SHOWN,
         "without a suggestion: no request was found whose decision changes there");
}
