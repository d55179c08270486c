/* sets: sets near to the one that is stated; and many sets in words, as few boxes.
 *
 * A set is a choice in a grid that has a dimension of two values for each member, out (bit 1) or in
 * (bit 2). Sets that are covered by boxes (boxes.c) are said box by box.
 *
 * Invariant: the words of suppose_members hold for exactly the sets that were given.
 */
#include "json/writer.h"
#include "suppose/supposing.h"

static void add_set(Supposing *supposing, uint64_t members) {
  Arena *arena = supposing->arena;
  const Fact *fact = supposing->fact;
  Supposed set = {.value = supposing->now}, *added;
  Buffer out, words;
  JsonWriter json;
  buffer_open(&out, arena, 64);
  buffer_open(&words, arena, 64);
  json_writer_open(&json, &out);
  json_begin_array(&json);
  for (uint32_t i = 0; i < fact->type.value_count; i++) {
    if (!((members >> i) & 1)) continue;
    if (words.length > 0) buffer_string(&words, ", ");
    json_text(&json, fact->type.values[i]);
    buffer_text(&words, fact->type.values[i]);
  }
  json_end_array(&json);
  json_writer_close(&json);
  if (members == 0) buffer_string(&words, "nothing");
  buffer_finish(&out);
  buffer_finish(&words);
  set.value.members = members;
  set.json = buffer_contents(&out);
  set.words = buffer_contents(&words);
  suppose_if_new(supposing, set, &added);
}

/* What is nearest to the set as it is comes first: itself, one member more or less, two, and none
 * at all. */
void suppose_sets(Supposing *supposing) {
  const uint32_t count = supposing->fact->type.value_count;
  const uint64_t now = supposing->now.members;
  add_set(supposing, now);
  for (uint32_t i = 0; i < count; i++) add_set(supposing, now ^ UINT64_C(1) << i);
  add_set(supposing, 0);
  for (uint32_t i = 0; i < count; i++) add_set(supposing, UINT64_C(1) << i);
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t j = 0; j < i; j++) add_set(supposing, now ^ UINT64_C(1) << i ^ UINT64_C(1) << j);
  }
}

/* ---- Sets in words ---- */

static void write_members(Buffer *out, const Fact *set, const Box *box, uint64_t want) {
  bool first = true;
  for (uint32_t m = 0; m < set->type.value_count; m++) {
    if (box->values[m] != want) continue;
    buffer_string(out, first ? "" : want == 1 ? " or " : " and ");
    buffer_text(out, set->type.values[m]);
    first = false;
  }
}

static bool is_open_box(const Fact *set, const Box *box, uint32_t of[4]) {
  for (uint32_t i = 0; i < 4; i++) of[i] = 0;
  for (uint32_t m = 0; m < set->type.value_count; m++) of[box->values[m]]++;
  return of[3] > 0 && of[3] >= of[1];
}

/* Of each member a box has it out (1), in (2), or either way (3): "nothing", "tki alone", "any with
 * tki, without interfant", "tki, with or without interfant". */
static void write_set(Buffer *out, const Fact *set, const Box *box) {
  uint32_t of[4];
  const bool is_open = is_open_box(set, box, of);
  if (is_open) buffer_string(out, of[2] > 0 ? "any with " : "any");
  if (of[2] + of[3] == 0) buffer_string(out, "nothing");
  write_members(out, set, box, 2);
  if (is_open && of[1] > 0)
    buffer_string(out, of[2] > 0 ? ", without " : " without "), write_members(out, set, box, 1);
  if (of[2] > 0 && of[3] == 0) buffer_string(out, " alone");
  if (is_open || of[3] == 0) return;
  buffer_string(out, of[2] > 0 ? ", with or without " : "at most ");
  write_members(out, set, box, 3);
}

Text suppose_members(Arena *arena, const Fact *set, const bool *in) {
  Box boxes[BOXES_MAX];
  Buffer out;
  Grid grid = grid_open();
  for (uint32_t m = 0; m < set->type.value_count; m++)
    if (!grid_add(&grid, 2)) return (Text){0};
  const uint32_t count = grid_cover(arena, &grid, in, boxes);
  if (count > BOXES_MAX) return (Text){0};
  for (uint32_t b = 0; b < count;
       b++) { /* "nothing; or any with tki", not "at most tki; or any with tki" */
    uint32_t of[4];
    if (is_open_box(set, &boxes[b], of)) continue;
    for (uint32_t m = 0; m < set->type.value_count; m++)
      if (boxes[b].values[m] == 3) grid_drop(&grid, boxes, count, b, m, 1);
  }
  buffer_open(&out, arena, 128);
  for (uint32_t b = 0; b < count; b++) {
    buffer_string(&out, out.length > 0 ? "; or " : "");
    write_set(&out, set, &boxes[b]);
  }
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}
