/* Cases that are missing: requests of cases there are, with a fact said otherwise, that show what
 * none shows yet.
 *
 * What is suggested is taken into account at once, so the next suggestion shows something else. */
#include "coverage/suggest.h"

#include <string.h>

#include "json/writer.h"

enum {
  TRIES_MAX = 20000
}; /* requests that are tried for one policy's criteria with one fact otherwise, and with two */

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

/* ---- Requests with a fact said otherwise ---- */

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

/* ---- Criteria ---- */

static bool has_open(const Covered *covered) {
  const Policy *model = covered->policy->model;
  for (uint32_t i = 0; i < model->criteria.count; i++) {
    const Tally *tally = &covered->tallies[i];
    bool leaf = model->criteria.items[i]->connective == CONNECTIVE_LEAF &&
                model->criteria.items[i]->condition != NULL;
    if (leaf && !(tally->shown_met && tally->shown_not_met)) return true;
  }
  return false;
}

/* Does the session's determination show a criterion that was not shown so? All that it shows is
 * noted; true with the first. */
static bool shows_more(Suggest *suggest, Covered *covered, const Criterion **which, bool *met) {
  const licet_determination *d = &suggest->coverage->session->determination;
  bool shows = false;
  for (uint32_t i = 0; i < d->compiled->criteria.count; i++) {
    const CompiledCriterion *criterion = &d->compiled->criteria.items[i];
    if (!is_leaf(criterion) || d->explained[i].status == LICET_UNKNOWN) continue;
    Tally *tally = &covered->tallies[criterion->criterion->index];
    bool is_met = d->explained[i].status == LICET_MET,
         *shown = is_met ? &tally->shown_met : &tally->shown_not_met;
    if (*shown || !coverage_is_decisive(suggest->coverage, covered, i)) continue;
    *shown = true;
    if (!shows) *which = criterion->criterion, *met = is_met;
    shows = true;
  }
  return shows;
}

static void try_request(Suggest *suggest, Covered *covered, const Restated *changes,
                        uint32_t count) {
  const Criterion *which = NULL;
  bool met = false;
  Text request = suggest_with(suggest, changes, count);
  suggest->tries++;
  if (!suggest_decide(suggest, request) ||
      suggest->coverage->session->determination.policy != covered->policy)
    return;
  if (!shows_more(suggest, covered, &which, &met)) return;
  const char *name =
      arena_format(suggest->arena, "%.*s %s: %.*s", (int)which->path.length, which->path.at,
                   met ? "met" : "not met", (int)which->title.length, which->title.at);
  suggest_case(suggest, request, name,
               "suggested, to confirm: if only this criterion were different, the decision would "
               "be another");
}

/* Is the fact read by a criterion that is not shown both ways? */
static bool is_read_by_open(const Covered *covered, const CompiledPolicy *compiled,
                            const Fact *fact) {
  for (uint32_t i = 0; i < compiled->criteria.count; i++) {
    const CompiledCriterion *criterion = &compiled->criteria.items[i];
    const Tally *tally = &covered->tallies[criterion->criterion->index];
    if (!is_leaf(criterion) || (tally->shown_met && tally->shown_not_met)) continue;
    for (uint32_t f = 0; f < criterion->facts.count; f++) {
      if (criterion->facts.items[f] == fact) return true;
    }
  }
  return false;
}

static void show_by_one(Suggest *suggest, Covered *covered, const SupposedFacts *options) {
  for (uint32_t i = 0; i < options->count; i++) {
    for (uint32_t v = 0; v < options->items[i].values.count; v++) {
      const Restated change = {options->items[i].fact->name,
                               options->items[i].values.items[v].json};
      try_request(suggest, covered, &change, 1);
    }
  }
}

static void try_values(Suggest *suggest, Covered *covered, const SupposedFact *first,
                       const SupposedFact *second) {
  for (uint32_t v = 0; v < first->values.count; v++) {
    for (uint32_t w = 0; w < second->values.count && suggest->tries < TRIES_MAX; w++) {
      const Restated changes[2] = {{first->fact->name, first->values.items[v].json},
                                   {second->fact->name, second->values.items[w].json}};
      try_request(suggest, covered, changes, 2);
    }
  }
}

/* The first of the two is read by a criterion that is open. */
static void show_by_two(Suggest *suggest, Covered *covered, const SupposedFacts *options,
                        const CompiledPolicy *compiled) {
  for (uint32_t i = 0; i < options->count; i++) {
    if (!is_read_by_open(covered, compiled, options->items[i].fact)) continue;
    for (uint32_t j = 0; j < options->count; j++) {
      if (i != j) try_values(suggest, covered, &options->items[i], &options->items[j]);
    }
  }
}

static void show_criteria(Suggest *suggest, Covered *covered, uint32_t facts) {
  suggest->tries = 0;
  for (uint32_t r = 0;
       r < covered->requests.count && has_open(covered) && suggest->tries < TRIES_MAX; r++) {
    arena_reset(suggest->arena);
    if (!suggest_base(suggest, covered->requests.items[r]) ||
        !suggest_decide(suggest, covered->requests.items[r]))
      continue;
    const CompiledPolicy *compiled = suggest->coverage->session->determination.compiled;
    const SupposedFacts options = suggest_facts(suggest);
    if (facts == 1) show_by_one(suggest, covered, &options);
    if (facts == 2) show_by_two(suggest, covered, &options, compiled);
  }
}

/* ---- All of it ---- */

static void suggest_all(Suggest *suggest) {
  licet_coverage *coverage = suggest->coverage;
  for (uint32_t p = 0; p < coverage->policies.count; p++) {
    Covered *covered = &coverage->policies.items[p];
    show_criteria(suggest, covered, 1);
    show_criteria(suggest, covered, 2);
    suggest_cuts(suggest, covered);
  }
}

void coverage_suggest(licet_coverage *coverage) {
  Suggest suggest = {.coverage = coverage, .arena = &coverage->supposed};
  suggest_all(&suggest);
}
