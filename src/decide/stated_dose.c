/* Doses that follow from the treatment a request states, before it is decided.
 *
 * The stated regimen or schedule is read as it is ordered (dosing/ordered.h): nothing is laid out
 * on days, so no interruption and no date hides a dose. Facts such as the highest daily dose are
 * read off the order where the request leaves them out; criteria then read them like any other. A
 * dose that is stated beside an order that gives another is a request error.
 */
#include "decide/stated_dose.h"

#include "dosing/ordered.h"

static bool is_said(const Facts *facts, DosingRole role) {
  const Fact *fact = facts->vocabulary->dosing.roles[role];
  return fact != NULL && facts->values[fact->index].known;
}

bool states_treatment(const Facts *facts) {
  return is_said(facts, DOSING_REGIMEN) || is_said(facts, DOSING_SCHEDULE);
}

/* The fact that says how the drug is given. */
static Text treatment_field(const Facts *facts) {
  return facts->vocabulary->dosing
      .roles[is_said(facts, DOSING_SCHEDULE) ? DOSING_SCHEDULE : DOSING_REGIMEN]
      ->name;
}

static void contradict(const StatedDose *stated, const Facts *facts, const Fact *fact,
                       const char *given) {
  Text by = treatment_field(facts);
  Text pointer = text_of(arena_format(stated->arena, "/facts/%.*s", TEXT_ARGS(fact->name)));
  request_error_add(stated->errors, LICET_ERROR_CONTRADICTION, fact->name, pointer,
                    facts->values[fact->index].raw, "a value consistent with %.*s, which gives %s",
                    TEXT_ARGS(by), given);
}

static const char *quantity_text(Arena *arena, Amount amount, Dimension dimension) {
  Buffer out;
  buffer_open(&out, arena, 32);
  quantity_write(&out, amount, dimension);
  return buffer_finish(&out);
}

static void set_dose(const StatedDose *stated, Facts *facts, const Fact *fact, Amount amount) {
  FactValue *value = &facts->values[fact->index];
  Buffer raw;
  buffer_open(&raw, stated->arena, 32);
  buffer_character(&raw, '"');
  quantity_write(&raw, amount, fact->type.dimension);
  buffer_character(&raw, '"');
  value->computed = true;
  value->amount = amount;
  value->raw = (Text){raw.at, (uint32_t)raw.length};
}

/* A dose that is stated beside an order that gives another is a contradiction: neither may decide
 * alone. Within 5 % it stands; but below a dose that is ordered in so many words it is no rounding,
 * and the larger of the two statements is read. */
static void check_stated(const StatedDose *stated, Facts *facts, const Fact *fact,
                         OrderedDose ordered) {
  Amount said = facts->values[fact->index].amount;
  bool is_far = !is_within_a_twentieth(said, ordered.least);
  if (is_far && (ordered.is_certain || said < ordered.least)) {
    const char *dose = quantity_text(stated->arena, ordered.least, fact->type.dimension);
    contradict(stated, facts, fact,
               ordered.is_certain ? dose : arena_format(stated->arena, "at least %s", dose));
  } else if (said < ordered.least && ordered.is_exact) {
    set_dose(stated, facts, fact, ordered.least);
  }
}

static void fill_in(const StatedDose *stated, Facts *facts, const Fact *fact, OrderedDose ordered) {
  FactValue *value = &facts->values[fact->index];
  if (value->known && !value->is_none) check_stated(stated, facts, fact, ordered);
  if (!ordered.is_certain || value->known || value->present)
    return; /* stated, or said not to be known */
  if (facts->touched != NULL) facts->touched[facts->touched_count++] = fact->index;
  *value = (FactValue){.present = true, .known = true};
  set_dose(stated, facts, fact, ordered.least);
}

static void fill_in_days(const StatedDose *stated, Facts *facts, const OrderedDoses *doses) {
  const DoseTables *tables = &facts->vocabulary->dosing;
  uint32_t open_day = ordered_untold_day(doses);
  for (uint32_t i = 0; i < tables->doses_on_days.count; i++) {
    const DoseOnDay *on = &tables->doses_on_days.items[i];
    if (open_day == 0) {
      fill_in(stated, facts, on->fact, ordered_dose(doses, on->day, on->fact->type.dimension));
    } else if (facts->values[on->fact->index].known) {
      contradict(stated, facts, on->fact,
                 arena_format(stated->arena, "a dose on day %u as well", open_day));
    }
  }
}

void compute_doses(const StatedDose *stated, Facts *facts) {
  const DoseTables *tables = &facts->vocabulary->dosing;
  if (!states_treatment(facts)) return;
  DoseRequest request = {.facts = facts, .drug = stated->drug, .start = stated->start};
  const OrderedDoses *doses = ordered_doses(stated->arena, &request);
  for (uint32_t i = 0; i < tables->highest_doses.count; i++) {
    const Fact *fact = tables->highest_doses.items[i];
    fill_in(stated, facts, fact, ordered_dose(doses, 0, fact->type.dimension));
  }
  fill_in_days(stated, facts, doses);
}
