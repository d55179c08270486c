/* The tree over all events: against the heads and paths that RFC 9162 defines by recursion, for
 * every size up to 70 and every event. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>

#include "store/merkle.h"

enum { MOST = 70 };

static Digest event_of(unsigned i) { return digest_of(&i, sizeof i); }

/* MTH of the RFC, word for word. */
static Digest head_by_definition(unsigned from, unsigned to) {
  uint8_t bytes[1 + 2 * DIGEST_BYTES];
  unsigned k = 1;
  if (to == from) return digest_of("", 0);
  if (to - from == 1) {
    const Digest event = event_of(from);
    bytes[0] = 0;
    memcpy(bytes + 1, event.bytes, DIGEST_BYTES);
    return digest_of(bytes, 1 + DIGEST_BYTES);
  }
  while (2 * k < to - from) k *= 2;
  const Digest left = head_by_definition(from, from + k), right = head_by_definition(from + k, to);
  bytes[0] = 1;
  memcpy(bytes + 1, left.bytes, DIGEST_BYTES);
  memcpy(bytes + 1 + DIGEST_BYTES, right.bytes, DIGEST_BYTES);
  return digest_of(bytes, sizeof bytes);
}

static Digest node_by_definition(void *context, unsigned level, uint64_t index) {
  (void)context;
  return head_by_definition((unsigned)(index << level), (unsigned)((index + 1) << level));
}

static void heads_are_those_of_the_definition(void **state) {
  (void)state;
  MerkleTree tree = {.size = 0};
  for (unsigned size = 0; size <= MOST; size++) {
    assert_true(digest_equal(merkle_head(&tree), head_by_definition(0, size)));
    merkle_add(&tree, event_of(size));
  }
}

static void a_path_leads_to_the_head_from_its_event_alone(void **state) {
  (void)state;
  Digest path[MERKLE_LEVELS];
  for (unsigned size = 1; size <= MOST; size++) {
    const Digest head = head_by_definition(0, size);
    for (unsigned i = 0; i < size; i++) {
      const uint32_t count = merkle_path(i, size, node_by_definition, NULL, path);
      assert_true(merkle_holds(event_of(i), i, size, path, count, head));
      assert_false(merkle_holds(event_of(i + 1), i, size, path, count, head));
      assert_false(merkle_holds(event_of(i), i, size, path, count, event_of(0)));
      if (size > 1)
        assert_false(merkle_holds(event_of(i), (i + 1) % size, size, path, count, head));
      if (count > 0) assert_false(merkle_holds(event_of(i), i, size, path, count - 1, head));
      assert_false(merkle_holds(event_of(i), size, size, path, count, head));
    }
  }
}

typedef struct Watch {
  unsigned seen;
} Watch;

static void check_node(void *context, unsigned level, uint64_t index, Digest node) {
  ((Watch *)context)->seen++;
  assert_true(digest_equal(node, node_by_definition(NULL, level, index)));
}

static void every_whole_node_is_shown_once(void **state) {
  (void)state;
  Watch watch = {0};
  MerkleTree tree = {.seen = check_node, .context = &watch};
  for (unsigned i = 0; i < 64; i++) merkle_add(&tree, event_of(i));
  assert_int_equal(watch.seen, 127);
}

/* SHA-256 of nothing, as every log of certificate transparency has it. */
static void the_head_of_no_events_is_known(void **state) {
  (void)state;
  char digits[DIGEST_DIGITS + 1];
  const MerkleTree none = {.size = 0};
  digest_write(merkle_head(&none), digits);
  assert_string_equal(digits, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static int start(void **state) {
  (void)state;
  return sodium_init() < 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(heads_are_those_of_the_definition),
      cmocka_unit_test(a_path_leads_to_the_head_from_its_event_alone),
      cmocka_unit_test(every_whole_node_is_shown_once),
      cmocka_unit_test(the_head_of_no_events_is_known),
  };
  return cmocka_run_group_tests(tests, start, NULL);
}
