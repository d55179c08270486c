/* licet verify: decides requests again and holds what comes out beside what came out then.
 *
 * Both files are read line by line, side by side, so their size does not matter. A determination
 * finds its request by the order of the lines, and by its id where requests in between have none; a
 * row of `licet bulk` names the line.
 *
 * What is compared is what is said, not how it is written: the order of an object's members does
 * not matter (a database may keep another), all else does. Three things are no difference: the file
 * digest, since comments and titles may change; the digest of the request where none was made; and,
 * where another engine decided, all but outcome, reason, pathway and authorization.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/input.h"
#include "json/reader.h"
#include "licet/outcome.h"
#include "render/output.h"
#include "render/terminal.h"

/* A determination is longer than its request, and its criteria nest deeper. */
enum { WRITTEN_BYTES_MAX = 64 << 20, DIFFERENCES_MOST = 64, SHOWN_CHARACTERS = 60 };
static const JsonLimits written_limits = {WRITTEN_BYTES_MAX, 1 << 23, 1 << 10};

/* A value within the row of tokens that holds it; `at` is NULL for one that is not there. */
typedef struct Value {
  const JsonToken *row, *at;
} Value;

typedef struct Difference {
  const char *in; /* the object whose member it is, or NULL */
  Text key;
  Value before, now;
} Difference;

/* What became of the version that decided. */
typedef enum Change {
  CHANGE_NONE,
  CHANGE_TEXT,   /* only of what people read, or of other versions */
  CHANGE_MEANING /* of something that can decide */
} Change;

typedef struct Replay {
  Value before, now;
  bool same_engine;
  Change change;
  Difference differences[DIFFERENCES_MOST];
  size_t count;
} Replay;

typedef struct Counts {
  size_t all, differ, text, meaning, engine, unreadable;
} Counts;

typedef struct Verify {
  licet_session *session;
  const licet_library *library;
  Lines requests;
  const char *request; /* the line read last, or NULL */
  size_t request_length;
  JsonReader *asked, *then, *again; /* of requests; of determinations, kept and made now */
  bool as_json;
  Terminal terminal;
  const char *request_file, *file; /* file: of the determinations */
  size_t line;
  Counts counts;
  Replay replay;
} Verify;

/* ---- JSON ---- */

static Text text_of_token(const JsonToken *token) { return (Text){token->text, token->length}; }

static Value after(Value value) { return (Value){value.row, value.row + value.at->end}; }

static bool is_within(Value value, Value container) {
  return value.at < container.row + container.at->end;
}

static Value member(Value object, Text key) {
  const Value nothing = {object.row, NULL};
  if (object.at == NULL || object.at->kind != JSON_OBJECT) return nothing;
  for (Value one = {object.row, object.at + 1}; is_within(one, object);
       one = after((Value){one.row, one.at + 1})) {
    if (text_equal(text_of_token(one.at), key)) return (Value){one.row, one.at + 1};
  }
  return nothing;
}

static Value member_named(Value object, const char *key) { return member(object, text_of(key)); }

static bool is_null(Value value) { return value.at == NULL || value.at->kind == JSON_NULL; }

static bool values_equal(Value a, Value b);

/* As many members, and each of the one in the other. */
static bool objects_equal(Value a, Value b) {
  size_t members = 0, others = 0;
  for (Value one = {b.row, b.at + 1}; is_within(one, b); one = after((Value){b.row, one.at + 1}))
    others++;
  for (Value one = {a.row, a.at + 1}; is_within(one, a); one = after((Value){a.row, one.at + 1})) {
    const Value other = member(b, text_of_token(one.at));
    if (other.at == NULL || !values_equal((Value){a.row, one.at + 1}, other)) return false;
    members++;
  }
  return members == others;
}

static bool arrays_equal(Value a, Value b) {
  Value one = {a.row, a.at + 1}, other = {b.row, b.at + 1};
  for (; is_within(one, a) && is_within(other, b); one = after(one), other = after(other))
    if (!values_equal(one, other)) return false;
  return !is_within(one, a) && !is_within(other, b);
}

/* The depth is that of written_limits. Numbers are compared as they are written: nothing is
 * rounded. */
static bool values_equal(Value a, Value b) {
  if (a.at->kind != b.at->kind) return false;
  switch ((JsonKind)a.at->kind) {
    case JSON_NULL:
    case JSON_FALSE:
    case JSON_TRUE:
      return true;
    case JSON_NUMBER:
    case JSON_STRING:
    case JSON_KEY:
      return text_equal(text_of_token(a.at), text_of_token(b.at));
    case JSON_ARRAY:
      return arrays_equal(a, b);
    case JSON_OBJECT:
      return objects_equal(a, b);
  }
  return false;
}

/* ---- Comparing ---- */

static void note(Replay *replay, const char *in, Text key, Value before, Value now) {
  if (replay->count < DIFFERENCES_MOST)
    replay->differences[replay->count++] = (Difference){in, key, before, now};
}

/* Null and not there are the same: a row of `licet bulk` has null where a determination may have
 * nothing. */
static void compare_values(Replay *replay, const char *in, Text key, Value before, Value now) {
  if (is_null(before) && is_null(now)) return;
  if (is_null(before) != is_null(now) || !values_equal(before, now))
    note(replay, in, key, before, now);
}

static void compare_member(Replay *replay, const char *key, Value now) {
  compare_values(replay, NULL, text_of(key), member_named(replay->before, key), now);
}

/* The members of two objects; those of `but` are the caller's (NULL-terminated). */
static void compare_objects(Replay *replay, const char *in, Value before, Value now,
                            const char *const *but) {
  for (int side = 0; side < 2; side++) {
    const Value object = side == 0 ? before : now, other = side == 0 ? now : before;
    if (object.at == NULL || object.at->kind != JSON_OBJECT) continue;
    for (Value one = {object.row, object.at + 1}; is_within(one, object);
         one = after((Value){object.row, one.at + 1})) {
      const Text key = text_of_token(one.at);
      const char *const *skip = but;
      while (*skip != NULL && !text_is(key, *skip)) skip++;
      const Value here = {object.row, one.at + 1}, there = member(other, key);
      if (*skip != NULL || (side == 1 && there.at != NULL)) continue;
      compare_values(replay, in, key, side == 0 ? here : there, side == 0 ? there : here);
    }
  }
}

static void compare_provenance(Replay *replay, Value before, Value now) {
  static const char *const but[] = {"request_digest", NULL};
  const Value digest = member_named(before, "request_digest");
  if (before.at == NULL) return; /* an engine that made none */
  compare_objects(replay, "provenance", before, now, but);
  if (!is_null(digest))
    compare_values(replay, "provenance", TEXT("request_digest"), digest,
                   member_named(now, "request_digest"));
}

static bool is_changed(Value before, Value now) {
  return !is_null(before) && !is_null(now) && !values_equal(before, now);
}

static void compare_determination(Replay *replay) {
  static const char *const but[] = {"policy", "engine", "provenance", NULL};
  static const char *const file_digest[] = {"digest", NULL};
  static const char *const always[] = {"outcome", "reason", "pathway", "authorization"};
  const Value policy = member_named(replay->before, "policy"),
              policy_now = member_named(replay->now, "policy"),
              provenance = member_named(replay->before, "provenance"),
              provenance_now = member_named(replay->now, "provenance");
  if (is_changed(member_named(policy, "digest"), member_named(policy_now, "digest")))
    replay->change = CHANGE_TEXT;
  if (is_changed(member_named(provenance, "version_digest"),
                 member_named(provenance_now, "version_digest")))
    replay->change = CHANGE_MEANING;
  if (!replay->same_engine) {
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
      compare_member(replay, always[i], member_named(replay->now, always[i]));
    return;
  }
  compare_objects(replay, NULL, replay->before, replay->now, but);
  if (is_null(policy) || is_null(policy_now))
    compare_values(replay, NULL, TEXT("policy"), policy, policy_now);
  else
    compare_objects(replay, "policy", policy, policy_now, file_digest);
  compare_provenance(replay, provenance, provenance_now);
}

/* A row of `licet bulk`. */
static void compare_row(Replay *replay) {
  const Value now = replay->now, policy = member_named(now, "policy"),
              digest = member_named(replay->before, "version_digest"),
              digest_now = member_named(member_named(now, "provenance"), "version_digest");
  compare_member(replay, "policy", member_named(policy, "id"));
  compare_member(replay, "version", member_named(policy, "version"));
  compare_member(replay, "outcome", member_named(now, "outcome"));
  compare_member(replay, "reason", member_named(now, "reason"));
  compare_member(replay, "pathway", member_named(now, "pathway"));
  if (digest.at == NULL) return; /* a run that kept none */
  if (is_changed(digest, digest_now)) replay->change = CHANGE_MEANING;
  compare_member(replay, "version_digest", digest_now);
}

static bool is_row(Value before) { return member_named(before, "line").at != NULL; }

static void compare(Replay *replay) {
  static const char *const nothing[] = {NULL};
  const Value engine = member_named(replay->before, "engine");
  replay->count = 0;
  replay->change = CHANGE_NONE;
  replay->same_engine = is_null(engine) || !is_changed(engine, member_named(replay->now, "engine"));
  if (member_named(replay->before, "errors").at != NULL ||
      member_named(replay->now, "errors").at != NULL)
    compare_objects(replay, NULL, replay->before, replay->now, nothing);
  else if (is_row(replay->before))
    compare_row(replay);
  else
    compare_determination(replay);
}

/* ---- What is written ---- */

static void put_text(Terminal *terminal, Style style, Text text) {
  terminal_put_span(terminal, style, text.at, text.length);
}

/* Short values are shown; of the others it is enough to say which they are. */
static bool is_short(Value value) {
  return value.at == NULL || value.at->raw_length <= SHOWN_CHARACTERS;
}

static void put_value(Terminal *terminal, Value value) {
  put_text(terminal, STYLE_PLAIN,
           value.at == NULL ? TEXT("nothing") : (Text){value.at->raw, value.at->raw_length});
}

static void write_difference(Terminal *terminal, const Difference *difference) {
  terminal_begin(terminal, 2, 4);
  if (difference->in != NULL) {
    terminal_put(terminal, STYLE_BOLD, difference->in);
    terminal_put(terminal, STYLE_BOLD, ".");
  }
  put_text(terminal, STYLE_BOLD, difference->key);
  if (is_short(difference->before) && is_short(difference->now)) {
    terminal_put(terminal, STYLE_PLAIN, " was ");
    put_value(terminal, difference->before);
    terminal_put(terminal, STYLE_PLAIN, ", is ");
    put_value(terminal, difference->now);
  } else {
    terminal_put(terminal, STYLE_PLAIN, " differs");
  }
  terminal_end(terminal);
}

static const char *change_words(Change change) {
  switch (change) {
    case CHANGE_NONE:
      return "the policy has not changed";
    case CHANGE_TEXT:
      return "the policy's files have changed, but nothing that decides by this version";
    case CHANGE_MEANING:
      return "what decides by this version of the policy has changed";
  }
  return "";
}

static void write_tree(Verify *v) {
  const Replay *replay = &v->replay;
  const Value id = member_named(replay->before, "request");
  terminal_begin(&v->terminal, 0, 2);
  terminal_put(&v->terminal, STYLE_BAD, "line ");
  terminal_number(&v->terminal, STYLE_BAD, (long)v->line);
  if (!is_null(id)) {
    terminal_put(&v->terminal, STYLE_PLAIN, ": request ");
    put_text(&v->terminal, STYLE_PLAIN, text_of_token(id.at));
  }
  terminal_end(&v->terminal);
  for (size_t i = 0; i < replay->count; i++)
    write_difference(&v->terminal, &replay->differences[i]);
  terminal_line(&v->terminal, 2, STYLE_DIM, change_words(replay->change));
}

static void write_json_difference(JsonWriter *json, void *context) {
  static const char *const words[] = {"none", "text", "meaning"};
  const Verify *v = context;
  const Replay *replay = &v->replay;
  const Value id = member_named(replay->before, "request");
  json_begin_object(json);
  json_integer_member(json, "line", (int64_t)v->line);
  json_text_or_null_member(json, "request", is_null(id) ? TEXT("") : text_of_token(id.at));
  json_array_member(json, "differs");
  for (size_t i = 0; i < replay->count; i++) {
    const Difference *one = &replay->differences[i];
    const Text in = one->in == NULL ? TEXT("") : text_of(one->in);
    json_text(json, in.length == 0
                        ? one->key
                        : text_of(arena_format(json->out->arena, "%.*s.%.*s", (int)in.length, in.at,
                                               (int)one->key.length, one->key.at)));
  }
  json_end_array(json);
  json_string_member(json, "change", words[replay->change]);
  json_end_object(json);
}

static void write_json_counts(JsonWriter *json, void *context) {
  const Counts *counts = context;
  json_begin_object(json);
  json_integer_member(json, "determinations", (int64_t)counts->all);
  json_integer_member(json, "differ", (int64_t)counts->differ);
  json_integer_member(json, "changed_in_text", (int64_t)counts->text);
  json_integer_member(json, "changed_in_meaning", (int64_t)counts->meaning);
  json_integer_member(json, "other_engine", (int64_t)counts->engine);
  json_integer_member(json, "not_replayed", (int64_t)counts->unreadable);
  json_end_object(json);
}

static void count_words(size_t count, const char *words) {
  if (count > 0) printf("; %zu %s", count, words);
}

static void write_counts(const Verify *v) {
  const Counts *counts = &v->counts;
  if (v->as_json) {
    print_json(write_json_counts, (void *)(uintptr_t)counts);
    putchar('\n');
    return;
  }
  printf("%zu the same, %zu differ%s", counts->all - counts->differ, counts->differ,
         counts->differ == 1 ? "s" : "");
  count_words(counts->text, "by a policy whose files have changed, but nothing that decides");
  count_words(counts->meaning, "by a policy that has changed in meaning");
  count_words(counts->engine, "by another engine: only the decision was compared");
  count_words(counts->unreadable, "not replayed");
  putchar('\n');
}

/* ---- Replaying ---- */

/* A line that cannot be replayed is counted and reported, and the next is read. */
static void cannot(Verify *v, const char *why) {
  complain("%s: line %zu: %s", input_name(v->file), v->line, why);
  v->counts.unreadable++;
}

/* What licet wrote, or would write now. */
static bool read_written(JsonReader *reader, const char *json, size_t length, Value *value) {
  uint32_t count;
  const char *message;
  size_t offset;
  if (json_read(reader, json, length, &value->row, &count, &message, &offset) != JSON_OK)
    return false;
  value->at = value->row;
  return value->at->kind == JSON_OBJECT;
}

/* Whether the line of the requests that was read last is the one: rows know its number,
 * determinations its id. A request that cannot be read has no id. */
static bool is_request_of(Verify *v, Value before) {
  const Value line = member_named(before, "line"), id = member_named(before, "request");
  if (line.at != NULL) return v->requests.number >= strtoull(line.at->text, NULL, 10);
  Value request;
  const Value asked = read_written(v->asked, v->request, v->request_length, &request)
                          ? member_named(request, "id")
                          : (Value){NULL, NULL};
  if (is_null(id)) return is_null(asked) || member_named(before, "errors").at != NULL;
  return !is_null(asked) && values_equal(asked, id);
}

typedef enum Found { FOUND, FOUND_NONE, FOUND_UNREADABLE } Found;

/* Rows by several policies share a line, so the line read last may be meant again. */
static Found find_request(Verify *v, Value before) {
  if (is_row(before) && v->request != NULL && is_request_of(v, before)) return FOUND;
  for (;;) {
    const LinesResult result = lines_next(&v->requests, &v->request, &v->request_length);
    if (result == LINES_FAILED) return FOUND_UNREADABLE;
    if (result == LINES_END) return v->request = NULL, FOUND_NONE;
    if (is_request_of(v, before)) return FOUND;
  }
}

/* False: the row is of a policy that there is not, or of one on another day than received. */
static bool decide_by(Verify *v, Value by) {
  const licet_policy *policy = NULL;
  if (!is_null(by)) {
    char id[256];
    if (by.at->length >= sizeof id) return false;
    memcpy(id, by.at->text, by.at->length);
    id[by.at->length] = '\0';
    policy = licet_library_policy_by_id(v->library, id);
    if (policy == NULL) return false;
  }
  licet_session_decide_by(v->session, policy);
  return true;
}

/* False where memory is short. */
static bool decide_again(Verify *v, Value *now) {
  const licet_determination *determination;
  size_t length;
  const licet_status status =
      licet_decide(v->session, v->request, v->request_length, &determination);
  if (status != LICET_OK && status != LICET_BAD_REQUEST) return false;
  const char *json = status == LICET_OK ? licet_determination_json(determination, &length)
                                        : licet_session_error_json(v->session, &length);
  return read_written(v->again, json, length, now);
}

static void count(Verify *v) {
  const Replay *replay = &v->replay;
  v->counts.all++;
  if (replay->change == CHANGE_TEXT) v->counts.text++;
  if (replay->change == CHANGE_MEANING) v->counts.meaning++;
  if (!replay->same_engine) v->counts.engine++;
  if (replay->count == 0) return;
  v->counts.differ++;
  if (v->as_json) {
    print_json(write_json_difference, v);
    putchar('\n');
  } else {
    write_tree(v);
  }
}

static ExitCode verify_line(Verify *v, const char *line, size_t length) {
  Replay *replay = &v->replay;
  if (!read_written(v->then, line, length, &replay->before) ||
      (member_named(replay->before, "outcome").at == NULL &&
       member_named(replay->before, "errors").at == NULL))
    return cannot(v, "this is not a determination"), EXIT_FINE;
  switch (find_request(v, replay->before)) {
    case FOUND:
      break;
    case FOUND_NONE:
      return cannot(v,
                    "no request is left that it could be of; determinations must be in the "
                    "order of the requests"),
             EXIT_FINE;
    case FOUND_UNREADABLE:
      return complain_unreadable(v->request_file);
  }
  if (!decide_by(v, member_named(replay->before, "by")))
    return cannot(v, "the policy that it is by is not in the folder under this name"), EXIT_FINE;
  if (!decide_again(v, &replay->now)) return complain_status("verify", LICET_NO_MEMORY);
  compare(replay);
  count(v);
  return EXIT_FINE;
}

static ExitCode verify_lines(Verify *v) {
  Lines lines;
  const char *line;
  size_t length;
  LinesResult result = LINES_END;
  ExitCode code = EXIT_FINE;
  if (!lines_open(&v->requests, v->request_file, REQUEST_BYTES_MAX))
    return complain_unreadable(v->request_file);
  if (!lines_open(&lines, v->file, WRITTEN_BYTES_MAX)) {
    lines_close(&v->requests);
    return complain_unreadable(v->file);
  }
  while (code == EXIT_FINE && output_stands() &&
         (result = lines_next(&lines, &line, &length)) == LINES_LINE) {
    v->line = lines.number;
    code = verify_line(v, line, length);
  }
  if (result == LINES_FAILED) code = complain_unreadable(v->file);
  lines_close(&lines);
  lines_close(&v->requests);
  if (code == EXIT_FINE) write_counts(v);
  if (v->counts.differ > 0 || v->counts.unreadable > 0) code = worse(code, EXIT_ANSWER);
  return code;
}

ExitCode command_verify(const Options *options) {
  licet_library *library;
  const licet_session_options session = {.size = sizeof session,
                                         .vouched_by = LICET_VOUCHED_BY_PLAN,
                                         .request_digest = LICET_REQUEST_DIGEST_SHA256};
  if (strcmp(options->operands[0], "-") == 0 && strcmp(options->operands[1], "-") == 0) {
    complain("only one of the two files can be the standard input");
    return EXIT_USAGE;
  }
  ExitCode code = policies_open(options, &library);
  if (code != EXIT_FINE) return code;
  Verify *v = calloc(1, sizeof *v);
  const bool is_open = v != NULL && (v->asked = json_open()) != NULL &&
                       (v->then = json_open()) != NULL && (v->again = json_open()) != NULL &&
                       licet_session_open(library, &session, &v->session) == LICET_OK;
  if (is_open) {
    json_set_limits(v->then, written_limits);
    json_set_limits(v->again, written_limits);
    v->library = library;
    v->as_json = options_has(options, OPTION_JSON);
    v->terminal = terminal_open(stdout, options_has(options, OPTION_ASCII));
    v->request_file = options->operands[0];
    v->file = options->operands[1];
    code = verify_lines(v);
  } else {
    code = complain_status("verify", LICET_NO_MEMORY);
  }
  if (v != NULL) {
    licet_session_close(v->session);
    json_close(v->asked);
    json_close(v->then);
    json_close(v->again);
    free(v);
  }
  licet_library_close(library);
  return code;
}
