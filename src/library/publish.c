/* publish: what the public header shows of policies and vocabularies.
 *
 * A frozen library is only read, from any number of threads. So every text that an accessor returns
 * is made here, once, while the library is still being opened: zero-terminated copies beside the
 * model, in the order of the page. The accessors below then only index.
 */
#include <string.h>

#include "base/unreachable.h"
#include "library/library.h"

/* ---- Policies, as they are opened ---- */

static const char *copy(Arena *arena, Text text) {
  return text.length == 0 ? "" : arena_copy(arena, text.at, text.length);
}

static const char *date_text(Arena *arena, Date date) {
  char text[10];
  if (date == DATE_NONE) return "";
  date_write(date, text);
  return arena_copy(arena, text, 10);
}

/* Most lines of a page have none of what they could have. */
static const char *const no_texts[] = {NULL};

static const char *const *copy_texts(Arena *arena, const Text *texts, uint32_t count) {
  if (count == 0) return no_texts;
  const char **copies = ARENA_ARRAY(arena, const char *, count + 1);
  for (uint32_t i = 0; i < count; i++) copies[i] = copy(arena, texts[i]);
  return copies;
}

static licet_connective connective_of(Connective connective) {
  switch (connective) {
    case CONNECTIVE_LEAF:
      return LICET_CONNECTIVE_LEAF;
    case CONNECTIVE_ALL:
      return LICET_CONNECTIVE_ALL;
    case CONNECTIVE_ANY:
      return LICET_CONNECTIVE_ANY;
    case CONNECTIVE_NONE:
      return LICET_CONNECTIVE_NONE;
    case CONNECTIVE_AT_LEAST:
      return LICET_CONNECTIVE_AT_LEAST;
  }
  UNREACHABLE();
}

/* Below 0: both. */
static licet_request_kind kind_of(int kind) {
  return kind < 0 ? LICET_ANY_KIND : kind == KIND_INITIAL ? LICET_INITIAL : LICET_CONTINUATION;
}

static const char *const *outcome_lines(Arena *arena, const Criterion *criterion) {
  if (criterion->outcomes.count == 0) return no_texts;
  const char **lines = ARENA_ARRAY(arena, const char *, criterion->outcomes.count + 1);
  for (uint32_t i = 0; i < criterion->outcomes.count; i++)
    lines[i] = copy(arena, criterion->outcomes.items[i]->line);
  return lines;
}

static licet_criterion view_criterion(Arena *arena, const Criterion *criterion) {
  return (licet_criterion){
      .index = criterion->index,
      .depth = criterion->depth,
      .label = copy(arena, criterion->label),
      .path = copy(arena, criterion->path),
      .title = copy(arena, criterion->title),
      .connective = connective_of(criterion->connective),
      .at_least = criterion->connective == CONNECTIVE_AT_LEAST ? criterion->at_least : 0,
      .condition = copy(arena, criterion->condition_text),
      .guard = copy(arena, criterion->guard_text),
      .kind = kind_of(criterion->kind),
      .from = date_text(arena, criterion->in_force.from),
      .until = date_text(arena, criterion->in_force.until),
      .outcomes = outcome_lines(arena, criterion),
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
  policy->until = date_text(arena, model->until);
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
  policy->criteria.items = ARENA_ARRAY(arena, licet_criterion, model->criteria.count);
  for (uint32_t i = 0; i < model->criteria.count; i++) {
    const Criterion *criterion = model->criteria.items[i];
    policy->criteria.items[policy->criteria.count++] = view_criterion(arena, criterion);
    for (uint32_t r = 0; r < criterion->interpretations.count; r++) {
      licet_interpretation interpretation =
          view_interpretation(arena, criterion->interpretations.items[r], criterion);
      LIST_PUSH(arena, policy->interpretations, interpretation);
    }
  }
}

/* ---- Vocabularies, as they are opened ---- */

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

licet_fact_type fact_type_of(const Type *type) {
  switch (type->kind) {
    case TYPE_ENUMERATION:
      return type->yes_no ? LICET_FACT_YES_NO : LICET_FACT_CHOICE;
    case TYPE_SET:
      return LICET_FACT_SET;
    case TYPE_QUANTITY:
      return LICET_FACT_QUANTITY;
    case TYPE_DATE:
      return LICET_FACT_DATE;
    case TYPE_DURATION:
      return LICET_FACT_DURATION;
    case TYPE_NAME:
      return LICET_FACT_NAME;
    case TYPE_CODE:
      return LICET_FACT_CODE;
    case TYPE_LIST:
      return LICET_FACT_LIST;
    case TYPE_SERIES:
      return LICET_FACT_SERIES;
  }
  UNREACHABLE();
}

licet_source supplier_source(Supplier supplier) {
  switch (supplier) {
    case SUPPLIER_REQUESTER:
      return LICET_SOURCE_REQUESTER;
    case SUPPLIER_REVIEWER:
      return LICET_SOURCE_REVIEWER;
    case SUPPLIER_RECORD:
      return LICET_SOURCE_RECORD;
  }
  UNREACHABLE();
}

void library_publish_vocabulary(Arena *arena, const Vocabulary *vocabulary, VocabularyView *view) {
  view->name = copy(arena, vocabulary->name);
  for (uint32_t i = BUILTIN_FACTS; i < vocabulary->facts.count; i++) {
    const Fact *fact = vocabulary->facts.items[i];
    licet_fact shown = {.name = copy(arena, fact->name),
                        .type = fact_type_of(&fact->type),
                        .values = type_text(arena, fact),
                        .question = copy(arena, fact->question),
                        .supplier = supplier_source(fact->supplier),
                        .range = copy(arena, fact->range),
                        .codes = copy(arena, fact->codes),
                        .is_clinical = fact->clinical};
    LIST_PUSH(arena, view->facts, shown);
  }
}

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
  const licet_policy *found = library_find(library, &search, &version);
  return found != NULL && library_rival(library, &search, found) == NULL ? found : NULL;
}

const char *licet_policy_id(const licet_policy *policy) { return policy->id; }
const char *licet_policy_title(const licet_policy *policy) { return policy->title; }
const char *licet_policy_payer(const licet_policy *policy) { return policy->payer; }
const char *licet_policy_vocabulary(const licet_policy *policy) { return policy->vocabulary; }
const char *licet_policy_source(const licet_policy *policy) { return policy->source; }
const char *licet_policy_until(const licet_policy *policy) { return policy->until; }
const char *licet_policy_file(const licet_policy *policy) { return policy->file; }
const char *licet_policy_digest(const licet_policy *policy) { return library_digest(policy); }
const char *licet_policy_drug(const licet_policy *policy, size_t index) {
  return index < policy->drugs.count ? policy->drugs.items[index] : NULL;
}
const char *licet_policy_line(const licet_policy *policy, size_t index) {
  return index < policy->lines.count ? policy->lines.items[index] : NULL;
}

licet_policy_version licet_policy_version_at(const licet_policy *policy, size_t index) {
  return index < policy->versions.count ? policy->versions.items[index] : (licet_policy_version){0};
}

const char *licet_policy_version_digest(const licet_policy *policy, size_t index) {
  return index < policy->model->versions.count ? library_version_digest(policy, (uint32_t)index)
                                               : NULL;
}

licet_interpretation licet_policy_interpretation(const licet_policy *policy, size_t index) {
  return index < policy->interpretations.count ? policy->interpretations.items[index]
                                               : (licet_interpretation){0};
}

size_t licet_policy_criterion_count(const licet_policy *policy) { return policy->criteria.count; }
licet_criterion licet_policy_criterion(const licet_policy *policy, size_t index) {
  return index < policy->criteria.count ? policy->criteria.items[index] : (licet_criterion){0};
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

int licet_policy_reads(const licet_policy *policy, const char *fact) {
  const Fact *named = vocabulary_fact(policy->model->vocabulary, text_of(fact));
  return named != NULL && library_reads(policy, named);
}
