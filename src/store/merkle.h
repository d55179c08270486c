/* merkle: one tree of hashes over all events of a ledger, in the order of their places
 * (RFC 9162, section 2.1, as certificate transparency uses it).
 *
 *             head of 6               leaf   SHA-256(0x00, digest of the event)
 *            /         \              node   SHA-256(0x01, left, right)
 *        2,0            .
 *       /   \            \            node "level, index" stands for the 2^level events from
 *     1,0    1,1         1,2          index * 2^level on; only whole ones have a name
 *    /  \   /  \        /  \
 *   e0  e1 e2  e3      e4  e5         frontier of 6 = 0b110: 2,0 and 1,2
 *
 * Whoever keeps a head detects every later change, removal, insertion or reordering before it.
 */
#ifndef STORE_MERKLE_H
#define STORE_MERKLE_H

#include "store/ledger.h"

#define MERKLE_LEVELS 64

/* A whole node of the tree has become known. */
typedef void MerkleSeen(void *context, unsigned level, uint64_t index, Digest node);

typedef struct MerkleTree {
  uint64_t size;
  Digest frontier[MERKLE_LEVELS]; /* where that bit of the size is set: the whole node there */
  MerkleSeen *seen;               /* NULL: nobody wants to know */
  void *context;
} MerkleTree;

/* The next event. */
void merkle_add(MerkleTree *tree, Digest event);
Digest merkle_head(const MerkleTree *tree);

/* The hashes from the event with the index `event` up to the head of a tree of `size` events: at
 * most MERKLE_LEVELS. `node` gives whole nodes. */
typedef Digest MerkleNode(void *context, unsigned level, uint64_t index);
uint32_t merkle_path(uint64_t event, uint64_t size, MerkleNode *node, void *context,
                     Digest path[MERKLE_LEVELS]);

/* Is this event the one with that index in the tree of that size and head? */
bool merkle_holds(Digest event, uint64_t index, uint64_t size, const Digest *path, uint32_t count,
                  Digest head);

#endif
