/* members: the values, names and codes that a condition lists, and the test for one of them.
 *
 * The name of a set or of a list of codes stands for its members. An enumeration's values become a
 * mask of bits, names become the ids the vocabulary interned (sorted, to be searched in halves),
 * codes become ranges in normal form. */
#include <stdlib.h>

#include "base/code.h"
#include "base/limits.h"
#include "policy/condition_internal.h"

int check_value(Scope *scope, const Type *type, Word word) {
  if (word.text.length == 0 || type->broken) return -1; /* reported already */
  const int value = type_value(type, word.text);
  if (value >= 0) return value;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VALUE_OUTSIDE, word.span,
                           "`%.*s` is not one of the allowed values", TEXT_ARGS(word.text));
  Buffer expected;
  buffer_open(&expected, scope->arena, 64);
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (i > 0) buffer_string(&expected, " | ");
    buffer_text(&expected, type->values[i]);
  }
  diagnostic_expect(scope->diagnostics, d, "%s", buffer_finish(&expected));
  diagnostic_nearest(scope->diagnostics, d, word.text, type->values, type->value_count);
  return -1;
}

/* The values `words` stand for, names of sets replaced by their members. */
static WordList members_of(Scope *scope, const WordList *words) {
  WordList members = {0};
  for (uint32_t i = 0; i < words->count; i++) {
    Symbol *symbol = scope_find(scope, words->items[i].text);
    if (symbol != NULL && symbol->kind == SYMBOL_SET) {
      for (uint32_t m = 0; m < symbol->set->values.count; m++) {
        Word member = symbol->set->values.items[m];
        member.span = words->items[i].span;
        LIST_PUSH(scope->arena, members, member);
      }
    } else {
      LIST_PUSH(scope->arena, members, words->items[i]);
    }
  }
  return members;
}

uint64_t mask_of(Scope *scope, const Type *type, const WordList *words) {
  WordList members = members_of(scope, words);
  uint64_t mask = 0;
  for (uint32_t i = 0; i < members.count; i++) {
    int value = check_value(scope, type, members.items[i]);
    if (value >= 0) mask |= UINT64_C(1) << value;
  }
  return mask;
}

/* A value that stands for "not known" is never found, so asking for it by name is a slip. */
static void check_open_values(Scope *scope, const Symbol *what, const WordList *words) {
  const Type *type = what->kind == SYMBOL_FIELD ? &what->field->type : &what->fact->type;
  uint64_t open = what->kind == SYMBOL_FIELD ? what->field->not_known : what->fact->not_known;
  for (uint32_t i = 0; open != 0 && i < words->count; i++) {
    for (uint32_t v = 0; v < type->value_count; v++) {
      Word word = words->items[i];
      if (((open >> v) & 1) == 0 || !text_equal(type->values[v], word.text)) continue;
      Diagnostic *d =
          diagnose(scope->diagnostics, DIAGNOSTIC_OPEN_VALUE, word.span,
                   "`%.*s` means not known, so no condition can test for it", TEXT_ARGS(word.text));
      diagnostic_note(scope->diagnostics, d, what->span,
                      "this declaration lists it under `not known`");
    }
  }
}

/* The declared name of that kind nearest to the word. True when there is one near enough to be
 * meant. */
static bool nearest_symbol(Scope *scope, Diagnostic *diagnostic, Text word, SymbolKind kind) {
  LIST(Text) names = {0};
  for (const Scope *s = scope; s != NULL; s = s->outer) {
    for (uint32_t i = 0; i < s->symbols.count; i++) {
      if (s->symbols.items[i]->kind == kind)
        LIST_PUSH(scope->arena, names, s->symbols.items[i]->name);
    }
  }
  if (diagnostic != NULL)
    diagnostic_nearest(scope->diagnostics, diagnostic, word, names.items, names.count);
  return text_nearest(word, names.items, names.count) >= 0;
}

static void add_codes(Scope *scope, Condition *condition, const Type *type, Word word) {
  Symbol *symbol = scope_find(scope, word.text);
  if (symbol != NULL && symbol->kind == SYMBOL_CODES) {
    if (!text_equal(symbol->system, type->system)) {
      Diagnostic *d =
          diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, word.span,
                   "`%.*s` lists %.*s codes", TEXT_ARGS(word.text), TEXT_ARGS(symbol->system));
      diagnostic_expect(scope->diagnostics, d, "a list of %.*s codes", TEXT_ARGS(type->system));
    }
    for (uint32_t i = 0; i < symbol->codes.count; i++)
      LIST_PUSH(scope->arena, condition->codes, symbol->codes.items[i]);
    return;
  }
  Text code;
  if (!code_normal(scope->arena, type->system, word.text, &code)) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_UNKNOWN_NAME, word.span,
                             "`%.*s` is neither a code of %.*s nor a declared list of codes",
                             TEXT_ARGS(word.text), TEXT_ARGS(type->system));
    nearest_symbol(scope, d, word.text, SYMBOL_CODES);
    return;
  }
  LIST_PUSH(scope->arena, condition->codes, ((CodeSpan){.first = code, .last = code}));
}

static int by_id(const void *a, const void *b) {
  uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
  return (left > right) - (left < right);
}

static bool too_many_members(Scope *scope, uint32_t count, SourceSpan span) {
  if (count <= LIMIT_NAMES) return false;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_VALUES, span,
                           "%u values are too many for one comparison", count);
  diagnostic_expect(scope->diagnostics, d, "at most %u", LIMIT_NAMES);
  return true;
}

/* Names are open, so a misspelt set would be one more name that nobody has. */
static void warn_of_near_set(Scope *scope, Word word) {
  if (scope_find(scope, word.text) != NULL || !nearest_symbol(scope, NULL, word.text, SYMBOL_SET))
    return;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_NEARLY_A_SET, word.span,
                           "`%.*s` is read as a name", TEXT_ARGS(word.text));
  nearest_symbol(scope, d, word.text, SYMBOL_SET);
}

/* `agent is not drug` looks as if two facts were compared, and would be true of every agent that is
 * not called "drug". */
static bool names_a_declaration(Scope *scope, Word word) {
  const Symbol *symbol = scope_find(scope, word.text);
  if (symbol == NULL || symbol->kind == SYMBOL_SET) return false;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_DECLARED_NAME, word.span,
                           "`%.*s` is declared as something else than a name to compare with",
                           TEXT_ARGS(word.text));
  diagnostic_expect(scope->diagnostics, d,
                    "a name that nothing declares, or the name of a set; two facts cannot be "
                    "compared as names");
  if (symbol->span.source != NULL)
    diagnostic_note(scope->diagnostics, d, symbol->span, "it is declared here");
  return true;
}

/* A drug that the policy does not cover is never requested under it. Sets may hold others. */
static void check_covered_drug(Scope *scope, Word word) {
  const Policy *policy = scope->policy;
  const Symbol *symbol = scope_find(scope, word.text);
  if (policy == NULL || policy->drugs.count == 0 || symbol != NULL) return;
  for (uint32_t i = 0; i < policy->drugs.count; i++) {
    if (text_equal_ignoring_case(policy->drugs.items[i], word.text)) return;
  }
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VALUE_OUTSIDE, word.span,
                           "this policy does not cover the drug `%.*s`", TEXT_ARGS(word.text));
  diagnostic_expect(scope->diagnostics, d, "a drug named in the policy's `drug` line");
  diagnostic_nearest(scope->diagnostics, d, word.text, policy->drugs.items, policy->drugs.count);
}

/* In order of their ids, which is how they are looked for. */
static void add_names(Scope *scope, Condition *condition, const WordList *words) {
  WordList members = members_of(scope, words);
  if (words->count == 0 || too_many_members(scope, members.count, words->items[0].span)) return;
  for (uint32_t i = 0; i < words->count && i < 64; i++) warn_of_near_set(scope, words->items[i]);
  for (uint32_t i = 0; i < words->count; i++) {
    if (names_a_declaration(scope, words->items[i])) continue;
    if (condition->fact != NULL && condition->fact->index == FACT_DRUG)
      check_covered_drug(scope, words->items[i]);
  }
  for (uint32_t i = 0; i < members.count; i++) {
    LIST_PUSH(scope->arena, condition->names,
              vocabulary_intern_name(scope->vocabulary, scope->arena, members.items[i].text));
  }
  if (condition->names.count > 0)
    qsort(condition->names.items, condition->names.count, sizeof *condition->names.items, by_id);
  scope->budget->tests += condition->names.count / 16; /* long lists cost too */
}

/* `what` (a fact, or a field of the entry) is one of `words`. */
const Condition *is_one_of(Scope *scope, const Symbol *what, Word name, const WordList *words) {
  const Type *type = what->kind == SYMBOL_FIELD ? &what->field->type : &what->fact->type;
  Condition *condition = condition_new(scope->arena, CONDITION_ENUM_IN);
  condition->fact = what->kind == SYMBOL_FIELD ? NULL : what->fact;
  condition->field = what->field;
  switch (type->kind) {
    case TYPE_ENUMERATION:
      condition->mask = mask_of(scope, type, words);
      check_open_values(scope, what, words);
      return condition;
    case TYPE_NAME:
      condition->kind = CONDITION_NAME_IN;
      add_names(scope, condition, words);
      return condition;
    case TYPE_CODE:
      condition->kind = CONDITION_CODE_IN;
      if (words->count > 0 && too_many_members(scope, words->count, words->items[0].span))
        return error_condition(scope);
      for (uint32_t i = 0; i < words->count; i++)
        add_codes(scope, condition, type, words->items[i]);
      return condition;
    case TYPE_SET:
    case TYPE_LIST:
    case TYPE_SERIES:
    case TYPE_QUANTITY:
    case TYPE_DATE:
    case TYPE_DURATION:
      break;
  }
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, name.span,
                           "`%.*s` cannot be compared with a list of values", TEXT_ARGS(name.text));
  diagnostic_expect(scope->diagnostics, d,
                    type->kind == TYPE_SET ? "`includes` or `is { … }`, as it is a set"
                    : type->kind == TYPE_LIST
                        ? "`any … where` or another count of its entries, as it is a list"
                        : "an enumeration, a name or a code");
  return error_condition(scope);
}
