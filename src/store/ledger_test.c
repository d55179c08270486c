/* The ledger: digests that depend on everything, instants, canonical payloads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/ledger.h"

static Arena arena;

static int open_arena(void **context) {
  (void)context;
  arena_open(&arena);
  return 0;
}
static int close_arena(void **context) {
  (void)context;
  arena_close(&arena);
  return 0;
}

static Event event_at(int64_t instant) {
  return (Event){.case_id = TEXT("c-1"),
                 .instant = instant,
                 .type = TEXT("noted"),
                 .actor = TEXT("a-nurse"),
                 .role = TEXT("nurse"),
                 .account = 7,
                 .payload = TEXT("{\"text\":\"called the office\"}")};
}

static void assert_digest(Digest digest, const char *digits) {
  char written[DIGEST_DIGITS + 1];
  digest_write(digest, written);
  assert_string_equal(written, digits);
}

static void a_digest_is_the_sha_256_of_the_canonical_head(void **context) {
  (void)context;
  Event event = event_at(1762095840123);
  ledger_link(&arena, &event, NULL);
  char digits[DIGEST_DIGITS + 1];
  digest_write(digest_of(event.payload.at, event.payload.length), digits);
  const char *head = arena_format(
      &arena,
      "{\"actor\":\"a-nurse\",\"case\":\"c-1\",\"instant\":\"2025-11-02T15:04:00.123Z\","
      "\"number\":1,\"payload\":\"%s\",\"previous\":null,\"role\":\"nurse\",\"type\":\"noted\"}",
      digits);
  digest_write(digest_of(head, strlen(head)), digits);
  assert_digest(event.digest, digits);
}

static void the_sha_256_is_that_of_the_standard(void **context) {
  (void)context;
  assert_digest(digest_of("abc", 3),
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void a_link_is_sound_behind_the_event_before_it_alone(void **context) {
  (void)context;
  Event first = event_at(1000), second = event_at(2000), other = event_at(3000);
  ledger_link(&arena, &first, NULL);
  ledger_link(&arena, &second, &first);
  ledger_link(&arena, &other, NULL);
  assert_null(ledger_fault(&arena, &first, NULL));
  assert_null(ledger_fault(&arena, &second, &first));
  assert_non_null(ledger_fault(&arena, &second, &other));
  assert_non_null(ledger_fault(&arena, &second, NULL));
  assert_non_null(ledger_fault(&arena, &first, &second));
}

static void a_change_of_any_field_is_a_fault(void **context) {
  (void)context;
  Event first = event_at(1000), second = event_at(2000);
  ledger_link(&arena, &first, NULL);
  ledger_link(&arena, &second, &first);
#define CHANGED(field, value)                                \
  do {                                                       \
    Event changed = second;                                  \
    changed.field = value;                                   \
    assert_non_null(ledger_fault(&arena, &changed, &first)); \
  } while (0)
  CHANGED(case_id, TEXT("c-2"));
  CHANGED(number, 3);
  CHANGED(instant, 2001);
  CHANGED(type, TEXT("denied"));
  CHANGED(actor, TEXT("a-clerk"));
  CHANGED(role, TEXT("clerk"));
  CHANGED(payload, TEXT("{\"text\":\"called nobody\"}"));
  CHANGED(payload, TEXT("{ \"text\":\"called the office\"}"));
  CHANGED(previous, second.digest);
  CHANGED(digest, first.digest);
#undef CHANGED
}

static void an_instant_never_goes_back(void **context) {
  (void)context;
  Event first = event_at(5000), second = event_at(4000);
  ledger_link(&arena, &first, NULL);
  ledger_link(&arena, &second, &first);
  assert_int_equal(second.instant, 5000);
  assert_null(ledger_fault(&arena, &second, &first));
}

static void instants_are_written_and_read_in_any_zone(void **context) {
  static const struct {
    const char *text;
    int64_t instant;
  } instants[] = {{"1970-01-01T00:00:00Z", 0},
                  {"2026-11-02T15:04:00.123Z", 1793631840123},
                  {"2026-11-02T15:04:00.1239Z", 1793631840123},
                  {"2026-11-02T10:04:00.123-05:00", 1793631840123},
                  {"2026-11-02T20:34:00.123+05:30", 1793631840123},
                  {"1969-12-31T23:59:59.999Z", -1}};
  (void)context;
  for (size_t i = 0; i < sizeof instants / sizeof *instants; i++) {
    int64_t instant;
    assert_true(instant_parse(text_of(instants[i].text), &instant));
    assert_int_equal(instant, instants[i].instant);
    int64_t again;
    assert_true(instant_parse(instant_text(&arena, instant), &again));
    assert_int_equal(again, instant);
  }
  int64_t instant;
  assert_false(instant_parse(TEXT("2026-11-02"), &instant));
  assert_false(instant_parse(TEXT("2026-13-02T15:04:00Z"), &instant));
  assert_false(instant_parse(TEXT("2026-11-02T15:04:00"), &instant));
}

static void a_payload_is_canonical_or_says_why_not(void **context) {
  const char *why;
  (void)context;
  assert_true(text_is(ledger_canonical(&arena, TEXT("{ \"b\": 1.50, \"a\": [] }"), &why),
                      "{\"a\":[],\"b\":1.5}"));
  assert_null(ledger_canonical(&arena, TEXT("{\"a\":1,\"a\":2}"), &why).at);
  assert_string_equal(why, "a key is given twice");
  assert_null(ledger_canonical(&arena, TEXT("{\"a\":0.12345678901234567890}"), &why).at);
  assert_null(ledger_canonical(&arena, TEXT("{"), &why).at);
  assert_non_null(why);
}

static void a_digest_is_read_as_it_was_written(void **context) {
  char digits[DIGEST_DIGITS + 1];
  Digest digest, other;
  (void)context;
  digest_write(digest_of("x", 1), digits);
  assert_true(digest_read(text_of(digits), &digest));
  assert_true(digest_equal(digest, digest_of("x", 1)));
  assert_false(digest_read(TEXT("00"), &other));
  digits[5] = 'x';
  assert_false(digest_read(text_of(digits), &other));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_digest_is_the_sha_256_of_the_canonical_head),
      cmocka_unit_test(the_sha_256_is_that_of_the_standard),
      cmocka_unit_test(a_link_is_sound_behind_the_event_before_it_alone),
      cmocka_unit_test(a_change_of_any_field_is_a_fault),
      cmocka_unit_test(an_instant_never_goes_back),
      cmocka_unit_test(instants_are_written_and_read_in_any_zone),
      cmocka_unit_test(a_payload_is_canonical_or_says_why_not),
      cmocka_unit_test(a_digest_is_read_as_it_was_written),
  };
  return cmocka_run_group_tests(tests, open_arena, close_arena);
}
