/* Drafts written as requests, with the little differences of spelling that must not matter. */
#include "request.h"

/* ---- Chance ---- */

uint64_t chance_next(Chance *chance) { /* splitmix64 */
  uint64_t z = chance->state += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}
uint32_t below(Chance *chance, uint32_t limit) { return (uint32_t)(chance_next(chance) % limit); }
bool in_100(Chance *chance, uint32_t percent) { return below(chance, 100) < percent; }

/* ---- Drafts ---- */

bool is_known(const Given *given) { return given->present && !given->no_word; }

Draft draft_copy(Arena *arena, const Draft *draft) {
  Draft copy = *draft;
  uint32_t uses = draft->subject->uses.count, extra = draft->subject->extra.count;
  copy.uses = ARENA_ARRAY(arena, Given, uses + 1);
  copy.extra = ARENA_ARRAY(arena, Given, extra + 1);
  memcpy(copy.uses, draft->uses, uses * sizeof *copy.uses);
  memcpy(copy.extra, draft->extra, extra * sizeof *copy.extra);
  for (uint32_t i = 0; i < uses; i++) {
    if (copy.uses[i].entry_count == 0) continue;
    copy.uses[i].entries = ARENA_ARRAY(arena, GivenEntry, copy.uses[i].entry_count);
    memcpy(copy.uses[i].entries, draft->uses[i].entries,
           copy.uses[i].entry_count * sizeof(GivenEntry));
  }
  return copy;
}

/* ---- As JSON ---- */

static void add_member(Arena *arena, Members *members, const char *name, int name_length,
                       Text value) {
  const char *member =
      arena_format(arena, "\"%.*s\":%.*s", name_length, name, (int)value.length, value.at);
  assert(members->count < MEMBERS_MOST);
  members->items[members->count++] = text_of(member);
}

static void add_word(Arena *arena, Members *members, const char *name, const char *word) {
  add_member(arena, members, name, (int)strlen(name), text_of(arena_format(arena, "\"%s\"", word)));
}

static Text join_members(Arena *arena, Members *members, Chance *order) {
  Buffer out;
  buffer_open(&out, arena, 256);
  buffer_character(&out, '{');
  for (uint32_t i = 0; i < members->count; i++) {
    if (order != NULL) {
      uint32_t other = i + below(order, members->count - i);
      Text swap = members->items[i];
      members->items[i] = members->items[other];
      members->items[other] = swap;
    }
    if (i > 0) buffer_character(&out, ',');
    buffer_text(&out, members->items[i]);
  }
  buffer_character(&out, '}');
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

static void write_word(Buffer *out, const Type *type, uint32_t choice) {
  Text word = type->values[choice];
  bool yes_no =
      type->value_count == 2 && text_is(type->values[0], "yes") && text_is(type->values[1], "no");
  if (yes_no) {
    buffer_string(out, choice == 0 ? "true" : "false");
  } else {
    buffer_json_string(out, word);
  }
}

static void write_name(Buffer *out, const Vocabulary *vocabulary, uint32_t name) {
  buffer_json_string(out, name == 0 ? TEXT("zz-other") : vocabulary->names.items[name - 1]);
}

static void write_day(Buffer *out, Date day) {
  char text[10];
  date_write(day, text);
  buffer_json_string(out, (Text){text, 10});
}

static void write_quantity(Buffer *out, const Fact *fact, Amount amount) {
  bool unit = dimension_units(fact->type.dimension)[0] != '\0';
  if (unit) buffer_character(out, '"');
  quantity_write(out, amount, fact->type.dimension);
  if (unit) buffer_character(out, '"');
}

/* Not "6 months and 3 days", which no request can say: such a length is stated in days. */
static void write_length(Buffer *out, Span span) {
  if (span.months != 0) buffer_format(out, "\"%d months\"", span.months);
  if (span.months == 0) buffer_format(out, "\"%d days\"", span.days);
}

static Text write_entry(Arena *arena, const Subject *s, const Fact *fact, const GivenEntry *entry,
                        Chance *order) {
  Members members = {.count = 0};
  for (uint32_t f = 0; f < fact->field_count; f++) {
    Buffer value;
    if (!entry->known[f]) continue;
    buffer_open(&value, arena, 32);
    if (fact->fields[f].type.kind == TYPE_NAME) {
      write_name(&value, s->vocabulary, entry->choice[f]);
    } else {
      write_word(&value, &fact->fields[f].type, entry->choice[f]);
    }
    add_member(arena, &members, fact->fields[f].name.at, (int)fact->fields[f].name.length,
               (Text){value.at, (uint32_t)value.length});
  }
  if (entry->documented) add_word(arena, &members, "document", "lab-1");
  return join_members(arena, &members, order);
}

static void write_value(Buffer *out, Arena *arena, const Subject *s, const Fact *fact,
                        const Given *given, Chance *order) {
  const Item *item = &given->item;
  if (item->none) {
    buffer_string(out, "\"none\"");
    return;
  }
  bool first = true;
  switch (fact->type.kind) {
    case TYPE_ENUMERATION:
      write_word(out, &fact->type, item->choice);
      return;
    case TYPE_QUANTITY:
      write_quantity(out, fact, item->amount);
      return;
    case TYPE_DATE:
      write_day(out, item->date);
      return;
    case TYPE_DURATION:
      write_length(out, item->span);
      return;
    case TYPE_NAME:
      write_name(out, s->vocabulary, item->name);
      return;
    case TYPE_CODE:
      buffer_json_string(out, item->code);
      return;
    case TYPE_SET:
      buffer_character(out, '[');
      for (uint32_t v = 0; v < fact->type.value_count; v++) {
        if (!((item->members >> v) & 1)) continue;
        if (!first) buffer_character(out, ',');
        first = false;
        write_word(out, &fact->type, v);
      }
      buffer_character(out, ']');
      return;
    case TYPE_LIST:
      buffer_character(out, '[');
      for (uint32_t e = 0; e < given->entry_count; e++) {
        if (e > 0) buffer_character(out, ',');
        buffer_text(out, write_entry(arena, s, fact, &given->entries[e], order));
      }
      buffer_character(out, ']');
      return;
    case TYPE_SERIES:
      return;
  }
}

static const char *source_of(const Fact *fact, const Given *given) {
  if (fact->supplier == SUPPLIER_REQUESTER) return NULL;
  if (given->no_word) return "requester";
  return fact->supplier == SUPPLIER_REVIEWER ? "reviewer" : "record";
}

static void add_fact_member(Arena *arena, Members *facts, const Subject *s, const Fact *fact,
                            const Given *given, Chance *order, Chance *entries) {
  Buffer value;
  buffer_open(&value, arena, 64);
  write_value(&value, arena, s, fact, given, entries);
  Text text = {value.at, (uint32_t)value.length};
  const char *source = source_of(fact, given);
  bool plain = source == NULL && !given->documented;
  if (!plain) {
    Members evidence = {.count = 0};
    add_member(arena, &evidence, "value", 5, text);
    if (given->documented) add_word(arena, &evidence, "document", "chart-7");
    if (source != NULL) add_word(arena, &evidence, "source", source);
    text = join_members(arena, &evidence, order);
  }
  add_member(arena, facts, fact->name.at, (int)fact->name.length, text);
  if (fact->type.kind == TYPE_LIST && fact->complete_when != NULL && given->complete >= 0) {
    add_member(arena, facts, fact->complete_when->name.at, (int)fact->complete_when->name.length,
               given->complete ? TEXT("true") : TEXT("false"));
  }
}

Text draft_json(Arena *arena, const Draft *draft, Chance *order, Chance *entries) {
  const Subject *s = draft->subject;
  Members facts = {.count = 0}, head = {.count = 0};
  for (uint32_t i = 0; i < s->uses.count; i++) {
    if (draft->uses[i].present)
      add_fact_member(arena, &facts, s, s->uses.items[i].fact, &draft->uses[i], order, entries);
  }
  for (uint32_t i = 0; i < s->extra.count; i++) {
    if (draft->extra[i].present)
      add_fact_member(arena, &facts, s, s->extra.items[i], &draft->extra[i], order, entries);
  }
  Given noise = {.present = true, .item = draft->noise_item};
  if (draft->noise != NULL) add_fact_member(arena, &facts, s, draft->noise, &noise, order, entries);
  add_word(arena, &head, "id", arena_format(arena, "P-%u", draft->number));
  if (draft->by_id) add_word(arena, &head, "policy", s->policy->id);
  if (!draft->by_id) add_word(arena, &head, "payer", s->policy->payer);
  add_word(arena, &head, "line", arena_format(arena, "%.*s", (int)s->line.length, s->line.at));
  add_word(arena, &head, "drug", arena_format(arena, "%.*s", (int)s->drug.length, s->drug.at));
  add_word(arena, &head, "kind", s->kind == KIND_INITIAL ? "initial" : "continuation");
  char received[10], start[10];
  date_write(s->received, received);
  date_write(s->start, start);
  add_word(arena, &head, "received", arena_format(arena, "%.10sT09:30:00Z", received));
  if (s->start != s->received) add_word(arena, &head, "start", arena_format(arena, "%.10s", start));
  add_member(arena, &head, "facts", 5, join_members(arena, &facts, order));
  return join_members(arena, &head, order);
}
