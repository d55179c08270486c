/* words: what cells mean to a reader.
 *
 * Of each fact the cells that are left in a function are found by projection (space.h), and written
 * in the policy's own words: values by their names, lines of values from cut to cut.
 *
 * Invariant: what is said holds of every request that meets the function; what takes too many words
 * is left out. */
#include "prove/words.h"

#include <string.h>

enum { WORDS_VALUES = 4 }; /* more alternatives than this say little to a reader */

/* ---- Names of what is compared ---- */

/* The derivation that the vocabulary has for a length between two dates: "age". */
static const char *derived_name(const Space *space, const Term *term) {
  const Vocabulary *vocabulary = space->vocabulary;
  const char *value =
      arena_format(space->arena, "from %s to %s", shown(space->arena, term->a->fact->name),
                   shown(space->arena, term->b->fact->name));
  for (uint32_t i = 0; i < vocabulary->syntax->declarations.derivations.count; i++) {
    const DeriveSyntax *derive = vocabulary->syntax->declarations.derivations.items[i];
    uint32_t start = derive->span.start, end = derive->span.end;
    while (end < vocabulary->source->text.length && vocabulary->source->text.at[end] != '\n') end++;
    const char *line = arena_copy(space->arena, vocabulary->source->text.at + start, end - start);
    const char *at = strstr(line, value);
    if (at != NULL && strlen(at) == strlen(value)) return shown(space->arena, derive->name.text);
  }
  return value;
}

static const char *term_name(const Space *space, const Term *term) {
  if (term->kind == TERM_FACT) return shown(space->arena, term->fact->name);
  if (term->kind == TERM_FROM_TO && term->a->kind == TERM_FACT && term->b->kind == TERM_FACT)
    return derived_name(space, term);
  return NULL;
}

static void write_threshold(Buffer *out, const Variable *variable, uint32_t index) {
  const Threshold *at = &variable->thresholds.items[index];
  char day[10];
  if (variable->kind == VARIABLE_LENGTH) {
    span_write(out, at->span);
  } else if (variable->anchor != NULL) {
    if (at->span.months != 0 || at->span.days != 0) {
      span_write(out, at->span);
      buffer_string(out, " before ");
    }
    buffer_text(out, variable->anchor->name);
  } else if (variable->term->value == VALUE_DATE) {
    date_write((Date)at->amount, day);
    buffer_append(out, day, sizeof day);
  } else {
    quantity_write(out, at->amount, variable->term->dimension);
  }
}

/* ---- Cells ---- */

static bool is_run(uint64_t cells) {
  uint64_t low = cells & -cells, run = cells / low;
  return (run & (run + 1)) == 0;
}

/* Cells i to j of lengths: i = 0 has no lower end, j = count no upper. */
static void write_lengths(Buffer *out, const Variable *variable, uint32_t first, uint32_t last) {
  uint32_t count = variable->thresholds.count;
  if (first > 0) write_threshold(out, variable, first - 1);
  if (first > 0) buffer_string(out, last == count ? " or more" : " to ");
  if (last < count) {
    buffer_string(out, "under ");
    write_threshold(out, variable, last);
  }
}

/* Even cells are gaps between thresholds, odd ones the thresholds. */
static void write_ordered(Buffer *out, const Variable *variable, uint32_t first, uint32_t last) {
  uint32_t end = 2 * variable->thresholds.count;
  bool dates = variable->term->value == VALUE_DATE;
  if (first == last && first % 2 == 1) {
    buffer_string(out, dates ? "on " : "exactly ");
    write_threshold(out, variable, first / 2);
    return;
  }
  if (first > 0) {
    buffer_string(out,
                  first % 2 == 1 ? (dates ? "from " : "at least ") : (dates ? "after " : "above "));
    write_threshold(out, variable, first % 2 == 1 ? first / 2 : first / 2 - 1);
  }
  if (first > 0 && last < end) buffer_string(out, " and ");
  if (last < end) {
    buffer_string(
        out, last % 2 == 1 ? (dates ? "not after " : "at most ") : (dates ? "before " : "below "));
    write_threshold(out, variable, last / 2);
  }
}

/* Cells that no patient has belong to the run beside them: between two cells, or beyond the first
 * and the last that some patient has. */
static uint64_t with_empty(const Variable *variable, uint64_t rest, uint64_t all) {
  uint64_t filled = rest;
  uint32_t first = variable->has_none ? 1 : 0;
  if (rest == 0) return 0;
  for (uint32_t c = first; c < variable->arity; c++) {
    uint64_t below = rest & ((UINT64_C(1) << c) - 1), above = rest & ~((UINT64_C(2) << c) - 1);
    uint64_t all_below = all & ((UINT64_C(1) << c) - 1),
             all_above = all & ~((UINT64_C(2) << c) - 1);
    if ((all >> c) & 1) continue;
    bool from_below = below != 0 && (all_below >> (63 - __builtin_clzll(below))) ==
                                        1; /* the nearest below belongs to the run */
    bool from_above = above != 0 && (all_above & -all_above) == (above & -above);
    bool lowest = all_below == 0, highest = all_above == 0;
    if ((from_below || lowest) && (from_above || highest)) filled |= UINT64_C(1) << c;
  }
  return filled;
}

static bool write_line(Buffer *out, const Space *space, const Variable *variable, uint64_t cells,
                       uint64_t all) {
  const char *name = term_name(space, variable->term);
  if (name == NULL) return false;
  uint64_t none_bit = variable->has_none ? 1 : 0, none = cells & none_bit, rest = cells & ~none;
  rest = with_empty(variable, rest, all & ~none_bit);
  if (rest != 0 && !is_run(rest)) return false;
  buffer_format(out, "%s: ", name);
  if (none != 0) buffer_string(out, rest == 0 ? "none" : "none, or ");
  if (rest == 0) return true;
  uint32_t shift = variable->has_none ? 1 : 0;
  uint32_t first = (uint32_t)__builtin_ctzll(rest) - shift,
           last = 63 - (uint32_t)__builtin_clzll(rest) - shift;
  if (variable->kind == VARIABLE_LENGTH) {
    write_lengths(out, variable, first, last);
  } else {
    write_ordered(out, variable, first, last);
  }
  return true;
}

static bool write_choices(Buffer *out, const Fact *fact, uint64_t cells) {
  if (__builtin_popcountll(cells) > WORDS_VALUES) return false;
  buffer_text(out, fact->name);
  buffer_string(out, ": ");
  for (uint64_t rest = cells; rest != 0; rest &= rest - 1) {
    if (rest != cells) buffer_string(out, (rest & (rest - 1)) == 0 ? " or " : ", ");
    buffer_text(out, fact->type.values[__builtin_ctzll(rest)]);
  }
  return true;
}

/* Sets by the values they hold: those that the cells have in every case, where it is one case. */
static bool write_set(Buffer *out, const Variable *variable, uint64_t cells) {
  if ((cells & (cells - 1)) != 0) return false;
  uint64_t pattern = variable->patterns[__builtin_ctzll(cells)];
  const Condition *is = NULL, *includes = NULL;
  for (uint32_t i = 0; i < variable->tests.count; i++) {
    if (!((pattern >> i) & 1)) continue;
    if (variable->tests.items[i]->kind == CONDITION_SET_IS) is = variable->tests.items[i];
    if (variable->tests.items[i]->kind == CONDITION_INCLUDES) includes = variable->tests.items[i];
  }
  const Condition *test = is != NULL ? is : includes;
  if (test == NULL) return false;
  buffer_text(out, variable->fact->name);
  buffer_string(out, is != NULL ? ": {" : ": with ");
  for (uint64_t rest = test->mask; rest != 0; rest &= rest - 1) {
    if (rest != test->mask) buffer_string(out, ", ");
    buffer_text(out, variable->fact->type.values[__builtin_ctzll(rest)]);
  }
  if (is != NULL) buffer_character(out, '}');
  return true;
}

/* The drugs of the policy that fall into these cells. */
static bool write_drugs(Buffer *out, const Space *space, const Variable *variable, uint64_t cells) {
  Facts facts = {.vocabulary = space->vocabulary};
  facts.values = ARENA_ARRAY(space->arena, FactValue, space->vocabulary->facts.count);
  uint32_t reported = 0;
  for (uint32_t i = 0; i < space->drugs.count; i++) {
    facts.values[FACT_DRUG] =
        (FactValue){.present = true,
                    .known = true,
                    .name = vocabulary_name(space->vocabulary, space->drugs.items[i])};
    if ((variable_cells(variable, &facts, NULL, ENTRIES_ALL) & cells) == 0) continue;
    buffer_string(out, reported++ == 0 ? "drug: " : " or ");
    buffer_text(out, space->drugs.items[i]);
  }
  return reported > 0 && reported < space->drugs.count;
}

/* A product's cells, as those of one part. */
static uint64_t part_cells(const Variable *part, uint64_t cells) {
  uint64_t mine = 0;
  for (uint32_t cell = 0; cell < part->product->arity; cell++) {
    if ((cells >> cell) & 1) mine |= UINT64_C(1) << (cell / part->stride % part->arity);
  }
  return mine;
}

static bool write_cells(Buffer *out, const Space *space, const Variable *variable, uint64_t cells,
                        uint64_t all) {
  switch (variable->kind) {
    case VARIABLE_CHOICE:
      return write_choices(out, variable->fact, cells);
    case VARIABLE_ORDERED:
    case VARIABLE_LENGTH:
      return write_line(out, space, variable, cells, all);
    case VARIABLE_PATTERN:
      if (variable->fact->index == FACT_DRUG) return write_drugs(out, space, variable, cells);
      return variable->fact->type.kind == TYPE_SET && write_set(out, variable, cells);
    case VARIABLE_GIVEN:
      if (cells != 1) return false;
      buffer_text(out, variable->fact->name);
      buffer_string(out, ": not given");
      return true;
    case VARIABLE_DOCUMENTED:
      if (cells != 1) return false;
      buffer_text(out, variable->fact->name);
      buffer_string(out, ": not documented");
      return true;
    case VARIABLE_PRODUCT:
    case VARIABLE_JOINT:
      break;
  }
  return false;
}

typedef struct Projections {
  uint64_t *cells, *care, *all; /* per variable: of the function, of what it is distinguished from,
                                   of what is possible */
} Projections;

/* True where something was said. */
static bool add_part(Buffer *out, const Space *space, const Variable *variable, uint64_t cells,
                     uint64_t care, uint64_t all) {
  size_t before = out->length;
  if (cells == care || cells == 0) return false;
  if (before > 0) buffer_string(out, "; ");
  size_t start = out->length;
  if (write_cells(out, space, variable, cells, all) && out->length > start) return true;
  out->length = before;
  return false;
}

static uint64_t *projection(const Space *space, DiagramRef function) {
  uint64_t *cells = ARENA_ARRAY(space->arena, uint64_t, space->set->variables.count + 1);
  space_project(space, function, cells);
  return cells;
}

Text words_in_common(const Space *space, DiagramRef function, DiagramRef care) {
  Projections p = {projection(space, function), projection(space, care),
                   projection(space, space->possible)};
  Buffer out;
  buffer_open(&out, space->arena, 128);
  for (uint32_t v = 0; v < space->set->variables.count; v++) {
    const Variable *variable = space->set->variables.items[v];
    if (variable->kind != VARIABLE_PRODUCT) {
      add_part(&out, space, variable, p.cells[v], p.care[v], p.all[v]);
      continue;
    }
    bool said = false; /* an age says that the birth was before the start */
    for (uint32_t i = 0; i < variable->parts.count; i++) {
      const Variable *part = variable->parts.items[i];
      if (said && part->anchor != NULL) continue;
      said |= add_part(&out, space, part, part_cells(part, p.cells[v]), part_cells(part, p.care[v]),
                       part_cells(part, p.all[v]));
    }
  }
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

Text words_of_criterion(Arena *arena, const Criterion *criterion) {
  const char *gap = criterion->path.length > 0 && criterion->title.length > 0 ? " " : "";
  Text path = criterion->path, title = criterion->title;
  if (path.length + title.length == 0) return TEXT("the whole page");
  return text_of(arena_format(arena, "%.*s%s%.*s", (int)path.length, path.at, gap,
                              (int)title.length, title.at));
}
