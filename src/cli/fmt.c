/* licet fmt: policy files in the one way they look. A file is replaced whole or not at all: the new
 * text goes to a file beside it, which then takes its name. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <licet/licet.h>

#include "cli/commands.h"
#include "cli/input.h"
#include "render/output.h"

static bool write_whole(int fd, const char *text, size_t length) {
  while (length > 0) {
    ssize_t count = write(fd, text, length);
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) text += count, length -= (size_t)count;
  }
  return true;
}

/* Puts `text` in the place of the file, with the permissions it has. */
static bool replace_file(const char *path, const char *text) {
  static const char suffix[] = ".licet-XXXXXX";
  struct stat status;
  char *beside = malloc(strlen(path) + sizeof suffix);
  if (!beside) return errno = ENOMEM, false;
  memcpy(beside, path, strlen(path));
  memcpy(beside + strlen(path), suffix, sizeof suffix);
  int fd = mkstemp(beside);
  bool done = fd >= 0 && stat(path, &status) == 0 && fchmod(fd, status.st_mode & 07777) == 0 &&
              write_whole(fd, text, strlen(text)) && fsync(fd) == 0;
  int why = errno;
  if (fd >= 0 && close(fd) != 0 && done) done = false, why = errno;
  if (done && rename(beside, path) != 0) done = false, why = errno;
  if (!done && fd >= 0) unlink(beside);
  free(beside);
  errno = why;
  return done;
}

/* A link keeps pointing to its file, which is what changes. */
static ExitCode rewrite(const char *path, const char *text) {
  char *real = realpath(path, NULL);
  bool done = real && replace_file(real, text);
  if (done)
    puts(path);
  else
    complain("%s: %s", path, strerror(errno));
  free(real);
  return done ? EXIT_FINE : EXIT_WORLD;
}

/* What is to be done with a file once its formatted text is known. */
static ExitCode settle(const Options *options, const char *path, bool differs,
                       const char *formatted) {
  bool is_stdin = strcmp(path, "-") == 0;
  if (options_has(options, OPTION_CHECK)) {
    if (differs) puts(input_name(path));
    return differs ? EXIT_ANSWER : EXIT_FINE;
  }
  if (is_stdin) {
    fputs(formatted, stdout);
    return output_stands() ? EXIT_FINE : EXIT_WORLD;
  }
  return differs ? rewrite(path, formatted) : EXIT_FINE;
}

static ExitCode format_bytes(const Options *options, const char *path, const char *bytes,
                             size_t length) {
  char *formatted = NULL;
  licet_report *report = NULL;
  errno = 0;
  licet_status status = licet_format(input_name(path), bytes, length, &formatted, &report);
  ExitCode code;
  if (status == LICET_OK) {
    bool differs = strlen(formatted) != length || memcmp(formatted, bytes, length) != 0;
    code = settle(options, path, differs, formatted);
  } else if (status == LICET_BAD_POLICY) {
    output_flush();
    fputs(licet_report_text(report), stderr);
    code = EXIT_ANSWER;
  } else
    code = complain_status(input_name(path), status);
  licet_text_free(formatted);
  licet_report_free(report);
  return code;
}

static ExitCode format_file(const Options *options, const char *path) {
  char *bytes;
  size_t length;
  if (!input_whole(path, SOURCE_BYTES_MAX, &bytes, &length)) return complain_unreadable(path);
  ExitCode code = EXIT_ANSWER;
  if (length > SOURCE_BYTES_MAX)
    complain("%s: too large for a policy", input_name(path));
  else
    code = format_bytes(options, path, bytes, length);
  free(bytes);
  return code;
}

static ExitCode format_folder(const Options *options, const char *folder) {
  char **files = files_within(folder, ".licet");
  ExitCode code = EXIT_FINE;
  if (!files) return complain_unreadable(folder);
  for (char **file = files; *file; file++) code = worse(code, format_file(options, *file));
  files_free(files);
  return code;
}

ExitCode command_fmt(const Options *options) {
  ExitCode code = EXIT_FINE;
  for (size_t i = 0; i < options->operand_count; i++) {
    const char *path = options->operands[i];
    code = worse(code, is_folder(path) ? format_folder(options, path) : format_file(options, path));
  }
  return code;
}
