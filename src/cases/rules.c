/* rules: see rules.h. Each rule is a function of one intent; rules_check names which hold for which
 * event. */
#include "cases/rules.h"

#include "base/unreachable.h"
#include "cases/timing.h"

/* ---- Seeing ---- */

#define SEES_ALL \
  (roles_of_kind(CLINICIAN) | ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_LEAD) | ROLE_BIT(ROLE_AUDITOR))

bool rules_may_see(const Account *account, Text organization) {
  if ((account->roles & SEES_ALL) != 0) return true;
  return (account->roles & roles_of_kind(OFFICE)) != 0 && organization.length > 0 &&
         text_equal(account->organization, organization);
}

/* ---- Deciding ---- */

/* As the file of clocks says for the program and the state, today. */
static bool pharmacist_may_deny(const Intent *intent) {
  const Date day = zone_day(&intent->clocks->zone, intent->instant);
  const Selection selection = timing_selection(intent->now, "initial", intent->now->urgency, day);
  const ClockRule *rule = clocks_choose(intent->clocks, TABLE_DECIDERS, &selection);
  return rule != NULL && rule->pharmacist_may_deny;
}

/* Only a physician decides against a request, but where the program lets a pharmacist. */
static bool may_decide_against(const Intent *intent, Refusal *refusal) {
  if (intent->role == ROLE_PHYSICIAN || pharmacist_may_deny(intent)) return true;
  return refuse(refusal, REFUSAL_FORBIDDEN,
                "In this program only a physician may deny or partially approve.");
}

/* A nurse and a pharmacist approve what the policy approves once their judgments count; more than
 * that is a physician's, who says why. */
static bool may_approve(const Intent *intent, Refusal *refusal) {
  const Text outcome = json_text_of(json_member(intent->now->determination, "outcome"));
  if (text_is(outcome, "approve")) return true;
  if (intent->role != ROLE_PHYSICIAN)
    return refuse(refusal, REFUSAL_FORBIDDEN,
                  "The policy's criteria are not all met; only a physician may approve.");
  if (json_is_stated(json_member(intent->payload, "reason"))) return true;
  return refuse_at(intent->arena, refusal, "/payload/reason", (Text){"", 0},
                   "why it is approved although the policy does not approve");
}

/* ---- Appeals ---- */

static bool took_no_part(const Intent *intent, Refusal *refusal) {
  if (!case_took_part(intent->now, intent->account->name)) return true;
  return refuse(refusal, REFUSAL_FORBIDDEN,
                "An appeal is decided by a physician who took no part before.");
}

static bool is_independent(const Intent *intent, Refusal *refusal) {
  const Account *account = intent->account;
  if (!took_no_part(intent, refusal)) return false;
  if (case_took_part(intent->now, account->reports_to))
    return refuse(refusal, REFUSAL_FORBIDDEN,
                  "An appeal is not decided by a physician who reports to one who took part.");
  if (account->specialty.length > 0) return true;
  return refuse(refusal, REFUSAL_FORBIDDEN,
                "An appeal is decided by a physician whose specialty is on record.");
}

/* ---- Others ---- */

/* An approval is taken up again to the member's harm only for fraud, similar fault or an error on
 * its face. */
static bool may_reopen(const Intent *intent, Refusal *refusal) {
  const Text reason = json_text_of(json_member(intent->payload, "reason"));
  if (intent->now->state != STATE_APPROVED) return true;
  if (text_is(reason, "fraud") || text_is(reason, "similar_fault") ||
      text_is(reason, "error_on_face"))
    return true;
  return refuse_at(intent->arena, refusal, "/payload/reason", reason,
                   "fraud, similar_fault or error_on_face: the case is approved");
}

/* A change of urgency to the same one would only start the clock again. */
static bool may_change_urgency(const Intent *intent, Refusal *refusal) {
  const Text urgency = json_text_of(json_member(intent->payload, "urgency"));
  if (text_equal(urgency, intent->now->urgency))
    return refuse_at(intent->arena, refusal, "/payload/urgency", urgency,
                     "another urgency than the case has");
  if (role_kind(intent->role) != OFFICE || text_is(urgency, "expedited")) return true;
  return refuse_at(intent->arena, refusal, "/payload/urgency", urgency,
                   "expedited: the plan's staff may change it back");
}

/* Once, in time, and by no more than the rule allows. */
static bool may_extend(const Intent *intent, Refusal *refusal) {
  const CaseClock *clock = &intent->now->clock;
  const JsonValue stated = json_member(intent->payload, "days");
  int64_t days;
  if (clock->due == 0 || clock_is_over(clock, intent->instant))
    return refuse(refusal, REFUSAL_CONFLICT, "No clock runs that could be extended.");
  if (clock->extension_days == 0)
    return refuse(refusal, REFUSAL_CONFLICT,
                  arena_format(intent->arena, "The rule %.*s allows no extension, or none more.",
                               TEXT_ARGS(clock->rule)));
  if (json_integer_of(stated, &days) && days <= clock->extension_days) return true;
  return refuse_at(intent->arena, refusal, "/payload/days", json_value_raw(stated),
                   arena_format(intent->arena, "at most %lld, by the rule %.*s",
                                (long long)clock->extension_days, TEXT_ARGS(clock->rule)));
}

/* Work is given to somebody who may do it. */
static bool names_a_clinician(const Intent *intent, Refusal *refusal) {
  AccountRecord record;
  const Text name = json_text_of(json_member(intent->payload, "account"));
  const StoreStatus status = store_find_account(intent->store, intent->arena, name, &record);
  if (status != STORE_OK && status != STORE_NOT_FOUND) return refuse_status(refusal, status);
  if (status == STORE_OK && !record.is_disabled &&
      (roles_read(record.roles) & roles_of_kind(CLINICIAN)) != 0)
    return true;
  return refuse_at(intent->arena, refusal, "/payload/account", name,
                   "the account of a nurse, pharmacist or physician");
}

/* Nothing is asked for that no criterion needs. */
static bool names_criteria(const Intent *intent, Refusal *refusal) {
  const JsonValue asked = json_member(intent->payload, "asked");
  for (JsonMember m = json_first(asked); json_is_there(m.value); m = json_next(m)) {
    const bool is_named = json_text_of(json_member(m.value, "fact")).length > 0 ||
                          json_text_of(json_member(m.value, "document")).length > 0;
    if (is_named && json_text_of(json_member(m.value, "criterion")).length > 0) continue;
    refuse_at(intent->arena, refusal, arena_format(intent->arena, "/payload/asked/%u", m.index),
              json_value_raw(m.value), "a fact or document, and the criterion that needs it");
  }
  return refusal->kind == REFUSAL_NONE;
}

bool rules_check(const Intent *intent, Refusal *refusal) {
  switch (intent->type) {
    case EVENT_APPROVED:
      return may_approve(intent, refusal);
    case EVENT_DENIED:
    case EVENT_PARTIALLY_APPROVED:
      return may_decide_against(intent, refusal);
    case EVENT_OVERTURNED:
      return took_no_part(intent, refusal);
    case EVENT_UPHELD:
    case EVENT_PARTIALLY_OVERTURNED:
      return is_independent(intent, refusal);
    case EVENT_REOPENED:
      return may_reopen(intent, refusal);
    case EVENT_URGENCY_CHANGED:
      return may_change_urgency(intent, refusal);
    case EVENT_EXTENDED:
      return may_extend(intent, refusal);
    case EVENT_ASSIGNED:
    case EVENT_RELEASED:
      return names_a_clinician(intent, refusal);
    case EVENT_INFORMATION_REQUESTED:
      return names_criteria(intent, refusal);
    case EVENT_DRAFTED:
    case EVENT_SUBMITTED:
    case EVENT_DECIDED:
    case EVENT_FACTS_SUPPLIED:
    case EVENT_DOCUMENT_ADDED:
    case EVENT_ESCALATED:
    case EVENT_NOTED:
    case EVENT_MESSAGE_SENT:
    case EVENT_AUTHORIZATION_CHANGED:
    case EVENT_RENEWED_FROM:
    case EVENT_PEER_TO_PEER_OFFERED:
    case EVENT_PEER_TO_PEER_SCHEDULED:
    case EVENT_PEER_TO_PEER_HELD:
    case EVENT_PEER_TO_PEER_DECLINED:
    case EVENT_REMINDED:
    case EVENT_DEADLINE_MISSED:
    case EVENT_WITHDRAWN:
    case EVENT_DISMISSED:
    case EVENT_APPEALED:
    case EVENT_LETTER_ISSUED:
    case EVENT_NOTIFIED:
      return true;
    case EVENT_TYPE_COUNT:
      break;
  }
  UNREACHABLE();
}
