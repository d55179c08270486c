#include "bulk/summary.h"

#include <inttypes.h>

typedef struct Program {
  Text label;
  uint64_t count;
  const TallyEntry *entry;
} Program;

typedef struct Lines {
  Program *items;
  uint32_t count, capacity;
} Lines;

static void add(Lines *lines, Arena *arena, Text label, uint64_t count, const TallyEntry *entry) {
  for (uint32_t i = 0; i < lines->count; i++) {
    if (!text_equal(lines->items[i].label, label)) continue;
    lines->items[i].count += count;
    return;
  }
  LIST_PUSH(arena, *lines, ((Program){label, count, entry}));
}

/* Most first; equals by label. */
static void sort(Lines *lines) {
  for (uint32_t i = 1; i < lines->count; i++) {
    for (uint32_t j = i; j > 0; j--) {
      Program *a = &lines->items[j - 1], *b = &lines->items[j], swap = *a;
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

/* Pathways alone: what has none is not told. */
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

/* Criteria that alone were in the way, or made a change. */
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
    const Program *line = &lines->items[i];
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
                  name[0] == '\0' ? "the policy that covers each request" : name);
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

static void json_fields(Buffer *out, Text name, const char *const *keys) {
  for (uint32_t i = 0; keys[i] != NULL; i++) {
    if (keys[i][0] == '\0') continue;
    Text field = tally_field(name, i + 1);
    buffer_format(out, "\"%s\":", keys[i]);
    if (field.length > 0) buffer_json_string(out, field);
    if (field.length == 0) buffer_string(out, "null");
    buffer_character(out, ',');
  }
}

static void json_list(const SummarySubject *s, Buffer *out, const char *key, const char *first,
                      const char *second, const char *const *keys, Arena *arena) {
  Lines lines = {0};
  for (uint32_t i = 0; i < s->tally->entries.count; i++) {
    const TallyEntry *entry = &s->tally->entries.items[i];
    if (entry->count > 0 && text_is(tally_field(entry->name, 0), first) &&
        (second == NULL || text_is(tally_field(entry->name, 1), second)))
      LIST_PUSH(arena, lines, ((Program){entry->name, entry->count, entry}));
  }
  sort(&lines);
  buffer_format(out, "\"%s\":[", key);
  for (uint32_t i = 0; i < lines.count; i++) {
    const TallyEntry *entry = lines.items[i].entry;
    buffer_string(out, i == 0 ? "{" : ",{");
    json_fields(out, entry->name, keys);
    buffer_format(out, "\"requests\":%llu", (unsigned long long)entry->count);
    for (uint32_t e = 0; e < entry->example_count; e++) {
      buffer_string(out, e == 0 ? ",\"examples\":[" : ",");
      buffer_text(out, entry->examples[e]);
    }
    if (entry->example_count > 0) buffer_character(out, ']');
    buffer_character(out, '}');
  }
  buffer_character(out, ']');
}

const char *summary_json(const SummarySubject *s, Arena *arena) {
  static const char
      *const verdict[] = {"", "outcome", "reason", "pathway", "policy", "version", NULL},
             *const sole_unmet[] = {"", "policy", "version", "path", "title", NULL},
             *const missing[] = {"", "fact", NULL}, *const moved[] = {"before", "now", NULL};
  Buffer out;
  buffer_open(&out, arena, 4096);
  buffer_format(&out, "{\"requests\":%llu,\"rejected\":%llu,\"decided\":[",
                (unsigned long long)s->requests, (unsigned long long)s->rejected);
  for (uint32_t t = 0; t < s->plan->target_count; t++) {
    const char *number = arena_format(arena, "%u", t);
    buffer_string(&out, t == 0 ? "{\"by\":" : ",{\"by\":");
    if (s->plan->targets[t].name[0] == '\0') buffer_string(&out, "null");
    if (s->plan->targets[t].name[0] != '\0')
      buffer_json_string(&out, text_of(s->plan->targets[t].name));
    buffer_character(&out, ',');
    json_list(s, &out, "outcomes", "verdict", number, verdict, arena);
    if (s->criteria) buffer_character(&out, ',');
    if (s->criteria) json_list(s, &out, "only_unmet", "only_unmet", number, sole_unmet, arena);
    if (s->missing) buffer_character(&out, ',');
    if (s->missing) json_list(s, &out, "missing", "missing", number, missing, arena);
    buffer_character(&out, '}');
  }
  buffer_character(&out, ']');
  if (s->compares) {
    buffer_string(&out, ",\"impact\":{");
    json_list(s, &out, "moved", "moved", NULL, moved, arena);
    buffer_character(&out, ',');
    json_list(s, &out, "gain_by", "change", "gain", sole_unmet, arena);
    buffer_character(&out, ',');
    json_list(s, &out, "lose_by", "change", "lose", sole_unmet, arena);
    buffer_character(&out, '}');
  }
  buffer_string(&out, "}");
  return buffer_finish(&out);
}
