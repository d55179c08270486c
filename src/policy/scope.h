/* scope: what a name means where it stands. Private to src/policy.
 *
 * Names are looked up in the entry's fields (inside "where" of a list), then among the policy's own declarations, then in the vocabulary.
 * A derivation is checked the first time it is used, so the order of declarations does not matter; a circle is reported once.
 */
#ifndef POLICY_SCOPE_H
#define POLICY_SCOPE_H

#include "policy/model.h"

typedef enum SymbolKind { SYMBOL_FACT, SYMBOL_FIELD, SYMBOL_DERIVATION, SYMBOL_SET, SYMBOL_CODES } SymbolKind;

typedef struct Symbol {
  SymbolKind kind;
  Text name;
  SourceSpan span;
  Fact *fact;
  Field *field;
  const DeriveSyntax *derivation;
  const Condition *condition; /* of a yes/no derivation, once checked */
  const Term *term;           /* of another */
  uint8_t state;              /* 0 unchecked, 1 being checked, 2 checked */
  const SetSyntax *set;
  LIST(CodeSpan) codes;
  Text system;
} Symbol;

typedef struct Scope Scope;
struct Scope {
  Arena *arena;
  Diagnostics *diagnostics;
  Vocabulary *vocabulary;
  Policy *policy; /* NULL in a vocabulary; resolves "met LABEL" */
  Scope *outer;
  const Fact *list; /* the list whose entries' fields are visible, or NULL */
  LIST(Symbol *) symbols;
};

void scope_open(Scope *scope, Scope *outer, Arena *arena, Diagnostics *diagnostics, Vocabulary *vocabulary);
/* Adds a name; a second declaration of the same name is reported with a note at the first, and NULL returned. */
Symbol *scope_add(Scope *scope, SymbolKind kind, Word name);
Symbol *scope_find(const Scope *scope, Text name);
/* Reports that `name` is unknown, with the nearest name of the scope. */
void scope_unknown(Scope *scope, Word name, const char *expected);

/* Never NULL: a broken condition is CONDITION_FALSE, told in the diagnostics. */
const Condition *check_condition(Scope *scope, const Expression *expression);
/* NULL when broken. */
const Term *check_term(Scope *scope, const Expression *expression);
/* The value of `word` in an enumeration or set, or -1 (reported). */
int check_value(Scope *scope, const Type *type, Word word);
bool check_type(Scope *scope, const TypeSyntax *syntax, Type *type);
/* Adds derivations, sets and code lists. */
void check_declarations(Scope *scope, const Declarations *declarations);
/* Checks derivations nobody used, so that every mistake is told. */
void check_derivations(Scope *scope);

Condition *condition_new(Arena *arena, ConditionKind kind);
const Condition *condition_constant(Arena *arena, bool holds);
const Condition *condition_not(Arena *arena, const Condition *condition);
const Condition *condition_pair(Arena *arena, ConditionKind kind, const Condition *a, const Condition *b);

uint32_t vocabulary_intern_name(Vocabulary *vocabulary, Arena *arena, Text name);
Vocabulary *vocabulary_check(const VocabularySyntax *syntax, const Source *source, Arena *arena, Diagnostics *diagnostics);
Policy *policy_check(const PolicySyntax *syntax, const Source *source, Vocabulary *vocabulary, const char *const *literal_readings, Arena *arena,
                     Diagnostics *diagnostics);
/* A code in normal form: upper case, without dots. */
Text code_normal(Arena *arena, Text code);

#endif
