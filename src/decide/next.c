/* Who acts next: read off what was decided.
 *
 *     pend                     requester, record: supply the first set of `missing`
 *                              requester: document the first set of `documents`
 *     refer, judgment          reviewer: judge what is left to a clinician
 *     refer, other_policy      requester: request under that policy; or supply what would tell it
 *     refer, else              reviewer: review
 *     no_policy                requester: correct the key that fits no policy
 */
#include "decide/next.h"

#include "decide/missing.h"

static void add_step(licet_determination *d, NextStep step) { LIST_PUSH(d->arena, d->next, step); }

static void add_facts(licet_determination *d, licet_source who, licet_next_action action,
                      uint64_t facts) {
  if (facts != 0) add_step(d, (NextStep){.who = who, .action = action, .facts = facts});
}

static uint64_t facts_supplied_by(const licet_determination *d, uint64_t facts, Supplier supplier) {
  uint64_t supplied = 0;
  for (; facts != 0; facts &= facts - 1) {
    const Fact *fact = d->compiled->set.facts.items[__builtin_ctzll(facts)];
    if (fact->supplier == supplier) supplied |= facts & -facts;
  }
  return supplied;
}

static void add_supply(licet_determination *d) {
  if (d->missing.count == 0) return;
  const uint64_t set = d->missing.items[0];
  add_facts(d, LICET_SOURCE_REQUESTER, LICET_NEXT_SUPPLY,
            facts_supplied_by(d, set, SUPPLIER_REQUESTER));
  add_facts(d, LICET_SOURCE_RECORD, LICET_NEXT_SUPPLY, facts_supplied_by(d, set, SUPPLIER_RECORD));
}

static void add_referral(licet_determination *d) {
  if (d->reason == LICET_REASON_JUDGMENT) {
    const uint64_t judgments = facts_judged(d) & facts_unknown(d);
    add_step(d, (NextStep){
                    .who = LICET_SOURCE_REVIEWER, .action = LICET_NEXT_JUDGE, .facts = judgments});
  } else if (d->reason != LICET_REASON_OTHER_POLICY) {
    add_step(d, (NextStep){.who = LICET_SOURCE_REVIEWER, .action = LICET_NEXT_REVIEW});
  } else if (d->route[0] != '\0') {
    add_step(d, (NextStep){.who = LICET_SOURCE_REQUESTER,
                           .action = LICET_NEXT_REQUEST_UNDER,
                           .key = "policy",
                           .nearest = d->route});
  } else if (d->missing.count > 0) {
    add_supply(d);
  } else {
    add_step(d, (NextStep){.who = LICET_SOURCE_REVIEWER, .action = LICET_NEXT_REVIEW});
  }
}

static Text found_of(const licet_determination *d) {
  const Request *request = &d->request;
  switch (d->uncovered) {
    case UNCOVERED_POLICY:
      return d->search.policy;
    case UNCOVERED_PAYER:
      return request->payer;
    case UNCOVERED_DRUG:
      return request->drug;
    case UNCOVERED_LINE:
      return d->library->vocabularies.items[0]->facts.items[FACT_LINE]->type.values[request->line];
    case UNCOVERED_DATE: {
      char *day = arena_allocate_raw(d->arena, 11);
      date_write(d->search.day, day);
      return (Text){day, 10};
    }
  }
  return (Text){0};
}

static const char *kept(const licet_determination *d, Text text) {
  return text.length == 0 ? NULL : arena_copy(d->arena, text.at, text.length);
}

static void add_correction(licet_determination *d) {
  if (d->reason == LICET_REASON_NONE) return; /* there are no policies at all */
  add_step(d, (NextStep){.who = LICET_SOURCE_REQUESTER,
                         .action = LICET_NEXT_CORRECT,
                         .key = uncovered_key(d->uncovered),
                         .found = kept(d, found_of(d)),
                         .nearest = kept(
                             d, library_nearest(d->arena, d->library, &d->search, d->uncovered))});
}

void determination_next(licet_determination *d) {
  switch (d->outcome) {
    case LICET_APPROVE:
      return;
    case LICET_PEND:
      add_supply(d);
      if (d->documents.count > 0)
        add_facts(d, LICET_SOURCE_REQUESTER, LICET_NEXT_DOCUMENT, d->documents.items[0]);
      return;
    case LICET_REFER:
      add_referral(d);
      return;
    case LICET_NO_POLICY:
      add_correction(d);
      return;
  }
}

/* ---- Showing it ---- */

static void write_names(JsonWriter *json, const licet_determination *d, uint64_t facts) {
  json_array_member(json, "facts");
  for (; facts != 0; facts &= facts - 1)
    json_text(json, d->compiled->set.facts.items[__builtin_ctzll(facts)]->name);
  json_end_array(json);
}

static void write_step(JsonWriter *json, const licet_determination *d, const NextStep *step) {
  json_begin_object(json);
  json_string_member(json, "who", licet_source_name(step->who));
  json_string_member(json, "action", licet_next_action_name(step->action));
  if (step->facts != 0) write_names(json, d, step->facts);
  if (step->key != NULL) json_string_member(json, "key", step->key);
  if (step->found != NULL) json_string_member(json, "found", step->found);
  if (step->nearest != NULL) json_string_member(json, "nearest", step->nearest);
  json_end_object(json);
}

void next_write(JsonWriter *json, const licet_determination *d) {
  json_array_member(json, "next");
  for (uint32_t i = 0; i < d->next.count; i++) write_step(json, d, &d->next.items[i]);
  json_end_array(json);
}
