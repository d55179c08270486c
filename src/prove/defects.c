/* Finding defects. Each kind is a question to the diagram; docs/proofs.md says which. What only
 * follows from another finding (a group is unsatisfiable because its one criterion is) is not told
 * again. */
#include "prove/defects.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "prove/words.h"

enum { CORE_PARTS = 64 };

typedef struct Exam {
  Examination *all;
  Space *space;
  const Policy *policy;
  uint32_t version;
  int kind;
  CompiledPolicy *base;
  CompiledPolicy *asked; /* the same with prerequisites asked: what is only so because they count as
                            met is meant to be so */
  bool *unsatisfiable, *always, *idle, *swallowed; /* by compiled criterion */
  uint32_t *parent; /* by compiled criterion: UINT32_MAX at the top */
  Buffer left_out;  /* what was not examined, as a bound was reached */
} Exam;

/* ---- Findings ---- */

static Defect *add_defect(Exam *x, licet_finding_kind kind, const Criterion *criterion,
                          const char *why) {
  Defect defect = {.kind = kind,
                   .is_defect = true,
                   .policy = x->policy,
                   .first = x->version,
                   .last = x->version};
  defect.kinds = 1u << x->kind;
  defect.criterion = criterion;
  defect.span = criterion == NULL ? x->policy->syntax->id.span : criterion->syntax->span;
  defect.why = text_of(arena_copy(x->all->arena, why, strlen(why)));
  LIST_PUSH(x->all->arena, *x->all->found, defect);
  return &x->all->found->items[x->all->found->count - 1];
}

static const char *name(const Exam *x, const Criterion *criterion) {
  Text words = words_of_criterion(x->all->passing, criterion);
  return arena_format(x->all->passing, "“%.*s”", (int)words.length, words.at);
}

/* ---- Bounds ---- */

double defects_clock(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Asked before each question. Once it is false it stays so until the next version or kind: what is
 * left of this one is then listed, not examined. `from`: the first that is left, or NULL. */
static bool goes_on(Exam *x, const char *what, const Criterion *from) {
  const Examination *all = x->all;
  if (arena_used(all->passing) <= all->memory && defects_clock() - all->began_at <= all->seconds)
    return true;
  buffer_format(&x->left_out, "%s%s", x->left_out.length > 0 ? "; " : "", what);
  if (from != NULL) buffer_format(&x->left_out, " from %s on", name(x, from));
  return false;
}

/* To the thousandth, with a point in every locale: the fractions of printf have the locale's. */
static const char *written_seconds(Arena *arena, double seconds) {
  double most = 1e15;
  unsigned long long thousandths =
      (unsigned long long)((seconds < most ? seconds : most) * 1000 + 0.5);
  unsigned long long whole = thousandths / 1000, rest = thousandths % 1000;
  return rest == 0 ? arena_format(arena, "%llu", whole)
                   : arena_format(arena, "%llu.%03llu", whole, rest);
}

static void report_left_out(Exam *x) {
  if (x->left_out.length == 0) return;
  Arena *arena = x->all->passing;
  const char *why = arena_format(
      arena, "The bounds of memory (%zu MB) or time (%s s) were reached. Not examined: %s.",
      x->all->memory >> 20, written_seconds(arena, x->all->seconds), buffer_finish(&x->left_out));
  add_defect(x, LICET_NOT_PROVED, NULL, why)->is_defect = false;
}

/* ---- Witnesses ---- */

/* What a replayed request must show. */
typedef struct Claim {
  Exam *x;
  Text literal;                         /* judged by this interpretation besides */
  const Criterion *met[2], *unmet;      /* statuses */
  const Outcome *pathways[2];           /* both met */
  const Condition *unlike;              /* the patient is known not to meet it */
  bool approved, not_approved, differs; /* differs: the literal decision is another */
  DiagramRef wider;                     /* what the function was narrowed from, or FALSE */
  Text request, shows;
} Claim;

static bool names_pathway(const licet_determination *determination, const Outcome *outcome) {
  if (text_is(outcome->pathway->path, licet_determination_pathway(determination))) return true;
  for (size_t i = 0; licet_determination_also_met(determination, i) != NULL; i++) {
    if (text_is(outcome->pathway->path, licet_determination_also_met(determination, i)))
      return true;
  }
  return false;
}

static bool has_status(const licet_determination *determination, const Criterion *criterion,
                       licet_criterion_status wanted) {
  licet_criterion_status status;
  return criterion == NULL ||
         (judge_status(determination, criterion->index, &status) && status == wanted);
}

static bool holds_of(const Claim *claim, const licet_determination *determination) {
  bool approved = licet_determination_outcome(determination) == LICET_APPROVE;
  if ((claim->approved && !approved) || (claim->not_approved && approved)) return false;
  for (int i = 0; i < 2; i++) {
    if (!has_status(determination, claim->met[i], LICET_MET)) return false;
    if (claim->pathways[i] != NULL && !names_pathway(determination, claim->pathways[i]))
      return false;
  }
  return has_status(determination, claim->unmet, LICET_NOT_MET);
}

static bool same_authorization(const licet_determination *a, licet_authorization authorization) {
  licet_authorization other = licet_determination_authorization(a);
  return other.length == authorization.length && strcmp(other.unit, authorization.unit) == 0 &&
         other.cycles == authorization.cycles && other.renewals_left == authorization.renewals_left;
}

/* Pathway and the others met, as one text. */
static Text pathways_words(Arena *arena, const licet_determination *determination) {
  Buffer out;
  buffer_open(&out, arena, 64);
  buffer_string(&out, licet_determination_pathway(determination));
  for (size_t i = 0; licet_determination_also_met(determination, i) != NULL; i++) {
    buffer_string(&out, ", also ");
    buffer_string(&out, licet_determination_also_met(determination, i));
  }
  return (Text){out.at, (uint32_t)out.length};
}

static bool check_claim(void *context, const Patient *patient) {
  Claim *claim = context;
  Exam *x = claim->x;
  Arena *arena = x->all->passing;
  if (claim->unlike != NULL && evaluate_condition(claim->unlike, &patient->facts) != TRUTH_NO)
    return false;
  claim->request = patient_request(x->space, patient, x->policy, x->space->received);
  const licet_determination *determination =
      judge_request(x->all->judges, TEXT(""), claim->request);
  if (determination == NULL || !holds_of(claim, determination)) return false;
  claim->shows = judge_words(arena, determination);
  if (!claim->differs) return true;
  licet_outcome outcome = licet_determination_outcome(determination);
  licet_authorization authorization = licet_determination_authorization(determination);
  Text pathways = pathways_words(arena, determination);
  const licet_determination *literal =
      judge_request(x->all->judges, claim->literal, claim->request);
  if (literal == NULL) return false;
  Text other = judge_words(arena, literal), other_pathways = pathways_words(arena, literal);
  bool same =
      licet_determination_outcome(literal) == outcome && same_authorization(literal, authorization);
  if (same && text_equal(pathways, other_pathways)) return false;
  if (same) {
    claim->shows =
        text_of(arena_format(arena, "approve by %.*s; literally: by %.*s", (int)pathways.length,
                             pathways.at, (int)other_pathways.length, other_pathways.at));
    return true;
  }
  claim->shows = text_of(arena_format(arena, "%.*s; literally: %.*s", (int)claim->shows.length,
                                      claim->shows.at, (int)other.length, other.at));
  return true;
}

/* `function`: whom it concerns; `among`: whom they are told from. */
static bool add_witness(Exam *x, Defect *defect, DiagramRef function, DiagramRef care,
                        Claim claim) {
  Patient patient;
  DiagramRef claimed = claim.wider != DIAGRAM_FALSE ? claim.wider : function;
  claim.x = x;
  Text common = words_in_common(x->space, function, care);
  Shows shows = {check_claim, &claim};
  bool found = witness_find(x->space, function, claimed, shows, &patient);
  if (!found && claimed != function)
    found = witness_find(x->space, claimed, claimed, shows, &patient);
  defect->common = text_copy(x->all->arena, common);
  if (!found) return false;
  defect->witness = text_copy(x->all->arena, claim.request);
  defect->shows = text_copy(x->all->arena, claim.shows);
  return true;
}

/* Whom it concerns without a reviewer's word, where there is anyone. */
static void add_plain_witness(Exam *x, Defect *defect, DiagramRef function, DiagramRef care,
                              Claim claim) {
  DiagramRef plain = space_without_judgment(x->space, function);
  if (space_some(x->space, plain)) {
    claim.wider = function;
    function = plain;
    care = space_without_judgment(x->space, care);
  }
  add_witness(x, defect, function, care, claim);
}

/* ---- Changed policies ---- */

static CompiledPolicy *compile_changed(Exam *x, Change change) {
  CompileSubject subject = {.policy = x->policy,
                            .version = &x->policy->versions.items[x->version],
                            .kind = x->kind,
                            .change = change};
  return compile_subject(x->space->shared, &subject);
}

/* Do the two have the same outcomes, on the same pathways, in every possible request? */
static bool same_outcomes(const Exam *x, const CompiledPolicy *a, const CompiledPolicy *b) {
  if (!space_same(x->space, a->whole.approve, b->whole.approve)) return false;
  for (uint32_t i = 0; i < a->approvals.count; i++) {
    if (!space_same(x->space, a->approvals.items[i].holds, b->approvals.items[i].holds))
      return false;
    if (!space_same(x->space, a->approvals.items[i].not_now, b->approvals.items[i].not_now))
      return false;
  }
  for (uint32_t i = 0; i < a->routes.count; i++) {
    if (!space_same(x->space, a->routes.items[i].holds, b->routes.items[i].holds)) return false;
  }
  for (uint32_t i = 0; i < a->referrals.count; i++) {
    if (!space_same(x->space, a->referrals.items[i].holds, b->referrals.items[i].holds))
      return false;
  }
  return true;
}

/* ---- Each criterion by itself ---- */

static void find_parents(Exam *x) {
  for (uint32_t i = 0; i < x->base->criteria.count; i++) x->parent[i] = UINT32_MAX;
  for (uint32_t i = 0; i < x->base->criteria.count; i++) {
    for (uint32_t j = i + 1; j <= i + x->base->criteria.items[i].subtree; j++)
      x->parent[j] = i; /* the nearest comes last */
  }
}

static bool is_demanded_all(const CompiledCriterion *group) {
  return group->connective == CONNECTIVE_ALL || group->connective == CONNECTIVE_LEAF;
}

typedef bool (*Property)(const Exam *x, uint32_t index);
static bool is_unsatisfiable(const Exam *x, uint32_t index) { return x->unsatisfiable[index]; }
static bool is_always(const Exam *x, uint32_t index) { return x->always[index]; }

/* Some child, or every child, has the property; a group without children has it not. */
static bool some_child(const Exam *x, uint32_t group, Property has) {
  for (uint32_t i = group + 1; i <= group + x->base->criteria.items[group].subtree; i++) {
    if (x->parent[i] == group && has(x, i)) return true;
  }
  return false;
}

static bool every_child(const Exam *x, uint32_t group, Property has) {
  if (x->base->criteria.items[group].subtree == 0) return false;
  for (uint32_t i = group + 1; i <= group + x->base->criteria.items[group].subtree; i++) {
    if (x->parent[i] == group && !has(x, i)) return false;
  }
  return true;
}

static bool follows_unsatisfiable(const Exam *x, uint32_t i) {
  switch (x->base->criteria.items[i].connective) {
    case CONNECTIVE_ANY:
      return every_child(x, i, is_unsatisfiable);
    case CONNECTIVE_NONE:
      return some_child(x, i, is_always);
    default:
      return some_child(x, i, is_unsatisfiable);
  }
}

static bool follows_always(const Exam *x, uint32_t i) {
  switch (x->base->criteria.items[i].connective) {
    case CONNECTIVE_ANY:
      return some_child(x, i, is_always);
    case CONNECTIVE_NONE:
      return every_child(x, i, is_unsatisfiable);
    default:
      return every_child(x, i, is_always);
  }
}

/* ---- What contradicts what ---- */

typedef struct Part {
  const Criterion *criterion;
  DiagramRef holds;
} Part;

typedef struct Core {
  Part parts[CORE_PARTS];
  uint32_t count;
} Core;

/* A group that only gathers outcomes: each outcome beneath demands the criteria beside it that
 * carry none, never the other outcomes. What such a group demands of every request are the criteria
 * without outcomes. */
static bool gathers_outcomes(const Exam *x, uint32_t i) {
  const CompiledCriterion *one = &x->base->criteria.items[i];
  const Criterion *criterion = one->criterion;
  bool as_adopted = one->connective == criterion->connective;
  if (criterion->connective != CONNECTIVE_ALL || !as_adopted || criterion->outcomes.count > 0)
    return false;
  return criterion->holds_outcome;
}

static DiagramRef demanded_by(const Exam *x, uint32_t i) {
  const CompiledCriterion *one = &x->base->criteria.items[i];
  DiagramRef all = DIAGRAM_TRUE;
  if (!gathers_outcomes(x, i)) return one->holds;
  for (uint32_t j = i + 1; j <= i + one->subtree; j++) {
    if (x->parent[j] != i || x->base->criteria.items[j].criterion->holds_outcome) continue;
    all = diagram_and(x->space->diagram, all, x->base->criteria.items[j].holds);
  }
  return all;
}

/* What a group demands, down to criteria that are no `all of` themselves. */
static void add_parts(const Exam *x, uint32_t index, bool literal_group, Core *core) {
  const CompiledCriterion *one = &x->base->criteria.items[index];
  bool opens =
      (literal_group || (one->connective == CONNECTIVE_ALL && one->criterion->guard == NULL)) &&
      one->subtree > 0;
  if (!opens) {
    if (core->count < CORE_PARTS) core->parts[core->count++] = (Part){one->criterion, one->holds};
    return;
  }
  for (uint32_t i = index + 1; i <= index + one->subtree; i++) {
    if (x->parent[i] != index) continue;
    if (!literal_group && gathers_outcomes(x, index) &&
        x->base->criteria.items[i].criterion->holds_outcome)
      continue;
    add_parts(x, i, false, core);
  }
}

static bool contradict(const Exam *x, const Core *core, uint32_t except) {
  DiagramRef all = DIAGRAM_TRUE;
  for (uint32_t i = 0; i < core->count; i++) {
    if (i != except) all = diagram_and(x->space->diagram, all, core->parts[i].holds);
  }
  return !space_some(x->space, all);
}

/* Leaves a smallest set that still contradicts itself: none of it can be left out. */
static void shrink(const Exam *x, Core *core) {
  for (uint32_t i = core->count; i-- > 0;) {
    if (!contradict(x, core, i)) continue;
    memmove(&core->parts[i], &core->parts[i + 1], (core->count - i - 1) * sizeof(Part));
    core->count--;
  }
}

static const char *list_core(const Exam *x, const Core *core) {
  Buffer out;
  buffer_open(&out, x->all->passing, 128);
  for (uint32_t i = 0; i < core->count; i++) {
    buffer_string(&out, i == 0 ? "" : i + 1 == core->count ? " and " : ", ");
    buffer_string(&out, name(x, core->parts[i].criterion));
  }
  return buffer_finish(&out);
}

/* The text of the condition, where it is short. */
static const char *condition_words(const Exam *x, const Criterion *criterion) {
  if (criterion->condition_text.length == 0 || criterion->condition_text.length > 100) return "";
  return arena_format(x->all->passing, " (%.*s)", (int)criterion->condition_text.length,
                      criterion->condition_text.at);
}

/* Whoever would be approved, were it not for the criterion. */
static void add_nearest(Exam *x, Defect *defect, const Criterion *criterion) {
  CompiledPolicy *authorized = compile_changed(x, (Change){.authorized = criterion});
  if (authorized == NULL) return;
  DiagramRef but_for = space_and_not(x->space, authorized->whole.approve, x->base->whole.approve);
  if (space_some(x->space, but_for))
    add_witness(x, defect, but_for, authorized->whole.approve,
                (Claim){.not_approved = true, .unmet = criterion});
}

static void report_unsatisfiable(Exam *x, uint32_t i) {
  const CompiledCriterion *one = &x->base->criteria.items[i];
  Arena *arena = x->all->passing;
  Core core = {.count = 0};
  add_parts(x, i, false, &core);
  bool group = core.count > 1 && contradict(x, &core, UINT32_MAX);
  if (group) shrink(x, &core);
  const char *why =
      group ? arena_format(
                  arena,
                  "%s cannot be met together, and %s demands them all: no patient can meet it.",
                  list_core(x, &core), name(x, one->criterion))
            : arena_format(arena, "No patient can meet %s%s.", name(x, one->criterion),
                           condition_words(x, one->criterion));
  Defect *defect =
      add_defect(x, group ? LICET_CONTRADICTION : LICET_UNSATISFIABLE, one->criterion, why);
  if (group) defect->other = text_copy(x->all->arena, core.parts[core.count - 1].criterion->path);
  add_nearest(x, defect, one->criterion);
}

static void report_always(Exam *x, uint32_t i) {
  const CompiledCriterion *one = &x->base->criteria.items[i];
  const char *why = arena_format(x->all->passing, "Every patient meets %s%s: it asks nothing.",
                                 name(x, one->criterion), condition_words(x, one->criterion));
  Defect *defect = add_defect(x, LICET_ALWAYS_MET, one->criterion, why);
  add_witness(x, defect, DIAGRAM_TRUE, DIAGRAM_TRUE, (Claim){.met = {one->criterion}});
}

static void examine_each(Exam *x) {
  for (uint32_t i = 0; i < x->base->criteria.count; i++) {
    const CompiledCriterion *one = &x->base->criteria.items[i];
    if (!goes_on(x, "what every patient or no patient meets", NULL)) return;
    x->unsatisfiable[i] = !space_some(x->space, demanded_by(x, i));
    x->always[i] = !one->not_asked && space_implies(x->space, DIAGRAM_TRUE, one->holds) &&
                   space_implies(x->space, DIAGRAM_TRUE, x->asked->criteria.items[i].holds);
  }
  for (uint32_t i = 0; i < x->base->criteria.count; i++) {
    if (x->unsatisfiable[i] && !follows_unsatisfiable(x, i)) report_unsatisfiable(x, i);
    /* a group that carries outcomes tells cases apart: that each request is one of them is no
     * defect */
    if (x->always[i] && !x->base->criteria.items[i].criterion->holds_outcome &&
        !follows_always(x, i))
      report_always(x, i);
  }
}

/* ---- Alternatives ---- */

static void report_swallowed(Exam *x, uint32_t small, uint32_t large) {
  const Criterion *inner = x->base->criteria.items[small].criterion,
                  *outer = x->base->criteria.items[large].criterion;
  bool same = space_same(x->space, x->base->criteria.items[small].holds,
                         x->base->criteria.items[large].holds);
  const char *why =
      arena_format(x->all->passing,
                   same ? "%s is met exactly where %s is, and one of the two is enough."
                        : "Whoever meets %s meets %s too, and one of the two is enough.",
                   name(x, inner), name(x, outer));
  Defect *defect = add_defect(x, LICET_SUBSUMED, inner, why);
  defect->is_defect = false;
  defect->other = text_copy(x->all->arena, outer->path);
  add_witness(x, defect, x->base->criteria.items[small].holds, x->base->criteria.items[large].holds,
              (Claim){.met = {inner, outer}});
}

/* Alternatives of one group; of two that are the same the later is told. */
static void examine_alternatives(Exam *x) {
  for (uint32_t i = 0; i < x->base->criteria.count; i++) {
    uint32_t group = x->parent[i];
    if (!goes_on(x, "alternatives", x->base->criteria.items[i].criterion)) return;
    if (group == UINT32_MAX || x->unsatisfiable[i] || x->always[i]) continue;
    if (x->base->criteria.items[group].connective != CONNECTIVE_ANY) continue;
    for (uint32_t j = group + 1;
         j <= group + x->base->criteria.items[group].subtree && !x->swallowed[i]; j++) {
      if (x->parent[j] != group || j == i || x->swallowed[j] || x->always[j]) continue;
      DiagramRef mine = x->base->criteria.items[i].holds, its = x->base->criteria.items[j].holds;
      if (!space_implies(x->space, mine, its) || (j > i && space_implies(x->space, its, mine)))
        continue;
      if (!space_implies(x->space, x->asked->criteria.items[i].holds,
                         x->asked->criteria.items[j].holds))
        continue;
      x->swallowed[i] = true;
      report_swallowed(x, i, j);
    }
  }
}

/* ---- Branches that never matter ---- */

static bool above_is_idle(const Exam *x, uint32_t i) {
  for (uint32_t up = x->parent[i]; up != UINT32_MAX; up = x->parent[up]) {
    if (x->idle[up] || x->unsatisfiable[up]) return true;
  }
  return false;
}

/* What is told of the criterion already, or of what stands in it, explains it. */
static bool is_explained(const Exam *x, uint32_t i) {
  for (uint32_t j = i; j <= i + x->base->criteria.items[i].subtree; j++) {
    if (x->unsatisfiable[j] || x->always[j]) return true;
  }
  return x->swallowed[i] || above_is_idle(x, i);
}

/* Those of whom nothing but the criterion is open on its own branch: what is demanded beside it and
 * above is met, what may take its place beside it is not. */
static DiagramRef all_but(const Exam *x, uint32_t i) {
  DiagramRef rest = DIAGRAM_TRUE;
  for (uint32_t at = i; x->parent[at] != UINT32_MAX; at = x->parent[at]) {
    uint32_t group = x->parent[at];
    const CompiledCriterion *above = &x->base->criteria.items[group];
    bool demanded = is_demanded_all(above),
         alternative = above->connective == CONNECTIVE_ANY && at == i;
    for (uint32_t j = group + 1; j <= group + above->subtree; j++) {
      const CompiledCriterion *beside = &x->base->criteria.items[j];
      if (x->parent[j] != group || j == at || beside->criterion->holds_outcome) continue;
      if (demanded) rest = diagram_and(x->space->diagram, rest, beside->holds);
      if (alternative) rest = space_and_not(x->space, rest, beside->holds);
    }
  }
  return rest;
}

/* A request in which the criterion alone could have mattered, and does not: what is demanded is
 * best not met, though the request is approved; an alternative is best met. */
static void show_idle(Exam *x, Defect *defect, uint32_t i) {
  const CompiledCriterion *one = &x->base->criteria.items[i];
  bool demanded = is_demanded_all(&x->base->criteria.items[x->parent[i]]);
  const DiagramRef branches[] = {all_but(x, i), DIAGRAM_TRUE},
                   care[] = {DIAGRAM_TRUE, x->base->whole.approve};
  for (int branch = 0; branch < 2; branch++) {
    for (int approved = 1; approved >= 0; approved--) {
      for (int turn = 0; turn < 2; turn++) {
        bool met = (turn == 0) !=
                   (demanded && branch == 0); /* beyond its branch, one who meets it shows more */
        DiagramRef whom =
            diagram_and(x->space->diagram, branches[branch],
                        met ? one->holds : diagram_not(x->space->diagram, one->holds));
        if (approved) whom = diagram_and(x->space->diagram, whom, x->base->whole.approve);
        if (!space_some(x->space, whom)) continue;
        Claim claim = {.approved = approved == 1};
        if (met) claim.met[0] = one->criterion;
        if (!met) claim.unmet = one->criterion;
        if (add_witness(x, defect, whom, care[approved], claim)) return;
      }
    }
  }
}

static void report_idle(Exam *x, uint32_t i) {
  const CompiledCriterion *one = &x->base->criteria.items[i];
  bool demanded = is_demanded_all(&x->base->criteria.items[x->parent[i]]);
  const char *why =
      arena_format(x->all->passing, "Without %s%s every request would be decided the same%s.",
                   name(x, one->criterion), condition_words(x, one->criterion),
                   demanded ? ": what it keeps out here is kept out, or let in, elsewhere" : "");
  Defect *defect = add_defect(x, LICET_REDUNDANT, one->criterion, why);
  defect->is_defect = false; /* it decides nothing wrongly, and a condition said once more may make
                                a page clearer */
  show_idle(x, defect, i);
}

static bool is_idle(Exam *x, uint32_t i) {
  const CompiledCriterion *one = &x->base->criteria.items[i];
  uint32_t group = x->parent[i];
  if (group == UINT32_MAX || one->criterion->holds_outcome || one->not_asked) return false;
  if (x->base->criteria.items[group].subtree == one->subtree + 1 && group + 1 == i &&
      !is_demanded_all(&x->base->criteria.items[group]))
    return false; /* the only alternative: without it nothing is left to choose from */
  CompiledPolicy *without = compile_changed(x, (Change){.without = one->criterion});
  if (without == NULL || !same_outcomes(x, x->base, without)) return false;
  if (x->asked == x->base) return true;
  without = compile_changed(x, (Change){.without = one->criterion, .asked = true});
  return without != NULL && same_outcomes(x, x->asked, without);
}

static void examine_branches(Exam *x) {
  for (uint32_t i = 0; i < x->base->criteria.count; i++) {
    if (!goes_on(x, "criteria that never matter", x->base->criteria.items[i].criterion)) return;
    if (above_is_idle(x, i)) continue;
    x->idle[i] = is_idle(x, i);
    if (x->idle[i] && !is_explained(x, i)) report_idle(x, i);
  }
}

/* ---- Outcomes ---- */

static bool on_unsatisfiable(const Exam *x, const Criterion *criterion) {
  for (uint32_t i = 0; i < x->base->criteria.count; i++) {
    const CompiledCriterion *one = &x->base->criteria.items[i];
    if (!x->unsatisfiable[i]) continue;
    for (const Criterion *up = criterion; up != NULL; up = up->parent) {
      if (up == one->criterion ||
          (one->criterion->parent == up && up->connective == CONNECTIVE_ALL))
        return true;
    }
  }
  return false;
}

static void report_unreachable(Exam *x, const Outcome *outcome) {
  if (on_unsatisfiable(x, outcome->criterion)) return;
  const char *why =
      arena_format(x->all->passing, "No request can have the outcome `%.*s` of %s.",
                   (int)outcome->line.length, outcome->line.at, name(x, outcome->criterion));
  add_defect(x, LICET_UNREACHABLE, outcome->criterion, why);
}

/* Is the grant reckoned in the same way? The lines are compared as they are written. */
static bool same_line(const Outcome *a, const Outcome *b) {
  return text_equal(a->line, b->line) && a->none == b->none;
}

static void report_overlap(Exam *x, const CompiledOutcome *a, const CompiledOutcome *b,
                           DiagramRef both) {
  const Outcome *first = a->outcome, *second = b->outcome;
  const char *why = arena_format(
      x->all->passing, "One request can meet %s (%.*s) and %s (%.*s). The longer grant is given.",
      name(x, first->pathway), (int)first->line.length, first->line.at, name(x, second->pathway),
      (int)second->line.length, second->line.at);
  Defect *defect = add_defect(x, LICET_OVERLAP, first->criterion, why);
  defect->is_defect = false;
  defect->other = text_copy(x->all->arena, second->pathway->path);
  defect->authorization[0] = text_copy(x->all->arena, first->line);
  defect->authorization[1] = text_copy(x->all->arena, second->line);
  add_plain_witness(x, defect, both, x->base->whole.approve,
                    (Claim){.approved = true, .pathways = {first, second}});
}

static void examine_outcomes(Exam *x) {
  CompiledPolicy *base = x->base;
  if (!goes_on(x, "outcomes", NULL)) return;
  for (uint32_t i = 0; i < base->approvals.count; i++) {
    if (!base->approvals.items[i].outcome->none &&
        !space_some(x->space, base->approvals.items[i].holds))
      report_unreachable(x, base->approvals.items[i].outcome);
  }
  for (uint32_t i = 0; i < base->routes.count; i++) {
    if (!space_some(x->space, base->routes.items[i].holds))
      report_unreachable(x, base->routes.items[i].outcome);
  }
  for (uint32_t i = 0; i < base->referrals.count; i++) {
    if (!space_some(x->space, base->referrals.items[i].holds))
      report_unreachable(x, base->referrals.items[i].outcome);
  }
  for (uint32_t i = 0; i < base->approvals.count; i++) {
    for (uint32_t j = i + 1; j < base->approvals.count; j++) {
      const CompiledOutcome *a = &base->approvals.items[i], *b = &base->approvals.items[j];
      if (!goes_on(x, "overlaps", a->outcome->criterion)) return;
      if (same_line(a->outcome, b->outcome) || a->outcome->pathway == b->outcome->pathway) continue;
      DiagramRef both = diagram_and(x->space->diagram, space_certain(x->space, a->holds),
                                    space_certain(x->space, b->holds));
      if (space_some(x->space, both)) report_overlap(x, a, b, both);
    }
  }
}

/* ---- Interpretations ---- */

static const Interpretation *interpretation_of(const Criterion *criterion, Text id) {
  for (uint32_t i = 0; i < criterion->interpretations.count; i++) {
    const Interpretation *interpretation = criterion->interpretations.items[i];
    if (text_equal(interpretation->id, id) &&
        (interpretation->condition != NULL || interpretation->has_connective))
      return interpretation;
  }
  return NULL;
}

static Defect *add_interpretation(Exam *x, licet_finding_kind kind, uint32_t i,
                                  const Interpretation *interpretation, const char *why) {
  Defect *defect = add_defect(x, kind, x->base->criteria.items[i].criterion, why);
  defect->is_defect = false;
  defect->interpretation = text_copy(x->all->arena, interpretation->id);
  return defect;
}

static void add_difference(Exam *x, Defect *defect, DiagramRef function, DiagramRef care,
                           Text literal) {
  add_plain_witness(x, defect, function, care, (Claim){.literal = literal, .differs = true});
}

/* The literal wording of the one criterion, held against all patients. True where nobody meets it.
 */
static bool examine_literal(Exam *x, uint32_t i, const Interpretation *interpretation,
                            const CompiledPolicy *literally) {
  const CompiledCriterion *one = &x->base->criteria.items[i];
  DiagramRef wording = one->literal;
  const char *id = arena_copy(x->all->passing, interpretation->id.at, interpretation->id.length);
  if (!space_some(x->space, wording)) {
    const char *why;
    Core core = {.count = 0};
    if (interpretation->has_connective) add_parts(x, i, true, &core);
    if (core.count > 1 && contradict(x, &core, UINT32_MAX)) {
      shrink(x, &core);
      why = arena_format(
          x->all->passing,
          "By the literal wording (%s) no patient can meet %s: it demands %s together.", id,
          name(x, one->criterion), list_core(x, &core));
    } else {
      why = arena_format(
          x->all->passing, "By the literal wording (%s: %.*s) no patient can meet %s.", id,
          (int)interpretation->literal.length, interpretation->literal.at, name(x, one->criterion));
    }
    Defect *defect =
        add_interpretation(x, LICET_INTERPRETATION_CONTRADICTS, i, interpretation, why);
    add_difference(x, defect,
                   space_and_not(x->space, x->base->whole.approve, literally->whole.approve),
                   x->base->whole.approve, interpretation->id);
    return true;
  }
  if (space_implies(x->space, DIAGRAM_TRUE, wording)) {
    const char *why = arena_format(
        x->all->passing, "By the literal wording (%s: %.*s) every patient meets %s.", id,
        (int)interpretation->literal.length, interpretation->literal.at, name(x, one->criterion));
    Defect *defect = add_interpretation(x, LICET_INTERPRETATION_ALWAYS, i, interpretation, why);
    add_difference(x, defect,
                   space_and_not(x->space, literally->whole.approve, x->base->whole.approve),
                   literally->whole.approve, interpretation->id);
  }
  return false;
}

/* Whom the interpretation concerns: who is approved by the one wording alone, or approved by both
 * on other pathways. */
static void examine_effect(Exam *x, uint32_t i, const Interpretation *interpretation,
                           const CompiledPolicy *literally, bool contradicts) {
  DiagramRef gained = space_and_not(x->space, x->base->whole.approve, literally->whole.approve),
             lost = space_and_not(x->space, literally->whole.approve, x->base->whole.approve);
  const char *id = arena_copy(x->all->passing, interpretation->id.at, interpretation->id.length);
  bool gains = space_some(x->space, gained), loses = space_some(x->space, lost);
  if (gains && !contradicts) { /* else told with the contradiction */
    Defect *defect = add_interpretation(
        x, LICET_INTERPRETATION_DIFFERS, i, interpretation,
        arena_format(x->all->passing,
                     "%s: some are approved that the literal wording would not approve.", id));
    defect->other = TEXT("adopted");
    add_difference(x, defect, gained, x->base->whole.approve, interpretation->id);
  }
  if (loses) {
    Defect *defect = add_interpretation(
        x, LICET_INTERPRETATION_DIFFERS, i, interpretation,
        arena_format(x->all->passing,
                     "%s: some are not approved whom the literal wording would approve.", id));
    defect->other = TEXT("literal");
    add_difference(x, defect, lost, literally->whole.approve, interpretation->id);
  }
  if (gains || loses) return;
  if (same_outcomes(x, x->base, literally)) {
    add_interpretation(
        x, LICET_INTERPRETATION_SAME, i, interpretation,
        arena_format(x->all->passing,
                     "%s: by the literal wording every request would be decided the same.", id));
    return;
  }
  for (uint32_t a = 0; a < x->base->approvals.count; a++) {
    DiagramRef mine = x->base->approvals.items[a].holds, its = literally->approvals.items[a].holds;
    DiagramRef other = diagram_or(x->space->diagram, space_and_not(x->space, mine, its),
                                  space_and_not(x->space, its, mine));
    other = diagram_and(x->space->diagram, other, x->base->whole.approve);
    if (!space_some(x->space, other)) continue;
    Defect *defect = add_interpretation(
        x, LICET_INTERPRETATION_DIFFERS, i, interpretation,
        arena_format(x->all->passing, "%s: the same are approved, but not on the same pathways.",
                     id));
    defect->other = TEXT("pathway");
    add_difference(x, defect, other, x->base->whole.approve, interpretation->id);
    return;
  }
}

/* Interpretations are compared by what is decided: approved is who is, whatever is not given. */
static void make_certain(const Exam *x, CompiledPolicy *policy) {
  policy->whole.approve = space_certain(x->space, policy->whole.approve);
  for (uint32_t i = 0; i < policy->approvals.count; i++)
    policy->approvals.items[i].holds = space_certain(x->space, policy->approvals.items[i].holds);
}

static void examine_interpretations(Exam *x) {
  LIST(Text) seen = {0};
  for (uint32_t i = 0; i < x->base->criteria.count; i++) {
    const Criterion *criterion = x->base->criteria.items[i].criterion;
    for (uint32_t r = 0; r < criterion->interpretations.count; r++) {
      const Interpretation *interpretation =
          interpretation_of(criterion, criterion->interpretations.items[r]->id);
      if (interpretation == NULL || interpretation->is_literal ||
          x->base->criteria.items[i].not_asked)
        continue;
      if (!goes_on(x, "interpretations", criterion)) return;
      CompiledPolicy *literally = compile_changed(x, (Change){.literal = interpretation->id});
      if (literally == NULL) continue;
      make_certain(x, literally);
      bool contradicts = examine_literal(x, i, interpretation, literally);
      bool reported = false;
      for (uint32_t s = 0; s < seen.count; s++)
        reported = reported || text_equal(seen.items[s], interpretation->id);
      if (reported) continue;
      LIST_PUSH(x->all->passing, seen, interpretation->id);
      examine_effect(x, i, interpretation, literally, contradicts);
    }
  }
}

/* ---- The label ---- */

/* One line of a drug's label, held against what a version approves. The space is one of its own:
 * what the label asks is told apart besides what the page asks. */
typedef struct LabelExam {
  Exam exam;
  const Drug *drug;
  const Labelled *labelled;
  FactList facts;    /* that the line speaks of */
  DiagramRef within; /* the line holds */
} LabelExam;

/* Where a reviewer's word can be done without inside the label, it counts as not given: what it
 * lets in beyond the label is its own affair. A word that every approval needs is left open. */
static DiagramRef without_dispensable_judgment(const LabelExam *l, DiagramRef approve) {
  const Space *space = l->exam.space;
  for (uint32_t v = 0; v < space->set->variables.count; v++) {
    const Variable *variable = space->set->variables.items[v];
    if (variable->kind != VARIABLE_CHOICE || variable->fact->supplier != SUPPLIER_REVIEWER ||
        variable->arity != 2)
      continue;
    uint64_t no = text_is(variable->fact->type.values[0], "no") ? 1 : 2;
    DiagramRef without =
        diagram_and(space->diagram, approve, diagram_literal(space->diagram, v, no));
    if (space_some(space, diagram_and(space->diagram, without, l->within))) approve = without;
  }
  return approve;
}

static bool reads(const LabelExam *l, const Fact *fact) {
  for (uint32_t i = 0; i < l->facts.count; i++) {
    if (l->facts.items[i] == fact) return true;
  }
  return false;
}

/* A patient is outside the label where what it speaks of is given. */
static DiagramRef where_given(const LabelExam *l, DiagramRef function) {
  const Space *space = l->exam.space;
  for (uint32_t v = 0; v < space->set->variables.count; v++) {
    const Variable *variable = space->set->variables.items[v];
    if (variable->kind == VARIABLE_GIVEN && reads(l, variable->fact))
      function = diagram_and(space->diagram, function, diagram_literal(space->diagram, v, 2));
  }
  return function;
}

/* ": no approval depends on dose_day_1 or dose_day_8", where none depends on any fact of the line;
 * else ".". */
static const char *independence(const LabelExam *l, DiagramRef approve) {
  Buffer out;
  uint64_t asked = space_facts_asked(l->exam.space, approve), spoken_of = 0;
  buffer_open(&out, l->exam.all->passing, 64);
  FactList stated = {0};
  for (uint32_t i = 0; i < l->facts.count; i++) {
    if (l->facts.items[i]->index >= BUILTIN_FACTS)
      LIST_PUSH(l->exam.all->passing, stated, l->facts.items[i]);
  }
  for (uint32_t i = 0; i < stated.count; i++) {
    spoken_of |= variables_fact(l->exam.space->set, stated.items[i]);
    buffer_string(&out, i == 0                  ? ": no approval depends on "
                        : i + 1 == stated.count ? " or "
                                                : ", ");
    buffer_text(&out, stated.items[i]->name);
  }
  buffer_character(&out, '.');
  return spoken_of == 0 || (asked & spoken_of) != 0 ? "." : buffer_finish(&out);
}

static void name_label(const LabelExam *l, Defect *defect) {
  defect->is_defect = false; /* a plan may mean to cover what the label does not */
  defect->drug = text_copy(l->exam.all->arena, l->drug->name);
  defect->label = text_copy(l->exam.all->arena, l->labelled->text);
}

static void report_outside_label(LabelExam *l, DiagramRef approve, DiagramRef outside,
                                 const char *after) {
  Exam *x = &l->exam;
  const char *why = arena_format(x->all->passing,
                                 "Some are approved whom the label of %.*s leaves out (“%.*s”)%s",
                                 (int)l->drug->title.length, l->drug->title.at,
                                 (int)l->labelled->text.length, l->labelled->text.at, after);
  Defect *defect = add_defect(x, LICET_OUTSIDE_LABEL, NULL, why);
  name_label(l, defect);
  add_witness(x, defect, outside, approve,
              (Claim){.approved = true, .unlike = l->labelled->condition});
}

/* False where a limit was exceeded. */
static bool hold_against_label(LabelExam *l, const CompileSubject *subject) {
  Exam *x = &l->exam;
  x->base = compile_subject(x->space->shared, subject);
  if (x->base == NULL) return false;
  l->within = compile_besides(x->space->shared, subject, l->labelled->condition);
  facts_of_condition(x->all->passing, &l->facts, l->labelled->condition);
  DiagramRef approve =
      without_dispensable_judgment(l, space_certain(x->space, x->base->whole.approve));
  DiagramRef outside = where_given(l, space_and_not(x->space, approve, l->within));
  bool some = space_some(x->space, outside);
  if (diagram_too_large(x->space->diagram)) return false;
  if (some) report_outside_label(l, approve, outside, independence(l, x->base->whole.approve));
  return true;
}

static void examine_label(const Exam *of, const Drug *drug, const Labelled *labelled) {
  LabelExam l = {.exam = *of, .drug = drug, .labelled = labelled};
  Exam *x = &l.exam;
  CompileSubject subject = {
      .policy = x->policy, .version = &x->policy->versions.items[x->version], .kind = x->kind};
  Diagnostics diagnostics;
  diagnostics_open(&diagnostics, x->all->passing);
  uint32_t before = x->all->found->count;
  x->space =
      space_open_for(&subject, drug->name, labelled->condition, x->all->passing, &diagnostics);
  if (x->space != NULL && hold_against_label(&l, &subject) && !diagram_too_large(x->space->diagram))
    return;
  x->all->found->count = before;
  const char *why = arena_format(
      x->all->passing,
      "The conditions interlock too much to be held against the label of %.*s (“%.*s”).",
      (int)drug->title.length, drug->title.at, (int)labelled->text.length, labelled->text.at);
  name_label(&l, add_defect(x, LICET_NOT_PROVED, NULL, why));
}

static void examine_labels(Exam *x) {
  for (uint32_t i = 0; i < x->policy->drugs.count; i++) {
    const Drug *drug = dose_table_drug(&x->policy->vocabulary->dosing, x->policy->drugs.items[i]);
    for (uint32_t j = 0; drug != NULL && j < drug->labelled.count; j++) {
      if (!goes_on(x, "labels of drugs", NULL)) return;
      examine_label(x, drug, &drug->labelled.items[j]);
    }
  }
}

/* ---- Dates ---- */

/* A line that ends, and the next of the same label, or the next beside it, that begins more than a
 * day later. */
static bool replaces(const Criterion *ended, const Criterion *next) {
  if (ended->parent != next->parent || next->in_force.from == DATE_NONE ||
      next->in_force.from <= ended->in_force.until)
    return false;
  if (ended->label.length > 0 || next->label.length > 0)
    return text_equal(ended->label, next->label);
  return next->index == ended->index + 1;
}

static const Criterion *successor(const Policy *policy, const Criterion *ended) {
  const Criterion *best = NULL;
  for (uint32_t i = 0; i < policy->criteria.count; i++) {
    const Criterion *next = policy->criteria.items[i];
    if (replaces(ended, next) && (best == NULL || next->in_force.from < best->in_force.from))
      best = next;
  }
  return best;
}

static void examine_dates(Examination *examination, const Policy *policy) {
  for (uint32_t i = 0; i < policy->criteria.count; i++) {
    const Criterion *ended = policy->criteria.items[i];
    if (ended->in_force.until == DATE_NONE) continue;
    const Criterion *next = successor(policy, ended);
    if (next == NULL || next->in_force.from == ended->in_force.until + 1) continue;
    char from[10], until[10];
    date_write(ended->in_force.until + 1, from);
    date_write(next->in_force.from - 1, until);
    Exam x = {.all = examination, .policy = policy};
    Text words = words_of_criterion(examination->passing, ended);
    const char *why =
        arena_format(examination->passing,
                     "From %.10s until %.10s neither “%.*s” nor what takes its place stands.", from,
                     until, (int)words.length, words.at);
    Defect *defect = add_defect(&x, LICET_GAP, ended, why);
    defect->kinds = (1u << KINDS) - 1;
    while (defect->first + 1 < policy->versions.count &&
           policy->versions.items[defect->first].date <= ended->in_force.until)
      defect->first++;
    defect->last = defect->first;
    while (defect->last + 1 < policy->versions.count &&
           policy->versions.items[defect->last + 1].date < next->in_force.from)
      defect->last++;
  }
}

/* ---- All of it ---- */

static void report_not_proved(Exam *x) {
  Defect *defect =
      add_defect(x, LICET_NOT_PROVED, NULL,
                 "The conditions interlock too much to be examined: nothing is claimed.");
  defect->is_defect = false;
}

static void examine(Exam *x) {
  CompileSubject subject = {
      .policy = x->policy, .version = &x->policy->versions.items[x->version], .kind = x->kind};
  Diagnostics diagnostics;
  diagnostics_open(&diagnostics, x->all->passing);
  uint32_t before = x->all->found->count;
  x->space = space_open(&subject, 1, x->all->passing, &diagnostics);
  x->base = x->space == NULL ? NULL : compile_subject(x->space->shared, &subject);
  x->asked = x->base;
  if (x->base != NULL && x->kind == KIND_CONTINUATION)
    x->asked = compile_changed(x, (Change){.asked = true});
  if (x->base == NULL || x->asked == NULL) {
    report_not_proved(x);
    return;
  }
  uint32_t count = x->base->criteria.count + 1;
  bool **flags[] = {&x->unsatisfiable, &x->always, &x->idle, &x->swallowed};
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
    *flags[i] = ARENA_ARRAY(x->all->passing, bool, count);
  x->parent = ARENA_ARRAY(x->all->passing, uint32_t, count);
  find_parents(x);
  examine_each(x);
  examine_alternatives(x);
  examine_branches(x);
  examine_outcomes(x);
  make_certain(x, x->base); /* all that follows compares decisions */
  examine_interpretations(x);
  if (!diagram_too_large(x->space->diagram)) return;
  x->all->found->count = before; /* a diagram that grew too large answers nothing any more */
  report_not_proved(x);
}

void defects_find(Examination *examination, const Policy *policy) {
  examine_dates(examination, policy);
  for (uint32_t v = policy->versions.count; v-- > 0;) {
    for (int kind = 0; kind < KINDS; kind++) {
      arena_reset(examination->passing);
      Exam x = {.all = examination, .policy = policy, .version = v, .kind = kind};
      buffer_open(&x.left_out, examination->passing, 64);
      if (goes_on(&x, "every criterion", NULL)) examine(&x);
      examine_labels(&x);
      report_left_out(&x);
    }
  }
  arena_reset(examination->passing);
}

/* ---- Merging ---- */

/* Is it part of the finding whom it concerns? */
static bool about_whom(const Defect *defect) {
  return defect->kind == LICET_OVERLAP || defect->kind == LICET_INTERPRETATION_CONTRADICTS ||
         defect->kind == LICET_INTERPRETATION_DIFFERS || defect->kind == LICET_OUTSIDE_LABEL;
}

static bool same_claim(const Defect *a, const Defect *b) {
  return a->kind == b->kind && a->policy == b->policy && a->criterion == b->criterion &&
         text_equal(a->other, b->other) && text_equal(a->interpretation, b->interpretation) &&
         text_equal(a->drug, b->drug) && text_equal(a->label, b->label) &&
         (a->kind != LICET_NOT_PROVED || text_equal(a->why, b->why)) &&
         (!about_whom(a) || a->kinds != b->kinds || text_equal(a->common, b->common));
}

static bool join(Defect *into, const Defect *from) {
  if (!same_claim(into, from)) return false;
  bool same_versions = into->first == from->first && into->last == from->last;
  bool neighbours = into->kinds == from->kinds &&
                    (into->first == from->last + 1 || from->first == into->last + 1);
  if (!same_versions && !neighbours) return false;
  if (into->witness.length == 0 &&
      from->witness.length > 0) { /* what is told of whom, and shown, is of one kind of request */
    into->witness = from->witness;
    into->shows = from->shows;
    into->why = from->why;
    into->common = from->common;
  }
  into->kinds |= from->kinds;
  if (from->first < into->first) into->first = from->first;
  if (from->last > into->last) into->last = from->last;
  return true;
}

static int by_place(const void *a, const void *b) {
  const Defect *x = a, *y = b;
  int order = text_compare(x->policy->id, y->policy->id);
  if (order != 0) return order;
  uint32_t place_x = x->criterion == NULL ? 0 : x->criterion->index + 1,
           place_y = y->criterion == NULL ? 0 : y->criterion->index + 1;
  if (place_x != place_y) return place_x < place_y ? -1 : 1;
  if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
  order = text_compare(x->interpretation, y->interpretation);
  if (order == 0) order = text_compare(x->other, y->other);
  if (order == 0) order = text_compare(x->drug, y->drug);
  if (order == 0) order = text_compare(x->label, y->label);
  if (order == 0) order = (x->last < y->last) - (x->last > y->last);
  return order != 0 ? order : (x->kinds > y->kinds) - (x->kinds < y->kinds);
}

void defects_merge(DefectList *found) {
  for (bool joined = true; joined;) {
    joined = false;
    for (uint32_t i = 0; i < found->count; i++) {
      for (uint32_t j = i + 1; j < found->count; j++) {
        if (!join(&found->items[i], &found->items[j])) continue;
        memmove(&found->items[j], &found->items[j + 1], (found->count - j - 1) * sizeof(Defect));
        found->count--;
        j--;
        joined = true;
      }
    }
  }
  if (found->count > 0) qsort(found->items, found->count, sizeof *found->items, by_place);
}
