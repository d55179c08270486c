/* labels: what a version approves, compared with the labels of its drugs.
 *
 * For each line of a label a space of its own is opened, which can distinguish what the line asks
 * as well as what the policy asks. Outside the label is: approved for certain, and not within the
 * line, where all that the line asks is given.
 *
 * Invariant: a plan may mean to approve what a label does not name, so nothing here is a defect. */
#include "prove/check.h"
#include "prove/claim.h"
#include "prove/words.h"

/* One line of a drug's label, held against what a version approves. The space is one of its own:
 * what the label asks is distinguished as well as what the page asks. */
typedef struct LabelCheck {
  PolicyCheck check;
  const Drug *drug;
  const Labelled *labelled;
  FactList facts;    /* that the line speaks of */
  DiagramRef within; /* the line holds */
} LabelCheck;

/* Where a reviewer's word can be done without inside the label, it counts as not given: what it
 * lets in beyond the label is its own affair. A word that every approval needs is left open. */
static DiagramRef without_dispensable_judgment(const LabelCheck *label, DiagramRef approve) {
  const Space *space = label->check.space;
  for (uint32_t v = 0; v < space->set->variables.count; v++) {
    const Variable *variable = space->set->variables.items[v];
    if (variable->kind != VARIABLE_CHOICE || variable->fact->supplier != SUPPLIER_REVIEWER ||
        variable->arity != 2)
      continue;
    uint64_t no = text_is(variable->fact->type.values[0], "no") ? 1 : 2;
    DiagramRef without =
        diagram_and(space->diagram, approve, diagram_literal(space->diagram, v, no));
    if (space_some(space, diagram_and(space->diagram, without, label->within))) approve = without;
  }
  return approve;
}

static bool reads(const LabelCheck *label, const Fact *fact) {
  for (uint32_t i = 0; i < label->facts.count; i++) {
    if (label->facts.items[i] == fact) return true;
  }
  return false;
}

/* A patient is outside the label where what it speaks of is given. */
static DiagramRef where_given(const LabelCheck *label, DiagramRef function) {
  const Space *space = label->check.space;
  for (uint32_t v = 0; v < space->set->variables.count; v++) {
    const Variable *variable = space->set->variables.items[v];
    if (variable->kind == VARIABLE_GIVEN && reads(label, variable->fact))
      function = diagram_and(space->diagram, function, diagram_literal(space->diagram, v, 2));
  }
  return function;
}

/* ": no approval depends on dose_day_1 or dose_day_8", where none depends on any fact of the line;
 * else ".". */
static const char *independence(const LabelCheck *label, DiagramRef approve) {
  Buffer out;
  uint64_t asked = space_facts_asked(label->check.space, approve), spoken_of = 0;
  buffer_open(&out, label->check.run->passing, 64);
  FactList stated = {0};
  for (uint32_t i = 0; i < label->facts.count; i++) {
    if (label->facts.items[i]->index >= BUILTIN_FACTS)
      LIST_PUSH(label->check.run->passing, stated, label->facts.items[i]);
  }
  for (uint32_t i = 0; i < stated.count; i++) {
    spoken_of |= variables_fact(label->check.space->set, stated.items[i]);
    buffer_string(&out, i == 0                  ? ": no approval depends on "
                        : i + 1 == stated.count ? " or "
                                                : ", ");
    buffer_text(&out, stated.items[i]->name);
  }
  buffer_character(&out, '.');
  return spoken_of == 0 || (asked & spoken_of) != 0 ? "." : buffer_finish(&out);
}

static void name_label(const LabelCheck *label, Defect *defect) {
  defect->is_defect = false; /* a plan may mean to cover what the label does not */
  defect->drug = text_copy(label->check.run->arena, label->drug->name);
  defect->label = text_copy(label->check.run->arena, label->labelled->text);
}

static void report_outside_label(LabelCheck *label, DiagramRef approve, DiagramRef outside,
                                 const char *after) {
  PolicyCheck *check = &label->check;
  const char *why =
      arena_format(check->run->passing,
                   "Some patients are approved who are outside the label of %.*s (“%.*s”)%s",
                   (int)label->drug->title.length, label->drug->title.at,
                   (int)label->labelled->text.length, label->labelled->text.at, after);
  Defect *defect = add_defect(check, LICET_OUTSIDE_LABEL, NULL, why);
  name_label(label, defect);
  add_witness(check, defect, outside, approve,
              (Claim){.approved = true, .unlike = label->labelled->condition});
}

/* False where a limit was exceeded. */
static bool compare_with_label(LabelCheck *label, const CompileSubject *subject) {
  PolicyCheck *check = &label->check;
  check->base = compile_subject(check->space->shared, subject);
  if (check->base == NULL) return false;
  label->within = compile_besides(check->space->shared, subject, label->labelled->condition);
  facts_of_condition(check->run->passing, &label->facts, label->labelled->condition);
  DiagramRef approve =
      without_dispensable_judgment(label, space_certain(check->space, check->base->whole.approve));
  DiagramRef outside = where_given(label, space_and_not(check->space, approve, label->within));
  bool some = space_some(check->space, outside);
  if (diagram_too_large(check->space->diagram)) return false;
  if (some)
    report_outside_label(label, approve, outside, independence(label, check->base->whole.approve));
  return true;
}

static void check_label(const PolicyCheck *of, const Drug *drug, const Labelled *labelled) {
  LabelCheck label = {.check = *of, .drug = drug, .labelled = labelled};
  PolicyCheck *check = &label.check;
  CompileSubject subject = {.policy = check->policy,
                            .version = &check->policy->versions.items[check->version],
                            .kind = check->kind};
  Diagnostics diagnostics;
  diagnostics_open(&diagnostics, check->run->passing);
  uint32_t before = check->run->found->count;
  check->space =
      space_open_for(&subject, drug->name, labelled->condition, check->run->passing, &diagnostics);
  if (check->space != NULL && compare_with_label(&label, &subject) &&
      !diagram_too_large(check->space->diagram))
    return;
  check->run->found->count = before;
  const char *why = arena_format(check->run->passing,
                                 "The conditions depend on each other too much to be compared with "
                                 "the label of %.*s (“%.*s”).",
                                 (int)drug->title.length, drug->title.at,
                                 (int)labelled->text.length, labelled->text.at);
  name_label(&label, add_defect(check, LICET_NOT_PROVED, NULL, why));
}

void check_labels(PolicyCheck *check) {
  for (uint32_t i = 0; i < check->policy->drugs.count; i++) {
    const Drug *drug =
        dose_table_drug(&check->policy->vocabulary->dosing, check->policy->drugs.items[i]);
    for (uint32_t j = 0; drug != NULL && j < drug->labelled.count; j++) {
      if (!within_bounds(check, "labels of drugs", NULL)) return;
      check_label(check, drug, &drug->labelled.items[j]);
    }
  }
}
