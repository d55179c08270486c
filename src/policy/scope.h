/* scope: what a name means where it stands. Private to src/policy.
 *
 * Names are looked up in the entry's fields (inside "where" of a list), then among the policy's own
 * declarations, then in the vocabulary. A derivation is checked the first time it is used, so the
 * order of declarations does not matter; a circle is reported once.
 */
#ifndef POLICY_SCOPE_H
#define POLICY_SCOPE_H

#include "policy/model.h"

typedef enum SymbolKind {
  SYMBOL_FACT,
  SYMBOL_FIELD,
  SYMBOL_DERIVATION,
  SYMBOL_SET,
  SYMBOL_CODES
} SymbolKind;

/* The three colors of a depth-first walk: a use of what is being checked closes a circle. */
typedef enum CheckState { UNCHECKED, CHECKING, CHECKED } CheckState;

typedef struct Symbol {
  SymbolKind kind;
  Text name;
  SourceSpan span;
  Fact *fact;
  Field *field;
  const DeriveSyntax *derivation;
  const Condition *condition; /* of a yes/no derivation, once checked */
  const Term *term;           /* of another */
  CheckState state;           /* of a derivation; ends as CHECKED */
  uint32_t tests; /* of a checked derivation: what a use of it adds, see ConditionBudget */
  uint32_t nesting;
  const SetSyntax *set;
  LIST(CodeSpan) codes;
  Text system;
} Symbol;

/* Derivations stand for whatever they say, so a few lines could result in more tests, or deeper
 * ones, than anything later could walk. Counted here, and bounded by LIMIT_TESTS and LIMIT_NESTING.
 * One for each policy and each vocabulary. */
typedef struct ConditionBudget {
  uint32_t
      tests; /* tests and values so far, each use of a derivation counting for all it stands for */
  uint32_t nesting; /* derivations that rest on one another: the most under what is being checked */
  uint32_t deriving; /* derivations being checked now */
  bool reported;     /* that there are too many tests */
} ConditionBudget;

typedef struct Scope Scope;
struct Scope {
  Arena *arena;
  Diagnostics *diagnostics;
  Vocabulary *vocabulary;
  Policy *policy; /* NULL in a vocabulary; resolves "met LABEL" */
  Scope *outer;
  const Fact *list; /* the list whose entries' fields are visible, or NULL */
  ConditionBudget *budget;
  LIST(Symbol *) symbols;
};

void scope_open(Scope *scope, Scope *outer, Arena *arena, Diagnostics *diagnostics,
                Vocabulary *vocabulary);
/* Adds a name; a second declaration of the same name is reported with a note at the first, and NULL
 * returned. */
Symbol *scope_add(Scope *scope, SymbolKind kind, Word name);
Symbol *scope_find(const Scope *scope, Text name);
/* Reports that `name` is unknown, with the nearest name of the scope. */
void scope_unknown(Scope *scope, Word name, const char *expected);

/* Never NULL: a broken condition is CONDITION_FALSE, reported in the diagnostics. NULL, where the
 * parser gave a line up, is such a condition. */
const Condition *check_condition(Scope *scope, const Expression *expression);
/* NULL when broken. */
const Term *check_term(Scope *scope, const Expression *expression);
/* The value of `word` in an enumeration or set, or -1 (reported). */
int check_value(Scope *scope, const Type *type, Word word);
bool check_type(Scope *scope, const TypeSyntax *syntax, Type *type);
/* Adds derivations, sets and code lists. */
void check_declarations(Scope *scope, const Declarations *declarations);
/* The drug is one of those declared. */
void check_drug_word(Scope *scope, const Declarations *declarations, Word drug);
/* Checks derivations nobody used too, so that every mistake is reported. */
void check_derivations(Scope *scope);

/* What is well formed and says something else than was meant (slips.c). Once the outline is
 * checked. */
void check_slips(Scope *scope, const Policy *policy, uint32_t errors);

Condition *condition_new(Arena *arena, ConditionKind kind);
const Condition *condition_constant(Arena *arena, bool holds);
const Condition *condition_not(Arena *arena, const Condition *condition);
const Condition *condition_pair(Arena *arena, ConditionKind kind, const Condition *a,
                                const Condition *b);

uint32_t vocabulary_intern_name(Vocabulary *vocabulary, Arena *arena, Text name);
Vocabulary *vocabulary_check(const VocabularySyntax *syntax, const Source *source, Arena *arena,
                             Diagnostics *diagnostics);
Policy *policy_check(const PolicySyntax *syntax, const Source *source, Vocabulary *vocabulary,
                     const char *const *literal_interpretations, Arena *arena,
                     Diagnostics *diagnostics);

#endif
