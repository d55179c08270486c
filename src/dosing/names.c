/* names: what a fact that names a regimen, a preparation or a formula may be, by what the
 * vocabulary declares for the request's drug. */
#include "dosing/names.h"

#include "dosing/body_surface.h"

/* The drug requested, where the vocabulary declares it. */
static const Drug *drug_of(const Facts *facts) {
  return dose_table_drug(&facts->vocabulary->dosing, facts->values[FACT_DRUG].word);
}

static void list_regimens(Arena *arena, const Facts *facts, DoseNames *names) {
  const DoseTables *tables = &facts->vocabulary->dosing;
  const Drug *drug = drug_of(facts);
  for (uint32_t i = 0; i < tables->regimens.count; i++) {
    const Regimen *regimen = tables->regimens.items[i];
    if (drug == NULL || regimen->drug == drug) LIST_PUSH(arena, *names, regimen->name);
  }
}

static void list_preparations(Arena *arena, const Facts *facts, DoseNames *names) {
  const DoseTables *tables = &facts->vocabulary->dosing;
  for (uint32_t i = 0; i < tables->preparations.count; i++)
    LIST_PUSH(arena, *names, tables->preparations.items[i]->name);
}

static bool is_listed(const DoseNames *names, Text word) {
  for (uint32_t i = 0; i < names->count; i++) {
    if (text_equal_ignoring_case(names->items[i], word)) return true;
  }
  return false;
}

const DoseNames *dose_names_instead(Arena *arena, const Fact *fact, Text word, const Facts *facts) {
  const Fact *const *roles = facts->vocabulary->dosing.roles;
  Formula formula;
  if (fact != roles[DOSING_REGIMEN] && fact != roles[DOSING_PREPARATION] &&
      fact != roles[DOSING_FORMULA])
    return NULL;
  DoseNames *names = ARENA_NEW(arena, DoseNames);
  if (fact == roles[DOSING_REGIMEN]) {
    list_regimens(arena, facts, names);
  } else if (fact == roles[DOSING_PREPARATION]) {
    list_preparations(arena, facts, names);
  } else if (!formula_named(word, &formula)) {
    for (int i = 0; i < FORMULAS; i++) LIST_PUSH(arena, *names, formula_word((Formula)i));
  }
  return names->count == 0 || is_listed(names, word) ? NULL : names;
}
