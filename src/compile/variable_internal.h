/* variable_internal: what the files that make variables use of each other. Private to collect.c,
 * shape.c, counts.c, cut.c and cells.c. */
#ifndef COMPILE_VARIABLE_INTERNAL_H
#define COMPILE_VARIABLE_INTERNAL_H

#include "compile/variable.h"

static inline bool is_builtin(const Fact *fact) { return fact->index < BUILTIN_FACTS; }

/* What a comparison results in: `term` is cut at a threshold; `below` says which side holds. */
typedef struct Cut {
  const Term *term;
  const Fact *anchor;
  Threshold threshold;
  bool holds_below; /* term < threshold, else term > threshold */
  bool or_equal;
} Cut;
void add_fact(Arena *arena, FactList *facts, const Fact *fact);
FactList open_facts(Arena *arena, const Term *left, const Term *right);
bool same_term(const Term *a, const Term *b);
bool cut_of(const Condition *test, Arena *arena, Cut *cut);
Variable *find_fact_variable(const VariableSet *set, VariableKind kind, const Fact *fact);
Variable *find_term_variable(const VariableSet *set, VariableKind kind, const Term *term,
                             const Fact *anchor);
Variable *find_joint(const VariableSet *set, const Condition *test, bool *negated);
Variable *term_variable(VariableSet *set, VariableKind kind, const Term *term, const Fact *anchor);
bool is_countable(Arena *arena, const Condition *test, FactList *facts);
void cut_counts(VariableSet *set, const Condition *test, const FactList *facts);
int compare_spans(Span a, Span b);
int compare_thresholds(const Variable *variable, const Threshold *a, const Threshold *b);
uint32_t ordered_cell(const Variable *variable, uint32_t plain);
uint32_t index_of(const VariableSet *set, const Variable *variable);

#endif
