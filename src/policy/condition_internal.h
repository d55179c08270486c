/* condition_internal: what the files that check conditions use of each other. Private to
 * condition.c, comparison.c, term.c, members.c and derivation.c. */
#ifndef POLICY_CONDITION_INTERNAL_H
#define POLICY_CONDITION_INTERNAL_H

#include "policy/scope.h"

const Condition *error_condition(Scope *scope);
uint64_t mask_of(Scope *scope, const Type *type, const WordList *words);
const Condition *is_one_of(Scope *scope, const Symbol *what, Word name, const WordList *words);
void report_outside_entry(Scope *scope, SourceSpan span, Text name);
const Type *type_of(const Symbol *symbol);
Symbol *symbol_of(Scope *scope, Word name, const char *expected);
Fact *check_fact(Scope *scope, Word name, const char *expected);
Fact *check_fact_of(Scope *scope, Word name, TypeKind kind, const char *expected);
Term *term_new(Scope *scope, TermKind kind, ValueKind value, Dimension dimension);
bool same_dimension(const Term *a, const Term *b);
const char *term_type(const Term *term);
bool check_same(Scope *scope, const Expression *e, const Term *a, const Term *b);
const Condition *check_compare(Scope *scope, const Expression *e);
const Condition *check_within(Scope *scope, const Expression *e);
const Condition *check_dated(Scope *scope, const Expression *e);
const Condition *check_in(Scope *scope, const Expression *e);
bool charge_test(Scope *scope, const Expression *e);

#endif
