/* Products: several things asked of one fact, understood together.
 *
 * `age >= 18 years` and `birth_date after 2010-01-01` cut the same line of days in two ways, and
 * how the cuts lie depends on the day of the start. As two variables they would allow a patient of
 * 20 born in 2012. So the variables that rest on one date or one quantity alone become parts of a
 * product, whose cells are the combinations of theirs. Where the fact is known, each part has one
 * cell. Where it is not, the combinations that some value has are found for this request: each
 * part's cell only ever moves one way as the value grows, so between two values with the same
 * combination there is no other, and halving the interval between two that differ finds every
 * change.
 *
 * A product's cell is a number in mixed radix: each part has a digit, its own cell, and a stride,
 * how many cells of the product lie between two of its own.
 *
 *     part 0: arity 3, stride 1      cell    0  1  2  3  4  5
 *     part 1: arity 2, stride 3      part 0  0  1  2  0  1  2     cell / 1 % 3
 *                                    part 1  0  0  0  1  1  1     cell / 3 % 2
 *
 * Invariant: a product holds every part that fits into LIMIT_CELLS, and no variable is part of two.
 */
#include "base/unreachable.h"
#include "compile/variable.h"

/* ---- Joining ---- */

/* Which way a term moves as the fact grows: not at all, up, down, or no telling. */
typedef enum Trend { TREND_NONE, TREND_UP, TREND_DOWN, TREND_MIXED } Trend;

static Trend turned(Trend trend) {
  return trend == TREND_UP ? TREND_DOWN : trend == TREND_DOWN ? TREND_UP : trend;
}

static Trend joined(Trend a, Trend b) {
  if (a == TREND_NONE) return b;
  return b == TREND_NONE || a == b ? a : TREND_MIXED;
}

static Trend scaled(Trend trend, const Term *by) {
  if (trend == TREND_NONE) return TREND_NONE;
  if (by->kind != TERM_AMOUNT || by->amount == 0) return TREND_MIXED;
  return by->amount > 0 ? trend : turned(trend);
}

static Trend trend_of(const Term *term) {
  Trend a = term->a == NULL ? TREND_NONE : trend_of(term->a),
        b = term->b == NULL ? TREND_NONE : trend_of(term->b);
  switch (term->kind) {
    case TERM_FACT:
      return term->fact->index < BUILTIN_FACTS ? TREND_NONE : TREND_UP;
    case TERM_AMOUNT:
    case TERM_DATE:
    case TERM_SPAN:
      return TREND_NONE;
    case TERM_ADD:
    case TERM_LEAST:
    case TERM_GREATEST:
      return joined(a, b);
    case TERM_SUBTRACT:
    case TERM_DIVIDE:
      if (term->kind == TERM_DIVIDE) return b == TREND_NONE ? scaled(a, term->b) : TREND_MIXED;
      return joined(a, turned(b));
    case TERM_MULTIPLY:
      if (a == TREND_NONE) return scaled(b, term->a);
      return b == TREND_NONE ? scaled(a, term->b) : TREND_MIXED;
    case TERM_FROM_TO:
      return joined(turned(a), b);
    case TERM_SHIFTED:
      return a;
    case TERM_BODY_SURFACE:
    case TERM_QUERY:
    case TERM_PERCENT_CHANGE:
    case TERM_UPPER_LIMIT:
      return TREND_MIXED;
  }
  UNREACHABLE();
}

/* Arithmetic that overflows at the ends of the fact's bounds moves no way at all. */
static bool is_computable(const VariableSet *set, const Variable *variable) {
  const Vocabulary *vocabulary = set->policy->vocabulary;
  if (variable->term->value != VALUE_AMOUNT || variable->term->kind == TERM_FACT) return true;
  Amount bounds[2];
  Facts facts = {.vocabulary = vocabulary,
                 .values = ARENA_ARRAY(set->arena, FactValue, vocabulary->facts.count)};
  fact_bounds(variable->fact, &bounds[0], &bounds[1]);
  for (int i = 0; i < 2; i++) {
    facts.values[variable->fact->index] = (FactValue){.known = true, .amount = bounds[i]};
    if (!evaluate_term(variable->term, &facts).known) return false;
  }
  return true;
}

/* Can the variable be part of a product? Then `fact` is all it rests on. */
static bool is_part(const VariableSet *set, const Variable *variable) {
  if (variable->kind != VARIABLE_ORDERED && variable->kind != VARIABLE_LENGTH) return false;
  if (variable->fact == NULL ||
      (variable->fact->type.kind != TYPE_DATE && variable->fact->type.kind != TYPE_QUANTITY))
    return false;
  Trend trend = trend_of(variable->term);
  return (trend == TREND_UP || trend == TREND_DOWN) && is_computable(set, variable);
}

static void add_part(Arena *arena, Variable *product, Variable *part) {
  part->product = product;
  part->stride = product->arity;
  product->arity = (uint8_t)(product->arity * part->arity);
  product->facts |= part->facts;
  LIST_PUSH(arena, product->parts, part);
}

static Variable *join(VariableSet *set, Variable *first, uint32_t from) {
  Variable *product = NULL;
  for (uint32_t i = from; i < set->plain.count; i++) {
    Variable *other = set->plain.items[i];
    uint32_t arity = product == NULL ? first->arity : product->arity;
    if (!is_part(set, other) || other->fact != first->fact) continue;
    if (arity * other->arity > LIMIT_CELLS) {
      set->is_unjoined = true;
      continue;
    }
    if (product == NULL) {
      product = ARENA_NEW(set->arena, Variable);
      *product = (Variable){.kind = VARIABLE_PRODUCT, .fact = first->fact, .arity = 1};
      add_part(set->arena, product, first);
    }
    add_part(set->arena, product, other);
  }
  if (product == NULL) return first;
  product->cells = cells_all(product->arity);
  return product;
}

void variables_join(VariableSet *set) {
  for (uint32_t i = 0; i < set->plain.count; i++) {
    Variable *variable = set->plain.items[i];
    if (variable->product != NULL) continue;
    if (is_part(set, variable)) variable = join(set, variable, i + 1);
    LIST_PUSH(set->arena, set->variables, variable);
  }
}

/* ---- Cells ---- */

static uint32_t part_cell(const Variable *part, uint32_t cell) {
  return cell / part->stride % part->arity;
}

uint64_t product_lift(const Variable *part, uint64_t cells) {
  uint64_t lifted = 0;
  for (uint32_t cell = 0; cell < part->product->arity; cell++) {
    if ((cells >> part_cell(part, cell)) & 1) lifted |= UINT64_C(1) << cell;
  }
  return lifted;
}

/* The one cell of the facts as they stand: each part is known. */
static uint64_t cell_now(const Variable *product, const Facts *facts) {
  uint32_t cell = 0;
  for (uint32_t i = 0; i < product->parts.count; i++) {
    const Variable *part = product->parts.items[i];
    cell +=
        part->stride * (uint32_t)__builtin_ctzll(variable_cells(part, facts, NULL, ENTRIES_ALL));
  }
  return UINT64_C(1) << cell;
}

typedef struct Search {
  const Variable *product;
  const Facts *facts;
  FactValue *value; /* of the fact, tried with one value after another */
  Amount low, step; /* the n-th value is low + n * step */
  uint64_t found;
} Search;

static uint64_t cell_at(Search *search, uint64_t n) {
  search->value->amount = search->low + (Amount)n * search->step;
  search->value->date =
      (Date)(search->product->fact->type.kind == TYPE_DATE ? search->value->amount : 0);
  uint64_t cell = cell_now(search->product, search->facts);
  search->found |= cell;
  return cell;
}

static void search_between(Search *search, uint64_t first, uint64_t at_first, uint64_t last,
                           uint64_t at_last) {
  if (at_first == at_last || last - first <= 1) return;
  uint64_t middle = first + (last - first) / 2, at_middle = cell_at(search, middle);
  search_between(search, first, at_first, middle, at_middle);
  search_between(search, middle, at_middle, last, at_last);
}

uint64_t product_cells(const Variable *product, const Facts *facts) {
  FactValue *value = &facts->values[product->fact->index], before = *value;
  if (value->known) return cell_now(product, facts);
  Amount low = date_from_civil(1, 1, 1), high = date_from_civil(9999, 12, 31);
  if (product->fact->type.kind == TYPE_QUANTITY) fact_bounds(product->fact, &low, &high);
  bool counted =
      product->fact->type.kind == TYPE_QUANTITY && product->fact->type.dimension == DIMENSION_COUNT;
  Search search = {product, facts, value, low, counted ? AMOUNT_ONE : 1, 0};
  uint64_t last = (uint64_t)(high - low) / (uint64_t)search.step;
  value->known = true;
  search_between(&search, 0, cell_at(&search, 0), last, cell_at(&search, last));
  if (product->fact->type.or_none) {
    value->is_none = true;
    search.found |= cell_now(product, facts);
  }
  *value = before; /* the row of facts is as it was: nothing is known of this one */
  return search.found;
}
