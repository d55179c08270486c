/* dose_table_test: what is read of drugs, preparations and regimens, and every mistake in them. */
#include "policy/dose_table.h"

#include "policy/fixture.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

#define MG AMOUNT_ONE

static const char sound[] =
    "  fact weight: mass\n"
    "    dosing weight\n"
    "  fact better: yes | no\n"
    "  drug d \"D\"\n"
    "    hcpcs J1 = 0.1 mg\n"
    "    labelled weight >= 22 kg \"From 22 kg.\"\n"
    "    labelled better \"Where it helps.\"\n"
    "    vial 100 mg\n"
    "      usable 4.5 mL at 20 mg/mL\n"
    "      ndc 1-1\n"
    "    vial 400 mg\n"
    "  drug e \"E\"\n"
    "  preparation p \"P\" of d\n"
    "    lasts 1 week\n"
    "    when weight >= 22 kg\n"
    "    at 28 mcg/day: 6 vials\n"
    "    at 9 mcg/day: 2 vials\n"
    "  regimen r \"R\" of d\n"
    "    interruption at most 7 days\n"
    "    cycle 1 \"induction\" every 6 weeks\n"
    "      days 1 to 7: 9 mcg/day\n"
    "      days 8 to 28: 15 mcg/m2/day at most 28 mcg/day\n"
    "    cycles 2 to 4 every 28 days if better\n"
    "      days 1, 8, 15: 0.5 mg/m2\n"
    "    cycles 2 to 4 every 21 days if not better\n"
    "      day 1: 0.8 mg/kg at most 60 mg if weight >= 45 kg\n"
    "      day 1: 1 mg if weight < 45 kg\n";

static void drugs_have_units_and_their_vials_largest_first(void **state) {
  const DoseTables *tables = &vocabulary(*state, sound)->vocabulary->dosing;
  const Drug *drug = dose_table_drug(tables, TEXT("D"));
  assert_true(text_is(drug->hcpcs, "J1"));
  assert_int_equal(drug->unit, MG / 10);
  assert_int_equal(drug->labelled.count, 2);
  assert_true(text_is(drug->labelled.items[0].text, "From 22 kg."));
  assert_int_equal(drug->labelled.items[0].condition->kind, CONDITION_COMPARE);
  assert_int_equal(drug->presentations.count, 2);
  assert_int_equal(drug->presentations.items[0].content, 400 * MG);
  assert_int_equal(drug->presentations.items[0].usable, 400 * MG);
  assert_int_equal(drug->presentations.items[1].content, 100 * MG);
  assert_int_equal(drug->presentations.items[1].usable, 90 * MG);
  assert_int_equal(dose_table_drug(tables, TEXT("e"))->unit, 0);
  assert_null(dose_table_drug(tables, TEXT("f")));
}

static void preparations_have_rows_that_rise(void **state) {
  const DoseTables *tables = &vocabulary(*state, sound)->vocabulary->dosing;
  const Preparation *preparation = tables->preparations.items[0];
  assert_int_equal(preparation->days, 7);
  assert_true(text_is(preparation->when_text, "weight >= 22 kg"));
  assert_int_equal(preparation->rows.count, 2);
  assert_int_equal(preparation->rows.items[0].dose, 9 * MG / 1000);
  assert_int_equal(preparation->rows.items[1].vials, 6);
}

static void regimens_have_rules_for_every_cycle(void **state) {
  const DoseTables *tables = &vocabulary(*state, sound)->vocabulary->dosing;
  const Regimen *regimen = dose_table_regimen(tables, TEXT("R"));
  assert_int_equal(regimen->cycles, 4);
  assert_int_equal(regimen->interruption_days, 7);
  assert_int_equal(regimen->rules.count, 3);
  assert_int_equal(regimen->rules.items[0].days, 42);
  const DoseLine *line = &regimen->rules.items[0].lines.items[1];
  assert_true(line->is_range);
  assert_int_equal(line->dimension, DIMENSION_MASS_PER_AREA_TIME);
  assert_int_equal(line->at_most, 28 * MG / 1000);
  assert_true(text_is(line->ordered, "15 mcg/m2/day"));
  line = &regimen->rules.items[1].lines.items[0];
  assert_false(line->is_range);
  assert_int_equal(line->days.count, 3);
  assert_null(dose_table_regimen(tables, TEXT("s")));
}

/* Under the four lines that open a sound drug; L321 is counted by its line from there. */
typedef struct Mistake {
  const char *lines, *reported;
} Mistake;

#define DRUG "  drug d \"D\"\n    hcpcs J1 = 1 mg\n    vial 10 mg\n" /* lines 2 to 4 */
#define REGIMEN DRUG "  regimen r \"R\" of d\n"                      /* line 5 */
#define CYCLE REGIMEN "    cycle 1 every 28 days\n"                  /* line 6 */

static const Mistake mistakes[] = {
    /* amounts */
    {DRUG "    vial 0 mg\n", "L321 5:10\n"},
    {DRUG "    vial 5 kg/m2\n", "L304 5:10\n"},
    {DRUG "    vial 2.5 mg\n", "L321 5:10\n"},
    {DRUG "      usable 11 mL at 1 mg/mL\n", "L321 5:14\n"},
    {DRUG "      usable 0.4 mL at 1 mg/mL\n", "L321 5:14\n"},
    {DRUG "      usable 4 mg at 1 mg/mL\n", "L304 5:14\n"},
    {DRUG "    vial 1 mg\n    vial 2 mg\n    vial 3 mg\n    vial 4 mg\n", "L402 2:8\n"},
    {"  drug d \"D\"\n    hcpcs J1 = 1 cm\n", "L304 3:16\n"},
    {DRUG "  drug D \"D\"\n", "L302 5:8\n"},
    /* preparations */
    {DRUG "  preparation p \"P\" of x\n    lasts 1 day\n", "L314 5:24\n"},
    {DRUG "  preparation p \"P\" of d\n    lasts 1 month\n", "L321 5:15\n"},
    {DRUG "  preparation p \"P\" of d\n    lasts 401 days\n", "L321 5:15\n"},
    {DRUG "  preparation p \"P\" of d\n    lasts 0 days\n", "L321 5:15\n"},
    {DRUG "  preparation p \"P\" of d\n    lasts 1 day\n    at 9 mg: 1 vial\n", "L304 7:8\n"},
    {DRUG "  preparation p \"P\" of d\n    lasts 1 day\n    at 9 mg/day: 1 vial\n    at 9 mg/day: "
          "2 vials\n",
     "L321 8:8\n"},
    {DRUG "  preparation p \"P\" of d\n    lasts 1 day\n    at 9 mg/day: 2 vials\n    at 10 "
          "mg/day: 1 vial\n",
     "L321 5:15\n"},
    {DRUG "  preparation p \"P\" of d\n    lasts 1 day\n    at 9 mg/day: 0 vials\n", "L321 5:15\n"},
    {DRUG
     "  preparation p \"P\" of d\n    lasts 1 day\n  preparation p \"P\" of d\n    lasts 1 day\n",
     "L302 7:15\n"},
    /* regimens */
    {REGIMEN, "L321 5:11\n"},
    {REGIMEN "    cycle 1 every 28 days\n", "L321 6:11\n"},
    {REGIMEN "    interruption at most 0 days\n    cycle 1 every 28 days\n      day 1: 1 mg\n",
     "L321 5:11\n"},
    {REGIMEN "    interruption at most 1 month\n    cycle 1 every 28 days\n      day 1: 1 mg\n",
     "L321 5:11\n"},
    {REGIMEN "    cycle 1 every 1 month\n      day 1: 1 mg\n", "L321 6:11\n"},
    {REGIMEN "    cycle 0 every 28 days\n      day 1: 1 mg\n", "L321 6:11\n"},
    {REGIMEN "    cycles 3 to 2 every 28 days\n      day 1: 1 mg\n", "L321 6:12\n"},
    {REGIMEN "    cycles 1 to 121 every 28 days\n      day 1: 1 mg\n", "L321 6:12\n"},
    {REGIMEN "    cycle 2 every 28 days\n      day 1: 1 mg\n", "L321 5:11\n"},
    {REGIMEN "    cycles 1 to 2 every 28 days\n      day 1: 1 mg\n    cycle 4 every 28 days\n      "
             "day 1: 1 mg\n",
     "L321 5:11\n"},
    {"  drug d \"D\"\n  regimen r \"R\" of x\n    cycle 1 every 7 days\n      day 1: 1 mg\n",
     "L314 3:20\n"},
    {CYCLE
     "      day 1: 1 mg\n  regimen R \"R\" of d\n    cycle 1 every 7 days\n      day 1: 1 mg\n",
     "L302 8:11\n"},
    /* cycles declared twice, whichever line comes first */
    {REGIMEN "    cycles 1 to 3 every 28 days\n      day 1: 1 mg\n    cycle 2 every 28 days\n      "
             "day 1: 1 mg\n",
     "L321 8:11\n"},
    {REGIMEN "    cycle 2 every 28 days\n      day 1: 1 mg\n    cycles 1 to 3 every 28 days\n      "
             "day 1: 1 mg\n",
     "L321 8:12\n"},
    {REGIMEN "    cycles 1 to 2 every 28 days\n      day 1: 1 mg\n    cycles 2 to 3 every 28 "
             "days\n      day 1: 1 mg\n",
     "L321 8:12\n"},
    /* one with `if` and one without: which holds where both do? */
    {"  fact a: yes | no\n" REGIMEN "    cycle 1 every 28 days if a\n      day 1: 1 mg\n    cycle "
     "1 every 21 days\n      day 1: 1 mg\n",
     "L321 9:11\n"},
    /* doses */
    {CYCLE "      day 0: 1 mg\n", "L321 7:11\n"},
    {CYCLE "      day 29: 1 mg\n", "L321 7:11\n"},
    {CYCLE "      days 1 to 29: 1 mg\n", "L321 7:12\n"},
    {CYCLE "      days 3 to 2: 1 mg\n", "L321 7:12\n"},
    {CYCLE "      days 8, 1: 1 mg\n", "L321 7:12\n"},
    {CYCLE "      day 1: 0 mg\n", "L321 7:14\n"},
    {CYCLE "      day 1: 1 cm\n", "L321 7:14\n"},
    {CYCLE "      day 1: 1 mg/mL\n", "L321 7:14\n"},
    {CYCLE "      day 1: 1 mg/m2 at most 2 mg/m2\n", "L321 7:30\n"},
    {CYCLE "      day 1: 1 mg/m2 at most 2 mg/day\n", "L321 7:30\n"},
    {CYCLE "      day 1: 1 mg/m2/day at most 2 mg\n", "L321 7:34\n"},
    /* two doses on a day: one point in the other, each way round, and one stretch within the other
     */
    {CYCLE "      day 1: 1 mg\n      day 1: 2 mg\n", "L321 8:11\n"},
    {CYCLE "      days 1 to 7: 1 mg\n      day 3: 2 mg\n", "L321 8:11\n"},
    {CYCLE "      days 2, 3: 1 mg\n      days 3 to 9: 2 mg\n", "L321 8:12\n"},
    {CYCLE "      days 1 to 7: 1 mg\n      days 7 to 9: 2 mg\n", "L321 8:12\n"},
    {CYCLE "      days 3 to 5: 1 mg\n      days 1 to 7: 2 mg\n", "L321 8:12\n"},
    {CYCLE "      days 1 to 7: 1 mg\n      days 3 to 5: 2 mg\n", "L321 8:12\n"},
    {"  fact a: yes | no\n" CYCLE "      day 1: 1 mg if a\n      day 1: 2 mg\n", "L321 9:11\n"},
    /* roles */
    {"  fact w: mass\n    dosing wieght\n", "L305 3:12\n"},
    {"  fact w: mass\n    dosing weight\n  fact v: mass\n    dosing weight\n", "L302 5:12\n"},
    {"  fact w: length\n    dosing weight\n", "L303 3:12\n"},
    {"  fact w: mass or none\n    dosing weight\n", "L303 3:12\n"},
    {"  fact h: mass\n    dosing height\n", "L303 3:12\n"},
    {"  fact s: mass\n    dosing body_surface\n", "L303 3:12\n"},
    {"  fact f: count\n    dosing formula\n", "L303 3:12\n"},
    {"  fact f: yes | no\n    dosing regimen\n", "L303 3:12\n"},
    {"  fact f: date\n    dosing preparation\n", "L303 3:12\n"},
    {"  fact f: count\n    dosing first_dose\n", "L303 3:12\n"},
    {"  fact f: date\n    dosing next_cycle\n", "L303 3:12\n"},
    {"  fact f: date\n    dosing interruptions\n", "L303 3:12\n"},
    {"  fact f: list\n    dosing interruptions\n    field first_day: date\n    field last: date\n",
     "L303 3:12\n"},
    {"  fact f: list\n    dosing schedule\n    field first_day: count\n    field last_day: count\n",
     "L303 3:12\n"},
    {"  fact f: list\n    dosing schedule\n    field first_day: date\n    field last_day: count\n  "
     "  field dose: mass\n",
     "L303 3:12\n"},
    {"  fact f: volume\n    dosing highest_dose\n", "L303 3:12\n"},
    {"  fact f: mass\n    dosing dose_on_day\n", "L321 3:12\n"},
    {"  fact f: mass\n    dosing highest_dose 3\n", "L321 3:12\n"},
};

static void every_mistake_is_told_in_its_place(void **state) {
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
    fixture_close(state);
    fixture_open(state);
    const char *reported_of = reported(vocabulary_unchecked(*state, mistakes[i].lines));
    if (strcmp(reported_of, mistakes[i].reported) != 0)
      fail_msg("%s: %snot %s", mistakes[i].lines, reported_of, mistakes[i].reported);
  }
}

/* What conditions keep apart, or what merely touches, is no mistake. */
static void what_only_looks_twice_told_is_sound(void **state) {
  static const char *const texts[] = {
      CYCLE "      days 1 to 7: 1 mg\n      days 8 to 9: 2 mg\n",
      CYCLE "      days 1, 8: 1 mg\n      days 2 to 7: 2 mg\n      days 9 to 28: 2 mg\n",
      "  fact a: yes | no\n" CYCLE "      day 1: 1 mg if a\n      day 1: 2 mg if not a\n",
      "  fact a: yes | no\n" REGIMEN
      "    cycle 1 every 28 days if a\n      day 1: 1 mg\n    cycle 1 every 21 days if not a\n     "
      " day 1: 1 mg\n",
      REGIMEN
      "    cycle 2 every 28 days\n      day 28: 1 mg\n    cycle 1 every 1 day\n      day 1: 1 mg\n",
      DRUG "    vial 20 mg\n    vial 30 mg\n    vial 40 mg\n",
      DRUG "      usable 0.5 mL at 1 mg/mL\n",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    fixture_close(state);
    fixture_open(state);
    vocabulary(*state, texts[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(drugs_have_units_and_their_vials_largest_first),
      TEST(preparations_have_rows_that_rise),
      TEST(regimens_have_rules_for_every_cycle),
      TEST(every_mistake_is_told_in_its_place),
      TEST(what_only_looks_twice_told_is_sound),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
