/* The determination as JSON, member by member in the order of docs/determination.md.
 *
 * Most of a criterion was written when the policy was opened (json_head); a fact that several
 * criteria cite is written once and copied.
 */
#include <string.h>

#include "decide/dose.h"
#include "decide/next.h"

static void key(Buffer *out, const char *name) {
  buffer_string(out, ",\"");
  buffer_string(out, name);
  buffer_string(out, "\":");
}

static void string_or_null(Buffer *out, const char *text) {
  if (text[0] == '\0') {
    buffer_string(out, "null");
  } else {
    buffer_json_string(out, text_of(text));
  }
}

static void date_value(Buffer *out, Date date) {
  char text[10];
  date_write(date, text);
  buffer_character(out, '"');
  buffer_append(out, text, 10);
  buffer_character(out, '"');
}

static void write_length(Buffer *out, const Authorization *authorization) {
  if (!authorization->has_length) return;
  int32_t months = authorization->length.months, days = authorization->length.days;
  if (months != 0 && days == 0) {
    key(out, "months");
    buffer_integer(out, months);
  } else if (months == 0 && authorization->unit.days == 7 && days % 7 == 0) {
    key(out, "weeks");
    buffer_integer(out, days / 7);
  } else if (months == 0) {
    key(out, "days");
    buffer_integer(out, days);
  }
}

static void write_limit(Buffer *out, const Limit *limit) {
  buffer_string(out, "{\"");
  buffer_text(out, limit->unit);
  buffer_string(out, "\":");
  amount_write(out, limit->amount);
  if (limit->code.length > 0) {
    key(out, "hcpcs");
    buffer_json_string(out, limit->code);
  }
  if (limit->every.months != 0 || limit->every.days != 0) {
    key(out, limit->every.months != 0 ? "every_months" : "every_days");
    buffer_integer(out, limit->every.months != 0 ? limit->every.months : limit->every.days);
  }
  if (limit->first_cycle != 0)
    buffer_format(out, ",\"cycles\":[%u,%u]", limit->first_cycle, limit->last_cycle);
  buffer_character(out, '}');
}

static void write_authorization(Buffer *out, const licet_determination *d) {
  key(out, "authorization");
  if (!d->authorized) {
    buffer_string(out, "null");
    return;
  }
  const Authorization *authorization = &d->authorization;
  buffer_string(out, "{\"start\":");
  date_value(out, d->request.start);
  key(out, "end");
  if (authorization->has_length) {
    date_value(out, authorization->end);
  } else {
    buffer_string(out, "null");
  }
  write_length(out, authorization);
  key(out, "cycles");
  if (authorization->has_cycles) {
    buffer_integer(out, authorization->cycles);
  } else {
    buffer_string(out, "null");
  }
  key(out, "renewals_left");
  if (authorization->has_renewals) {
    buffer_integer(out, authorization->renewals);
  } else {
    buffer_string(out, "null");
  }
  key(out, "limits");
  buffer_character(out, '[');
  bool first = true;
  for (uint32_t i = 0; i < d->policy->model->limits.count; i++) {
    const Limit *limit = &d->policy->model->limits.items[i];
    if (!in_force_on(limit->in_force, d->version->date)) continue;
    if (!first) buffer_character(out, ',');
    first = false;
    write_limit(out, limit);
  }
  buffer_string(out, "]}");
}

static void write_set(Buffer *out, const CompiledPolicy *compiled, uint64_t set) {
  bool first = true;
  buffer_character(out, '[');
  for (; set != 0; set &= set - 1) {
    if (!first) buffer_character(out, ',');
    first = false;
    buffer_json_string(out, compiled->set.facts.items[__builtin_ctzll(set)]->name);
  }
  buffer_character(out, ']');
}

static void write_sets(Buffer *out, const char *name, const CompiledPolicy *compiled,
                       const uint64_t *sets, uint32_t count) {
  key(out, name);
  buffer_character(out, '[');
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) buffer_character(out, ',');
    write_set(out, compiled, sets[i]);
  }
  buffer_character(out, ']');
}

static void write_strings(Buffer *out, const char *name, const char *const *items, uint32_t count) {
  key(out, name);
  buffer_character(out, '[');
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) buffer_character(out, ',');
    buffer_json_string(out, text_of(items[i]));
  }
  buffer_character(out, ']');
}

static void write_default(Buffer *out, const Fact *fact, const FactValue *value) {
  const Text word = fact->type.values[value->choice];
  if (text_is(word, "yes") || text_is(word, "no")) {
    buffer_string(out, text_is(word, "yes") ? "true" : "false");
  } else {
    buffer_json_string(out, word);
  }
  buffer_string(out, ",\"by_default\":true");
}

static void write_fact(Buffer *out, const licet_determination *d, const Fact *fact) {
  const FactValue *value = &d->facts.values[fact->index];
  buffer_put(out, fact->json_head);
  if (!value->known) {
    buffer_put(out, fact_is_implied(d, fact) ? TEXT("null,\"implied\":true}") : TEXT("null}"));
    return;
  }
  if (value->defaulted) {
    write_default(out, fact, value);
  } else {
    buffer_put(out, value->raw);
  }
  if (value->computed) buffer_put(out, TEXT(",\"computed\":true"));
  if (value->document_raw.length > 0) {
    buffer_put(out, TEXT(",\"document\":"));
    buffer_put(out, value->document_raw);
  }
  if (value->source_text.length > 0) {
    buffer_put(out, TEXT(",\"source\":"));
    buffer_put(out, value->source_text);
  }
  buffer_put(out, TEXT("}"));
}

/* A fact is written once and copied wherever else it is cited. */
static void cite(Buffer *out, const licet_determination *d, const Fact *fact) {
  Text *written = &d->fact_json[fact->index];
  if (written->length > 0) {
    buffer_put(out, *written);
    return;
  }
  size_t start = out->length;
  write_fact(out, d, fact);
  *written = text_copy(d->arena, (Text){out->at + start, (uint32_t)(out->length - start)});
}

static uint32_t write_criterion(Buffer *out, const licet_determination *d, uint32_t at);

static void write_parts(Buffer *out, const licet_determination *d, uint32_t next, uint32_t end) {
  buffer_put(out, TEXT(",\"criteria\":["));
  for (bool first = true; next <= end; first = false) {
    if (!first) buffer_character(out, ',');
    next = write_criterion(out, d, next);
  }
  buffer_character(out, ']');
}

static void write_evidence(Buffer *out, const licet_determination *d,
                           const CompiledCriterion *criterion) {
  const Fact *surface = surface_cited(d, criterion);
  buffer_put(out, TEXT(",\"facts\":["));
  for (uint32_t i = 0; i < criterion->facts.count; i++) {
    if (i > 0) buffer_character(out, ',');
    cite(out, d, criterion->facts.items[i]);
  }
  if (surface != NULL) {
    buffer_character(out, ',');
    cite(out, d, surface);
  }
  buffer_character(out, ']');
}

/* Most of a criterion was written when the policy was opened (json_head). */
static uint32_t write_criterion(Buffer *out, const licet_determination *d, uint32_t at) {
  const CompiledCriterion *criterion = &d->compiled->criteria.items[at];
  const char **interpretations = d->explained[at].interpretations;
  buffer_put(out, criterion->json_head[d->explained[at].status]);
  if (criterion->not_asked) buffer_put(out, TEXT(",\"not_asked_again\":true"));
  if (interpretations != NULL) {
    uint32_t count = 0;
    while (interpretations[count] != NULL) count++;
    write_strings(out, "interpretations", interpretations, count);
  }
  if (criterion->facts.count > 0) write_evidence(out, d, criterion);
  if (criterion->subtree > 0) write_parts(out, d, at + 1, at + criterion->subtree);
  buffer_put(out, TEXT("}"));
  return at + criterion->subtree + 1;
}

static void write_criteria(Buffer *out, const licet_determination *d) {
  key(out, "criteria");
  buffer_character(out, '[');
  for (uint32_t at = 0; d->compiled != NULL && at < d->compiled->criteria.count;) {
    if (at > 0) buffer_character(out, ',');
    at = write_criterion(out, d, at);
  }
  buffer_character(out, ']');
}

void determination_write(Buffer *out, const licet_determination *d, Detail detail) {
  const CompiledPolicy *compiled = d->compiled;
  buffer_string(out, "{\"request\":");
  buffer_text(out, d->request.id_raw.length > 0 ? d->request.id_raw : TEXT("null"));
  key(out, "policy");
  buffer_text(out, compiled == NULL ? TEXT("null") : compiled->json_policy);
  buffer_string(out, ",\"engine\":\"licet " LICET_VERSION "\"");
  key(out, "outcome");
  buffer_json_string(out, text_of(licet_outcome_text(d->outcome)));
  key(out, "reason");
  string_or_null(out, licet_reason_name(d->reason));
  key(out, "pathway");
  string_or_null(out, d->pathway);
  write_strings(out, "also_met", d->also_met.items, d->also_met.count);
  write_authorization(out, d);
  key(out, "dosing");
  if (d->dose == NULL) {
    buffer_string(out, "null");
  } else {
    dose_write(out, d->dose, DOSE_SUMMARY);
  }
  write_sets(out, "missing", compiled, d->missing.items, d->missing.count);
  if (d->missing_cut) buffer_string(out, ",\"missing_complete\":false");
  write_sets(out, "documents", compiled, d->documents.items, d->documents.count);
  if (d->documents_cut) buffer_string(out, ",\"documents_complete\":false");
  key(out, "route");
  string_or_null(out, d->route);
  next_write(out, d);
  write_strings(out, "not_counted", d->not_counted.items, d->not_counted.count);
  write_strings(out, "interpretations", d->interpretations.items, d->interpretations.count);
  if (detail == DETAIL_CRITERIA) write_criteria(out, d);
  buffer_character(out, '}');
  buffer_finish(out);
}

void determination_finish(licet_determination *d) {
  if (d->compiled != NULL)
    d->fact_json = ARENA_ARRAY(d->arena, Text, d->facts.vocabulary->facts.count);
  buffer_open(&d->json, d->arena, d->compiled == NULL ? 512 : d->compiled->json_length);
  determination_write(&d->json, d, DETAIL_CRITERIA);
}
