/* checkpoint: see checkpoint.h.
 *
 * Each checkpoint is kept with the frontier of its tree, so the next one reads only the events
 * behind it. The invariant: a head is computed from contents, never from a digest that the store
 * states.
 */
#include "store/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>

#define PAGE 1000

Text checkpoint_write(Arena *arena, const Checkpoint *checkpoint) {
  char head[sodium_base64_ENCODED_LEN(DIGEST_BYTES, sodium_base64_VARIANT_ORIGINAL)];
  sodium_bin2base64(head, sizeof head, checkpoint->head.bytes, DIGEST_BYTES,
                    sodium_base64_VARIANT_ORIGINAL);
  return text_of(arena_format(arena, "%.*s\n%" PRIu64 "\n%s\ninstant %.*s\n",
                              TEXT_ARGS(checkpoint->name), checkpoint->size, head,
                              TEXT_ARGS(instant_text(arena, checkpoint->instant))));
}

/* The line at `*rest`, without its newline; false where there is none. */
static bool take_line(Text *rest, Text *line) {
  const char *newline = rest->length == 0 ? NULL : memchr(rest->at, '\n', rest->length);
  if (newline == NULL) return false;
  *line = (Text){rest->at, (uint32_t)(newline - rest->at)};
  rest->at += line->length + 1;
  rest->length -= line->length + 1;
  return true;
}

static bool read_size(Text line, uint64_t *size) {
  *size = 0;
  if (line.length == 0 || line.length > 18 || (line.at[0] == '0' && line.length > 1)) return false;
  for (uint32_t i = 0; i < line.length; i++) {
    if (!is_ascii_digit(line.at[i])) return false;
    *size = *size * 10 + (uint64_t)(line.at[i] - '0');
  }
  return true;
}

bool checkpoint_read(Text text, Checkpoint *checkpoint) {
  static const Text word = {"instant ", 8};
  Text size, head, instant;
  size_t length;
  if (!take_line(&text, &checkpoint->name) || !take_line(&text, &size) ||
      !take_line(&text, &head) || !take_line(&text, &instant))
    return false;
  return read_size(size, &checkpoint->size) &&
         sodium_base642bin(checkpoint->head.bytes, DIGEST_BYTES, head.at, head.length, NULL,
                           &length, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
         length == DIGEST_BYTES && instant.length > word.length &&
         memcmp(instant.at, word.at, word.length) == 0 &&
         instant_parse((Text){instant.at + word.length, instant.length - word.length},
                       &checkpoint->instant);
}

/* ---- Making one ---- */

/* The tree as the last checkpoint left it. */
static StoreStatus continue_tree(Store *store, Arena *arena, MerkleTree *tree) {
  StoredCheckpoint last;
  *tree = (MerkleTree){.size = 0};
  const StoreStatus status = store_last_checkpoint(store, arena, &last);
  if (status == STORE_NOT_FOUND) return STORE_OK;
  if (status != STORE_OK) return status;
  uint32_t at = 0;
  tree->size = last.size;
  for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
    if ((last.size >> level & 1) == 0) continue;
    if (at + DIGEST_BYTES > last.frontier.length) return STORE_FAILED;
    memcpy(tree->frontier[level].bytes, last.frontier.at + at, DIGEST_BYTES);
    at += DIGEST_BYTES;
  }
  return STORE_OK;
}

static Text frontier_bytes(Arena *arena, const MerkleTree *tree) {
  Buffer out;
  buffer_open(&out, arena, 512);
  for (unsigned level = 0; level < MERKLE_LEVELS; level++)
    if ((tree->size >> level & 1) != 0)
      buffer_append(&out, (const char *)tree->frontier[level].bytes, DIGEST_BYTES);
  return (Text){out.at, (uint32_t)out.length};
}

/* The events behind the tree, into it. */
static StoreStatus add_events(Store *store, MerkleTree *tree) {
  Arena page;
  Events events;
  StoreStatus status;
  arena_open(&page);
  do {
    arena_reset(&page);
    status = store_read_ledger(store, &page, tree->size, PAGE, &events);
    for (uint32_t i = 0; i < events.count && status == STORE_OK; i++) {
      const Event *event = &events.items[i];
      if (event->place != (int64_t)tree->size + 1 ||
          !digest_equal(event->digest, ledger_digest(&page, event)))
        status = STORE_REFUSED;
      else
        merkle_add(tree, event->digest);
    }
  } while (status == STORE_OK && events.count == PAGE);
  arena_close(&page);
  return status;
}

StoreStatus checkpoint_make(Store *store, Arena *arena, const NoteKey *key, Text *note) {
  MerkleTree tree;
  *note = (Text){"", 0};
  StoreStatus status = continue_tree(store, arena, &tree);
  const uint64_t before = tree.size;
  if (status == STORE_OK) status = add_events(store, &tree);
  if (status != STORE_OK || tree.size == before) return status;
  const Checkpoint made = {key->name, tree.size, merkle_head(&tree), instant_now()};
  const StoredCheckpoint kept = {.size = tree.size,
                                 .instant = made.instant,
                                 .frontier = frontier_bytes(arena, &tree),
                                 .note = note_sign(arena, checkpoint_write(arena, &made), key),
                                 .key = note_key_write(arena, key)};
  status = store_add_checkpoint(store, &kept);
  if (status == STORE_OK) *note = kept.note;
  return status;
}
