/* complete: the order of questions (src/decide/outcome.def) where all facts are known.
 *
 * A function then holds in every completion or in none, so the first question about it answers all
 * others: what is left of the list is one question for each function.
 */
#ifndef BENCH_REFERENCE_COMPLETE_H
#define BENCH_REFERENCE_COMPLETE_H

#include "compile/compile.h"
#include "decide/verdict.h"

typedef struct CompleteOrder {
  uint32_t count;
  PolicyFunction function[CONCLUSIONS]; /* asked in this order */
  Conclusion conclusion[CONCLUSIONS];   /* where it is the first that holds */
  Conclusion otherwise;
} CompleteOrder;

static inline CompleteOrder complete_order(void) {
  CompleteOrder order = {.otherwise = CONCLUSIONS};
  bool asked[POLICY_FUNCTIONS] = {false};
  for (Conclusion at = 0; at < CONCLUSIONS; at++) {
    const PolicyFunction function = conclusions[at].function;
    if (conclusions[at].quantifier == QUANTIFY_OTHERWISE) {
      order.otherwise = at;
    } else if (!asked[function]) {
      asked[function] = true;
      order.function[order.count] = function;
      order.conclusion[order.count++] = at;
    }
  }
  return order;
}

#endif
