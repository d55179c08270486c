/* view: a case, its history and the worklist as JSON, each as far as the account's roles go: notes,
 * escalations and who works on a case are the plan's own and stay inside it. */
#ifndef CASES_VIEW_H
#define CASES_VIEW_H

#include "cases/case.h"
#include "json/writer.h"

void view_case(JsonWriter *json, const Account *account, const Case *now, const Texts *duplicates);
void view_events(JsonWriter *json, const Account *account, const Events *events);
/* A page of the worklist; `limit` says whether another may follow. */
void view_rows(JsonWriter *json, const Account *account, const CaseRows *rows, uint32_t limit);

#endif
