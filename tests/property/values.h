/* values: the facts a subject's conditions read, and for each fact values that stand for all it can
 * have.
 *
 * Values are proposed generously (every enumeration value, every subset, each threshold and its
 * neighbors, the days around each age); of those that no test distinguishes one is kept.
 */
#ifndef PROPERTY_VALUES_H
#define PROPERTY_VALUES_H

#include "base/code.h"
#include "subject.h"

bool is_used(const Subject *s, const Fact *fact);

bool same_value(const Item *a, const Item *b);

uint32_t field_values(const Subject *s, const Field *field);

void add_list(Arena *arena, ItemList *lists, const Item *list);

/* `list` with one more entry, whose open fields take every value some test reads. */
void add_entry(Arena *arena, const Subject *s, const Fact *fact, ItemList *lists, const Item *list,
               GivenEntry *entry, uint32_t field);

/* Every list in `lists` with up to three more entries; three are enough for the counts the policies
 * ask for. */
void add_any_entries(Arena *arena, const Subject *s, const Fact *fact, ItemList *lists);

void subject_find(Subject *s);

#endif
