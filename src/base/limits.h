/* limits: inputs are hostile; every size, depth and count has a bound, and each bound its own
 * message. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#ifdef LICET_TINY_LIMITS /* a test build, so that every limit is met */
#define LIMIT(normal, tiny) (tiny)
#else
#define LIMIT(normal, tiny) (normal)
#endif

#define LIMIT_SOURCE_BYTES LIMIT(4u << 20, 64u << 10)
#define LIMIT_TOKENS LIMIT(1u << 20, 20000u)
#define LIMIT_OUTLINE_DEPTH LIMIT(32, 12)
#define LIMIT_CONDITION_DEPTH LIMIT(64, 24)
#define LIMIT_DIAGNOSTICS LIMIT(200u, 20u)
#define LIMIT_FACTS LIMIT(1024u, 128u)
#define LIMIT_POLICY_FACTS 64u        /* facts one policy may read: one bit each */
#define LIMIT_VALUES LIMIT(256u, 64u) /* values of an enumeration */
#define LIMIT_CELLS 64u /* cases one fact may fall into within one policy: one bit each */
#define LIMIT_NAMES \
  LIMIT(4096u,      \
        256u) /* derivations, sets and code lists of one file; members of a set or code list */
#define LIMIT_FIELDS 16u  /* fields of a list */
#define LIMIT_COUNTED 15u /* entries of a list that a condition can count: four bits */
#define LIMIT_TESTS \
  LIMIT(1u << 16, 1u << 11)           /* tests of a policy, derivations counted at each use */
#define LIMIT_NESTING LIMIT(64u, 16u) /* derivations that rest on one another */
#define LIMIT_ENTRY_CASES                                                                        \
  20000u /* kinds of entry a list's conditions can distinguish before they are sorted into cells \
          */
#define LIMIT_CRITERIA LIMIT(4096u, 512u)
#define LIMIT_PRESENTATIONS 4u              /* kinds of vial of one drug */
#define LIMIT_CYCLES LIMIT(120u, 12u)       /* of a regimen */
#define LIMIT_CYCLE_DAYS 400                /* of a cycle, of a bag */
#define LIMIT_PLAN_DAYS LIMIT(40000u, 600u) /* of one dose plan */
#define LIMIT_VERSIONS LIMIT(512u, 8u)
#define LIMIT_DIAGRAM_NODES LIMIT(1u << 20, 1u << 14)
#define LIMIT_REQUEST_BYTES LIMIT(1u << 20, 64u << 10)
#define LIMIT_REQUEST_DEPTH 16
#define LIMIT_REQUEST_TOKENS LIMIT(1u << 16, 4096u)
#define LIMIT_LIST_ENTRIES LIMIT(1000u, 32u)
#define LIMIT_REQUEST_ERRORS LIMIT(100u, 20u)
#define LIMIT_MISSING_SETS 16u
#define LIMIT_SEARCH_STEPS \
  LIMIT(1u << 15, 1u << 9) /* of one request, in the search for what is missing: some 3 ms */

#endif
