/* A revision does not rewrite the past: what was received before it is decided by the same bytes.
 *
 *     revisions_test [--count N] [--seed S]
 *
 * Each policy of policies/ is revised N times (40): a later version is added, and by chance
 * criteria, authorizations, limits and evidence end the day before it and others begin; some
 * revised policies end. Every request of the policy's cases that was received before the new
 * version is decided by the policy as it was and by the revised one. Claim: the determinations are
 * the same byte by byte, but for the file digest; the version digest is one of these bytes. That
 * revisions change something is shown by the same requests received later: some are then decided
 * otherwise.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "json/reader.h"
#include "licet/licet.h"

enum { LINES_MOST = 2000, PATH_SIZE = 512, CASE_SIZE = 1 << 20 };

static uint64_t seed = 20260101;

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint32_t below(uint32_t limit) {
  uint64_t z = seed += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return (uint32_t)((z ^ (z >> 31)) % limit);
}

static bool in_100(uint32_t percent) { return below(100) < percent; }

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  char *text = calloc(1, CASE_SIZE);
  if (file == NULL || text == NULL || fread(text, 1, CASE_SIZE - 1, file) == 0) {
    perror(path);
    exit(2);
  }
  fclose(file);
  return text;
}

/* ---- Revising ---- */

typedef struct Revision {
  Arena *arena;
  Buffer out;
  Text lines[LINES_MOST];
  uint32_t count;
  char begins[11], ends[11]; /* the day of the new version, and the one before */
  Date day;
} Revision;

static void split(Revision *r, const char *text) {
  r->count = 0;
  for (const char *end; *text != '\0' && r->count < LINES_MOST; text = end + 1) {
    end = strchr(text, '\n');
    if (end == NULL) end = text + strlen(text) - 1;
    r->lines[r->count++] = (Text){text, (uint32_t)(end - text)};
  }
}

static uint32_t indentation(Text line) {
  uint32_t blanks = 0;
  while (blanks < line.length && line.at[blanks] == ' ') blanks++;
  return blanks;
}

static bool begins_with(Text line, const char *word) {
  const uint32_t blanks = indentation(line), length = (uint32_t)strlen(word);
  return line.length >= blanks + length && memcmp(line.at + blanks, word, length) == 0;
}

static bool has(Text line, const char *part) {
  return memmem(line.at, line.length, part, strlen(part)) != NULL;
}

static void put_line(Revision *r, Text line) {
  buffer_put(&r->out, line);
  buffer_character(&r->out, '\n');
}

/* The line with the day after which it is no longer in force. */
static void put_ended(Revision *r, Text line) {
  buffer_put(&r->out, line);
  buffer_format(&r->out, " until %s\n", r->ends);
}

/* `1 "Title": condition`, on one line and without marks: where the title ends; NULL otherwise. */
static const char *end_of_title(Text line) {
  if (has(line, "#") || begins_with(line, "fact ") || begins_with(line, "derive ")) return NULL;
  const char *open = memchr(line.at, '"', line.length);
  const char *close =
      open == NULL ? NULL : memchr(open + 1, '"', (size_t)(line.at + line.length - open - 1));
  if (close == NULL || close + 2 >= line.at + line.length || close[1] != ':') return NULL;
  return line.at[line.length - 1] == ':' || line.at[line.length - 1] == ',' ? NULL : close + 1;
}

/* An outcome's criterion is left alone: its opposite would have none. */
static bool has_outcome(const Revision *r, uint32_t at) {
  for (uint32_t i = at + 1; i < r->count; i++) {
    if (indentation(r->lines[i]) <= indentation(r->lines[at])) return false;
    if (begins_with(r->lines[i], "approve ") || begins_with(r->lines[i], "renew ") ||
        begins_with(r->lines[i], "route ") || begins_with(r->lines[i], "refer "))
      return true;
  }
  return false;
}

/* The criterion ends, and its opposite begins. What stands under the line stays with the old one.
 */
static uint32_t put_criterion(Revision *r, uint32_t at) {
  const Text line = r->lines[at];
  const char *title = end_of_title(line);
  const uint32_t head = (uint32_t)(title - line.at);
  buffer_format(&r->out, "%.*s from %s: not (%.*s)\n", (int)head, line.at, r->begins,
                (int)(line.length - head - 1), title + 1);
  buffer_format(&r->out, "%.*s until %s%.*s\n", (int)head, line.at, r->ends,
                (int)(line.length - head), title);
  uint32_t next = at + 1;
  for (; next < r->count && indentation(r->lines[next]) > indentation(line); next++)
    put_line(r, r->lines[next]);
  return next;
}

static void put_head_line(Revision *r, Text line, bool is_last_version) {
  if (begins_with(line, "limit ") && in_100(50)) {
    put_ended(r, line);
  } else if (begins_with(line, "evidence documented") && !has(line, " for ") && in_100(50)) {
    put_ended(r, line);
    buffer_format(&r->out, "  evidence documented for initial from %s\n", r->begins);
  } else {
    put_line(r, line);
  }
  if (!is_last_version) return;
  buffer_format(&r->out, "  version %s \"Revised\"\n", r->begins);
  if (in_100(50)) {
    char last[11] = "";
    date_write(r->day + (Date)below(500), last);
    buffer_format(&r->out, "  until %.10s\n", last);
  }
}

static Text revise(Revision *r, const char *text) {
  uint32_t head = 1, last_version = 0;
  split(r, text);
  while (head < r->count && (r->lines[head].length == 0 || indentation(r->lines[head]) > 0)) head++;
  for (uint32_t i = 0; i < head; i++)
    if (begins_with(r->lines[i], "version ")) last_version = i;
  buffer_open(&r->out, r->arena, 65536);
  for (uint32_t i = 0; i < head; i++) put_head_line(r, r->lines[i], i == last_version);
  for (uint32_t i = head; i < r->count;) {
    const Text line = r->lines[i];
    const bool is_dated = has(line, " from 2") || has(line, " until 2");
    if (end_of_title(line) != NULL && !is_dated && !has_outcome(r, i) && in_100(15)) {
      i = put_criterion(r, i);
    } else if (begins_with(line, "approve ") && !is_dated && !has(line, "#") && in_100(30)) {
      put_ended(r, line);
      buffer_format(&r->out, "%.*sapprove 3 months from %s\n", (int)indentation(line), line.at,
                    r->begins);
      i++;
    } else {
      put_line(r, line);
      i++;
    }
  }
  return buffer_contents(&r->out);
}

/* ---- Deciding ---- */

typedef struct Tally {
  size_t revisions, refused, decided, changed_later, failed;
} Tally;

static licet_library *open_texts(const char *policy, size_t length, const char *vocabulary,
                                 licet_report **report) {
  licet_library *library;
  const licet_text texts[] = {{"policy.licet", policy, length},
                              {"vocabulary.licet", vocabulary, strlen(vocabulary)}};
  if (licet_library_open_texts(texts, 2, NULL, &library, report) != LICET_OK) return NULL;
  return library;
}

static licet_session *open_session(const licet_library *library) {
  licet_session *session;
  const licet_session_options options = {.size = sizeof options,
                                         .vouched_by = LICET_VOUCHED_BY_PLAN,
                                         .request_digest = LICET_REQUEST_DIGEST_SHA256};
  if (licet_session_open(library, &options, &session) != LICET_OK) exit(2);
  return session;
}

/* The determination without the file digest, or the errors. */
static const char *decide(licet_session *session, Arena *arena, const char *json, size_t length) {
  const licet_determination *d;
  if (licet_decide(session, json, length, &d) != LICET_OK)
    return arena_format(arena, "%s", licet_session_error_json(session, NULL));
  char *text = arena_format(arena, "%s", licet_determination_json(d, NULL));
  char *digest = strstr(text, "\"digest\":\"sha256:");
  if (digest != NULL) memset(digest + 17, '0', 64);
  return text;
}

/* The request with another day on which it was received. */
static const char *received_on(Arena *arena, Text request, Text received, const char *day) {
  return arena_format(arena, "%.*s%s%.*s", (int)(received.at - request.at), request.at, day,
                      (int)(request.at + request.length - received.at - 10), received.at + 10);
}

static void compare(Tally *tally, Arena *arena, licet_session *before, licet_session *after,
                    const Revision *r, Text request) {
  const char *key = memmem(request.at, request.length, "\"received\":", 11);
  const char *day = key == NULL ? NULL : strpbrk(key + 11, "2");
  if (day == NULL || day + 10 > request.at + request.length) return;
  const Text received = {day, 10};
  if (memcmp(received.at, r->begins, 10) < 0) {
    const char *then = decide(before, arena, request.at, request.length),
               *now = decide(after, arena, request.at, request.length);
    tally->decided++;
    if (strcmp(then, now) != 0 && tally->failed++ < 5)
      printf("FAILED  a revision of %s changes a determination\n  %.*s\n  was %s\n  is  %s\n%.*s\n",
             r->begins, (int)request.length, request.at, then, now, (int)r->out.length, r->out.at);
  }
  const char *later = received_on(arena, request, received, r->begins);
  const char *old = decide(before, arena, later, strlen(later)),
             *revised = decide(after, arena, later, strlen(later));
  const char *outcome = strstr(old, "\"outcome\":"), *then = strstr(revised, "\"outcome\":");
  tally->changed_later += outcome != NULL && then != NULL && strncmp(outcome, then, 24) != 0;
}

/* Each line of the cases whose request is an object. */
static void compare_cases(Tally *tally, const Revision *r, licet_library *then, licet_library *now,
                          const char *cases) {
  licet_session *before = open_session(then), *after = open_session(now);
  JsonReader *reader = json_open();
  Arena arena;
  arena_open(&arena);
  for (const char *end; *cases != '\0'; cases = *end == '\0' ? end : end + 1) {
    const JsonToken *tokens;
    const char *message;
    uint32_t count;
    size_t offset;
    end = strchr(cases, '\n');
    if (end == NULL) end = cases + strlen(cases);
    if (json_read(reader, cases, (size_t)(end - cases), &tokens, &count, &message, &offset) !=
        JSON_OK)
      continue;
    for (uint32_t at = 1; at < count; at = tokens[at + 1].end) {
      const JsonToken *value = &tokens[at + 1];
      if (text_is((Text){tokens[at].text, tokens[at].length}, "request") &&
          value->kind == JSON_OBJECT)
        compare(tally, &arena, before, after, r, (Text){value->raw, value->raw_length});
    }
    arena_reset(&arena);
  }
  arena_close(&arena);
  json_close(reader);
  licet_session_close(before);
  licet_session_close(after);
}

/* The last version's day; the new one begins up to four years later. */
static void choose_day(Revision *r, const licet_policy *policy) {
  Date last = 0;
  for (size_t i = 0; licet_policy_version_at(policy, i).date != NULL; i++)
    date_parse(text_of(licet_policy_version_at(policy, i).date), &last);
  r->day = last + 1 + (Date)below(1500);
  date_write(r->day, r->begins);
  date_write(r->day - 1, r->ends);
  r->begins[10] = r->ends[10] = '\0';
}

static void try_policy(Tally *tally, const char *id, int revisions) {
  char path[PATH_SIZE];
  licet_report *report;
  snprintf(path, sizeof path, "policies/%s.licet", id);
  char *policy = read_file(path), *vocabulary = read_file("policies/oncology.licet");
  snprintf(path, sizeof path, "policies/%s.cases", id);
  char *cases = read_file(path);
  licet_library *then = open_texts(policy, strlen(policy), vocabulary, &report);
  licet_report_free(report);
  static Revision r;
  Arena arena;
  arena_open(&arena);
  for (int i = 0; i < revisions; i++) {
    r.arena = &arena;
    choose_day(&r, licet_library_policy(then, 0));
    const Text revised = revise(&r, policy);
    licet_library *now = open_texts(revised.at, revised.length, vocabulary, &report);
    tally->revisions++;
    if (now == NULL && tally->refused++ == 0) printf("refused: %s", licet_report_text(report));
    if (now != NULL) compare_cases(tally, &r, then, now, cases);
    licet_library_close(now);
    licet_report_free(report);
    arena_reset(&arena);
  }
  arena_close(&arena);
  licet_library_close(then);
  free(policy);
  free(vocabulary);
  free(cases);
}

static void claim(Tally *tally, bool holds, const char *what) {
  if (holds) return;
  printf("FAILED  %s\n", what);
  tally->failed++;
}

int main(int argc, char **argv) {
  static const char *const ids[] = {"CP.PHAR.312", "OHSU-0382", "PA.CP.PHAR.359",
                                    "aspirus-blincyto", "masshealth-uppl-all"};
  int revisions = 40;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (strcmp(argv[i], "--count") == 0) revisions = atoi(argv[i + 1]);
    if (strcmp(argv[i], "--seed") == 0) seed = strtoull(argv[i + 1], NULL, 10);
  }
  Tally tally = {0};
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) try_policy(&tally, ids[i], revisions);
  printf(
      "%zu revisions, %zu refused; %zu determinations of before compared; later, %zu outcomes "
      "change\n",
      tally.revisions, tally.refused, tally.decided, tally.changed_later);
  claim(&tally, tally.refused * 5 < tally.revisions, "most revisions are policies");
  claim(&tally, tally.decided > tally.revisions, "requests received before are decided");
  claim(&tally, tally.changed_later > 0, "revisions change what is received later");
  printf("%zu passed, %zu failed\n",
         tally.decided - (tally.failed < tally.decided ? tally.failed : 0), tally.failed);
  return tally.failed > 0;
}
