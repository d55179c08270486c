/* Finding defects. Each kind is a question to the diagram; docs/proofs.md says which. What only
 * follows from another finding (a group is unsatisfiable because its one criterion is) is not told
 * again. */
#include "prove/defects.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "prove/words.h"

enum { CORE_PARTS = 64 };

typedef struct PolicyCheck {
  ProofRun *run;
  Space *space;
  const Policy *policy;
  uint32_t version;
  int kind;
  CompiledPolicy *base;
  CompiledPolicy *asked; /* the same with prerequisites asked: what is only so because they count as
                            met is meant to be so */
  bool *unsatisfiable, *always, *redundant, *subsumed; /* by compiled criterion */
  uint32_t *parent; /* by compiled criterion: UINT32_MAX at the top */
  Buffer left_out;  /* what was not examined, as a bound was reached */
} PolicyCheck;

/* ---- Findings ---- */

static Defect *add_defect(PolicyCheck *check, licet_finding_kind kind, const Criterion *criterion,
                          const char *why) {
  Defect defect = {.kind = kind,
                   .is_defect = true,
                   .policy = check->policy,
                   .first = check->version,
                   .last = check->version};
  defect.kinds = 1u << check->kind;
  defect.criterion = criterion;
  defect.span = criterion == NULL ? check->policy->syntax->id.span : criterion->syntax->span;
  defect.why = text_of(arena_copy(check->run->arena, why, strlen(why)));
  LIST_PUSH(check->run->arena, *check->run->found, defect);
  return &check->run->found->items[check->run->found->count - 1];
}

static const char *check_name(const PolicyCheck *check, const Criterion *criterion) {
  Text words = words_of_criterion(check->run->passing, criterion);
  return arena_format(check->run->passing, "“%.*s”", (int)words.length, words.at);
}

/* ---- Bounds ---- */

double proof_clock(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Asked before each question. Once it is false it stays so until the next version or kind: what is
 * left of this one is then listed, not examined. `from`: the first that is left, or NULL. */
static bool within_bounds(PolicyCheck *check, const char *what, const Criterion *from) {
  const ProofRun *run = check->run;
  if (arena_used(run->passing) <= run->memory && proof_clock() - run->began_at <= run->seconds)
    return true;
  buffer_format(&check->left_out, "%s%s", check->left_out.length > 0 ? "; " : "", what);
  if (from != NULL) buffer_format(&check->left_out, " from %s on", check_name(check, from));
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

static void report_left_out(PolicyCheck *check) {
  if (check->left_out.length == 0) return;
  Arena *arena = check->run->passing;
  const char *why = arena_format(
      arena, "The bounds of memory (%zu MB) or time (%s s) were reached. Not examined: %s.",
      check->run->memory >> 20, written_seconds(arena, check->run->seconds),
      buffer_finish(&check->left_out));
  add_defect(check, LICET_NOT_PROVED, NULL, why)->is_defect = false;
}

/* ---- Witnesses ---- */

/* What a replayed request must show. */
typedef struct Claim {
  PolicyCheck *check;
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
         (replay_status(determination, criterion->index, &status) && status == wanted);
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
  PolicyCheck *check = claim->check;
  Arena *arena = check->run->passing;
  if (claim->unlike != NULL && evaluate_condition(claim->unlike, &patient->facts) != TRUTH_NO)
    return false;
  claim->request = patient_request(check->space, patient, check->policy, check->space->received);
  const licet_determination *determination =
      replay_request(check->run->replay, TEXT(""), claim->request);
  if (determination == NULL || !holds_of(claim, determination)) return false;
  claim->shows = replay_words(arena, determination);
  if (!claim->differs) return true;
  licet_outcome outcome = licet_determination_outcome(determination);
  licet_authorization authorization = licet_determination_authorization(determination);
  Text pathways = pathways_words(arena, determination);
  const licet_determination *literal =
      replay_request(check->run->replay, claim->literal, claim->request);
  if (literal == NULL) return false;
  Text other = replay_words(arena, literal), other_pathways = pathways_words(arena, literal);
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
static bool add_witness(PolicyCheck *check, Defect *defect, DiagramRef function, DiagramRef care,
                        Claim claim) {
  Patient patient;
  DiagramRef claimed = claim.wider != DIAGRAM_FALSE ? claim.wider : function;
  claim.check = check;
  Text common = words_in_common(check->space, function, care);
  Shows shows = {check_claim, &claim};
  bool found = witness_find(check->space, function, claimed, shows, &patient);
  if (!found && claimed != function)
    found = witness_find(check->space, claimed, claimed, shows, &patient);
  defect->common = text_copy(check->run->arena, common);
  if (!found) return false;
  defect->witness = text_copy(check->run->arena, claim.request);
  defect->shows = text_copy(check->run->arena, claim.shows);
  return true;
}

/* Whom it concerns without a reviewer's word, where there is anyone. */
static void add_plain_witness(PolicyCheck *check, Defect *defect, DiagramRef function,
                              DiagramRef care, Claim claim) {
  DiagramRef plain = space_without_judgment(check->space, function);
  if (space_some(check->space, plain)) {
    claim.wider = function;
    function = plain;
    care = space_without_judgment(check->space, care);
  }
  add_witness(check, defect, function, care, claim);
}

/* ---- Changed policies ---- */

static CompiledPolicy *check_compile(PolicyCheck *check, Change change) {
  CompileSubject subject = {.policy = check->policy,
                            .version = &check->policy->versions.items[check->version],
                            .kind = check->kind,
                            .change = change};
  return compile_subject(check->space->shared, &subject);
}

/* Do the two have the same outcomes, on the same pathways, in every possible request? */
static bool same_outcomes(const PolicyCheck *check, const CompiledPolicy *a,
                          const CompiledPolicy *b) {
  if (!space_same(check->space, a->whole.approve, b->whole.approve)) return false;
  for (uint32_t i = 0; i < a->approvals.count; i++) {
    if (!space_same(check->space, a->approvals.items[i].holds, b->approvals.items[i].holds))
      return false;
    if (!space_same(check->space, a->approvals.items[i].not_now, b->approvals.items[i].not_now))
      return false;
  }
  for (uint32_t i = 0; i < a->routes.count; i++) {
    if (!space_same(check->space, a->routes.items[i].holds, b->routes.items[i].holds)) return false;
  }
  for (uint32_t i = 0; i < a->referrals.count; i++) {
    if (!space_same(check->space, a->referrals.items[i].holds, b->referrals.items[i].holds))
      return false;
  }
  return true;
}

/* ---- Each criterion by itself ---- */

static void find_parents(PolicyCheck *check) {
  for (uint32_t i = 0; i < check->base->criteria.count; i++) check->parent[i] = UINT32_MAX;
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    for (uint32_t j = i + 1; j <= i + check->base->criteria.items[i].subtree; j++)
      check->parent[j] = i; /* the nearest comes last */
  }
}

static bool is_demanded_all(const CompiledCriterion *group) {
  return group->connective == CONNECTIVE_ALL || group->connective == CONNECTIVE_LEAF;
}

typedef bool (*Property)(const PolicyCheck *check, uint32_t index);
static bool is_unsatisfiable(const PolicyCheck *check, uint32_t index) {
  return check->unsatisfiable[index];
}
static bool is_always(const PolicyCheck *check, uint32_t index) { return check->always[index]; }

/* Some child, or every child, has the property; a group without children has it not. */
static bool some_child(const PolicyCheck *check, uint32_t group, Property has) {
  for (uint32_t i = group + 1; i <= group + check->base->criteria.items[group].subtree; i++) {
    if (check->parent[i] == group && has(check, i)) return true;
  }
  return false;
}

static bool every_child(const PolicyCheck *check, uint32_t group, Property has) {
  if (check->base->criteria.items[group].subtree == 0) return false;
  for (uint32_t i = group + 1; i <= group + check->base->criteria.items[group].subtree; i++) {
    if (check->parent[i] == group && !has(check, i)) return false;
  }
  return true;
}

static bool follows_unsatisfiable(const PolicyCheck *check, uint32_t i) {
  switch (check->base->criteria.items[i].connective) {
    case CONNECTIVE_ANY:
      return every_child(check, i, is_unsatisfiable);
    case CONNECTIVE_NONE:
      return some_child(check, i, is_always);
    default:
      return some_child(check, i, is_unsatisfiable);
  }
}

static bool follows_always(const PolicyCheck *check, uint32_t i) {
  switch (check->base->criteria.items[i].connective) {
    case CONNECTIVE_ANY:
      return some_child(check, i, is_always);
    case CONNECTIVE_NONE:
      return every_child(check, i, is_unsatisfiable);
    default:
      return every_child(check, i, is_always);
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
static bool gathers_outcomes(const PolicyCheck *check, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  const Criterion *criterion = one->criterion;
  bool as_adopted = one->connective == criterion->connective;
  if (criterion->connective != CONNECTIVE_ALL || !as_adopted || criterion->outcomes.count > 0)
    return false;
  return criterion->holds_outcome;
}

static DiagramRef demanded_by(const PolicyCheck *check, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  DiagramRef all = DIAGRAM_TRUE;
  if (!gathers_outcomes(check, i)) return one->holds;
  for (uint32_t j = i + 1; j <= i + one->subtree; j++) {
    if (check->parent[j] != i || check->base->criteria.items[j].criterion->holds_outcome) continue;
    all = diagram_and(check->space->diagram, all, check->base->criteria.items[j].holds);
  }
  return all;
}

/* What a group demands, down to criteria that are no `all of` themselves. */
static void add_parts(const PolicyCheck *check, uint32_t index, bool literal_group, Core *core) {
  const CompiledCriterion *one = &check->base->criteria.items[index];
  bool opens =
      (literal_group || (one->connective == CONNECTIVE_ALL && one->criterion->guard == NULL)) &&
      one->subtree > 0;
  if (!opens) {
    if (core->count < CORE_PARTS) core->parts[core->count++] = (Part){one->criterion, one->holds};
    return;
  }
  for (uint32_t i = index + 1; i <= index + one->subtree; i++) {
    if (check->parent[i] != index) continue;
    if (!literal_group && gathers_outcomes(check, index) &&
        check->base->criteria.items[i].criterion->holds_outcome)
      continue;
    add_parts(check, i, false, core);
  }
}

static bool contradict(const PolicyCheck *check, const Core *core, uint32_t except) {
  DiagramRef all = DIAGRAM_TRUE;
  for (uint32_t i = 0; i < core->count; i++) {
    if (i != except) all = diagram_and(check->space->diagram, all, core->parts[i].holds);
  }
  return !space_some(check->space, all);
}

/* Leaves a smallest set that still contradicts itself: none of it can be left out. */
static void shrink(const PolicyCheck *check, Core *core) {
  for (uint32_t i = core->count; i-- > 0;) {
    if (!contradict(check, core, i)) continue;
    memmove(&core->parts[i], &core->parts[i + 1], (core->count - i - 1) * sizeof(Part));
    core->count--;
  }
}

static const char *list_core(const PolicyCheck *check, const Core *core) {
  Buffer out;
  buffer_open(&out, check->run->passing, 128);
  for (uint32_t i = 0; i < core->count; i++) {
    buffer_string(&out, i == 0 ? "" : i + 1 == core->count ? " and " : ", ");
    buffer_string(&out, check_name(check, core->parts[i].criterion));
  }
  return buffer_finish(&out);
}

/* The text of the condition, where it is short. */
static const char *condition_words(const PolicyCheck *check, const Criterion *criterion) {
  if (criterion->condition_text.length == 0 || criterion->condition_text.length > 100) return "";
  return arena_format(check->run->passing, " (%.*s)", (int)criterion->condition_text.length,
                      criterion->condition_text.at);
}

/* Whoever would be approved, were it not for the criterion. */
static void add_nearest(PolicyCheck *check, Defect *defect, const Criterion *criterion) {
  CompiledPolicy *authorized = check_compile(check, (Change){.authorized = criterion});
  if (authorized == NULL) return;
  DiagramRef but_for =
      space_and_not(check->space, authorized->whole.approve, check->base->whole.approve);
  if (space_some(check->space, but_for))
    add_witness(check, defect, but_for, authorized->whole.approve,
                (Claim){.not_approved = true, .unmet = criterion});
}

static void report_unsatisfiable(PolicyCheck *check, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  Arena *arena = check->run->passing;
  Core core = {.count = 0};
  add_parts(check, i, false, &core);
  bool group = core.count > 1 && contradict(check, &core, UINT32_MAX);
  if (group) shrink(check, &core);
  const char *why =
      group ? arena_format(
                  arena,
                  "%s cannot be met together, and %s demands them all: no patient can meet it.",
                  list_core(check, &core), check_name(check, one->criterion))
            : arena_format(arena, "No patient can meet %s%s.", check_name(check, one->criterion),
                           condition_words(check, one->criterion));
  Defect *defect =
      add_defect(check, group ? LICET_CONTRADICTION : LICET_UNSATISFIABLE, one->criterion, why);
  if (group)
    defect->other = text_copy(check->run->arena, core.parts[core.count - 1].criterion->path);
  add_nearest(check, defect, one->criterion);
}

static void report_always(PolicyCheck *check, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  const char *why =
      arena_format(check->run->passing, "Every patient meets %s%s: it asks nothing.",
                   check_name(check, one->criterion), condition_words(check, one->criterion));
  Defect *defect = add_defect(check, LICET_ALWAYS_MET, one->criterion, why);
  add_witness(check, defect, DIAGRAM_TRUE, DIAGRAM_TRUE, (Claim){.met = {one->criterion}});
}

static void check_each(PolicyCheck *check) {
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    const CompiledCriterion *one = &check->base->criteria.items[i];
    if (!within_bounds(check, "what every patient or no patient meets", NULL)) return;
    check->unsatisfiable[i] = !space_some(check->space, demanded_by(check, i));
    check->always[i] =
        !one->not_asked && space_implies(check->space, DIAGRAM_TRUE, one->holds) &&
        space_implies(check->space, DIAGRAM_TRUE, check->asked->criteria.items[i].holds);
  }
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    if (check->unsatisfiable[i] && !follows_unsatisfiable(check, i)) report_unsatisfiable(check, i);
    /* a group that carries outcomes tells cases apart: that each request is one of them is no
     * defect */
    if (check->always[i] && !check->base->criteria.items[i].criterion->holds_outcome &&
        !follows_always(check, i))
      report_always(check, i);
  }
}

/* ---- Alternatives ---- */

static void report_subsumed(PolicyCheck *check, uint32_t small, uint32_t large) {
  const Criterion *inner = check->base->criteria.items[small].criterion,
                  *outer = check->base->criteria.items[large].criterion;
  bool same = space_same(check->space, check->base->criteria.items[small].holds,
                         check->base->criteria.items[large].holds);
  const char *why =
      arena_format(check->run->passing,
                   same ? "%s is met exactly where %s is, and one of the two is enough."
                        : "Whoever meets %s meets %s too, and one of the two is enough.",
                   check_name(check, inner), check_name(check, outer));
  Defect *defect = add_defect(check, LICET_SUBSUMED, inner, why);
  defect->is_defect = false;
  defect->other = text_copy(check->run->arena, outer->path);
  add_witness(check, defect, check->base->criteria.items[small].holds,
              check->base->criteria.items[large].holds, (Claim){.met = {inner, outer}});
}

/* Alternatives of one group; of two that are the same the later is told. */
static void check_alternatives(PolicyCheck *check) {
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    uint32_t group = check->parent[i];
    if (!within_bounds(check, "alternatives", check->base->criteria.items[i].criterion)) return;
    if (group == UINT32_MAX || check->unsatisfiable[i] || check->always[i]) continue;
    if (check->base->criteria.items[group].connective != CONNECTIVE_ANY) continue;
    for (uint32_t j = group + 1;
         j <= group + check->base->criteria.items[group].subtree && !check->subsumed[i]; j++) {
      if (check->parent[j] != group || j == i || check->subsumed[j] || check->always[j]) continue;
      DiagramRef mine = check->base->criteria.items[i].holds,
                 its = check->base->criteria.items[j].holds;
      if (!space_implies(check->space, mine, its) ||
          (j > i && space_implies(check->space, its, mine)))
        continue;
      if (!space_implies(check->space, check->asked->criteria.items[i].holds,
                         check->asked->criteria.items[j].holds))
        continue;
      check->subsumed[i] = true;
      report_subsumed(check, i, j);
    }
  }
}

/* ---- Branches that never matter ---- */

static bool above_is_redundant(const PolicyCheck *check, uint32_t i) {
  for (uint32_t up = check->parent[i]; up != UINT32_MAX; up = check->parent[up]) {
    if (check->redundant[up] || check->unsatisfiable[up]) return true;
  }
  return false;
}

/* What is told of the criterion already, or of what stands in it, explains it. */
static bool is_explained(const PolicyCheck *check, uint32_t i) {
  for (uint32_t j = i; j <= i + check->base->criteria.items[i].subtree; j++) {
    if (check->unsatisfiable[j] || check->always[j]) return true;
  }
  return check->subsumed[i] || above_is_redundant(check, i);
}

/* Those of whom nothing but the criterion is open on its own branch: what is demanded beside it and
 * above is met, what may take its place beside it is not. */
static DiagramRef all_but(const PolicyCheck *check, uint32_t i) {
  DiagramRef rest = DIAGRAM_TRUE;
  for (uint32_t at = i; check->parent[at] != UINT32_MAX; at = check->parent[at]) {
    uint32_t group = check->parent[at];
    const CompiledCriterion *above = &check->base->criteria.items[group];
    bool demanded = is_demanded_all(above),
         alternative = above->connective == CONNECTIVE_ANY && at == i;
    for (uint32_t j = group + 1; j <= group + above->subtree; j++) {
      const CompiledCriterion *beside = &check->base->criteria.items[j];
      if (check->parent[j] != group || j == at || beside->criterion->holds_outcome) continue;
      if (demanded) rest = diagram_and(check->space->diagram, rest, beside->holds);
      if (alternative) rest = space_and_not(check->space, rest, beside->holds);
    }
  }
  return rest;
}

/* A request in which the criterion alone could have mattered, and does not: what is demanded is
 * best not met, though the request is approved; an alternative is best met. */
static void show_redundant(PolicyCheck *check, Defect *defect, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  bool demanded = is_demanded_all(&check->base->criteria.items[check->parent[i]]);
  const DiagramRef branches[] = {all_but(check, i), DIAGRAM_TRUE},
                   care[] = {DIAGRAM_TRUE, check->base->whole.approve};
  for (int branch = 0; branch < 2; branch++) {
    for (int approved = 1; approved >= 0; approved--) {
      for (int turn = 0; turn < 2; turn++) {
        bool met = (turn == 0) !=
                   (demanded && branch == 0); /* beyond its branch, one who meets it shows more */
        DiagramRef whom =
            diagram_and(check->space->diagram, branches[branch],
                        met ? one->holds : diagram_not(check->space->diagram, one->holds));
        if (approved) whom = diagram_and(check->space->diagram, whom, check->base->whole.approve);
        if (!space_some(check->space, whom)) continue;
        Claim claim = {.approved = approved == 1};
        if (met) claim.met[0] = one->criterion;
        if (!met) claim.unmet = one->criterion;
        if (add_witness(check, defect, whom, care[approved], claim)) return;
      }
    }
  }
}

static void report_redundant(PolicyCheck *check, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  bool demanded = is_demanded_all(&check->base->criteria.items[check->parent[i]]);
  const char *why =
      arena_format(check->run->passing, "Without %s%s every request would be decided the same%s.",
                   check_name(check, one->criterion), condition_words(check, one->criterion),
                   demanded ? ": what it keeps out here is kept out, or let in, elsewhere" : "");
  Defect *defect = add_defect(check, LICET_REDUNDANT, one->criterion, why);
  defect->is_defect = false; /* it decides nothing wrongly, and a condition said once more may make
                                a page clearer */
  show_redundant(check, defect, i);
}

static bool is_redundant(PolicyCheck *check, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  uint32_t group = check->parent[i];
  if (group == UINT32_MAX || one->criterion->holds_outcome || one->not_asked) return false;
  if (check->base->criteria.items[group].subtree == one->subtree + 1 && group + 1 == i &&
      !is_demanded_all(&check->base->criteria.items[group]))
    return false; /* the only alternative: without it nothing is left to choose from */
  CompiledPolicy *without = check_compile(check, (Change){.without = one->criterion});
  if (without == NULL || !same_outcomes(check, check->base, without)) return false;
  if (check->asked == check->base) return true;
  without = check_compile(check, (Change){.without = one->criterion, .asked = true});
  return without != NULL && same_outcomes(check, check->asked, without);
}

static void check_branches(PolicyCheck *check) {
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    if (!within_bounds(check, "criteria that never matter",
                       check->base->criteria.items[i].criterion))
      return;
    if (above_is_redundant(check, i)) continue;
    check->redundant[i] = is_redundant(check, i);
    if (check->redundant[i] && !is_explained(check, i)) report_redundant(check, i);
  }
}

/* ---- Outcomes ---- */

static bool on_unsatisfiable(const PolicyCheck *check, const Criterion *criterion) {
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    const CompiledCriterion *one = &check->base->criteria.items[i];
    if (!check->unsatisfiable[i]) continue;
    for (const Criterion *up = criterion; up != NULL; up = up->parent) {
      if (up == one->criterion ||
          (one->criterion->parent == up && up->connective == CONNECTIVE_ALL))
        return true;
    }
  }
  return false;
}

static void report_unreachable(PolicyCheck *check, const Outcome *outcome) {
  if (on_unsatisfiable(check, outcome->criterion)) return;
  const char *why = arena_format(
      check->run->passing, "No request can have the outcome `%.*s` of %s.",
      (int)outcome->line.length, outcome->line.at, check_name(check, outcome->criterion));
  add_defect(check, LICET_UNREACHABLE, outcome->criterion, why);
}

/* Is the grant reckoned in the same way? The lines are compared as they are written. */
static bool same_line(const Outcome *a, const Outcome *b) {
  return text_equal(a->line, b->line) && a->none == b->none;
}

static void report_overlap(PolicyCheck *check, const CompiledOutcome *a, const CompiledOutcome *b,
                           DiagramRef both) {
  const Outcome *first = a->outcome, *second = b->outcome;
  const char *why = arena_format(
      check->run->passing,
      "One request can meet %s (%.*s) and %s (%.*s). The longer authorization is given.",
      check_name(check, first->pathway), (int)first->line.length, first->line.at,
      check_name(check, second->pathway), (int)second->line.length, second->line.at);
  Defect *defect = add_defect(check, LICET_OVERLAP, first->criterion, why);
  defect->is_defect = false;
  defect->other = text_copy(check->run->arena, second->pathway->path);
  defect->authorization[0] = text_copy(check->run->arena, first->line);
  defect->authorization[1] = text_copy(check->run->arena, second->line);
  add_plain_witness(check, defect, both, check->base->whole.approve,
                    (Claim){.approved = true, .pathways = {first, second}});
}

static void check_outcomes(PolicyCheck *check) {
  CompiledPolicy *base = check->base;
  if (!within_bounds(check, "outcomes", NULL)) return;
  for (uint32_t i = 0; i < base->approvals.count; i++) {
    if (!base->approvals.items[i].outcome->none &&
        !space_some(check->space, base->approvals.items[i].holds))
      report_unreachable(check, base->approvals.items[i].outcome);
  }
  for (uint32_t i = 0; i < base->routes.count; i++) {
    if (!space_some(check->space, base->routes.items[i].holds))
      report_unreachable(check, base->routes.items[i].outcome);
  }
  for (uint32_t i = 0; i < base->referrals.count; i++) {
    if (!space_some(check->space, base->referrals.items[i].holds))
      report_unreachable(check, base->referrals.items[i].outcome);
  }
  for (uint32_t i = 0; i < base->approvals.count; i++) {
    for (uint32_t j = i + 1; j < base->approvals.count; j++) {
      const CompiledOutcome *a = &base->approvals.items[i], *b = &base->approvals.items[j];
      if (!within_bounds(check, "overlaps", a->outcome->criterion)) return;
      if (same_line(a->outcome, b->outcome) || a->outcome->pathway == b->outcome->pathway) continue;
      DiagramRef both = diagram_and(check->space->diagram, space_certain(check->space, a->holds),
                                    space_certain(check->space, b->holds));
      if (space_some(check->space, both)) report_overlap(check, a, b, both);
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

static Defect *add_interpretation(PolicyCheck *check, licet_finding_kind kind, uint32_t i,
                                  const Interpretation *interpretation, const char *why) {
  Defect *defect = add_defect(check, kind, check->base->criteria.items[i].criterion, why);
  defect->is_defect = false;
  defect->interpretation = text_copy(check->run->arena, interpretation->id);
  return defect;
}

static void add_difference(PolicyCheck *check, Defect *defect, DiagramRef function, DiagramRef care,
                           Text literal) {
  add_plain_witness(check, defect, function, care, (Claim){.literal = literal, .differs = true});
}

/* The literal wording of the one criterion, held against all patients. True where nobody meets it.
 */
static bool check_literal(PolicyCheck *check, uint32_t i, const Interpretation *interpretation,
                          const CompiledPolicy *literally) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  DiagramRef wording = one->literal;
  const char *id =
      arena_copy(check->run->passing, interpretation->id.at, interpretation->id.length);
  if (!space_some(check->space, wording)) {
    const char *why;
    Core core = {.count = 0};
    if (interpretation->has_connective) add_parts(check, i, true, &core);
    if (core.count > 1 && contradict(check, &core, UINT32_MAX)) {
      shrink(check, &core);
      why = arena_format(
          check->run->passing,
          "By the literal wording (%s) no patient can meet %s: it demands %s together.", id,
          check_name(check, one->criterion), list_core(check, &core));
    } else {
      why = arena_format(check->run->passing,
                         "By the literal wording (%s: %.*s) no patient can meet %s.", id,
                         (int)interpretation->literal.length, interpretation->literal.at,
                         check_name(check, one->criterion));
    }
    Defect *defect =
        add_interpretation(check, LICET_INTERPRETATION_CONTRADICTS, i, interpretation, why);
    add_difference(
        check, defect,
        space_and_not(check->space, check->base->whole.approve, literally->whole.approve),
        check->base->whole.approve, interpretation->id);
    return true;
  }
  if (space_implies(check->space, DIAGRAM_TRUE, wording)) {
    const char *why = arena_format(check->run->passing,
                                   "By the literal wording (%s: %.*s) every patient meets %s.", id,
                                   (int)interpretation->literal.length, interpretation->literal.at,
                                   check_name(check, one->criterion));
    Defect *defect = add_interpretation(check, LICET_INTERPRETATION_ALWAYS, i, interpretation, why);
    add_difference(
        check, defect,
        space_and_not(check->space, literally->whole.approve, check->base->whole.approve),
        literally->whole.approve, interpretation->id);
  }
  return false;
}

/* Whom the interpretation concerns: who is approved by the one wording alone, or approved by both
 * on other pathways. */
static void check_effect(PolicyCheck *check, uint32_t i, const Interpretation *interpretation,
                         const CompiledPolicy *literally, bool contradicts) {
  DiagramRef gained =
                 space_and_not(check->space, check->base->whole.approve, literally->whole.approve),
             lost =
                 space_and_not(check->space, literally->whole.approve, check->base->whole.approve);
  const char *id =
      arena_copy(check->run->passing, interpretation->id.at, interpretation->id.length);
  bool gains = space_some(check->space, gained), loses = space_some(check->space, lost);
  if (gains && !contradicts) { /* else told with the contradiction */
    Defect *defect = add_interpretation(
        check, LICET_INTERPRETATION_DIFFERS, i, interpretation,
        arena_format(check->run->passing,
                     "%s: some are approved that the literal wording would not approve.", id));
    defect->other = TEXT("adopted");
    add_difference(check, defect, gained, check->base->whole.approve, interpretation->id);
  }
  if (loses) {
    Defect *defect = add_interpretation(
        check, LICET_INTERPRETATION_DIFFERS, i, interpretation,
        arena_format(check->run->passing,
                     "%s: some are not approved whom the literal wording would approve.", id));
    defect->other = TEXT("literal");
    add_difference(check, defect, lost, literally->whole.approve, interpretation->id);
  }
  if (gains || loses) return;
  if (same_outcomes(check, check->base, literally)) {
    add_interpretation(
        check, LICET_INTERPRETATION_SAME, i, interpretation,
        arena_format(check->run->passing,
                     "%s: by the literal wording every request would be decided the same.", id));
    return;
  }
  for (uint32_t a = 0; a < check->base->approvals.count; a++) {
    DiagramRef mine = check->base->approvals.items[a].holds,
               its = literally->approvals.items[a].holds;
    DiagramRef other = diagram_or(check->space->diagram, space_and_not(check->space, mine, its),
                                  space_and_not(check->space, its, mine));
    other = diagram_and(check->space->diagram, other, check->base->whole.approve);
    if (!space_some(check->space, other)) continue;
    Defect *defect = add_interpretation(
        check, LICET_INTERPRETATION_DIFFERS, i, interpretation,
        arena_format(check->run->passing,
                     "%s: the same are approved, but not on the same pathways.", id));
    defect->other = TEXT("pathway");
    add_difference(check, defect, other, check->base->whole.approve, interpretation->id);
    return;
  }
}

/* Interpretations are compared by what is decided: approved is who is, whatever is not given. */
static void make_certain(const PolicyCheck *check, CompiledPolicy *policy) {
  policy->whole.approve = space_certain(check->space, policy->whole.approve);
  for (uint32_t i = 0; i < policy->approvals.count; i++)
    policy->approvals.items[i].holds =
        space_certain(check->space, policy->approvals.items[i].holds);
}

static void check_interpretations(PolicyCheck *check) {
  LIST(Text) seen = {0};
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    const Criterion *criterion = check->base->criteria.items[i].criterion;
    for (uint32_t r = 0; r < criterion->interpretations.count; r++) {
      const Interpretation *interpretation =
          interpretation_of(criterion, criterion->interpretations.items[r]->id);
      if (interpretation == NULL || interpretation->is_literal ||
          check->base->criteria.items[i].not_asked)
        continue;
      if (!within_bounds(check, "interpretations", criterion)) return;
      CompiledPolicy *literally = check_compile(check, (Change){.literal = interpretation->id});
      if (literally == NULL) continue;
      make_certain(check, literally);
      bool contradicts = check_literal(check, i, interpretation, literally);
      bool reported = false;
      for (uint32_t s = 0; s < seen.count; s++)
        reported = reported || text_equal(seen.items[s], interpretation->id);
      if (reported) continue;
      LIST_PUSH(check->run->passing, seen, interpretation->id);
      check_effect(check, i, interpretation, literally, contradicts);
    }
  }
}

/* ---- The label ---- */

/* One line of a drug's label, held against what a version approves. The space is one of its own:
 * what the label asks is told apart besides what the page asks. */
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
  const char *why = arena_format(
      check->run->passing, "Some are approved whom the label of %.*s leaves out (“%.*s”)%s",
      (int)label->drug->title.length, label->drug->title.at, (int)label->labelled->text.length,
      label->labelled->text.at, after);
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
  const char *why = arena_format(
      check->run->passing,
      "The conditions interlock too much to be held against the label of %.*s (“%.*s”).",
      (int)drug->title.length, drug->title.at, (int)labelled->text.length, labelled->text.at);
  name_label(&label, add_defect(check, LICET_NOT_PROVED, NULL, why));
}

static void check_labels(PolicyCheck *check) {
  for (uint32_t i = 0; i < check->policy->drugs.count; i++) {
    const Drug *drug =
        dose_table_drug(&check->policy->vocabulary->dosing, check->policy->drugs.items[i]);
    for (uint32_t j = 0; drug != NULL && j < drug->labelled.count; j++) {
      if (!within_bounds(check, "labels of drugs", NULL)) return;
      check_label(check, drug, &drug->labelled.items[j]);
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

static void check_dates(ProofRun *run, const Policy *policy) {
  for (uint32_t i = 0; i < policy->criteria.count; i++) {
    const Criterion *ended = policy->criteria.items[i];
    if (ended->in_force.until == DATE_NONE) continue;
    const Criterion *next = successor(policy, ended);
    if (next == NULL || next->in_force.from == ended->in_force.until + 1) continue;
    char from[10], until[10];
    date_write(ended->in_force.until + 1, from);
    date_write(next->in_force.from - 1, until);
    PolicyCheck check = {.run = run, .policy = policy};
    Text words = words_of_criterion(run->passing, ended);
    const char *why = arena_format(
        run->passing, "From %.10s until %.10s neither “%.*s” nor what takes its place stands.",
        from, until, (int)words.length, words.at);
    Defect *defect = add_defect(&check, LICET_GAP, ended, why);
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

static void report_not_proved(PolicyCheck *check) {
  Defect *defect =
      add_defect(check, LICET_NOT_PROVED, NULL,
                 "The conditions interlock too much to be examined: nothing is claimed.");
  defect->is_defect = false;
}

static void check_version(PolicyCheck *check) {
  CompileSubject subject = {.policy = check->policy,
                            .version = &check->policy->versions.items[check->version],
                            .kind = check->kind};
  Diagnostics diagnostics;
  diagnostics_open(&diagnostics, check->run->passing);
  uint32_t before = check->run->found->count;
  check->space = space_open(&subject, 1, check->run->passing, &diagnostics);
  check->base = check->space == NULL ? NULL : compile_subject(check->space->shared, &subject);
  check->asked = check->base;
  if (check->base != NULL && check->kind == KIND_CONTINUATION)
    check->asked = check_compile(check, (Change){.asked = true});
  if (check->base == NULL || check->asked == NULL) {
    report_not_proved(check);
    return;
  }
  uint32_t count = check->base->criteria.count + 1;
  bool **flags[] = {&check->unsatisfiable, &check->always, &check->redundant, &check->subsumed};
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
    *flags[i] = ARENA_ARRAY(check->run->passing, bool, count);
  check->parent = ARENA_ARRAY(check->run->passing, uint32_t, count);
  find_parents(check);
  check_each(check);
  check_alternatives(check);
  check_branches(check);
  check_outcomes(check);
  make_certain(check, check->base); /* all that follows compares decisions */
  check_interpretations(check);
  if (!diagram_too_large(check->space->diagram)) return;
  check->run->found->count = before; /* a diagram that grew too large answers nothing any more */
  report_not_proved(check);
}

void defects_find(ProofRun *run, const Policy *policy) {
  check_dates(run, policy);
  for (uint32_t v = policy->versions.count; v-- > 0;) {
    for (int kind = 0; kind < KINDS; kind++) {
      arena_reset(run->passing);
      PolicyCheck check = {.run = run, .policy = policy, .version = v, .kind = kind};
      buffer_open(&check.left_out, run->passing, 64);
      if (within_bounds(&check, "every criterion", NULL)) check_version(&check);
      check_labels(&check);
      report_left_out(&check);
    }
  }
  arena_reset(run->passing);
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
  const Defect *first = a, *second = b;
  int order = text_compare(first->policy->id, second->policy->id);
  if (order != 0) return order;
  uint32_t first_place = first->criterion == NULL ? 0 : first->criterion->index + 1,
           second_place = second->criterion == NULL ? 0 : second->criterion->index + 1;
  if (first_place != second_place) return first_place < second_place ? -1 : 1;
  if (first->kind != second->kind) return first->kind < second->kind ? -1 : 1;
  order = text_compare(first->interpretation, second->interpretation);
  if (order == 0) order = text_compare(first->other, second->other);
  if (order == 0) order = text_compare(first->drug, second->drug);
  if (order == 0) order = text_compare(first->label, second->label);
  if (order == 0) order = (first->last < second->last) - (first->last > second->last);
  return order != 0 ? order : (first->kinds > second->kinds) - (first->kinds < second->kinds);
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
