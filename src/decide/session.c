/* Sessions: from a request's bytes to a determination, step by step; and what the public header
 * says of it. */
#include "decide/next.h"
#include "decide/session.h"

#include <assert.h>
#include <stdio.h>
#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "base/options.h"
#include "decide/bind.h"
#include "decide/decide.h"
#include "decide/dose.h"
#include "decide/stated_dose.h"

const char *licet_version(void) { return LICET_VERSION; }

const char *licet_status_text(licet_status status) {
  switch (status) {
    case LICET_OK:
      return "ok";
    case LICET_BAD_REQUEST:
      return "bad request";
    case LICET_BAD_POLICY:
      return "bad policy";
    case LICET_NOT_FOUND:
      return "not found";
    case LICET_IO:
      return "cannot be read";
    case LICET_NO_MEMORY:
      return "out of memory";
    case LICET_BAD_OPTIONS:
      return "bad options";
    case LICET_INTERRUPTED:
      return "interrupted";
  }
  return ""; /* a number of the caller's that is no status */
}

/* ---- Opening ---- */

static void open_scratch(void *context) {
  licet_session *session = context;
  session->scratch = diagram_scratch_open(&session->kept);
}

/* Both: false for a value of the options that does not exist. */
static bool choose_digest(const licet_session_options *options, bool *digests_requests) {
  *digests_requests = options->request_digest == LICET_REQUEST_DIGEST_SHA256;
  return *digests_requests || options->request_digest == LICET_REQUEST_DIGEST_NONE;
}

static bool choose_voucher(const licet_session_options *options, Voucher *voucher) {
  switch (options->vouched_by) {
    case LICET_VOUCHED_BY_REQUESTER:
      *voucher = VOUCHER_REQUESTER;
      return true;
    case LICET_VOUCHED_BY_PLAN:
      *voucher = VOUCHER_PLAN;
      return true;
  }
  return false;
}

licet_status licet_session_open(const licet_library *library, const licet_session_options *options,
                                licet_session **out) {
  *out = NULL;
  licet_session_options own;
  Voucher voucher;
  bool digests_requests;
  if (!options_take(&own, sizeof own, options) || !choose_voucher(&own, &voucher) ||
      !choose_digest(&own, &digests_requests))
    return LICET_BAD_OPTIONS;
  licet_session *session = memory_allocate(sizeof *session);
  if (session == NULL) return LICET_NO_MEMORY;
  memset(session, 0, sizeof *session);
  session->library = library;
  session->voucher = voucher;
  session->digests_requests = digests_requests;
  arena_open(&session->arena);
  arena_open(&session->kept);
  arena_open(&session->case_arena);
  session->reader = json_open();
  if (session->reader == NULL || !arena_attempt(&session->kept, open_scratch, session)) {
    licet_session_close(session);
    return LICET_NO_MEMORY;
  }
  *out = session;
  return LICET_OK;
}

void licet_session_close(licet_session *session) {
  if (session == NULL) return;
  json_close(session->reader);
  json_close(session->case_reader);
  json_close(session->answer_reader);
  arena_close(&session->case_arena);
  arena_close(&session->arena);
  arena_close(&session->kept);
  memory_free(session);
}

/* ---- Reading ---- */

/* One row of values per vocabulary is kept; only what the last request touched is cleared. */
static Facts *facts_for(licet_session *session, const Vocabulary *vocabulary) {
  const licet_library *library = session->library;
  if (session->facts == NULL)
    session->facts = ARENA_ARRAY(&session->kept, Facts, library->vocabularies.count);
  uint32_t index = 0;
  while (library->vocabularies.items[index] != vocabulary) index++;
  Facts *facts = &session->facts[index];
  if (facts->touched == NULL) {
    FactValue *values = ARENA_ARRAY(&session->kept, FactValue, vocabulary->facts.count);
    uint32_t *touched = ARENA_ARRAY(&session->kept, uint32_t, vocabulary->facts.count);
    const Fact **next = ARENA_ARRAY(&session->kept, const Fact *, vocabulary->facts.count + 1);
    *facts = (Facts){vocabulary, values, touched, 0, next};
  }
  return facts;
}

static inline void clear_value(FactValue *value) {
  if (value->elaborate) {
    memory_clear(value, sizeof *value);
  } else {
    memset(value, 0, offsetof(FactValue, code));
  }
}

static void clear_facts(licet_session *session) {
  for (uint32_t v = 0; session->facts != NULL && v < session->library->vocabularies.count; v++) {
    Facts *facts = &session->facts[v];
    for (uint32_t i = 0; i < facts->touched_count; i++)
      clear_value(&facts->values[facts->touched[i]]);
    facts->touched_count = 0;
  }
}

void session_begin(licet_session *session) {
  clear_facts(session);
  diagram_scratch_allow(session->scratch);
  arena_reset(&session->arena);
  session->request_errors = (RequestErrors){.arena = &session->arena};
  session->errors = (Buffer){0};
  licet_determination *d = &session->determination;
  memory_clear(d, sizeof *d);
  d->session = session;
  d->library = session->library;
  d->arena = &session->arena;
  d->scratch = session->scratch;
  d->pathway = d->route = "";
}

/* Where a text that is not JSON goes wrong. */
typedef struct JsonPlace {
  const char *text; /* NULL: it was given as tokens */
  size_t length, offset;
} JsonPlace;

static void set_position(RequestError *error, const JsonPlace *place) {
  error->byte = (uint32_t)place->offset;
  text_position((Text){place->text, (uint32_t)place->offset}, &error->line, &error->column);
}

/* "a value is expected at line 3, column 14 (byte 57)"; of a text on one line, its column alone. */
static Text found_in_text(Arena *arena, const char *message, const JsonPlace *place) {
  RequestError at;
  if (place->text == NULL) return text_of(message);
  set_position(&at, place);
  const bool is_one_line = memchr(place->text, '\n', place->length) == NULL;
  const char *found =
      is_one_line ? arena_format(arena, "%s at column %u (byte %u)", message, at.column, at.byte)
                  : arena_format(arena, "%s at line %u, column %u (byte %u)", message, at.line,
                                 at.column, at.byte);
  return text_of(found);
}

static void request_error_in_text(licet_session *session, JsonStatus status, const char *message,
                                  const JsonPlace *place) {
  Arena *arena = &session->arena;
  const char *expected = "well-formed JSON";
  licet_request_error_code code = LICET_ERROR_TOO_LARGE;
  switch (status) {
    case JSON_OK:
    case JSON_MALFORMED:
    case JSON_NO_MEMORY:
      code = LICET_ERROR_NOT_JSON;
      break;
    case JSON_TOO_DEEP:
      expected = arena_format(arena, "at most %d levels of nesting", LIMIT_REQUEST_DEPTH);
      break;
    case JSON_TOO_MANY:
      expected = arena_format(arena, "at most %u values", LIMIT_REQUEST_TOKENS);
      break;
    case JSON_TOO_LARGE:
      expected = arena_format(arena, "at most %u bytes", LIMIT_REQUEST_BYTES);
      break;
  }
  const Text found = found_in_text(arena, message == NULL ? "an error" : message, place);
  RequestError *error =
      request_error_add(&session->request_errors, code, TEXT(""), TEXT(""), found, "%s", expected);
  if (place->text != NULL) set_position(error, place);
}

/* Facts are checked even where no policy covers the request: by the vocabulary of the policies for
 * its drug, or the one that fits best. */
static void read_facts_by(licet_session *session, const Vocabulary *vocabulary) {
  licet_determination *d = &session->determination;
  NotCounted not_counted = {0};
  Facts *facts = facts_for(session, vocabulary);
  request_read_facts(&d->request, session->tokens, session->voucher, facts, &not_counted,
                     &session->request_errors);
  const StatedDose stated = {&session->arena, &session->request_errors, d->request.drug,
                             d->request.start};
  if (session->request_errors.list.count == 0) compute_doses(&stated, facts);
  d->facts = *facts;
  for (uint32_t i = 0; i < not_counted.count; i++) {
    const char *name = arena_copy(&session->arena, not_counted.items[i]->name.at,
                                  not_counted.items[i]->name.length);
    LIST_PUSH(&session->arena, d->not_counted, name);
    for (uint32_t at = i; at > 0 && strcmp(name, d->not_counted.items[at - 1]) < 0;
         at--) { /* in alphabetical order, however they came */
      d->not_counted.items[at] = d->not_counted.items[at - 1];
      d->not_counted.items[at - 1] = name;
    }
  }
}

void session_read_facts(licet_session *session, const Vocabulary *vocabulary) {
  clear_facts(session);
  session->determination.not_counted.count = 0;
  read_facts_by(session, vocabulary);
}

static void read_facts_by_best(licet_session *session) {
  const licet_library *library = session->library;
  licet_determination *d = &session->determination;
  RequestErrors head = session->request_errors, best_request_errors = {0};
  NameList best_not_counted = {0};
  uint32_t best = UINT32_MAX;
  for (uint32_t i = 0; i < library->vocabularies.count; i++) {
    session->request_errors = (RequestErrors){.arena = &session->arena};
    for (uint32_t f = 0; f < head.list.count; f++)
      LIST_PUSH(&session->arena, session->request_errors.list, head.list.items[f]);
    d->not_counted = (NameList){0};
    read_facts_by(session, library->vocabularies.items[i]);
    uint32_t request_errors = session->request_errors.list.count + session->request_errors.dropped;
    if (request_errors >= best) continue;
    best = request_errors;
    best_request_errors = session->request_errors;
    best_not_counted = d->not_counted;
  }
  if (best != UINT32_MAX) session->request_errors = best_request_errors;
  d->not_counted = best_not_counted;
}

/* A request that names both a policy and a payer means the payer's policy, unless whoever asks has
 * already said which policy decides. */
static void check_payer(licet_session *session) {
  const Request *request = &session->determination.request;
  if (session->by != NULL || request->policy.length == 0 || request->payer.length == 0) return;
  const licet_policy *named = library_policy_named(session->library, request->policy);
  if (named == NULL || text_equal(named->model->payer, request->payer)) return;
  request_error_add(&session->request_errors, LICET_ERROR_CONTRADICTION, TEXT("payer"),
                    TEXT("/payer"), request->payer, "the payer of policy %s, or none: %s",
                    named->id, named->payer)
      ->nearest = named->model->payer;
}

/* A request that several policies cover must say which is meant: none of them is the first. */
static void check_sole(licet_session *session) {
  const licet_determination *d = &session->determination;
  Buffer names;
  const licet_policy *rival = library_rival(session->library, &d->search, d->policy);
  if (rival == NULL) return;
  buffer_open(&names, &session->arena, 64);
  buffer_string(&names, d->policy->id);
  for (; rival != NULL; rival = library_rival(session->library, &d->search, rival)) {
    buffer_string(&names, ", ");
    buffer_string(&names, rival->id);
  }
  request_error_add(
      &session->request_errors, LICET_ERROR_AMBIGUOUS, TEXT("policy"), TEXT("/policy"), (Text){0},
      "the policy that is meant, since several cover the request: %s", buffer_finish(&names));
}

static void find_policy(licet_session *session) {
  licet_determination *d = &session->determination;
  d->policy = library_find(session->library, &d->search, &d->version);
  if (d->policy == NULL) {
    d->uncovered = library_uncovered(session->library, &d->search);
    d->reason = uncovered_reason(d->uncovered);
  } else {
    check_sole(session);
  }
  check_payer(session);
}

bool session_request(licet_session *session, const JsonToken *tokens, uint32_t count) {
  licet_determination *d = &session->determination;
  session->tokens = tokens;
  session->token_count = count;
  if (session->library->vocabularies.count == 0) return true;
  const Text by = session->by == NULL ? (Text){0} : session->by->model->id;
  request_read_head(&d->request, tokens, count, session->library->vocabularies.items[0], by,
                    &session->request_errors);
  d->search = (PolicySearch){.policy = d->request.policy,
                             .payer = d->request.payer,
                             .drug = d->request.drug,
                             .line = d->request.line,
                             .day = d->request.received};
  if (session->by != NULL && session->by_on != DATE_NONE) d->search.day = session->by_on;
  if (session->request_errors.list.count == 0) find_policy(session);
  if (d->policy == NULL) {
    read_facts_by_best(session);
    return session->request_errors.list.count == 0;
  }
  d->compiled = library_compiled(d->policy, d->version, d->request.kind);
  if (d->compiled == NULL) arena_exhaust(&session->arena);
  read_facts_by(session, d->policy->model->vocabulary);
  return session->request_errors.list.count == 0;
}

bool session_read(licet_session *session, const char *json, size_t length) {
  const char *message = NULL;
  size_t offset = 0;
  JsonStatus status = json_read(session->reader, json, length, &session->tokens,
                                &session->token_count, &message, &offset);
  if (status == JSON_NO_MEMORY) arena_exhaust(&session->arena);
  if (status != JSON_OK) {
    request_error_in_text(session, status, message, &(JsonPlace){json, length, offset});
    return false;
  }
  return session_request(session, session->tokens, session->token_count);
}

static bool session_read_tokens(licet_session *session, const licet_token *tokens, size_t count) {
  session->tokens = tokens;
  session->token_count = (uint32_t)count;
  if (count <= LIMIT_REQUEST_TOKENS) return session_request(session, tokens, (uint32_t)count);
  request_error_in_text(session, JSON_TOO_MANY, "more", &(JsonPlace){0});
  return false;
}

/* ---- Deciding ---- */

bool session_bind(licet_session *session) {
  licet_determination *d = &session->determination;
  if (d->compiled == NULL) return true;
  uint32_t count = d->compiled->set.variables.count;
  d->bound = arena_allocate_raw(&session->arena, 2 * count * sizeof *d->bound);
  d->allowed = d->bound + count;
  bind_facts(d->compiled, &d->facts, d->bound);
  memcpy(d->allowed, d->bound, count * sizeof *d->bound);
  if (bind_confine(d->compiled, d->allowed, session->scratch)) return true;
  request_error_add(&session->request_errors, LICET_ERROR_CONTRADICTION, TEXT("facts"),
                    TEXT("/facts"), TEXT("facts that contradict each other"),
                    "facts that can be true of one patient together");
  return false;
}

void session_decide(licet_session *session) {
  decide(&session->determination);
  determination_next(&session->determination);
}
void session_decide_outcome(licet_session *session) { decide_outcome(&session->determination); }
void session_explain(licet_session *session) { determination_explain(&session->determination); }
void session_write(licet_session *session) { determination_finish(&session->determination); }

/* After a failed allocation the scratch tables may be half grown: they are made again. */
static void make_anew(licet_session *session) {
  arena_close(&session->kept);
  arena_open(&session->kept);
  session->scratch = NULL;
  session->facts = NULL;
}

bool session_attempt(licet_session *session, void (*work)(void *context), void *context) {
  Arena *const arenas[] = {&session->arena, &session->kept};
  if (arenas_attempt(arenas, 2, work, context)) return true;
  make_anew(session);
  return false;
}

void session_write_errors(licet_session *session) {
  buffer_open(&session->errors, &session->arena, 256);
  request_errors_write(&session->errors, &session->request_errors,
                       session->determination.request.id_raw);
  buffer_finish(&session->errors);
}

static bool read_task(licet_session *session, const Task *task) {
  return task->json == NULL ? session_read_tokens(session, task->tokens, task->token_count)
                            : session_read(session, task->json, task->length);
}

static void answer(licet_session *session, Depth depth) {
  switch (depth) {
    case DEPTH_DETERMINATION:
      session_decide(session);
      session_explain(session);
      determination_dose(&session->determination);
      session_write(session);
      return;
    case DEPTH_ANSWER:
      session_decide(session);
      return;
    case DEPTH_OUTCOME:
      session_decide_outcome(session);
      return;
    case DEPTH_CRITERIA:
      session_explain(session);
      return;
  }
}

static void digest_request(licet_session *session, const Task *task) {
  if (!session->digests_requests || task->depth != DEPTH_DETERMINATION || task->json == NULL)
    return;
  digest_text(session->determination.request_digest, &(Text){task->json, (uint32_t)task->length},
              1);
}

typedef struct Running {
  licet_session *session;
  const Task *task;
  bool sound; /* the request has no errors */
} Running;

static void run_task(void *context) {
  Running *running = context;
  licet_session *session = running->session;
  if (session->scratch == NULL) session->scratch = diagram_scratch_open(&session->kept);
  session_begin(session);
  running->sound = read_task(session, running->task) && session_bind(session);
  if (running->sound) {
    digest_request(session, running->task);
    answer(session, running->task->depth);
  } else {
    session_write_errors(session);
  }
}

licet_status session_run(licet_session *session, const Task *task) {
  Running running = {session, task, false};
  if (!session_attempt(session, run_task, &running)) return LICET_NO_MEMORY;
  return running.sound ? LICET_OK : LICET_BAD_REQUEST;
}

licet_status licet_decide(licet_session *session, const char *json, size_t length,
                          const licet_determination **determination) {
  const Task task = {.json = json == NULL ? "" : json, .length = length};
  const licet_status status = session_run(session, &task);
  *determination = status == LICET_OK ? &session->determination : NULL;
  return status;
}

const char *licet_session_error_json(licet_session *session, size_t *length) {
  if (length != NULL) *length = session->errors.length;
  return session->errors.at == NULL ? "" : session->errors.at;
}

const char *licet_determination_json(const licet_determination *d, size_t *length) {
  if (length != NULL) *length = d->json.length;
  return d->json.at;
}
