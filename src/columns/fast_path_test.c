/* The quick way into a table, against the one by tokens: the same row, or left to it. */
#include "columns/builder_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS = 64, ROUNDS = 1500 };

static licet_library *library;

static int open_library(void **state) {
  licet_report *report;
  (void)state;
  int status = (int)licet_library_open("policies", NULL, &library, &report);
  licet_report_free(report);
  return status;
}

static int close_library(void **state) {
  (void)state;
  licet_library_close(library);
  return 0;
}

static const char *const requests[] = {
    "{\"id\":\"A-1\",\"payer\":\"Centene\",\"line\":\"medicaid\",\"drug\":\"blinatumomab\","
    "\"kind\":\"initial\",\"urgency\":null,"
    "\"received\":\"2026-02-12T10:00:00Z\",\"facts\":{\"lineage\":{\"value\":\"t_cell\","
    "\"document\":\"chart-9\",\"date\":\"2026-"
    "01-"
    "01\",\"source\":\"requester\"},\"prior_therapies\":[{\"agent\":\"imatinib\",\"cycles\":2,"
    "\"document\":\"x\",\"date\":\"2025-"
    "01-"
    "01\"},{\"agent\":\"dasatinib\",\"systemic\":true}],\"weight\":\"70.5 "
    "kg\",\"age\":-0.5,\"mrd\":null}}",
    "{\"id\":null,\"payer\":\"OHSU\",\"received\":\"2026-02-12\",\"start\":\"2026-02-20\","
    "\"facts\":{\"regimen\":[\"tki\","
    "\"x\"],\"prior_therapies\":{\"value\":[{\"source\":\"record\",\"document\":\"y\"}],"
    "\"document\":null,\"source\":\"reviewer\"},"
    "\"allergies\":{\"value\":[],\"date\":null},\"a_name_that_no_vocabulary_has_and_that_is_long\":"
    "{\"value\":"
    "\"and a value of more than thirty-two bytes\",\"document\":\"d\"},\"n\":10}}",
    "{\"facts\":{}}",
};

/* The first colon gets a space behind it: then only tokens will do. */
static size_t widen(const char *text, size_t length, char *out) {
  const size_t colon = (size_t)((const char *)memchr(text, ':', length) - text) + 1;
  memcpy(out, text, colon);
  out[colon] = ' ';
  memcpy(out + colon + 1, text + colon, length - colon);
  return length + 1;
}

/* One to three bytes changed, left out or said twice, behind the first colon. */
static size_t change(const char *request, uint64_t *chance, char *out) {
  static const char letters[] = "{}[]\",:\\ 0-9.eEtnu\n\xc3\xa9\0";
  size_t length = strlen(request);
  memcpy(out, request, length);
  for (int times = 1 + (int)(*chance >> 60) % 3; times > 0; times--) {
    *chance = *chance * UINT64_C(6364136223846793005) + 1442695040888963407;
    const size_t first = (size_t)(strchr(request, ':') - request) + 1,
                 at = first + (*chance >> 33) % (length - first);
    const uint32_t what = (uint32_t)(*chance >> 20) % 8, size = 1 + (uint32_t)(*chance >> 12) % 24;
    if (what < 4) {
      out[at] = letters[(*chance >> 24) % (sizeof letters - 1)];
    } else if (what < 6 && at + size < length) {
      memmove(out + at, out + at + size, length - at - size);
      length -= size;
    } else if (what >= 6 && at + size < length) {
      memmove(out + at + size, out + at, length - at);
      length += size;
    }
  }
  return length;
}

static void must_be_alike(Builder *builder, uint32_t row, const char *text, size_t length) {
  const bool needs_exact = builder_row_needs_exact(builder, row);
  bool same = needs_exact == builder_row_needs_exact(builder, row + 1);
  for (uint32_t i = 0; same && !needs_exact && i < builder->columns.count; i++)
    same = builder->columns.items[i].codes[row] == builder->columns.items[i].codes[row + 1];
  const Text a = table_id(&builder->table, row), b = table_id(&builder->table, row + 1);
  if (!same || (!needs_exact && !text_equal(a, b)))
    fail_msg("quick and by tokens differ: %.*s", (int)length, text);
}

static void changed_requests_come_to_the_same_either_way(void **state) {
  (void)state;
  static char texts[PAIRS][2048], wide[2048];
  size_t lengths[PAIRS];
  uint64_t chance = 20261121;
  uint32_t plain = 0;
  Builder *builder = builder_open(library, 2 * PAIRS);
  for (int round = 0; round < ROUNDS; round++) {
    builder_begin(builder);
    for (int i = 0; i < PAIRS; i++) {
      const char *request = requests[(round + i) % 3];
      lengths[i] = i < 3 ? strlen(request) : change(request, &chance, texts[i]);
      if (i < 3) memcpy(texts[i], request, lengths[i]);
      assert_true(builder_add_json(builder, texts[i], lengths[i]));
      assert_true(builder_add_json(builder, wide, widen(texts[i], lengths[i], wide)));
    }
    builder_table(builder);
    for (uint32_t i = 0; i < PAIRS; i++) {
      must_be_alike(builder, 2 * i, texts[i], lengths[i]);
      plain += !builder_row_needs_exact(builder, 2 * i);
    }
  }
  assert_in_range(plain, PAIRS * ROUNDS / 10, PAIRS * ROUNDS - 1);
  builder_close(builder);
}

static void plain_requests_are_read_quickly(void **state) {
  (void)state;
  Builder *builder = builder_open(library, 8);
  builder_begin(builder);
  for (uint32_t i = 0; i < 3; i++) {
    assert_true(builder_add_json(builder, requests[i], strlen(requests[i])));
    assert_int_equal(builder->by_tokens, 0);
    assert_false(builder_row_needs_exact(builder, i));
  }
  builder_close(builder);
}

/* With a space behind each comma and colon, as many programs write. */
static size_t space(const char *text, size_t length, char *out) {
  size_t n = 0;
  bool inside = false;
  for (size_t i = 0; i < length; i++) {
    out[n++] = text[i];
    if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) inside = !inside;
    if (!inside && (text[i] == ',' || text[i] == ':')) out[n++] = ' ';
  }
  return n;
}

static void must_be_same_rows(Builder *builder, uint32_t a, uint32_t b) {
  builder_table(builder);
  for (uint32_t i = 0; i < builder->columns.count; i++)
    assert_int_equal(builder->columns.items[i].codes[a], builder->columns.items[i].codes[b]);
}

static void spaced_requests_are_read_quickly_and_to_the_same(void **state) {
  (void)state;
  char spaced[2048];
  Builder *builder = builder_open(library, 8);
  builder_begin(builder);
  for (uint32_t i = 0; i < 3; i++) {
    const char *request =
        i == 1 ? "{\"facts\":{\"age\":{\"value\":1},\"prior_therapies\":[{\"agent\":\"x\"}]}}"
               : requests[i];
    assert_true(builder_add_json(builder, request, strlen(request)));
    assert_true(builder_add_json(builder, spaced, space(request, strlen(request), spaced)));
    assert_int_equal(builder->by_tokens, 0);
    must_be_same_rows(builder, 2 * i, 2 * i + 1);
  }
  builder_close(builder);
}

static void escapes_in_values_are_read_quickly(void **state) {
  (void)state;
  static const struct {
    const char *request;
    bool quick, needs_exact;
  } cases[] = {
      {"{\"id\":\"a\\\"b\\u00e9\",\"facts\":{\"mrd\":{\"value\":\"x\",\"document\":\"\\\\ "
       "\\ud83d\\ude00\"}}}",
       true, false},
      {"{\"id\":\"a\",\"facts\":{\"mrd\":\"\\u00e9\",\"sex\":{\"value\":\"\\/\"}}}", true, false},
      {"{\"id\":\"a\",\"facts\":{\"mrd\":\"\\q\"}}", false, true},
      {"{\"id\":\"a\",\"facts\":{\"mrd\":{\"value\":\"x\",\"document\":\"\\ud83d\"}}}", false,
       true},
      {"{\"id\":\"a\",\"facts\":{\"m\\u0072d\":\"x\"}}", false, false},
      {"{\"id\":\"a\",\"facts\":{\"mrd\":{\"v\\u0061lue\":\"x\"}}}", false, false},
      {"{\"received\":\"2026-02-12T10:00:00\\u005a\",\"facts\":{}}", false, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Builder *builder = builder_open(library, 8);
    builder_begin(builder);
    assert_true(builder_add_json(builder, cases[i].request, strlen(cases[i].request)));
    assert_int_equal(builder->by_tokens, !cases[i].quick);
    assert_int_equal(builder_row_needs_exact(builder, 0), cases[i].needs_exact);
    builder_close(builder);
  }
}

static void a_zero_behind_a_value_is_no_part_of_it(void **state) {
  (void)state;
  static const char text[] =
      "{\"facts\":{\"age\":1}}\n{\"facts\":{\"age\":1\0}}\n{\"facts\":{\"age\":1}}\0";
  Builder *builder = builder_open(library, 8);
  builder_begin(builder);
  assert_true(builder_add_json(builder, text, 20) && builder_add_json(builder, text + 20, 21));
  assert_true(builder_add_json(builder, text + 41, 21));
  assert_false(builder_row_needs_exact(builder, 0));
  assert_true(builder_row_needs_exact(builder, 1));
  assert_true(builder_row_needs_exact(builder, 2));
  builder_close(builder);
}

static void add_all_lines(Builder *builder, const char *text, size_t length, BuilderLine *rows) {
  char *padded = calloc(1, length + JSON_INDEX_PADDING);
  memcpy(padded, text, length);
  BuilderLines lines = {padded, padded + length, 1, rows};
  while (lines.at < lines.end) assert_true(builder_add_lines(builder, &lines));
  for (uint32_t r = 0; r < builder_rows(builder); r++) rows[r].at = text + (rows[r].at - padded);
  free(padded);
}

static void lines_are_counted_and_blank_ones_left_out(void **state) {
  (void)state;
  static const char text[] =
      "\n{\"facts\":{}}\n \r\n  {\"facts\":{}} "
      "\r\n{\n\n{\"facts\":{\n}}\n{\"facts\":{}}{}\n{\"facts\":{}}\r\n\n"
      "{\"id\":\"x\\\"\"}\n{\"facts\":[]}\n{\"facts\":{\"a\":1}\n,\"id\":\"b\"}\n{\"facts\":{}}";
  static const struct {
    uint64_t line;
    bool needs_exact;
  } wanted[] = {{2, false},  {4, false},  {5, true},  {7, true},  {8, true},  {9, true},
                {10, false}, {12, false}, {13, true}, {14, true}, {15, true}, {16, false}};
  const uint32_t count = sizeof wanted / sizeof *wanted;
  static BuilderLine rows[64];
  for (int broken = 0; broken < 2; broken++) {
    char longer[sizeof text + 8];
    const int length = snprintf(longer, sizeof longer, "%s%s", text, broken ? "\n\"x" : "");
    Builder *builder = builder_open(library, 64);
    builder_begin(builder);
    add_all_lines(builder, longer, (size_t)length, rows);
    assert_int_equal(builder_rows(builder), count + (uint32_t)broken);
    for (uint32_t r = 0; r < count; r++) {
      assert_int_equal(rows[r].line, wanted[r].line);
      assert_int_equal(builder_row_needs_exact(builder, r), wanted[r].needs_exact);
    }
    builder_close(builder);
  }
}

/* As lines or each alone, with `gap` as written: the same rows. */
static void must_be_lines(Builder *builder, Builder *alone, const char *text, size_t length) {
  static BuilderLine rows[PAIRS];
  builder_begin(builder);
  builder_begin(alone);
  add_all_lines(builder, text, length, rows);
  for (uint32_t r = 0; r < builder_rows(builder); r++)
    assert_true(builder_add_json(alone, rows[r].at, rows[r].length));
  builder_table(builder);
  builder_table(alone);
  assert_int_equal(builder->columns.count, alone->columns.count);
  for (uint32_t r = 0; r < builder_rows(builder); r++) {
    bool same = builder_row_needs_exact(builder, r) == builder_row_needs_exact(alone, r);
    for (uint32_t i = 0; same && i < builder->columns.count; i++) {
      const BuilderColumn *a = &builder->columns.items[i], *b = &alone->columns.items[i];
      same = builder_row_needs_exact(alone, r) ||
             (text_equal(a->name, b->name) && text_equal(a->dictionary.entries.items[a->codes[r]],
                                                         b->dictionary.entries.items[b->codes[r]]));
    }
    same = same && text_equal(table_id(&builder->table, r), table_id(&alone->table, r));
    if (!same) fail_msg("a line and the same alone differ: %.*s", (int)rows[r].length, rows[r].at);
  }
}

static void changed_lines_come_to_the_same_as_each_alone(void **state) {
  (void)state;
  static char text[PAIRS * 2048], changed[2048];
  uint64_t chance = 20261122;
  Builder *builder = builder_open(library, PAIRS), *alone = builder_open(library, PAIRS);
  for (int round = 0; round < ROUNDS; round++) {
    size_t length = 0;
    for (int i = 0; i < PAIRS / 4; i++) { /* a changed one may be several lines */
      size_t one = change(requests[(round + i) % 3], &chance, changed);
      if ((chance >> 40) % 4 == 0) one = (size_t)(stpcpy(changed, requests[i % 3]) - changed);
      for (size_t k = 0; round % 2 == 0 && k < one; k++)
        if (changed[k] == '\n') changed[k] = ' ';
      length += (chance >> 41) % 2 == 0
                    ? space(changed, one, text + length)
                    : (size_t)((char *)memcpy(text + length, changed, one) + one - text) - length;
      text[length++] = '\n';
    }
    must_be_lines(builder, alone, text, length - (size_t)(round % 3 == 0));
  }
  builder_close(builder);
  builder_close(alone);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_requests_are_read_quickly),
      cmocka_unit_test(spaced_requests_are_read_quickly_and_to_the_same),
      cmocka_unit_test(escapes_in_values_are_read_quickly),
      cmocka_unit_test(a_zero_behind_a_value_is_no_part_of_it),
      cmocka_unit_test(changed_requests_come_to_the_same_either_way),
      cmocka_unit_test(lines_are_counted_and_blank_ones_left_out),
      cmocka_unit_test(changed_lines_come_to_the_same_as_each_alone),
  };
  return cmocka_run_group_tests(tests, open_library, close_library);
}
