/* subject: what the property tests decide about, and plain two-valued truth over facts that are all
 * known.
 *
 * A Subject is one policy as one request meets it: the version in force, the kind, the line, the
 * drug and the dates. An Item is one value a fact can have. A Row says which item each fact has;
 * over a row every condition simply holds or does not, and a criterion is evaluated by walking the
 * outline as it stands on the page. Nothing here knows of cells or diagrams: that is the point.
 */
#ifndef PROPERTY_SUBJECT_H
#define PROPERTY_SUBJECT_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library/library.h"

enum { ENTRY_TESTS = 16, ENTRY_FIELDS_MOST = 8 };

/* An entry of a list as a request writes it. */
typedef struct GivenEntry {
  bool known[ENTRY_FIELDS_MOST], documented;
  uint32_t choice[ENTRY_FIELDS_MOST]; /* for names: as in Vocabulary.names, 0 for any other */
} GivenEntry;

/* One value of one fact, and whether the request gives and documents it ("is given" and "is
 * documented" speak of the request). */
typedef struct Item {
  bool none, given, documented;
  uint32_t choice, name;
  uint64_t members;
  Amount amount;
  Date date;
  Span span;
  Text code;
  uint8_t counts[ENTRY_TESTS]; /* of a list: how many entries meet each test of Subject.entry_tests,
                                  no further than matters */
  const GivenEntry *entries;   /* of a list that stands in a request */
  uint32_t entry_count;
} Item;

typedef const Item *const *Row; /* by Fact.index; NULL where no condition reads the fact */

typedef struct ItemList {
  Item *items;
  uint32_t count, capacity;
} ItemList;

/* How the policy uses a fact. */
typedef struct Use {
  const Fact *fact;
  bool given, documented; /* some test asks whether it is */
  bool joint;             /* some test reads other facts too */
  bool counted;           /* an authorization's cycles or renewals depend on it */
  LIST(const Condition *) tests;
  ItemList values; /* one for each case that some test distinguishes, each given and documented */
} Use;

typedef struct Subject {
  Arena arena;
  const licet_policy *policy;
  const Policy *model;
  const Vocabulary *vocabulary;
  const Version *version;
  int kind;
  Text line, drug;
  uint32_t line_choice;
  Date received, start;
  Item builtins[BUILTIN_FACTS];
  LIST(Use) uses;           /* by name: what conditions and counts of authorizations read */
  LIST(const Fact *) extra; /* what only the length of an authorization reads */
  LIST(const Condition *) entry_tests;
  uint8_t caps[ENTRY_TESTS];
  LIST(const Never *) nevers;
  LIST(const Criterion *) nodes; /* in page order */
  LIST(const Outcome *) approvals, referrals, routes;
  bool has_series; /* not covered here */
} Subject;

bool is_present(const Subject *s, const Criterion *criterion);

bool is_not_asked(const Subject *s, const Criterion *criterion);

typedef struct Number {
  bool none;
  Amount amount;
  Date from, to; /* of a duration */
} Number;

Number number_of(const Term *term, Row row);

uint32_t entry_test(const Subject *s, const Condition *test);

bool holds(const Subject *s, const Condition *condition, Row row);

/* On one entry of a list whose fields are all known as far as the condition reads them. */
bool entry_holds(const Condition *condition, const GivenEntry *entry);

bool entry_reads(const Condition *condition, uint32_t field);

typedef LIST(const Fact *) Facts_;

void read_by_term(Arena *arena, const Term *term, Facts_ *facts);

/* Without what criteria read that it refers to. */
void read_by(Arena *arena, const Condition *condition, Facts_ *facts);

bool criterion_worded(const Subject *s, const Criterion *criterion, bool literal, Row row);

bool criterion_holds(const Subject *s, const Criterion *criterion, Row row);

bool carries_outcome(const Criterion *criterion);

typedef LIST(const Criterion *) Demands;

/* Without `while`. */
bool outcome_reached(const Subject *s, const Outcome *outcome, Row row);

bool outcome_allows(const Subject *s, const Outcome *outcome, Row row);

/* No `never` of the vocabulary is broken. */
bool row_possible(const Subject *s, Row row);

#endif
