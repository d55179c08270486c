/* merkle: see merkle.h. The invariant: the frontier holds a whole node for each bit of the size
 * that is set, so a tree of any size is continued from at most 64 hashes. */
#include "store/merkle.h"

#include <assert.h>
#include <sodium.h>

static Digest hash_leaf(Digest event) {
  uint8_t bytes[1 + DIGEST_BYTES] = {0};
  memcpy(bytes + 1, event.bytes, DIGEST_BYTES);
  return digest_of(bytes, sizeof bytes);
}

static Digest hash_node(Digest left, Digest right) {
  uint8_t bytes[1 + 2 * DIGEST_BYTES] = {1};
  memcpy(bytes + 1, left.bytes, DIGEST_BYTES);
  memcpy(bytes + 1 + DIGEST_BYTES, right.bytes, DIGEST_BYTES);
  return digest_of(bytes, sizeof bytes);
}

void merkle_add(MerkleTree *tree, Digest event) {
  unsigned level = 0;
  uint64_t index = tree->size;
  Digest node = hash_leaf(event);
  if (tree->seen != NULL) tree->seen(tree->context, level, index, node);
  for (; (tree->size >> level & 1) != 0; level++) {
    node = hash_node(tree->frontier[level], node);
    index >>= 1;
    if (tree->seen != NULL) tree->seen(tree->context, level + 1, index, node);
  }
  tree->frontier[level] = node;
  tree->size++;
}

Digest merkle_head(const MerkleTree *tree) {
  if (tree->size == 0) return digest_of("", 0);
  unsigned level = 0;
  while ((tree->size >> level & 1) == 0) level++;
  Digest head = tree->frontier[level];
  for (level++; level < MERKLE_LEVELS; level++)
    if ((tree->size >> level & 1) != 0) head = hash_node(tree->frontier[level], head);
  return head;
}

/* ---- Paths ---- */

/* The largest power of two below `count`, which is at least 2. */
static uint64_t split(uint64_t count) { return UINT64_C(1) << (63 - __builtin_clzll(count - 1)); }

/* The head of the events from `from` to before `to`, which begin where a node may begin. */
static Digest head_of(uint64_t from, uint64_t to, MerkleNode *node, void *context) {
  const uint64_t count = to - from;
  if ((count & (count - 1)) == 0) {
    const unsigned level = (unsigned)__builtin_ctzll(count);
    return node(context, level, from >> level);
  }
  const uint64_t left = split(count);
  const Digest first = head_of(from, from + left, node, context);
  return hash_node(first, head_of(from + left, to, node, context));
}

static uint32_t path_within(uint64_t event, uint64_t from, uint64_t to, MerkleNode *node,
                            void *context, Digest *path) {
  if (to - from == 1) return 0;
  const uint64_t middle = from + split(to - from);
  const bool is_left = event < middle;
  const uint32_t count = is_left ? path_within(event, from, middle, node, context, path)
                                 : path_within(event, middle, to, node, context, path);
  path[count] = is_left ? head_of(middle, to, node, context) : head_of(from, middle, node, context);
  return count + 1;
}

uint32_t merkle_path(uint64_t event, uint64_t size, MerkleNode *node, void *context,
                     Digest path[MERKLE_LEVELS]) {
  assert(event < size);
  return path_within(event, 0, size, node, context, path);
}

bool merkle_holds(Digest event, uint64_t index, uint64_t size, const Digest *path, uint32_t count,
                  Digest head) {
  if (index >= size) return false;
  uint64_t at = index, last = size - 1;
  Digest hash = hash_leaf(event);
  for (uint32_t i = 0; i < count; i++) {
    if (last == 0) return false;
    if ((at & 1) != 0 || at == last) {
      hash = hash_node(path[i], hash);
      while ((at & 1) == 0 && at != 0) at >>= 1, last >>= 1;
    } else {
      hash = hash_node(hash, path[i]);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && digest_equal(hash, head);
}
