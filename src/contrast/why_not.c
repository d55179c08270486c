/* why_not: what would have been approved? Sets of up to three facts, the smallest first; for each
 * the values worth supposing (src/suppose). The field calls the answers counterfactual explanations
 * (Wachter, Mittelstadt and Russell 2017).
 *
 *     facts stated        │ dose │ level │ with │ …        changeable: Changeable, with its values
 *     chosen, one of each │   ↑  │       │   ↑  │          value[i]: which of them is in place
 *     cells bound         │ … of the variables that read dose and with, found again at each put
 *
 * A set is skipped where even not knowing its facts leaves no approval, so most are settled by one
 * question to the diagram. A set that holds a set already found is not a smallest one. What is
 * found is written out and decided.
 *
 * Invariant: nothing is listed that the library did not approve when it was decided, and no set
 * listed holds another. */
#include "contrast/contrast.h"

#include <assert.h>

#include "licet/contrast.h"
#include "suppose/values.h"

/* What a search may take. A try costs one, and so does an entry of a list that is looked at for it
 * (list_cost), once for each variable: both take about as long. */
#define WORK_MAX LIMIT(400000u, 4000u)

typedef struct Changeable {
  const Fact *fact;
  uint64_t bit;
  FactValue before;
  SupposedList values;
  LIST(uint32_t) variables; /* that read it */
  uint64_t cost;            /* of binding them, beyond that of a try; only lists have one */
} Changeable;

typedef struct Exchange {
  const Fact *fact;
  licet_change view;
  Text json;
} Exchange;

typedef struct Alternative {
  Exchange changes[LICET_CHANGES_MAX];
  uint32_t count;
  uint64_t facts;
  licet_alternative view;
  SetList missing, documents;
} Alternative;

struct licet_contrast {
  Arena arena;
  JsonReader *reader;
  licet_outcome outcome;
  licet_reason reason;
  const char *request;
  bool is_complete;
  LIST(Alternative) alternatives;
  Buffer json;
};

typedef struct Search {
  licet_contrast *contrast;
  licet_determination *d;
  LIST(Changeable) facts;
  Holds wanted;
  uint64_t work;                      /* of WORK_MAX */
  bool is_cut;                        /* some fact has more values than were tried */
  uint32_t chosen[LICET_CHANGES_MAX]; /* of facts */
  uint32_t value[LICET_CHANGES_MAX];  /* of each one's values */
  uint32_t count;
} Search;

void licet_contrast_close(licet_contrast *contrast) {
  if (contrast == NULL) return;
  json_close(contrast->reader);
  arena_close(&contrast->arena);
  memory_free(contrast);
}

/* ---- What may be changed ---- */

static bool may_change(const Fact *fact, const FactValue *value) {
  return value->known && !value->defaulted && !fact->fixed && fact->index >= BUILTIN_FACTS;
}

static bool is_spent(const Search *search) { return search->work >= WORK_MAX; }

static void rebind(Search *search, const Changeable *changed) {
  const CompiledPolicy *compiled = search->d->compiled;
  search->work += changed->cost;
  for (uint32_t i = 0; i < changed->variables.count; i++) {
    const uint32_t v = changed->variables.items[i];
    const Variable *variable = compiled->set.variables.items[v];
    const uint64_t *not_known =
        variable->fact == NULL ? NULL : compiled->policy->not_known[variable->fact->index];
    search->d->bound[v] = variable_cells(variable, &search->d->facts, not_known, ENTRIES_ALL);
  }
}

static void put(Search *search, const Changeable *changed, const FactValue *value) {
  search->d->facts.values[changed->fact->index] = *value;
  rebind(search, changed);
}

static Holds approves(const Search *search) {
  const CompiledPolicy *compiled = search->d->compiled;
  return diagram_evaluate(&compiled->diagram, compiled->whole.approve, compiled->possible,
                          search->d->bound, search->d->scratch);
}

static void find_changeable(Search *search) {
  const CompiledPolicy *compiled = search->d->compiled;
  Arena *arena = &search->contrast->arena;
  for (uint32_t i = 0; i < compiled->set.facts.count; i++) {
    const Fact *fact = compiled->set.facts.items[i];
    const FactValue *value = &search->d->facts.values[fact->index];
    if (!may_change(fact, value)) continue;
    Changeable changed = {.fact = fact, .bit = UINT64_C(1) << i, .before = *value};
    for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
      if (compiled->set.variables.items[v]->facts & changed.bit)
        LIST_PUSH(arena, changed.variables, v);
    }
    if (is_spent(search)) return;
    if (fact->type.kind == TYPE_LIST)
      changed.cost = (uint64_t)changed.variables.count * list_cost(fact, value);
    changed.values = suppose_values(arena, compiled, fact, &search->d->facts);
    search->work += changed.values.work;
    search->is_cut = search->is_cut || changed.values.is_cut;
    if (changed.values.count > 0) LIST_PUSH(arena, search->facts, changed);
  }
}

/* ---- Searching ---- */

static uint64_t facts_of(const Search *search) {
  uint64_t facts = 0;
  for (uint32_t i = 0; i < search->count; i++) facts |= search->facts.items[search->chosen[i]].bit;
  return facts;
}

static bool holds_smaller(const Search *search, uint64_t facts) {
  for (uint32_t i = 0; i < search->contrast->alternatives.count; i++) {
    if ((search->contrast->alternatives.items[i].facts & ~facts) == 0) return true;
  }
  return false;
}

static void put_back(Search *search) {
  for (uint32_t i = 0; i < search->count; i++) {
    const Changeable *changed = &search->facts.items[search->chosen[i]];
    search->d->facts.values[changed->fact->index] = changed->before;
  }
  for (uint32_t i = 0; i < search->count; i++)
    rebind(search, &search->facts.items[search->chosen[i]]);
}

/* Not knowing the facts at all: could there be an approval? */
static bool could_do(Search *search) {
  const FactValue nothing = {0};
  for (uint32_t i = 0; i < search->count; i++)
    put(search, &search->facts.items[search->chosen[i]], &nothing);
  for (uint32_t i = 0; i < search->count; i++)
    rebind(search, &search->facts.items[search->chosen[i]]);
  const bool could = approves(search) != HOLDS_NEVER;
  put_back(search);
  return could;
}

static bool is_enough(Search *search) {
  search->work++;
  return approves(search) >= search->wanted;
}

/* Values for the i-th fact chosen and those after it; leaves them in place where they do. */
static bool find_values(Search *search, uint32_t i) {
  assert(i <= search->count && search->count <= LICET_CHANGES_MAX);
  if (i == search->count) return is_enough(search);
  const Changeable *changed = &search->facts.items[search->chosen[i]];
  for (uint32_t v = 0; v < changed->values.count && !is_spent(search); v++) {
    search->value[i] = v;
    put(search, changed, &changed->values.items[v].value);
    if (find_values(search, i + 1)) return true;
  }
  put(search, changed, &changed->before);
  return false;
}

static Amount distance(const Fact *fact, const FactValue *a, const FactValue *b) {
  const Amount x = fact->type.kind == TYPE_DATE ? a->date : a->amount,
               y = fact->type.kind == TYPE_DATE ? b->date : b->amount;
  return x > y ? x - y : y - x;
}

/* The other changes being as they are: the value nearest to what was stated. */
static void take_nearest(Search *search, uint32_t i) {
  const Changeable *changed = &search->facts.items[search->chosen[i]];
  for (uint32_t v = 0; v < changed->values.count; v++) {
    const Supposed *supposed = &changed->values.items[v];
    if (!supposed->is_line || changed->before.is_none) continue;
    put(search, changed, &supposed->value);
    const Supposed *best = &changed->values.items[search->value[i]];
    if (is_enough(search) && distance(changed->fact, &supposed->value, &changed->before) <
                                 distance(changed->fact, &best->value, &changed->before))
      search->value[i] = v;
  }
  put(search, changed, &changed->values.items[search->value[i]].value);
}

/* Every set that does, whether it was supposed or not. Empty where there are too many. */
static Text members_for(Search *search, const Changeable *changed) {
  Arena *arena = &search->contrast->arena;
  const uint32_t members = changed->fact->type.value_count;
  FactValue value = changed->values.items[0].value;
  if (members >= 32 || UINT64_C(1) << members > GRID_CHOICES) return (Text){0};
  bool *in = ARENA_ARRAY(arena, bool, UINT64_C(1) << members);
  for (value.members = 0; value.members < UINT64_C(1) << members; value.members++) {
    put(search, changed, &value);
    in[value.members] = is_enough(search);
  }
  return suppose_members(arena, changed->fact, in);
}

/* Every entry that does, with those that the policy takes for the same. */
static Text entries_for(Search *search, const Changeable *changed) {
  Arena *arena = &search->contrast->arena;
  EntryGrid grid;
  if (!entry_grid(search->d->compiled, changed->fact, &grid)) return (Text){0};
  bool *in = ARENA_ARRAY(arena, bool, grid.grid.choices);
  for (uint32_t v = 0; v < changed->values.count; v++) {
    const Supposed *supposed = &changed->values.items[v];
    put(search, changed, &supposed->value);
    const bool does = is_enough(search);
    if (does && supposed->like.count == 0) return (Text){0}; /* no entry more: none, or as it is */
    for (uint32_t l = 0; does && l < supposed->like.count; l++) in[supposed->like.items[l]] = true;
  }
  return suppose_entries(arena, search->d->compiled, changed->fact, &grid, in);
}

/* "at most 28 mcg/day", "relapsed or refractory": all values that do. */
static const char *words_for(Search *search, uint32_t i) {
  Arena *arena = &search->contrast->arena;
  const Changeable *changed = &search->facts.items[search->chosen[i]];
  const TypeKind kind = changed->fact->type.kind;
  const Text whole = kind == TYPE_SET    ? members_for(search, changed)
                     : kind == TYPE_LIST ? entries_for(search, changed)
                                         : (Text){0};
  Buffer out;
  if (whole.length > 0) {
    put(search, changed, &changed->values.items[search->value[i]].value);
    return keep_text(arena, whole);
  }
  buffer_open(&out, arena, 64);
  for (uint32_t v = 0; v < changed->values.count; v++) {
    const Supposed *first = &changed->values.items[v], *last = first;
    put(search, changed, &first->value);
    if (!is_enough(search)) continue;
    for (uint32_t next = v + 1; first->is_line && next < changed->values.count; next++) {
      put(search, changed, &changed->values.items[next].value);
      if (!is_enough(search)) break;
      last = &changed->values.items[v = next];
    }
    if (out.length > 0) buffer_string(&out, " or ");
    buffer_text(&out,
                first->is_line ? suppose_range(arena, changed->fact, first, last) : first->words);
  }
  put(search, changed, &changed->values.items[search->value[i]].value);
  return buffer_finish(&out);
}

static void keep_alternative(Search *search) {
  Arena *arena = &search->contrast->arena;
  Alternative found = {.count = search->count, .facts = facts_of(search)};
  for (uint32_t i = 0; i < search->count; i++) take_nearest(search, i);
  for (uint32_t i = 0; i < search->count; i++) {
    const Changeable *changed = &search->facts.items[search->chosen[i]];
    const Supposed *to = &changed->values.items[search->value[i]];
    found.changes[i] = (Exchange){.fact = changed->fact,
                                  .view = {.fact = keep_text(arena, changed->fact->name),
                                           .from = keep_text(arena, changed->before.raw),
                                           .to = keep_text(arena, to->json),
                                           .words = words_for(search, i)},
                                  .json = to->json};
  }
  put_back(search);
  LIST_PUSH(arena, search->contrast->alternatives, found);
}

static void choose(Search *search, uint32_t from, uint32_t size) {
  if (search->count == size) {
    if (holds_smaller(search, facts_of(search)) || !could_do(search)) return;
    if (find_values(search, 0)) keep_alternative(search);
    return;
  }
  for (uint32_t i = from; i < search->facts.count; i++) {
    if (is_spent(search) || search->contrast->alternatives.count >= LICET_ALTERNATIVES_MAX) return;
    search->chosen[search->count++] = i;
    choose(search, i + 1, size);
    search->count--;
  }
}

static void search_all(Search *search, Holds now) {
  find_changeable(search);
  for (search->wanted = HOLDS_ALWAYS;
       search->wanted > now && search->contrast->alternatives.count == 0; search->wanted--) {
    for (uint32_t size = 1; size <= LICET_CHANGES_MAX; size++) choose(search, 0, size);
  }
  search->contrast->is_complete = !is_spent(search) && !search->is_cut &&
                                  search->contrast->alternatives.count < LICET_ALTERNATIVES_MAX;
}

/* ---- Replaying ---- */

static licet_status replay(licet_contrast *contrast, licet_session *session,
                           const JsonToken *tokens, Alternative *alternative) {
  Restated facts[LICET_CHANGES_MAX];
  const licet_determination *d;
  Arena *arena = &contrast->arena;
  for (uint32_t i = 0; i < alternative->count; i++)
    facts[i] = (Restated){alternative->changes[i].fact->name, alternative->changes[i].json};
  Text text =
      restate(arena, tokens, &(Restatement){.facts = facts, .fact_count = alternative->count});
  licet_status status = licet_decide(session, text.at, text.length, &d);
  if (status != LICET_OK) return status;
  alternative->view = (licet_alternative){.request = text.at,
                                          .outcome = licet_determination_outcome(d),
                                          .reason = licet_determination_reason(d),
                                          .pathway = keep(arena, licet_determination_pathway(d)),
                                          .authorization = keep_authorization(arena, d)};
  keep_sets(arena, d, &alternative->missing, licet_determination_missing);
  keep_sets(arena, d, &alternative->documents, licet_determination_documents);
  return LICET_OK;
}

/* What would be left to do: nothing, or documents; further facts; a clinician's judgment; the
 * refusal, for something else. */
static int left_with(const Alternative *alternative) {
  const licet_alternative *view = &alternative->view;
  if (view->outcome == LICET_APPROVE ||
      (view->outcome == LICET_PEND && alternative->missing.count == 0))
    return 0;
  return view->outcome == LICET_PEND ? 1 : 2;
}

/* What a judgment alone would leave open comes after the rest; else as they were found. */
static void sort_alternatives(licet_contrast *contrast) {
  for (uint32_t i = 1; i < contrast->alternatives.count; i++) {
    const Alternative moved = contrast->alternatives.items[i];
    uint32_t at = i;
    for (; at > 0 && left_with(&contrast->alternatives.items[at - 1]) > left_with(&moved); at--)
      contrast->alternatives.items[at] = contrast->alternatives.items[at - 1];
    contrast->alternatives.items[at] = moved;
  }
}

/* A change that no request can state after all (a fact the policy does not read speaks against it)
 * is no alternative. */
static licet_status replay_all(licet_contrast *contrast, licet_session *session,
                               const JsonToken *tokens) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < contrast->alternatives.count; i++) {
    licet_status status = replay(contrast, session, tokens, &contrast->alternatives.items[i]);
    if (status != LICET_OK && status != LICET_BAD_REQUEST) return status;
    if (status == LICET_OK) contrast->alternatives.items[kept++] = contrast->alternatives.items[i];
  }
  contrast->alternatives.count = kept;
  sort_alternatives(contrast);
  return LICET_OK;
}

/* ---- JSON ---- */

static void write_sets(JsonWriter *json, const char *name, const SetList *sets) {
  json_array_member(json, name);
  for (uint32_t i = 0; i < sets->count; i++) {
    json_begin_array(json);
    for (uint32_t n = 0; sets->items[i][n] != NULL; n++) json_string(json, sets->items[i][n]);
    json_end_array(json);
  }
  json_end_array(json);
}

static void write_change(JsonWriter *json, const licet_change *change) {
  json_begin_object(json);
  json_string_member(json, "fact", change->fact);
  json_raw_member(json, "from", text_of(change->from));
  json_raw_member(json, "to", text_of(change->to));
  json_string_or_null_member(json, "values", change->words);
  json_end_object(json);
}

static void write_alternative(JsonWriter *json, const Alternative *alternative) {
  json_begin_object(json);
  json_array_member(json, "changes");
  for (uint32_t i = 0; i < alternative->count; i++)
    write_change(json, &alternative->changes[i].view);
  json_end_array(json);
  json_string_or_null_member(json, "outcome", licet_outcome_name(alternative->view.outcome));
  json_string_or_null_member(json, "reason", licet_reason_name(alternative->view.reason));
  json_string_or_null_member(json, "pathway", alternative->view.pathway);
  write_sets(json, "missing", &alternative->missing);
  write_sets(json, "documents", &alternative->documents);
  json_raw_member(json, "request", text_of(alternative->view.request));
  json_end_object(json);
}

static void write_json(licet_contrast *contrast) {
  JsonWriter json;
  buffer_open(&contrast->json, &contrast->arena, 1024);
  json_writer_open(&json, &contrast->json);
  json_begin_object(&json);
  json_string_or_null_member(&json, "request", contrast->request);
  json_string_or_null_member(&json, "outcome", licet_outcome_name(contrast->outcome));
  json_string_or_null_member(&json, "reason", licet_reason_name(contrast->reason));
  json_boolean_member(&json, "complete", contrast->is_complete);
  json_array_member(&json, "alternatives");
  for (uint32_t i = 0; i < contrast->alternatives.count; i++)
    write_alternative(&json, &contrast->alternatives.items[i]);
  json_end_array(&json);
  json_end_object(&json);
  json_writer_close(&json);
  buffer_finish(&contrast->json);
}

/* ---- All of it ---- */

/* The search asks of the diagram, with the session's scratch. */
static void search_everywhere(void *context) {
  Search *search = context;
  const Holds now = approves(search);
  if (now != HOLDS_ALWAYS) search_all(search, now);
}

static licet_status fill(licet_contrast *contrast, licet_session *session, const char *json,
                         size_t length) {
  const licet_determination *decided;
  const JsonToken *tokens;
  uint32_t count;
  const char *message;
  size_t offset;
  licet_status status = licet_decide(session, json, length, &decided);
  if (status != LICET_OK) return status;
  licet_determination *d = &session->determination;
  contrast->outcome = d->outcome;
  contrast->reason = d->reason;
  contrast->request = keep_text(&contrast->arena, d->request.id);
  contrast->is_complete = true;
  if (d->compiled != NULL && d->outcome != LICET_APPROVE) {
    Search search = {.contrast = contrast, .d = d};
    if (!session_attempt(session, search_everywhere, &search)) return LICET_NO_MEMORY;
  }
  JsonStatus read = json_read(contrast->reader, json, length, &tokens, &count, &message, &offset);
  if (read == JSON_NO_MEMORY) return LICET_NO_MEMORY;
  status = replay_all(contrast, session, tokens);
  if (status == LICET_OK) write_json(contrast);
  return status;
}

/* What licet_why_not was asked, and how it went. */
typedef struct Asked {
  licet_contrast *contrast;
  licet_session *session;
  const char *json;
  size_t length;
  licet_status status;
} Asked;

static void fill_asked(void *context) {
  Asked *asked = context;
  asked->status = fill(asked->contrast, asked->session, asked->json, asked->length);
}

licet_status licet_why_not(licet_session *session, const char *json, size_t length,
                           licet_contrast **out) {
  *out = NULL;
  licet_contrast *contrast = memory_allocate(sizeof *contrast);
  if (contrast == NULL) return LICET_NO_MEMORY;
  memset(contrast, 0, sizeof *contrast);
  arena_open(&contrast->arena);
  contrast->reader = json_open();
  Asked asked = {contrast, session, json, length, LICET_NO_MEMORY};
  if (contrast->reader == NULL || !arena_attempt(&contrast->arena, fill_asked, &asked))
    asked.status = LICET_NO_MEMORY;
  if (asked.status == LICET_OK) {
    *out = contrast;
  } else {
    licet_contrast_close(contrast);
  }
  return asked.status;
}

/* ---- Looking ---- */

licet_outcome licet_contrast_outcome(const licet_contrast *contrast) { return contrast->outcome; }
licet_reason licet_contrast_reason(const licet_contrast *contrast) { return contrast->reason; }
const char *licet_contrast_request(const licet_contrast *contrast) { return contrast->request; }
int licet_contrast_is_complete(const licet_contrast *contrast) { return contrast->is_complete; }

licet_alternative licet_contrast_at(const licet_contrast *contrast, size_t index) {
  return index < contrast->alternatives.count ? contrast->alternatives.items[index].view
                                              : (licet_alternative){0};
}

licet_change licet_contrast_change(const licet_contrast *contrast, size_t index, size_t change) {
  if (index >= contrast->alternatives.count || change >= contrast->alternatives.items[index].count)
    return (licet_change){0};
  return contrast->alternatives.items[index].changes[change].view;
}

const char *const *licet_contrast_missing(const licet_contrast *contrast, size_t alternative,
                                          size_t index) {
  return alternative < contrast->alternatives.count
             ? set_at(&contrast->alternatives.items[alternative].missing, index)
             : NULL;
}

const char *const *licet_contrast_documents(const licet_contrast *contrast, size_t alternative,
                                            size_t index) {
  return alternative < contrast->alternatives.count
             ? set_at(&contrast->alternatives.items[alternative].documents, index)
             : NULL;
}

const char *licet_contrast_json(const licet_contrast *contrast, size_t *length) {
  if (length != NULL) *length = contrast->json.length;
  return contrast->json.at;
}
