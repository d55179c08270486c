/* derivation: what a name stands for, derivations checked at their first use.
 *
 * A derivation is a node of a graph whose edges are uses. Checking is a depth-first walk of this
 * graph with the usual three colors (UNCHECKED, CHECKING, CHECKED): a use of one that is being
 * checked closes a circle. Derivations are put in place of their names, so the model is a directed
 * acyclic graph with shared parts; walked as a tree it could be exponentially larger than the text.
 * The budget counts it as a tree and bounds it. */
#include "base/limits.h"
#include "policy/condition_internal.h"

const Condition *error_condition(Scope *scope) { return condition_constant(scope->arena, false); }

static void derive_condition(Scope *scope, Symbol *symbol) {
  const TypeSyntax *type = &symbol->derivation->type;
  bool yes_no = type->values.count == 2 && text_is(type->values.items[0].text, "yes") &&
                text_is(type->values.items[1].text, "no");
  if (!yes_no && symbol->derivation->value != NULL) {
    diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, type->span,
             "a derivation must be yes | no, a quantity, a date or a duration");
  }
  const Condition *condition = check_condition(scope, symbol->derivation->value);
  symbol->condition =
      symbol->state == CHECKING ? condition : error_condition(scope); /* in a circle: reported */
}

static bool is_declared_type(const Term *term, const Type *type) {
  static const TypeKind value_types[] = {
      [VALUE_AMOUNT] = TYPE_QUANTITY, [VALUE_DATE] = TYPE_DATE, [VALUE_DURATION] = TYPE_DURATION};
  if (value_types[term->value] != type->kind) return false;
  return type->kind != TYPE_QUANTITY || type->dimension == term->dimension;
}

static void derive_term(Scope *scope, Symbol *symbol) {
  const DeriveSyntax *syntax = symbol->derivation;
  const Term *term = check_term(scope, syntax->value);
  Type type = {0};
  bool known = check_type(scope, &syntax->type, &type);
  if (term == NULL || !known || symbol->state != CHECKING) return;
  symbol->term = term;
  if (is_declared_type(term, &type)) return;
  symbol->term = NULL;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, syntax->value->span,
                           "`%.*s` is declared with another type than this expression, which is %s",
                           TEXT_ARGS(symbol->name), term_type(term));
  diagnostic_note(scope->diagnostics, d, syntax->type.span, "its type is declared here");
}

/* False, reported, where derivations rest on one another too deeply. */
static bool enter_derivation(Scope *scope, const Symbol *symbol) {
  ConditionBudget *budget = scope->budget;
  if (budget->deriving < LIMIT_NESTING) return true;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_TESTS, symbol->span,
                           "the derivations that lead to `%.*s` are nested too deeply",
                           TEXT_ARGS(symbol->name));
  diagnostic_expect(scope->diagnostics, d, "at most %u of them", LIMIT_NESTING);
  return false;
}

static void check_derivation(Scope *scope, Symbol *symbol) {
  if (symbol->state == CHECKED) return;
  if (symbol->state == CHECKING) {
    diagnose(scope->diagnostics, DIAGNOSTIC_CYCLE, symbol->span, "`%.*s` is derived from itself",
             TEXT_ARGS(symbol->name));
    symbol->state = CHECKED;
    return;
  }
  bool yes_no = symbol->derivation->type.kind == TYPE_ENUMERATION;
  if (!enter_derivation(scope, symbol)) {
    symbol->state = CHECKED;
    symbol->condition = yes_no ? error_condition(scope) : NULL;
    return;
  }
  ConditionBudget *budget = scope->budget;
  uint32_t tests = budget->tests, nesting = budget->nesting;
  symbol->state = CHECKING;
  budget->deriving++;
  budget->nesting = 0;
  if (yes_no) {
    derive_condition(scope, symbol);
  } else {
    derive_term(scope, symbol);
  }
  symbol->tests = budget->tests - tests;
  symbol->nesting = budget->nesting + 1;
  budget->nesting = nesting;
  budget->deriving--;
  symbol->state = CHECKED;
}

/* What a use of a derivation adds; false, reported, where it is too much. */
static bool use_derivation(Scope *scope, const Symbol *symbol, Word name) {
  ConditionBudget *budget = scope->budget;
  if (symbol->nesting > budget->nesting) budget->nesting = symbol->nesting;
  if (budget->tests + symbol->tests <= LIMIT_TESTS && symbol->nesting < LIMIT_NESTING) {
    budget->tests += symbol->tests;
    return true;
  }
  bool deep = symbol->nesting >= LIMIT_NESTING;
  if (!deep && budget->reported) return false;
  if (!deep) budget->reported = true;
  Diagnostic *d =
      diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_TESTS, name.span,
               deep ? "the derivations used by `%.*s` are nested too deeply"
                    : "with everything `%.*s` refers to, the conditions contain too many tests",
               TEXT_ARGS(name.text));
  diagnostic_expect(scope->diagnostics, d, "at most %u", deep ? LIMIT_NESTING : LIMIT_TESTS);
  return false;
}

void check_derivations(Scope *scope) {
  for (uint32_t i = 0; i < scope->symbols.count; i++) {
    if (scope->symbols.items[i]->kind == SYMBOL_DERIVATION)
      check_derivation(scope, scope->symbols.items[i]);
  }
}

/* Within a list's entry only the entry's fields can be tested: the entries of a history are
 * distinguished before anything else is known. */
void report_outside_entry(Scope *scope, SourceSpan span, Text name) {
  Buffer fields;
  buffer_open(&fields, scope->arena, 64);
  for (uint32_t i = 0; i < scope->list->field_count; i++)
    buffer_format(&fields, i == 0 ? "%.*s" : ", %.*s", TEXT_ARGS(scope->list->fields[i].name));
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_OUTSIDE_ENTRY, span,
                           "`%.*s` is not a field of an entry of `%.*s`", TEXT_ARGS(name),
                           TEXT_ARGS(scope->list->name));
  diagnostic_expect(scope->diagnostics, d,
                    "a field (%s); put what concerns the whole request before the `where`, or the "
                    "whole in parentheses and it after them",
                    buffer_finish(&fields));
}

const Type *type_of(const Symbol *symbol) {
  if (symbol->kind == SYMBOL_FACT) return &symbol->fact->type;
  return symbol->kind == SYMBOL_FIELD ? &symbol->field->type : NULL;
}

/* What a name stands for where a fact, field or derivation is wanted. NULL, reported, where it is
 * none or broken. */
Symbol *symbol_of(Scope *scope, Word name, const char *expected) {
  if (name.text.length == 0) return NULL; /* a placeholder of the parser, which has reported */
  Symbol *symbol = scope_find(scope, name.text);
  if (symbol == NULL) {
    scope_unknown(scope, name, expected);
    return NULL;
  }
  if (scope->list != NULL && (symbol->kind == SYMBOL_FACT || symbol->kind == SYMBOL_DERIVATION)) {
    report_outside_entry(scope, name.span, name.text);
    return NULL;
  }
  if (type_of(symbol) != NULL && type_of(symbol)->broken) return NULL;
  if (symbol->kind == SYMBOL_DERIVATION) {
    check_derivation(scope, symbol);
    if (!use_derivation(scope, symbol, name)) return NULL;
  }
  return symbol;
}

/* A fact named where only a fact will do. */
Fact *check_fact(Scope *scope, Word name, const char *expected) {
  Symbol *symbol = symbol_of(scope, name, expected);
  if (symbol == NULL) return NULL;
  if (symbol->kind == SYMBOL_FACT) return symbol->fact;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, name.span,
                           "`%.*s` is not a fact", TEXT_ARGS(name.text));
  diagnostic_expect(scope->diagnostics, d, "%s", expected);
  return NULL;
}

Fact *check_fact_of(Scope *scope, Word name, TypeKind kind, const char *expected) {
  Fact *fact = check_fact(scope, name, expected);
  if (fact == NULL || fact->type.kind == kind) return fact;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, name.span,
                           "`%.*s` is not %s", TEXT_ARGS(name.text), expected);
  if (fact->span.source != NULL)
    diagnostic_note(scope->diagnostics, d, fact->span, "it is declared here");
  return NULL;
}

/* One more test or value; false, reported once, where there are too many. */
bool charge_test(Scope *scope, const Expression *e) {
  ConditionBudget *budget = scope->budget;
  if (e == NULL) return false; /* the parser gave the line up */
  if (budget->tests < LIMIT_TESTS) {
    budget->tests++;
    return true;
  }
  if (budget->reported) return false;
  budget->reported = true;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_TESTS, e->span,
                           "the conditions contain too many tests");
  diagnostic_expect(scope->diagnostics, d, "at most %u", LIMIT_TESTS);
  return false;
}
