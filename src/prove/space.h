/* space: the requests that are compared, as cells of one set of variables, and what can be asked of
 * a function over them.
 *
 * A space is opened for one or several subjects (a policy, one of its versions, a kind of request).
 * Their functions live in one diagram, so that "both", "the one and not the other" are operations.
 * `possible` are the completions that break no truth of the vocabulary and lie within the line of
 * business, drug and kind that the subjects share.
 *
 * `allowed` never leaves out a case that some request has. So what no completion does, no request
 * does; that some completion does something is only believed once a request was found that shows it
 * (witness.h).
 */
#ifndef PROVE_SPACE_H
#define PROVE_SPACE_H

#include "compile/compile.h"

enum { NO_CELL = 255, SPACE_STARTS = 512 };

typedef struct Space {
  Arena *arena;
  SharedCompilation *shared;
  const VariableSet *set;
  Diagram *diagram;
  DiagramRef possible;
  const Vocabulary *vocabulary;
  DiagramScratch *scratch;
  uint64_t *allowed; /* per variable */
  Facts facts;       /* built-in facts filled in, nothing else known */
  int kind;
  uint32_t lines;   /* bits: those the subjects share, or of the first where they share none */
  LIST(Text) drugs; /* likewise */
  bool shares_lines, shares_drugs;
  bool evidence;     /* some subject demands documents */
  Date received;     /* a day on which the first subject's version is in force */
  Date *received_by; /* per subject: one day for all where there is one on which every version is in
                        force */
  Date earliest;     /* the first of these days: dates of the past lie before it where they can */
  LIST(Date) starts; /* days on which treatment may start; the first is the usual one */
  CompileSubject *subjects;
  uint32_t subject_count;
  bool some_joint; /* comparisons of several measured facts: cells may be combined that no patient
                      has */
} Space;

/* NULL where a limit was exceeded (diagnosed). The subjects share kind and vocabulary. All of it
 * lives in `arena`. */
Space *space_open(const CompileSubject *subjects, uint32_t count, Arena *arena,
                  Diagnostics *diagnostics);
/* The same for one policy's requests for one of its drugs, distinguished by a further condition. */
Space *space_open_for(const CompileSubject *subject, Text drug, const Condition *further,
                      Arena *arena, Diagnostics *diagnostics);
/* A day on which the subject's version is in force. */
Date space_received(const CompileSubject *subject);
/* The diagram as questions need it; until the next operation on it. */
FrozenDiagram space_diagram(const Space *space);

bool space_some(const Space *space, DiagramRef function); /* in some possible completion */
static inline DiagramRef space_and_not(const Space *space, DiagramRef a, DiagramRef b) {
  return diagram_and(space->diagram, a, diagram_not(space->diagram, b));
}
static inline bool space_implies(const Space *space, DiagramRef a, DiagramRef b) {
  return !space_some(space, space_and_not(space, a, b));
}
static inline bool space_same(const Space *space, DiagramRef a, DiagramRef b) {
  return a == b || (space_implies(space, a, b) && space_implies(space, b, a));
}
/* What share of the possible completions meets the function, where each cell of a variable weighs
 * the same: 0 to 1. */
double space_share(const Space *space, DiagramRef function);
/* The cheapest completion: cells[v] for the variables the function turns on, NO_CELL for all
 * others. False where there is none. */
bool space_cheapest(const Space *space, DiagramRef function, uint8_t *cells);
/* Per variable, the cells that some completion of the function has. */
void space_project(const Space *space, DiagramRef function, uint64_t *cells);
/* Bits as in Variable.facts: the facts that the function depends on within the cells allowed. */
uint64_t space_facts_asked(const Space *space, DiagramRef function);
/* Is the function true in every possible completion of `bound`, of which there is one? */
bool space_always(const Space *space, DiagramRef function, const uint64_t *bound);
/* Where the decision is certain: where a fact is not given, the function must hold for every value.
 */
DiagramRef space_certain(const Space *space, DiagramRef function);
/* The function where the judgments are as if no reviewer had spoken for them: those that are yes or
 * no are no. */
DiagramRef space_without_judgment(const Space *space, DiagramRef function);

#endif
