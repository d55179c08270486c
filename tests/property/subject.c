/* The policy as one request meets it, evaluated by walking the outline: two-valued logic over facts
 * that are all known, and nothing of cells or diagrams. */
#include "subject.h"

/* ---- What stands on the page ---- */

bool is_present(const Subject *s, const Criterion *criterion) {
  return in_force_on(criterion->in_force, s->version->date) &&
         (criterion->kind < 0 || criterion->kind == s->kind);
}

bool is_not_asked(const Subject *s, const Criterion *criterion) {
  return criterion->prerequisite && s->kind == KIND_CONTINUATION;
}

/* ---- Terms ---- */

static Number number_of_fact(const Term *term, Row row) {
  const Item *item = row[term->fact->index];
  if (item->none) return (Number){.none = true};
  switch (term->value) {
    case VALUE_AMOUNT:
      return (Number){.amount = item->amount};
    case VALUE_DATE:
      return (Number){.amount = item->date};
    case VALUE_DURATION:
      break;
  }
  Date start = row[FACT_START]->date;
  return (Number){.from = start, .to = date_add(start, item->span)};
}

static Number number_of_pair(const Term *term, Row row) {
  Number a = number_of(term->a, row), b = number_of(term->b, row),
         result = {.none = a.none || b.none};
  if (result.none) return result;
  switch (term->kind) {
    case TERM_ADD:
      result.amount = a.amount + b.amount;
      break;
    case TERM_SUBTRACT:
      result.amount = a.amount - b.amount;
      break;
    case TERM_MULTIPLY:
      amount_multiply(a.amount, term->a->dimension, b.amount, term->b->dimension, &result.amount,
                      NULL);
      break;
    case TERM_DIVIDE:
      amount_divide(a.amount, term->a->dimension, b.amount, term->b->dimension, &result.amount,
                    NULL);
      break;
    case TERM_LEAST:
      result = term->value == VALUE_DURATION ? (a.to <= b.to ? a : b)
               : a.amount <= b.amount        ? a
                                             : b;
      break;
    case TERM_GREATEST:
      result = term->value == VALUE_DURATION ? (a.to <= b.to ? b : a)
               : a.amount <= b.amount        ? b
                                             : a;
      break;
    default:
      amount_body_surface_mosteller(a.amount, b.amount, &result.amount);
      break;
  }
  return result;
}

Number number_of(const Term *term, Row row) {
  Number a, b;
  switch (term->kind) {
    case TERM_FACT:
      return number_of_fact(term, row);
    case TERM_AMOUNT:
      return (Number){.amount = term->amount};
    case TERM_DATE:
      return (Number){.amount = term->date};
    case TERM_SPAN:
      return (Number){.from = row[FACT_START]->date,
                      .to = date_add(row[FACT_START]->date, term->span)};
    case TERM_FROM_TO:
      a = number_of(term->a, row);
      b = number_of(term->b, row);
      return (Number){.none = a.none || b.none, .from = (Date)a.amount, .to = (Date)b.amount};
    case TERM_SHIFTED:
      a = number_of(term->a, row);
      if (!a.none)
        a.amount = date_add((Date)a.amount, (Span){-term->span.months, -term->span.days});
      return a;
    case TERM_QUERY:
    case TERM_PERCENT_CHANGE:
    case TERM_UPPER_LIMIT:
      break;
    case TERM_ADD:
    case TERM_SUBTRACT:
    case TERM_MULTIPLY:
    case TERM_DIVIDE:
    case TERM_LEAST:
    case TERM_GREATEST:
    case TERM_BODY_SURFACE:
      return number_of_pair(term, row);
  }
  assert(!"a series has no single value");
  return (Number){0};
}

/* ---- Conditions ---- */

uint32_t entry_test(const Subject *s, const Condition *test) {
  uint32_t at = 0;
  while (at < s->entry_tests.count && s->entry_tests.items[at] != test) at++;
  return at;
}

static bool names_hold(const Condition *condition, uint32_t name) {
  bool found = false;
  for (uint32_t i = 0; i < condition->names.count; i++)
    found = found || condition->names.items[i] == name;
  return found;
}

static bool codes_hold(const Condition *condition, Text code) {
  bool found = false;
  for (uint32_t i = 0; i < condition->codes.count; i++) {
    const CodeSpan *span = &condition->codes.items[i];
    bool child = span->is_range && code.length > span->last.length &&
                 memcmp(code.at, span->last.at, span->last.length) == 0;
    found = found || child ||
            (text_compare(span->first, code) <= 0 && text_compare(code, span->last) <= 0);
  }
  return found;
}

static bool compares(const Condition *condition, Row row) {
  Number left = number_of(condition->left, row), right = number_of(condition->right, row);
  if (left.none || right.none) return false; /* nothing is above or below what is not there */
  return condition->or_equal ? left.amount <= right.amount : left.amount < right.amount;
}

bool holds(const Subject *s, const Condition *condition, Row row) {
  const Item *item = condition->fact == NULL ? NULL : row[condition->fact->index];
  uint32_t met = 0, parts = condition->operands.count;
  switch (condition->kind) {
    case CONDITION_TRUE:
      return true;
    case CONDITION_FALSE:
      return false;
    case CONDITION_AND:
    case CONDITION_OR:
      for (uint32_t i = 0; i < parts; i++) met += holds(s, condition->operands.items[i], row);
      return met >= (condition->kind == CONDITION_AND ? parts : 1);
    case CONDITION_NOT:
      return !holds(s, condition->operands.items[0], row);
    case CONDITION_ENUM_IN:
      return (condition->mask >> item->choice) & 1;
    case CONDITION_NAME_IN:
      return !item->none && names_hold(condition, item->name);
    case CONDITION_CODE_IN:
      return !item->none && codes_hold(condition, item->code);
    case CONDITION_INCLUDES:
      return (item->members & condition->mask) == condition->mask;
    case CONDITION_SET_IS:
      return item->members == condition->mask;
    case CONDITION_NONE:
      return item->none;
    case CONDITION_GIVEN:
      return item->given;
    case CONDITION_DOCUMENTED:
      return item->documented;
    case CONDITION_COMPARE:
      return compares(condition, row);
    case CONDITION_COUNT:
      return item->counts[entry_test(s, condition->operands.items[0])] >= condition->count;
    case CONDITION_MET:
      return criterion_holds(s, condition->criterion, row);
    case CONDITION_REACHED:
      break;
  }
  Number length = number_of(condition->left, row);
  return !length.none && date_add(length.from, condition->right->span) <= length.to;
}

bool entry_holds(const Condition *condition, const GivenEntry *entry) {
  uint32_t met = 0, parts = condition->operands.count;
  switch (condition->kind) {
    case CONDITION_TRUE:
      return true;
    case CONDITION_AND:
    case CONDITION_OR:
      for (uint32_t i = 0; i < parts; i++) met += entry_holds(condition->operands.items[i], entry);
      return met >= (condition->kind == CONDITION_AND ? parts : 1);
    case CONDITION_NOT:
      return !entry_holds(condition->operands.items[0], entry);
    case CONDITION_ENUM_IN:
      return (condition->mask >> entry->choice[condition->field->index]) & 1;
    case CONDITION_NAME_IN:
      return names_hold(condition, entry->choice[condition->field->index]);
    default:
      return false;
  }
}

bool entry_reads(const Condition *condition, uint32_t field) {
  bool reads = condition->field != NULL && condition->field->index == field;
  for (uint32_t i = 0; i < condition->operands.count; i++)
    reads = reads || entry_reads(condition->operands.items[i], field);
  return reads;
}

/* ---- Which facts a condition reads ---- */

void read_by_term(Arena *arena, const Term *term, Facts_ *facts) {
  if (term == NULL) return;
  if (term->fact != NULL) LIST_PUSH(arena, *facts, term->fact);
  if (term->query.series != NULL) LIST_PUSH(arena, *facts, term->query.series);
  read_by_term(arena, term->a, facts);
  read_by_term(arena, term->b, facts);
}

void read_by(Arena *arena, const Condition *condition, Facts_ *facts) {
  if (condition->fact != NULL) LIST_PUSH(arena, *facts, condition->fact);
  read_by_term(arena, condition->left, facts);
  read_by_term(arena, condition->right, facts);
  if (condition->kind == CONDITION_COUNT) return;
  for (uint32_t i = 0; i < condition->operands.count; i++)
    read_by(arena, condition->operands.items[i], facts);
}

/* A fact that must be stated counts for a criterion only where the request gives it. */
static bool stated_given(const Condition *condition, Row row) {
  if (condition->fact != NULL && condition->fact->stated && !row[condition->fact->index]->given)
    return false;
  if (condition->kind == CONDITION_COUNT) return true;
  for (uint32_t i = 0; i < condition->operands.count; i++) {
    if (!stated_given(condition->operands.items[i], row)) return false;
  }
  return true;
}

/* ---- Criteria ---- */

static const Interpretation *replacing_interpretation(const Criterion *criterion, bool literal) {
  for (uint32_t i = 0; i < criterion->interpretations.count; i++) {
    const Interpretation *interpretation = criterion->interpretations.items[i];
    if ((interpretation->condition != NULL || interpretation->has_connective) &&
        (literal || interpretation->is_literal))
      return interpretation;
  }
  return NULL;
}

static bool leaf_holds(const Subject *s, const Condition *condition, Row row) {
  return condition == NULL || (holds(s, condition, row) && stated_given(condition, row));
}

static bool group_holds(const Subject *s, const Criterion *criterion,
                        const Interpretation *interpretation, Row row) {
  Connective connective = interpretation != NULL && interpretation->has_connective
                              ? interpretation->connective
                              : criterion->connective;
  uint32_t needed = interpretation != NULL && interpretation->has_connective
                        ? interpretation->at_least
                        : criterion->at_least,
           met = 0, parts = 0;
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    if (!is_present(s, criterion->children.items[i])) continue;
    parts++;
    met += criterion_holds(s, criterion->children.items[i], row);
  }
  switch (connective) {
    case CONNECTIVE_LEAF:
    case CONNECTIVE_ALL:
      return met == parts;
    case CONNECTIVE_ANY:
      return met > 0;
    case CONNECTIVE_NONE:
      return met == 0;
    case CONNECTIVE_AT_LEAST:
      return met >= needed;
  }
  return false;
}

bool criterion_worded(const Subject *s, const Criterion *criterion, bool literal, Row row) {
  if (is_not_asked(s, criterion)) return true;
  if (criterion->guard != NULL && !holds(s, criterion->guard, row)) return true;
  const Interpretation *interpretation = replacing_interpretation(criterion, literal);
  if (interpretation != NULL && interpretation->condition != NULL)
    return leaf_holds(s, interpretation->condition, row);
  if (criterion->connective == CONNECTIVE_LEAF) return leaf_holds(s, criterion->condition, row);
  return group_holds(s, criterion, interpretation, row);
}

bool criterion_holds(const Subject *s, const Criterion *criterion, Row row) {
  return criterion_worded(s, criterion, false, row);
}

bool carries_outcome(const Criterion *criterion) {
  if (criterion->outcomes.count > 0) return true;
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    if (carries_outcome(criterion->children.items[i])) return true;
  }
  return false;
}

/* ---- Outcomes ---- */

/* What an outcome demands in addition to its own criterion: every part of the `all of` groups above
 * it that carries no outcome. */
static bool above_holds(const Subject *s, const Criterion *criterion, Row row) {
  for (const Criterion *below = criterion, *group = criterion->parent; group != NULL;
       below = group, group = group->parent) {
    if (group->guard != NULL && !holds(s, group->guard, row)) return false;
    const Interpretation *interpretation = replacing_interpretation(group, false);
    bool reworded = interpretation != NULL && interpretation->has_connective &&
                    interpretation->connective != group->connective;
    if ((reworded ? interpretation->connective : group->connective) != CONNECTIVE_ALL) continue;
    for (uint32_t i = 0; i < group->children.count; i++) {
      const Criterion *part = group->children.items[i];
      if (part == below || !is_present(s, part) || (carries_outcome(part) && !reworded)) continue;
      if (!criterion_holds(s, part, row)) return false;
    }
  }
  return true;
}

bool outcome_reached(const Subject *s, const Outcome *outcome, Row row) {
  return criterion_holds(s, outcome->criterion, row) && above_holds(s, outcome->criterion, row) &&
         (outcome->where == NULL || holds(s, outcome->where, row));
}

bool outcome_allows(const Subject *s, const Outcome *outcome, Row row) {
  if (outcome->none || (outcome->whilst != NULL && !holds(s, outcome->whilst, row))) return false;
  for (uint32_t i = 0; i < outcome->items.count; i++) { /* no cycle is no authorization */
    if (outcome->items.items[i].kind == AUTHORIZATION_CYCLES &&
        number_of(outcome->items.items[i].amount, row).amount < AMOUNT_ONE)
      return false;
  }
  return true;
}

bool row_possible(const Subject *s, Row row) {
  for (uint32_t i = 0; i < s->nevers.count; i++) {
    if (holds(s, s->nevers.items[i]->condition, row)) return false;
  }
  return true;
}
