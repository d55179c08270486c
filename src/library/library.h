/* library: a folder of policies, read, checked and compiled; then frozen. */
#ifndef LIBRARY_LIBRARY_H
#define LIBRARY_LIBRARY_H

#include "compile/compile.h"
#include "library/index.h"
#include "library/need.h"
#include "licet/licet.h"

struct licet_policy {
  Policy *model;
  Needs *needs; /* what is made by need; NULL where the policy is not sound */
  const char *id, *title, *payer, *vocabulary, *source, *until,
      *file; /* zero-terminated, for the public header */
  LIST(const char *) drugs, lines;
  LIST(licet_policy_version) versions;
  LIST(licet_interpretation) interpretations;
  LIST(licet_criterion) criteria;
};

/* The public header's words of the model's. */
licet_source supplier_source(Supplier supplier);
licet_fact_type fact_type_of(const Type *type);

typedef struct VocabularyView {
  const char *name;
  LIST(licet_fact) facts;
} VocabularyView;

/* A text as it was read. Of a neighbor of the file that was named, only the vocabulary is used. */
typedef struct ReadSource {
  const Source *source;
  bool is_neighbor;
} ReadSource;
typedef LIST(ReadSource) SourceList;

struct licet_library {
  Arena arena;
  SourceList sources;
  LIST(const Source *) texts; /* those of them that make it up: no neighbor that went unused */
  LIST(Vocabulary *) vocabularies;
  LIST(licet_policy *) policies; /* by id */
  PolicyIndex by_id, by_payer;
  LIST(VocabularyView) views;           /* as the vocabularies */
  const char **literal_interpretations; /* that it was opened with; NULL-terminated */
};

struct licet_report {
  Arena arena;
  Diagnostics diagnostics;
  const char *text;
};

/* What a policy is looked up by. */
typedef struct PolicySearch {
  Text policy; /* empty: search by payer */
  Text payer, drug;
  int line;
  Date day;
} PolicySearch;
/* Does the policy cover the payer (or is it the one named), drug, line and day? */
bool policy_covers(const Policy *policy, const PolicySearch *search);
/* The first policy that covers them, with its version in force; NULL where none does. */
const licet_policy *library_find(const licet_library *library, const PolicySearch *search,
                                 const Version **version);
/* The next policy after `found` that covers them too, or NULL. Which one decides is then nobody's
 * choice but the requester's: a request must name it. */
const licet_policy *library_rival(const licet_library *library, const PolicySearch *search,
                                  const licet_policy *found);
/* Can one request that names no policy ask for both? */
bool policies_overlap(const Policy *a, const Policy *b);
/* The version in force on a day, or NULL. */
const Version *policy_version_on(const Policy *policy, Date day);
const licet_policy *library_policy_named(const licet_library *library, Text id);

/* Opens the same texts again by other wordings (a NULL-terminated list of interpretations); the
 * files are not read again. `library` must stay open as long as what is opened here. */
licet_status library_again(const licet_library *library, const char *const *literal_interpretations,
                           licet_library **again);

/* Fills in what the public header shows (publish.c). */
void library_publish(Arena *arena, licet_policy *policy);
void library_publish_vocabulary(Arena *arena, const Vocabulary *vocabulary, VocabularyView *view);

/* For requests that are the plan's own: cases, witnesses, files it decides in bulk. */
#define SESSION_OF_PLAN                                            \
  (&(licet_session_options){.size = sizeof(licet_session_options), \
                            .vouched_by = LICET_VOUCHED_BY_PLAN})

#endif
