/* witness: paths of the diagram made requests, made small, and replayed.
 *
 *     function ── cheapest path ──> cells ── patient.c ──> patient ── leave out ──> request ──
 * decide ↑                                       │ conflict: those cells together      │ not shown
 *        └───────────────── without them ────────┴────────────────────────────────────┘
 *
 * A counterexample search guided by refinement: what conflicts is taken out of the function, and
 * another path is tried (as in counterexample-guided abstraction refinement, Clarke and others
 * 2000), at most WITNESS_ROUNDS times.
 *
 * Invariant: what is returned was decided by the library, and its decision shows the claim. */
#include "prove/witness.h"

#include <string.h>

#include "library/library.h"

enum { WITNESS_ROUNDS = 60, WITNESS_REPLAYS = 12 };

/* ---- Replay ---- */

static void replayer_close(void *object) {
  Replayer *replayer = object;
  licet_session_close(replayer->session);
  licet_library_close(replayer->own);
}

static licet_library *open_literally(Replay *replay, Text literal) {
  LIST(const char *) interpretations = {0};
  licet_library *own = NULL;
  for (const char *const *id = replay->library->literal_interpretations; *id != NULL; id++)
    LIST_PUSH(replay->arena, interpretations, *id);
  const char *added = arena_copy(replay->arena, literal.at, literal.length);
  LIST_PUSH(replay->arena, interpretations, added);
  LIST_PUSH(replay->arena, interpretations, NULL);
  const licet_status status = library_again(replay->library, interpretations.items, &own);
  if (status == LICET_NO_MEMORY) arena_exhaust(replay->arena);
  return own;
}

static Replayer *replayer_named(Replay *replay, Text literal) {
  for (uint32_t i = 0; i < replay->list.count; i++) {
    if (text_equal(replay->list.items[i]->literal, literal)) return replay->list.items[i];
  }
  Replayer *replayer = ARENA_NEW(replay->arena, Replayer);
  replayer->literal = text_copy(replay->arena, literal);
  arena_on_release(replay->arena, replayer_close, replayer);
  if (literal.length > 0) replayer->own = open_literally(replay, literal);
  const licet_library *library = literal.length > 0 ? replayer->own : replay->library;
  if (library != NULL &&
      licet_session_open(library, SESSION_OF_PLAN, &replayer->session) != LICET_OK)
    arena_exhaust(replay->arena);
  LIST_PUSH(replay->arena, replay->list, replayer);
  return replayer;
}

const licet_determination *replay_request(Replay *replay, Text literal, Text request) {
  const licet_determination *determination = NULL;
  Replayer *replayer = replayer_named(replay, literal);
  if (replayer->session == NULL) return NULL;
  licet_status status = licet_decide(replayer->session, request.at, request.length, &determination);
  if (status == LICET_NO_MEMORY) arena_exhaust(replay->arena);
  return status == LICET_OK ? determination : NULL;
}

Text replay_words(Arena *arena, const licet_determination *determination) {
  const char *outcome = licet_outcome_name(licet_determination_outcome(determination));
  const char *reason = licet_reason_name(licet_determination_reason(determination)),
             *pathway = licet_determination_pathway(determination);
  if (licet_determination_outcome(determination) == LICET_APPROVE && pathway[0] != '\0')
    return text_of(arena_format(arena, "%s by %s", outcome, pathway));
  if (reason[0] != '\0') return text_of(arena_format(arena, "%s (%s)", outcome, reason));
  return text_of(arena_format(arena, "%s", outcome));
}

bool replay_status(const licet_determination *determination, uint32_t criterion,
                   licet_criterion_status *status) {
  size_t count = licet_determination_criterion_count(determination);
  for (size_t i = 0; i < count; i++) {
    licet_explanation explanation = licet_determination_criterion(determination, i);
    if (explanation.criterion.index != criterion) continue;
    *status = explanation.status;
    return true;
  }
  return false;
}

/* ---- Making it small ---- */

/* Leaves out what the function does not need in order to hold for every rest. */
static void leave_out(Space *space, DiagramRef function, Patient *patient) {
  uint64_t *bound = ARENA_ARRAY(space->arena, uint64_t, space->set->variables.count + 1);
  patient_cells(space, patient, bound);
  if (!space_always(space, function, bound)) return;
  for (uint32_t i = space->set->facts.count; i-- > 0;) {
    FactValue *value = &patient->facts.values[space->set->facts.items[i]->index], saved = *value;
    if (!value->present) continue;
    *value = (FactValue){0};
    patient_cells(space, patient, bound);
    if (!space_always(space, function, bound)) *value = saved;
  }
}

static Patient copy_of(Space *space, const Patient *patient) {
  Patient copy = *patient;
  uint32_t count = space->vocabulary->facts.count;
  copy.facts.values = ARENA_ARRAY(space->arena, FactValue, count);
  memcpy(copy.facts.values, patient->facts.values, count * sizeof(FactValue));
  return copy;
}

/* ---- Finding ---- */

/* Nothing that lies in all these cells at once is tried again. */
static DiagramRef without_cells(Space *space, DiagramRef function, const uint8_t *cells,
                                const bool *which) {
  DiagramRef cube = DIAGRAM_TRUE;
  for (uint32_t v = space->set->variables.count; v-- > 0;) {
    if (cells[v] != NO_CELL && (which == NULL || which[v]))
      cube = diagram_and(space->diagram, cube,
                         diagram_literal(space->diagram, v, UINT64_C(1) << cells[v]));
  }
  return space_and_not(space, function, cube);
}

bool witness_find(Space *space, DiagramRef function, DiagramRef claimed, Shows shows,
                  Patient *patient) {
  uint32_t count = space->set->variables.count, replays = 0;
  uint8_t *cells = ARENA_ARRAY(space->arena, uint8_t, count + 1);
  bool *conflict = ARENA_ARRAY(space->arena, bool, count + 1);
  DiagramRef left = function;
  for (int round = 0; round < WITNESS_ROUNDS && replays < WITNESS_REPLAYS; round++) {
    if (!space_cheapest(space, left, cells)) return false;
    Patient whole;
    if (!patient_find(space, cells, &whole, conflict)) {
      left = without_cells(space, left, cells, conflict);
      continue;
    }
    Patient small = copy_of(space, &whole);
    leave_out(space, claimed, &small);
    replays++;
    if (shows.check(shows.context, &small)) {
      *patient = small;
      return true;
    }
    if (shows.check(shows.context, &whole)) {
      *patient = whole;
      return true;
    }
    left = without_cells(space, left, cells, NULL);
  }
  return false;
}
