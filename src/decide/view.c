/* What the public header shows of a determination. Texts are made in the session's arena as they
 * are asked for; those of policies and vocabularies were made when the library was opened
 * (src/library/publish.c). */
#include <string.h>

#include "decide/session.h"

/* ---- Determinations ---- */

licet_outcome licet_determination_outcome(const licet_determination *d) { return d->outcome; }
licet_reason licet_determination_reason(const licet_determination *d) { return d->reason; }
const char *licet_determination_pathway(const licet_determination *d) { return d->pathway; }
const char *licet_determination_route(const licet_determination *d) { return d->route; }
const licet_policy *licet_determination_policy(const licet_determination *d) { return d->policy; }
const char *licet_determination_version(const licet_determination *d) {
  return d->version == NULL ? "" : d->version->text;
}

static const char *copy(Arena *arena, Text text) {
  return arena_copy(arena, text.length == 0 ? "" : text.at, text.length);
}

static const char *date_text(Arena *arena, Date date) {
  char text[10];
  if (date == DATE_NONE) return "";
  date_write(date, text);
  return arena_copy(arena, text, 10);
}

/* What follows makes texts in the session's arena as they are asked for; where memory runs out it
 * shows nothing. */
typedef struct Showing {
  const licet_determination *d;
  const void *of; /* the fact, the limit or the request error that is shown */
  void *view;
} Showing;

/* False: there is no memory, and the view may be filled in part. */
static bool show(const licet_determination *d, const void *of, void *view,
                 void (*make)(void *showing)) {
  Showing showing = {d, of, view};
  if (arena_attempt_within(&d->session->arena, make, &showing)) return true;
  d->session->lacks_memory = true;
  return false;
}

int licet_session_lacks_memory(const licet_session *session) { return session->lacks_memory; }

static void show_request(void *context) {
  const Showing *showing = context;
  *(const char **)showing->view = copy(&showing->d->session->arena, showing->d->request.id);
}

const char *licet_determination_request(const licet_determination *d) {
  const char *view = "";
  return show(d, NULL, &view, show_request) ? view : "";
}

static void show_authorization(void *context) {
  const Showing *showing = context;
  const licet_determination *d = showing->d;
  Arena *arena = &d->session->arena;
  licet_authorization *view = showing->view;
  view->start = date_text(arena, d->request.start);
  if (d->authorization.has_cycles) view->cycles = (int32_t)d->authorization.cycles;
  if (d->authorization.has_renewals) view->renewals_left = (int32_t)d->authorization.renewals;
  if (!d->authorization.has_length) return;
  view->end = date_text(arena, d->authorization.end);
  if (d->authorization.length.months != 0) {
    view->length = d->authorization.length.months;
    view->unit = d->authorization.length.days == 0 ? LICET_UNIT_MONTHS : LICET_UNIT_NONE;
  } else {
    bool weeks = d->authorization.unit.days == 7 && d->authorization.length.days % 7 == 0;
    view->length = weeks ? d->authorization.length.days / 7 : d->authorization.length.days;
    view->unit = weeks ? LICET_UNIT_WEEKS : LICET_UNIT_DAYS;
  }
}

licet_authorization licet_determination_authorization(const licet_determination *d) {
  const licet_authorization nothing = {.cycles = -1, .renewals_left = -1};
  licet_authorization view = nothing;
  if (!d->authorized) return nothing;
  return show(d, NULL, &view, show_authorization) ? view : nothing;
}

static void show_limit(void *context) {
  const Showing *showing = context;
  const Limit *limit = showing->of;
  Arena *arena = &showing->d->session->arena;
  Buffer amount, every;
  buffer_open(&amount, arena, 16);
  buffer_open(&every, arena, 16);
  amount_write(&amount, limit->amount);
  if (limit->every.months != 0 || limit->every.days != 0) limit_write_every(&every, limit);
  *(licet_limit *)showing->view =
      (licet_limit){buffer_finish(&amount), copy(arena, limit->unit), copy(arena, limit->code),
                    buffer_finish(&every),  limit->first_cycle,       limit->last_cycle};
}

licet_limit licet_determination_limit(const licet_determination *d, size_t index) {
  licet_limit view = {0};
  size_t passed = 0;
  for (uint32_t i = 0; d->authorized && i < d->policy->model->limits.count; i++) {
    const Limit *limit = &d->policy->model->limits.items[i];
    if (!in_force_on(limit->in_force, d->version->date) || passed++ != index) continue;
    return show(d, limit, &view, show_limit) ? view : (licet_limit){0};
  }
  return view;
}

static void show_set(void *context) {
  const Showing *showing = context;
  const licet_determination *d = showing->d;
  Arena *arena = &d->session->arena;
  const char **names = ARENA_ARRAY(arena, const char *, LIMIT_POLICY_FACTS + 1);
  uint32_t count = 0;
  for (uint64_t left = *(const uint64_t *)showing->of; left != 0; left &= left - 1)
    names[count++] = copy(arena, d->compiled->set.facts.items[__builtin_ctzll(left)]->name);
  *(const char *const **)showing->view = names;
}

static const char *const *set_names(const licet_determination *d, const uint64_t *set) {
  const char *const *names = NULL;
  return show(d, set, &names, show_set) ? names : NULL;
}

const char *const *licet_determination_missing(const licet_determination *d, size_t index) {
  return index < d->missing.count ? set_names(d, &d->missing.items[index]) : NULL;
}

const char *const *licet_determination_documents(const licet_determination *d, size_t index) {
  return index < d->documents.count ? set_names(d, &d->documents.items[index]) : NULL;
}

static const char *or_empty(const char *text) { return text == NULL ? "" : text; }

licet_next licet_determination_next(const licet_determination *d, size_t index) {
  if (index >= d->next.count) return (licet_next){0};
  const NextStep *step = &d->next.items[index];
  return (licet_next){.who = step->who,
                      .action = step->action,
                      .facts = step->facts == 0 ? NULL : set_names(d, &step->facts),
                      .key = or_empty(step->key),
                      .found = or_empty(step->found),
                      .nearest = or_empty(step->nearest)};
}

const char *licet_determination_also_met(const licet_determination *d, size_t index) {
  return index < d->also_met.count ? d->also_met.items[index] : NULL;
}
const char *licet_determination_not_counted(const licet_determination *d, size_t index) {
  return index < d->not_counted.count ? d->not_counted.items[index] : NULL;
}
const char *licet_determination_interpretation(const licet_determination *d, size_t index) {
  return index < d->interpretations.count ? d->interpretations.items[index] : NULL;
}

size_t licet_determination_criterion_count(const licet_determination *d) {
  return d->compiled == NULL ? 0 : d->compiled->criteria.count;
}

licet_explanation licet_determination_criterion(const licet_determination *d, size_t index) {
  static const char *const nothing[] = {NULL};
  licet_explanation view = {0};
  if (index >= licet_determination_criterion_count(d)) return view;
  const CompiledCriterion *compiled = &d->compiled->criteria.items[index];
  view.criterion = d->policy->criteria.items[compiled->criterion->index];
  view.criterion.depth = compiled->depth;
  view.status = d->explained[index].status;
  view.authorization = d->explained[index].authorization;
  view.is_not_asked = compiled->not_asked;
  view.interpretations =
      d->explained[index].interpretations == NULL ? nothing : d->explained[index].interpretations;
  return view;
}

/* A default as a request would give it. */
static const char *default_json(Arena *arena, const Fact *fact, const FactValue *value) {
  const Text word = fact->type.values[value->choice];
  if (text_is(word, "yes") || text_is(word, "no")) return text_is(word, "yes") ? "true" : "false";
  return arena_format(arena, "\"%.*s\"", (int)word.length, word.at);
}

static void show_evidence(void *context) {
  const Showing *showing = context;
  const licet_determination *d = showing->d;
  const Fact *fact = showing->of;
  Arena *arena = &d->session->arena;
  licet_evidence *view = showing->view;
  const FactValue *value = &d->facts.values[fact->index];
  view->fact = copy(arena, fact->name);
  view->is_known = value->known;
  view->is_default = value->defaulted;
  view->is_computed = value->computed;
  view->is_implied = fact_is_implied(d, fact);
  view->value = value->known ? copy(arena, value->raw) : "";
  if (value->defaulted) view->value = default_json(arena, fact, value);
  view->document = value->known ? copy(arena, value->document) : "";
  if (value->source > 0) view->source = supplier_source((Supplier)(value->source - 1));
}

licet_evidence licet_determination_evidence(const licet_determination *d, size_t criterion,
                                            size_t index) {
  licet_evidence view = {0};
  if (criterion >= licet_determination_criterion_count(d)) return view;
  const CompiledCriterion *compiled = &d->compiled->criteria.items[criterion];
  const Fact *fact = index < compiled->facts.count                 ? compiled->facts.items[index]
                     : index == compiled->facts.count && index > 0 ? surface_cited(d, compiled)
                                                                   : NULL;
  if (fact == NULL) return view;
  return show(d, fact, &view, show_evidence) ? view : (licet_evidence){0};
}

static void show_request_error(void *context) {
  const Showing *showing = context;
  const RequestError *error = showing->of;
  Arena *arena = &showing->d->session->arena;
  *(licet_request_error *)showing->view =
      (licet_request_error){.code = error->code,
                            .field = copy(arena, error->field),
                            .pointer = copy(arena, error->pointer),
                            .found = copy(arena, error->found),
                            .expected = copy(arena, error->expected),
                            .nearest = copy(arena, error->nearest),
                            .line = error->line,
                            .column = error->column,
                            .byte = error->byte};
}

licet_request_error licet_session_error(licet_session *session, size_t index) {
  licet_request_error view = {0};
  if (session->errors.at == NULL || index >= session->request_errors.list.count) return view;
  const RequestError *error = &session->request_errors.list.items[index];
  return show(&session->determination, error, &view, show_request_error) ? view
                                                                         : (licet_request_error){0};
}
