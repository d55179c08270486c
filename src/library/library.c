#include "library/library.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "language/format.h"
#include "language/parse.h"
#include "policy/scope.h"

/* ---- Reading files ---- */

typedef LIST(const char *) PathList;

static bool ends_with(const char *name, const char *ending) {
  size_t length = strlen(name), tail = strlen(ending);
  return length > tail && strcmp(name + length - tail, ending) == 0;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Closed when it was read, or by the arena where memory runs out before that: an open library keeps
 * no file open. */
typedef struct OpenFolder {
  DIR *directory;
} OpenFolder;

static void close_folder(void *open) {
  OpenFolder *folder = open;
  if (folder->directory != NULL) closedir(folder->directory);
  folder->directory = NULL;
}

static licet_status list_folder(const char *folder, Arena *arena, PathList *paths) {
  OpenFolder *open = ARENA_NEW(arena, OpenFolder);
  open->directory = opendir(folder);
  if (open->directory == NULL)
    return errno == ENOENT || errno == ENOTDIR ? LICET_NOT_FOUND : LICET_IO;
  arena_on_release(arena, close_folder, open);
  const struct dirent *entry;
  while ((entry = readdir(open->directory)) != NULL) {
    if (entry->d_name[0] != '.' && ends_with(entry->d_name, ".licet"))
      LIST_PUSH(arena, *paths, arena_format(arena, "%s/%s", folder, entry->d_name));
  }
  close_folder(open);
  if (paths->count > 0) qsort(paths->items, paths->count, sizeof *paths->items, by_name);
  return LICET_OK;
}

typedef struct OpenFile {
  FILE *stream;
} OpenFile;

static void close_file(void *open) {
  OpenFile *file = open;
  if (file->stream != NULL) fclose(file->stream);
  file->stream = NULL;
}

/* NULL where it cannot be read; too large a file is read one byte past the limit, for the lexer to
 * refuse. */
static Source *read_source(const char *path, Arena *arena) {
  OpenFile *file = ARENA_NEW(arena, OpenFile);
  file->stream = fopen(path, "rb");
  if (file->stream == NULL) return NULL;
  arena_on_release(arena, close_file, file);
  Buffer text;
  buffer_open(&text, arena, 4096);
  size_t got;
  do {
    got = fread(buffer_reserve(&text, 65536), 1, 65536, file->stream);
    text.length += got;
  } while (got > 0 && text.length <= LIMIT_SOURCE_BYTES);
  const bool failed = ferror(file->stream) != 0;
  close_file(file);
  if (failed) return NULL;
  Source *source = ARENA_NEW(arena, Source);
  buffer_finish(&text);
  source->name = text_of(arena_copy(arena, path, strlen(path)));
  source->text = (Text){text.at, (uint32_t)text.length};
  return source;
}

/* ---- Building ---- */

typedef struct Build {
  licet_library *library;
  Arena *scratch;  /* syntax trees */
  Arena *diagrams; /* one under construction at a time; released with the library's arena, should a
                      jump leave it open */
  Diagnostics *diagnostics;
  const char *const *literal_interpretations;
  LIST(FileSyntax *) files;
} Build;

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

static void digest(Policy *policy) {
  static const char hex[] = "0123456789abcdef";
  crypto_hash_sha256_state state;
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, (const unsigned char *)policy->source->text.at,
                            policy->source->text.length);
  crypto_hash_sha256_update(&state, (const unsigned char *)policy->vocabulary->source->text.at,
                            policy->vocabulary->source->text.length);
  crypto_hash_sha256_final(&state, hash);
  memcpy(policy->digest, "sha256:", 7);
  for (size_t i = 0; i < sizeof hash; i++) {
    policy->digest[7 + 2 * i] = hex[hash[i] >> 4];
    policy->digest[8 + 2 * i] = hex[hash[i] & 15];
  }
  policy->digest[7 + 2 * sizeof hash] = '\0';
}

static void publish(Build *build, Policy *model) {
  Arena *arena = &build->library->arena;
  licet_policy *policy = ARENA_NEW(arena, licet_policy);
  policy->model = model;
  library_publish(arena, policy);
  LIST_PUSH(arena, build->library->policies, policy);
}

static void unknown_vocabulary(Build *build, Word name) {
  LIST(Text) names = {0};
  for (uint32_t i = 0; i < build->library->vocabularies.count; i++)
    LIST_PUSH(build->scratch, names, build->library->vocabularies.items[i]->name);
  Diagnostic *d =
      diagnose(build->diagnostics, DIAGNOSTIC_UNKNOWN_VOCABULARY, name.span,
               "no file here declares vocabulary `%.*s`", (int)name.text.length, name.text.at);
  diagnostic_nearest(build->diagnostics, d, name.text, names.items, names.count);
}

/* A request that names no policy finds the first by id. Versions have no end, so two policies for
 * the same always overlap: its author should know. */
static void warn_of_overlap(Build *build, const Policy *policy) {
  for (uint32_t i = 0; i + 1 < build->library->policies.count; i++) {
    const Policy *other = build->library->policies.items[i]->model;
    bool shared = false;
    for (uint32_t a = 0; a < policy->drugs.count; a++) {
      for (uint32_t b = 0; b < other->drugs.count; b++)
        shared = shared || text_equal(policy->drugs.items[a], other->drugs.items[b]);
    }
    if (!shared || (policy->lines & other->lines) == 0 || !text_equal(policy->payer, other->payer))
      continue;
    Diagnostic *d =
        diagnose(build->diagnostics, DIAGNOSTIC_OVERLAPPING_POLICIES, policy->syntax->id.span,
                 "another policy covers the same payer, drug and line of business");
    diagnostic_note(build->diagnostics, d, other->syntax->id.span, "it is this one");
  }
}

static void build_policy(Build *build, const FileSyntax *file) {
  Arena *arena = &build->library->arena;
  const PolicySyntax *syntax = file->policy;
  const licet_policy *first = library_policy_named(build->library, syntax->id.text);
  if (first != NULL) {
    Diagnostic *d = diagnose(build->diagnostics, DIAGNOSTIC_DUPLICATE_POLICY, syntax->id.span,
                             "two files hold the same policy");
    diagnostic_note(build->diagnostics, d, first->model->syntax->id.span, "the other is here");
    return;
  }
  Vocabulary *vocabulary = find_vocabulary(build->library, syntax->vocabulary.text);
  if (vocabulary == NULL) {
    if (syntax->vocabulary.text.length > 0) unknown_vocabulary(build, syntax->vocabulary);
    return;
  }
  uint32_t errors = build->diagnostics->errors;
  Policy *policy = policy_check(syntax, file->source, vocabulary, build->literal_interpretations,
                                arena, build->diagnostics);
  publish(build, policy);
  if (build->diagnostics->errors > errors) return;
  warn_of_overlap(build, policy);
  digest(policy);
  for (uint32_t v = 0; v < policy->versions.count; v++) {
    for (int kind = 0; kind < KINDS && build->diagnostics->errors == errors; kind++) {
      Version *version = &policy->versions.items[v];
      version->compiled[kind] =
          compile_policy(policy, version, kind, arena, build->diagrams, build->diagnostics);
      arena_reset(build->diagrams);
    }
  }
}

static int by_id(const void *a, const void *b) {
  return strcmp((*(licet_policy *const *)a)->id, (*(licet_policy *const *)b)->id);
}

static void close_arena(void *arena) { arena_close(arena); }

static void open_diagrams(Build *build) {
  Arena *arena = &build->library->arena;
  build->diagrams = ARENA_NEW(arena, Arena);
  arena_open(build->diagrams);
  arena_guard_with(build->diagrams, arena);
  arena_on_release(arena, close_arena, build->diagrams);
}

static void build_all(Build *build) {
  open_diagrams(build);
  build_vocabularies(build);
  for (uint32_t i = 0; i < build->files.count; i++) {
    const PolicySyntax *policy = build->files.items[i]->policy;
    if (policy != NULL && policy->id.text.length > 0)
      build_policy(build, build->files.items[i]); /* without an id: told by the parser */
  }
  arena_close(build->diagrams);
  licet_library *library = build->library;
  for (uint32_t i = 0; i < library->vocabularies.count; i++) {
    VocabularyView view = {0};
    library_publish_vocabulary(&library->arena, library->vocabularies.items[i], &view);
    LIST_PUSH(&library->arena, library->views, view);
  }
  if (library->policies.count > 0)
    qsort(library->policies.items, library->policies.count, sizeof *library->policies.items, by_id);
}

/* What it was opened with, for who opens it again by another wording. */
static void remember(licet_library *library, const char *folder,
                     const char *const *literal_interpretations) {
  LIST(const char *) interpretations = {0};
  library->folder = arena_copy(&library->arena, folder, strlen(folder));
  for (uint32_t i = 0; literal_interpretations != NULL && literal_interpretations[i] != NULL; i++) {
    const char *id =
        arena_copy(&library->arena, literal_interpretations[i], strlen(literal_interpretations[i]));
    LIST_PUSH(&library->arena, interpretations, id);
  }
  LIST_PUSH(&library->arena, interpretations, NULL);
  library->literal_interpretations = interpretations.items;
}

/* ---- Opening ---- */

static bool is_folder(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* A single file is read with the vocabularies that lie beside it. */
static const char *folder_of(const char *path, Arena *arena) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return ".";
  return slash == path ? "/" : arena_copy(arena, path, (size_t)(slash - path));
}

static licet_status load(Build *build, const char *path, licet_report *report) {
  Arena *arena = &build->library->arena;
  PathList paths = {0};
  bool whole = is_folder(path);
  licet_status status = list_folder(whole ? path : folder_of(path, arena), arena, &paths);
  if (status != LICET_OK) return status;
  if (paths.count == 0)
    return LICET_NOT_FOUND; /* a library of nothing would answer every request with no_policy */
  bool found = whole;
  for (uint32_t i = 0; i < paths.count; i++) {
    const char *name = paths.items[i];
    bool named =
        !whole &&
        strcmp(strncmp(name, "./", 2) == 0 && strncmp(path, "./", 2) != 0 ? name + 2 : name,
               path) == 0;
    found = found || named;
    Source *source = read_source(name, arena);
    if (source == NULL) return LICET_IO;
    Diagnostics
        passing; /* what is wrong with the neighbours of the file asked about is not asked */
    diagnostics_open(&passing, &report->arena);
    FileSyntax *file = parse_file(source, arena, whole || named ? build->diagnostics : &passing);
    if (whole || named || (file->vocabulary != NULL && passing.errors == 0))
      LIST_PUSH(arena, build->files, file);
  }
  if (!found) return LICET_NOT_FOUND;
  build_all(build);
  return build->diagnostics->errors == 0 ? LICET_OK : LICET_BAD_POLICY;
}

static licet_report *report_open(void) {
  licet_report *report = memory_allocate(sizeof *report);
  if (report == NULL) return NULL;
  arena_open(&report->arena);
  report->text = "";
  return report;
}

static void report_write(licet_report *report) {
  Buffer text;
  diagnostics_sort(&report->diagnostics);
  buffer_open(&text, &report->arena, 256);
  diagnostics_write(&text, &report->diagnostics);
  report->text = buffer_finish(&text);
}

/* Diagnostics borrow from the sources, which lie in the library's arena; a report may outlive it,
 * so it keeps its own copies. */
static void report_keep(licet_report *report) {
  for (uint32_t i = 0; i < report->diagnostics.list.count; i++) {
    Diagnostic *d = report->diagnostics.list.items[i];
    if (d->span.source == NULL) continue;
    Source *source = ARENA_NEW(&report->arena, Source);
    source->name = text_copy(&report->arena, d->span.source->name);
    source->text = text_copy(&report->arena, d->span.source->text);
    for (uint32_t j = i + 1; j < report->diagnostics.list.count; j++) {
      Diagnostic *other = report->diagnostics.list.items[j];
      if (other->span.source == d->span.source) other->span.source = source;
    }
    d->span.source = source;
  }
}

licet_status licet_library_open(const char *folder, const licet_library_options *options,
                                licet_library **out, licet_report **report_out) {
  *out = NULL;
  *report_out = NULL;
  licet_report *report = report_open();
  if (report == NULL) return LICET_NO_MEMORY;
  licet_library *library = memory_allocate(sizeof *library);
  if (library == NULL) {
    licet_report_free(report);
    return LICET_NO_MEMORY;
  }
  memset(library, 0, sizeof *library);
  arena_open(&library->arena);
  if (ARENA_GUARD(&library->arena) || ARENA_GUARD(&report->arena)) {
    licet_library_close(library);
    licet_report_free(report);
    return LICET_NO_MEMORY;
  }
  diagnostics_open(&report->diagnostics, &report->arena);
  Build build = {
      .library = library, .scratch = &library->arena, .diagnostics = &report->diagnostics};
  if (options != NULL) build.literal_interpretations = options->literal_interpretations;
  remember(library, folder, build.literal_interpretations);
  licet_status status = load(&build, folder, report);
  report_write(report);
  report_keep(report);
  *report_out = report;
  library->arena.guarded = report->arena.guarded = false;
  if (status != LICET_OK) {
    licet_library_close(library);
    return status;
  }
  *out = library;
  return LICET_OK;
}

void licet_library_close(licet_library *library) {
  if (library == NULL) return;
  arena_close(&library->arena);
  memory_free(library);
}

size_t licet_library_memory(const licet_library *library) {
  return sizeof *library + arena_size(&library->arena);
}

/* ---- Finding ---- */

const licet_policy *library_policy_named(const licet_library *library, Text id) {
  for (uint32_t i = 0; i < library->policies.count; i++) {
    if (text_equal(library->policies.items[i]->model->id, id)) return library->policies.items[i];
  }
  return NULL;
}

const Version *policy_version_on(const Policy *policy, Date day) {
  const Version *found = NULL;
  for (uint32_t i = 0; i < policy->versions.count && policy->versions.items[i].date <= day; i++)
    found = &policy->versions.items[i];
  return found;
}

static bool covers(const Policy *policy, const PolicySearch *search) {
  if (search->policy.length > 0 ? !text_equal(policy->id, search->policy)
                                : !text_equal(policy->payer, search->payer))
    return false;
  if (search->line < 0 || !((policy->lines >> search->line) & 1)) return false;
  for (uint32_t i = 0; i < policy->drugs.count; i++) {
    if (text_equal_ignoring_case(policy->drugs.items[i], search->drug)) return true;
  }
  return false;
}

const licet_policy *library_find(const licet_library *library, const PolicySearch *search,
                                 const Version **version) {
  *version = NULL;
  for (uint32_t i = 0; i < library->policies.count; i++) {
    const licet_policy *policy = library->policies.items[i];
    if (!covers(policy->model, search)) continue;
    *version = policy_version_on(policy->model, search->day);
    if (*version != NULL) return policy;
  }
  return NULL;
}

/* ---- Reports and formatting ---- */

const char *licet_report_text(const licet_report *report) { return report->text; }
size_t licet_report_errors(const licet_report *report) { return report->diagnostics.errors; }
size_t licet_report_warnings(const licet_report *report) { return report->diagnostics.warnings; }
size_t licet_report_count(const licet_report *report) { return report->diagnostics.list.count; }

licet_diagnostic licet_report_at(const licet_report *report, size_t index) {
  licet_diagnostic result = {0};
  if (index >= report->diagnostics.list.count) return result;
  const Diagnostic *d = report->diagnostics.list.items[index];
  result.id = diagnostic_code(d->id);
  result.file = d->span.source == NULL ? "" : d->span.source->name.at;
  result.message = d->message.at;
  result.is_error = d->severity == SEVERITY_ERROR;
  if (d->span.source != NULL)
    source_position(d->span.source, d->span.start, &result.line, &result.column);
  return result;
}

void licet_report_free(licet_report *report) {
  if (report == NULL) return;
  arena_close(&report->arena);
  memory_free(report);
}

licet_status licet_format(const char *name, const char *source_text, size_t length, char **text,
                          licet_report **report_out) {
  *text = NULL;
  *report_out = NULL;
  licet_report *report = report_open();
  if (report == NULL) return LICET_NO_MEMORY;
  if (ARENA_GUARD(&report->arena)) {
    licet_report_free(report);
    return LICET_NO_MEMORY;
  }
  diagnostics_open(&report->diagnostics, &report->arena);
  Source *source = ARENA_NEW(&report->arena, Source);
  source->name = text_of(arena_copy(&report->arena, name, strlen(name)));
  uint32_t kept = length > LIMIT_SOURCE_BYTES ? LIMIT_SOURCE_BYTES + 1 : (uint32_t)length;
  source->text = (Text){arena_copy(&report->arena, source_text, kept), kept};
  Buffer out;
  buffer_open(&out, &report->arena, length + 64);
  bool readable = format_source(source, &report->arena, &report->diagnostics, &out);
  report_write(report);
  *report_out = report;
  report->arena.guarded = false;
  if (!readable) return LICET_BAD_POLICY;
  *text = memory_allocate(out.length + 1);
  if (*text == NULL) return LICET_NO_MEMORY;
  memcpy(*text, buffer_finish(&out), out.length + 1);
  return LICET_OK;
}

void licet_text_free(char *text) { memory_free(text); }
