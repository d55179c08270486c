/* engine: see engine.h.
 *
 *     Engine
 *       current ---> PolicySet of the folder
 *       pinned  ---> PolicySet of one digest ---> ...      opened when first needed, then kept
 *
 *     PolicySet: an open library, which any number of threads read, and its sessions, of which each
 *     thread takes one that nobody uses or opens another.
 *
 * The invariant: a digest decides by the text it is the digest of, wherever that text comes from.
 */
#include "cases/engine.h"

#include <pthread.h>

typedef struct IdleSession {
  licet_session *session;
  struct IdleSession *next;
} IdleSession;

typedef struct PolicySet {
  licet_library *library;
  pthread_mutex_t lock; /* over `idle` */
  IdleSession *idle;
  struct PolicySet *next;
} PolicySet;

struct Engine {
  Store *store;
  PolicySet *current;   /* NULL: opened without a folder */
  pthread_mutex_t lock; /* over `pinned` */
  PolicySet *pinned;
};

/* ---- Sets of policies ---- */

static PolicySet *set_new(licet_library *library) {
  PolicySet *set = memory_allocate(sizeof *set);
  if (set == NULL) {
    licet_library_close(library);
    return NULL;
  }
  *set = (PolicySet){.library = library};
  pthread_mutex_init(&set->lock, NULL);
  return set;
}

static void set_free(PolicySet *set) {
  if (set == NULL) return;
  for (IdleSession *idle = set->idle, *next; idle != NULL; idle = next) {
    next = idle->next;
    licet_session_close(idle->session);
    memory_free(idle);
  }
  licet_library_close(set->library);
  pthread_mutex_destroy(&set->lock);
  memory_free(set);
}

static IdleSession *session_new(PolicySet *set) {
  /* The plan vouches: who may state which source was checked when the facts came (facts.h). */
  const licet_session_options options = {.size = sizeof options,
                                         .vouched_by = LICET_VOUCHED_BY_PLAN};
  IdleSession *idle = memory_allocate(sizeof *idle);
  if (idle == NULL) return NULL;
  if (licet_session_open(set->library, &options, &idle->session) == LICET_OK) return idle;
  memory_free(idle);
  return NULL;
}

static IdleSession *session_take(PolicySet *set) {
  pthread_mutex_lock(&set->lock);
  IdleSession *idle = set->idle;
  if (idle != NULL) set->idle = idle->next;
  pthread_mutex_unlock(&set->lock);
  return idle != NULL ? idle : session_new(set);
}

static void session_give(PolicySet *set, IdleSession *idle) {
  pthread_mutex_lock(&set->lock);
  idle->next = set->idle;
  set->idle = idle;
  pthread_mutex_unlock(&set->lock);
}

static const licet_policy *policy_of_digest(const licet_library *library, Text digest) {
  const licet_policy *policy;
  for (size_t i = 0; (policy = licet_library_policy(library, i)) != NULL; i++)
    if (text_is(digest, licet_policy_digest(policy))) return policy;
  return NULL;
}

/* ---- Opening, and keeping texts ---- */

/* Gives the library, or what the report says of it, to a set. */
static licet_status take_library(Arena *arena, licet_status status, licet_library *library,
                                 licet_report *report, PolicySet **set, const char **why) {
  if (status != LICET_OK && report != NULL)
    *why = arena_format(arena, "%s", licet_report_text(report));
  licet_report_free(report);
  *set = status == LICET_OK ? set_new(library) : NULL;
  return status == LICET_OK && *set == NULL ? LICET_NO_MEMORY : status;
}

static bool is_file_of_a_policy(const licet_library *library, const char *name) {
  const licet_policy *policy;
  for (size_t i = 0; (policy = licet_library_policy(library, i)) != NULL; i++)
    if (strcmp(licet_policy_file(policy), name) == 0) return true;
  return false;
}

/* Without the folder, which may be another one tomorrow. */
static Text name_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return text_of(slash == NULL ? path : slash + 1);
}

/* A policy's own file, and every file that is no policy's: the vocabularies. */
static bool keep_policy(Engine *engine, Arena *arena, const licet_policy *policy) {
  const licet_library *library = engine->current->library;
  StoredFiles kept = {NULL, 0, 0};
  licet_text text;
  for (size_t i = 0; (text = licet_library_text(library, i)).name != NULL; i++) {
    if (strcmp(licet_policy_file(policy), text.name) != 0 &&
        is_file_of_a_policy(library, text.name))
      continue;
    StoredFile file = {.name = name_of(text.name)};
    if (store_keep(engine->store, (Text){text.text, (uint32_t)text.length}, &file.digest) !=
        STORE_OK)
      return false;
    LIST_PUSH(arena, kept, file);
  }
  return store_keep_policy(engine->store, text_of(licet_policy_digest(policy)), &kept) == STORE_OK;
}

static bool keep_texts(Engine *engine, Arena *arena) {
  const licet_policy *policy;
  bool is_kept = true;
  for (size_t i = 0;
       is_kept && (policy = licet_library_policy(engine->current->library, i)) != NULL; i++)
    is_kept = keep_policy(engine, arena, policy);
  return is_kept;
}

licet_status engine_open(Store *store, const char *folder, Arena *arena, Engine **engine,
                         const char **why) {
  licet_library *library;
  licet_report *report;
  PolicySet *set;
  *engine = NULL;
  *why = "";
  licet_status status = licet_library_open(folder, NULL, &library, &report);
  status = take_library(arena, status, library, report, &set, why);
  if (status != LICET_OK) return status;
  *engine = memory_allocate(sizeof **engine);
  if (*engine == NULL) {
    set_free(set);
    return LICET_NO_MEMORY;
  }
  **engine = (Engine){.store = store, .current = set};
  pthread_mutex_init(&(*engine)->lock, NULL);
  if (keep_texts(*engine, arena)) return LICET_OK;
  engine_close(*engine);
  *engine = NULL;
  *why = "the policies' texts cannot be kept in the store";
  return LICET_IO;
}

licet_status engine_open_stored(Store *store, Engine **engine) {
  *engine = memory_allocate(sizeof **engine);
  if (*engine == NULL) return LICET_NO_MEMORY;
  **engine = (Engine){.store = store};
  pthread_mutex_init(&(*engine)->lock, NULL);
  return LICET_OK;
}

void engine_close(Engine *engine) {
  if (engine == NULL) return;
  for (PolicySet *set = engine->pinned, *next; set != NULL; set = next) {
    next = set->next;
    set_free(set);
  }
  set_free(engine->current);
  pthread_mutex_destroy(&engine->lock);
  memory_free(engine);
}

/* ---- Pinned policies ---- */

static PolicySet *find_pinned(Engine *engine, Text digest) {
  PolicySet *set = engine->pinned;
  while (set != NULL && policy_of_digest(set->library, digest) == NULL) set = set->next;
  return set;
}

static PolicySet *open_stored(Engine *engine, Arena *arena, Text digest) {
  StoredFiles stored;
  licet_library *library;
  licet_report *report;
  PolicySet *set;
  const char *why;
  if (store_fetch_policy(engine->store, arena, digest, &stored) != STORE_OK) return NULL;
  licet_text *texts = ARENA_ARRAY(arena, licet_text, stored.count);
  for (uint32_t i = 0; i < stored.count; i++) {
    Text bytes;
    if (store_fetch(engine->store, arena, stored.items[i].digest, &bytes) != STORE_OK) return NULL;
    texts[i] = (licet_text){stored.items[i].name.at, bytes.at, bytes.length};
  }
  const licet_status status =
      licet_library_open_texts(texts, stored.count, NULL, &library, &report);
  take_library(arena, status, library, report, &set, &why);
  return set;
}

/* Two threads may open the same digest at once; both sets are right, and both stay. */
static PolicySet *pinned_set(Engine *engine, Arena *arena, Text digest) {
  if (engine->current != NULL && policy_of_digest(engine->current->library, digest) != NULL)
    return engine->current;
  pthread_mutex_lock(&engine->lock);
  PolicySet *set = find_pinned(engine, digest);
  pthread_mutex_unlock(&engine->lock);
  if (set != NULL) return set;
  set = open_stored(engine, arena, digest);
  if (set == NULL || policy_of_digest(set->library, digest) == NULL) {
    set_free(set);
    return NULL;
  }
  pthread_mutex_lock(&engine->lock);
  set->next = engine->pinned;
  engine->pinned = set;
  pthread_mutex_unlock(&engine->lock);
  return set;
}

/* ---- Deciding ---- */

static void take_faults(Arena *arena, licet_session *session, const char *prefix,
                        Refusal *refusal) {
  licet_request_error error;
  for (size_t i = 0; (error = licet_session_error(session, i)).field != NULL; i++) {
    const Fault fault = {.pointer = arena_format(arena, "%s%s", prefix, error.pointer),
                         .found = arena_format(arena, "%s", error.found),
                         .expected = arena_format(arena, "%s", error.expected),
                         .nearest = arena_format(arena, "%s", error.nearest)};
    LIST_PUSH(arena, refusal->errors, fault);
  }
  refusal->kind = REFUSAL_INVALID;
}

static Decision take_decision(Arena *arena, const licet_determination *determination) {
  size_t length;
  const char *json = licet_determination_json(determination, &length);
  if (json == NULL) arena_exhaust(arena);
  const licet_policy *policy = licet_determination_policy(determination);
  const char *digest = policy == NULL ? "" : licet_policy_digest(policy);
  return (Decision){
      .outcome = text_of(licet_outcome_name(licet_determination_outcome(determination))),
      .determination = {arena_copy(arena, json, length), (uint32_t)length},
      .policy = text_copy(arena, text_of(digest))};
}

typedef struct Deciding {
  Arena *arena;
  IdleSession *session;
  const licet_policy *policy;
  Text request;
  const char *prefix;
  Decision *decision;
  Refusal *refusal;
} Deciding;

static void decide(void *context) {
  const Deciding *deciding = context;
  licet_session *session = deciding->session->session;
  const licet_determination *determination;
  licet_session_decide_by(session, deciding->policy);
  const licet_status status =
      licet_decide(session, deciding->request.at, deciding->request.length, &determination);
  if (status == LICET_OK)
    *deciding->decision = take_decision(deciding->arena, determination);
  else if (status == LICET_BAD_REQUEST)
    take_faults(deciding->arena, session, deciding->prefix, deciding->refusal);
  else
    arena_exhaust(deciding->arena);
}

bool engine_decide(Engine *engine, Arena *arena, Text pinned, Text request, const char *prefix,
                   Decision *decision, Refusal *refusal) {
  PolicySet *set = pinned.length == 0 ? engine->current : pinned_set(engine, arena, pinned);
  if (set == NULL)
    return refuse(refusal, REFUSAL_UNAVAILABLE, "The policy of this case cannot be opened.");
  Deciding deciding = {.arena = arena,
                       .session = session_take(set),
                       .policy = pinned.length == 0 ? NULL : policy_of_digest(set->library, pinned),
                       .request = request,
                       .prefix = prefix,
                       .decision = decision,
                       .refusal = refusal};
  if (deciding.session == NULL) arena_exhaust(arena);
  const bool is_done = arena_attempt(arena, decide, &deciding);
  session_give(set, deciding.session);
  if (!is_done) arena_exhaust(arena);
  return refusal->kind == REFUSAL_NONE;
}
