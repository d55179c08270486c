/* core: criteria that cannot be met together. */
#ifndef PROVE_CORE_H
#define PROVE_CORE_H

#include "prove/check.h"

enum { CORE_PARTS = 64 };

typedef struct Part {
  const Criterion *criterion;
  DiagramRef holds;
} Part;

typedef struct Core {
  Part parts[CORE_PARTS];
  uint32_t count;
} Core;

/* What the criterion demands of every request. */
DiagramRef demanded_by(const PolicyCheck *check, uint32_t index);
/* Appends what a group demands, down to criteria that are not `all of` themselves.
 * `literal_group`: the group counts as `all of`, as its literal wording has it. */
void add_parts(const PolicyCheck *check, uint32_t index, bool literal_group, Core *core);
/* Can no request meet all parts but `except` (UINT32_MAX: all of them)? */
bool contradict(const PolicyCheck *check, const Core *core, uint32_t except);
/* Leaves a smallest set that still contradicts itself. */
void shrink(const PolicyCheck *check, Core *core);
const char *list_core(const PolicyCheck *check, const Core *core);

#endif
