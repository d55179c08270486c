/* The quick way into a table, against the one by tokens: the same row, or left to it. */
#include "bulk/builder_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
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
    "{\"id\":\"A-1\",\"payer\":\"Centene\",\"line\":\"medicaid\",\"drug\":\"blinatumomab\",\"kind\":\"initial\",\"urgency\":null,"
    "\"received\":\"2026-02-12T10:00:00Z\",\"facts\":{\"lineage\":{\"value\":\"t_cell\",\"document\":\"chart-9\",\"date\":\"2026-"
    "01-"
    "01\",\"source\":\"requester\"},\"prior_therapies\":[{\"agent\":\"imatinib\",\"cycles\":2,\"document\":\"x\",\"date\":\"2025-"
    "01-"
    "01\"},{\"agent\":\"dasatinib\",\"systemic\":true}],\"weight\":\"70.5 kg\",\"age\":-0.5,\"mrd\":null}}",
    "{\"id\":null,\"payer\":\"OHSU\",\"received\":\"2026-02-12\",\"start\":\"2026-02-20\",\"facts\":{\"regimen\":[\"tki\","
    "\"x\"],\"prior_therapies\":{\"value\":[{\"source\":\"record\",\"document\":\"y\"}],\"document\":null,\"source\":\"reviewer\"},"
    "\"allergies\":{\"value\":[],\"date\":null},\"a_name_that_no_vocabulary_has_and_that_is_long\":{\"value\":"
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
  static const char letters[] = "{}[]\",:\\ 0-9.eEtnu\n\xc3\xa9";
  size_t length = strlen(request);
  memcpy(out, request, length);
  for (int times = 1 + (int)(*chance >> 60) % 3; times > 0; times--) {
    *chance = *chance * UINT64_C(6364136223846793005) + 1442695040888963407;
    const size_t first = (size_t)(strchr(request, ':') - request) + 1, at = first + (*chance >> 33) % (length - first);
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
  const bool odd = builder_row_is_odd(builder, row);
  bool same = odd == builder_row_is_odd(builder, row + 1);
  for (uint32_t i = 0; same && !odd && i < builder->columns.count; i++)
    same = builder->columns.items[i].codes[row] == builder->columns.items[i].codes[row + 1];
  const Text a = table_id(&builder->table, row), b = table_id(&builder->table, row + 1);
  if (!same || (!odd && !text_equal(a, b))) fail_msg("quick and by tokens differ: %.*s", (int)length, text);
}

static void changed_requests_come_to_the_same_either_way(void **state) {
  (void)state;
  static char texts[PAIRS][2048], wide[2048];
  size_t lengths[PAIRS];
  uint64_t chance = 20261121;
  uint32_t plain = 0;
  Builder *builder = builder_open(library, 2 * PAIRS);
  for (int round = 0; round < ROUNDS; round++) {
    assert_true(builder_begin(builder));
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
      plain += !builder_row_is_odd(builder, 2 * i);
    }
  }
  assert_in_range(plain, PAIRS * ROUNDS / 10, PAIRS * ROUNDS - 1);
  builder_close(builder);
}

static void plain_requests_are_read_quickly(void **state) {
  (void)state;
  Builder *builder = builder_open(library, 8);
  assert_true(builder_begin(builder));
  for (uint32_t i = 0; i < 3; i++) {
    const uint64_t before = builder->attempt;
    assert_true(builder_add_json(builder, requests[i], strlen(requests[i])));
    assert_int_equal(builder->attempt, before + 1); /* a second attempt is the one by tokens */
    assert_false(builder_row_is_odd(builder, i));
  }
  builder_close(builder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_requests_are_read_quickly),
      cmocka_unit_test(changed_requests_come_to_the_same_either_way),
  };
  return cmocka_run_group_tests(tests, open_library, close_library);
}
