/* Cases that are missing: requests of cases there are, with a fact said otherwise, that show what none shows yet.
 *
 * What is suggested is taken into account at once, so the next suggestion shows something else. */
#include "coverage/coverage.h"
#include "suppose/values.h"

#include <string.h>

enum { TRIES_MAX = 20000 }; /* requests that are tried for one policy's criteria with one fact otherwise, and with two */

typedef struct Suggest {
  licet_coverage *coverage;
  Arena *arena;            /* for one request */
  const JsonToken *tokens; /* of the request at hand */
  uint32_t tries;
} Suggest;

/* ---- Writing a case ---- */

static void write_member(Buffer *out, const char *name, const char *value) {
  buffer_format(out, ",\"%s\":", name);
  buffer_json_string(out, text_of(value));
}

/* What the author is to confirm. */
static void write_expected(Buffer *out, const licet_determination *d) {
  licet_authorization grant = licet_determination_authorization(d);
  buffer_string(out, ",\"expect\":{\"outcome\":");
  buffer_json_string(out, text_of(licet_outcome_text(d->outcome)));
  if (d->reason[0] != '\0') write_member(out, "reason", d->reason);
  if (d->pathway[0] != '\0') write_member(out, "pathway", d->pathway);
  if (d->route[0] != '\0') write_member(out, "route", d->route);
  if (d->outcome == LICET_PEND) {
    const char *const *names;
    buffer_string(out, ",\"missing\":[");
    for (size_t i = 0; (names = licet_determination_missing(d, i)) != NULL; i++) {
      buffer_string(out, i == 0 ? "[" : ",[");
      for (size_t n = 0; names[n] != NULL; n++) {
        if (n > 0) buffer_character(out, ',');
        buffer_json_string(out, text_of(names[n]));
      }
      buffer_character(out, ']');
    }
    buffer_character(out, ']');
  }
  if (d->granted) {
    buffer_string(out, ",\"authorization\":{\"start\":");
    buffer_json_string(out, text_of(grant.start));
    if (grant.end != NULL) write_member(out, "end", grant.end);
    if (grant.cycles >= 0) buffer_format(out, ",\"cycles\":%d", grant.cycles);
    if (grant.renewals_left >= 0) buffer_format(out, ",\"renewals_left\":%d", grant.renewals_left);
    buffer_character(out, '}');
  }
  buffer_string(out, "}}");
}

/* The session's determination is that of the request. */
static void add_case(Suggest *suggest, Text request, const char *name, const char *why) {
  licet_coverage *coverage = suggest->coverage;
  Buffer out;
  buffer_open(&out, &coverage->arena, request.length + 512);
  buffer_string(&out, "{\"name\":");
  buffer_json_string(&out, text_of(name));
  write_member(&out, "why", why);
  buffer_string(&out, ",\"request\":");
  buffer_text(&out, request);
  write_expected(&out, &coverage->session->determination);
  LIST_PUSH(&coverage->arena, coverage->suggestions, buffer_finish(&out));
}

/* ---- Requests with a fact said otherwise ---- */

static bool read_base(Suggest *suggest, Text request) {
  uint32_t count;
  const char *message;
  size_t offset;
  return json_read(suggest->coverage->base_reader, request.at, request.length, &suggest->tokens, &count, &message, &offset) ==
         JSON_OK;
}

static Text with(Suggest *suggest, const Restated *changes, uint32_t count) {
  return restate(suggest->arena, suggest->tokens, &(Restatement){.facts = changes, .fact_count = count});
}

static bool decide(Suggest *suggest, Text request) {
  const licet_determination *d;
  return licet_decide(suggest->coverage->session, request.at, request.length, &d) == LICET_OK &&
         suggest->coverage->session->determination.compiled != NULL;
}

/* The values worth supposing for each fact of the policy, beside the request as it stands. */
typedef struct Options {
  const Fact *fact;
  SupposedList values;
} Options;
typedef LIST(Options) OptionsList;

/* A judgment counts from a reviewer, the plan's record from the plan. */
static Text in_their_words(Arena *arena, const Fact *fact, Text json) {
  return text_of(arena_format(arena, "{\"value\":%.*s,\"source\":\"%s\"}", (int)json.length, json.at,
                              fact->supplier == SUPPLIER_REVIEWER ? "reviewer" : "record"));
}

/* What makes a patient who they are lies behind them: nobody is born, or diagnosed, after they ask. */
static bool is_yet_to_come(const licet_determination *d, const Fact *fact, const Supposed *supposed) {
  return fact->fixed && fact->type.kind == TYPE_DATE && supposed->value.date > d->request.received;
}

static OptionsList options_for(Suggest *suggest) {
  OptionsList list = {0};
  licet_determination *d = &suggest->coverage->session->determination;
  for (uint32_t i = 0; i < d->compiled->set.facts.count; i++) {
    const Fact *fact = d->compiled->set.facts.items[i];
    if (fact->type.kind == TYPE_LIST && !d->facts.values[fact->index].known) continue;
    const FactValue *value = &d->facts.values[fact->index];
    const bool is_theirs = fact->supplier != SUPPLIER_REQUESTER && !value->present;
    Options options = {fact, {0}};
    const SupposedList values = suppose_values(suggest->arena, d->compiled, fact, &d->facts);
    for (uint32_t v = 0; v < values.count; v++) {
      if (!is_yet_to_come(d, fact, &values.items[v])) LIST_PUSH(suggest->arena, options.values, values.items[v]);
    }
    for (uint32_t v = 0; v < options.values.count; v++) {
      Text json = text_copy(suggest->arena, options.values.items[v].json);
      if (is_theirs) json = in_their_words(suggest->arena, fact, json);
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
    bool leaf = model->criteria.items[i]->connective == CONNECTIVE_LEAF && model->criteria.items[i]->condition != NULL;
    if (leaf && !(tally->shown_met && tally->shown_not_met)) return true;
  }
  return false;
}

/* Does the session's determination show a criterion that was not shown so? All that it shows is noted; true with the first. */
static bool shows_more(Suggest *suggest, Covered *covered, const Criterion **which, bool *met) {
  const licet_determination *d = &suggest->coverage->session->determination;
  bool shows = false;
  for (uint32_t i = 0; i < d->compiled->criteria.count; i++) {
    const CompiledCriterion *criterion = &d->compiled->criteria.items[i];
    if (!is_leaf(criterion) || d->explained[i].status == LICET_UNKNOWN) continue;
    Tally *tally = &covered->tallies[criterion->criterion->index];
    bool is_met = d->explained[i].status == LICET_MET, *shown = is_met ? &tally->shown_met : &tally->shown_not_met;
    if (*shown || !coverage_is_decisive(suggest->coverage, covered, i)) continue;
    *shown = true;
    if (!shows) *which = criterion->criterion, *met = is_met;
    shows = true;
  }
  return shows;
}

static void try_request(Suggest *suggest, Covered *covered, const Restated *changes, uint32_t count) {
  const Criterion *which = NULL;
  bool met = false;
  Text request = with(suggest, changes, count);
  suggest->tries++;
  if (!decide(suggest, request) || suggest->coverage->session->determination.policy != covered->policy) return;
  if (!shows_more(suggest, covered, &which, &met)) return;
  const char *name = arena_format(suggest->arena, "%.*s %s: %.*s", (int)which->path.length, which->path.at, met ? "met" : "not met",
                                  (int)which->title.length, which->title.at);
  add_case(suggest, request, name, "suggested, to confirm: were this criterion alone the other way, the decision would be another");
}

/* Is the fact read by a criterion that is not shown both ways? */
static bool is_read_by_open(const Covered *covered, const CompiledPolicy *compiled, const Fact *fact) {
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

static void show_by_one(Suggest *suggest, Covered *covered, const OptionsList *options) {
  for (uint32_t i = 0; i < options->count; i++) {
    for (uint32_t v = 0; v < options->items[i].values.count; v++) {
      const Restated change = {options->items[i].fact->name, options->items[i].values.items[v].json};
      try_request(suggest, covered, &change, 1);
    }
  }
}

/* The first of the two is read by a criterion that is open. */
static void show_by_two(Suggest *suggest, Covered *covered, const OptionsList *options, const CompiledPolicy *compiled) {
  for (uint32_t i = 0; i < options->count; i++) {
    if (!is_read_by_open(covered, compiled, options->items[i].fact)) continue;
    for (uint32_t j = 0; j < options->count; j++) {
      if (i == j) continue;
      for (uint32_t v = 0; v < options->items[i].values.count; v++) {
        for (uint32_t w = 0; w < options->items[j].values.count && suggest->tries < TRIES_MAX; w++) {
          const Restated changes[2] = {{options->items[i].fact->name, options->items[i].values.items[v].json},
                                       {options->items[j].fact->name, options->items[j].values.items[w].json}};
          try_request(suggest, covered, changes, 2);
        }
      }
    }
  }
}

static void show_criteria(Suggest *suggest, Covered *covered, uint32_t facts) {
  suggest->tries = 0;
  for (uint32_t r = 0; r < covered->requests.count && has_open(covered) && suggest->tries < TRIES_MAX; r++) {
    arena_reset(suggest->arena);
    if (!read_base(suggest, covered->requests.items[r]) || !decide(suggest, covered->requests.items[r])) continue;
    const CompiledPolicy *compiled = suggest->coverage->session->determination.compiled;
    const OptionsList options = options_for(suggest);
    if (facts == 1) show_by_one(suggest, covered, &options);
    if (facts == 2) show_by_two(suggest, covered, &options, compiled);
  }
}

/* ---- Boundaries ---- */

/* One side of a cut: the case that lies there, told by where its values fall, for a version and kind. */
typedef struct Boundary {
  const CompiledPolicy *compiled;
  const Fact *fact;
  uint64_t cells[8]; /* of the fact's variables, the first few */
  bool at_start;     /* of the case, else at its end */
  bool is_there;     /* some case lies as near to the cut */
  bool is_better;    /* the suggestion has the cut decide */
  Text request;
  Text words, value;
} Boundary;
typedef LIST(Boundary) BoundaryList;

static void fill_cells(Boundary *boundary, Facts *facts) {
  const CompiledPolicy *compiled = boundary->compiled;
  const uint64_t bit = variables_fact(&compiled->set, boundary->fact);
  uint32_t count = 0;
  for (uint32_t v = 0; v < compiled->set.variables.count && count < 8; v++) {
    if ((compiled->set.variables.items[v]->facts & bit) == 0) continue;
    const Variable *variable = compiled->set.variables.items[v];
    const uint64_t *not_known = variable->fact == NULL ? NULL : compiled->policy->not_known[variable->fact->index];
    boundary->cells[count++] = variable_cells(variable, facts, not_known, ENTRIES_ALL);
  }
}

static Boundary *boundary_of(Suggest *suggest, BoundaryList *list, const Boundary *like) {
  for (uint32_t i = 0; i < list->count; i++) {
    Boundary *boundary = &list->items[i];
    if (boundary->compiled == like->compiled && boundary->fact == like->fact && boundary->at_start == like->at_start &&
        memcmp(boundary->cells, like->cells, sizeof like->cells) == 0)
      return boundary;
  }
  LIST_PUSH(&suggest->coverage->arena, *list, *like);
  return &list->items[list->count - 1];
}

static Amount line_value(const Fact *fact, const FactValue *value) {
  return fact->type.kind == TYPE_DATE ? value->date : value->amount;
}

/* Is what the request states in this case, and no further from its end than the value that would be suggested? */
static bool is_as_near(const Fact *fact, const FactValue *stated, const Supposed *supposed, bool at_start) {
  if (!stated->known || stated->is_none) return false;
  const Amount value = line_value(fact, stated), wanted = line_value(fact, &supposed->value);
  if (value < supposed->from || value > supposed->to) return false;
  return at_start ? value <= wanted : value >= wanted;
}

static void note_boundary(Suggest *suggest, BoundaryList *list, const Fact *fact, const Supposed *supposed, bool at_start) {
  licet_coverage *coverage = suggest->coverage;
  licet_determination *d = &coverage->session->determination;
  Boundary like = {.compiled = d->compiled, .fact = fact, .at_start = at_start};
  FactValue before = d->facts.values[fact->index];
  d->facts.values[fact->index] = supposed->value;
  d->facts.values[fact->index].known = true;
  fill_cells(&like, &d->facts);
  d->facts.values[fact->index] = before;
  Boundary *boundary = boundary_of(suggest, list, &like);
  boundary->is_there = boundary->is_there || is_as_near(fact, &before, supposed, at_start);
  if (boundary->is_there || boundary->is_better) return;
  const Restated change = {fact->name, supposed->json};
  Text request = with(suggest, &change, 1);
  licet_session *session = coverage->session;
  boundary->request = text_copy(&coverage->arena, request);
  boundary->words = text_copy(&coverage->arena, supposed->words);
  boundary->value = text_copy(&coverage->arena, supposed->json);
  boundary->is_better = before.known && session->determination.outcome == LICET_APPROVE;
}

static void find_boundaries(Suggest *suggest, Covered *covered, BoundaryList *list) {
  for (uint32_t r = 0; r < covered->requests.count; r++) {
    arena_reset(suggest->arena);
    if (!read_base(suggest, covered->requests.items[r]) || !decide(suggest, covered->requests.items[r])) continue;
    licet_determination *d = &suggest->coverage->session->determination;
    for (uint32_t i = 0; i < d->compiled->set.facts.count; i++) {
      const Fact *fact = d->compiled->set.facts.items[i];
      if (fact->type.kind != TYPE_DATE && fact->type.kind != TYPE_QUANTITY) continue;
      const SupposedList values = suppose_values(suggest->arena, d->compiled, fact, &d->facts);
      for (uint32_t v = 0; v < values.count; v++) {
        const Supposed *supposed = &values.items[v];
        if (!supposed->is_line || is_yet_to_come(d, fact, supposed)) continue;
        const bool only = supposed->has_from && supposed->has_to && supposed->from == supposed->to;
        const Amount value = line_value(fact, &supposed->value);
        const bool at_start = supposed->has_from && (only || !supposed->has_to || value - supposed->from <= supposed->to - value);
        note_boundary(suggest, list, fact, supposed, at_start);
      }
    }
  }
}

static void suggest_boundaries(Suggest *suggest, Covered *covered) {
  BoundaryList list = {0};
  find_boundaries(suggest, covered, &list);
  for (uint32_t i = 0; i < list.count; i++) {
    const Boundary *boundary = &list.items[i];
    arena_reset(suggest->arena);
    if (boundary->is_there || !decide(suggest, boundary->request)) continue; /* a patient nobody is like */
    const char *name = arena_format(suggest->arena, "%.*s %.*s", (int)boundary->fact->name.length, boundary->fact->name.at,
                                    (int)boundary->value.length, boundary->value.at);
    const char *why =
        arena_format(suggest->arena, "suggested, to confirm: a boundary, %.*s", (int)boundary->words.length, boundary->words.at);
    add_case(suggest, boundary->request, name, why);
  }
}

/* ---- All of it ---- */

static void suggest_all(Suggest *suggest) {
  licet_coverage *coverage = suggest->coverage;
  for (uint32_t p = 0; p < coverage->policies.count; p++) {
    Covered *covered = &coverage->policies.items[p];
    show_criteria(suggest, covered, 1);
    show_criteria(suggest, covered, 2);
    suggest_boundaries(suggest, covered);
  }
}

void coverage_suggest(licet_coverage *coverage) {
  Suggest suggest = {.coverage = coverage, .arena = &coverage->supposed};
  suggest_all(&suggest);
}
