/* A checkpoint is text with a checksum in its last line, written to NAME.new and renamed: it is
 * whole or it is not there.
 */
#include "bulk/checkpoint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "columns/table.h"

static const char heading[] = "licet bulk checkpoint 2";

static void write_escaped(FILE *out, Text text) {
  for (uint32_t i = 0; i < text.length; i++) {
    if (text.at[i] == '\n' || text.at[i] == '\\') {
      fputs(text.at[i] == '\n' ? "\\n" : "\\\\", out);
    } else {
      fputc(text.at[i], out);
    }
  }
  fputc('\n', out);
}

static bool compose(const Checkpoint *at, const Tally *tally, char **text, size_t *length) {
  FILE *out = open_memstream(text, length);
  if (out == NULL) return false;
  fprintf(out, "%s\n", heading);
  fprintf(out, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", at->fingerprint,
          at->offset, at->line, at->requests, at->rejected);
  fprintf(out, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %u\n", at->output, at->rejects,
          at->output_tail, at->rejects_tail, tally->entries.count);
  for (uint32_t i = 0; i < tally->entries.count; i++) {
    const TallyEntry *entry = &tally->entries.items[i];
    fprintf(out, "%" PRIu64 " %u ", entry->count, entry->example_count);
    write_escaped(out, entry->name);
    for (uint32_t e = 0; e < entry->example_count; e++) write_escaped(out, entry->examples[e]);
  }
  const bool fine = !ferror(out);
  if (fclose(out) == 0 && fine) return true;
  free(*text);
  return false;
}

bool checkpoint_save(const char *path, const Checkpoint *at, const Tally *tally) {
  char name[4096];
  if ((size_t)snprintf(name, sizeof name, "%s.new", path) >= sizeof name)
    return errno = ENAMETOOLONG, false;
  char *text = NULL;
  size_t length = 0;
  if (!compose(at, tally, &text, &length)) return false;
  FILE *out = fopen(name, "w");
  if (out != NULL)
    fwrite(text, 1, length, out), fprintf(out, "end %016" PRIx64 "\n", bulk_hash(text, length));
  free(text);
  if (out == NULL) return false;
  bool fine = fflush(out) == 0 && !ferror(out) && fsync(fileno(out)) == 0;
  fine = fclose(out) == 0 && fine;
  fine = fine && rename(name, path) == 0;
  const int reason = errno;
  if (!fine) unlink(name);
  errno = reason;
  return fine;
}

static Text read_escaped(char *line, ssize_t length) {
  uint32_t kept = 0;
  if (length > 0 && line[length - 1] == '\n') length--;
  for (ssize_t i = 0; i < length; i++) {
    char c = line[i];
    if (c == '\\' && i + 1 < length) c = line[++i] == 'n' ? '\n' : line[i];
    line[kept++] = c;
  }
  return (Text){line, kept};
}

static bool load_entries(FILE *in, uint32_t count, Tally *tally) {
  char *line = NULL;
  size_t capacity = 0;
  bool fine = true;
  for (uint32_t i = 0; i < count && fine; i++) {
    uint64_t rows;
    unsigned examples;
    ssize_t length = 0;
    fine = fscanf(in, "%" SCNu64 " %u", &rows, &examples) == 2 && fgetc(in) == ' ' &&
           (length = getline(&line, &capacity, in)) > 0;
    if (!fine) break;
    Text name = text_copy(tally->arena, read_escaped(line, length));
    tally_add(tally, name, rows, (Text){0});
    for (unsigned e = 0; e < examples && fine; e++) {
      fine = (length = getline(&line, &capacity, in)) > 0;
      if (fine) tally_add(tally, name, 0, read_escaped(line, length));
    }
  }
  free(line);
  return fine;
}

/* Does the text end in the checksum of what stands before? */
static bool is_whole(const char *text, size_t length) {
  enum { LAST_LINE = 4 + 16 + 1 };
  char last[LAST_LINE + 1];
  if (length < LAST_LINE) return false;
  snprintf(last, sizeof last, "end %016" PRIx64 "\n", bulk_hash(text, length - LAST_LINE));
  return memcmp(last, text + length - LAST_LINE, LAST_LINE) == 0;
}

static bool check_whole(FILE *in) {
  char *text = NULL;
  size_t capacity = 0;
  ssize_t length = getdelim(&text, &capacity, '\0', in);
  bool fine = length > 0 && is_whole(text, (size_t)length);
  free(text);
  rewind(in);
  return fine;
}

bool checkpoint_load(const char *path, Checkpoint *at, Tally *tally, const char **message) {
  char first[64];
  unsigned entries;
  FILE *in = fopen(path, "r");
  *message = NULL;
  if (in == NULL && errno == ENOENT) return false;
  *message = "cannot be read";
  if (in == NULL) return false;
  bool fine = check_whole(in) && fgets(first, sizeof first, in) != NULL &&
              strncmp(first, heading, sizeof heading - 1) == 0;
  fine =
      fine && fscanf(in, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
                     &at->fingerprint, &at->offset, &at->line, &at->requests, &at->rejected) == 5;
  fine = fine && fscanf(in, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %u\n", &at->output,
                        &at->rejects, &at->output_tail, &at->rejects_tail, &entries) == 5;
  fine = fine && load_entries(in, entries, tally);
  fclose(in);
  *message = fine ? NULL : "is not a complete checkpoint of this version of licet";
  return fine;
}
