/* Evidence: what of an approval rests on the requester's word alone.
 *
 * The second decision takes attested clinical facts as not known (bind_documented), and asks
 * whether the policy approves by any pathway, not by that of the first: so a fact that is stated
 * without a document leaves an approval as it was. Where it does not approve, documents are asked
 * for: the smallest sets of attested facts whose documentation would restore the approval, found as
 * missing facts are.
 */
#include "decide/evidence.h"

#include <string.h>

#include "decide/bind.h"
#include "decide/missing.h"

/* ---- The second decision ---- */

/* Marks facts as known or not known. Lists stay: their entries are counted one by one. */
static void set_known(licet_determination *d, uint64_t facts, bool known) {
  for (; facts != 0; facts &= facts - 1) {
    const Fact *fact = d->compiled->set.facts.items[__builtin_ctzll(facts)];
    if (fact->type.kind != TYPE_LIST) d->facts.values[fact->index].known = known;
  }
}

uint64_t evidence_hide(licet_determination *d) {
  const uint64_t hidden = facts_attested_clinical(d);
  set_known(d, hidden, false);
  return hidden;
}

void evidence_restore(licet_determination *d, uint64_t hidden) { set_known(d, hidden, true); }

/* The cells where attested clinical facts are taken as not known, or NULL where that changes
 * nothing. */
static uint64_t *bind_documented(licet_determination *d) {
  const CompiledPolicy *compiled = d->compiled;
  const uint64_t attested = facts_attested(d);
  if (attested == 0) return NULL;
  uint64_t *without = ARENA_ARRAY(d->arena, uint64_t, compiled->set.variables.count);
  bool changed = false;
  const uint64_t hidden = evidence_hide(d);
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    const Variable *variable = compiled->set.variables.items[v];
    without[v] = (variable->facts & attested) == 0
                     ? d->bound[v]
                     : bind_variable(compiled, variable, &d->facts, ENTRIES_DOCUMENTED);
    changed = changed || without[v] != d->bound[v];
  }
  evidence_restore(d, hidden);
  if (!changed) return NULL;
  bind_confine(compiled, without, d->scratch);
  return without;
}

const uint64_t *evidence_cells(licet_determination *d) {
  const uint64_t *documented =
      d->compiled->version->evidence[d->compiled->kind] ? bind_documented(d) : NULL;
  return documented == NULL ? d->allowed : documented;
}

/* ---- Documents ---- */

/* What must be documented for the variable to stand as attested: clinical facts; and any fact a
 * criterion requires documented by name.
 */
static uint64_t facts_to_document(const licet_determination *d, uint32_t v, uint64_t attested,
                                  uint64_t clinical) {
  const Variable *variable = d->compiled->set.variables.items[v];
  return variable->facts & (variable->kind == VARIABLE_DOCUMENTED ? attested : clinical);
}

/* The documents: variables that rest on attested facts may be settled as attested, at the cost of
 * those facts. */
static void offer_documents(const licet_determination *d, Question *q) {
  uint64_t attested = facts_attested(d), clinical = facts_attested_clinical(d);
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++) {
    uint64_t bits = facts_to_document(d, v, attested, clinical);
    if (bits == 0 || q->set.allowed[v] == d->allowed[v]) continue;
    q->choice[v] = d->allowed[v];
    q->facts[v] = bits;
    q->together[v] = true;
  }
}

/* Where the search would take too long: one set. With all of them documented the cells are those of
 * the first decision, which approves; whatever is not needed is left out, one after the other. */
static uint64_t find_one_set(licet_determination *d, const Question *q) {
  const uint32_t count = d->compiled->set.variables.count;
  uint64_t *cells = ARENA_ARRAY(d->arena, uint64_t, count), set = question_facts(d, q);
  for (uint64_t members = set; members != 0; members &= members - 1) {
    const uint64_t without = set & ~(members & -members);
    for (uint32_t v = 0; v < count; v++) {
      const bool documented = q->choice[v] != 0 && (q->facts[v] & ~without) == 0;
      cells[v] = documented ? q->choice[v] : q->set.allowed[v];
    }
    if (determination_asks(d, q->set.function, cells) == HOLDS_ALWAYS) set = without;
    if (!diagram_scratch_charge(d->scratch)) break;
  }
  return set;
}

/* The documents that are asked for, at least one set. */
static uint32_t document_sets(licet_determination *d, const Question *q,
                              uint64_t sets[LIMIT_MISSING_SETS]) {
  bool complete;
  uint32_t count = diagram_minimal_sets(&q->set, d->scratch, sets, LIMIT_MISSING_SETS, &complete);
  if (!complete) d->documents_cut = true;
  if (count == 0 && !complete) sets[count++] = find_one_set(d, q);
  return count;
}

void find_documents(licet_determination *d, const uint64_t *documented) {
  uint64_t sets[LIMIT_MISSING_SETS];
  Question q = question_open(d, d->compiled->whole.approve, documented);
  offer_documents(d, &q);
  uint32_t count = document_sets(d, &q, sets);
  for (uint32_t i = 0; i < count; i++) LIST_PUSH(d->arena, d->documents, sets[i]);
}

/* ---- Documents beside missing facts ---- */

/* Beside questions: one set, so that one letter asks for everything. For every answer that would be
 * enough, the documents that the approval would then rest on; what is supplied counts as
 * documented. Where there are too many answers to try, every document that could be wanted: more
 * than is needed, but never a second letter. */

enum { LETTER_ANSWERS = 2000 };

typedef struct Letter {
  licet_determination *d;
  uint64_t *allowed; /* with the answers tried */
  uint64_t *without; /* the same where attested facts are not known */
  uint64_t supplied; /* the set of facts asked for */
  uint64_t unknown;
  uint64_t documents;
  uint32_t answers;
  bool is_cut; /* of the set at hand: too many answers */
} Letter;

static Question letter_question(const Letter *letter) {
  licet_determination *d = letter->d;
  Question q = question_open(d, d->compiled->whole.approve, letter->without);
  offer_documents(d, &q);
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++) q.facts[v] &= ~letter->supplied;
  return q;
}

static void ask_for_everything(Letter *letter) {
  const Question q = letter_question(letter);
  letter->documents |= question_facts(letter->d, &q);
  letter->d->documents_cut = true;
}

static void add_letter_documents(Letter *letter) {
  uint64_t sets[LIMIT_MISSING_SETS];
  licet_determination *d = letter->d;
  const Question q = letter_question(letter);
  uint32_t count = document_sets(d, &q, sets);
  for (uint32_t i = 0; i < count; i++) letter->documents |= sets[i];
}

static bool is_supplied(const Letter *letter, uint32_t v) {
  uint64_t bits = facts_to_supply(letter->d, v, letter->unknown);
  return bits != 0 && (bits & ~letter->supplied) == 0;
}

/* One more answer? What trying it takes is a part of the request's searches. */
static bool may_try(Letter *letter) {
  if (letter->is_cut) return false;
  letter->is_cut =
      letter->answers++ >= LETTER_ANSWERS || !diagram_scratch_charge(letter->d->scratch);
  if (letter->is_cut) ask_for_everything(letter);
  return !letter->is_cut;
}

/* Every answer to the facts asked for, variable by variable; branches that can no longer approve
 * are left. */
static void try_answers(Letter *letter, uint32_t v) {
  licet_determination *d = letter->d;
  while (v < d->compiled->set.variables.count && !is_supplied(letter, v)) v++;
  if (!may_try(letter)) return;
  if (v == d->compiled->set.variables.count) {
    if (determination_asks(d, d->compiled->whole.approve, letter->allowed) == HOLDS_ALWAYS)
      add_letter_documents(letter);
    return;
  }
  uint64_t before = letter->allowed[v], before_without = letter->without[v];
  for (uint64_t cells = variable_is_flag(d->compiled->set.variables.items[v]) ? 2 : before;
       cells != 0; cells &= cells - 1) {
    letter->allowed[v] = letter->without[v] = cells & -cells;
    if (determination_asks(d, d->compiled->whole.approve, letter->allowed) != HOLDS_NEVER)
      try_answers(letter, v + 1);
  }
  letter->allowed[v] = before;
  letter->without[v] = before_without;
}

void find_documents_beside_missing(licet_determination *d) {
  if (!d->compiled->version->evidence[d->compiled->kind]) return;
  uint64_t *without = bind_documented(d);
  if (without == NULL) return;
  size_t size = d->compiled->set.variables.count * sizeof *without;
  Letter letter = {.d = d,
                   .allowed = arena_allocate(d->arena, size),
                   .without = without,
                   .unknown = facts_unknown(d)};
  memcpy(letter.allowed, d->allowed, size);
  for (uint32_t m = 0; m < d->missing.count; m++) {
    letter.supplied = d->missing.items[m];
    letter.answers = 0;
    letter.is_cut = false;
    try_answers(&letter, 0);
  }
  if (letter.documents != 0) LIST_PUSH(d->arena, d->documents, letter.documents);
}
