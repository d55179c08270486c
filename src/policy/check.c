/* check: a policy from syntax to model: the outline with its labels, conditions, interpretations,
 * authorizations and dates.
 *
 * Several walks of the outline, each in page order: criteria are made and their labels entered
 * before any condition is checked, since `met` may refer to a criterion further down. Conditions
 * are condition.c's.
 *
 * Invariant: every line of the page becomes a criterion, whatever is wrong with it; a broken part
 * is reported and stands as a condition that never holds (scope.h, error_condition), so the next
 * line is checked as if this one were right.
 */
#include <string.h>

#include "base/limits.h"
#include "base/unreachable.h"
#include "policy/scope.h"

static Text span_text(SourceSpan span) {
  return (Text){span.source->text.at + span.start, span.end - span.start};
}

/* ---- The head ---- */

static int check_word(Scope *scope, Word word, const Type *type) {
  return word.text.length == 0 ? -1 : check_value(scope, type, word);
}

static void check_versions(Scope *scope, Policy *policy) {
  const PolicySyntax *syntax = policy->syntax;
  if (syntax->versions.count > LIMIT_VERSIONS) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_VERSIONS,
                             syntax->versions.items[LIMIT_VERSIONS].span, "%u versions are listed",
                             syntax->versions.count);
    diagnostic_expect(scope->diagnostics, d, "at most %u", LIMIT_VERSIONS);
  }
  for (uint32_t i = 0; i < syntax->versions.count && i < LIMIT_VERSIONS; i++) {
    const VersionSyntax *from = &syntax->versions.items[i];
    if (i > 0 && from->date <= syntax->versions.items[i - 1].date) {
      Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VERSION_DATE, from->span,
                               "versions must be listed in the order of their dates");
      diagnostic_note(scope->diagnostics, d, syntax->versions.items[i - 1].span,
                      "the version listed before it is here");
      continue;
    }
    Version version = {
        .date = from->date, .note = from->note, .reconstructed = from->reconstructed};
    date_write(from->date, version.text);
    LIST_PUSH(scope->arena, policy->versions, version);
  }
}

/* The policy decides on the first day of its last version at least. */
static void check_end(Scope *scope, Policy *policy) {
  const PolicySyntax *syntax = policy->syntax;
  policy->until = syntax->until;
  if (policy->until == DATE_NONE || policy->versions.count == 0) return;
  const Version *last = &policy->versions.items[policy->versions.count - 1];
  if (policy->until >= last->date) return;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VERSION_DATE, syntax->until_span,
                           "the policy ends before its last version begins");
  diagnostic_expect(scope->diagnostics, d, "%s or a later day", last->text);
}

/* A date on a line must be one on which a version begins (`from`) or the day before one (`until`):
 * else the history has a version nobody listed. */
static void check_in_force(Scope *scope, const Policy *policy, InForce in_force) {
  bool from_known = in_force.from == DATE_NONE, until_known = in_force.until == DATE_NONE;
  for (uint32_t i = 0; i < policy->versions.count; i++) {
    from_known = from_known || policy->versions.items[i].date == in_force.from;
    until_known = until_known || policy->versions.items[i].date == in_force.until + 1;
  }
  if (!from_known) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VERSION_DATE, in_force.from_span,
                             "no version begins on this day");
    diagnostic_expect(scope->diagnostics, d, "the date of a `version` line");
  }
  if (!until_known) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VERSION_DATE, in_force.until_span,
                             "no version begins on the day after");
    diagnostic_expect(scope->diagnostics, d, "the day before the date of a `version` line");
  }
  if (in_force.from != DATE_NONE && in_force.until != DATE_NONE && in_force.from > in_force.until) {
    diagnose(scope->diagnostics, DIAGNOSTIC_VERSION_DATE, in_force.until_span,
             "`until` is before `from`");
  }
}

static bool dates_overlap(InForce a, InForce b) {
  bool a_before_b = a.until != DATE_NONE && b.from != DATE_NONE && a.until < b.from;
  bool b_before_a = b.until != DATE_NONE && a.from != DATE_NONE && b.until < a.from;
  return !a_before_b && !b_before_a;
}

/* On one day one line says for which requests documents are required. */
static void check_evidence(Scope *scope, Policy *policy) {
  const PolicySyntax *syntax = policy->syntax;
  const Type *kinds = &scope->vocabulary->facts.items[FACT_KIND]->type;
  for (uint32_t i = 0; i < syntax->evidence.count; i++) {
    const EvidenceSyntax *line = &syntax->evidence.items[i];
    const int only = check_word(scope, line->for_kind, kinds);
    check_in_force(scope, policy, line->in_force);
    for (uint32_t v = 0; v < policy->versions.count; v++) {
      Version *version = &policy->versions.items[v];
      for (int kind = 0; kind < KINDS; kind++)
        version->evidence[kind] |=
            in_force_on(line->in_force, version->date) && (only < 0 || only == kind);
    }
    for (uint32_t earlier = 0; earlier < i; earlier++) {
      const EvidenceSyntax *other = &syntax->evidence.items[earlier];
      if (!dates_overlap(line->in_force, other->in_force)) continue;
      Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_DUPLICATE_LINE, line->span,
                               "two `evidence` lines are in force on the same day");
      diagnostic_note(scope->diagnostics, d, other->span, "the other is here");
      break;
    }
  }
}

static void check_not_known(Scope *scope, Policy *policy, const NotKnownSyntax *line) {
  const char *dot = memchr(line->field.text.at, '.', line->field.text.length);
  uint32_t length = dot == NULL ? line->field.text.length : (uint32_t)(dot - line->field.text.at);
  Text list = {line->field.text.at, length};
  Text field = dot == NULL ? (Text){0} : (Text){dot + 1, line->field.text.length - length - 1};
  Symbol *symbol = scope_find(scope, list);
  if (symbol != NULL && symbol->kind == SYMBOL_FACT && symbol->fact->type.kind == TYPE_LIST) {
    for (uint32_t i = 0; i < symbol->fact->field_count; i++) {
      if (!text_equal(symbol->fact->fields[i].name, field) ||
          symbol->fact->fields[i].type.kind != TYPE_ENUMERATION)
        continue;
      uint64_t **masks = &policy->not_known[symbol->fact->index];
      if (*masks == NULL) *masks = ARENA_ARRAY(scope->arena, uint64_t, symbol->fact->field_count);
      for (uint32_t v = 0; v < line->values.count; v++) {
        int value = check_value(scope, &symbol->fact->fields[i].type, line->values.items[v]);
        if (value >= 0) (*masks)[i] |= UINT64_C(1) << value;
      }
      return;
    }
  }
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_UNKNOWN_NAME, line->field.span,
                           "`%.*s` is not a field of a list", TEXT_ARGS(line->field.text));
  diagnostic_expect(scope->diagnostics, d,
                    "LIST.FIELD, an enumeration, such as `prior_therapies.outcome`");
}

/* Billing units, vials and cycles are calculated with; anything else a policy limits (tablets,
 * visits) is shown as it is written. */
static void check_limit_words(Scope *scope, const LimitSyntax *syntax, Limit *limit) {
  static const Text units[] = {{"units", 5}, {"vials", 5}, {"cycles", 6}};
  int unit = 0;
  for (int i = 0; i < 3; i++) { /* one is a `vial` */
    Text one = {units[i].at, units[i].length - 1};
    if (text_equal(limit->unit, one)) limit->unit = units[i];
  }
  while (unit < 3 && !text_equal(limit->unit, units[unit])) unit++;
  if (unit == 3 && text_nearest(limit->unit, units, 3) >= 0) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VALUE_OUTSIDE, syntax->amount.unit.span,
                             "`%.*s` is not a kind of limit", TEXT_ARGS(limit->unit));
    diagnostic_expect(scope->diagnostics, d, "units | vials | cycles");
    diagnostic_nearest(scope->diagnostics, d, limit->unit, units, 3);
  } else if (unit == 3) {
    return;
  } else if (limit->amount % AMOUNT_ONE != 0) {
    diagnose(scope->diagnostics, DIAGNOSTIC_BAD_NUMBER, syntax->amount.digits.span,
             "%.*s must be a whole number", TEXT_ARGS(limit->unit));
  } else if (unit == 2 &&
             (limit->every.days != 0 || limit->every.months != 0 || limit->first_cycle != 0)) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_AUTHORIZATION, syntax->span,
                             "a limit on cycles applies to the whole treatment");
    diagnostic_expect(scope->diagnostics, d, "`limit N cycles`");
  } else if ((unit == 0) != (limit->code.length > 0)) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_AUTHORIZATION, syntax->span,
                             "only a limit on units has a billing code, and it requires one");
    diagnostic_expect(scope->diagnostics, d, "`limit N units of CODE`");
  }
}

/* A code that no drug is billed by would limit nothing. A vocabulary that declares no codes leaves
 * them to the policies. */
static void check_limit_code(Scope *scope, const LimitSyntax *syntax) {
  const DoseTables *tables = &scope->vocabulary->dosing;
  LIST(Text) codes = {0};
  for (uint32_t i = 0; i < tables->drugs.count; i++) {
    Text code = tables->drugs.items[i]->hcpcs;
    if (code.length == 0) continue;
    if (text_equal(code, syntax->code.text)) return;
    LIST_PUSH(scope->arena, codes, code);
  }
  if (codes.count == 0 || syntax->code.text.length == 0) return;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_UNKNOWN_NAME, syntax->code.span,
                           "no drug has the billing code `%.*s`", TEXT_ARGS(syntax->code.text));
  diagnostic_nearest(scope->diagnostics, d, syntax->code.text, codes.items, codes.count);
}

static void check_limit_cycles(Scope *scope, const LimitSyntax *syntax) {
  if (syntax->first_cycle <= syntax->last_cycle) return;
  Diagnostic *d =
      diagnose(scope->diagnostics, DIAGNOSTIC_RANGE, syntax->span, "this is not a range of cycles");
  diagnostic_expect(scope->diagnostics, d, "the first cycle, then the last");
}

void limit_write_every(Buffer *out, const Limit *limit) {
  if (limit->every.months == 0) {
    buffer_integer(out, limit->every.days);
    buffer_string(out, limit->every.days == 1 ? " day" : " days");
  } else {
    span_write(out, limit->every);
  }
}

static void check_limits(Scope *scope, Policy *policy) {
  for (uint32_t i = 0; i < policy->syntax->limits.count; i++) {
    const LimitSyntax *from = &policy->syntax->limits.items[i];
    Limit limit = {.unit = from->amount.unit.text,
                   .code = from->code.text,
                   .every = from->every,
                   .first_cycle = from->first_cycle,
                   .last_cycle = from->last_cycle,
                   .in_force = from->in_force};
    if (amount_parse(from->amount.digits.text, &limit.amount) != QUANTITY_OK) {
      diagnose(scope->diagnostics, DIAGNOSTIC_BAD_NUMBER, from->amount.digits.span,
               "`%.*s` is not a number", TEXT_ARGS(from->amount.digits.text));
    }
    check_limit_words(scope, from, &limit);
    check_limit_code(scope, from);
    check_limit_cycles(scope, from);
    check_in_force(scope, policy, from->in_force);
    LIST_PUSH(scope->arena, policy->limits, limit);
  }
}

/* ---- The outline ---- */

static Criterion *plant(Scope *scope, Policy *policy, const OutlineNode *node, Criterion *parent) {
  Criterion *criterion = ARENA_NEW(scope->arena, Criterion);
  criterion->syntax = node;
  criterion->policy = policy;
  criterion->parent = parent;
  criterion->index = policy->criteria.count;
  criterion->depth = parent == NULL ? 0 : parent->depth + 1;
  criterion->label = node->label.text;
  criterion->title = node->title;
  criterion->prerequisite = node->prerequisite;
  criterion->is_pathway = node->pathway;
  criterion->in_force = node->in_force;
  criterion->connective = node->connective;
  criterion->at_least = node->at_least;
  if (node->guard != NULL)
    criterion->guard_text = text_copy(scope->arena, span_text(node->guard->span));
  if (node->condition != NULL)
    criterion->condition_text = text_copy(scope->arena, span_text(node->condition->span));
  criterion->kind =
      check_word(scope, node->for_kind, &scope->vocabulary->facts.items[FACT_KIND]->type);
  Text above = parent == NULL ? (Text){0} : parent->path;
  if (criterion->label.length == 0) {
    criterion->path = above;
  } else if (above.length == 0) {
    criterion->path = criterion->label;
  } else {
    criterion->path = text_of(
        arena_format(scope->arena, "%.*s.%.*s", TEXT_ARGS(above), TEXT_ARGS(criterion->label)));
  }
  LIST_PUSH(scope->arena, policy->criteria, criterion);
  for (uint32_t i = 0; i < node->children.count; i++) {
    Criterion *child = plant(scope, policy, node->children.items[i], criterion);
    LIST_PUSH(scope->arena, criterion->children, child);
  }
  return criterion;
}

static void check_labels(Scope *scope, const Policy *policy) {
  for (uint32_t i = 0; i < policy->criteria.count; i++) {
    const Criterion *a = policy->criteria.items[i];
    if (a->label.length == 0) continue;
    for (uint32_t j = 0; j < i; j++) {
      const Criterion *b = policy->criteria.items[j];
      if (b->label.length == 0 || !text_equal(a->path, b->path) ||
          !dates_overlap(a->in_force, b->in_force))
        continue;
      if (a->kind >= 0 && b->kind >= 0 && a->kind != b->kind) continue;
      Diagnostic *d =
          diagnose(scope->diagnostics, DIAGNOSTIC_DUPLICATE_LABEL, a->syntax->label.span,
                   "two criteria have the label path `%.*s` on the same day", TEXT_ARGS(a->path));
      diagnostic_note(scope->diagnostics, d, b->syntax->label.span, "the other is here");
      break;
    }
  }
}

static bool listed(const char *const *ids, Text id) {
  for (; ids != NULL && *ids != NULL; ids++) {
    if (text_is(id, *ids)) return true;
  }
  return false;
}

const char *connective_words(Arena *arena, Connective connective, uint32_t at_least) {
  switch (connective) {
    case CONNECTIVE_LEAF:
      return "";
    case CONNECTIVE_ALL:
      return "all of";
    case CONNECTIVE_ANY:
      return "any of";
    case CONNECTIVE_NONE:
      return "none of";
    case CONNECTIVE_AT_LEAST:
      return arena_format(arena, "at least %u of", at_least);
  }
  UNREACHABLE();
}

static Interpretation *check_interpretation(Scope *scope, const InterpretationSyntax *syntax,
                                            const char *const *literal_interpretations) {
  Interpretation *interpretation = ARENA_NEW(scope->arena, Interpretation);
  interpretation->id = syntax->id.text;
  interpretation->text = syntax->text;
  interpretation->has_connective = syntax->has_literal_connective;
  interpretation->connective = syntax->literal_connective;
  interpretation->at_least = syntax->literal_at_least;
  interpretation->is_literal = listed(literal_interpretations, interpretation->id) &&
                               (syntax->literal != NULL || syntax->has_literal_connective);
  if (syntax->literal != NULL) {
    interpretation->condition = check_condition(scope, syntax->literal);
    interpretation->literal = text_copy(scope->arena, span_text(syntax->literal->span));
  } else if (syntax->has_literal_connective) {
    interpretation->literal = text_of(
        connective_words(scope->arena, syntax->literal_connective, syntax->literal_at_least));
  }
  return interpretation;
}

/* ---- Outcomes ---- */

/* `12 - used months` arrives as a product with one month. */
static bool is_reckoned_length(const Expression *e) {
  return e->kind == EXPRESSION_MULTIPLY && e->operands.items[1]->kind == EXPRESSION_SPAN;
}

/* No renewals are fine: the authorization itself is something. */
static bool is_nothing(const AuthorizationItem *item) {
  const Term *amount = item->amount;
  switch (item->kind) {
    case AUTHORIZATION_LENGTH:
      return amount->kind == TERM_SPAN && amount->span.days == 0 && amount->span.months == 0;
    case AUTHORIZATION_CYCLES:
      return amount->kind == TERM_AMOUNT && amount->amount <= 0;
    case AUTHORIZATION_RENEWALS:
      return false;
  }
  UNREACHABLE();
}

static void check_item(Scope *scope, Outcome *outcome, const AuthorizationItemSyntax *syntax) {
  if (syntax->kind == AUTHORIZATION_LENGTH && is_reckoned_length(syntax->amount)) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_AUTHORIZATION, syntax->span,
                             "an authorized length cannot be calculated");
    diagnostic_expect(scope->diagnostics, d,
                      "a length such as `6 months`, a duration, or `least of` two; cycles and "
                      "renewals can be calculated");
    return;
  }
  AuthorizationItem item = {.kind = syntax->kind, .amount = check_term(scope, syntax->amount)};
  if (item.amount == NULL) return;
  bool length = item.amount->value == VALUE_DURATION,
       plain =
           item.amount->dimension == DIMENSION_COUNT || item.amount->dimension == DIMENSION_NUMBER;
  if (length != (syntax->kind == AUTHORIZATION_LENGTH) || item.amount->value == VALUE_DATE ||
      (!length && !plain)) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_AUTHORIZATION, syntax->span,
                             "this is not something that can be authorized");
    diagnostic_expect(scope->diagnostics, d,
                      "a length such as `6 months`, a number of cycles or of renewals");
    return;
  }
  if (is_nothing(&item)) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_AUTHORIZATION, syntax->span,
                             "this authorizes nothing");
    diagnostic_expect(scope->diagnostics, d,
                      "at least 1; or no outcome, where nothing is approved");
    return;
  }
  const Term *unit = item.amount;
  while (length && unit->kind == TERM_LEAST) unit = unit->b;
  if (length) item.unit = unit->kind == TERM_SPAN ? unit->unit : (Span){0, 1};
  for (uint32_t i = 0; i < outcome->items.count; i++) {
    if (outcome->items.items[i].kind == item.kind)
      diagnose(scope->diagnostics, DIAGNOSTIC_BAD_AUTHORIZATION, syntax->span,
               "the same thing is authorized twice");
  }
  LIST_PUSH(scope->arena, outcome->items, item);
}

static Outcome *check_outcome(Scope *scope, Criterion *criterion, const OutcomeSyntax *syntax) {
  static const Text referrals[] = {{"case_by_case", 12}};
  Outcome *outcome = ARENA_NEW(scope->arena, Outcome);
  outcome->kind = syntax->kind;
  outcome->line = text_copy(scope->arena, span_text(syntax->span));
  outcome->criterion = criterion;
  outcome->none = syntax->none;
  outcome->code = syntax->code.text;
  outcome->in_force = syntax->in_force;
  outcome->where = syntax->where == NULL ? NULL : check_condition(scope, syntax->where);
  outcome->whilst = syntax->whilst == NULL ? NULL : check_condition(scope, syntax->whilst);
  outcome->pathway = criterion;
  for (Criterion *above = criterion; above != NULL; above = above->parent) {
    if (above->is_pathway) {
      outcome->pathway = above;
      break;
    }
  }
  while (outcome->pathway->label.length == 0 && outcome->pathway->parent != NULL)
    outcome->pathway = outcome->pathway->parent;
  for (uint32_t i = 0; i < syntax->items.count; i++)
    check_item(scope, outcome, &syntax->items.items[i]);
  if (syntax->kind == OUTCOME_REFER && !text_equal(outcome->code, referrals[0])) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VALUE_OUTSIDE, syntax->code.span,
                             "`%.*s` is not a reason to refer", TEXT_ARGS(outcome->code));
    diagnostic_expect(scope->diagnostics, d, "case_by_case");
    diagnostic_nearest(scope->diagnostics, d, outcome->code, referrals, 1);
  }
  check_in_force(scope, criterion->policy, syntax->in_force);
  return outcome;
}

/* What `none of` holds against a request cannot earn it anything. */
static void check_reachable(Scope *scope, const Criterion *criterion, SourceSpan outcome) {
  for (const Criterion *above = criterion->parent; above != NULL; above = above->parent) {
    if (above->connective != CONNECTIVE_NONE) continue;
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_AUTHORIZATION, outcome,
                             "an outcome cannot follow from a criterion under `none of`");
    diagnostic_note(scope->diagnostics, d, above->syntax->connective_span, "the group is here");
    return;
  }
}

static void check_enough(Scope *scope, const OutlineNode *node, uint32_t needed, SourceSpan span) {
  if (needed <= node->children.count || node->has_misplaced_children) return;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_NEVER_ENOUGH, span,
                           "at least %u of %u can never be met", needed, node->children.count);
  diagnostic_expect(scope->diagnostics, d, "at most as many as the group has criteria");
}

/* A regimen is of one of the drugs that the policy covers. */
static void check_dosed_drug(Scope *scope, const Criterion *criterion, Word name) {
  const Policy *policy = criterion->policy;
  const Drug *drug = criterion->dosed_as->drug;
  for (uint32_t i = 0; i < policy->syntax->drugs.count; i++) {
    if (text_equal_ignoring_case(policy->syntax->drugs.items[i].text, drug->name)) return;
  }
  Diagnostic *d =
      diagnose(scope->diagnostics, DIAGNOSTIC_VALUE_OUTSIDE, name.span,
               "`%.*s` is a regimen of `%.*s`", TEXT_ARGS(name.text), TEXT_ARGS(drug->name));
  diagnostic_expect(scope->diagnostics, d, "a regimen of a drug that this policy covers");
}

static void check_dosed_as(Scope *scope, Criterion *criterion, Word name) {
  const DoseTables *tables = &scope->vocabulary->dosing;
  if (name.text.length == 0) return;
  criterion->dosed_as = dose_table_regimen(tables, name.text);
  if (criterion->dosed_as != NULL) {
    check_dosed_drug(scope, criterion, name);
    return;
  }
  LIST(Text) names = {0};
  for (uint32_t i = 0; i < tables->regimens.count; i++)
    LIST_PUSH(scope->arena, names, tables->regimens.items[i]->name);
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_UNKNOWN_NAME, name.span,
                           "regimen `%.*s` is not declared", TEXT_ARGS(name.text));
  diagnostic_nearest(scope->diagnostics, d, name.text, names.items, names.count);
}

static void flesh_out(Scope *scope, Criterion *criterion,
                      const char *const *literal_interpretations) {
  const OutlineNode *node = criterion->syntax;
  check_in_force(scope, criterion->policy, criterion->in_force);
  if (node->guard != NULL) criterion->guard = check_condition(scope, node->guard);
  if (node->condition != NULL) criterion->condition = check_condition(scope, node->condition);
  check_dosed_as(scope, criterion, node->dosed_as);
  for (uint32_t i = 0; i < node->interpretations.count; i++) {
    const InterpretationSyntax *syntax = node->interpretations.items[i];
    Interpretation *interpretation = check_interpretation(scope, syntax, literal_interpretations);
    if (interpretation->has_connective && criterion->connective == CONNECTIVE_LEAF) {
      diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, syntax->span,
               "`literally` applies to a group, but this is a condition");
    }
    LIST_PUSH(scope->arena, criterion->interpretations, interpretation);
  }
  for (uint32_t i = 0; i < node->outcomes.count; i++) {
    Outcome *outcome = check_outcome(scope, criterion, node->outcomes.items[i]);
    LIST_PUSH(scope->arena, criterion->outcomes, outcome);
    for (Criterion *above = criterion; above != NULL; above = above->parent)
      above->holds_outcome = true;
  }
  if (node->outcomes.count > 0) check_reachable(scope, criterion, node->outcomes.items[0]->span);
  if (node->connective == CONNECTIVE_AT_LEAST)
    check_enough(scope, node, node->at_least, node->connective_span);
}

static Text lower(Arena *arena, Text text) {
  char *copy = arena_copy(arena, text.at, text.length);
  for (uint32_t i = 0; i < text.length; i++) copy[i] = ascii_lower(copy[i]);
  return (Text){copy, text.length};
}

Policy *policy_check(const PolicySyntax *syntax, const Source *source, Vocabulary *vocabulary,
                     const char *const *literal_interpretations, Arena *arena,
                     Diagnostics *diagnostics) {
  Policy *policy = ARENA_NEW(arena, Policy);
  policy->id = syntax->id.text;
  policy->title = syntax->title;
  policy->payer = syntax->payer;
  policy->source_note = syntax->source_note;
  policy->source = source;
  policy->file = source->name;
  policy->syntax = syntax;
  policy->vocabulary = vocabulary;
  policy->not_known = ARENA_ARRAY(arena, uint64_t *, vocabulary->facts.count);
  uint32_t errors = diagnostics->errors;
  Scope scope;
  scope_open(&scope, vocabulary->scope, arena, diagnostics, vocabulary);
  scope.budget = ARENA_NEW(arena, ConditionBudget);
  scope.policy = policy;
  check_versions(&scope, policy);
  check_end(&scope, policy);
  for (uint32_t i = 0; i < syntax->lines.count; i++) {
    int line =
        check_value(&scope, &vocabulary->facts.items[FACT_LINE]->type, syntax->lines.items[i]);
    if (line >= 0) policy->lines |= 1u << line;
  }
  const Declarations *vocabulary_declares = &vocabulary->syntax->declarations;
  for (uint32_t i = 0; i < syntax->drugs.count; i++) {
    LIST_PUSH(arena, policy->drugs, lower(arena, syntax->drugs.items[i].text));
    /* a vocabulary that declares drugs declares all it speaks of; one that declares none leaves
     * them to the policies */
    if (vocabulary_declares->drugs.count > 0)
      check_drug_word(&scope, vocabulary_declares, syntax->drugs.items[i]);
  }
  check_evidence(&scope, policy);
  for (uint32_t i = 0; i < syntax->not_known.count; i++)
    check_not_known(&scope, policy, &syntax->not_known.items[i]);
  check_limits(&scope, policy);
  check_declarations(&scope, &syntax->declarations);
  for (uint32_t i = 0; i < syntax->nodes.count; i++) {
    Criterion *top = plant(&scope, policy, syntax->nodes.items[i], NULL);
    LIST_PUSH(arena, policy->top, top);
  }
  if (policy->criteria.count > LIMIT_CRITERIA) {
    Diagnostic *d = diagnose(diagnostics, DIAGNOSTIC_TOO_MANY_CRITERIA, syntax->id.span,
                             "the policy has %u criteria", policy->criteria.count);
    diagnostic_expect(diagnostics, d, "at most %u", LIMIT_CRITERIA);
    return policy;
  }
  check_labels(&scope, policy);
  for (uint32_t i = 0; i < policy->criteria.count; i++)
    flesh_out(&scope, policy->criteria.items[i], literal_interpretations);
  for (uint32_t i = 0; i < syntax->interpretations.count; i++) {
    Interpretation *interpretation =
        check_interpretation(&scope, syntax->interpretations.items[i], literal_interpretations);
    LIST_PUSH(arena, policy->interpretations, interpretation);
  }
  check_derivations(&scope);
  check_slips(&scope, policy, errors);
  bool authorizations = false;
  for (uint32_t i = 0; i < policy->top.count; i++)
    authorizations = authorizations || policy->top.items[i]->holds_outcome;
  if (!authorizations && diagnostics->errors == errors) {
    Diagnostic *d =
        diagnose(diagnostics, DIAGNOSTIC_NO_OUTCOME, syntax->id.span,
                 "no outcome in this policy says what follows when its criteria are met");
    diagnostic_expect(diagnostics, d, "an `approve`, `route` or `refer` line under a criterion");
  }
  return policy;
}
