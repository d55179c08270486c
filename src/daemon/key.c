/* key: see key.h. The invariant: the private half is in no store, no argument and no log; the file
 * is made for its owner alone, and only where there is none. */
#include "daemon/key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_LONGEST 512

static const char *key_path(const Options *options, Arena *arena) {
  if (options->values[OPTION_KEY] != NULL) return options->values[OPTION_KEY];
  const char *folder = getenv("STATE_DIRECTORY");
  return arena_format(arena, "%s/licetd.key", folder == NULL || *folder == '\0' ? "." : folder);
}

static Text new_name(Arena *arena) {
  uint8_t random[8];
  char digits[2 * sizeof random + 1];
  randombytes_buf(random, sizeof random);
  sodium_bin2hex(digits, sizeof digits, random, sizeof random);
  return text_of(arena_format(arena, "licet-ledger-%s", digits));
}

/* The name that the ledger's checkpoints have; a new one where there is none yet. */
static StoreStatus ledger_name(Store *store, Arena *arena, Text *name, bool *is_new) {
  StoredCheckpoint last;
  NoteKey key;
  const StoreStatus status = store_last_checkpoint(store, arena, &last);
  *is_new = status == STORE_NOT_FOUND;
  if (*is_new) *name = new_name(arena);
  if (status != STORE_OK) return *is_new ? STORE_OK : status;
  if (!note_key_read(last.key, &key)) return STORE_FAILED;
  *name = key.name;
  return STORE_OK;
}

static ExitCode fail(const char *path) {
  complain("%s: %s", path, strerror(errno));
  return EXIT_WORLD;
}

static ExitCode make_key(const char *path, Arena *arena, Text name, NoteKey *key) {
  *key = note_key_new(name);
  const Text text = note_key_write_private(arena, key);
  const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return fail(path);
  const bool is_written = write(file, text.at, text.length) == (ssize_t)text.length &&
                          write(file, "\n", 1) == 1 && fsync(file) == 0;
  if (close(file) != 0 || !is_written) return fail(path);
  return EXIT_FINE;
}

/* False with errno where there is no such file. */
static bool read_line(const char *path, char line[KEY_LONGEST]) {
  FILE *file = fopen(path, "r");
  if (file == NULL) return false;
  if (fgets(line, KEY_LONGEST, file) == NULL) line[0] = '\0';
  fclose(file);
  line[strcspn(line, "\r\n")] = '\0';
  return true;
}

static ExitCode use_key(const char *path, Arena *arena, const char *line, NoteKey *key) {
  if (!note_key_read(text_copy(arena, text_of(line)), key) || !key->can_sign) {
    complain("%s: this is not a key that signs checkpoints", path);
    return EXIT_WORLD;
  }
  return EXIT_FINE;
}

ExitCode key_open(const Options *options, Store *store, Arena *arena, NoteKey *key) {
  char line[KEY_LONGEST];
  const char *path = key_path(options, arena);
  Text name;
  bool is_new;
  const StoreStatus status = ledger_name(store, arena, &name, &is_new);
  if (status != STORE_OK) return state_exit("the checkpoints", status);
  if (!read_line(path, line))
    return errno == ENOENT ? make_key(path, arena, name, key) : fail(path);
  const ExitCode code = use_key(path, arena, line, key);
  sodium_memzero(line, sizeof line);
  if (code != EXIT_FINE || is_new || text_equal(key->name, name)) return code;
  complain("%s: this is the key of %.*s, and the store's checkpoints are those of %.*s", path,
           TEXT_ARGS(key->name), TEXT_ARGS(name));
  return EXIT_WORLD;
}
