/* interview: after each answer the request is written out and decided again, so that an answer is
 * checked as any fact of a request is; then the next question is chosen (choose.c).
 *
 * Invariant: the state is the request it began with and the list of answers. An answer that is
 * rejected leaves both as they were, and so does an undo after its answer. */
#include "ask/interview.h"

#include <string.h>

#include "base/options.h"

/* ---- Opening ---- */

void licet_interview_close(licet_interview *interview) {
  if (interview == NULL) return;
  licet_session_close(interview->session);
  json_close(interview->reader);
  json_close(interview->answer_reader);
  arena_close(&interview->kept);
  arena_close(&interview->step);
  memory_free(interview);
}

/* One call of an interview: what was said, and how it went. */
typedef struct Call {
  licet_interview *interview;
  const char *said;
  size_t length;
  licet_status status;
} Call;

/* Runs one call of `interview` under a guard of its arenas. */
static licet_status attempt(Call call, void (*work)(void *call)) {
  Arena *const arenas[] = {&call.interview->kept, &call.interview->step};
  return arenas_attempt(arenas, 2, work, &call) ? call.status : LICET_NO_MEMORY;
}

static void keep_errors(licet_interview *interview) {
  size_t length;
  const char *errors = licet_session_error_json(interview->session, &length);
  interview->errors = text_copy(&interview->kept, (Text){errors, (uint32_t)length});
  licet_request_error request_error = licet_session_error(interview->session, 0);
  interview->trouble = request_error.field == NULL
                           ? TEXT("")
                           : text_of(arena_format(&interview->kept, "expected %s; found %s",
                                                  request_error.expected, request_error.found));
}

/* The request with its answers, decided; and the next question. */
static licet_status refresh(licet_interview *interview) {
  arena_reset(&interview->step);
  Arena *arena = &interview->step;
  Restated *facts = ARENA_ARRAY(arena, Restated, interview->answers.count + 1);
  uint32_t count = 0;
  for (uint32_t i = 0; i < interview->answers.count; i++) {
    const Answer *answer = &interview->answers.items[i];
    if (answer->json.length > 0) facts[count++] = (Restated){answer->fact->name, answer->json};
  }
  interview->request =
      restate(arena, interview->tokens, &(Restatement){.facts = facts, .fact_count = count});
  interview->asked = NULL;
  interview->is_decided = false;
  const Task task = {
      .json = interview->request.at, .length = interview->request.length, .depth = DEPTH_CRITERIA};
  licet_status status = session_run(interview->session, &task);
  interview->determination = status == LICET_OK ? &interview->session->determination : NULL;
  if (status == LICET_BAD_REQUEST) keep_errors(interview);
  if (status == LICET_OK) interview_choose(interview);
  return status;
}

static licet_status read_request(licet_interview *interview, const char *json, size_t length) {
  uint32_t count;
  const char *message;
  size_t offset;
  Text kept = text_copy(&interview->kept, (Text){json, (uint32_t)length});
  JsonStatus read = length > UINT32_MAX ? JSON_TOO_LARGE
                                        : json_read(interview->reader, kept.at, length,
                                                    &interview->tokens, &count, &message, &offset);
  if (read == JSON_NO_MEMORY) return LICET_NO_MEMORY;
  if (read == JSON_OK && interview->tokens[0].kind == JSON_OBJECT) return refresh(interview);
  licet_status status = licet_decide(interview->session, json, length, &interview->determination);
  if (status == LICET_BAD_REQUEST) keep_errors(interview);
  return status == LICET_OK ? LICET_BAD_REQUEST : status;
}

static void begin(void *context) {
  Call *call = context;
  licet_interview *interview = call->interview;
  interview->reader = json_open();
  interview->answer_reader = json_open();
  const licet_session_options session = {.size = sizeof session,
                                         .vouched_by = interview->vouched_by};
  call->status = licet_session_open(interview->library, &session, &interview->session);
  if (interview->reader == NULL || interview->answer_reader == NULL) call->status = LICET_NO_MEMORY;
  if (call->status == LICET_OK) call->status = read_request(interview, call->said, call->length);
}

licet_status licet_interview_open(const licet_library *library, const char *json, size_t length,
                                  const licet_interview_options *options, licet_interview **out) {
  *out = NULL;
  licet_interview_options own;
  if (!options_take(&own, sizeof own, options)) return LICET_BAD_OPTIONS;
  if (own.answerer == LICET_ASK_REVIEWER) own.vouched_by = LICET_VOUCHED_BY_PLAN;
  licet_interview *interview = memory_allocate(sizeof *interview);
  if (interview == NULL) return LICET_NO_MEMORY;
  memset(interview, 0, sizeof *interview);
  interview->library = library;
  interview->answerer = own.answerer;
  interview->vouched_by = own.vouched_by;
  interview->errors = interview->trouble = interview->request = TEXT("");
  arena_open(&interview->kept);
  arena_open(&interview->step);
  licet_status status = attempt((Call){interview, json, length, LICET_OK}, begin);
  if (status != LICET_OK && status != LICET_BAD_REQUEST) {
    licet_interview_close(interview);
    return status;
  }
  *out = interview;
  return status;
}

/* ---- Answering ---- */

static licet_status refuse(licet_interview *interview, const char *expected, Text found) {
  Buffer errors;
  RequestErrors request_errors = {.arena = &interview->kept};
  const Text name = interview->asked == NULL ? TEXT("") : interview->asked->name;
  request_error_add(&request_errors, LICET_ERROR_BAD_ANSWER, name, TEXT(""), found, "%s", expected);
  buffer_open(&errors, &interview->kept, 128);
  request_errors_write(&errors, &request_errors, TEXT(""));
  buffer_finish(&errors);
  interview->errors = (Text){errors.at, (uint32_t)errors.length};
  interview->trouble = text_of(arena_copy(&interview->kept, expected, strlen(expected)));
  return LICET_BAD_REQUEST;
}

/* A value alone: limits of a request are checked when the request is read. */
static licet_status check_json(licet_interview *interview, const char *json, size_t length,
                               Text *value) {
  const JsonToken *tokens;
  uint32_t count;
  const char *message;
  size_t offset;
  JsonStatus read =
      json_read(interview->answer_reader, json, length, &tokens, &count, &message, &offset);
  if (read == JSON_NO_MEMORY) return LICET_NO_MEMORY;
  if (read != JSON_OK)
    return refuse(interview, "a JSON value", (Text){json, (uint32_t)(length < 80 ? length : 80)});
  *value =
      tokens[0].kind == JSON_NULL ? TEXT("") : text_copy(&interview->kept, token_raw(&tokens[0]));
  return LICET_OK;
}

/* The answerer's word is given as theirs. */
static Text as_theirs(licet_interview *interview, const Fact *fact, Text json) {
  if (json.length == 0 || json.at[0] == '{' || fact->supplier == SUPPLIER_REQUESTER) return json;
  return supplied_json(&interview->kept, fact, json);
}

static licet_status add_answer(licet_interview *interview, const char *json, size_t length) {
  Text value = {0};
  interview->errors = interview->trouble = TEXT("");
  if (interview->asked == NULL)
    return refuse(interview, "no further answer: no question is open", TEXT(""));
  licet_status status = json == NULL ? LICET_OK : check_json(interview, json, length, &value);
  if (status != LICET_OK) return status;
  const Answer answer = {interview->asked, as_theirs(interview, interview->asked, value)};
  LIST_PUSH(&interview->kept, interview->answers, answer);
  status = refresh(interview);
  if (status != LICET_BAD_REQUEST) return status;
  interview->answers.count--;
  status = refresh(interview);
  return status == LICET_OK ? LICET_BAD_REQUEST : status;
}

static void answer(void *context) {
  Call *call = context;
  call->status = add_answer(call->interview, call->said, call->length);
}

licet_status licet_interview_answer(licet_interview *interview, const char *json, size_t length) {
  return attempt((Call){interview, json, length, LICET_OK}, answer);
}

static void answer_in_words(void *context) {
  Call *call = context;
  licet_interview *interview = call->interview;
  const char *trouble = "nothing is asked";
  const Text said = text_of(call->said);
  Text json = interview->asked == NULL ? TEXT("")
                                       : say_as_json(&interview->kept, interview, said, &trouble);
  call->status = json.length == 0 ? refuse(interview, trouble, said)
                                  : add_answer(interview, json.at, json.length);
}

licet_status licet_interview_answer_text(licet_interview *interview, const char *words) {
  return attempt((Call){interview, words, 0, LICET_OK}, answer_in_words);
}

static void undo(void *context) {
  Call *call = context;
  licet_interview *interview = call->interview;
  interview->answers.count--;
  interview->errors = interview->trouble = TEXT("");
  call->status = refresh(interview);
}

int licet_interview_undo(licet_interview *interview) {
  if (interview->answers.count == 0) return 0;
  return attempt((Call){interview, NULL, 0, LICET_OK}, undo) == LICET_OK;
}

/* ---- Looking ---- */

const licet_question *licet_interview_question(licet_interview *interview) {
  return interview->asked == NULL ? NULL : &interview->question;
}

const char *licet_interview_error_json(const licet_interview *interview) {
  return interview->errors.at;
}
const char *licet_interview_error_text(const licet_interview *interview) {
  return interview->trouble.at;
}

const char *licet_interview_request(const licet_interview *interview, size_t *length) {
  if (length != NULL) *length = interview->request.length;
  return interview->request.at;
}

const licet_determination *licet_interview_determination(licet_interview *interview) {
  if (interview->determination == NULL || interview->is_decided) return interview->determination;
  const Text request = interview->request;
  interview->is_decided = licet_decide(interview->session, request.at, request.length,
                                       &interview->determination) == LICET_OK;
  return interview->determination;
}

int licet_interview_lacks_memory(const licet_interview *interview) {
  return licet_session_lacks_memory(interview->session);
}

uint32_t licet_interview_answered(const licet_interview *interview) {
  return interview->answers.count;
}
uint32_t licet_interview_askable(const licet_interview *interview) { return interview->askable; }
