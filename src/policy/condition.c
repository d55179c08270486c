/* condition: conditions, from syntax to meaning - names resolved, types and dimensions checked,
 * everything said in the few kinds of model.h: `if a then b` becomes `not a or b`, `every x where
 * c` "no x where not c".
 *
 * The parts call each other, so they share condition_internal.h: members.c (lists of values),
 * derivation.c (what names stand for), term.c (values), comparison.c (values compared). */
#include "base/limits.h"
#include "base/unreachable.h"
#include "policy/condition_internal.h"

static bool is_yes_no(const Type *type) { return type->kind == TYPE_ENUMERATION && type->yes_no; }

static const Condition *enum_is(Scope *scope, const Symbol *symbol, uint64_t mask) {
  Condition *condition = condition_new(scope->arena, CONDITION_ENUM_IN);
  condition->fact = symbol->kind == SYMBOL_FACT ? symbol->fact : NULL;
  condition->field = symbol->field;
  condition->mask = mask;
  return condition;
}

/* A name that stands alone as a condition. */
static const Condition *check_name(Scope *scope, const Expression *e) {
  Symbol *symbol = symbol_of(scope, e->word, "a yes/no fact or derivation");
  if (symbol == NULL) return error_condition(scope);
  if (symbol->kind == SYMBOL_DERIVATION && symbol->condition != NULL) return symbol->condition;
  const Type *type = type_of(symbol);
  if (type != NULL && is_yes_no(type)) return enum_is(scope, symbol, 1);
  if (symbol->kind == SYMBOL_DERIVATION && symbol->term == NULL)
    return error_condition(scope); /* reported */
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_NOT_A_CONDITION, e->span,
                           "`%.*s` is not a condition by itself", TEXT_ARGS(e->word.text));
  diagnostic_expect(scope->diagnostics, d, "a comparison, or a yes/no fact or derivation");
  if (symbol->span.source != NULL)
    diagnostic_note(scope->diagnostics, d, symbol->span, "it is declared here");
  return error_condition(scope);
}

/* `x is none` where none is one of the values x can take. */
static const Condition *none_value(Scope *scope, const Expression *e) {
  Symbol *symbol = scope_find(scope, e->word.text);
  const Type *type = symbol == NULL ? NULL : type_of(symbol);
  if (type == NULL || type->kind != TYPE_ENUMERATION || type->broken) return NULL;
  if (symbol->kind == SYMBOL_FACT && scope->list != NULL) return NULL; /* reported by check_fact */
  WordList one = {0};
  LIST_PUSH(scope->arena, one, ((Word){TEXT("none"), e->span}));
  return is_one_of(scope, symbol, e->word, &one);
}

static const Condition *check_flag(Scope *scope, const Expression *e, ConditionKind kind) {
  const Condition *value = kind == CONDITION_NONE ? none_value(scope, e) : NULL;
  if (value != NULL) return value;
  Symbol *field = scope_find(scope, e->word.text);
  if (field != NULL && field->kind == SYMBOL_FIELD) {
    diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
             "only values can be tested within a list's entry");
    return error_condition(scope);
  }
  Fact *fact = check_fact(scope, e->word, "a fact");
  if (fact == NULL) return error_condition(scope);
  if (kind == CONDITION_NONE && !fact->type.or_none) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
                             "`%.*s` cannot be `none`", TEXT_ARGS(e->word.text));
    if (fact->span.source != NULL)
      diagnostic_note(scope->diagnostics, d, fact->span, "declare it `or none` here");
    return error_condition(scope);
  }
  Condition *condition = condition_new(scope->arena, kind);
  condition->fact = fact;
  return condition;
}

static const Condition *check_set(Scope *scope, const Expression *e, ConditionKind kind) {
  Fact *fact = check_fact_of(scope, e->word, TYPE_SET, "a set");
  if (fact == NULL) return error_condition(scope);
  Condition *condition = condition_new(scope->arena, kind);
  condition->fact = fact;
  condition->mask = mask_of(scope, &fact->type, &e->values);
  return condition;
}

static const Condition *at_least_entries(Scope *scope, const Fact *list, uint32_t count,
                                         const Condition *where) {
  if (count == 0) return condition_constant(scope->arena, true);
  Condition *condition = condition_new(scope->arena, CONDITION_COUNT);
  condition->fact = list;
  condition->count = count;
  LIST_PUSH(scope->arena, condition->operands, where);
  return condition;
}

/* Entries are counted up to LIMIT_COUNTED; "at most n" and "exactly n" must tell n from n + 1. */
static bool check_counted(Scope *scope, const Expression *e) {
  bool beyond = e->quantifier == QUANTIFIER_AT_MOST || e->quantifier == QUANTIFIER_EXACTLY;
  uint32_t most = beyond ? LIMIT_COUNTED - 1 : LIMIT_COUNTED;
  if (e->count <= most) return true;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_COUNTED, e->span,
                           "a count of %u entries is too large", e->count);
  diagnostic_expect(scope->diagnostics, d, "at most %u here", most);
  return false;
}

static const Condition *check_quantified(Scope *scope, const Expression *e) {
  Arena *arena = scope->arena;
  Fact *list = check_fact_of(scope, e->word, TYPE_LIST, "a list");
  if (list == NULL || !check_counted(scope, e)) return error_condition(scope);
  Scope entry;
  scope_open(&entry, scope, arena, scope->diagnostics, scope->vocabulary);
  entry.list = list;
  for (uint32_t i = 0; i < list->field_count; i++) {
    Symbol *symbol = scope_add(&entry, SYMBOL_FIELD, (Word){list->fields[i].name, list->span});
    if (symbol != NULL) symbol->field = &list->fields[i];
  }
  const Condition *where = check_condition(&entry, e->operands.items[0]);
  switch (e->quantifier) {
    case QUANTIFIER_ANY:
      return at_least_entries(scope, list, 1, where);
    case QUANTIFIER_EVERY:
      return condition_not(arena, at_least_entries(scope, list, 1, condition_not(arena, where)));
    case QUANTIFIER_AT_LEAST:
      return at_least_entries(scope, list, e->count, where);
    case QUANTIFIER_AT_MOST:
      return condition_not(arena, at_least_entries(scope, list, e->count + 1, where));
    case QUANTIFIER_EXACTLY:
      return condition_pair(
          arena, CONDITION_AND, at_least_entries(scope, list, e->count, where),
          condition_not(arena, at_least_entries(scope, list, e->count + 1, where)));
  }
  UNREACHABLE();
}

static const Condition *check_met(Scope *scope, const Expression *e) {
  if (e->word.text.length == 0) return error_condition(scope);
  if (scope->list != NULL) {
    report_outside_entry(scope, e->span, e->word.text);
    return error_condition(scope);
  }
  Condition *condition = condition_new(scope->arena, CONDITION_MET);
  LIST(Text) paths = {0};
  for (uint32_t i = 0; scope->policy != NULL && i < scope->policy->criteria.count; i++) {
    Criterion *criterion = scope->policy->criteria.items[i];
    if (criterion->label.length == 0) continue;
    if (text_equal(criterion->path, e->word.text)) {
      condition->criterion = criterion;
      criterion->is_referred_to = true;
      return condition;
    }
    LIST_PUSH(scope->arena, paths, criterion->path);
  }
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_UNKNOWN_LABEL, e->word.span,
                           "no criterion has the label path `%.*s`", TEXT_ARGS(e->word.text));
  diagnostic_expect(scope->diagnostics, d, "the labels from the top, joined by dots");
  diagnostic_nearest(scope->diagnostics, d, e->word.text, paths.items, paths.count);
  return error_condition(scope);
}

static const Condition *join(Scope *scope, const Expression *e, ConditionKind kind) {
  Condition *condition = condition_new(scope->arena, kind);
  for (uint32_t i = 0; i < e->operands.count; i++)
    LIST_PUSH(scope->arena, condition->operands, check_condition(scope, e->operands.items[i]));
  return condition;
}

const Condition *check_condition(Scope *scope, const Expression *e) {
  const Condition *left;
  if (!charge_test(scope, e)) return error_condition(scope);
  switch (e->kind) {
    case EXPRESSION_NAME:
      return check_name(scope, e);
    case EXPRESSION_AND:
      return join(scope, e, CONDITION_AND);
    case EXPRESSION_OR:
      return join(scope, e, CONDITION_OR);
    case EXPRESSION_NOT:
      return condition_not(scope->arena, check_condition(scope, e->operands.items[0]));
    case EXPRESSION_IF:
      left = condition_not(scope->arena, check_condition(scope, e->operands.items[0]));
      return condition_pair(scope->arena, CONDITION_OR, left,
                            check_condition(scope, e->operands.items[1]));
    case EXPRESSION_COMPARE:
      return check_compare(scope, e);
    case EXPRESSION_IN:
      return check_in(scope, e);
    case EXPRESSION_GIVEN:
      return check_flag(scope, e, CONDITION_GIVEN);
    case EXPRESSION_DOCUMENTED:
      return check_flag(scope, e, CONDITION_DOCUMENTED);
    case EXPRESSION_NONE:
      return check_flag(scope, e, CONDITION_NONE);
    case EXPRESSION_INCLUDES:
      return check_set(scope, e, CONDITION_INCLUDES);
    case EXPRESSION_SET_IS:
      return check_set(scope, e, CONDITION_SET_IS);
    case EXPRESSION_WITHIN:
      return check_within(scope, e);
    case EXPRESSION_DATED:
      return check_dated(scope, e);
    case EXPRESSION_QUANTIFIED:
      return check_quantified(scope, e);
    case EXPRESSION_MET:
      return check_met(scope, e);
    case EXPRESSION_NUMBER:
    case EXPRESSION_DATE:
    case EXPRESSION_SPAN:
    case EXPRESSION_ADD:
    case EXPRESSION_SUBTRACT:
    case EXPRESSION_MULTIPLY:
    case EXPRESSION_DIVIDE:
    case EXPRESSION_LEAST:
    case EXPRESSION_GREATEST:
    case EXPRESSION_BODY_SURFACE:
    case EXPRESSION_FROM_TO:
    case EXPRESSION_QUERY:
    case EXPRESSION_PERCENT_CHANGE:
    case EXPRESSION_UPPER_LIMIT:
      break;
  }
  diagnose(scope->diagnostics, DIAGNOSTIC_NOT_A_CONDITION, e->span,
           "this is a value, but a condition is required");
  return error_condition(scope);
}
