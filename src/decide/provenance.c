/* Provenance: what of a determination's making is known when a policy is opened was written then
 * (CompiledPolicy.json_provenance); what follows from the request is added here.
 *
 * Where a fact came from is shown as it counted: a fact whose source was not believed has none, or
 * is a default.
 */
#include "decide/provenance.h"

#include "base/unreachable.h"

/* ---- Sources ---- */

typedef enum Origin {
#define ORIGIN(symbol, word) ORIGIN_##symbol,
#include "decide/origin.def"
#undef ORIGIN
  ORIGINS
} Origin;

static const Text words[ORIGINS] = {
#define ORIGIN(symbol, word) {word, sizeof word - 1},
#include "decide/origin.def"
#undef ORIGIN
};

static Origin origin_of(const FactValue *value) {
  if (value->defaulted) return ORIGIN_DEFAULT;
  if (value->computed) return ORIGIN_COMPUTED;
  if (value->source == 0) return ORIGIN_REQUESTER;
  switch ((Supplier)(value->source - 1)) {
    case SUPPLIER_REQUESTER:
      return ORIGIN_REQUESTER;
    case SUPPLIER_REVIEWER:
      return ORIGIN_REVIEWER;
    case SUPPLIER_RECORD:
      return ORIGIN_RECORD;
  }
  UNREACHABLE();
}

/* Facts of the request itself (its start, its kind) have no source of their own. */
static bool has_origin(const Facts *facts, uint32_t index) {
  return index >= BUILTIN_FACTS && facts->values[index].known;
}

/* But for the requester, whose word a request is: of most requests that leaves few facts, or none.
 */
static uint32_t other_origins_of(const Facts *facts) {
  uint32_t origins = 0;
  for (uint32_t i = 0; i < facts->touched_count; i++) {
    if (has_origin(facts, facts->touched[i]))
      origins |= 1u << origin_of(&facts->values[facts->touched[i]]);
  }
  return origins & ~(1u << ORIGIN_REQUESTER);
}

/* "fact":"weight" was written with the vocabulary; its name needs no escape. */
static Text json_name(const Fact *fact) {
  return (Text){fact->json_head.at + sizeof "\"fact\":" - 1, fact->name.length + 2};
}

/* In the order of the vocabulary, so that the order of a request's keys changes nothing. */
static void write_origin(JsonWriter *json, const Facts *facts, Origin origin) {
  json_array_member(json, words[origin].at);
  for (uint32_t index = 0; index < facts->vocabulary->facts.count; index++)
    if (has_origin(facts, index) && origin_of(&facts->values[index]) == origin)
      json_raw(json, json_name(facts->vocabulary->facts.items[index]));
  json_end_array(json);
}

static void write_sources(JsonWriter *json, const Facts *facts) {
  json_object_member(json, "sources");
  for (uint32_t left = other_origins_of(facts); left != 0; left &= left - 1)
    write_origin(json, facts, (Origin)__builtin_ctz(left));
  json_end_object(json);
}

/* ---- On the wire ---- */

void provenance_write(JsonWriter *json, const licet_determination *d) {
  json_begin_object(json);
  json_members(json, d->compiled != NULL ? d->compiled->json_provenance
                                         : TEXT("\"version_digest\":null,\"reconstructed\":false,"
                                                "\"literal\":[]"));
  json_string_or_null_member(json, "request_digest", d->request_digest);
  json_raw_member(json, "received", d->request.received_raw);
  write_sources(json, &d->facts);
  json_end_object(json);
}

/* ---- As values ---- */

typedef struct ShownText {
  Arena *arena;
  Text text;
  const char *shown;
} ShownText;

static void show_text(void *context) {
  ShownText *shown = context;
  shown->shown =
      arena_copy(shown->arena, shown->text.length == 0 ? "" : shown->text.at, shown->text.length);
}

/* "" where there is no memory for it. */
static const char *shown_text(const licet_determination *d, Text text) {
  ShownText shown = {d->arena, text, ""};
  return arena_attempt_within(d->arena, show_text, &shown) ? shown.shown : "";
}

licet_provenance licet_determination_provenance(const licet_determination *d) {
  const Text received = d->request.received_raw; /* with its quotes */
  return (licet_provenance){
      .request_digest = d->request_digest,
      .received = shown_text(
          d, received.length < 2 ? received : (Text){received.at + 1, received.length - 2}),
      .version_digest = d->version == NULL ? "" : d->version->digest,
      .file_digest = d->policy == NULL ? "" : d->policy->model->digest,
      .engine = "licet " LICET_VERSION,
      .reconstructed = d->version != NULL && d->version->reconstructed,
  };
}

const char *licet_determination_literal(const licet_determination *d, size_t index) {
  if (d->compiled == NULL || index >= d->compiled->literal.count) return NULL;
  return shown_text(d, d->compiled->literal.items[index]);
}

licet_fact_source licet_determination_source(const licet_determination *d, size_t index) {
  for (uint32_t i = 0; i < d->facts.touched_count; i++) {
    const uint32_t fact = d->facts.touched[i];
    if (!has_origin(&d->facts, fact) || index-- > 0) continue;
    return (licet_fact_source){shown_text(d, d->facts.vocabulary->facts.items[fact]->name),
                               words[origin_of(&d->facts.values[fact])].at};
  }
  return (licet_fact_source){0};
}
