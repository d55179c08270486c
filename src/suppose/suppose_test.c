/* What is supposed, of the requests of all cases there are (policies/, tests/good/): a value means
 * to a reader what it was supposed to mean, values distinguish cases, and a changed request differs
 * where it was changed and nowhere else. Boxes against enumeration.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "suppose/restate.h"
#include "suppose/values.h"

enum { LINE_BYTES = 1 << 16 };

/* With sanitizers fewer requests, on the same paths. Not every folder opens within tiny limits. */
#ifdef LICET_TINY_LIMITS
enum { EVERY = 9, OPENS_SOME = 1 };
#elif defined(__SANITIZE_ADDRESS__)
enum { EVERY = 9, OPENS_SOME = 0 };
#else
enum { EVERY = 2, OPENS_SOME = 0 };
#endif

static uint64_t random_state = 0x73757070;

static uint32_t random_below(uint32_t n) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (uint32_t)(random_state >> 33) % n;
}

/* ---- Requests of cases ---- */

/* A folder's library; a request whose facts are varied, and a session that reads the variations. */
typedef struct Subject {
  licet_library *library;
  licet_session *base, *varied;
  JsonReader *reader;
  const JsonToken *tokens; /* of the request */
  Arena arena;             /* for one request */
  uint32_t tried;
} Subject;

/* Calls `check` with every so-many-th request of the folder's cases that a policy covers. */
static void each_request(Subject *s, const char *path, void (*check)(Subject *s)) {
  static char line[LINE_BYTES];
  static int number;
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  while (fgets(line, sizeof line, file) != NULL) {
    uint32_t count;
    const char *message;
    size_t offset;
    if (line[0] != '{' || number++ % EVERY != 0) continue;
    arena_reset(&s->arena);
    assert_int_equal(
        json_read(s->reader, line, strlen(line), &s->tokens, &count, &message, &offset), JSON_OK);
    const JsonToken *request = token_member(s->tokens, s->tokens, TEXT("request"));
    if (request == NULL) continue;
    const char *json = arena_copy(&s->arena, request->raw, request->raw_length);
    assert_int_equal(
        json_read(s->reader, json, strlen(json), &s->tokens, &count, &message, &offset), JSON_OK);
    const Task task = {.json = json, .length = strlen(json), .depth = DEPTH_CRITERIA};
    if (session_run(s->base, &task) == LICET_OK && s->base->determination.compiled != NULL)
      check(s);
  }
  fclose(file);
}

static bool ends_in_cases(const char *name) {
  const size_t length = strlen(name);
  return length > 6 && strcmp(name + length - 6, ".cases") == 0;
}

/* What of the folder's requests was tried: of some folders none is among every so-many-th. */
static uint32_t each_request_of(const char *folder, void (*check)(Subject *s)) {
  Subject s = {.reader = json_open()};
  licet_report *report;
  arena_open(&s.arena);
  const licet_status opened = licet_library_open(folder, NULL, &s.library, &report);
  if (opened != LICET_OK && OPENS_SOME) {
    licet_report_free(report);
    json_close(s.reader);
    arena_close(&s.arena);
    return 0;
  }
  assert_int_equal(opened, LICET_OK);
  assert_int_equal(licet_session_open(s.library, SESSION_OF_PLAN, &s.base), LICET_OK);
  assert_int_equal(licet_session_open(s.library, SESSION_OF_PLAN, &s.varied), LICET_OK);
  DIR *files = opendir(folder);
  assert_non_null(files);
  for (struct dirent *file; (file = readdir(files)) != NULL;) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, file->d_name);
    if (ends_in_cases(file->d_name)) each_request(&s, path, check);
  }
  closedir(files);
  licet_session_close(s.base);
  licet_session_close(s.varied);
  licet_library_close(s.library);
  licet_report_free(report);
  json_close(s.reader);
  arena_close(&s.arena);
  return s.tried;
}

static void each_request_of_all(void (*check)(Subject *s)) {
  DIR *folders = opendir("tests/good");
  uint32_t tried = 0;
  assert_non_null(folders);
  for (struct dirent *folder; (folder = readdir(folders)) != NULL;) {
    char path[512];
    if (folder->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "tests/good/%s", folder->d_name);
    tried += each_request_of(path, check);
  }
  closedir(folders);
  tried += each_request_of("policies", check);
  assert_true(tried > 0);
}

/* ---- Values ---- */

static bool reads(const Variable *variable, uint64_t bit) {
  return (variable->facts & bit) != 0 && variable->kind != VARIABLE_DOCUMENTED;
}

/* The cells of each variable that reads the fact, were it this value. */
static uint64_t *row_of(Subject *s, const Fact *fact, uint64_t bit, const FactValue *value) {
  licet_determination *d = &s->base->determination;
  const CompiledPolicy *compiled = d->compiled;
  const FactValue before = d->facts.values[fact->index];
  uint64_t *row = ARENA_ARRAY(&s->arena, uint64_t, compiled->set.variables.count + 1);
  d->facts.values[fact->index] = *value;
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    const Variable *variable = compiled->set.variables.items[v];
    const uint64_t *not_known =
        variable->fact == NULL ? NULL : compiled->policy->not_known[variable->fact->index];
    if (reads(variable, bit)) row[v] = variable_cells(variable, &d->facts, not_known, ENTRIES_ALL);
  }
  d->facts.values[fact->index] = before;
  return row;
}

static bool is_varied(const licet_determination *d, const Fact *fact) {
  return fact->index >= BUILTIN_FACTS &&
         (fact->type.kind != TYPE_LIST || d->facts.values[fact->index].known);
}

static Text request_with(Subject *s, const Fact *fact, Text json) {
  const Restated changed = {fact->name, json};
  return restate(&s->arena, s->tokens, &(Restatement){.facts = &changed, .fact_count = 1});
}

/* Read by the request reader, the value binds to the cells for which it was supposed. Where it
 * contradicts what else is stated, the request has an error that says so and no other. */
static void assert_means(Subject *s, const Fact *fact, uint64_t bit, const Supposed *supposed) {
  const CompiledPolicy *compiled = s->base->determination.compiled;
  const FactValue *now = &s->base->determination.facts.values[fact->index];
  const bool is_counted = now->known && !now->defaulted;
  const Text json = is_counted || fact->supplier == SUPPLIER_REQUESTER
                        ? supposed->json
                        : supplied_json(&s->arena, fact, supposed->json);
  const Text request = request_with(s, fact, json);
  const Task task = {.json = request.at, .length = request.length, .depth = DEPTH_CRITERIA};
  const licet_status status = session_run(s->varied, &task);
  if (status == LICET_BAD_REQUEST) {
    const licet_request_error error = licet_session_error(s->varied, 0);
    if (error.code != LICET_ERROR_CONTRADICTION)
      fail_msg("%.*s: expected %s, found %s; in %.*s", (int)fact->name.length, fact->name.at,
               error.expected, error.found, (int)request.length, request.at);
    return;
  }
  assert_int_equal(status, LICET_OK);
  if (s->varied->determination.compiled != compiled) return; /* another kind of request */
  const uint64_t *row = row_of(s, fact, bit, &supposed->value);
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    if (!reads(compiled->set.variables.items[v], bit)) continue;
    if (s->varied->determination.bound[v] != row[v])
      fail_msg("%.*s as %.*s binds to %llx, supposed was %llx; in %.*s", (int)fact->name.length,
               fact->name.at, (int)json.length, json.at,
               (unsigned long long)s->varied->determination.bound[v], (unsigned long long)row[v],
               (int)request.length, request.at);
  }
  s->tried++;
}

static void check_meaning(Subject *s) {
  licet_determination *d = &s->base->determination;
  for (uint32_t i = 0; i < d->compiled->set.facts.count; i++) {
    const Fact *fact = d->compiled->set.facts.items[i];
    if (!is_varied(d, fact)) continue;
    const SupposedList values = suppose_values(&s->arena, d->compiled, fact, &d->facts);
    for (uint32_t v = 0; v < values.count; v++)
      assert_means(s, fact, UINT64_C(1) << i, &values.items[v]);
  }
}

static void a_reader_takes_each_value_for_what_it_was_supposed_to_be(void **state) {
  (void)state;
  each_request_of_all(check_meaning);
}

/* Of a line each case may have two values, one at each end; choices are all listed. */
static bool is_one_for_a_case(const Fact *fact) {
  return fact->type.kind != TYPE_ENUMERATION && fact->type.kind != TYPE_QUANTITY &&
         fact->type.kind != TYPE_DATE;
}

static void check_apart(Subject *s) {
  licet_determination *d = &s->base->determination;
  const size_t size = d->compiled->set.variables.count * sizeof(uint64_t);
  for (uint32_t i = 0; i < d->compiled->set.facts.count; i++) {
    const Fact *fact = d->compiled->set.facts.items[i];
    if (!is_varied(d, fact)) continue;
    const SupposedList values = suppose_values(&s->arena, d->compiled, fact, &d->facts);
    uint64_t **rows = ARENA_ARRAY(&s->arena, uint64_t *, values.count + 1);
    for (uint32_t v = 0; v < values.count; v++) {
      rows[v] = row_of(s, fact, UINT64_C(1) << i, &values.items[v].value);
      for (uint32_t w = 0; w < v; w++) {
        const bool is_same = memcmp(rows[v], rows[w], size) == 0;
        if (is_one_for_a_case(fact)) assert_false(is_same);
        if (is_same || !values.items[v].is_line || !values.items[w].is_line) continue;
        assert_true(values.items[v].from != values.items[w].from); /* other cases of the line */
      }
      s->tried++;
    }
  }
}

static void values_of_different_cells_are_told_apart_and_equal_ones_listed_once(void **state) {
  (void)state;
  each_request_of_all(check_apart);
}

static Amount random_amount(const Fact *fact) {
  Amount low = date_from_civil(1900, 1, 1), high = date_from_civil(2100, 1, 1), step = 1;
  if (fact->type.kind == TYPE_QUANTITY) {
    fact_bounds(fact, &low, &high);
    if (fact->type.dimension == DIMENSION_COUNT) step = AMOUNT_ONE;
    if (low < 0) low = 0;
  }
  const uint64_t steps = (uint64_t)((high - low) / step) + 1,
                 at = ((uint64_t)random_below(1u << 31) << 31 | random_below(1u << 31)) % steps;
  return low + (Amount)at * step;
}

/* Whatever the amount or day is, some value listed is the same case. */
static void check_whole(Subject *s) {
  licet_determination *d = &s->base->determination;
  const size_t size = d->compiled->set.variables.count * sizeof(uint64_t);
  for (uint32_t i = 0; i < d->compiled->set.facts.count; i++) {
    const Fact *fact = d->compiled->set.facts.items[i];
    if (!is_varied(d, fact)) continue;
    if (fact->type.kind != TYPE_QUANTITY && fact->type.kind != TYPE_DATE) continue;
    const SupposedList values = suppose_values(&s->arena, d->compiled, fact, &d->facts);
    if (values.count == 0) continue; /* nothing that is known cuts the line */
    for (int n = 0; n < 8; n++) {
      FactValue value = {.known = true, .present = true, .amount = random_amount(fact)};
      if (fact->type.kind == TYPE_DATE) value.date = (Date)value.amount;
      const uint64_t *row = row_of(s, fact, UINT64_C(1) << i, &value);
      bool is_listed = false;
      for (uint32_t v = 0; v < values.count && !is_listed; v++)
        is_listed =
            memcmp(row_of(s, fact, UINT64_C(1) << i, &values.items[v].value), row, size) == 0;
      if (!is_listed && values.items[values.count - 1].is_line)
        fail_msg("%.*s: the case of %lld is not listed", (int)fact->name.length, fact->name.at,
                 (long long)value.amount);
      s->tried++;
    }
  }
  s->tried++;
}

static void no_case_of_a_line_is_left_out(void **state) {
  (void)state;
  each_request_of_all(check_whole);
}

/* ---- Restating ---- */

static void assert_members_kept(const JsonToken *from, const JsonToken *object, const JsonToken *to,
                                const JsonToken *other, Text changed) {
  for (const JsonToken *key = object + 1; key < from + object->end; key = from + (key + 1)->end) {
    if (text_equal(token_text(key), changed) || text_is(token_text(key), "facts")) continue;
    const JsonToken *kept = token_member(to, other, token_text(key));
    assert_non_null(kept);
    assert_true(text_equal(token_raw(kept), token_raw(key + 1)));
  }
}

/* The request with the member changed, and again as tokens: all else keeps its bytes. */
static void assert_restated(Subject *s, Restatement restatement, Text name, Text json) {
  const Text text = restate(&s->arena, s->tokens, &restatement);
  JsonReader *reader = json_open();
  const JsonToken *tokens;
  uint32_t count;
  const char *message;
  size_t offset;
  const char *copy = arena_copy(&s->arena, text.at, text.length);
  assert_int_equal(json_read(reader, copy, text.length, &tokens, &count, &message, &offset),
                   JSON_OK);
  const JsonToken *facts = token_member(s->tokens, s->tokens, TEXT("facts")),
                  *restated = token_member(tokens, tokens, TEXT("facts"));
  const bool of_facts = restatement.fact_count > 0;
  assert_non_null(restated);
  assert_members_kept(s->tokens, s->tokens, tokens, tokens, of_facts ? TEXT("") : name);
  if (facts != NULL) {
    assert_members_kept(s->tokens, facts, tokens, restated, of_facts ? name : TEXT(""));
    assert_members_kept(tokens, restated, s->tokens, facts, of_facts ? name : TEXT(""));
  }
  const JsonToken *now = token_member(tokens, of_facts ? restated : tokens, name);
  if (json.length == 0) {
    assert_null(now);
  } else if (now->kind == JSON_OBJECT) { /* evidence stays around the value */
    assert_true(text_equal(token_raw(token_member(tokens, now, TEXT("value"))), json));
  } else {
    assert_true(text_equal(token_raw(now), json));
  }
  json_close(reader);
  s->tried++;
}

static void restate_one(Subject *s, const JsonToken *object, const char *added, bool of_facts) {
  const Text values[] = {TEXT("\"x\""), TEXT("[1,{\"a\":2}]"), {0}};
  uint32_t members = 0;
  for (const JsonToken *key = object + 1; key < s->tokens + object->end;
       key = s->tokens + (key + 1)->end)
    members++;
  uint32_t which = random_below(members + 1);
  Text name = text_of(added);
  for (const JsonToken *key = object + 1; key < s->tokens + object->end;
       key = s->tokens + (key + 1)->end) {
    if (which-- == 0) name = token_text(key);
  }
  if (text_is(name, "facts")) return;
  for (int i = 0; i < 3; i++) {
    const Restated changed = {name, values[i]};
    assert_restated(s,
                    of_facts ? (Restatement){.facts = &changed, .fact_count = 1}
                             : (Restatement){.head = &changed, .head_count = 1},
                    name, values[i]);
  }
}

static void check_restating(Subject *s) {
  const JsonToken *facts = token_member(s->tokens, s->tokens, TEXT("facts"));
  restate_one(s, s->tokens, "member_that_was_not_there", false);
  if (facts != NULL) restate_one(s, facts, "fact_that_was_not_there", true);
}

static void a_changed_request_differs_only_where_it_was_changed(void **state) {
  (void)state;
  each_request_of_all(check_restating);
}

/* ---- Boxes ---- */

static Grid grid_random(void) {
  Grid grid = grid_open();
  for (uint32_t d = 1 + random_below(4); d > 0; d--)
    assert_true(grid_add(&grid, 1 + random_below(4)));
  return grid;
}

static void boxes_hold_exactly_the_choices_they_cover(void **state) {
  (void)state;
  uint32_t covered = 0;
  for (int round = 0; round < 500; round++) {
    Arena arena;
    Box boxes[BOXES_MAX];
    bool in[256];
    arena_open(&arena);
    const Grid grid = grid_random();
    const uint32_t odds = 1 + random_below(8);
    for (uint32_t c = 0; c < grid.choices; c++) in[c] = random_below(odds) == 0;
    const uint32_t count = grid_cover(&arena, &grid, in, boxes);
    if (count <= BOXES_MAX) {
      covered++;
      for (uint32_t c = 0; c < grid.choices; c++) {
        bool only[256] = {false};
        uint32_t holding = 0;
        only[c] = true;
        for (uint32_t b = 0; b < count; b++) holding += box_has(&grid, &boxes[b], only);
        assert_int_equal(holding > 0, in[c]);
      }
    }
    arena_close(&arena);
  }
  assert_true(covered > 200);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_reader_takes_each_value_for_what_it_was_supposed_to_be),
      cmocka_unit_test(values_of_different_cells_are_told_apart_and_equal_ones_listed_once),
      cmocka_unit_test(no_case_of_a_line_is_left_out),
      cmocka_unit_test(a_changed_request_differs_only_where_it_was_changed),
      cmocka_unit_test(boxes_hold_exactly_the_choices_they_cover),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
