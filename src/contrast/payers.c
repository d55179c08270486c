/* payers: one request under every policy in force for its drug.
 *
 * Each row is the request restated for that policy (suppose/restate.c) and decided, one policy
 * after another in the library's order.
 *
 *     request ──┬─ policy A, its line ── licet_decide ──> row A: determination, or errors
 *               └─ policy B, its line ── licet_decide ──> row B
 *
 * Invariant: a row is a determination of its own, copied; a request is bad only where it is bad
 * under every policy. */
#include "contrast/contrast.h"
#include "licet/contrast.h"

typedef struct Row {
  licet_panel_row view;
  SetList missing, documents;
  Text answer; /* the determination without its criteria, or the errors */
} Row;

struct licet_panel {
  Arena arena;
  JsonReader *reader;
  LIST(Row) rows;
  Buffer json;
  const char *request, *drug, *received, *nearest_drug;
};

void licet_panel_close(licet_panel *panel) {
  if (panel == NULL) return;
  json_close(panel->reader);
  arena_close(&panel->arena);
  memory_free(panel);
}

/* ---- Keeping a determination ---- */

static void keep_determination(licet_panel *panel, Row *row, const licet_determination *d) {
  Arena *arena = &panel->arena;
  Buffer answer;
  row->view.version = keep(arena, licet_determination_version(d));
  row->view.outcome = licet_determination_outcome(d);
  row->view.reason = licet_determination_reason(d);
  row->view.pathway = keep(arena, licet_determination_pathway(d));
  row->view.route = keep(arena, licet_determination_route(d));
  row->view.authorization = keep_authorization(arena, d);
  keep_sets(arena, d, &row->missing, licet_determination_missing);
  keep_sets(arena, d, &row->documents, licet_determination_documents);
  buffer_open(&answer, arena, 1024);
  determination_write(&answer, d, DETAIL_ANSWER);
  row->answer = (Text){answer.at, (uint32_t)answer.length};
}

/* ---- Deciding ---- */

static bool is_for(const Policy *policy, Text drug) {
  for (uint32_t i = 0; i < policy->drugs.count; i++) {
    if (text_equal_ignoring_case(policy->drugs.items[i], drug)) return true;
  }
  return false;
}

/* Not an error: an unknown drug is a request that no policy covers. But it may be a slip. */
static const char *nearest_drug(Arena *arena, const licet_library *library, Text drug) {
  LIST(Text) drugs = {0};
  for (uint32_t i = 0; i < library->policies.count; i++) {
    const Policy *policy = library->policies.items[i]->model;
    if (is_for(policy, drug)) return "";
    for (uint32_t d = 0; d < policy->drugs.count; d++)
      LIST_PUSH(arena, drugs, policy->drugs.items[d]);
  }
  int nearest = text_nearest(drug, drugs.items, drugs.count);
  return nearest < 0 ? "" : keep_text(arena, drugs.items[nearest]);
}

static Text line_name(const Policy *policy, int line) {
  return policy->vocabulary->facts.items[FACT_LINE]->type.values[line];
}

static licet_status decide_under(licet_panel *panel, licet_session *session,
                                 const JsonToken *tokens, const Request *request,
                                 const licet_policy *policy, const PolicySearch *own) {
  Arena *arena = &panel->arena;
  const Policy *model = policy->model;
  int line = request->line;
  const bool covers = (model->lines >> line) & 1;
  if (!covers) line = __builtin_ctz(model->lines);
  Restated head[] = {{TEXT("payer"), TEXT("")}, /* the policy's own */
                     {TEXT("policy"), json_quoted(arena, model->id)},
                     {TEXT("line"), json_quoted(arena, line_name(model, line))}};
  Text text = restate(arena, tokens, &(Restatement){.head = head, .head_count = 3});
  const licet_determination *d;
  Row row = {
      .view = {.policy = policy->id,
               .title = policy->title,
               .payer = policy->payer,
               .line = arena_copy(arena, line_name(model, line).at, line_name(model, line).length),
               .covers_line = covers,
               .is_own = policy_covers(model, own),
               .version = "",
               .outcome = LICET_NO_POLICY,
               .pathway = "",
               .route = "",
               .authorization = {.cycles = -1, .renewals_left = -1},
               .request_errors = ""}};
  licet_status status = licet_decide(session, text.at, text.length, &d);
  if (status == LICET_OK) keep_determination(panel, &row, d);
  if (status == LICET_BAD_REQUEST) {
    row.view.request_errors = keep(arena, licet_session_error_json(session, NULL));
    row.answer = text_of(row.view.request_errors);
  }
  if (status == LICET_OK || status == LICET_BAD_REQUEST) LIST_PUSH(arena, panel->rows, row);
  return status;
}

/* Is there an error that naming a policy does not correct? */
static bool head_has_errors(const RequestErrors *request_errors) {
  for (uint32_t i = 0; i < request_errors->list.count; i++) {
    if (!text_is(request_errors->list.items[i].field, "payer")) return true;
  }
  return false;
}

static licet_status decide_rows(licet_panel *panel, licet_session *session, const JsonToken *tokens,
                                const Request *request) {
  const licet_library *library = session->library;
  const PolicySearch search = {request->policy, request->payer, request->drug, request->line,
                               request->received};
  uint32_t bad = 0;
  for (uint32_t i = 0; i < library->policies.count; i++) {
    const licet_policy *policy = library->policies.items[i];
    if (!is_for(policy->model, request->drug) ||
        policy_version_on(policy->model, request->received) == NULL)
      continue;
    licet_status status = decide_under(panel, session, tokens, request, policy, &search);
    if (status != LICET_OK && status != LICET_BAD_REQUEST) return status;
    bad += status == LICET_BAD_REQUEST;
  }
  return bad > 0 && bad == panel->rows.count ? LICET_BAD_REQUEST : LICET_OK;
}

static void write_row(JsonWriter *json, const Row *row) {
  json_begin_object(json);
  json_string_member(json, "policy", row->view.policy);
  json_string_member(json, "payer", row->view.payer);
  json_string_member(json, "line", row->view.line);
  json_boolean_member(json, "covers_line", row->view.covers_line);
  json_boolean_member(json, "own", row->view.is_own);
  json_key(json, row->view.request_errors[0] == '\0' ? "determination" : "errors");
  json_raw(json, row->answer);
  json_end_object(json);
}

static void write_json(licet_panel *panel, const Request *request) {
  JsonWriter json;
  buffer_open(&panel->json, &panel->arena, 4096);
  json_writer_open(&json, &panel->json);
  json_begin_object(&json);
  json_raw_or_null_member(&json, "request", request->id_raw);
  json_raw_member(&json, "drug", request->drug_raw);
  json_raw_member(&json, "received", request->received_raw);
  json_array_member(&json, "policies");
  for (uint32_t i = 0; i < panel->rows.count; i++) write_row(&json, &panel->rows.items[i]);
  json_end_array(&json);
  if (panel->nearest_drug[0] != '\0')
    json_string_member(&json, "nearest_drug", panel->nearest_drug);
  json_end_object(&json);
  json_writer_close(&json);
  buffer_finish(&panel->json);
}

static licet_status fill(licet_panel *panel, licet_session *session, const char *json,
                         size_t length) {
  const JsonToken *tokens;
  uint32_t count;
  const char *message;
  size_t offset;
  const licet_determination *d;
  Request request;
  RequestErrors request_errors = {.arena = &panel->arena};
  if (session->library->vocabularies.count == 0) return licet_decide(session, json, length, &d);
  JsonStatus read = json_read(panel->reader, json, length, &tokens, &count, &message, &offset);
  if (read == JSON_NO_MEMORY) return LICET_NO_MEMORY;
  if (read == JSON_OK)
    request_read_head(&request, tokens, count, session->library->vocabularies.items[0], (Text){0},
                      &request_errors);
  if (read != JSON_OK || head_has_errors(&request_errors))
    return licet_decide(session, json, length, &d);
  char received[10];
  date_write(request.received, received);
  panel->request = keep_text(&panel->arena, request.id);
  panel->drug = keep_text(&panel->arena, request.drug);
  panel->received = arena_copy(&panel->arena, received, sizeof received);
  panel->nearest_drug = nearest_drug(&panel->arena, session->library, request.drug);
  licet_status status = decide_rows(panel, session, tokens, &request);
  if (status == LICET_OK && panel->rows.count == 0 && request_errors.list.count == 0)
    status = licet_decide(session, json, length, &d);
  if (status == LICET_OK) write_json(panel, &request);
  return status;
}

/* What licet_compare_payers was asked, and how it went. */
typedef struct Asked {
  licet_panel *panel;
  licet_session *session;
  const char *json;
  size_t length;
  licet_status status;
} Asked;

static void fill_asked(void *context) {
  Asked *asked = context;
  asked->status = fill(asked->panel, asked->session, asked->json, asked->length);
}

licet_status licet_compare_payers(licet_session *session, const char *json, size_t length,
                                  licet_panel **out) {
  *out = NULL;
  licet_panel *panel = memory_allocate(sizeof *panel);
  if (panel == NULL) return LICET_NO_MEMORY;
  memset(panel, 0, sizeof *panel);
  arena_open(&panel->arena);
  panel->reader = json_open();
  Asked asked = {panel, session, json, length, LICET_NO_MEMORY};
  if (panel->reader == NULL || !arena_attempt(&panel->arena, fill_asked, &asked))
    asked.status = LICET_NO_MEMORY;
  if (asked.status == LICET_OK) {
    *out = panel;
  } else {
    licet_panel_close(panel);
  }
  return asked.status;
}

const char *licet_panel_request(const licet_panel *panel) { return panel->request; }
const char *licet_panel_drug(const licet_panel *panel) { return panel->drug; }
const char *licet_panel_received(const licet_panel *panel) { return panel->received; }
const char *licet_panel_nearest_drug(const licet_panel *panel) { return panel->nearest_drug; }

licet_panel_row licet_panel_at(const licet_panel *panel, size_t row) {
  return row < panel->rows.count ? panel->rows.items[row].view : (licet_panel_row){0};
}

const char *const *licet_panel_missing(const licet_panel *panel, size_t row, size_t index) {
  return row < panel->rows.count ? set_at(&panel->rows.items[row].missing, index) : NULL;
}

const char *const *licet_panel_documents(const licet_panel *panel, size_t row, size_t index) {
  return row < panel->rows.count ? set_at(&panel->rows.items[row].documents, index) : NULL;
}

const char *licet_panel_json(const licet_panel *panel, size_t *length) {
  if (length != NULL) *length = panel->json.length;
  return panel->json.at;
}
