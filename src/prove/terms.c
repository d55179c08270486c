/* terms: what stands beside the criteria: limits, drugs and lines as they are written; regimens and
 * routes by whom they concern.
 *
 * Invariant: what is written is compared as text, so two wordings of the same count as a
 * difference; nothing that differs is left out. */
#include "prove/terms.h"

#include <string.h>

typedef LIST(Text) TextList;

/* ---- Words ---- */

static bool holds_text(const TextList *list, Text text) {
  for (uint32_t i = 0; i < list->count; i++) {
    if (text_equal_ignoring_case(list->items[i], text)) return true;
  }
  return false;
}

static void add_text(Arena *arena, TextList *list, Text text) {
  if (!holds_text(list, text)) LIST_PUSH(arena, *list, text_copy(arena, text));
}

static const char *joined(Arena *arena, const TextList *list, const char *none) {
  Buffer out;
  buffer_open(&out, arena, 64);
  for (uint32_t i = 0; i < list->count; i++) {
    buffer_string(&out, i == 0 ? "" : ", ");
    buffer_text(&out, list->items[i]);
  }
  if (list->count == 0) buffer_string(&out, none);
  return buffer_finish(&out);
}

/* Those of `a` that `b` has not. */
static TextList without(Arena *arena, const TextList *a, const TextList *b) {
  TextList rest = {0};
  for (uint32_t i = 0; i < a->count; i++) {
    if (!holds_text(b, a->items[i])) LIST_PUSH(arena, rest, a->items[i]);
  }
  return rest;
}

static void report(Arena *arena, TermsList *found, licet_topic topic, licet_request_kind request,
                   const char *first, const char *second) {
  licet_terms_difference difference = {.topic = topic,
                                       .request = request,
                                       .words = {first, second},
                                       .witness = {"", ""},
                                       .shows = {"", ""}};
  LIST_PUSH(arena, *found, difference);
}

/* All of both sides where `whole`, else what each has alone. */
static void report_lists(Arena *arena, TermsList *found, licet_topic topic,
                         const TextList lists[SIDES], bool whole) {
  TextList first = without(arena, &lists[0], &lists[1]),
           second = without(arena, &lists[1], &lists[0]);
  if (first.count == 0 && second.count == 0) return;
  report(arena, found, topic, LICET_ANY_KIND,
         joined(arena, whole ? &lists[0] : &first, whole ? "none" : ""),
         joined(arena, whole ? &lists[1] : &second, whole ? "none" : ""));
}

/* ---- Of all requests ---- */

static Text limit_words(Arena *arena, const Limit *limit) {
  Buffer out;
  buffer_open(&out, arena, 64);
  amount_write(&out, limit->amount);
  buffer_character(&out, ' ');
  buffer_text(&out, limit->unit);
  if (limit->code.length > 0) {
    buffer_string(&out, " of ");
    buffer_text(&out, limit->code);
  }
  if (limit->every.months != 0 || limit->every.days != 0) {
    buffer_string(&out, " every ");
    limit_write_every(&out, limit);
  }
  if (limit->first_cycle > 0)
    buffer_format(&out, " in cycles %u to %u", limit->first_cycle, limit->last_cycle);
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

static TextList lines_of(Arena *arena, const Policy *policy, uint32_t lines) {
  const Type *type = &policy->vocabulary->facts.items[FACT_LINE]->type;
  TextList list = {0};
  for (uint32_t i = 0; i < type->value_count; i++) {
    if ((lines >> i) & 1) add_text(arena, &list, type->values[i]);
  }
  return list;
}

void terms_of_policies(const CompileSubject *subjects, Arena *arena, TermsList *found) {
  TextList drugs[SIDES] = {{0}, {0}}, lines[SIDES], limits[SIDES] = {{0}, {0}};
  for (int i = 0; i < SIDES; i++) {
    const Policy *policy = subjects[i].policy;
    for (uint32_t d = 0; d < policy->drugs.count; d++)
      add_text(arena, &drugs[i], policy->drugs.items[d]);
    lines[i] = lines_of(arena, policy, policy->lines);
    for (uint32_t l = 0; l < policy->limits.count; l++) {
      if (in_force_on(policy->limits.items[l].in_force, subjects[i].version->date))
        add_text(arena, &limits[i], limit_words(arena, &policy->limits.items[l]));
    }
  }
  report_lists(arena, found, LICET_TOPIC_DRUGS, drugs, false);
  report_lists(arena, found, LICET_TOPIC_LINES, lines, false);
  report_lists(arena, found, LICET_TOPIC_LIMITS, limits, true);
}

const char *terms_scope(const Space *space, Arena *arena) {
  TextList drugs = {0}, lines = lines_of(arena, space->subjects[0].policy, space->lines);
  for (uint32_t i = 0; i < space->drugs.count; i++) add_text(arena, &drugs, space->drugs.items[i]);
  return arena_format(arena, "%s; %s", joined(arena, &drugs, ""), joined(arena, &lines, ""));
}

/* ---- Of one kind ---- */

static Text regimen_of(const Outcome *outcome) {
  for (const Criterion *at = outcome->criterion; at != NULL; at = at->parent) {
    if (at->dosed_as != NULL) return at->dosed_as->name;
  }
  return TEXT("no regimen");
}

/* Whom a side approves for this regimen. */
static DiagramRef dosed_as(const TermsSides *terms, int side, Text regimen) {
  const CompiledPolicy *policy = terms->sides[side];
  DiagramRef all = DIAGRAM_FALSE;
  for (uint32_t i = 0; i < policy->approvals.count; i++) {
    if (text_equal(regimen_of(policy->approvals.items[i].outcome), regimen))
      all = diagram_or(terms->space->diagram, all, policy->approvals.items[i].holds);
  }
  return all;
}

/* Whom a side sends on to this code. */
static DiagramRef sent_to(const TermsSides *terms, int side, Text code) {
  const CompiledPolicy *policy = terms->sides[side];
  DiagramRef all = DIAGRAM_FALSE;
  for (uint32_t i = 0; i < policy->routes.count; i++) {
    if (text_equal(policy->routes.items[i].code, code))
      all = diagram_or(terms->space->diagram, all, policy->routes.items[i].holds);
  }
  for (uint32_t i = 0; i < policy->referrals.count; i++) {
    if (text_equal(policy->referrals.items[i].code, code))
      all = diagram_or(terms->space->diagram, all, policy->referrals.items[i].holds);
  }
  return all;
}

typedef DiagramRef (*Whom)(const TermsSides *terms, int side, Text word);

/* Of the words of both sides, those that concern others of `within` on the one side than on the
 * other. */
static void report_words(const TermsSides *terms, licet_topic topic, const TextList *words,
                         Whom whom, DiagramRef within) {
  TextList differ[SIDES] = {{0}, {0}};
  for (uint32_t i = 0; i < words->count; i++) {
    DiagramRef mine[SIDES];
    for (int side = 0; side < SIDES; side++)
      mine[side] = diagram_and(terms->space->diagram, within, whom(terms, side, words->items[i]));
    if (space_same(terms->space, mine[0], mine[1])) continue;
    for (int side = 0; side < SIDES; side++) {
      if (space_some(terms->space, mine[side]))
        add_text(terms->arena, &differ[side], words->items[i]);
    }
  }
  if (differ[0].count == 0 && differ[1].count == 0) return;
  report(terms->arena, terms->found, topic,
         terms->space->kind == KIND_INITIAL ? LICET_INITIAL : LICET_CONTINUATION,
         joined(terms->arena, &differ[0], "none"), joined(terms->arena, &differ[1], "none"));
}

void terms_of_kind(const TermsSides *terms) {
  TextList regimens = {0}, codes = {0};
  Diagram *diagram = terms->space->diagram;
  int kind = terms->space->kind;
  bool evidence[SIDES];
  for (int side = 0; side < SIDES; side++) {
    const CompiledPolicy *policy = terms->sides[side];
    evidence[side] = policy->version->evidence[kind];
    for (uint32_t i = 0; i < policy->approvals.count; i++)
      add_text(terms->arena, &regimens, regimen_of(policy->approvals.items[i].outcome));
    for (uint32_t i = 0; i < policy->routes.count; i++)
      add_text(terms->arena, &codes, policy->routes.items[i].code);
    for (uint32_t i = 0; i < policy->referrals.count; i++)
      add_text(terms->arena, &codes, policy->referrals.items[i].code);
  }
  if (evidence[0] != evidence[1])
    report(terms->arena, terms->found, LICET_TOPIC_EVIDENCE,
           kind == KIND_INITIAL ? LICET_INITIAL : LICET_CONTINUATION,
           evidence[0] ? "documented" : "as stated", evidence[1] ? "documented" : "as stated");
  DiagramRef first = terms->sides[0]->whole.approve, second = terms->sides[1]->whole.approve;
  report_words(terms, LICET_TOPIC_REGIMENS, &regimens, dosed_as,
               diagram_and(diagram, first, second));
  report_words(terms, LICET_TOPIC_ROUTES, &codes, sent_to,
               diagram_not(diagram, diagram_or(diagram, first, second)));
}
