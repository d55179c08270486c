/* What the public header shows of policies, vocabularies and determinations. Texts made on the way
 * live in the library's or the session's arena and are made once; a frozen library is only read, so
 * those of policies are made when it is opened (library_publish). */
#include <string.h>

#include "decide/session.h"

/* ---- Policies ---- */

size_t licet_library_policy_count(const licet_library *library) { return library->policies.count; }

const licet_policy *licet_library_policy(const licet_library *library, size_t index) {
  return index < library->policies.count ? library->policies.items[index] : NULL;
}

const licet_policy *licet_library_policy_by_id(const licet_library *library, const char *id) {
  return library_policy_named(library, text_of(id));
}

const licet_policy *licet_library_find(const licet_library *library, const char *payer,
                                       const char *drug, const char *line, const char *date) {
  PolicySearch search = {.payer = text_of(payer), .drug = text_of(drug), .line = -1};
  const Version *version;
  if (library->vocabularies.count == 0 || !date_parse(text_of(date), &search.day)) return NULL;
  const Type *lines = &library->vocabularies.items[0]->facts.items[FACT_LINE]->type;
  for (uint32_t i = 0; i < lines->value_count; i++) {
    if (text_is(lines->values[i], line)) search.line = (int)i;
  }
  return library_find(library, &search, &version);
}

const char *licet_policy_id(const licet_policy *policy) { return policy->id; }
const char *licet_policy_title(const licet_policy *policy) { return policy->title; }
const char *licet_policy_payer(const licet_policy *policy) { return policy->payer; }
const char *licet_policy_vocabulary(const licet_policy *policy) { return policy->vocabulary; }
const char *licet_policy_source(const licet_policy *policy) { return policy->source; }
const char *licet_policy_file(const licet_policy *policy) { return policy->file; }
const char *licet_policy_digest(const licet_policy *policy) { return policy->model->digest; }
const char *licet_policy_drug(const licet_policy *policy, size_t index) {
  return index < policy->drugs.count ? policy->drugs.items[index] : NULL;
}
const char *licet_policy_line(const licet_policy *policy, size_t index) {
  return index < policy->lines.count ? policy->lines.items[index] : NULL;
}

licet_policy_version licet_policy_version_at(const licet_policy *policy, size_t index) {
  return index < policy->versions.count ? policy->versions.items[index] : (licet_policy_version){0};
}

licet_interpretation licet_policy_interpretation(const licet_policy *policy, size_t index) {
  return index < policy->interpretations.count ? policy->interpretations.items[index]
                                               : (licet_interpretation){0};
}

size_t licet_policy_criterion_count(const licet_policy *policy) { return policy->criteria.count; }
licet_criterion licet_policy_criterion(const licet_policy *policy, size_t index) {
  return index < policy->criteria.count ? policy->criteria.items[index] : (licet_criterion){0};
}

/* ---- Making them, when the library is opened ---- */

static const char *copy(Arena *arena, Text text) {
  return arena_copy(arena, text.length == 0 ? "" : text.at, text.length);
}

static const char *date_text(Arena *arena, Date date) {
  char text[10];
  if (date == DATE_NONE) return "";
  date_write(date, text);
  return arena_copy(arena, text, 10);
}

static const char *connective(Arena *arena, const Criterion *criterion) {
  switch (criterion->connective) {
    case CONNECTIVE_LEAF:
      return "";
    case CONNECTIVE_ALL:
      return "all of";
    case CONNECTIVE_ANY:
      return "any of";
    case CONNECTIVE_NONE:
      return "none of";
    case CONNECTIVE_AT_LEAST:
      return arena_format(arena, "at least %u of", criterion->at_least);
  }
  return "";
}

static const char *const *copy_texts(Arena *arena, const Text *texts, uint32_t count) {
  const char **copies = ARENA_ARRAY(arena, const char *, count + 1);
  for (uint32_t i = 0; i < count; i++) copies[i] = copy(arena, texts[i]);
  return copies;
}

static licet_criterion view_criterion(Arena *arena, const Criterion *criterion) {
  const char **outcomes = ARENA_ARRAY(arena, const char *, criterion->outcomes.count + 1);
  for (uint32_t i = 0; i < criterion->outcomes.count; i++)
    outcomes[i] = copy(arena, criterion->outcomes.items[i]->line);
  static const char *const kinds[] = {"initial", "continuation"};
  return (licet_criterion){
      .index = criterion->index,
      .depth = criterion->depth,
      .label = copy(arena, criterion->label),
      .path = copy(arena, criterion->path),
      .title = copy(arena, criterion->title),
      .connective = connective(arena, criterion),
      .condition = copy(arena, criterion->condition_text),
      .guard = copy(arena, criterion->guard_text),
      .kind = criterion->kind < 0 ? "" : kinds[criterion->kind],
      .from = date_text(arena, criterion->in_force.from),
      .until = date_text(arena, criterion->in_force.until),
      .outcomes = outcomes,
      .dosed_as = criterion->dosed_as == NULL ? "" : copy(arena, criterion->dosed_as->name),
      .notes = copy_texts(arena, criterion->syntax->notes.items, criterion->syntax->notes.count),
      .citations =
          copy_texts(arena, criterion->syntax->citations.items, criterion->syntax->citations.count),
      .prerequisite = criterion->prerequisite,
      .is_pathway = criterion->is_pathway,
  };
}

static licet_interpretation view_interpretation(Arena *arena, const Interpretation *interpretation,
                                                const Criterion *criterion) {
  return (licet_interpretation){
      .id = copy(arena, interpretation->id),
      .text = copy(arena, interpretation->text),
      .literal = copy(arena, interpretation->literal),
      .path = criterion == NULL ? "" : copy(arena, criterion->path),
      .criterion = criterion == NULL ? LICET_WHOLE_POLICY : criterion->index,
  };
}

void library_publish(Arena *arena, licet_policy *policy) {
  const Policy *model = policy->model;
  policy->id = copy(arena, model->id);
  policy->title = copy(arena, model->title);
  policy->payer = copy(arena, model->payer);
  policy->vocabulary = copy(arena, model->vocabulary->name);
  policy->source = copy(arena, model->source_note);
  policy->file = copy(arena, model->file);
  for (uint32_t i = 0; i < model->drugs.count; i++)
    LIST_PUSH(arena, policy->drugs, copy(arena, model->drugs.items[i]));
  const Type *lines = &model->vocabulary->facts.items[FACT_LINE]->type;
  for (uint32_t i = 0; i < lines->value_count; i++) {
    if ((model->lines >> i) & 1) LIST_PUSH(arena, policy->lines, copy(arena, lines->values[i]));
  }
  for (uint32_t i = 0; i < model->versions.count; i++) {
    const Version *version = &model->versions.items[i];
    licet_policy_version view = {version->text, copy(arena, version->note), version->reconstructed};
    LIST_PUSH(arena, policy->versions, view);
  }
  for (uint32_t i = 0; i < model->interpretations.count; i++) {
    licet_interpretation view = view_interpretation(arena, model->interpretations.items[i], NULL);
    LIST_PUSH(arena, policy->interpretations, view);
  }
  for (uint32_t i = 0; i < model->criteria.count; i++) {
    const Criterion *criterion = model->criteria.items[i];
    licet_criterion view = view_criterion(arena, criterion);
    LIST_PUSH(arena, policy->criteria, view);
    for (uint32_t r = 0; r < criterion->interpretations.count; r++) {
      licet_interpretation interpretation =
          view_interpretation(arena, criterion->interpretations.items[r], criterion);
      LIST_PUSH(arena, policy->interpretations, interpretation);
    }
  }
}

/* ---- Vocabularies ---- */

size_t licet_library_vocabulary_count(const licet_library *library) {
  return library->vocabularies.count;
}

const char *licet_library_vocabulary(const licet_library *library, size_t index) {
  return index < library->views.count ? library->views.items[index].name : NULL;
}

licet_fact licet_vocabulary_fact(const licet_library *library, const char *vocabulary,
                                 size_t index) {
  for (uint32_t i = 0; i < library->views.count; i++) {
    const VocabularyView *view = &library->views.items[i];
    if (strcmp(view->name, vocabulary) == 0 && index < view->facts.count)
      return view->facts.items[index];
  }
  return (licet_fact){0};
}

static void write_values(Buffer *out, const Type *type) {
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (i > 0) buffer_string(out, " | ");
    buffer_text(out, type->values[i]);
  }
}

static const char *type_text(Arena *arena, const Fact *fact) {
  Buffer out;
  buffer_open(&out, arena, 64);
  switch (fact->type.kind) {
    case TYPE_ENUMERATION:
      write_values(&out, &fact->type);
      break;
    case TYPE_SET:
      buffer_string(&out, "set of ");
      write_values(&out, &fact->type);
      break;
    case TYPE_QUANTITY:
      buffer_string(&out, dimension_name(fact->type.dimension));
      break;
    case TYPE_DATE:
      buffer_string(&out, "date");
      break;
    case TYPE_DURATION:
      buffer_string(&out, "duration");
      break;
    case TYPE_NAME:
      buffer_string(&out, "name");
      break;
    case TYPE_CODE:
      buffer_string(&out, "code ");
      buffer_text(&out, fact->type.system);
      break;
    case TYPE_LIST:
      buffer_string(&out, "list of {");
      for (uint32_t i = 0; i < fact->field_count; i++) {
        if (i > 0) buffer_string(&out, ", ");
        buffer_text(&out, fact->fields[i].name);
      }
      buffer_string(&out, "}");
      break;
    case TYPE_SERIES:
      buffer_string(&out, "series of ");
      buffer_string(&out, dimension_name(fact->type.dimension));
      break;
  }
  if (fact->type.or_none) buffer_string(&out, " or none");
  return buffer_finish(&out);
}

void library_publish_vocabulary(Arena *arena, const Vocabulary *vocabulary, VocabularyView *view) {
  static const char *const suppliers[] = {"requester", "reviewer", "record"};
  view->name = copy(arena, vocabulary->name);
  for (uint32_t i = BUILTIN_FACTS; i < vocabulary->facts.count; i++) {
    const Fact *fact = vocabulary->facts.items[i];
    licet_fact shown = {copy(arena, fact->name),
                        type_text(arena, fact),
                        copy(arena, fact->question),
                        suppliers[fact->supplier],
                        copy(arena, fact->range),
                        copy(arena, fact->codes),
                        fact->clinical};
    LIST_PUSH(arena, view->facts, shown);
  }
}

int licet_policy_reads(const licet_policy *policy, const char *fact) {
  for (uint32_t v = 0; v < policy->model->versions.count; v++) {
    for (int kind = 0; kind < KINDS; kind++) {
      const CompiledPolicy *compiled = policy->model->versions.items[v].compiled[kind];
      for (uint32_t i = 0; compiled != NULL && i < compiled->set.facts.count; i++) {
        if (text_is(compiled->set.facts.items[i]->name, fact)) return 1;
      }
    }
  }
  return 0;
}

/* ---- Determinations ---- */

licet_outcome licet_determination_outcome(const licet_determination *d) { return d->outcome; }
const char *licet_determination_reason(const licet_determination *d) { return d->reason; }
const char *licet_determination_pathway(const licet_determination *d) { return d->pathway; }
const char *licet_determination_route(const licet_determination *d) { return d->route; }
const licet_policy *licet_determination_policy(const licet_determination *d) { return d->policy; }
const char *licet_determination_version(const licet_determination *d) {
  return d->version == NULL ? "" : d->version->text;
}

/* What follows makes texts in the session's arena as they are asked for; where memory runs out it
 * shows nothing. */

const char *licet_determination_request(const licet_determination *d) {
  if (ARENA_GUARD(&d->session->arena)) return "";
  return copy(&d->session->arena, d->request.id);
}

licet_authorization licet_determination_authorization(const licet_determination *d) {
  licet_authorization view = {.unit = "", .cycles = -1, .renewals_left = -1};
  if (!d->authorized || ARENA_GUARD(&d->session->arena)) return view;
  Arena *arena = &d->session->arena;
  view.start = date_text(arena, d->request.start);
  if (d->authorization.has_cycles) view.cycles = (int32_t)d->authorization.cycles;
  if (d->authorization.has_renewals) view.renewals_left = (int32_t)d->authorization.renewals;
  if (!d->authorization.has_length) return view;
  view.end = date_text(arena, d->authorization.end);
  if (d->authorization.length.months != 0) {
    view.length = d->authorization.length.months;
    view.unit = d->authorization.length.days == 0 ? "months" : "";
  } else {
    bool weeks = d->authorization.unit.days == 7 && d->authorization.length.days % 7 == 0;
    view.length = weeks ? d->authorization.length.days / 7 : d->authorization.length.days;
    view.unit = weeks ? "weeks" : "days";
  }
  return view;
}

licet_limit licet_determination_limit(const licet_determination *d, size_t index) {
  licet_limit view = {0};
  if (ARENA_GUARD(&d->session->arena)) return view;
  Arena *arena = &d->session->arena;
  size_t passed = 0;
  for (uint32_t i = 0; d->authorized && i < d->policy->model->limits.count; i++) {
    const Limit *limit = &d->policy->model->limits.items[i];
    if (!in_force_on(limit->in_force, d->version->date) || passed++ != index) continue;
    Buffer amount, every;
    buffer_open(&amount, arena, 16);
    buffer_open(&every, arena, 16);
    amount_write(&amount, limit->amount);
    if (limit->every.months != 0 || limit->every.days != 0) limit_write_every(&every, limit);
    return (licet_limit){buffer_finish(&amount), copy(arena, limit->unit), copy(arena, limit->code),
                         buffer_finish(&every),  limit->first_cycle,       limit->last_cycle};
  }
  return view;
}

static const char *const *set_names(const licet_determination *d, uint64_t set) {
  if (ARENA_GUARD(&d->session->arena)) return NULL;
  Arena *arena = &d->session->arena;
  const char **names = ARENA_ARRAY(arena, const char *, LIMIT_POLICY_FACTS + 1);
  uint32_t count = 0;
  for (uint64_t left = set; left != 0; left &= left - 1)
    names[count++] = copy(arena, d->compiled->set.facts.items[__builtin_ctzll(left)]->name);
  return names;
}

const char *const *licet_determination_missing(const licet_determination *d, size_t index) {
  return index < d->missing.count ? set_names(d, d->missing.items[index]) : NULL;
}

const char *const *licet_determination_documents(const licet_determination *d, size_t index) {
  return index < d->documents.count ? set_names(d, d->documents.items[index]) : NULL;
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

licet_evidence licet_determination_evidence(const licet_determination *d, size_t criterion,
                                            size_t index) {
  licet_evidence view = {0};
  if (criterion >= licet_determination_criterion_count(d)) return view;
  const CompiledCriterion *compiled = &d->compiled->criteria.items[criterion];
  const Fact *fact = index < compiled->facts.count                 ? compiled->facts.items[index]
                     : index == compiled->facts.count && index > 0 ? surface_cited(d, compiled)
                                                                   : NULL;
  if (fact == NULL || ARENA_GUARD(&d->session->arena)) return view;
  Arena *arena = &d->session->arena;
  const FactValue *value = &d->facts.values[fact->index];
  view.fact = copy(arena, fact->name);
  view.is_known = value->known;
  view.is_default = value->defaulted;
  view.is_computed = value->computed;
  view.is_implied = fact_is_implied(d, fact);
  view.value = value->known ? copy(arena, value->raw) : "";
  if (value->defaulted) view.value = default_json(arena, fact, value);
  view.document = value->known ? copy(arena, value->document) : "";
  Text source = value->source_text;
  view.source = source.length >= 2 ? copy(arena, (Text){source.at + 1, source.length - 2}) : "";
  return view;
}

licet_request_error licet_session_error(licet_session *session, size_t index) {
  Arena *arena = &session->arena;
  if (session->errors.at == NULL || index >= session->request_errors.list.count ||
      ARENA_GUARD(arena))
    return (licet_request_error){0};
  const RequestError *request_error = &session->request_errors.list.items[index];
  return (licet_request_error){
      copy(arena, request_error->field), copy(arena, request_error->pointer),
      copy(arena, request_error->found), copy(arena, request_error->expected),
      copy(arena, request_error->nearest)};
}
