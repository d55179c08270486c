/* variation: requests of cases with facts changed, and the cases that are made of them.
 *
 * A base is a case's request. It is restated with a change or two (suppose/restate.h), decided like
 * any request, and written down as a case with the determination as what its author is to confirm.
 *
 * Invariant: what is suggested is what the library decided, word for word.
 */
#include "coverage/variation.h"

#include <assert.h>

#include "json/writer.h"

/* ---- Writing a case ---- */

static void write_missing(JsonWriter *json, const licet_determination *d) {
  const char *const *names;
  json_array_member(json, "missing");
  for (size_t i = 0; (names = licet_determination_missing(d, i)) != NULL; i++) {
    json_begin_array(json);
    for (size_t n = 0; names[n] != NULL; n++) json_string(json, names[n]);
    json_end_array(json);
  }
  json_end_array(json);
}

static void write_authorization(JsonWriter *json, licet_authorization authorization) {
  json_object_member(json, "authorization");
  json_string_member(json, "start", authorization.start);
  if (authorization.end != NULL) json_string_member(json, "end", authorization.end);
  if (authorization.cycles >= 0) json_integer_member(json, "cycles", authorization.cycles);
  if (authorization.renewals_left >= 0)
    json_integer_member(json, "renewals_left", authorization.renewals_left);
  json_end_object(json);
}

/* What the author is to confirm. */
static void write_expected(JsonWriter *json, const licet_determination *d) {
  json_object_member(json, "expect");
  json_string_member(json, "outcome", licet_outcome_name(d->outcome));
  if (d->reason != LICET_REASON_NONE)
    json_string_member(json, "reason", licet_reason_name(d->reason));
  if (d->pathway[0] != '\0') json_string_member(json, "pathway", d->pathway);
  if (d->route[0] != '\0') json_string_member(json, "route", d->route);
  if (d->outcome == LICET_PEND) write_missing(json, d);
  if (d->authorized) write_authorization(json, licet_determination_authorization(d));
  json_end_object(json);
}

/* The session's determination is that of the request. */
void suggest_case(Suggest *suggest, Text request, const char *name, const char *why) {
  licet_coverage *coverage = suggest->coverage;
  assert(coverage->session->determination.compiled != NULL);
  Buffer out;
  JsonWriter json;
  buffer_open(&out, &coverage->arena, request.length + 512);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  json_string_member(&json, "name", name);
  json_string_member(&json, "why", why);
  json_raw_member(&json, "request", request);
  write_expected(&json, &coverage->session->determination);
  json_end_object(&json);
  json_writer_close(&json);
  LIST_PUSH(&coverage->arena, coverage->suggestions, buffer_finish(&out));
}

/* ---- Requests with a fact changed ---- */

bool suggest_base(Suggest *suggest, Text request) {
  uint32_t count;
  const char *message;
  size_t offset;
  return json_read(suggest->coverage->base_reader, request.at, request.length, &suggest->tokens,
                   &count, &message, &offset) == JSON_OK;
}

Text suggest_with(Suggest *suggest, const Restated *changes, uint32_t count) {
  return restate(suggest->arena, suggest->tokens,
                 &(Restatement){.facts = changes, .fact_count = count});
}

bool suggest_decide(Suggest *suggest, Text request) {
  const licet_determination *d;
  return licet_decide(suggest->coverage->session, request.at, request.length, &d) == LICET_OK &&
         suggest->coverage->session->determination.compiled != NULL;
}

bool is_yet_to_come(const licet_determination *d, const Fact *fact, const Supposed *supposed) {
  return fact->fixed && fact->type.kind == TYPE_DATE && supposed->value.date > d->request.received;
}

SupposedFacts suggest_facts(Suggest *suggest) {
  SupposedFacts list = {0};
  licet_determination *d = &suggest->coverage->session->determination;
  for (uint32_t i = 0; i < d->compiled->set.facts.count; i++) {
    const Fact *fact = d->compiled->set.facts.items[i];
    if (fact->type.kind == TYPE_LIST && !d->facts.values[fact->index].known) continue;
    const FactValue *value = &d->facts.values[fact->index];
    const bool is_counted = value->known && !value->defaulted;
    const bool is_theirs = fact->supplier != SUPPLIER_REQUESTER && !is_counted;
    SupposedFact options = {fact, {0}};
    const SupposedList values = suppose_values(suggest->arena, d->compiled, fact, &d->facts);
    for (uint32_t v = 0; v < values.count; v++) {
      if (!is_yet_to_come(d, fact, &values.items[v]))
        LIST_PUSH(suggest->arena, options.values, values.items[v]);
    }
    for (uint32_t v = 0; v < options.values.count; v++) {
      Text json = text_copy(suggest->arena, options.values.items[v].json);
      if (is_theirs) json = supplied_json(suggest->arena, fact, json);
      options.values.items[v].json = json;
    }
    if (value->present && !value->defaulted)
      LIST_PUSH(suggest->arena, options.values, ((Supposed){.json = TEXT("")})); /* left out */
    LIST_PUSH(suggest->arena, list, options);
  }
  return list;
}
