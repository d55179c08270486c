/* The mark is written beside its place and renamed, so that whoever reads it finds an old one or a
 * new one, whole. It lies in the folder that PostgreSQL leaves to extensions, is no part of a base
 * backup, and need not outlive a crash: policies are read again then in any case. */
#include "reload.h"

#include <miscadmin.h>
#include <pgstat.h>
#include <storage/fd.h>
#include <unistd.h>

#define MARK PG_STAT_TMP_DIR "/licet.reload"

ReloadMark reload_mark(void) {
  ReloadMark mark = {{0}};
  const int file = OpenTransientFile(MARK, O_RDONLY | PG_BINARY);
  if (file < 0) return mark;
  if (read(file, mark.bytes, sizeof mark.bytes) != sizeof mark.bytes) memset(&mark, 0, sizeof mark);
  CloseTransientFile(file);
  return mark;
}

bool reload_mark_equal(ReloadMark a, ReloadMark b) { return memcmp(&a, &b, sizeof a) == 0; }

static void write_mark(const char *path, ReloadMark mark) {
  const int file = OpenTransientFile(path, O_WRONLY | O_CREAT | O_TRUNC | PG_BINARY);
  if (file < 0)
    ereport(ERROR, errcode_for_file_access(), errmsg("could not create file \"%s\": %m", path));
  errno = 0;
  if (write(file, mark.bytes, sizeof mark.bytes) != sizeof mark.bytes) {
    if (errno == 0) errno = ENOSPC;
    ereport(ERROR, errcode_for_file_access(), errmsg("could not write file \"%s\": %m", path));
  }
  CloseTransientFile(file);
}

ReloadMark reload_mark_renew(void) {
  ReloadMark mark;
  char path[MAXPGPATH];
  if (!pg_strong_random(mark.bytes, sizeof mark.bytes))
    ereport(ERROR, errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate random bytes"));
  snprintf(path, sizeof path, "%s.%d", MARK, MyProcPid);
  write_mark(path, mark);
  if (rename(path, MARK) != 0)
    ereport(ERROR, errcode_for_file_access(),
            errmsg("could not rename file \"%s\" to \"%s\": %m", path, MARK));
  return mark;
}
