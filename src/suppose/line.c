/* line: values of a line (quantities, dates), on both sides of each place where the policy cuts it.
 *
 * The line is cut where some variable's cell changes, found by halving: the cases between the cuts
 * are equivalence classes, and the values beside a cut are its boundary values (equivalence
 * partitioning and boundary value analysis: Myers 1979). Of the values beside a cut the plainest is
 * taken, in few digits.
 *
 * Invariant: each variable moves one way along the line, so between two values of one row there is
 * no other row.
 */
#include "suppose/supposing.h"

#include "base/limits.h"

typedef struct Line {
  Supposing *supposing;
  const Fact *fact;
  Amount low, high, step;
  LIST(int64_t) ends; /* the last value of each case but the last, in steps from low */
} Line;

static void set_at(const Line *line, int64_t n) {
  FactValue *value = &line->supposing->facts->values[line->fact->index];
  value->amount = line->low + n * line->step;
  value->date = line->fact->type.kind == TYPE_DATE ? (Date)value->amount : value->date;
}

static Row row_at(const Line *line, int64_t n) {
  set_at(line, n);
  return row_here(line->supposing);
}

/* Each variable moves one way, so between two values of one row lies no other. */
static void cut_between(Line *line, int64_t first, Row at_first, int64_t last, Row at_last) {
  if (same_row(line->supposing, at_first, at_last) || line->ends.count >= 2 * LIMIT_CELLS) return;
  if (last - first <= 1) {
    LIST_PUSH(line->supposing->arena, line->ends, first);
    return;
  }
  const int64_t middle = first + (last - first) / 2;
  const Row at_middle = row_at(line, middle);
  cut_between(line, first, at_first, middle, at_middle);
  cut_between(line, middle, at_middle, last, at_last);
}

static void write_value(Buffer *out, const Fact *fact, Amount amount) {
  if (fact->type.kind == TYPE_DATE) {
    char day[10];
    date_write((Date)amount, day);
    buffer_append(out, day, sizeof day);
  } else {
    quantity_write(out, amount, fact->type.dimension);
  }
}

static Text value_words(Arena *arena, const Fact *fact, Amount amount) {
  Buffer out;
  buffer_open(&out, arena, 32);
  write_value(&out, fact, amount);
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

static Text value_json(Arena *arena, const Fact *fact, Amount amount) {
  Text words = value_words(arena, fact, amount);
  bool number =
      fact->type.kind == TYPE_QUANTITY && dimension_units(fact->type.dimension)[0] == '\0';
  return number ? words : text_of(arena_format(arena, "\"%.*s\"", (int)words.length, words.at));
}

/* Of what a value that is written plainly is a whole multiple. */
static Amount plain_step(const Fact *fact) {
  return fact->type.kind == TYPE_QUANTITY ? dimension_plain_step(fact->type.dimension) : 1;
}

typedef enum End { END_FIRST, END_LAST } End;

/* The plainest value between two, near one end: few digits, and not more than a fiftieth away. */
static Amount plainest(const Line *line, Amount from, Amount to, End near) {
  const Amount end = near == END_LAST ? to : from;
  if (line->fact->type.kind == TYPE_DATE) return end;
  const Amount plain = plain_step(line->fact);
  Amount most = plain;
  while (most <= INT64_C(1000000000000000000) / 10) most *= 10;
  for (Amount unit = most; unit > 1 && unit >= plain; unit /= 10) {
    Amount down = end / unit * unit;
    if (end < 0 && down != end) down -= unit;
    const Amount rounded = near == END_LAST || down == end ? down : down + unit;
    const Amount away = rounded > end ? rounded - end : end - rounded;
    if (unit < line->step || rounded < from || rounded > to) continue;
    if (away <= (end < 0 ? -end : end) / 50) return rounded;
  }
  return end;
}

enum { DIGITS_MOST = 19 }; /* of an Amount */

/* "28 mcg/day" or, where the end is one step past a plainer value, that value left out: "less than
 * 28 mcg/day". */
static Amount digits_of(Amount amount, Amount plain) {
  Amount digits = amount % plain == 0 ? 0 : DIGITS_MOST;
  if (amount == 0) return 0;
  if (amount % plain == 0) amount /= plain;
  while (amount % 10 == 0) amount /= 10;
  for (; amount != 0; amount /= 10) digits++;
  return digits;
}

static bool is_beside(const Fact *fact, Amount end, Amount beside) {
  const bool measured = fact->type.kind == TYPE_QUANTITY && fact->type.dimension != DIMENSION_COUNT;
  return measured && digits_of(beside, plain_step(fact)) < digits_of(end, plain_step(fact));
}

static void write_bound(Buffer *out, const Fact *fact, const char *inclusive, const char *exclusive,
                        Amount end, Amount beside) {
  const bool leaves_out = is_beside(fact, end, beside);
  buffer_string(out, leaves_out ? exclusive : inclusive);
  write_value(out, fact, leaves_out ? beside : end);
}

Text suppose_range(Arena *arena, const Fact *fact, const Supposed *first, const Supposed *last) {
  Buffer out;
  const bool day = fact->type.kind == TYPE_DATE, has_from = first->has_from, has_to = last->has_to;
  buffer_open(&out, arena, 64);
  if (has_from && has_to && first->from == last->to) {
    write_value(&out, fact, first->from);
  } else {
    if (has_from)
      write_bound(&out, fact, day ? "on or after " : "at least ", "more than ", first->from,
                  first->from - 1);
    if (has_from && has_to) buffer_string(&out, " and ");
    if (has_to)
      write_bound(&out, fact, day ? "on or before " : "at most ", "less than ", last->to,
                  last->to + 1);
    if (!has_from && !has_to) buffer_string(&out, "any");
  }
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

static bool is_listed(const SupposedList *list, Amount amount) {
  for (uint32_t i = 0; i < list->count; i++) {
    if (list->items[i].is_line && list->items[i].value.amount == amount) return true;
  }
  return false;
}

static void add_amount(const Line *line, Amount amount, const Supposed *of) {
  Supposing *supposing = line->supposing;
  if (is_listed(&supposing->list, amount)) return;
  Supposed supposed = *of;
  supposed.value = supposing->facts->values[line->fact->index];
  supposed.value.amount = amount;
  if (line->fact->type.kind == TYPE_DATE) supposed.value.date = (Date)amount;
  supposed.json = value_json(supposing->arena, line->fact, amount);
  supposed.words = suppose_range(supposing->arena, line->fact, of, of);
  LIST_PUSH(supposing->arena, supposing->list, supposed);
}

/* All values of the fact's type that a request may state. */
static Line whole_line(Supposing *supposing) {
  const Fact *fact = supposing->fact;
  Line line = {.supposing = supposing, .fact = fact, .step = 1};
  line.low = date_from_civil(1, 1, 1);
  line.high = date_from_civil(9999, 12, 31);
  if (fact->type.kind == TYPE_QUANTITY) fact_bounds(fact, &line.low, &line.high);
  if (fact->type.kind == TYPE_QUANTITY && fact->type.dimension == DIMENSION_COUNT)
    line.step = AMOUNT_ONE;
  if (line.low < INT64_MIN / 4) line.low = INT64_MIN / 4;
  return line;
}

void suppose_line(Supposing *supposing) {
  Line line = whole_line(supposing);
  const int64_t last = (line.high - line.low) / line.step;
  const Row at_first = row_at(&line, 0), at_last = row_at(&line, last);
  cut_between(&line, 0, at_first, last, at_last);
  for (uint32_t i = 0; i <= line.ends.count; i++) {
    const bool has_from = i > 0, has_to = i < line.ends.count;
    const Amount from = has_from ? line.low + (line.ends.items[i - 1] + 1) * line.step : line.low;
    const Amount to =
        has_to ? line.low + line.ends.items[i] * line.step : line.low + last * line.step;
    const Supposed of = {
        .is_line = true, .has_from = has_from, .has_to = has_to, .from = from, .to = to};
    if (has_from) add_amount(&line, plainest(&line, from, to, END_FIRST), &of);
    if (has_to) add_amount(&line, plainest(&line, from, to, END_LAST), &of);
  }
}
