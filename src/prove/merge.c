/* merge: the same finding of neighboring versions, and of both kinds of request, becomes one.
 *
 * Pairs are joined until no pair can be. Invariant: a joined finding covers a row of versions
 * without a hole, and its witness, common facts and reason are all of one of those it was joined
 * from. */
#include <stdlib.h>
#include <string.h>

#include "prove/defects.h"

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
  bool neighbors = into->kinds == from->kinds &&
                   (into->first == from->last + 1 || from->first == into->last + 1);
  if (!same_versions && !neighbors) return false;
  if (into->witness.length == 0 &&
      from->witness.length >
          0) { /* what is said about patients, and shown, is of one kind of request */
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
