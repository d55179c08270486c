/* apart: the files of a run are each a file of its own. Opening an output cuts it to nothing, so
 * this is asked before. */
#ifndef BULK_DISTINCT_FILES_H
#define BULK_DISTINCT_FILES_H

#include <stdint.h>

typedef struct RunFile {
  const char *what; /* "the input" */
  const char *path; /* "-": standard input or output; NULL: not wanted */
  int standard;     /* the descriptor that "-" stands for */
} RunFile;

#define RUN_FILES_MOST 8u

/* The first file that is also an earlier one of the list, which *other then is; NULL where all are
 * apart. By device and inode, so that links do not deceive; of files not there yet, by folder and
 * name. Only regular files count: a device may be named twice. */
const RunFile *files_not_distinct(const RunFile *files, uint32_t count, const RunFile **other);

#endif
