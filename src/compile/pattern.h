/* pattern: the cells of sets, names, codes and lists. Private to src/compile: collect.c, cut.c and
 * cells.c call it.
 */
#ifndef COMPILE_PATTERN_H
#define COMPILE_PATTERN_H

#include "compile/variable.h"

/* Are two tests of one fact the same as far as its pattern goes? Tests that count entries share
 * one, whatever number they ask for.
 */
bool same_pattern(const Condition *a, const Condition *b);
/* Finds the cells of a PATTERN variable whose tests are collected. False where they are too many.
 */
bool pattern_cut(VariableSet *set, Variable *variable);
/* The cells in which a test holds. */
uint64_t pattern_test(const Variable *variable, const Condition *test);
/* The cells the facts leave open. */
uint64_t pattern_open(const Variable *variable, const Facts *facts, const uint64_t *not_known,
                      EntryUse use);

#endif
