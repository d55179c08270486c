/* What a run decided, counted: lists for people, the most frequent first, and the same as JSON.
 *
 * A list is selected from the tally by the first fields of a name (tally.h), which say what was
 * counted and for which set of policies. */
#include "bulk/summary.h"

#include <inttypes.h>

#include "json/writer.h"

typedef struct SummaryLine {
  Text label;
  uint64_t count;
  const TallyEntry *entry;
} SummaryLine;

typedef struct Lines {
  SummaryLine *items;
  uint32_t count, capacity;
} Lines;

static void add(Lines *lines, Arena *arena, Text label, uint64_t count, const TallyEntry *entry) {
  for (uint32_t i = 0; i < lines->count; i++) {
    if (!text_equal(lines->items[i].label, label)) continue;
    lines->items[i].count += count;
    return;
  }
  LIST_PUSH(arena, *lines, ((SummaryLine){label, count, entry}));
}

/* Most first; equals by label. */
static void sort(Lines *lines) {
  for (uint32_t i = 1; i < lines->count; i++) {
    for (uint32_t j = i; j > 0; j--) {
      SummaryLine *a = &lines->items[j - 1], *b = &lines->items[j], swap = *a;
      if (a->count > b->count || (a->count == b->count && text_compare(a->label, b->label) <= 0))
        break;
      *a = *b;
      *b = swap;
    }
  }
}

/* What a line is called: some fields of the name, joined. */
static Text label_of(Text name, const uint32_t *fields, Arena *arena) {
  Buffer out;
  buffer_open(&out, arena, 64);
  for (; *fields != 0; fields++) {
    Text field = tally_field(name, *fields);
    if (field.length == 0) continue;
    if (out.length > 0) buffer_character(&out, ' ');
    buffer_text(&out, field);
  }
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

static Lines select_lines(const SummarySubject *s, const char *first, const char *second,
                          const uint32_t *fields, Arena *arena) {
  Lines lines = {0};
  for (uint32_t i = 0; i < s->tally->entries.count; i++) {
    const TallyEntry *entry = &s->tally->entries.items[i];
    if (!text_is(tally_field(entry->name, 0), first) ||
        (second != NULL && !text_is(tally_field(entry->name, 1), second)))
      continue;
    if (entry->count == 0) continue;
    Text label = label_of(entry->name, fields, arena);
    if (label.length > 0) add(&lines, arena, label, entry->count, entry);
  }
  sort(&lines);
  return lines;
}

/* Do criteria of several versions of one policy stand in the list? Then each names its own: what a
 * label means may have changed. */
static bool has_versions(const SummarySubject *s, const char *first, const char *second,
                         Text policy) {
  Text version = {0};
  for (uint32_t i = 0; i < s->tally->entries.count; i++) {
    const TallyEntry *entry = &s->tally->entries.items[i];
    if (!text_is(tally_field(entry->name, 0), first) ||
        !text_is(tally_field(entry->name, 1), second) ||
        !text_equal(tally_field(entry->name, 2), policy))
      continue;
    const Text here = tally_field(entry->name, 3);
    if (version.at != NULL && !text_equal(version, here)) return true;
    version = here;
  }
  return false;
}

static const uint32_t by_outcome[] = {2, 0}, by_reason[] = {3, 0}, by_pathway[] = {5, 4, 0},
                      by_version[] = {5, 6, 0}, by_fact[] = {2, 0}, by_criterion[] = {2, 4, 5, 0},
                      by_version_and_criterion[] = {2, 3, 4, 5, 0}, by_move[] = {1, 2, 0};

/* Pathways alone: what has none is not listed. */
static Lines pathway_lines(const SummarySubject *s, const char *target, Arena *arena) {
  Lines lines = {0};
  for (uint32_t i = 0; i < s->tally->entries.count; i++) {
    const TallyEntry *entry = &s->tally->entries.items[i];
    if (!text_is(tally_field(entry->name, 0), "verdict") ||
        !text_is(tally_field(entry->name, 1), target))
      continue;
    if (tally_field(entry->name, 4).length > 0)
      add(&lines, arena, label_of(entry->name, by_pathway, arena), entry->count, entry);
  }
  sort(&lines);
  return lines;
}

/* Criteria that were the only unmet ones, or made a change. */
static Lines criterion_lines(const SummarySubject *s, const char *first, const char *second,
                             Arena *arena) {
  Lines lines = {0};
  for (uint32_t i = 0; i < s->tally->entries.count; i++) {
    const TallyEntry *entry = &s->tally->entries.items[i];
    if (!text_is(tally_field(entry->name, 0), first) ||
        !text_is(tally_field(entry->name, 1), second) || entry->count == 0)
      continue;
    const bool versions = has_versions(s, first, second, tally_field(entry->name, 2));
    add(&lines, arena,
        label_of(entry->name, versions ? by_version_and_criterion : by_criterion, arena),
        entry->count, entry);
  }
  sort(&lines);
  return lines;
}

/* ---- For people ---- */

/* In percent with one decimal, ties to even, as printf would round; but printf asks the locale
 * which decimal point to write. */
static void write_share(Buffer *out, uint64_t count, uint64_t total) {
  uint64_t tenths = count * 1000 / total;
  const uint64_t twice_left = count * 1000 % total * 2;
  if (twice_left > total || (twice_left == total && tenths % 2 == 1)) tenths++;
  buffer_format(out, " %3" PRIu64 ".%" PRIu64 " %%", tenths / 10, tenths % 10);
}

static void write_lines(Buffer *out, const char *heading, const Lines *lines, uint64_t total) {
  if (lines->count == 0) return;
  buffer_format(out, "\n%s\n", heading);
  for (uint32_t i = 0; i < lines->count; i++) {
    const SummaryLine *line = &lines->items[i];
    buffer_format(out, "  %12llu", (unsigned long long)line->count);
    if (total > 0) write_share(out, line->count, total);
    buffer_format(out, "  %.*s\n", (int)line->label.length, line->label.at);
  }
}

static void write_moves(const SummarySubject *s, Buffer *out, bool gain, Arena *arena) {
  Lines moves = select_lines(s, "moved", NULL, by_move, arena);
  uint64_t sum = 0;
  for (uint32_t i = 0; i < moves.count; i++) {
    const Text name = moves.items[i].entry->name;
    bool from = text_is(tally_field(name, 1), "approve"),
         to = text_is(tally_field(name, 2), "approve");
    if (from != to && to == gain) sum += moves.items[i].count;
  }
  buffer_format(out, "\n%s: %llu\n", gain ? "Gain the approval" : "Lose the approval",
                (unsigned long long)sum);
  for (uint32_t i = 0; i < moves.count; i++) {
    const TallyEntry *entry = moves.items[i].entry;
    Text from = tally_field(entry->name, 1), to = tally_field(entry->name, 2);
    if (text_is(from, "approve") == text_is(to, "approve") || text_is(to, "approve") != gain)
      continue;
    buffer_format(out, "  %12llu  %.*s before, %.*s now", (unsigned long long)entry->count,
                  (int)from.length, from.at, (int)to.length, to.at);
    for (uint32_t e = 0; e < entry->example_count; e++)
      buffer_format(out, "%s%.*s", e == 0 ? ": " : ", ", (int)entry->examples[e].length,
                    entry->examples[e].at);
    buffer_character(out, '\n');
  }
  Lines by = criterion_lines(s, "change", gain ? "gain" : "lose", arena);
  write_lines(out,
              gain ? "  by a criterion that was the only one unmet before"
                   : "  by a criterion that is the only one unmet now",
              &by, 0);
}

static void write_target(const SummarySubject *s, uint32_t target, Buffer *out, Arena *arena) {
  const char *number = arena_format(arena, "%u", target), *name = s->plan->targets[target].name;
  const uint64_t total = s->requests - s->rejected;
  if (s->plan->target_count > 1)
    buffer_format(out, "\n== by %s\n",
                  name[0] == '\0' ? "the policy that applies to each request" : name);
  Lines lines = select_lines(s, "verdict", number, by_outcome, arena);
  write_lines(out, "Outcomes", &lines, total);
  lines = select_lines(s, "verdict", number, by_reason, arena);
  write_lines(out, "Reasons", &lines, total);
  lines = pathway_lines(s, number, arena);
  write_lines(out, "Pathways", &lines, total);
  lines = select_lines(s, "verdict", number, by_version, arena);
  write_lines(out, "Policies", &lines, total);
  lines = criterion_lines(s, "only_unmet", number, arena);
  write_lines(out, "The only unmet criterion", &lines, 0);
  lines = select_lines(s, "missing", number, by_fact, arena);
  write_lines(out, "Missing from requests that pend", &lines, 0);
}

const char *summary_text(const SummarySubject *s, Arena *arena) {
  Buffer out;
  buffer_open(&out, arena, 4096);
  buffer_format(&out, "%llu request%s, %llu rejected\n", (unsigned long long)s->requests,
                s->requests == 1 ? "" : "s", (unsigned long long)s->rejected);
  for (uint32_t t = 0; t < s->plan->target_count; t++) write_target(s, t, &out, arena);
  if (s->compares) {
    write_moves(s, &out, true, arena);
    write_moves(s, &out, false, arena);
  }
  return buffer_finish(&out);
}

/* ---- For programs ---- */

static void json_fields(JsonWriter *json, Text name, const char *const *keys) {
  for (uint32_t i = 0; keys[i] != NULL; i++)
    if (keys[i][0] != '\0') json_text_or_null_member(json, keys[i], tally_field(name, i + 1));
}

static void json_entry(JsonWriter *json, const TallyEntry *entry, const char *const *keys) {
  json_begin_object(json);
  json_fields(json, entry->name, keys);
  json_integer_member(json, "requests", (int64_t)entry->count);
  if (entry->example_count > 0) {
    json_array_member(json, "examples");
    for (uint32_t e = 0; e < entry->example_count; e++) json_raw(json, entry->examples[e]);
    json_end_array(json);
  }
  json_end_object(json);
}

static void json_list(const SummarySubject *s, JsonWriter *json, const char *key, const char *first,
                      const char *second, const char *const *keys) {
  Arena *arena = json->out->arena;
  Lines lines = {0};
  for (uint32_t i = 0; i < s->tally->entries.count; i++) {
    const TallyEntry *entry = &s->tally->entries.items[i];
    if (entry->count > 0 && text_is(tally_field(entry->name, 0), first) &&
        (second == NULL || text_is(tally_field(entry->name, 1), second)))
      LIST_PUSH(arena, lines, ((SummaryLine){entry->name, entry->count, entry}));
  }
  sort(&lines);
  json_array_member(json, key);
  for (uint32_t i = 0; i < lines.count; i++) json_entry(json, lines.items[i].entry, keys);
  json_end_array(json);
}

static const char *const verdict_keys[] = {"",       "outcome", "reason", "pathway",
                                           "policy", "version", NULL};
static const char *const criterion_keys[] = {"", "policy", "version", "path", "title", NULL};
static const char *const missing_keys[] = {"", "fact", NULL};
static const char *const moved_keys[] = {"before", "now", NULL};

static void json_target(const SummarySubject *s, JsonWriter *json, uint32_t target) {
  const char *number = arena_format(json->out->arena, "%u", target);
  json_begin_object(json);
  json_string_or_null_member(json, "by", s->plan->targets[target].name);
  json_list(s, json, "outcomes", "verdict", number, verdict_keys);
  if (s->criteria) json_list(s, json, "only_unmet", "only_unmet", number, criterion_keys);
  if (s->missing) json_list(s, json, "missing", "missing", number, missing_keys);
  json_end_object(json);
}

static void json_impact(const SummarySubject *s, JsonWriter *json) {
  json_object_member(json, "impact");
  json_list(s, json, "moved", "moved", NULL, moved_keys);
  json_list(s, json, "gain_by", "change", "gain", criterion_keys);
  json_list(s, json, "lose_by", "change", "lose", criterion_keys);
  json_end_object(json);
}

const char *summary_json(const SummarySubject *s, Arena *arena) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, arena, 4096);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  json_integer_member(&json, "requests", (int64_t)s->requests);
  json_integer_member(&json, "rejected", (int64_t)s->rejected);
  json_array_member(&json, "decided");
  for (uint32_t t = 0; t < s->plan->target_count; t++) json_target(s, &json, t);
  json_end_array(&json);
  if (s->compares) json_impact(s, &json);
  json_end_object(&json);
  json_writer_close(&json);
  return buffer_finish(&out);
}
