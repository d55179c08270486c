/* files: the part of opening a library that meets the world.
 *
 * A folder may hold anything under a name that ends in .licet: a link to nowhere, a folder, a FIFO
 * that never gets a writer, a device. So a name is looked at before it is opened, only regular
 * files are opened, without blocking, and what was opened is looked at again. Whatever cannot be
 * read is reported by name with the reason, and the next file is read: all problems are reported at
 * once. The reasons are ours and in English: strerror would answer in the language of the host.
 */
#include "library/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

typedef struct Reading {
  Arena *arena;
  Diagnostics *diagnostics;
  licet_status status;
} Reading;

/* ---- What is wrong with a path ---- */

static const char *reason_of(Arena *arena, int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return "permission denied";
    case ELOOP:
      return "too many symbolic links";
    case ENAMETOOLONG:
      return "the name is too long";
    case EMFILE:
    case ENFILE:
      return "too many open files";
    case EIO:
      return "input/output error";
    case ENOTDIR:
      return "a part of the path is not a folder";
    default:
      return arena_format(arena, "error %d of the operating system", error);
  }
}

/* A diagnostic about the whole file `path`: it has no line to show. */
static void complain_about(Reading *reading, const char *path, licet_status status, DiagnosticId id,
                           const char *message) {
  Source *source = ARENA_NEW(reading->arena, Source);
  source->name = text_of(arena_copy(reading->arena, path, strlen(path)));
  diagnose(reading->diagnostics, id, (SourceSpan){.source = source}, "%s", message);
  if (reading->status == LICET_OK) reading->status = status;
}

static void complain_unreadable(Reading *reading, const char *path, int error) {
  struct stat link;
  if (error == ENOENT && lstat(path, &link) == 0) {
    complain_about(reading, path, LICET_IO, DIAGNOSTIC_DANGLING_LINK,
                   "this is a link to a file that does not exist");
  } else if (error == ENOENT) {
    complain_about(reading, path, LICET_NOT_FOUND, DIAGNOSTIC_NO_SUCH_FILE,
                   "no such file or folder");
  } else {
    complain_about(reading, path, LICET_IO, DIAGNOSTIC_UNREADABLE_FILE,
                   reason_of(reading->arena, error));
  }
}

static void complain_irregular(Reading *reading, const char *path, mode_t mode) {
  const char *what = S_ISDIR(mode)                    ? "this is a folder, not a file"
                     : S_ISFIFO(mode)                 ? "this is a pipe, not a file"
                     : S_ISSOCK(mode)                 ? "this is a socket, not a file"
                     : S_ISCHR(mode) || S_ISBLK(mode) ? "this is a device, not a file"
                                                      : "this is not a regular file";
  complain_about(reading, path, LICET_IO, DIAGNOSTIC_IRREGULAR_FILE, what);
}

/* ---- One file ---- */

/* Closed when it was read, or by the arena where memory runs out before that: an open library keeps
 * no file open. */
typedef struct OpenFile {
  int descriptor;
} OpenFile;

static void close_file(void *open) {
  OpenFile *file = open;
  if (file->descriptor >= 0) close(file->descriptor);
  file->descriptor = -1;
}

/* 0, or the error. Too large a file is read to beyond the limit, for the lexer to refuse. */
static int read_all(int descriptor, Buffer *text) {
  ssize_t got;
  do {
    got = read(descriptor, buffer_reserve(text, 65536), 65536);
    if (got < 0 && errno != EINTR) return errno;
    if (got > 0) text->length += (size_t)got;
  } while (got != 0 && text->length <= LIMIT_SOURCE_BYTES);
  return 0;
}

static int open_regular(Reading *reading, const char *path) {
  struct stat status;
  if (stat(path, &status) != 0) {
    complain_unreadable(reading, path, errno);
    return -1;
  }
  if (!S_ISREG(status.st_mode)) {
    complain_irregular(reading, path, status.st_mode);
    return -1;
  }
  const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) complain_unreadable(reading, path, errno);
  return descriptor;
}

/* NULL: it is reported why. */
static Source *read_source(Reading *reading, const char *path) {
  OpenFile *file = ARENA_NEW(reading->arena, OpenFile);
  file->descriptor = open_regular(reading, path);
  if (file->descriptor < 0) return NULL;
  arena_on_release(reading->arena, close_file, file);
  struct stat status;
  if (fstat(file->descriptor, &status) == 0 && !S_ISREG(status.st_mode)) {
    complain_irregular(reading, path, status.st_mode);
    close_file(file);
    return NULL;
  }
  Buffer text;
  buffer_open(&text, reading->arena, 4096);
  const int error = read_all(file->descriptor, &text);
  close_file(file);
  if (error != 0) {
    complain_unreadable(reading, path, error);
    return NULL;
  }
  if (text.length == 0) {
    complain_about(reading, path, LICET_IO, DIAGNOSTIC_EMPTY_FILE, "this file is empty");
    return NULL;
  }
  Source *source = ARENA_NEW(reading->arena, Source);
  buffer_finish(&text);
  source->name = text_of(arena_copy(reading->arena, path, strlen(path)));
  source->text = (Text){text.at, (uint32_t)text.length};
  return source;
}

/* ---- A folder ---- */

typedef LIST(const char *) PathList;

typedef struct OpenFolder {
  DIR *directory;
} OpenFolder;

static void close_folder(void *open) {
  OpenFolder *folder = open;
  if (folder->directory != NULL) closedir(folder->directory);
  folder->directory = NULL;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *ending_of(const char *name) {
  static const size_t length = sizeof ".licet" - 1;
  const size_t whole = strlen(name);
  return whole > length ? name + whole - length : "";
}

static void list_folder(Reading *reading, const char *folder, PathList *paths) {
  OpenFolder *open = ARENA_NEW(reading->arena, OpenFolder);
  open->directory = opendir(folder);
  if (open->directory == NULL) {
    complain_unreadable(reading, folder, errno);
    return;
  }
  arena_on_release(reading->arena, close_folder, open);
  const struct dirent *entry;
  errno = 0;
  while ((entry = readdir(open->directory)) != NULL) {
    const char *ending = ending_of(entry->d_name);
    if (entry->d_name[0] == '.' || !text_equal_ignoring_case(text_of(ending), TEXT(".licet")))
      continue;
    const char *path = arena_format(reading->arena, "%s/%s", folder, entry->d_name);
    if (strcmp(ending, ".licet") == 0) {
      LIST_PUSH(reading->arena, *paths, path);
    } else {
      complain_about(reading, path, LICET_IO, DIAGNOSTIC_FILE_ENDING,
                     "the name of a policy file ends in .licet, in lower case");
    }
  }
  close_folder(open);
  if (paths->count > 0) qsort(paths->items, paths->count, sizeof *paths->items, by_name);
}

/* The folder that holds the file `path`. */
static const char *folder_of(const char *path, Arena *arena) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return ".";
  return slash == path ? "/" : arena_copy(arena, path, (size_t)(slash - path));
}

static bool is_same_path(const char *listed, const char *path) {
  if (strncmp(listed, "./", 2) == 0 && strncmp(path, "./", 2) != 0) listed += 2;
  return strcmp(listed, path) == 0;
}

/* One file that was named, and what lies beside it. */
static void read_file_and_neighbors(Reading *reading, const char *path, SourceList *sources) {
  PathList paths = {0};
  const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
  if (strcmp(ending_of(name), ".licet") != 0) {
    complain_about(reading, path, LICET_NOT_FOUND, DIAGNOSTIC_FILE_ENDING,
                   "the name of a policy file ends in .licet");
    return;
  }
  list_folder(reading, folder_of(path, reading->arena), &paths);
  for (uint32_t i = 0; i < paths.count; i++) {
    const ReadSource read = {.source = read_source(reading, paths.items[i]),
                             .is_neighbor = !is_same_path(paths.items[i], path)};
    if (read.source != NULL) LIST_PUSH(reading->arena, *sources, read);
  }
}

static void read_folder(Reading *reading, const char *folder, SourceList *sources) {
  PathList paths = {0};
  list_folder(reading, folder, &paths);
  for (uint32_t i = 0; i < paths.count; i++) {
    const ReadSource read = {.source = read_source(reading, paths.items[i])};
    if (read.source != NULL) LIST_PUSH(reading->arena, *sources, read);
  }
  /* a library of nothing would answer every request with no_policy */
  if (paths.count == 0 && reading->status == LICET_OK)
    complain_about(reading, folder, LICET_NOT_FOUND, DIAGNOSTIC_NO_POLICY_FILES,
                   "there is no .licet file in this folder");
}

licet_status read_files(const char *path, Arena *arena, Diagnostics *diagnostics,
                        SourceList *sources) {
  Reading reading = {.arena = arena, .diagnostics = diagnostics, .status = LICET_OK};
  struct stat status;
  if (stat(path, &status) != 0) {
    complain_unreadable(&reading, path, errno);
  } else if (S_ISDIR(status.st_mode)) {
    read_folder(&reading, path, sources);
  } else if (!S_ISREG(status.st_mode)) {
    complain_irregular(&reading, path, status.st_mode);
  } else {
    read_file_and_neighbors(&reading, path, sources);
  }
  return reading.status;
}
