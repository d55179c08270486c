/* audit: verifies the ledger: every event of every case is hashed again from its contents, and its
 * place in the chain checked. What is wrong is printed with where. */
#include "daemon/state.h"
#include "store/ledger.h"

#define PAGE 1000

typedef struct Audit {
  Store *store;
  Arena page, work; /* ids of a page of cases; one case */
  size_t cases, events, faults;
  StoreStatus status;
} Audit;

static void verify_case(Audit *audit, Text id) {
  Events events;
  audit->status = store_read_events(audit->store, &audit->work, id, &events);
  if (audit->status != STORE_OK) return;
  audit->cases++;
  for (uint32_t i = 0; i < events.count; i++) {
    const Event *event = &events.items[i], *before = i == 0 ? NULL : event - 1;
    const char *fault = ledger_fault(&audit->work, event, before);
    audit->events++;
    if (fault == NULL) continue;
    audit->faults++;
    printf("case %.*s, event %lld: %s\n", TEXT_ARGS(id), (long long)event->number, fault);
  }
}

static void verify(void *context) {
  Audit *audit = context;
  char last[128] = "";
  Texts ids;
  do {
    arena_reset(&audit->page);
    audit->status = store_case_ids(audit->store, &audit->page, text_of(last), PAGE, &ids);
    for (uint32_t i = 0; i < ids.count && audit->status == STORE_OK; i++) {
      arena_reset(&audit->work);
      verify_case(audit, ids.items[i]);
    }
    if (ids.count > 0) snprintf(last, sizeof last, "%.*s", TEXT_ARGS(ids.items[ids.count - 1]));
  } while (ids.count == PAGE && audit->status == STORE_OK);
}

static ExitCode report(const Audit *audit) {
  if (audit->status != STORE_OK) return state_exit("the ledger", audit->status);
  if (audit->faults == 0)
    printf("verified: cases %zu, events %zu\n", audit->cases, audit->events);
  else
    printf("not verified: faults %zu in cases %zu, events %zu\n", audit->faults, audit->cases,
           audit->events);
  return audit->faults == 0 ? EXIT_FINE : EXIT_ANSWER;
}

ExitCode command_audit_verify(const Options *options) {
  Audit audit = {.status = STORE_OK};
  Arena *const arenas[] = {&audit.page, &audit.work};
  arena_open(&audit.page);
  arena_open(&audit.work);
  ExitCode code = state_open(options, &audit.work, &audit.store);
  if (code == EXIT_FINE) {
    if (arenas_attempt(arenas, 2, verify, &audit)) {
      code = report(&audit);
    } else {
      complain("memory is short");
      code = EXIT_WORLD;
    }
  }
  store_close(audit.store);
  arena_close(&audit.work);
  arena_close(&audit.page);
  return code;
}
