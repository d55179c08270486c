/* scope: names and what they stand for; the small constructors of conditions.
 *
 * Scopes are lexical: a scope is a list of symbols and a link to the scope around it, and a name is
 * looked up from the inside outwards. Lists are searched from the front; they hold what one file
 * declares. Invariant: within a chain of scopes a name is declared once, fields of entries aside,
 * which may hide a name further out. */
#include "policy/scope.h"

void scope_open(Scope *scope, Scope *outer, Arena *arena, Diagnostics *diagnostics,
                Vocabulary *vocabulary) {
  *scope =
      (Scope){.arena = arena, .diagnostics = diagnostics, .vocabulary = vocabulary, .outer = outer};
  scope->budget = outer != NULL ? outer->budget : ARENA_NEW(arena, ConditionBudget);
  if (outer != NULL) scope->policy = outer->policy;
}

static Symbol *find_here(const Scope *scope, Text name) {
  for (uint32_t i = 0; i < scope->symbols.count; i++) {
    if (text_equal(scope->symbols.items[i]->name, name)) return scope->symbols.items[i];
  }
  return NULL;
}

Symbol *scope_find(const Scope *scope, Text name) {
  for (; scope != NULL; scope = scope->outer) {
    Symbol *symbol = find_here(scope, name);
    if (symbol != NULL) return symbol;
  }
  return NULL;
}

Symbol *scope_add(Scope *scope, SymbolKind kind, Word name) {
  Symbol *first = scope_find(scope, name.text);
  if (first != NULL && kind != SYMBOL_FIELD) {
    bool builtin = first->span.source == NULL;
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_DUPLICATE_NAME, name.span,
                             builtin ? "`%.*s` is a name that is built into every vocabulary"
                                     : "`%.*s` is declared twice",
                             (int)name.text.length, name.text.at);
    if (!builtin) diagnostic_note(scope->diagnostics, d, first->span, "it is first declared here");
    return NULL;
  }
  Symbol *symbol = ARENA_NEW(scope->arena, Symbol);
  symbol->kind = kind;
  symbol->name = name.text;
  symbol->span = name.span;
  LIST_PUSH(scope->arena, scope->symbols, symbol);
  return symbol;
}

void scope_unknown(Scope *scope, Word name, const char *expected) {
  LIST(Text) candidates = {0};
  for (const Scope *s = scope; s != NULL; s = s->outer) {
    for (uint32_t i = 0; i < s->symbols.count; i++)
      LIST_PUSH(scope->arena, candidates, s->symbols.items[i]->name);
  }
  Diagnostic *d =
      diagnose(scope->diagnostics, DIAGNOSTIC_UNKNOWN_NAME, name.span,
               "`%.*s` is not declared in vocabulary %.*s", (int)name.text.length, name.text.at,
               (int)scope->vocabulary->name.length, scope->vocabulary->name.at);
  diagnostic_expect(scope->diagnostics, d, "%s", expected);
  diagnostic_nearest(scope->diagnostics, d, name.text, candidates.items, candidates.count);
}

Condition *condition_new(Arena *arena, ConditionKind kind) {
  Condition *condition = ARENA_NEW(arena, Condition);
  condition->kind = kind;
  return condition;
}

const Condition *condition_constant(Arena *arena, bool holds) {
  return condition_new(arena, holds ? CONDITION_TRUE : CONDITION_FALSE);
}

const Condition *condition_not(Arena *arena, const Condition *operand) {
  if (operand->kind == CONDITION_NOT) return operand->operands.items[0];
  Condition *condition = condition_new(arena, CONDITION_NOT);
  LIST_PUSH(arena, condition->operands, operand);
  return condition;
}

const Condition *condition_pair(Arena *arena, ConditionKind kind, const Condition *a,
                                const Condition *b) {
  Condition *condition = condition_new(arena, kind);
  LIST_PUSH(arena, condition->operands, a);
  LIST_PUSH(arena, condition->operands, b);
  return condition;
}
