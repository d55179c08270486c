/* The determination as JSON, member by member in the order of docs/determination.md.
 *
 * Most of a criterion was written when the policy was opened (json_head); a fact that several
 * criteria cite is written once and copied.
 */
#include "decide/dose.h"
#include "decide/next.h"
#include "decide/provenance.h"

static void date_member(JsonWriter *json, const char *name, Date date) {
  char text[10];
  date_write(date, text);
  json_text_member(json, name, (Text){text, sizeof text});
}

static void integer_or_null_member(JsonWriter *json, const char *name, bool is_stated,
                                   int64_t value) {
  json_key(json, name);
  if (is_stated)
    json_integer(json, value);
  else
    json_null(json);
}

static void write_length(JsonWriter *json, const Authorization *authorization) {
  if (!authorization->has_length) return;
  int32_t months = authorization->length.months, days = authorization->length.days;
  if (months != 0 && days == 0) {
    json_integer_member(json, "months", months);
  } else if (months == 0 && authorization->unit.days == 7 && days % 7 == 0) {
    json_integer_member(json, "weeks", days / 7);
  } else if (months == 0) {
    json_integer_member(json, "days", days);
  }
}

static void write_limit(JsonWriter *json, const Limit *limit) {
  json_begin_object(json);
  json_key_text(json, limit->unit);
  json_before_value(json);
  amount_write(json->out, limit->amount);
  if (limit->code.length > 0) json_text_member(json, "hcpcs", limit->code);
  if (limit->every.months != 0)
    json_integer_member(json, "every_months", limit->every.months);
  else if (limit->every.days != 0)
    json_integer_member(json, "every_days", limit->every.days);
  if (limit->first_cycle != 0) {
    json_array_member(json, "cycles");
    json_integer(json, limit->first_cycle);
    json_integer(json, limit->last_cycle);
    json_end_array(json);
  }
  json_end_object(json);
}

static void write_authorization(JsonWriter *json, const licet_determination *d) {
  if (!d->authorized) {
    json_null_member(json, "authorization");
    return;
  }
  const Authorization *authorization = &d->authorization;
  json_object_member(json, "authorization");
  date_member(json, "start", d->request.start);
  if (authorization->has_length)
    date_member(json, "end", authorization->end);
  else
    json_null_member(json, "end");
  write_length(json, authorization);
  integer_or_null_member(json, "cycles", authorization->has_cycles, authorization->cycles);
  integer_or_null_member(json, "renewals_left", authorization->has_renewals,
                         authorization->renewals);
  json_array_member(json, "limits");
  for (uint32_t i = 0; i < d->policy->model->limits.count; i++) {
    const Limit *limit = &d->policy->model->limits.items[i];
    if (in_force_on(limit->in_force, d->version->date)) write_limit(json, limit);
  }
  json_end_array(json);
  json_end_object(json);
}

static void write_set(JsonWriter *json, const CompiledPolicy *compiled, uint64_t set) {
  json_begin_array(json);
  for (; set != 0; set &= set - 1)
    json_text(json, compiled->set.facts.items[__builtin_ctzll(set)]->name);
  json_end_array(json);
}

static void write_sets(JsonWriter *json, const char *name, const CompiledPolicy *compiled,
                       const uint64_t *sets, uint32_t count) {
  json_array_member(json, name);
  for (uint32_t i = 0; i < count; i++) write_set(json, compiled, sets[i]);
  json_end_array(json);
}

static void write_strings(JsonWriter *json, const char *name, const char *const *items,
                          uint32_t count) {
  json_array_member(json, name);
  for (uint32_t i = 0; i < count; i++) json_string(json, items[i]);
  json_end_array(json);
}

static void write_default(JsonWriter *json, const Fact *fact, const FactValue *value) {
  const Text word = fact->type.values[value->choice];
  json_key(json, "value");
  if (text_is(word, "yes") || text_is(word, "no")) {
    json_boolean(json, text_is(word, "yes"));
  } else {
    json_text(json, word);
  }
  json_boolean_member(json, "by_default", true);
}

static void write_fact(JsonWriter *json, const licet_determination *d, const Fact *fact) {
  const FactValue *value = &d->facts.values[fact->index];
  json_begin_object(json);
  json_members(json, fact->json_head);
  if (!value->known) {
    json_null_member(json, "value");
    if (fact_is_implied(d, fact)) json_boolean_member(json, "implied", true);
  } else {
    if (value->defaulted)
      write_default(json, fact, value);
    else
      json_raw_member(json, "value", value->raw);
    if (value->computed) json_boolean_member(json, "computed", true);
    if (value->document_raw.length > 0) json_raw_member(json, "document", value->document_raw);
    if (value->source_text.length > 0) json_raw_member(json, "source", value->source_text);
  }
  json_end_object(json);
}

/* A fact is written once and copied wherever else it is cited. */
static void cite(JsonWriter *json, const licet_determination *d, const Fact *fact) {
  JsonSpan *written = &d->fact_json[fact->index];
  if (written->length > 0) {
    json_value_again(json, *written);
    return;
  }
  const size_t begin = json_span_begin(json);
  write_fact(json, d, fact);
  *written = json_span_end(json, begin);
}

static uint32_t write_criterion(JsonWriter *json, const licet_determination *d, uint32_t at);

static void write_parts(JsonWriter *json, const licet_determination *d, uint32_t next,
                        uint32_t end) {
  json_array_member(json, "criteria");
  while (next <= end) next = write_criterion(json, d, next);
  json_end_array(json);
}

static void write_evidence(JsonWriter *json, const licet_determination *d,
                           const CompiledCriterion *criterion) {
  const Fact *surface = surface_cited(d, criterion);
  json_array_member(json, "facts");
  for (uint32_t i = 0; i < criterion->facts.count; i++) cite(json, d, criterion->facts.items[i]);
  if (surface != NULL) cite(json, d, surface);
  json_end_array(json);
}

/* Most of a criterion was written when the policy was opened (json_head). */
static uint32_t write_criterion(JsonWriter *json, const licet_determination *d, uint32_t at) {
  const CompiledCriterion *criterion = &d->compiled->criteria.items[at];
  const char **interpretations = d->explained[at].interpretations;
  json_begin_object(json);
  json_members(json, criterion->json_head[d->explained[at].status]);
  if (criterion->not_asked) json_boolean_member(json, "not_asked_again", true);
  if (interpretations != NULL) {
    uint32_t count = 0;
    while (interpretations[count] != NULL) count++;
    write_strings(json, "interpretations", interpretations, count);
  }
  if (d->explained[at].authorization[0] != '\0')
    json_string_member(json, "authorization", d->explained[at].authorization);
  if (criterion->facts.count > 0) write_evidence(json, d, criterion);
  if (criterion->subtree > 0) write_parts(json, d, at + 1, at + criterion->subtree);
  json_end_object(json);
  return at + criterion->subtree + 1;
}

static void write_criteria(JsonWriter *json, const licet_determination *d) {
  json_array_member(json, "criteria");
  for (uint32_t at = 0; d->compiled != NULL && at < d->compiled->criteria.count;)
    at = write_criterion(json, d, at);
  json_end_array(json);
}

static void write_answer(JsonWriter *json, const licet_determination *d) {
  const CompiledPolicy *compiled = d->compiled;
  json_raw_or_null_member(json, "request", d->request.id_raw);
  json_raw_or_null_member(json, "policy", compiled == NULL ? TEXT("") : compiled->json_policy);
  json_raw_member(json, "engine", TEXT("\"licet " LICET_VERSION "\""));
  json_string_member(json, "outcome", licet_outcome_name(d->outcome));
  json_string_or_null_member(json, "reason", licet_reason_name(d->reason));
  json_string_or_null_member(json, "pathway", d->pathway);
  write_strings(json, "also_met", d->also_met.items, d->also_met.count);
  write_authorization(json, d);
  json_key(json, "dosing");
  if (d->dose == NULL)
    json_null(json);
  else
    dose_write(json, d->dose, DOSE_SUMMARY);
  write_sets(json, "missing", compiled, d->missing.items, d->missing.count);
  if (d->missing_cut) json_boolean_member(json, "missing_complete", false);
  write_sets(json, "documents", compiled, d->documents.items, d->documents.count);
  if (d->documents_cut) json_boolean_member(json, "documents_complete", false);
  json_string_or_null_member(json, "route", d->route);
  next_write(json, d);
  write_strings(json, "not_counted", d->not_counted.items, d->not_counted.count);
  write_strings(json, "interpretations", d->interpretations.items, d->interpretations.count);
  json_key(json, "provenance");
  provenance_write(json, d);
}

void determination_write(Buffer *out, const licet_determination *d, Detail detail) {
  JsonWriter json;
  json_writer_open(&json, out);
  json_begin_object(&json);
  write_answer(&json, d);
  if (detail == DETAIL_CRITERIA) write_criteria(&json, d);
  json_end_object(&json);
  json_writer_close(&json);
  buffer_finish(out);
}

void determination_finish(licet_determination *d) {
  if (d->compiled != NULL)
    d->fact_json = ARENA_ARRAY(d->arena, JsonSpan, d->facts.vocabulary->facts.count);
  buffer_open(&d->json, d->arena, d->compiled == NULL ? 512 : d->compiled->json_length);
  determination_write(&d->json, d, DETAIL_CRITERIA);
}
