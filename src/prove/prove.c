/* The public header's proofs: memory, and findings as others see them. */
#include "licet/prove.h"

#include <string.h>

#include "base/clock.h"
#include "prove/words.h"
#include "prove/defects.h"

struct licet_proof {
  Arena arena, passing;
  DefectList found;
  LIST(licet_finding) findings;
};

static const char *last_day(Arena *arena, const Policy *policy, uint32_t version) {
  char day[10];
  const bool is_last = version + 1 >= policy->versions.count;
  if (is_last && policy->until == DATE_NONE) return "";
  date_write(is_last ? policy->until : policy->versions.items[version + 1].date - 1, day);
  return arena_copy(arena, day, sizeof day);
}

static void publish(licet_proof *proof, const Defect *defect) {
  Arena *arena = &proof->arena;
  licet_finding finding = {.kind = defect->kind, .is_defect = defect->is_defect};
  finding.policy = shown(arena, defect->policy->id);
  finding.from = arena_copy(arena, defect->policy->versions.items[defect->first].text, 10);
  finding.until = last_day(arena, defect->policy, defect->last);
  finding.request = defect->kinds == 1u << KIND_INITIAL        ? LICET_INITIAL
                    : defect->kinds == 1u << KIND_CONTINUATION ? LICET_CONTINUATION
                                                               : LICET_ANY_KIND;
  finding.path = defect->criterion == NULL ? "" : shown(arena, defect->criterion->path);
  finding.title = defect->criterion == NULL ? "" : shown(arena, defect->criterion->title);
  finding.other = shown(arena, defect->other);
  finding.interpretation = shown(arena, defect->interpretation);
  finding.drug = shown(arena, defect->drug);
  finding.label = shown(arena, defect->label);
  for (int i = 0; i < 2; i++) finding.authorization[i] = shown(arena, defect->authorization[i]);
  finding.file = shown(arena, defect->span.source->name);
  source_position(defect->span.source, defect->span.start, &finding.line, &finding.column);
  finding.why = shown(arena, defect->why);
  finding.common = shown(arena, defect->common);
  finding.witness = shown(arena, defect->witness);
  finding.shows = shown(arena, defect->shows);
  LIST_PUSH(arena, proof->findings, finding);
}

static licet_status prove_policies(licet_proof *proof, const licet_library *library,
                                   const char *policy, const licet_prove_limits *limits) {
  Replay replay = {.arena = &proof->arena, .library = library};
  ProofRun run = {.arena = &proof->arena,
                  .passing = &proof->passing,
                  .replay = &replay,
                  .found = &proof->found,
                  .memory = LICET_PROVE_MEMORY,
                  .seconds = LICET_PROVE_SECONDS,
                  .began_at = clock_seconds()};
  if (limits != NULL && limits->memory > 0) run.memory = limits->memory;
  if (limits != NULL && limits->seconds > 0) run.seconds = limits->seconds;
  bool found = policy == NULL;
  for (uint32_t i = 0; i < library->policies.count; i++) {
    const Policy *model = library->policies.items[i]->model;
    if (policy != NULL && !text_is(model->id, policy)) continue;
    found = true;
    defects_find(&run, model);
  }
  defects_merge(&proof->found);
  for (uint32_t i = 0; i < proof->found.count; i++) publish(proof, &proof->found.items[i]);
  return found ? LICET_OK : LICET_NOT_FOUND;
}

typedef struct ProofCall {
  licet_proof *proof;
  const licet_library *library;
  const char *policy;
  const licet_prove_limits *limits;
  licet_status status;
} ProofCall;

static void prove_asked(void *context) {
  ProofCall *asked = context;
  asked->status = prove_policies(asked->proof, asked->library, asked->policy, asked->limits);
}

licet_status licet_prove(const licet_library *library, const char *policy, licet_proof **out) {
  return licet_prove_within(library, policy, NULL, out);
}

licet_status licet_prove_within(const licet_library *library, const char *policy,
                                const licet_prove_limits *limits, licet_proof **out) {
  *out = NULL;
  licet_proof *proof = memory_allocate(sizeof *proof);
  if (proof == NULL) return LICET_NO_MEMORY;
  memset(proof, 0, sizeof *proof);
  arena_open(&proof->arena);
  arena_open(&proof->passing);
  Arena *const arenas[] = {&proof->arena, &proof->passing};
  ProofCall asked = {proof, library, policy, limits, LICET_OK};
  const licet_status status =
      arenas_attempt(arenas, 2, prove_asked, &asked) ? asked.status : LICET_NO_MEMORY;
  if (status != LICET_OK) {
    licet_proof_free(proof);
    return status;
  }
  *out = proof;
  return LICET_OK;
}

size_t licet_proof_count(const licet_proof *proof) { return proof->findings.count; }

licet_finding licet_proof_finding(const licet_proof *proof, size_t index) {
  return index < proof->findings.count ? proof->findings.items[index] : (licet_finding){0};
}

void licet_proof_free(licet_proof *proof) {
  if (proof == NULL) return;
  arena_close(&proof->passing);
  arena_close(&proof->arena);
  memory_free(proof);
}
