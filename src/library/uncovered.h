/* uncovered: why no policy covers a request. */
#ifndef LIBRARY_UNCOVERED_H
#define LIBRARY_UNCOVERED_H

#include "library/library.h"

typedef enum Uncovered {
  UNCOVERED_POLICY, /* no policy has the id that is named */
  UNCOVERED_PAYER,  /* no policy is the payer's */
  UNCOVERED_DRUG,   /* none of these is for the drug */
  UNCOVERED_LINE,   /* none of these for the line of business */
  UNCOVERED_DATE    /* none of these in force on the day */
} Uncovered;

/* Of a search that found none. */
Uncovered library_uncovered(const licet_library *library, const PolicySearch *search);
/* "unknown_payer"; and the key of the request that has to change: "payer". */
licet_reason uncovered_reason(Uncovered uncovered);
const char *uncovered_key(Uncovered uncovered);
/* A name that exists and is near (a drug by its brand name too), the lines that are covered, or the
 * first day in force; or empty. */
Text library_nearest(Arena *arena, const licet_library *library, const PolicySearch *search,
                     Uncovered uncovered);

#endif
