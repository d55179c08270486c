/* Files are compared by device and inode; files not there yet, by their folder's and their name. */
#include "bulk/distinct_files.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct Place {
  bool known;
  dev_t device;
  ino_t inode;
  const char *name; /* within the folder of that inode, of a file not there yet; NULL: the inode is
                       the file's own */
} Place;

static Place place_in_folder(const char *path) {
  char folder[4096] = ".";
  struct stat status;
  const char *slash = strrchr(path, '/');
  if (slash != NULL) {
    const int length = slash == path ? 1 : (int)(slash - path);
    if ((size_t)length >= sizeof folder) return (Place){0};
    snprintf(folder, sizeof folder, "%.*s", length, path);
  }
  if (stat(folder, &status) != 0) return (Place){0};
  return (Place){true, status.st_dev, status.st_ino, slash == NULL ? path : slash + 1};
}

static Place place_of(const RunFile *file) {
  struct stat status;
  if (file->path == NULL) return (Place){0};
  const bool standard = strcmp(file->path, "-") == 0;
  if ((standard ? fstat(file->standard, &status) : stat(file->path, &status)) != 0)
    return standard ? (Place){0} : place_in_folder(file->path);
  return (Place){S_ISREG(status.st_mode), status.st_dev, status.st_ino, NULL};
}

static bool same(const Place *a, const Place *b) {
  if (!a->known || !b->known || a->device != b->device || a->inode != b->inode) return false;
  return a->name == NULL || b->name == NULL ? a->name == b->name : strcmp(a->name, b->name) == 0;
}

const RunFile *files_not_distinct(const RunFile *files, uint32_t count, const RunFile **other) {
  Place places[RUN_FILES_MOST];
  for (uint32_t i = 0; i < count && i < RUN_FILES_MOST; i++) {
    places[i] = place_of(&files[i]);
    for (uint32_t j = 0; j < i; j++) {
      const bool shared = files[i].path != NULL && files[j].path != NULL &&
                          strcmp(files[i].path, "-") == 0 && strcmp(files[j].path, "-") == 0 &&
                          files[i].standard == files[j].standard;
      if (shared || !same(&places[j], &places[i]))
        continue; /* what shares a descriptor is written one behind the other */
      *other = &files[j];
      return &files[i];
    }
  }
  return NULL;
}
