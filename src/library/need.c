/* need: versions compiled once, by double-checked locking (Schmidt and Harrison, 1996) as C11 has
 * it: what was compiled is published by a release store and found by an acquire load; whoever does
 * not find it takes the policy's lock, looks again, and compiles.
 *
 *     needs ── lock ── slots     version 0: [initial] [continuation]
 *                                version 1: [initial] [continuation] ── compiled, arena
 *
 * Each slot has an arena of its own. So running out of memory half-way gives back all that was
 * taken, and the next who asks begins again; and one lock for a policy is enough, since no two
 * slots share anything.
 *
 * Invariant: a slot's pointer is written once, after all that it points to; what it points to is
 * not written any more.
 */
#include "library/need.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/digest.h"
#include "library/library.h"
#include "policy/canonical.h"

typedef struct Slot {
  _Atomic(const CompiledPolicy *) compiled; /* NULL: not yet */
  Arena arena;
} Slot;

struct Needs {
  pthread_mutex_t lock;
  const uint64_t *reads;
  uint32_t slot_count;
  Slot slots[]; /* by version, then by kind */
};

Needs *needs_open(Arena *arena, const Policy *policy, const uint64_t *reads) {
  const uint32_t slots = policy->versions.count * KINDS;
  Needs *needs = arena_allocate(arena, sizeof *needs + slots * sizeof needs->slots[0]);
  needs->reads = reads;
  needs->slot_count = slots;
  pthread_mutex_init(&needs->lock, NULL); /* of the default kind: cannot fail on Linux */
  for (uint32_t i = 0; i < slots; i++) {
    atomic_init(&needs->slots[i].compiled, NULL);
    arena_open(&needs->slots[i].arena);
  }
  return needs;
}

void needs_close(Needs *needs) {
  if (needs == NULL) return;
  for (uint32_t i = 0; i < needs->slot_count; i++) arena_close(&needs->slots[i].arena);
  pthread_mutex_destroy(&needs->lock);
}

size_t needs_memory(Needs *needs) {
  size_t size = 0;
  if (needs == NULL) return 0;
  pthread_mutex_lock(&needs->lock);
  for (uint32_t i = 0; i < needs->slot_count; i++) size += arena_size(&needs->slots[i].arena);
  pthread_mutex_unlock(&needs->lock);
  return size;
}

/* ---- Compiling ---- */

typedef struct Compiling {
  const licet_policy *policy;
  const Version *version;
  int kind;
  Arena *arena, *scratch;
  const CompiledPolicy *compiled;
} Compiling;

/* Under the lock, like all that is made by need: of the files, and of what is in force then. */
static void digest_files_once(Policy *model) {
  const Text texts[] = {model->source->text, model->vocabulary->source->text};
  if (model->digest[0] == '\0') digest_text(model->digest, texts, 2);
}

static void digest_once(const licet_policy *policy, uint32_t version, Arena *scratch) {
  Policy *model = policy->model;
  Version *digested = &model->versions.items[version];
  digest_files_once(model);
  if (digested->digest[0] == '\0') canonical_digest(model, digested, scratch, digested->digest);
}

static void compile(void *context) {
  Compiling *c = context;
  Diagnostics passing;
  digest_once(c->policy, (uint32_t)(c->version - c->policy->model->versions.items), c->scratch);
  diagnostics_open(&passing, c->scratch);
  c->compiled =
      compile_policy(c->policy->model, c->version, c->kind, c->arena, c->scratch, &passing);
  assert(c->compiled != NULL); /* the survey has shown it */
}

/* Under the lock. */
static const CompiledPolicy *fill(Slot *slot, Compiling *compiling) {
  Arena scratch;
  Arena *const arenas[] = {&slot->arena, &scratch};
  arena_open(&scratch);
  compiling->arena = &slot->arena;
  compiling->scratch = &scratch;
  const bool done = arenas_attempt(arenas, 2, compile, compiling);
  arena_close(&scratch);
  if (!done) {
    arena_close(&slot->arena);
    return NULL;
  }
  atomic_store_explicit(&slot->compiled, compiling->compiled, memory_order_release);
  return compiling->compiled;
}

const CompiledPolicy *library_compiled(const licet_policy *policy, const Version *version,
                                       int kind) {
  Needs *needs = policy->needs;
  const size_t place = (size_t)(version - policy->model->versions.items);
  assert(place < policy->model->versions.count);
  Slot *slot = &needs->slots[place * KINDS + (size_t)kind];
  const CompiledPolicy *compiled = atomic_load_explicit(&slot->compiled, memory_order_acquire);
  if (compiled != NULL) return compiled;
  pthread_mutex_lock(&needs->lock);
  compiled = atomic_load_explicit(&slot->compiled, memory_order_relaxed);
  if (compiled == NULL)
    compiled = fill(slot, &(Compiling){.policy = policy, .version = version, .kind = kind});
  pthread_mutex_unlock(&needs->lock);
  return compiled;
}

const char *library_digest(const licet_policy *policy) {
  pthread_mutex_lock(&policy->needs->lock);
  digest_files_once(policy->model);
  pthread_mutex_unlock(&policy->needs->lock);
  return policy->model->digest;
}

typedef struct Digesting {
  const licet_policy *policy;
  uint32_t version;
  Arena scratch;
} Digesting;

static void digest_version(void *context) {
  Digesting *d = context;
  digest_once(d->policy, d->version, &d->scratch);
}

const char *library_version_digest(const licet_policy *policy, uint32_t version) {
  Digesting digesting = {.policy = policy, .version = version};
  arena_open(&digesting.scratch);
  pthread_mutex_lock(&policy->needs->lock);
  const bool done = arena_attempt(&digesting.scratch, digest_version, &digesting);
  pthread_mutex_unlock(&policy->needs->lock);
  arena_close(&digesting.scratch);
  return done ? policy->model->versions.items[version].digest : "";
}

bool library_reads(const licet_policy *policy, const Fact *fact) {
  return (policy->needs->reads[fact->index / 64] >> (fact->index % 64)) & 1;
}
