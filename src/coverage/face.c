/* face: the public calls of coverage: cases are taken, and what they show is read as numbers, JSON,
 * suggestions and remarks.
 *
 * All that needs memory runs under one scoped attempt over the three arenas of a coverage.
 * Invariant: suggestions are worked out once, when they are first asked for. */
#include <string.h>

#include "coverage/coverage.h"

/* ---- Taking cases into account ---- */

/* The request within a case; a request by itself. */
static licet_status find_request(licet_coverage *coverage, const char *json, size_t length,
                                 Text *request) {
  const JsonToken *tokens;
  uint32_t count;
  const char *message;
  size_t offset;
  JsonStatus read = json_read(coverage->reader, json, length, &tokens, &count, &message, &offset);
  if (read == JSON_NO_MEMORY) return LICET_NO_MEMORY;
  if (read != JSON_OK) return LICET_BAD_REQUEST;
  const JsonToken *inner = token_member(tokens, tokens, TEXT("request"));
  *request = inner != NULL ? token_raw(inner) : (Text){json, (uint32_t)length};
  return LICET_OK;
}

static licet_status take_case(licet_coverage *coverage, const char *json, size_t length) {
  Text request;
  const licet_determination *d;
  licet_status status = find_request(coverage, json, length, &request);
  if (status == LICET_OK) status = licet_decide(coverage->session, request.at, request.length, &d);
  if (status != LICET_OK || coverage->session->determination.compiled == NULL) return status;
  Covered *covered = coverage_of(coverage, licet_determination_policy(d));
  const Text kept = text_copy(&coverage->arena, request);
  LIST_PUSH(&coverage->arena, covered->requests, kept);
  coverage_tally(coverage, covered);
  return LICET_OK;
}

static bool attempt(licet_coverage *coverage, void (*work)(void *context), void *context) {
  Arena *const arenas[] = {&coverage->arena, &coverage->scratch, &coverage->supposed};
  return arenas_attempt(arenas, 3, work, context);
}

typedef struct Taking {
  licet_coverage *coverage;
  const char *json;
  size_t length;
  licet_status status;
} Taking;

static void take(void *context) {
  Taking *taking = context;
  taking->status = take_case(taking->coverage, taking->json, taking->length);
}

licet_status licet_coverage_case(licet_coverage *coverage, const char *json, size_t length) {
  Taking taking = {coverage, json, length, LICET_OK};
  return attempt(coverage, take, &taking) ? taking.status : LICET_NO_MEMORY;
}

licet_status licet_coverage_open(const licet_library *library, licet_coverage **out) {
  *out = NULL;
  licet_coverage *coverage = memory_allocate(sizeof *coverage);
  if (coverage == NULL) return LICET_NO_MEMORY;
  memset(coverage, 0, sizeof *coverage);
  coverage->library = library;
  arena_open(&coverage->arena);
  arena_open(&coverage->scratch);
  arena_open(&coverage->supposed);
  coverage->reader = json_open();
  coverage->base_reader = json_open();
  licet_status status = coverage->reader == NULL || coverage->base_reader == NULL
                            ? LICET_NO_MEMORY
                            : licet_session_open(library, SESSION_OF_PLAN, &coverage->session);
  if (status == LICET_OK) {
    *out = coverage;
  } else {
    licet_coverage_close(coverage);
  }
  return status;
}

void licet_coverage_close(licet_coverage *coverage) {
  if (coverage == NULL) return;
  licet_session_close(coverage->session);
  json_close(coverage->reader);
  json_close(coverage->base_reader);
  arena_close(&coverage->arena);
  arena_close(&coverage->scratch);
  arena_close(&coverage->supposed);
  memory_free(coverage);
}

/* ---- Looking ---- */

/* A group has no condition of its own: what it says is shown by its parts. */
static bool counts(const Criterion *criterion) {
  return criterion->connective == CONNECTIVE_LEAF && criterion->condition != NULL;
}

static void prove(void *context) { coverage_prove(context); }

licet_status licet_coverage_prove(licet_coverage *coverage) {
  return attempt(coverage, prove, coverage) ? LICET_OK : LICET_NO_MEMORY;
}

licet_covered licet_coverage_at(const licet_coverage *coverage, size_t index) {
  for (uint32_t p = 0; p < coverage->policies.count; p++) {
    const Covered *covered = &coverage->policies.items[p];
    for (uint32_t c = 0; c < covered->policy->model->criteria.count; c++) {
      if (!counts(covered->policy->model->criteria.items[c]) || index-- > 0) continue;
      const Tally *tally = &covered->tallies[c];
      return (licet_covered){.policy = covered->policy->id,
                             .criterion = covered->policy->criteria.items[c],
                             .met = tally->met,
                             .not_met = tally->not_met,
                             .shown_met = tally->shown_met,
                             .shown_not_met = tally->shown_not_met,
                             .can_show_met = may_show_met(tally),
                             .can_show_not_met = may_show_not_met(tally)};
    }
  }
  return (licet_covered){0};
}

/* Shown each way that a case can show. */
static bool is_settled(const Tally *tally) {
  return (tally->shown_met || !may_show_met(tally)) &&
         (tally->shown_not_met || !may_show_not_met(tally));
}

static void write_open(JsonWriter *json, const Criterion *criterion, const Tally *tally) {
  json_begin_object(json);
  json_text_member(json, "path", criterion->path);
  json_text_member(json, "text", criterion->title);
  json_integer_member(json, "met", tally->met);
  json_integer_member(json, "not_met", tally->not_met);
  json_boolean_member(json, "shown_met", tally->shown_met);
  json_boolean_member(json, "shown_not_met", tally->shown_not_met);
  json_boolean_member(json, "can_show_met", may_show_met(tally));
  json_boolean_member(json, "can_show_not_met", may_show_not_met(tally));
  json_end_object(json);
}

static void write_policy(JsonWriter *json, const Covered *covered) {
  uint32_t criteria = 0, met = 0, not_met = 0, both = 0, never = 0;
  const Policy *model = covered->policy->model;
  for (uint32_t c = 0; c < model->criteria.count; c++) {
    if (!counts(model->criteria.items[c])) continue;
    const Tally *tally = &covered->tallies[c];
    criteria++;
    met += tally->shown_met;
    not_met += tally->shown_not_met;
    both += tally->shown_met && tally->shown_not_met;
    never += is_settled(tally) && !(tally->shown_met && tally->shown_not_met);
  }
  json_begin_object(json);
  json_text_member(json, "policy", model->id);
  json_integer_member(json, "cases", covered->requests.count);
  json_integer_member(json, "criteria", criteria);
  json_integer_member(json, "shown_met", met);
  json_integer_member(json, "shown_not_met", not_met);
  json_integer_member(json, "both", both);
  json_integer_member(json, "never", never);
  json_array_member(json, "open");
  for (uint32_t c = 0; c < model->criteria.count; c++) {
    const Tally *tally = &covered->tallies[c];
    if (counts(model->criteria.items[c]) && !(tally->shown_met && tally->shown_not_met))
      write_open(json, model->criteria.items[c], tally);
  }
  json_end_array(json);
  json_end_object(json);
}

static void write_json(void *context) {
  licet_coverage *coverage = context;
  JsonWriter json;
  coverage_prove(coverage);
  buffer_open(&coverage->json, &coverage->arena, 4096);
  json_writer_open(&json, &coverage->json);
  json_begin_object(&json);
  json_array_member(&json, "policies");
  for (uint32_t p = 0; p < coverage->policies.count; p++)
    write_policy(&json, &coverage->policies.items[p]);
  json_end_array(&json);
  json_end_object(&json);
  json_writer_close(&json);
  buffer_finish(&coverage->json);
}

const char *licet_coverage_json(licet_coverage *coverage, size_t *length) {
  const bool done = attempt(coverage, write_json, coverage);
  if (length != NULL) *length = done ? coverage->json.length : 0;
  return done ? coverage->json.at : NULL;
}

static void suggest(void *context) {
  licet_coverage *coverage = context;
  if (!coverage->has_suggested) coverage_suggest(coverage);
  coverage->has_suggested = true;
}

/* False where memory runs out. */
static bool look_for_suggestions(licet_coverage *coverage) {
  return attempt(coverage, suggest, coverage);
}

const char *licet_coverage_suggestion(licet_coverage *coverage, size_t index) {
  if (!look_for_suggestions(coverage)) return NULL;
  return index < coverage->suggestions.count ? coverage->suggestions.items[index] : NULL;
}

const char *licet_coverage_remark(licet_coverage *coverage, size_t index) {
  if (!look_for_suggestions(coverage)) return NULL;
  return index < coverage->remarks.count ? coverage->remarks.items[index] : NULL;
}
