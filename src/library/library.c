/* library: texts of policies and vocabularies → an open library.
 *
 *     a folder ── files.c ──┐
 *     texts of the caller ──┼── sources ── parse ── vocabularies ── policies ── surveyed ── open
 *     an open library ──────┘
 *
 * Vocabularies are checked before the policies that use them, whatever the order of the files; then
 * each policy is checked and surveyed: can every version be compiled, for both kinds of request?
 * The first error does not end it: all of them are reported, and then there is no library.
 * Invariant: once licet_library_open has returned, nothing changes any more but what need.c
 * compiles at a first use.
 */
#include "library/library.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/options.h"
#include "compile/survey.h"
#include "language/parse.h"
#include "library/files.h"
#include "library/report.h"
#include "policy/scope.h"

/* ---- Building ---- */

typedef struct Build {
  licet_library *library;
  Arena *scratch; /* of the library: syntax trees */
  Arena passing;  /* tokens of one file, diagrams of one policy: forgotten after it */
  Diagnostics *diagnostics;
  licet_library_options options;
  LIST(FileSyntax *) files;
} Build;

/* Where the texts come from: a folder or file, the caller's memory, or an open library. */
typedef struct Origin {
  const char *path;
  const licet_text *texts;
  size_t count;
  const licet_library *again;
} Origin;

static bool is_interrupted(const Build *build) {
  return build->options.interrupted != NULL &&
         build->options.interrupted(build->options.context) != 0;
}

static Vocabulary *find_vocabulary(const licet_library *library, Text name) {
  for (uint32_t i = 0; i < library->vocabularies.count; i++) {
    if (text_equal(library->vocabularies.items[i]->name, name))
      return library->vocabularies.items[i];
  }
  return NULL;
}

static void build_vocabularies(Build *build) {
  Arena *arena = &build->library->arena;
  for (uint32_t i = 0; i < build->files.count; i++) {
    const FileSyntax *file = build->files.items[i];
    if (file->vocabulary == NULL || file->vocabulary->name.text.length == 0) continue;
    const Vocabulary *first = find_vocabulary(build->library, file->vocabulary->name.text);
    if (first != NULL) {
      Diagnostic *d =
          diagnose(build->diagnostics, DIAGNOSTIC_DUPLICATE_NAME, file->vocabulary->name.span,
                   "two files declare the same vocabulary");
      diagnostic_note(build->diagnostics, d, first->syntax->name.span, "the other is here");
      continue;
    }
    LIST_PUSH(arena, build->library->vocabularies,
              vocabulary_check(file->vocabulary, file->source, arena, build->diagnostics));
  }
}

static void add_to_indexes(licet_library *library, const licet_policy *policy) {
  index_add(&library->by_id, &library->arena, policy->model->id, policy);
  index_add(&library->by_payer, &library->arena, policy->model->payer, policy);
}

static licet_policy *publish(Build *build, Policy *model) {
  Arena *arena = &build->library->arena;
  licet_policy *policy = ARENA_NEW(arena, licet_policy);
  policy->model = model;
  library_publish(arena, policy);
  LIST_PUSH(arena, build->library->policies, policy);
  add_to_indexes(build->library, policy);
  return policy;
}

static void unknown_vocabulary(Build *build, Word name) {
  LIST(Text) names = {0};
  for (uint32_t i = 0; i < build->library->vocabularies.count; i++)
    LIST_PUSH(build->scratch, names, build->library->vocabularies.items[i]->name);
  Diagnostic *d = diagnose(build->diagnostics, DIAGNOSTIC_UNKNOWN_VOCABULARY, name.span,
                           "vocabulary `%.*s` is not declared in any file", (int)name.text.length,
                           name.text.at);
  diagnostic_nearest(build->diagnostics, d, name.text, names.items, names.count);
}

/* Whether the one ends before the other begins. */
static bool ends_before(const Policy *a, const Policy *b) {
  return a->until != DATE_NONE && b->versions.count > 0 && a->until < b->versions.items[0].date;
}

bool policies_overlap(const Policy *a, const Policy *b) {
  if (ends_before(a, b) || ends_before(b, a)) return false;
  if ((a->lines & b->lines) == 0 || !text_equal(a->payer, b->payer)) return false;
  for (uint32_t i = 0; i < a->drugs.count; i++) {
    for (uint32_t j = 0; j < b->drugs.count; j++)
      if (text_equal_ignoring_case(a->drugs.items[i], b->drugs.items[j])) return true;
  }
  return false;
}

/* A request that names neither of the two is an error (session.c): their author should know. */
static void warn_of_overlap(Build *build, const Policy *policy) {
  const PolicyGroup *group = index_find(&build->library->by_payer, policy->payer);
  for (uint32_t i = 0; i + 1 < group->policies.count; i++) {
    const Policy *other = group->policies.items[i]->model;
    if (!policies_overlap(policy, other)) continue;
    Diagnostic *d =
        diagnose(build->diagnostics, DIAGNOSTIC_OVERLAPPING_POLICIES, policy->syntax->id.span,
                 "another policy covers the same payer, drug and line of business");
    diagnostic_expect(build->diagnostics, d,
                      "requests that name one of the two as their `policy`; others are errors");
    diagnostic_note(build->diagnostics, d, other->syntax->id.span, "the other is here");
  }
}

/* Can every version be compiled? False: the caller stopped it. */
static bool survey(Build *build, licet_policy *policy) {
  Arena *arena = &build->library->arena;
  const uint32_t errors = build->diagnostics->errors;
  Survey survey = {.policy = policy->model,
                   .arena = arena,
                   .scratch = &build->passing,
                   .diagnostics = build->diagnostics,
                   .interrupted = build->options.interrupted,
                   .context = build->options.context};
  if (survey_policy(&survey) == SURVEY_INTERRUPTED) return false;
  if (build->diagnostics->errors == errors)
    policy->needs = needs_open(arena, policy->model, survey.reads);
  return true;
}

/* False: the caller stopped it. */
static bool build_policy(Build *build, const FileSyntax *file) {
  Arena *arena = &build->library->arena;
  const PolicySyntax *syntax = file->policy;
  const licet_policy *first = library_policy_named(build->library, syntax->id.text);
  if (first != NULL) {
    Diagnostic *d = diagnose(build->diagnostics, DIAGNOSTIC_DUPLICATE_POLICY, syntax->id.span,
                             "two files contain the same policy");
    diagnostic_note(build->diagnostics, d, first->model->syntax->id.span, "the other is here");
    return true;
  }
  Vocabulary *vocabulary = find_vocabulary(build->library, syntax->vocabulary.text);
  if (vocabulary == NULL) {
    if (syntax->vocabulary.text.length > 0) unknown_vocabulary(build, syntax->vocabulary);
    return true;
  }
  uint32_t errors = build->diagnostics->errors;
  Policy *policy = policy_check(syntax, file->source, vocabulary,
                                build->options.literal_interpretations, arena, build->diagnostics);
  licet_policy *published = publish(build, policy);
  if (build->diagnostics->errors > errors) return true;
  warn_of_overlap(build, policy);
  return survey(build, published);
}

static int by_id(const void *a, const void *b) {
  return strcmp((*(licet_policy *const *)a)->id, (*(licet_policy *const *)b)->id);
}

/* By id from here on, the indexes too: of several that cover a request the first by id decides. */
static void sort_policies(licet_library *library) {
  if (library->policies.count == 0) return;
  qsort(library->policies.items, library->policies.count, sizeof *library->policies.items, by_id);
  library->by_id = library->by_payer = (PolicyIndex){0};
  for (uint32_t i = 0; i < library->policies.count; i++)
    add_to_indexes(library, library->policies.items[i]);
}

/* False: the caller stopped it. */
static bool build_all(Build *build) {
  build_vocabularies(build);
  for (uint32_t i = 0; i < build->files.count; i++) {
    const PolicySyntax *policy = build->files.items[i]->policy;
    if (policy == NULL || policy->id.text.length == 0) continue; /* reported by the parser */
    if (!build_policy(build, build->files.items[i])) return false;
  }
  licet_library *library = build->library;
  for (uint32_t i = 0; i < library->vocabularies.count; i++) {
    VocabularyView view = {0};
    library_publish_vocabulary(&library->arena, library->vocabularies.items[i], &view);
    LIST_PUSH(&library->arena, library->views, view);
  }
  sort_policies(library);
  return true;
}

/* What it was opened with, for whoever opens it again by another wording (library_again). */
static void remember(Build *build) {
  licet_library *library = build->library;
  const char *const *given = build->options.literal_interpretations;
  LIST(const char *) interpretations = {0};
  for (uint32_t i = 0; given != NULL && given[i] != NULL; i++)
    LIST_PUSH(&library->arena, interpretations,
              arena_copy(&library->arena, given[i], strlen(given[i])));
  LIST_PUSH(&library->arena, interpretations, NULL);
  library->literal_interpretations = interpretations.items;
  build->options.literal_interpretations = library->literal_interpretations;
}

/* ---- Opening ---- */

/* Neighbors of a file that was named: only their vocabularies are used, and what is wrong with them
 * was not asked. */
static FileSyntax *parse_neighbor(const Source *source, Arena *arena, Arena *scratch) {
  Diagnostics passing;
  diagnostics_open(&passing, scratch);
  FileSyntax *file = parse_file(source, arena, scratch, &passing);
  return file->vocabulary != NULL && passing.errors == 0 ? file : NULL;
}

static licet_status build_sources(Build *build, const SourceList *sources, licet_report *report) {
  Arena *arena = &build->library->arena;
  for (uint32_t i = 0; i < sources->count; i++) {
    if (is_interrupted(build)) return LICET_INTERRUPTED;
    const ReadSource *read = &sources->items[i];
    FileSyntax *file = read->is_neighbor
                           ? parse_neighbor(read->source, arena, &report->arena)
                           : parse_file(read->source, arena, &build->passing, build->diagnostics);
    arena_reset(&build->passing);
    if (file == NULL) continue;
    LIST_PUSH(arena, build->files, file);
    LIST_PUSH(arena, build->library->texts, read->source);
  }
  if (!build_all(build)) return LICET_INTERRUPTED;
  return build->diagnostics->errors == 0 ? LICET_OK : LICET_BAD_POLICY;
}

static licet_status load_texts(Build *build, const licet_text *texts, size_t count,
                               licet_report *report) {
  Arena *arena = &build->library->arena;
  SourceList *sources = &build->library->sources;
  for (size_t i = 0; i < count; i++) {
    const uint32_t kept =
        texts[i].length > LIMIT_SOURCE_BYTES ? LIMIT_SOURCE_BYTES + 1 : (uint32_t)texts[i].length;
    Source *source = ARENA_NEW(arena, Source);
    source->name = text_of(arena_copy(arena, texts[i].name, strlen(texts[i].name)));
    source->text = (Text){arena_copy(arena, kept == 0 ? "" : texts[i].text, kept), kept};
    LIST_PUSH(arena, *sources, ((ReadSource){.source = source}));
  }
  if (count == 0) {
    diagnose(build->diagnostics, DIAGNOSTIC_NO_POLICY_FILES, (SourceSpan){0},
             "no policy text was given");
    return LICET_NOT_FOUND;
  }
  return build_sources(build, sources, report);
}

static licet_status load(Build *build, const Origin *origin, licet_report *report) {
  if (origin->again != NULL) {
    build->library->sources = origin->again->sources;
    return build_sources(build, &build->library->sources, report);
  }
  if (origin->path == NULL) return load_texts(build, origin->texts, origin->count, report);
  const licet_status status = read_files(origin->path, &build->library->arena, build->diagnostics,
                                         &build->library->sources);
  if (status != LICET_OK) return status;
  return build_sources(build, &build->library->sources, report);
}

typedef struct Opening {
  Build build;
  const Origin *origin;
  licet_report *report;
  licet_status status;
} Opening;

static void open_library(void *context) {
  Opening *o = context;
  Build *build = &o->build;
  diagnostics_open(&o->report->diagnostics, &o->report->arena);
  remember(build);
  o->status = load(build, o->origin, o->report);
  report_write(o->report);
  report_keep(o->report);
}

/* False where memory ran out. */
static bool try_to_open(Opening *o) {
  Arena *const arenas[] = {&o->build.library->arena, &o->report->arena, &o->build.passing};
  arena_open(&o->build.passing);
  const bool done = arenas_attempt(arenas, sizeof arenas / sizeof *arenas, open_library, o);
  arena_close(&o->build.passing);
  return done;
}

static licet_status open_from(const Origin *origin, const licet_library_options *options,
                              licet_library **out, licet_report **report_out) {
  *out = NULL;
  *report_out = NULL;
  Opening o = {.origin = origin};
  if (!options_take(&o.build.options, sizeof o.build.options, options)) return LICET_BAD_OPTIONS;
  licet_report *report = report_open();
  if (report == NULL) return LICET_NO_MEMORY;
  licet_library *library = memory_allocate(sizeof *library);
  if (library == NULL) {
    licet_report_free(report);
    return LICET_NO_MEMORY;
  }
  memset(library, 0, sizeof *library);
  arena_open(&library->arena);
  o.report = report;
  o.build.library = library;
  o.build.scratch = &library->arena;
  o.build.diagnostics = &report->diagnostics;
  if (!try_to_open(&o)) {
    licet_library_close(library);
    licet_report_free(report);
    return LICET_NO_MEMORY;
  }
  *report_out = report;
  if (o.status != LICET_OK) {
    licet_library_close(library);
    return o.status;
  }
  *out = library;
  return LICET_OK;
}

licet_status licet_library_open(const char *path, const licet_library_options *options,
                                licet_library **library, licet_report **report) {
  return open_from(&(Origin){.path = path}, options, library, report);
}

licet_status licet_library_open_texts(const licet_text *texts, size_t count,
                                      const licet_library_options *options, licet_library **library,
                                      licet_report **report) {
  return open_from(&(Origin){.texts = texts, .count = count}, options, library, report);
}

licet_status library_again(const licet_library *library, const char *const *literal_interpretations,
                           licet_library **again) {
  licet_report *report;
  const licet_library_options options = {.size = sizeof options,
                                         .literal_interpretations = literal_interpretations};
  const licet_status status = open_from(&(Origin){.again = library}, &options, again, &report);
  licet_report_free(report);
  return status;
}

void licet_library_close(licet_library *library) {
  if (library == NULL) return;
  for (uint32_t i = 0; i < library->policies.count; i++)
    needs_close(library->policies.items[i]->needs);
  arena_close(&library->arena);
  memory_free(library);
}

licet_text licet_library_text(const licet_library *library, size_t index) {
  if (index >= library->texts.count) return (licet_text){0};
  const Source *source = library->texts.items[index];
  return (licet_text){source->name.at, source->text.at, source->text.length};
}

size_t licet_library_memory(const licet_library *library) {
  size_t size = sizeof *library + arena_size(&library->arena);
  for (uint32_t i = 0; i < library->policies.count; i++)
    size += needs_memory(library->policies.items[i]->needs);
  return size;
}

/* ---- Finding ---- */

const licet_policy *library_policy_named(const licet_library *library, Text id) {
  const PolicyGroup *group = index_find(&library->by_id, id);
  return group == NULL ? NULL : group->policies.items[0];
}

const Version *policy_version_on(const Policy *policy, Date day) {
  const Version *found = NULL;
  if (policy->until != DATE_NONE && day > policy->until) return NULL;
  for (uint32_t i = 0; i < policy->versions.count && policy->versions.items[i].date <= day; i++)
    found = &policy->versions.items[i];
  return found;
}

static bool is_asked_for(const Policy *policy, const PolicySearch *search) {
  if (search->policy.length > 0 ? !text_equal(policy->id, search->policy)
                                : !text_equal(policy->payer, search->payer))
    return false;
  if (search->line < 0 || !((policy->lines >> search->line) & 1)) return false;
  for (uint32_t i = 0; i < policy->drugs.count; i++) {
    if (text_equal_ignoring_case(policy->drugs.items[i], search->drug)) return true;
  }
  return false;
}

bool policy_covers(const Policy *policy, const PolicySearch *search) {
  return is_asked_for(policy, search) && policy_version_on(policy, search->day) != NULL;
}

const licet_policy *library_rival(const licet_library *library, const PolicySearch *search,
                                  const licet_policy *found) {
  const PolicyGroup *group = search->policy.length > 0
                                 ? index_find(&library->by_id, search->policy)
                                 : index_find(&library->by_payer, search->payer);
  bool after = found == NULL;
  for (uint32_t i = 0; group != NULL && i < group->policies.count; i++) {
    const licet_policy *policy = group->policies.items[i];
    if (after && policy_covers(policy->model, search)) return policy;
    after = after || policy == found;
  }
  return NULL;
}

const licet_policy *library_find(const licet_library *library, const PolicySearch *search,
                                 const Version **version) {
  const licet_policy *found = library_rival(library, search, NULL);
  *version = found == NULL ? NULL : policy_version_on(found->model, search->day);
  return found;
}
