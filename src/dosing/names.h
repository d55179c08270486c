/* names: some facts are names of what a vocabulary declares: regimens of the request's drug (of any
 * drug, where it declares no such one), preparations, formulas. */
#ifndef DOSING_NAMES_H
#define DOSING_NAMES_H

#include "policy/evaluate.h"

/* NULL where `word` is one of them, or where nothing of the kind is declared; else which there are.
 */
typedef LIST(Text) DoseNames;
const DoseNames *dose_names_instead(Arena *arena, const Fact *fact, Text word, const Facts *facts);

#endif
