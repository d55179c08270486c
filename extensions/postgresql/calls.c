#include "calls.h"

#include <funcapi.h>
#include <utils/memutils.h>

#include "backend.h"

typedef struct Call {
  Opened *opened;
  TupleDesc row;
  MemoryContextCallback at_end;
} Call;

static void release(void *call) { opened_release(((Call *)call)->opened); }

static Call *call_of(FunctionCallInfo fcinfo) {
  if (fcinfo->flinfo->fn_extra == NULL) {
    Call *call = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof *call);
    call->at_end = (MemoryContextCallback){.func = release, .arg = call};
    MemoryContextRegisterResetCallback(fcinfo->flinfo->fn_mcxt, &call->at_end);
    fcinfo->flinfo->fn_extra = call;
  }
  return fcinfo->flinfo->fn_extra;
}

licet_session *call_session(FunctionCallInfo fcinfo, const text *policy) {
  Call *call = call_of(fcinfo);
  if (call->opened == NULL || !backend_names(call->opened)) {
    Opened *opened = opened_retain(backend_opened());
    opened_release(call->opened);
    call->opened = opened;
  }
  return opened_session(call->opened, policy);
}

TupleDesc call_row(FunctionCallInfo fcinfo, int columns) {
  Call *call = call_of(fcinfo);
  if (call->row == NULL) {
    TupleDesc row;
    MemoryContext before = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
    if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE || row->natts != columns)
      ereport(ERROR, errcode(ERRCODE_DATATYPE_MISMATCH),
              errmsg("the function returns a row of %d columns", columns));
    call->row = BlessTupleDesc(row);
    MemoryContextSwitchTo(before);
  }
  return call->row;
}
