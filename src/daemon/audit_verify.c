/* audit verify: everything that the store keeps is hashed again from its contents. Four walks:
 *
 *     case by case        each event, and its place in the chain of its case
 *     place by place      no place is missing; the tree over all events has the head that each
 *                         checkpoint states, those of the store and the one that is given
 *     the checkpoints     each is signed by its key
 *     the contents        policy texts and documents are what their digests say
 *
 * What is wrong is printed with where, and the walk continues.
 */
#include <inttypes.h>

#include "daemon/audit.h"
#include "store/checkpoint.h"

/* ---- Case by case ---- */

static void verify_case(Audit *audit, Text id) {
  Events events;
  audit->status = store_read_events(audit->store, &audit->work, id, &events);
  if (audit->status != STORE_OK) return;
  audit->cases++;
  for (uint32_t i = 0; i < events.count; i++) {
    const Event *event = &events.items[i], *before = i == 0 ? NULL : event - 1;
    const char *fault = ledger_fault(&audit->work, event, before);
    audit->events++;
    if (fault != NULL)
      audit_fault(audit, "case %.*s, event %" PRId64 ": %s", TEXT_ARGS(id), event->number, fault);
  }
}

/* ---- Place by place ---- */

typedef struct Walk {
  Audit *audit;
  MerkleTree tree;
  StoredCheckpoints next; /* checkpoints that the walk has not reached */
  uint32_t at;
  uint64_t read; /* the size of the last one that was read */
  size_t checkpoints;
  bool has_since;
  Checkpoint since; /* that the caller kept elsewhere */
  bool since_is_met;
} Walk;

/* Reads the checkpoint of a note, and whether its key signed it. */
static bool read_note(Audit *audit, const StoredCheckpoint *stored, Checkpoint *checkpoint) {
  NoteKey key;
  Text text;
  const bool is_signed = note_key_read(stored->key, &key) && note_open(stored->note, &key, &text);
  if (is_signed && checkpoint_read(text, checkpoint) && checkpoint->size == stored->size)
    return true;
  audit_fault(audit, "checkpoint %" PRIu64 ": its signature is not that of its key", stored->size);
  return false;
}

static void compare_head(Walk *walk, const Checkpoint *checkpoint, const char *which) {
  if (!digest_equal(checkpoint->head, merkle_head(&walk->tree)))
    audit_fault(walk->audit, "%s of %" PRIu64 " events: what came before has changed", which,
                checkpoint->size);
}

static void read_checkpoints(Walk *walk) {
  Audit *audit = walk->audit;
  walk->at = 0;
  audit->status =
      store_read_checkpoints(audit->store, &audit->all, walk->read, AUDIT_PAGE, &walk->next);
  if (walk->next.count > 0) walk->read = walk->next.items[walk->next.count - 1].size;
}

/* The checkpoints over just the events that the tree holds. */
static void check_here(Walk *walk) {
  Checkpoint checkpoint;
  if (walk->has_since && walk->since.size == walk->tree.size) {
    walk->since_is_met = true;
    compare_head(walk, &walk->since, "the given checkpoint");
  }
  if (walk->at == walk->next.count || walk->next.items[walk->at].size != walk->tree.size) return;
  const StoredCheckpoint *stored = &walk->next.items[walk->at++];
  walk->checkpoints++;
  if (read_note(walk->audit, stored, &checkpoint))
    compare_head(walk, &checkpoint, "the checkpoint");
  if (walk->at == walk->next.count) read_checkpoints(walk);
}

static void take_event(Walk *walk, const Event *event) {
  Audit *audit = walk->audit;
  const uint64_t place = walk->tree.size + 1;
  if (event->place != (int64_t)place)
    audit_fault(audit, "place %" PRIu64 ": an event is missing or out of order", place);
  merkle_add(&walk->tree, ledger_digest(&audit->work, event));
  check_here(walk);
}

static void walk_places(Walk *walk) {
  Audit *audit = walk->audit;
  Events events;
  int64_t last = 0;
  read_checkpoints(walk);
  do {
    arena_reset(&audit->page);
    arena_reset(&audit->work);
    if (audit->status == STORE_OK)
      audit->status =
          store_read_ledger(audit->store, &audit->page, (uint64_t)last, AUDIT_PAGE, &events);
    if (audit->status != STORE_OK) return;
    for (uint32_t i = 0; i < events.count && audit->status == STORE_OK; i++)
      take_event(walk, &events.items[i]);
    if (events.count > 0) last = events.items[events.count - 1].place;
  } while (events.count == AUDIT_PAGE);
}

static void verify_places(Walk *walk) {
  Audit *audit = walk->audit;
  walk_places(walk);
  if (audit->status != STORE_OK) return;
  if (walk->at < walk->next.count)
    audit_fault(audit, "a checkpoint holds %" PRIu64 " events, the ledger only %" PRIu64,
                walk->next.items[walk->at].size, walk->tree.size);
  if (walk->has_since && !walk->since_is_met)
    audit_fault(audit, "the given checkpoint holds %" PRIu64 " events, the ledger only %" PRIu64,
                walk->since.size, walk->tree.size);
}

/* ---- Contents ---- */

static void verify_contents(Audit *audit) {
  Digest last;
  Digests digests;
  bool is_first = true;
  do {
    arena_reset(&audit->page);
    audit->status =
        store_contents(audit->store, &audit->page, is_first ? NULL : &last, AUDIT_PAGE, &digests);
    for (uint32_t i = 0; i < digests.count && audit->status == STORE_OK; i++) {
      Text bytes;
      char digits[DIGEST_DIGITS + 1];
      arena_reset(&audit->work);
      if (store_fetch(audit->store, &audit->work, digests.items[i], &bytes) == STORE_OK) continue;
      digest_write(digests.items[i], digits);
      audit_fault(audit, "content %s: it is not what its digest says", digits);
    }
    if (digests.count > 0) last = digests.items[digests.count - 1];
    is_first = false;
  } while (digests.count == AUDIT_PAGE && audit->status == STORE_OK);
}

/* ---- All of it ---- */

/* The checkpoint that the caller kept. Whoever could change the ledger could change its keys too,
 * so what counts is the head. */
static bool read_since(Walk *walk) {
  const char *path = walk->audit->options->values[OPTION_SINCE];
  Text note, text;
  if (path == NULL) return true;
  if (!audit_read_file(walk->audit, path, &note)) return false;
  walk->has_since = note_text(note, &text) && checkpoint_read(text, &walk->since);
  if (walk->has_since) return true;
  complain("%s: this is not a checkpoint", path);
  walk->audit->code = EXIT_USAGE;
  return false;
}

static void verify(Audit *audit) {
  Walk walk = {.audit = audit};
  if (!read_since(&walk)) return;
  audit_each_case(audit, verify_case);
  if (audit->status == STORE_OK) verify_places(&walk);
  if (audit->status == STORE_OK) verify_contents(audit);
  if (audit->status != STORE_OK) return;
  printf(audit->errors == 0 ? "verified: " : "not verified: %zu errors in ", audit->errors);
  printf("cases %zu, events %zu, checkpoints %zu\n", audit->cases, audit->events, walk.checkpoints);
}

ExitCode command_audit_verify(const Options *options) { return audit_run(options, verify); }
