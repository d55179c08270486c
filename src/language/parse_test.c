/* parse_test: the trees that come out. Mistakes are tested by the files of tests/bad/syntax
 * (corpus_test.c).
 *
 * Conditions are compared as parenthesised texts, operator first: see `write_expression`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "language/parse.h"

typedef struct Fixture {
  Arena arena;
  Diagnostics diagnostics;
  Source source;
} Fixture;

static int set_up(void **state) {
  static Fixture fixture;
  arena_open(&fixture.arena);
  diagnostics_open(&fixture.diagnostics, &fixture.arena);
  *state = &fixture;
  return 0;
}

static int tear_down(void **state) {
  arena_close(&((Fixture *)*state)->arena);
  return 0;
}

static FileSyntax *parse(Fixture *fixture, const char *text) {
  fixture->source = (Source){TEXT("test.licet"), text_of(text)};
  FileSyntax *file =
      parse_file(&fixture->source, &fixture->arena, &fixture->arena, &fixture->diagnostics);
  Buffer out;
  buffer_open(&out, &fixture->arena, 64);
  diagnostics_write(&out, &fixture->diagnostics);
  if (fixture->diagnostics.errors > 0) fail_msg("%s", buffer_finish(&out));
  return file;
}

static PolicySyntax *parse_policy_of(Fixture *fixture, const char *outline) {
  static const char head[] =
      "policy T \"Test\"\n  payer \"P\"\n  lines medicaid\n  drug d\n  vocabulary v\n  version "
      "2025-01-01\n";
  return parse(fixture, arena_format(&fixture->arena, "%s%s", head, outline))->policy;
}

static OutlineNode *parse_node_of(Fixture *fixture, const char *outline) {
  return parse_policy_of(fixture, outline)->nodes.items[0];
}

static void assert_text(Text text, const char *expected) {
  if (!text_is(text, expected)) fail_msg("`%.*s` is not `%s`", (int)text.length, text.at, expected);
}

/* ---- Expressions as texts ---- */

static void write_expression(Buffer *out, const Expression *expression) {
  static const char *const names[] = {[EXPRESSION_ADD] = "+",
                                      [EXPRESSION_SUBTRACT] = "-",
                                      [EXPRESSION_MULTIPLY] = "*",
                                      [EXPRESSION_DIVIDE] = "/",
                                      [EXPRESSION_LEAST] = "least",
                                      [EXPRESSION_GREATEST] = "greatest",
                                      [EXPRESSION_BODY_SURFACE] = "surface",
                                      [EXPRESSION_FROM_TO] = "from-to",
                                      [EXPRESSION_QUERY] = "query",
                                      [EXPRESSION_PERCENT_CHANGE] = "change",
                                      [EXPRESSION_UPPER_LIMIT] = "upper",
                                      [EXPRESSION_AND] = "and",
                                      [EXPRESSION_OR] = "or",
                                      [EXPRESSION_NOT] = "not",
                                      [EXPRESSION_IF] = "if",
                                      [EXPRESSION_COMPARE] = "compare",
                                      [EXPRESSION_IN] = "in",
                                      [EXPRESSION_GIVEN] = "given",
                                      [EXPRESSION_DOCUMENTED] = "documented",
                                      [EXPRESSION_NONE] = "none",
                                      [EXPRESSION_INCLUDES] = "includes",
                                      [EXPRESSION_SET_IS] = "set-is",
                                      [EXPRESSION_WITHIN] = "within",
                                      [EXPRESSION_DATED] = "dated",
                                      [EXPRESSION_QUANTIFIED] = "quantified",
                                      [EXPRESSION_MET] = "met"};
  static const char *const relations[] = {"=", "<>", "<", "<=", ">", ">="};
  static const char *const quantifiers[] = {"any", "every", "at-least", "at-most", "exactly"};
  static const char *const picks[] = {"latest", "earliest", "lowest", "highest", "baseline"};
  if (expression->kind == EXPRESSION_NAME || expression->kind == EXPRESSION_DATE) {
    buffer_text(out, expression->word.text);
    return;
  }
  if (expression->kind == EXPRESSION_NUMBER) {
    buffer_text(out, expression->word.text);
    if (expression->unit.text.length > 0)
      buffer_format(out, "'%.*s", (int)expression->unit.text.length, expression->unit.text.at);
    return;
  }
  if (expression->kind == EXPRESSION_SPAN) {
    buffer_format(out, "%dm%dd", expression->length.months, expression->length.days);
    return;
  }
  buffer_format(out, "(%s", names[expression->kind]);
  if (expression->kind == EXPRESSION_COMPARE || expression->kind == EXPRESSION_DATED)
    buffer_format(out, " %s", relations[expression->comparison]);
  if (expression->kind == EXPRESSION_QUANTIFIED)
    buffer_format(out, " %s %u", quantifiers[expression->quantifier], expression->count);
  if (expression->kind == EXPRESSION_WITHIN)
    buffer_format(out, " %dm%dd", expression->length.months, expression->length.days);
  if (expression->kind == EXPRESSION_QUERY) {
    const SeriesQuery *query = &expression->query;
    buffer_format(out, " %s %.*s %d %dm%dd %.*s", picks[query->pick],
                  (int)query->series.text.length, query->series.text.at, (int)query->window,
                  query->length.months, query->length.days, (int)query->anchor.text.length,
                  query->anchor.text.length ? query->anchor.text.at : "");
  }
  if (expression->word.text.length > 0)
    buffer_format(out, " %.*s", (int)expression->word.text.length, expression->word.text.at);
  for (uint32_t i = 0; i < expression->operands.count; i++) {
    buffer_character(out, ' ');
    write_expression(out, expression->operands.items[i]);
  }
  if (expression->kind == EXPRESSION_IN || expression->kind == EXPRESSION_SET_IS ||
      expression->kind == EXPRESSION_INCLUDES) {
    buffer_string(out, " {");
    for (uint32_t i = 0; i < expression->values.count; i++) {
      buffer_format(out, "%s%.*s", i ? " " : "", (int)expression->values.items[i].text.length,
                    expression->values.items[i].text.at);
    }
    buffer_character(out, '}');
  }
  buffer_character(out, ')');
}

static const char *written(Fixture *fixture, const Expression *expression) {
  Buffer out;
  buffer_open(&out, &fixture->arena, 64);
  write_expression(&out, expression);
  return buffer_finish(&out);
}

static const char *condition_of(Fixture *fixture, const char *condition) {
  return written(
      fixture,
      parse_node_of(fixture, arena_format(&fixture->arena, "A \"x\": %s\n", condition))->condition);
}

/* ---- Conditions ---- */

static void and_binds_tighter_than_or_and_not_tighter_than_both(void **state) {
  assert_string_equal(condition_of(*state, "a or not b and c"), "(or a (and (not b) c))");
}

static void parentheses_group_conditions_and_values_alike(void **state) {
  assert_string_equal(condition_of(*state, "(a or b) and (c + d) * 2 <= 5 mg"),
                      "(and (or a b) (compare <= (* (+ c d) 2) 5'mg))");
}

static void if_then_stands_inside_a_condition(void **state) {
  assert_string_equal(condition_of(*state, "a and (if b then c or d)"), "(and a (if b (or c d)))");
}

static void a_number_with_a_unit_is_a_measure_and_with_a_calendar_word_a_length(void **state) {
  assert_string_equal(condition_of(*state, "a <= 0.8 mg/m2 and b >= 18 years and c > 0.1 %"),
                      "(and (compare <= a 0.8'mg/m2) (compare >= b 216m0d) (compare > c 0.1'%))");
}

static void a_hugging_minus_makes_a_number_negative(void **state) {
  assert_string_equal(condition_of(*state, "a <= -50 %"), "(compare <= a -50'%)");
}

static void is_reads_values_sets_and_what_the_request_says(void **state) {
  assert_string_equal(
      condition_of(
          *state,
          "a is b and a is not b and a is {b, c} and a is {} and a is not given and a is none"),
      "(and (compare = a b) (compare <> a b) (set-is a {b c}) (set-is a {}) (not (given a)) (none "
      "a))");
}

static void lists_of_values_end_where_no_comma_follows(void **state) {
  assert_string_equal(condition_of(*state, "a in 1, 2A, 4* or b not in c, d"),
                      "(or (in a {1 2A 4*}) (not (in b {c d})))");
}

static void dates_compare_with_days_names_and_lengths_before_the_start(void **state) {
  assert_string_equal(
      condition_of(*state,
                   "a before 2025-01-31 and b on or after received and c after 2 weeks before "
                   "start and d within 14 days before start"),
      "(and (dated < a 2025-01-31) (dated >= b received) (dated > c 0m14d) (within 0m14d d))");
}

static void quantifiers_run_to_the_closing_parenthesis(void **state) {
  assert_string_equal(condition_of(*state, "(any l where a and b) and at least 2 l where c"),
                      "(and (quantified any 0 l (and a b)) (quantified at-least 2 l c))");
}

static void queries_name_their_series_window_and_anchor(void **state) {
  assert_string_equal(
      condition_of(*state,
                   "latest anc within 7 days before start < 3 times upper_limit of highest alt"),
      "(compare < (query latest anc 1 0m7d ) (* 3 (upper (query highest alt 0 0m0d ))))");
  assert_string_equal(condition_of(*state,
                                   "percent change of bcr from baseline to (lowest after at least "
                                   "3 months of begun) <= 10 %"),
                      "(compare <= (change bcr (query baseline bcr 0 0m0d ) (query lowest bcr 2 "
                      "3m0d begun)) 10'%)");
}

static void reserved_words_are_names_where_nothing_follows_them(void **state) {
  assert_string_equal(condition_of(*state, "met and latest and any is percent"),
                      "(and met latest (compare = any percent))");
}

static void met_takes_a_label_path(void **state) {
  assert_string_equal(condition_of(*state, "not (a and met I.A.4*)"), "(not (and a (met I.A.4*)))");
}

static void ages_and_surfaces_are_expressions(void **state) {
  assert_string_equal(
      condition_of(
          *state,
          "from a to start >= 1 year and b <= 15 mcg/m2/day * body_surface(height, weight)"),
      "(and (compare >= (from-to a start) 12m0d) (compare <= b (* 15'mcg/m2/day (surface height "
      "weight))))");
}

/* ---- The outline ---- */

static void a_header_carries_its_marks_guard_and_connective(void **state) {
  OutlineNode *node = parse_node_of(*state,
                                    "4* \"T\" for initial prerequisite from 2025-01-01 until "
                                    "2025-06-30 pathway if a then at least 2 of\n  - \"x\": b\n");
  assert_text(node->label.text, "4*");
  assert_text(node->for_kind.text, "initial");
  assert_true(node->prerequisite && node->pathway);
  assert_int_equal(node->in_force.until - node->in_force.from, 180);
  assert_string_equal(written(*state, node->guard), "a");
  assert_int_equal(node->connective, CONNECTIVE_AT_LEAST);
  assert_int_equal(node->at_least, 2);
  assert_int_equal(node->children.items[0]->label.text.length, 0);
}

static void a_label_and_a_text_alone_hold_alternatives(void **state) {
  assert_int_equal(parse_node_of(*state, "B \"Others\" pathway\n  1 \"x\": a\n")->connective,
                   CONNECTIVE_ANY);
}

static void a_group_needs_neither_text_nor_label(void **state) {
  OutlineNode *node = parse_node_of(
      *state, "5 any of\n  all of\n    - \"x\": a\n  for initial none of\n    - \"y\": b\n");
  assert_text(node->label.text, "5");
  assert_int_equal(node->children.items[0]->connective, CONNECTIVE_ALL);
  assert_int_equal(node->children.items[1]->connective, CONNECTIVE_NONE);
}

static void a_condition_may_stand_on_the_line_below_its_colon(void **state) {
  OutlineNode *node = parse_node_of(*state, "2 \"x\":\n    a or b\n  note \"n\"\n");
  assert_string_equal(written(*state, node->condition), "(or a b)");
  assert_text(node->notes.items[0], "n");
}

static void quoted_texts_are_unescaped(void **state) {
  assert_text(parse_node_of(*state, "A \"a \\\"b\\\" \\\\\": c\n")->title, "a \"b\" \\");
}

static void readings_keep_the_literal_condition_or_connective(void **state) {
  OutlineNode *node =
      parse_node_of(*state,
                    "A \"x\" all of\n  interpretation R-1 \"why\"\n    literally any of\n  1 "
                    "\"y\": a\n    interpretation R-2 \"why\"\n      literally: b\n");
  assert_true(node->interpretations.items[0]->has_literal_connective);
  assert_int_equal(node->interpretations.items[0]->literal_connective, CONNECTIVE_ANY);
  assert_string_equal(written(*state, node->children.items[0]->interpretations.items[0]->literal),
                      "b");
}

static void grants_are_lengths_cycles_and_renewals(void **state) {
  OutlineNode *node = parse_node_of(
      *state,
      "A \"x\": a\n  approve 6 months, 6 - received cycles, 1 renewal\n"
      "  renew least of asked and 6 months, least of 2 and 9 - received cycles, 12 - used months "
      "while b where c from 2025-01-01\n");
  const OutcomeSyntax *approve = node->outcomes.items[0], *renew = node->outcomes.items[1];
  assert_int_equal(approve->items.items[0].kind, AUTHORIZATION_LENGTH);
  assert_string_equal(written(*state, approve->items.items[0].amount), "6m0d");
  assert_int_equal(approve->items.items[1].kind, AUTHORIZATION_CYCLES);
  assert_string_equal(written(*state, approve->items.items[1].amount), "(- 6 received)");
  assert_int_equal(approve->items.items[2].kind, AUTHORIZATION_RENEWALS);
  assert_int_equal(renew->items.items[0].kind, AUTHORIZATION_LENGTH);
  assert_string_equal(written(*state, renew->items.items[0].amount), "(least asked 6m0d)");
  assert_string_equal(written(*state, renew->items.items[1].amount), "(least 2 (- 9 received))");
  assert_string_equal(written(*state, renew->items.items[2].amount), "(* (- 12 used) 1m0d)");
  assert_string_equal(written(*state, renew->whilst), "b");
  assert_string_equal(written(*state, renew->where), "c");
  assert_int_not_equal(renew->in_force.from, DATE_NONE);
}

static void renew_none_routes_and_referrals_are_outcomes(void **state) {
  OutlineNode *node = parse_node_of(
      *state,
      "A \"x\": a\n  renew none\n  route CP.PMN.53 where line is medicaid\n  refer case_by_case\n");
  assert_true(node->outcomes.items[0]->none);
  assert_text(node->outcomes.items[1]->code.text, "CP.PMN.53");
  assert_int_equal(node->outcomes.items[2]->kind, OUTCOME_REFER);
}

static void the_children_of_a_broken_header_are_still_read(void **state) {
  Fixture *fixture = *state;
  fixture->source = (Source){TEXT("test.licet"),
                             TEXT("policy T \"T\"\nA \"x\" al of\n  1 \"y\": a\n  2 \"z\": b b\n")};
  FileSyntax *file =
      parse_file(&fixture->source, &fixture->arena, &fixture->arena, &fixture->diagnostics);
  assert_int_equal(file->policy->nodes.items[0]->children.count, 2);
  assert_int_equal(fixture->diagnostics.errors, 3); /* the head, the header, the second child */
}

/* ---- Heads and declarations ---- */

static void a_head_is_read_whole(void **state) {
  PolicySyntax *policy =
      parse(
          *state,
          "policy T \"Test\"\n  payer \"P\"\n  lines medicaid, exchange\n  drug d\n  vocabulary v\n"
          "  version 2023-01-01 \"first\" reconstructed\n  version 2025-01-01\n  reviewed 2025-10\n"
          "  evidence documented for initial\n  not known l.f: x, y\n"
          "  limit 980 units of J9039 every 42 days in cycles 1 to 5\n  derive e: yes | no = a\n")
          ->policy;
  assert_int_equal(policy->lines.count, 2);
  assert_int_equal(policy->versions.count, 2);
  assert_true(policy->versions.items[0].reconstructed);
  assert_text(policy->evidence.items[0].for_kind.text, "initial");
  assert_text(policy->not_known.items[0].field.text, "l.f");
  assert_int_equal(policy->limits.items[0].every.days, 42);
  assert_int_equal(policy->limits.items[0].last_cycle, 5);
  assert_int_equal(policy->declarations.derivations.count, 1);
}

static void facts_keep_type_attributes_and_lines(void **state) {
  Declarations *d = &parse(*state,
                           "vocabulary v\n  fact a: x | y   clinical, from requester\n    ask "
                           "\"A?\"\n    code LOINC 1-1, 2-2\n"
                           "  fact b: set of p | q | r\n  fact c: mass/area or none\n    range 0 "
                           "mg/m2 to 5 mg/m2\n    default 1 mg/m2\n"
                           "  fact e: list complete when a\n    field f: name\n      default z "
                           "where a is x\n      not known: u\n"
                           "  fact g: series of ratio  record, from record\n")
                         ->vocabulary->declarations;
  assert_true(d->facts.items[0]->clinical);
  assert_text(d->facts.items[0]->from.text, "requester");
  assert_int_equal(d->facts.items[0]->codes.items[0].codes.count, 2);
  assert_int_equal(d->facts.items[1]->type.values.count, 3);
  assert_true(d->facts.items[2]->type.or_none);
  assert_text(d->facts.items[2]->default_value.text, "1 mg/m2");
  assert_text(d->facts.items[3]->type.complete_when.text, "a");
  assert_string_equal(written(*state, d->facts.items[3]->fields.items[0]->defaults.items[0].where),
                      "(compare = a x)");
  assert_int_equal(d->facts.items[4]->type.kind, TYPE_SERIES);
}

static void codes_nevers_drugs_preparations_and_regimens_are_read(void **state) {
  Declarations *d =
      &parse(*state,
             "vocabulary v \"V\"\n  codes l: ICD-10-CM = C83.50 to C83.59, C91.00\n  never a and b "
             "\"No.\"\n"
             "  drug d \"D\"\n    hcpcs J1 = 0.1 mg\n    labelled age >= 1 month \"From one "
             "month.\"\n    labelled a "
             "\"A.\"\n    vial 0.9 mg\n      usable 2 mL at 0.4 mg/mL\n"
             "      ndc 1-2 from 2026-01-01\n"
             "  preparation p \"P\" of d\n    lasts 7 days\n    when w >= 22 kg\n    at 28 "
             "mcg/day: 6 vials\n"
             "  regimen r \"R\" of d\n    interruption at most 7 days\n    cycles 2 to 6 \"x\" "
             "every 28 days if a\n"
             "      days 8, 15: 5 mcg/m2/day at most 9 mcg/day if b\n      days 1 to 7: 1 mg\n")
           ->vocabulary->declarations;
  assert_text(d->code_lists.items[0]->ranges.items[0].last.text, "C83.59");
  assert_text(d->nevers.items[0]->text, "No.");
  const PresentationSyntax *vial = d->drugs.items[0]->presentations.items[0];
  assert_int_equal(d->drugs.items[0]->labelled.count, 2);
  assert_text(d->drugs.items[0]->labelled.items[0].text, "From one month.");
  assert_string_equal(written(*state, d->drugs.items[0]->labelled.items[1].condition), "a");
  assert_text(vial->content.digits.text, "0.9");
  assert_text(vial->concentration.unit.text, "mg/mL");
  assert_int_equal(vial->ndcs.items[0].in_force.from, date_from_civil(2026, 1, 1));
  assert_int_equal(d->preparations.items[0]->doses.items[0].vials, 6);
  assert_int_equal(d->regimens.items[0]->interruption.days, 7);
  RegimenCycle *cycle = d->regimens.items[0]->cycles.items[0];
  assert_int_equal(cycle->doses.items[0]->days.count, 2);
  assert_text(cycle->doses.items[0]->at_most.unit.text, "mcg/day");
  assert_true(cycle->doses.items[1]->is_range);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(and_binds_tighter_than_or_and_not_tighter_than_both),
      TEST(parentheses_group_conditions_and_values_alike),
      TEST(if_then_stands_inside_a_condition),
      TEST(a_number_with_a_unit_is_a_measure_and_with_a_calendar_word_a_length),
      TEST(a_hugging_minus_makes_a_number_negative),
      TEST(is_reads_values_sets_and_what_the_request_says),
      TEST(lists_of_values_end_where_no_comma_follows),
      TEST(dates_compare_with_days_names_and_lengths_before_the_start),
      TEST(quantifiers_run_to_the_closing_parenthesis),
      TEST(queries_name_their_series_window_and_anchor),
      TEST(reserved_words_are_names_where_nothing_follows_them),
      TEST(met_takes_a_label_path),
      TEST(ages_and_surfaces_are_expressions),
      TEST(a_header_carries_its_marks_guard_and_connective),
      TEST(a_label_and_a_text_alone_hold_alternatives),
      TEST(a_group_needs_neither_text_nor_label),
      TEST(a_condition_may_stand_on_the_line_below_its_colon),
      TEST(quoted_texts_are_unescaped),
      TEST(readings_keep_the_literal_condition_or_connective),
      TEST(grants_are_lengths_cycles_and_renewals),
      TEST(renew_none_routes_and_referrals_are_outcomes),
      TEST(the_children_of_a_broken_header_are_still_read),
      TEST(a_head_is_read_whole),
      TEST(facts_keep_type_attributes_and_lines),
      TEST(codes_nevers_drugs_preparations_and_regimens_are_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
