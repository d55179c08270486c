/* audit prove: the events of a case with their paths to the last checkpoint, so that a stranger can
 * check with a page of code that the ledger of that day held them, and sees nothing of other cases.
 *
 * The tree is built once. The nodes that the paths need are known before (merkle_path asks for
 * them), and are kept as they go by, so memory does not grow with the ledger.
 */
#include <inttypes.h>

#include "base/word_map.h"
#include "daemon/audit.h"
#include "json/value.h"
#include "json/writer.h"
#include "store/checkpoint.h"

typedef struct Proving {
  Audit *audit;
  StoredCheckpoint last;
  Events events;  /* of the case, with their places */
  WordMap needed; /* level and index → place in `nodes` */
  LIST(Digest) nodes;
  MerkleTree tree;
} Proving;

#define NODE_KEY(level, index) \
  ((uint32_t[]){(uint32_t)(level), (uint32_t)((index) >> 32), (uint32_t)(index)})

/* Remembers that a node is needed. */
static Digest need(void *context, unsigned level, uint64_t index) {
  Proving *proving = context;
  uint32_t place;
  const Digest unknown = {{0}};
  if (!word_map_find(&proving->needed, NODE_KEY(level, index), &place)) {
    word_map_keep(&proving->needed, NODE_KEY(level, index), proving->nodes.count);
    LIST_PUSH(&proving->audit->all, proving->nodes, unknown);
  }
  return unknown;
}

static void see(void *context, unsigned level, uint64_t index, Digest node) {
  Proving *proving = context;
  uint32_t place;
  if (word_map_find(&proving->needed, NODE_KEY(level, index), &place))
    proving->nodes.items[place] = node;
}

static Digest recall(void *context, unsigned level, uint64_t index) {
  const Proving *proving = context;
  uint32_t place = 0;
  word_map_find(&proving->needed, NODE_KEY(level, index), &place);
  return proving->nodes.items[place];
}

/* Calls `one` for each event of the ledger that the checkpoint covers, in order. */
static void each_event(Proving *proving, void (*one)(Proving *proving, const Event *event)) {
  Audit *audit = proving->audit;
  Events events;
  uint64_t after = 0;
  do {
    arena_reset(&audit->page);
    audit->status = store_read_ledger(audit->store, &audit->page, after, AUDIT_PAGE, &events);
    for (uint32_t i = 0; i < events.count && audit->status == STORE_OK; i++)
      if ((uint64_t)events.items[i].place <= proving->last.size) one(proving, &events.items[i]);
    if (events.count > 0) after = (uint64_t)events.items[events.count - 1].place;
  } while (events.count == AUDIT_PAGE && after < proving->last.size && audit->status == STORE_OK);
}

static void keep_of_case(Proving *proving, const Event *event) {
  if (!text_is(event->case_id, proving->audit->options->operand)) return;
  Arena *all = &proving->audit->all;
  Event kept = *event;
  kept.case_id = text_copy(all, event->case_id);
  kept.type = text_copy(all, event->type);
  kept.actor = text_copy(all, event->actor);
  kept.role = text_copy(all, event->role);
  kept.payload = text_copy(all, event->payload);
  LIST_PUSH(all, proving->events, kept);
}

static void grow(Proving *proving, const Event *event) {
  arena_reset(&proving->audit->work);
  merkle_add(&proving->tree, ledger_digest(&proving->audit->work, event));
}

static void write_digest(JsonWriter *json, const char *name, Digest digest) {
  char digits[DIGEST_DIGITS + 1];
  digest_write(digest, digits);
  json_string_member(json, name, digits);
}

/* The head of the event as it is hashed (ledger.h), its payload, and its path. */
static void write_event(JsonWriter *json, Proving *proving, const Event *event) {
  Digest path[MERKLE_LEVELS];
  char digits[DIGEST_DIGITS + 1];
  const uint32_t count =
      merkle_path((uint64_t)event->place - 1, proving->last.size, recall, proving, path);
  json_begin_object(json);
  json_integer_member(json, "index", event->place - 1);
  json_integer_member(json, "number", event->number);
  json_text_member(json, "type", event->type);
  json_text_member(json, "actor", event->actor);
  json_text_member(json, "role", event->role);
  json_text_member(json, "instant", instant_text(&proving->audit->work, event->instant));
  if (event->number > 1) write_digest(json, "previous", event->previous);
  write_digest(json, "digest", event->digest);
  json_raw_member(json, "payload", event->payload);
  json_array_member(json, "path");
  for (uint32_t i = 0; i < count; i++) {
    digest_write(path[i], digits);
    json_string(json, digits);
  }
  json_end_array(json);
  json_end_object(json);
}

static void write_proof(Proving *proving) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, &proving->audit->all, 65536);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  json_string_member(&json, "case", proving->audit->options->operand);
  json_text_member(&json, "checkpoint", proving->last.note);
  json_text_member(&json, "key", proving->last.key);
  json_integer_member(&json, "size", (int64_t)proving->last.size);
  json_array_member(&json, "events");
  for (uint32_t i = 0; i < proving->events.count; i++)
    write_event(&json, proving, &proving->events.items[i]);
  json_end_array(&json);
  json_end_object(&json);
  json_writer_close(&json);
  printf("%.*s\n", (int)out.length, out.at);
}

static void prove(Audit *audit) {
  Proving proving = {.audit = audit};
  Digest path[MERKLE_LEVELS];
  audit->status = store_last_checkpoint(audit->store, &audit->all, &proving.last);
  if (audit->status == STORE_NOT_FOUND) {
    complain("there is no checkpoint yet; 'licetd audit checkpoint' makes one");
    audit->code = EXIT_ANSWER;
  }
  if (audit->status != STORE_OK) return;
  each_event(&proving, keep_of_case);
  if (audit->status != STORE_OK) return;
  if (proving.events.count == 0) {
    complain("the last checkpoint holds no event of case %s", audit->options->operand);
    audit->code = EXIT_ANSWER;
    return;
  }
  word_map_open(&proving.needed, &audit->all, 3);
  for (uint32_t i = 0; i < proving.events.count; i++)
    merkle_path((uint64_t)proving.events.items[i].place - 1, proving.last.size, need, &proving,
                path);
  proving.tree = (MerkleTree){.seen = see, .context = &proving};
  each_event(&proving, grow);
  if (audit->status == STORE_OK) write_proof(&proving);
}

ExitCode command_audit_prove(const Options *options) { return audit_run(options, prove); }
