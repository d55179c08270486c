/* Why no policy covers a request, and what was perhaps meant.
 *
 * The policies are narrowed down in the order in which a request is looked up: those of the payer
 * (or of the id that is named), of these the ones for the drug, of these the ones for the line of
 * business, of these the one in force. The first step that leaves none is the reason.
 */
#include "library/uncovered.h"

#include <stdlib.h>

#include "base/unreachable.h"

static bool is_asked(const Policy *policy, const PolicySearch *search) {
  return search->policy.length > 0 ? text_equal(policy->id, search->policy)
                                   : text_equal(policy->payer, search->payer);
}

static bool is_for_drug(const Policy *policy, Text drug) {
  for (uint32_t i = 0; i < policy->drugs.count; i++) {
    if (text_equal_ignoring_case(policy->drugs.items[i], drug)) return true;
  }
  return false;
}

static bool is_for_line(const Policy *policy, int line) {
  return line >= 0 && ((policy->lines >> line) & 1);
}

/* How many steps the policy fits: 0 to 3. */
static uint32_t steps_of(const Policy *policy, const PolicySearch *search) {
  if (!is_asked(policy, search)) return 0;
  if (!is_for_drug(policy, search->drug)) return 1;
  return is_for_line(policy, search->line) ? 3 : 2;
}

Uncovered library_uncovered(const licet_library *library, const PolicySearch *search) {
  uint32_t most = 0;
  for (uint32_t i = 0; i < library->policies.count; i++) {
    const uint32_t steps = steps_of(library->policies.items[i]->model, search);
    if (steps > most) most = steps;
  }
  static const Uncovered by_steps[] = {UNCOVERED_PAYER, UNCOVERED_DRUG, UNCOVERED_LINE,
                                       UNCOVERED_DATE};
  return most == 0 && search->policy.length > 0 ? UNCOVERED_POLICY : by_steps[most];
}

static const struct {
  licet_reason reason;
  const char *key;
} uncovered_words[] = {
    [UNCOVERED_POLICY] = {LICET_REASON_UNKNOWN_POLICY, "policy"},
    [UNCOVERED_PAYER] = {LICET_REASON_UNKNOWN_PAYER, "payer"},
    [UNCOVERED_DRUG] = {LICET_REASON_DRUG_NOT_COVERED, "drug"},
    [UNCOVERED_LINE] = {LICET_REASON_LINE_NOT_COVERED, "line"},
    [UNCOVERED_DATE] = {LICET_REASON_NOT_IN_FORCE, "received"},
};

licet_reason uncovered_reason(Uncovered uncovered) { return uncovered_words[uncovered].reason; }
const char *uncovered_key(Uncovered uncovered) { return uncovered_words[uncovered].key; }

/* ---- What was perhaps meant ---- */

typedef LIST(Text) Names;

static Text nearest_of(Text word, const Names *names) {
  const int nearest = text_nearest(word, names->items, names->count);
  return nearest < 0 ? (Text){0} : names->items[nearest];
}

static char small(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }
static bool is_letter(char c) { return small(c) >= 'a' && small(c) <= 'z'; }

/* As a whole word, in any letter case: titles hold brand names, "Blinatumomab (Blincyto)". */
static bool title_has(Text title, Text word) {
  for (uint32_t at = 0; at + word.length <= title.length; at++) {
    const uint32_t end = at + word.length;
    if ((at > 0 && is_letter(title.at[at - 1])) || (end < title.length && is_letter(title.at[end])))
      continue;
    if (text_equal_ignoring_case((Text){title.at + at, word.length}, word)) return true;
  }
  return false;
}

static Text nearest_drug(Arena *arena, const licet_library *library, const PolicySearch *search) {
  Names names = {0};
  Text branded = {0};
  for (uint32_t i = 0; i < library->policies.count; i++) {
    const Policy *policy = library->policies.items[i]->model;
    if (!is_asked(policy, search)) continue;
    if (branded.length == 0 && search->drug.length > 2 && title_has(policy->title, search->drug))
      branded = policy->drugs.items[0];
    for (uint32_t d = 0; d < policy->drugs.count; d++)
      LIST_PUSH(arena, names, policy->drugs.items[d]);
  }
  return branded.length > 0 ? branded : nearest_of(search->drug, &names);
}

static Text nearest_name(Arena *arena, const licet_library *library, const PolicySearch *search) {
  const bool by_id = search->policy.length > 0;
  Names names = {0};
  for (uint32_t i = 0; i < library->policies.count; i++) {
    const Policy *policy = library->policies.items[i]->model;
    LIST_PUSH(arena, names, by_id ? policy->id : policy->payer);
  }
  return nearest_of(by_id ? search->policy : search->payer, &names);
}

/* The lines of the policies for the drug: "commercial | exchange". */
static Text lines_covered(Arena *arena, const licet_library *library, const PolicySearch *search) {
  uint32_t lines = 0;
  for (uint32_t i = 0; i < library->policies.count; i++) {
    const Policy *policy = library->policies.items[i]->model;
    if (steps_of(policy, search) == 2) lines |= policy->lines;
  }
  const Type *type = &library->vocabularies.items[0]->facts.items[FACT_LINE]->type;
  Buffer out;
  buffer_open(&out, arena, 32);
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (!((lines >> i) & 1)) continue;
    if (out.length > 0) buffer_string(&out, " | ");
    buffer_text(&out, type->values[i]);
  }
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

/* The day nearest to the one received on which a policy is in force: its first, or its last where
 * it has ended. */
static Text nearest_day(Arena *arena, const licet_library *library, const PolicySearch *search) {
  Date nearest = DATE_NONE;
  for (uint32_t i = 0; i < library->policies.count; i++) {
    const Policy *policy = library->policies.items[i]->model;
    if (steps_of(policy, search) != 3 || policy->versions.count == 0) continue;
    const bool has_ended = policy->until != DATE_NONE && search->day > policy->until;
    const Date date = has_ended ? policy->until : policy->versions.items[0].date;
    if (nearest == DATE_NONE || abs(date - search->day) < abs(nearest - search->day))
      nearest = date;
  }
  if (nearest == DATE_NONE) return (Text){0};
  char *text = arena_allocate_raw(arena, 11);
  date_write(nearest, text);
  text[10] = '\0';
  return (Text){text, 10};
}

Text library_nearest(Arena *arena, const licet_library *library, const PolicySearch *search,
                     Uncovered uncovered) {
  switch (uncovered) {
    case UNCOVERED_POLICY:
    case UNCOVERED_PAYER:
      return nearest_name(arena, library, search);
    case UNCOVERED_DRUG:
      return nearest_drug(arena, library, search);
    case UNCOVERED_LINE:
      return lines_covered(arena, library, search);
    case UNCOVERED_DATE:
      return nearest_day(arena, library, search);
  }
  UNREACHABLE();
}
