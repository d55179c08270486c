/* What the commands share: the folder of policies, opened, and why it could not be; a policy by its
 * id; days of the options; the files of a folder. */
#include "cli/commands.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/date.h"
#include "cli/input.h"
#include "cli/nearest.h"
#include "render/output.h"

/* ---- policies ---- */

bool is_folder(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

typedef struct PoliciesFolder {
  const char *path, *from; /* `from`: who named it, for people */
} PoliciesFolder;

static const char from_here[] = "in the current folder";

static PoliciesFolder choose_folder(const Options *options) {
  const char *variable = getenv("LICET_POLICIES");
  if (options_has(options, OPTION_POLICIES))
    return (PoliciesFolder){options->value[OPTION_POLICIES], "--policies"};
  if (variable != NULL && *variable != '\0') return (PoliciesFolder){variable, "LICET_POLICIES"};
  if (is_folder("policies")) return (PoliciesFolder){"policies", from_here};
  return (PoliciesFolder){options->installed_policies, "installed"};
}

const char *policies_folder(const Options *options) { return choose_folder(options).path; }

static bool is_same_folder(const char *a, const char *b) {
  struct stat first, second;
  return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

/* A folder called policies that happens to be where someone works holds other policies than those
 * that were installed: whoever has both is shown which ones decide. */
const char *policies_folder_reported(const Options *options) {
  const PoliciesFolder folder = choose_folder(options);
  const char *installed = options->installed_policies;
  if (options_has(options, OPTION_VERBOSE))
    complain("policies: %s (%s)", folder.path, folder.from);
  else if (folder.from == from_here && is_folder(installed) &&
           !is_same_folder(folder.path, installed))
    complain(
        "policies: %s (%s), not the installed ones in %s; --policies or LICET_POLICIES chooses",
        folder.path, folder.from, installed);
  return folder.path;
}

ExitCode complain_status(const char *name, licet_status status) {
  complain("%s: %s", name, licet_status_text(status));
  return EXIT_WORLD;
}

ExitCode complain_policies(const char *path, licet_status status, const licet_report *report) {
  if (report) fputs(licet_report_text(report), stderr);
  if (status == LICET_BAD_POLICY)
    complain("%s: errors in the policies: %zu", path, licet_report_errors(report));
  else if (status == LICET_NO_MEMORY)
    complain("%s: %s", path, licet_status_text(status));
  else
    complain("%s: the policies cannot be opened", path);
  return EXIT_WORLD;
}

ExitCode complain_unreadable(const char *path) {
  complain("%s: %s", input_name(path), strerror(errno));
  return EXIT_WORLD;
}

/* Is there an interpretation `id` with a literal wording? Without this check a slip of the pen
 * would decide by the adopted interpretation and look like an answer. */
static bool interpretation_exists(const licet_library *library, const char *id) {
  Nearest nearest = nearest_to(text_of(id));
  bool known = false;
  for (size_t p = 0; p < licet_library_policy_count(library); p++) {
    licet_interpretation interpretation;
    for (size_t r = 0;
         (interpretation = licet_policy_interpretation(licet_library_policy(library, p), r)).id;
         r++) {
      if (strcmp(interpretation.id, id) != 0)
        nearest_consider(&nearest, interpretation.id);
      else if (*interpretation.literal)
        return true;
      else
        known = true;
    }
  }
  const char *found = nearest.found;
  if (known)
    complain(
        "--literally %s: only the wording of this interpretation is recorded; it has no literal "
        "condition to apply",
        id);
  else if (found)
    complain("--literally %s: unknown interpretation; did you mean %s?", id, found);
  else
    complain("--literally %s: unknown interpretation", id);
  return false;
}

ExitCode policies_open(const Options *options, licet_library **library) {
  const char *folder = policies_folder_reported(options);
  licet_library_options library_options = {.size = sizeof library_options,
                                           .literal_interpretations = options->literally};
  licet_report *report = NULL;
  licet_status status = licet_library_open(folder, &library_options, library, &report);
  ExitCode code = EXIT_FINE;
  if (status != LICET_OK) code = complain_policies(folder, status, report);
  if (status == LICET_NOT_FOUND)
    complain("give the folder of policies with --policies or in LICET_POLICIES");
  licet_report_free(report);
  for (const char **interpretation = options->literally; code == EXIT_FINE && *interpretation;
       interpretation++)
    if (!interpretation_exists(*library, *interpretation)) code = EXIT_USAGE;
  if (code == EXIT_USAGE) licet_library_close(*library);
  return code;
}

const licet_policy *policies_find(const licet_library *library, const char *id) {
  const licet_policy *policy = licet_library_policy_by_id(library, id);
  if (policy) return policy;
  Nearest nearest = nearest_to(text_of(id));
  for (size_t i = 0; i < licet_library_policy_count(library); i++)
    nearest_consider(&nearest, licet_policy_id(licet_library_policy(library, i)));
  const char *found = nearest.found;
  if (found)
    complain("unknown policy '%s'; did you mean '%s'?", id, found);
  else
    complain("unknown policy '%s'; 'licet policies' lists those in force", id);
  return NULL;
}

/* ---- dates ---- */

bool date_is_valid(const char *date) {
  Date day;
  return date_parse(text_of(date), &day);
}

Today date_today(void) {
  Today today = {""};
  time_t now = time(NULL);
  struct tm local;
  if (localtime_r(&now, &local)) strftime(today.date, sizeof today.date, "%Y-%m-%d", &local);
  return today;
}

ExitCode date_check_option(const Options *options) {
  const char *date = options->value[OPTION_ON_DATE];
  if (!date || date_is_valid(date)) return EXIT_FINE;
  complain("--on %s: not a date; one looks like 2026-11-02", date);
  return EXIT_USAGE;
}

/* ---- folders ---- */

static bool ends_with(const char *name, const char *suffix) {
  size_t length = strlen(name), suffix_length = strlen(suffix);
  return length > suffix_length && strcmp(name + length - suffix_length, suffix) == 0;
}

static char *joined(const char *folder, const char *name) {
  size_t length = strlen(folder), size = length + strlen(name) + 2;
  char *path = malloc(size);
  if (path)
    snprintf(path, size, "%s%s%s", folder, length > 0 && folder[length - 1] == '/' ? "" : "/",
             name);
  return path;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Adds a path, which may be NULL for want of memory, and keeps the list NULL-terminated; false for
 * want of memory. */
static bool add_file(char ***files, size_t *count, char *path) {
  char **grown = path ? realloc(*files, (*count + 2) * sizeof **files) : NULL;
  if (!grown) return free(path), false;
  grown[(*count)++] = path;
  grown[*count] = NULL;
  *files = grown;
  return true;
}

char **files_within(const char *folder, const char *suffix) {
  char **files = calloc(1, sizeof *files);
  DIR *opened = files ? opendir(folder) : NULL;
  size_t count = 0;
  bool fine = opened != NULL;
  while (fine) {
    errno = 0;
    const struct dirent *entry = readdir(opened);
    if (!entry) break;
    if (entry->d_name[0] != '.' && ends_with(entry->d_name, suffix))
      fine = add_file(&files, &count, joined(folder, entry->d_name));
  }
  int why = errno;
  if (opened) closedir(opened);
  if (!fine || why != 0) return files_free(files), errno = why, NULL;
  qsort(files, count, sizeof *files, by_name);
  return files;
}

void files_free(char **files) {
  for (char **file = files; file && *file; file++) free(*file);
  free(files);
}
