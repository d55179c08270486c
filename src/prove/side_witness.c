/* side_witness: a request that two sides decide as is claimed of them.
 *
 * A patient of a region is written as a request to each side and decided by both (witness.c tries
 * one patient after another). Where authorizations are to differ and do not for that patient, the
 * amounts they read are varied.
 *
 * Invariant: what is reported of a side is what the library decided for that side's request.
 */
#include <string.h>

#include "decide/authorization.h"
#include "prove/compare.h"
#include "prove/words.h"

static const char *authorization_words(Arena *arena, licet_authorization authorization) {
  Buffer out;
  buffer_open(&out, arena, 64);
  if (authorization.length > 0)
    buffer_format(&out, " for %d %s", authorization.length,
                  licet_length_unit_name(authorization.unit));
  if (authorization.cycles >= 0)
    buffer_format(&out, ", %d cycle%s", authorization.cycles, authorization.cycles == 1 ? "" : "s");
  if (authorization.renewals_left >= 0)
    buffer_format(&out, ", %d renewal%s left", authorization.renewals_left,
                  authorization.renewals_left == 1 ? "" : "s");
  return buffer_finish(&out);
}

static bool same_authorization(const licet_authorization *a, const licet_authorization *b) {
  return a->length == b->length && a->unit == b->unit && a->cycles == b->cycles &&
         a->renewals_left == b->renewals_left;
}

static bool comes_out(const SideClaim *claim, int side, const licet_determination *determination) {
  const licet_outcome outcome = licet_determination_outcome(determination);
  if (claim->undocumented[side])
    return outcome == LICET_PEND && licet_determination_missing(determination, 0) == NULL &&
           licet_determination_documents(determination, 0) != NULL;
  if ((outcome == LICET_APPROVE) != claim->approved[side]) return false;
  const Outcome *pathway = claim->pathways[side];
  return pathway == NULL ||
         text_is(pathway->pathway->path, licet_determination_pathway(determination));
}

/* Does the patient come out on both sides as claimed? What was decided is kept. */
static bool decide_sides(SideClaim *claim, const Patient *patient) {
  Comparing *c = claim->c;
  for (int i = 0; i < SIDES; i++) {
    Text request = patient_request(c->space, patient, c->policies[i], c->space->received_by[i]);
    const licet_determination *determination = replay_request(c->replay, TEXT(""), request);
    if (determination == NULL || !comes_out(claim, i, determination)) return false;
    const bool approved = licet_determination_outcome(determination) == LICET_APPROVE;
    claim->authorizations[i] = licet_determination_authorization(determination);
    Text words = replay_words(c->passing, determination);
    claim->requests[i] = shown(c->passing, request);
    claim->shows[i] =
        arena_format(c->passing, "%.*s%s%s", (int)words.length, words.at,
                     approved ? authorization_words(c->passing, claim->authorizations[i]) : "",
                     claim->undocumented[i] ? " for documents" : "");
  }
  return true;
}

static Patient copy_of(const Comparing *c, const Patient *patient) {
  Patient copy = *patient;
  const uint32_t count = c->space->vocabulary->facts.count;
  copy.facts.values = ARENA_ARRAY(c->passing, FactValue, count);
  memcpy(copy.facts.values, patient->facts.values, count * sizeof(FactValue));
  return copy;
}

enum { AMOUNTS_TRIED = 24 };

/* What an authorization is calculated from does not matter to the diagram: small counts and plain
 * lengths are tried. */
static bool differs_by(SideClaim *claim, const Patient *patient, const Fact *fact) {
  static const Span lengths[] = {{1, 0}, {2, 0}, {3, 0}, {6, 0}, {12, 0}, {24, 0}, {0, 28}};
  Patient other = copy_of(claim->c, patient);
  FactValue *value = &other.facts.values[fact->index];
  const bool is_count = fact->type.kind == TYPE_QUANTITY && fact->type.dimension == DIMENSION_COUNT;
  const uint32_t tried = is_count                           ? AMOUNTS_TRIED
                         : fact->type.kind == TYPE_DURATION ? sizeof lengths / sizeof *lengths
                                                            : 0;
  for (uint32_t n = 0; n < tried; n++) {
    value->present = value->known = true;
    value->is_none = false;
    if (is_count) value->amount = n * AMOUNT_ONE;
    if (!is_count) value->span = lengths[n];
    if (decide_sides(claim, &other) &&
        !same_authorization(&claim->authorizations[0], &claim->authorizations[1]))
      return true;
  }
  return false;
}

static bool differs_by_amounts(SideClaim *claim, const Patient *patient) {
  FactList facts = {0};
  for (int i = 0; i < SIDES && claim->pathways[i] != NULL; i++)
    for (uint32_t n = 0; n < claim->pathways[i]->items.count; n++)
      facts_of_term(claim->c->passing, &facts, claim->pathways[i]->items.items[n].amount);
  for (uint32_t f = 0; f < facts.count; f++)
    if (facts.items[f]->index >= BUILTIN_FACTS && differs_by(claim, patient, facts.items[f]))
      return true;
  return false;
}

/* The same patient, with nothing documented. */
static Patient without_documents(const Comparing *c, const Patient *patient) {
  Patient bare = copy_of(c, patient);
  for (uint32_t i = 0; i < c->space->vocabulary->facts.count; i++) {
    FactValue *value = &bare.facts.values[i];
    Entry *entries = ARENA_ARRAY(c->passing, Entry, value->entry_count + 1);
    for (uint32_t e = 0; e < value->entry_count; e++)
      entries[e] = (Entry){.fields = value->entries[e].fields};
    value->documented = false;
    value->entries = entries;
  }
  return bare;
}

static bool check_sides(void *context, const Patient *patient) {
  SideClaim *claim = context;
  if (claim->undocumented[0] || claim->undocumented[1]) {
    const Patient bare = without_documents(claim->c, patient);
    return decide_sides(claim, &bare);
  }
  if (!decide_sides(claim, patient)) return false;
  return !claim->authorizations_differ ||
         !same_authorization(&claim->authorizations[0], &claim->authorizations[1]) ||
         differs_by_amounts(claim, patient);
}

bool find_sides(Comparing *c, DiagramRef function, DiagramRef claimed, SideClaim *claim) {
  Patient patient;
  claim->c = c;
  return witness_find(c->space, function, claimed, (Shows){check_sides, claim}, &patient);
}
