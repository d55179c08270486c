/* never: criteria that no case can show: the policy as it stands and the policy with the criterion
 * negated decide alike, for every request, wherever the criterion is met; or wherever it is not.
 *
 * Four functions are walked side by side (the product of Bryant's apply), those of both policies,
 * the criterion's and what is possible, in search of a completion
 *
 *     with   holds(criterion) = met,   possible,   and   function ≠ the other policy's
 *
 * for each function that a decision is made from. A request of which the criterion is known to be
 * met leaves only completions in which it holds; so both policies answer every question about it
 * alike. A policy that requires documents decides a second time, on less than is stated, when the
 * criterion may be open: then they must be alike in all completions. */
#include "base/word_map.h"
#include "coverage/coverage.h"

#include <string.h>

enum {
  PLACES_MAX =
      1 << 16, /* places in the diagrams that one proof looks at; beyond them nothing is claimed */
  WALKS = 4
};

/* Places in four functions: of the policy, of the other one, the criterion's, and what is possible.
 */
typedef struct Place {
  DiagramRef at[WALKS];
} Place;

typedef enum Where { WHERE_NOT_MET, WHERE_MET } Where;

typedef struct Proof {
  const uint32_t *words[WALKS];
  const uint8_t *arity;
  Where where;   /* the criterion has this status */
  bool anywhere; /* or may have it */
  WordMap seen;
} Proof;

static uint32_t first_variable(const Proof *proof, const Place *place) {
  uint32_t first = UINT32_MAX;
  for (int i = 0; i < WALKS; i++) {
    if (place->at[i] > DIAGRAM_TRUE && proof->words[i][place->at[i]] < first)
      first = proof->words[i][place->at[i]];
  }
  return first;
}

/* Neither possible, nor with the criterion as wanted. */
static bool is_out_of_reach(const Proof *proof, const Place *place) {
  const DiagramRef criterion = place->at[2],
                   wanted = proof->where == WHERE_MET ? DIAGRAM_TRUE : DIAGRAM_FALSE;
  return place->at[3] == DIAGRAM_FALSE ||
         (!proof->anywhere && criterion <= DIAGRAM_TRUE && criterion != wanted);
}

/* Recursion goes one variable deeper each time. */
static bool may_differ(Proof *proof, Place place) {
  const DiagramRef own = place.at[0], other = place.at[1];
  if (is_out_of_reach(proof, &place) || (own <= DIAGRAM_TRUE && own == other)) return false;
  const uint32_t variable = first_variable(proof, &place);
  uint32_t seen;
  if (variable == UINT32_MAX || proof->seen.values.count >= PLACES_MAX) return true;
  if (word_map_find(&proof->seen, place.at, &seen)) return false;
  word_map_keep(&proof->seen, place.at, 0);
  for (uint32_t cell = 0; cell < proof->arity[variable]; cell++) {
    Place next = place;
    for (int i = 0; i < WALKS; i++) {
      const uint32_t *node = proof->words[i] + place.at[i];
      if (place.at[i] > DIAGRAM_TRUE && *node == variable) next.at[i] = node[1 + cell];
    }
    if (may_differ(proof, next)) return true;
  }
  return false;
}

static bool decides_alike(licet_coverage *coverage, const CompiledPolicy *compiled,
                          const CompiledPolicy *other, uint32_t criterion, Where where) {
  Proof proof = {.words = {compiled->diagram.words, other->diagram.words, compiled->diagram.words,
                           compiled->diagram.words},
                 .arity = compiled->diagram.arity,
                 .where = where,
                 .anywhere = compiled->version->evidence[compiled->kind]};
  DiagramRef own, others;
  word_map_open(&proof.seen, &coverage->supposed, WALKS);
  for (uint32_t i = 0; decision_function(compiled, i, &own); i++) {
    if (!decision_function(other, i, &others)) return false;
    if (may_differ(&proof, (Place){{own, others, compiled->criteria.items[criterion].holds,
                                    compiled->possible}}))
      return false;
  }
  return !decision_function(other, decision_function_count(compiled), &others);
}

/* That a fact is given is met, or not known: never not met. */
static bool asks_what_is_given(const Condition *condition) {
  bool all = condition->kind == CONDITION_GIVEN || condition->kind == CONDITION_AND;
  for (uint32_t i = 0; i < condition->operands.count && all; i++)
    all = asks_what_is_given(condition->operands.items[i]);
  return all;
}

static void note_possible(licet_coverage *coverage, Tally *tally, const CompiledPolicy *compiled,
                          uint32_t criterion) {
  Diagnostics diagnostics;
  arena_reset(&coverage->supposed);
  arena_reset(&coverage->scratch);
  diagnostics_open(&diagnostics, &coverage->scratch);
  const CompiledPolicy *other =
      compile_policy_negating(compiled->policy, compiled->version, compiled->kind,
                              compiled->criteria.items[criterion].criterion, &coverage->supposed,
                              &coverage->scratch, &diagnostics);
  const bool given = asks_what_is_given(compiled->criteria.items[criterion].criterion->condition);
  if (other == NULL || !decides_alike(coverage, compiled, other, criterion, WHERE_MET))
    tally->can_show_met = true;
  if (!given &&
      (other == NULL || !decides_alike(coverage, compiled, other, criterion, WHERE_NOT_MET)))
    tally->can_show_not_met = true;
}

static void look_at(licet_coverage *coverage, const Covered *covered,
                    const CompiledPolicy *compiled) {
  for (uint32_t i = 0; i < compiled->criteria.count; i++) {
    const CompiledCriterion *criterion = &compiled->criteria.items[i];
    Tally *tally = &covered->tallies[criterion->criterion->index];
    if (!is_leaf(criterion) || tally->is_proved || (tally->shown_met && tally->shown_not_met))
      continue;
    note_possible(coverage, tally, compiled, i);
  }
}

static const CompiledPolicy *compiled_of(licet_coverage *coverage, const licet_policy *policy,
                                         uint32_t version, int kind) {
  const CompiledPolicy *compiled =
      library_compiled(policy, &policy->model->versions.items[version], kind);
  if (compiled == NULL) arena_exhaust(&coverage->arena);
  return compiled;
}

void coverage_prove(licet_coverage *coverage) {
  for (uint32_t p = 0; p < coverage->policies.count; p++) {
    const Covered *covered = &coverage->policies.items[p];
    const Policy *model = covered->policy->model;
    for (uint32_t v = 0; v < model->versions.count; v++)
      for (int kind = 0; kind < KINDS; kind++)
        look_at(coverage, covered, compiled_of(coverage, covered->policy, v, kind));
    for (uint32_t c = 0; c < model->criteria.count; c++) covered->tallies[c].is_proved = true;
  }
}
