/* claim: a finding gets a request that shows it.
 *
 * A witness is found in the diagram, made a request, and decided by the library itself
 * (witness.h). It is kept only where the determination says what the finding claims: this criterion
 * met, that one not met, these pathways, another decision by the literal wording.
 *
 * Invariant: a finding never holds a request whose determination was not checked against its claim.
 */
#include "prove/claim.h"

#include <string.h>

#include "prove/words.h"

static bool names_pathway(const licet_determination *determination, const Outcome *outcome) {
  if (text_is(outcome->pathway->path, licet_determination_pathway(determination))) return true;
  for (size_t i = 0; licet_determination_also_met(determination, i) != NULL; i++) {
    if (text_is(outcome->pathway->path, licet_determination_also_met(determination, i)))
      return true;
  }
  return false;
}

static bool has_status(const licet_determination *determination, const Criterion *criterion,
                       licet_criterion_status wanted) {
  licet_criterion_status status;
  return criterion == NULL ||
         (replay_status(determination, criterion->index, &status) && status == wanted);
}

static bool holds_of(const Claim *claim, const licet_determination *determination) {
  bool approved = licet_determination_outcome(determination) == LICET_APPROVE;
  if ((claim->approved && !approved) || (claim->not_approved && approved)) return false;
  for (int i = 0; i < 2; i++) {
    if (!has_status(determination, claim->met[i], LICET_MET)) return false;
    if (claim->pathways[i] != NULL && !names_pathway(determination, claim->pathways[i]))
      return false;
  }
  return has_status(determination, claim->unmet, LICET_NOT_MET);
}

static bool same_authorization(const licet_determination *a, licet_authorization authorization) {
  licet_authorization other = licet_determination_authorization(a);
  return other.length == authorization.length && other.unit == authorization.unit &&
         other.cycles == authorization.cycles && other.renewals_left == authorization.renewals_left;
}

/* Pathway and the others met, as one text. */
static Text pathways_words(Arena *arena, const licet_determination *determination) {
  Buffer out;
  buffer_open(&out, arena, 64);
  buffer_string(&out, licet_determination_pathway(determination));
  for (size_t i = 0; licet_determination_also_met(determination, i) != NULL; i++) {
    buffer_string(&out, ", also ");
    buffer_string(&out, licet_determination_also_met(determination, i));
  }
  return (Text){out.at, (uint32_t)out.length};
}

static bool check_claim(void *context, const Patient *patient) {
  Claim *claim = context;
  PolicyCheck *check = claim->check;
  Arena *arena = check->run->passing;
  if (claim->unlike != NULL && evaluate_condition(claim->unlike, &patient->facts) != TRUTH_NO)
    return false;
  claim->request = patient_request(check->space, patient, check->policy, check->space->received);
  const licet_determination *determination =
      replay_request(check->run->replay, TEXT(""), claim->request);
  if (determination == NULL || !holds_of(claim, determination)) return false;
  claim->shows = replay_words(arena, determination);
  if (!claim->differs) return true;
  licet_outcome outcome = licet_determination_outcome(determination);
  licet_authorization authorization = licet_determination_authorization(determination);
  Text pathways = pathways_words(arena, determination);
  const licet_determination *literal =
      replay_request(check->run->replay, claim->literal, claim->request);
  if (literal == NULL) return false;
  Text other = replay_words(arena, literal), other_pathways = pathways_words(arena, literal);
  bool same =
      licet_determination_outcome(literal) == outcome && same_authorization(literal, authorization);
  if (same && text_equal(pathways, other_pathways)) return false;
  if (same) {
    claim->shows =
        text_of(arena_format(arena, "approve by %.*s; literally: by %.*s", (int)pathways.length,
                             pathways.at, (int)other_pathways.length, other_pathways.at));
    return true;
  }
  claim->shows = text_of(arena_format(arena, "%.*s; literally: %.*s", (int)claim->shows.length,
                                      claim->shows.at, (int)other.length, other.at));
  return true;
}

/* `function`: whom it concerns; `among`: those they are distinguished from. */
bool add_witness(PolicyCheck *check, Defect *defect, DiagramRef function, DiagramRef care,
                 Claim claim) {
  Patient patient;
  DiagramRef claimed = claim.wider != DIAGRAM_FALSE ? claim.wider : function;
  claim.check = check;
  Text common = words_in_common(check->space, function, care);
  Shows shows = {check_claim, &claim};
  bool found = witness_find(check->space, function, claimed, shows, &patient);
  if (!found && claimed != function)
    found = witness_find(check->space, claimed, claimed, shows, &patient);
  defect->common = text_copy(check->run->arena, common);
  if (!found) return false;
  defect->witness = text_copy(check->run->arena, claim.request);
  defect->shows = text_copy(check->run->arena, claim.shows);
  return true;
}

/* Whom it concerns without a reviewer's word, where there is anyone. */
void add_plain_witness(PolicyCheck *check, Defect *defect, DiagramRef function, DiagramRef care,
                       Claim claim) {
  DiagramRef plain = space_without_judgment(check->space, function);
  if (space_some(check->space, plain)) {
    claim.wider = function;
    function = plain;
    care = space_without_judgment(check->space, care);
  }
  add_witness(check, defect, function, care, claim);
}
