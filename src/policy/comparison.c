/* comparison: values compared with one another, said in few kinds.
 *
 * `a >= b` becomes `b <= a`, `a = b` two comparisons, `a in 1, 2` one for each value. A duration is
 * compared with a fixed length by what it has completed (CONDITION_REACHED). */
#include "base/unreachable.h"
#include "policy/condition_internal.h"

/* The two comparisons of the model; all others are said in them. */
static Condition *below(Scope *scope, const Term *left, const Term *right) {
  Condition *condition = condition_new(scope->arena, CONDITION_COMPARE);
  condition->left = left;
  condition->right = right;
  return condition;
}

static const Condition *at_most(Scope *scope, const Term *left, const Term *right) {
  Condition *condition = below(scope, left, right);
  condition->or_equal = true;
  return condition;
}

static const Condition *compare_ordered(Scope *scope, const Term *a, Comparison comparison,
                                        const Term *b) {
  switch (comparison) {
    case COMPARE_LESS:
      return below(scope, a, b);
    case COMPARE_LESS_EQUAL:
      return at_most(scope, a, b);
    case COMPARE_GREATER:
      return below(scope, b, a);
    case COMPARE_GREATER_EQUAL:
      return at_most(scope, b, a);
    case COMPARE_EQUAL:
      return condition_pair(scope->arena, CONDITION_AND, at_most(scope, a, b),
                            at_most(scope, b, a));
    case COMPARE_NOT_EQUAL:
      return condition_pair(scope->arena, CONDITION_OR, below(scope, a, b), below(scope, b, a));
  }
  UNREACHABLE();
}

static const Condition *at_least_elapsed(Scope *scope, const Term *duration, Span length) {
  Condition *condition = condition_new(scope->arena, CONDITION_REACHED);
  Term *bound = term_new(scope, TERM_SPAN, VALUE_DURATION, DIMENSION_TIME);
  bound->span = length;
  condition->left = duration;
  condition->right = bound;
  return condition;
}

static Comparison mirrored(Comparison comparison) {
  switch (comparison) {
    case COMPARE_LESS:
      return COMPARE_GREATER;
    case COMPARE_LESS_EQUAL:
      return COMPARE_GREATER_EQUAL;
    case COMPARE_GREATER:
      return COMPARE_LESS;
    case COMPARE_GREATER_EQUAL:
      return COMPARE_LESS_EQUAL;
    case COMPARE_EQUAL:
    case COMPARE_NOT_EQUAL:
      return comparison;
  }
  UNREACHABLE();
}

/* "None of the facts a duration is calculated from is `none`": no comparison holds of what is not
 * there, so what is said by denial (`<`) adds this. */
static const Condition *require_present(Scope *scope, const Term *term, const Condition *so_far) {
  if (term == NULL) return so_far;
  if (term->kind == TERM_FACT && term->fact->type.or_none) {
    Condition *none = condition_new(scope->arena, CONDITION_NONE);
    none->fact = term->fact;
    so_far = condition_pair(scope->arena, CONDITION_AND, so_far, condition_not(scope->arena, none));
  }
  return require_present(scope, term->b, require_present(scope, term->a, so_far));
}

/* Is the duration one that a request states (a fact of type duration, or the least or greatest of
 * such), rather than the time between two dates? */
static bool is_stated_length(const Term *duration) {
  if (duration->kind == TERM_LEAST || duration->kind == TERM_GREATEST)
    return is_stated_length(duration->a) && is_stated_length(duration->b);
  return duration->kind == TERM_FACT || duration->kind == TERM_SPAN;
}

/* The least length that is more than `bound`. The time between two dates is counted in completed
 * units:
 * "<= 30 years" holds until the day before the 31st birthday. A stated length is exact to the day:
 * 85 days are more than 12 weeks. */
static Span more_than(const Term *duration, const Term *bound) {
  const Span step = is_stated_length(duration) ? (Span){0, 1} : bound->unit;
  return (Span){bound->span.months + step.months, bound->span.days + step.days};
}

static const Condition *compare_duration(Scope *scope, const Term *duration, Comparison comparison,
                                         const Term *bound) {
  Arena *arena = scope->arena;
  const Condition *at_least = at_least_elapsed(scope, duration, bound->span),
                  *more = at_least_elapsed(scope, duration, more_than(duration, bound));
  switch (comparison) {
    case COMPARE_GREATER_EQUAL:
      return at_least;
    case COMPARE_GREATER:
      return more;
    case COMPARE_LESS:
      return require_present(scope, duration, condition_not(arena, at_least));
    case COMPARE_LESS_EQUAL:
      return require_present(scope, duration, condition_not(arena, more));
    case COMPARE_EQUAL:
      return condition_pair(arena, CONDITION_AND, at_least, condition_not(arena, more));
    case COMPARE_NOT_EQUAL:
      return require_present(
          scope, duration,
          condition_pair(arena, CONDITION_OR, condition_not(arena, at_least), more));
  }
  UNREACHABLE();
}

/* `is` with a value of an enumeration, a name or a code on the right. */
static const Condition *compare_value(Scope *scope, const Expression *e, const Symbol *left) {
  const Expression *right = e->operands.items[1];
  if (right->kind == EXPRESSION_NAME && right->word.text.length == 0) return error_condition(scope);
  if (right->kind != EXPRESSION_NAME && right->kind != EXPRESSION_NUMBER &&
      right->kind != EXPRESSION_DATE) {
    diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, right->span,
             "a single value is expected here");
    return error_condition(scope);
  }
  const Condition *condition;
  WordList one = {0};
  Word value = right->word;
  if (value.text.length == 0)
    value = (Word){
        {right->span.source->text.at + right->span.start, right->span.end - right->span.start},
        right->span};
  LIST_PUSH(scope->arena, one, value);
  if (left->kind == SYMBOL_DERIVATION) {
    bool yes = text_is(value.text, "yes");
    if (!yes && !text_is(value.text, "no")) {
      Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VALUE_OUTSIDE, value.span,
                               "`%.*s` is not one of the allowed values", TEXT_ARGS(value.text));
      diagnostic_expect(scope->diagnostics, d, "yes | no");
    }
    condition = yes ? left->condition : condition_not(scope->arena, left->condition);
  } else {
    condition = is_one_of(scope, left, e->operands.items[0]->word, &one);
  }
  if (e->comparison == COMPARE_EQUAL) return condition;
  if (e->comparison == COMPARE_NOT_EQUAL) return condition_not(scope->arena, condition);
  diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
           "values of an enumeration, names and codes have no order");
  return error_condition(scope);
}

static bool is_word_valued(const Symbol *symbol) {
  const Type *type = type_of(symbol);
  if (type == NULL) return symbol->kind == SYMBOL_DERIVATION && symbol->condition != NULL;
  return type->kind == TYPE_ENUMERATION || type->kind == TYPE_NAME || type->kind == TYPE_CODE ||
         type->kind == TYPE_SET || type->kind == TYPE_LIST;
}

/* `14 days` beside an amount of time is such an amount: days and weeks are as long on any calendar.
 */
static const Term *as_time(Scope *scope, const Term *term, const Term *other) {
  const bool applies = term != NULL && other != NULL && term->kind == TERM_SPAN &&
                       term->span.months == 0 && other->value == VALUE_AMOUNT &&
                       other->dimension == DIMENSION_TIME;
  if (!applies) return term;
  Term *amount = term_new(scope, TERM_AMOUNT, VALUE_AMOUNT, DIMENSION_TIME);
  if (__builtin_mul_overflow((Amount)term->span.days, AMOUNT_DAY, &amount->amount))
    amount->amount = INT64_MAX; /* longer than any amount of time can be stated */
  return amount;
}

const Condition *check_compare(Scope *scope, const Expression *e) {
  const Expression *left = e->operands.items[0];
  if (left->kind == EXPRESSION_NAME) {
    Symbol *symbol = symbol_of(scope, left->word, "a fact or derivation");
    if (symbol == NULL) return error_condition(scope);
    if (is_word_valued(symbol)) return compare_value(scope, e, symbol);
  }
  const Term *a = check_term(scope, left), *b = check_term(scope, e->operands.items[1]);
  a = as_time(scope, a, b);
  b = as_time(scope, b, a);
  if (a == NULL || b == NULL || !check_same(scope, e, a, b)) return error_condition(scope);
  if (a->value != VALUE_DURATION) return compare_ordered(scope, a, e->comparison, b);
  if (b->kind == TERM_SPAN && a->kind != TERM_SPAN)
    return compare_duration(scope, a, e->comparison, b);
  if (a->kind == TERM_SPAN && b->kind != TERM_SPAN)
    return compare_duration(scope, b, mirrored(e->comparison), a);
  Diagnostic *d =
      diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span, "two durations are compared");
  diagnostic_expect(scope->diagnostics, d,
                    "a duration on one side and a fixed length such as `18 years` on the other");
  return error_condition(scope);
}

static Term *builtin_date(Scope *scope, uint32_t index) {
  Term *term = term_new(scope, TERM_FACT, VALUE_DATE, DIMENSION_TIME);
  term->fact = scope->vocabulary->facts.items[index];
  return term;
}

static const Term *before_start(Scope *scope, Span length) {
  Term *term = term_new(scope, TERM_SHIFTED, VALUE_DATE, DIMENSION_TIME);
  term->a = builtin_date(scope, FACT_START);
  term->span = length;
  return term;
}

static const Term *date_named(Scope *scope, Word name) {
  Expression e = {.kind = EXPRESSION_NAME, .span = name.span, .word = name};
  const Term *term = check_term(scope, &e);
  if (term == NULL || term->value == VALUE_DATE) return term;
  diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, name.span, "`%.*s` is not a date",
           TEXT_ARGS(name.text));
  return NULL;
}

const Condition *check_within(Scope *scope, const Expression *e) {
  const Term *date = date_named(scope, e->word);
  if (date == NULL) return error_condition(scope);
  return condition_pair(scope->arena, CONDITION_AND,
                        at_most(scope, before_start(scope, e->length), date),
                        at_most(scope, date, builtin_date(scope, FACT_START)));
}

const Condition *check_dated(Scope *scope, const Expression *e) {
  const Term *date = date_named(scope, e->word);
  const Expression *bound = e->operands.items[0];
  const Term *right = bound->kind == EXPRESSION_SPAN ? before_start(scope, bound->length)
                                                     : check_term(scope, bound);
  if (date == NULL || right == NULL) return error_condition(scope);
  if (right->value == VALUE_DATE) return compare_ordered(scope, date, e->comparison, right);
  diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, bound->span,
           "a date is compared with a value that is not a date");
  return error_condition(scope);
}

/* `remission_number in 1, 2`: one comparison each. */
static const Condition *one_of_numbers(Scope *scope, const Expression *e, const Term *left) {
  Condition *any = condition_new(scope->arena, CONDITION_OR);
  for (uint32_t i = 0; i < e->values.count; i++) {
    Word word = e->values.items[i];
    Expression number = {.kind = EXPRESSION_NUMBER, .span = word.span, .word = word};
    Amount amount;
    if (amount_parse(word.text, &amount) == QUANTITY_NOT_A_NUMBER) {
      diagnose(scope->diagnostics, DIAGNOSTIC_VALUE_OUTSIDE, word.span, "`%.*s` is not a number",
               TEXT_ARGS(word.text));
      continue;
    }
    const Term *right = check_term(scope, &number);
    if (right == NULL) return error_condition(scope);
    if (!same_dimension(left, right)) {
      diagnose(scope->diagnostics, DIAGNOSTIC_DIMENSION_MISMATCH, number.span,
               "%s is compared with %s", term_type(left), term_type(right));
      return error_condition(scope);
    }
    LIST_PUSH(scope->arena, any->operands, compare_ordered(scope, left, COMPARE_EQUAL, right));
  }
  return any;
}

const Condition *check_in(Scope *scope, const Expression *e) {
  const Expression *left = e->operands.items[0];
  if (left->kind == EXPRESSION_NAME) {
    Symbol *symbol = symbol_of(scope, left->word, "a fact");
    if (symbol == NULL) return error_condition(scope);
    bool quantity = type_of(symbol) != NULL && type_of(symbol)->kind == TYPE_QUANTITY;
    if (!quantity && (symbol->kind == SYMBOL_FACT || symbol->kind == SYMBOL_FIELD))
      return is_one_of(scope, symbol, left->word, &e->values);
  }
  const Term *term = check_term(scope, left);
  if (term == NULL) return error_condition(scope);
  if (term->value == VALUE_AMOUNT) return one_of_numbers(scope, e, term);
  diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, left->span,
           "a date or a duration cannot be compared with a set of values");
  return error_condition(scope);
}
