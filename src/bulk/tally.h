/* tally: counts by name, with a few examples; merged in order, so that the same requests give the
 * same tally by any number of threads.
 *
 * A name is fields with tabs between them; its first field says what is counted:
 *
 *     verdict     target outcome reason pathway policy version
 *     only_unmet  target policy version path title      the only criterion unmet
 *     missing     target fact                           it is in a smallest set of missing facts
 *     moved       from to                               outcome against outcome, with two targets
 *     change      gain|lose policy version path title   the one criterion that made the difference
 */
#ifndef BULK_TALLY_H
#define BULK_TALLY_H

#include "base/text.h"

#define TALLY_EXAMPLES 5u

typedef struct TallyEntry {
  Text name;
  uint64_t count;
  Text examples[TALLY_EXAMPLES];
  uint32_t example_count;
} TallyEntry;

typedef struct Tally {
  Arena *arena;
  LIST(TallyEntry) entries;
  uint32_t *slots, slot_count;
} Tally;

void tally_open(Tally *tally, Arena *arena);
/* `example` may be empty; one that is kept already is not kept again. Texts are copied. */
void tally_add(Tally *tally, Text name, uint64_t count, Text example);
void tally_merge(Tally *into, const Tally *from);
/* The n-th field of a name, "" beyond the last. */
Text tally_field(Text name, uint32_t n);

#endif
