/* patient: a request that falls into given cells.
 *
 * Facts that a variable reads alone are chosen one by one, the first candidate (candidates.c) that
 * lies in the wanted cells; facts that are read together by backtracking over their candidates, and
 * all of it for each start, drug and line of the space.
 *
 * Invariant: a patient that is found lies in the wanted cells, by the variables themselves
 * (variable_cells). TRIES bounds the search: not found does not mean that there is none.
 */
#include "prove/patient.h"

#include <string.h>

#include "prove/candidates.h"

enum { TRIES = 40000 };

static bool is_single(uint64_t facts) { return (facts & (facts - 1)) == 0; }

static bool fits(const Search *s, uint32_t v) {
  if (s->cells[v] == NO_CELL) return true;
  return variable_cells(s->space->set->variables.items[v], &s->facts, NULL, ENTRIES_ALL) ==
         UINT64_C(1) << s->cells[v];
}

/* What the flags of a fact say: is it to be stated, with a document? */
typedef struct Wish {
  bool read, stated, hidden, documented, bare;
} Wish;

static Wish wish_of(const Search *s, uint64_t bit) {
  Wish wish = {0};
  for (uint32_t v = 0; v < s->space->set->variables.count; v++) {
    const Variable *variable = s->space->set->variables.items[v];
    if (s->cells[v] == NO_CELL || !(variable->facts & bit)) continue;
    wish.read = true;
    if (variable->kind == VARIABLE_GIVEN) *(s->cells[v] == 1 ? &wish.stated : &wish.hidden) = true;
    if (variable->kind == VARIABLE_DOCUMENTED)
      *(s->cells[v] == 1 ? &wish.documented : &wish.bare) = true;
  }
  return wish;
}

static bool fits_alone(const Search *s, uint64_t bit) {
  for (uint32_t v = 0; v < s->space->set->variables.count; v++) {
    const Variable *variable = s->space->set->variables.items[v];
    if (variable->facts == bit && !variable_is_flag(variable) && !fits(s, v)) return false;
  }
  return true;
}

static void document(const Search *s, const Fact *fact, Wish wish, FactValue *value) {
  value->documented = (wish.documented || (s->space->evidence && fact->clinical)) && !wish.bare;
}

typedef LIST(uint32_t) IndexList;

/* Facts that share a test with others, all their values that fit alone. */
typedef struct Together {
  Search *s;
  const Fact **facts;
  ValueList *values;
  Wish *wishes;
  uint32_t count;
} Together;

static bool fits_together(const Search *s) {
  for (uint32_t v = 0; v < s->space->set->variables.count; v++) {
    const Variable *variable = s->space->set->variables.items[v];
    if (!is_single(variable->facts) && !fits(s, v)) return false;
  }
  return true;
}

static bool choose_together(Together *together, uint32_t at) {
  Search *s = together->s;
  if (s->tries++ > TRIES) return false;
  if (at == together->count) return fits_together(s);
  const Fact *fact = together->facts[at];
  for (uint32_t i = 0; i < together->values[at].count; i++) {
    s->facts.values[fact->index] = together->values[at].items[i];
    document(s, fact, together->wishes[at], &s->facts.values[fact->index]);
    if (choose_together(together, at + 1)) return true;
  }
  s->facts.values[fact->index] = (FactValue){0};
  return false;
}

static uint64_t facts_of_several(const Search *s) {
  uint64_t facts = 0;
  for (uint32_t v = 0; v < s->space->set->variables.count; v++) {
    const Variable *variable = s->space->set->variables.items[v];
    if (s->cells[v] != NO_CELL && !is_single(variable->facts)) facts |= variable->facts;
  }
  return facts;
}

static void mark(const Search *s, uint64_t facts, bool *conflict) {
  for (uint32_t v = 0; v < s->space->set->variables.count; v++) {
    if (s->cells[v] != NO_CELL && (s->space->set->variables.items[v]->facts & facts) != 0)
      conflict[v] = true;
  }
}

static bool choose_facts(Search *s, bool *conflict) {
  const VariableSet *set = s->space->set;
  uint64_t several = facts_of_several(s);
  Together together = {.s = s};
  together.facts = ARENA_ARRAY(s->space->arena, const Fact *, set->facts.count + 1);
  together.values = ARENA_ARRAY(s->space->arena, ValueList, set->facts.count + 1);
  together.wishes = ARENA_ARRAY(s->space->arena, Wish, set->facts.count + 1);
  for (uint32_t i = 0; i < set->facts.count; i++) {
    const Fact *fact = set->facts.items[i];
    uint64_t bit = UINT64_C(1) << i;
    Wish wish = wish_of(s, bit);
    if (!wish.read || wish.hidden) continue;
    ValueList all = candidates(s, fact), fitting = {0};
    FactValue *value = &s->facts.values[fact->index];
    for (uint32_t c = 0; c < all.count; c++) {
      *value = all.items[c];
      if (!fits_alone(s, bit)) continue;
      LIST_PUSH(s->space->arena, fitting, all.items[c]);
      if (!(several & bit)) break;
    }
    *value = (FactValue){0};
    if (fitting.count == 0) {
      mark(s, bit, conflict);
      return false;
    }
    if (several & bit) {
      together.facts[together.count] = fact;
      together.wishes[together.count] = wish;
      together.values[together.count++] = fitting;
    } else {
      *value = fitting.items[0];
      document(s, fact, wish, value);
    }
  }
  if (choose_together(&together, 0)) return true;
  mark(s, several, conflict);
  return false;
}

/* ---- Start, drug, line ---- */

static bool builtins_fit(const Search *s) {
  for (uint32_t v = 0; v < s->space->set->variables.count; v++) {
    if (s->space->set->variables.items[v]->facts == 0 && !fits(s, v)) return false;
  }
  return true;
}

static bool find_on(Search *s, Date start, bool *conflict) {
  s->facts.values[FACT_START].date = start;
  for (uint32_t d = 0; d < s->space->drugs.count; d++) {
    for (uint32_t lines = s->space->lines; lines != 0; lines &= lines - 1) {
      for (uint32_t i = BUILTIN_FACTS; i < s->space->vocabulary->facts.count; i++)
        s->facts.values[i] = (FactValue){0};
      s->facts.values[FACT_DRUG].name =
          vocabulary_name(s->space->vocabulary, s->space->drugs.items[d]);
      s->facts.values[FACT_LINE].choice = (uint32_t)__builtin_ctz(lines);
      if (builtins_fit(s) && choose_facts(s, conflict)) return true;
    }
  }
  return false;
}

bool patient_find(Space *space, const uint8_t *cells, Patient *patient, bool *conflict) {
  Search s = {.space = space, .cells = cells, .facts = space->facts};
  size_t size = space->vocabulary->facts.count * sizeof(FactValue);
  s.facts.values = ARENA_ARRAY(space->arena, FactValue, space->vocabulary->facts.count);
  memcpy(s.facts.values, space->facts.values, size);
  memset(conflict, 0, space->set->variables.count * sizeof *conflict);
  for (uint32_t i = 0; i < space->starts.count; i++) {
    if (!find_on(&s, space->starts.items[i], conflict)) continue;
    patient->facts = s.facts;
    patient->start = space->starts.items[i];
    const FactValue *line = &s.facts.values[FACT_LINE];
    patient->line = space->vocabulary->facts.items[FACT_LINE]->type.values[line->choice];
    for (uint32_t d = 0; d < space->drugs.count; d++) {
      if (vocabulary_name(space->vocabulary, space->drugs.items[d]) ==
          s.facts.values[FACT_DRUG].name) {
        patient->drug = space->drugs.items[d];
        break;
      }
    }
    return true;
  }
  for (uint32_t v = 0; v < space->set->variables.count;
       v++) { /* the built-in facts are part of every conflict */
    if (space->set->variables.items[v]->facts == 0 && cells[v] != NO_CELL) conflict[v] = true;
  }
  return false;
}

void patient_cells(const Space *space, const Patient *patient, uint64_t *bound) {
  for (uint32_t v = 0; v < space->set->variables.count; v++) {
    const Variable *variable = space->set->variables.items[v];
    bound[v] = variable_cells(variable, &patient->facts, NULL, ENTRIES_ALL) & space->allowed[v];
    if (bound[v] == 0) bound[v] = space->allowed[v];
  }
}
