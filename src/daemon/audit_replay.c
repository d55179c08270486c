/* audit replay: every `decided` event is decided again, from the request as it stood then and the
 * policy text of that day, which the store keeps. By the same engine the determination must be the
 * same, byte for byte; by another one its outcome, pathway and authorization.
 *
 * What no policy covered cannot be decided again: which policies there were is not kept. It is
 * counted apart.
 */
#include <inttypes.h>

#include "cases/case.h"
#include "cases/engine.h"
#include "daemon/audit.h"
#include "store/limits.h"

typedef struct Replay {
  Audit *audit;
  Engine *engine;
  size_t decided, uncovered;
} Replay;

static const char *const compared[] = {"outcome", "reason", "pathway", "authorization"};

/* The first member of which they differ; NULL where they are alike. */
static const char *difference(JsonValue then, JsonValue now) {
  for (size_t i = 0; i < sizeof compared / sizeof *compared; i++) {
    const JsonValue a = json_member(then, compared[i]), b = json_member(now, compared[i]);
    if (json_is_there(a) != json_is_there(b)) return compared[i];
    if (json_is_there(a) && !text_equal(json_value_raw(a), json_value_raw(b))) return compared[i];
  }
  return NULL;
}

static void compare(Replay *replay, const Event *event, JsonValue then, Text canonical) {
  Arena *arena = &replay->audit->work;
  JsonValue now;
  JsonFault fault;
  if (text_equal(json_value_raw(then), canonical)) return;
  json_keep(arena, PAYLOAD_LIMITS, canonical, &now, &fault);
  const bool is_same_engine = text_equal(json_text_of(json_member(then, "engine")),
                                         json_text_of(json_member(now, "engine")));
  const char *key = difference(then, now);
  if (key == NULL && is_same_engine) key = "its bytes";
  if (key != NULL)
    audit_fault(replay->audit, "case %.*s, event %" PRId64 ": decided again, %s differs",
                TEXT_ARGS(event->case_id), event->number, key);
}

/* `before`: the case as it stood when the engine decided. */
static void decide_again(Replay *replay, const Case *before, const Event *event) {
  Arena *arena = &replay->audit->work;
  JsonValue payload;
  JsonFault fault;
  Decision decision;
  Refusal refusal = {.kind = REFUSAL_NONE};
  const char *why;
  json_keep(arena, PAYLOAD_LIMITS, event->payload, &payload, &fault);
  const Text policy = json_text_of(json_member(payload, "policy"));
  if (policy.length == 0) {
    replay->uncovered++;
    return;
  }
  replay->decided++;
  if (!engine_decide(replay->engine, arena, policy, case_current_request(before), "", &decision,
                     &refusal)) {
    audit_fault(replay->audit, "case %.*s, event %" PRId64 ": it cannot be decided again",
                TEXT_ARGS(event->case_id), event->number);
    return;
  }
  compare(replay, event, json_member(payload, "determination"),
          ledger_canonical(arena, decision.determination, &why));
}

static void replay_case(Audit *audit, Text id) {
  Replay *replay = audit->context;
  Events events;
  Case now;
  audit->status = store_read_events(audit->store, &audit->work, id, &events);
  if (audit->status != STORE_OK) return;
  audit->cases++;
  case_open(&now, &audit->work);
  for (uint32_t i = 0; i < events.count; i++) {
    if (text_is(events.items[i].type, "decided")) decide_again(replay, &now, &events.items[i]);
    case_apply(&now, &events.items[i]);
  }
}

static void replay(Audit *audit) {
  Replay all = {.audit = audit};
  const char *one = audit->options->operand;
  audit->context = &all;
  if (engine_open_stored(audit->store, &all.engine) != LICET_OK) arena_exhaust(&audit->all);
  if (one != NULL)
    replay_case(audit, text_of(one));
  else
    audit_each_case(audit, replay_case);
  engine_close(all.engine);
  if (audit->status != STORE_OK) return;
  printf("%s: cases %zu, decided again %zu, differ %zu, without a policy %zu\n",
         audit->errors == 0 ? "replayed" : "not as decided", audit->cases, all.decided,
         audit->errors, all.uncovered);
}

ExitCode command_audit_replay(const Options *options) { return audit_run(options, replay); }
