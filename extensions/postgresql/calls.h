/* calls: what one expression of a running statement keeps from call to call: the policies it began
 * with, whatever is reloaded meanwhile (a cursor may be fetched from for hours), and the row that
 * it returns. */
#ifndef LICET_CALLS_H
#define LICET_CALLS_H

#include <postgres.h>

#include <access/tupdesc.h>
#include <fmgr.h>

#include <licet/outcome.h>

/* The session by which this call decides: by the policy with this id, or, where it is NULL, by the
 * one that each request names. */
licet_session *call_session(FunctionCallInfo fcinfo, const text *policy);

/* The row that the function returns, as the script of the extension declares it: of so many
 * columns. */
TupleDesc call_row(FunctionCallInfo fcinfo, int columns);

#endif
