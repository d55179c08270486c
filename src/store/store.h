/* store: where cases, accounts and policy texts are kept.
 *
 *     Store *store;
 *     if (store_open("sqlite:/var/lib/licet/licet.db", &rules, &store, &why) != STORE_OK) ...
 *     store_append(store, &append);            the next events of one case, durable when it returns
 *     store_read_events(store, arena, id, &events);
 *     store_close(store);
 *
 * Three rules hold for all of it. What returns STORE_OK after writing is durable: it survives the
 * end of the program and of the machine. What is read is the caller's, in the arena it names. Any
 * thread may call anything at any time.
 *
 * A store is one of several kinds (operations.h); nothing outside this room knows which.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "store/ledger.h"

typedef struct Store Store;

typedef enum StoreStatus {
  STORE_OK,
  STORE_NOT_FOUND,
  STORE_STALE,   /* the case has other events than the writer knew */
  STORE_TAKEN,   /* the name, or the organization's request id, exists already */
  STORE_REFUSED, /* the database's own rules forbid it; a bug of ours, or an account just changed */
  STORE_FAILED   /* it cannot be written or read now: disk full, read-only, not reachable */
} StoreStatus;

const char *store_status_text(StoreStatus status);

/* Which role may cause which type of event. The database enforces it too, so that a program that
 * goes past this one is refused. */
typedef struct StoreRule {
  const char *type, *role;
} StoreRule;

typedef struct StoreRules {
  const StoreRule *rules;
  size_t count;
} StoreRules;

/* "sqlite:PATH"; made where there is none, and brought to this program's schema. `*why` (static
 * text, or the database's own in `arena`) where it is not STORE_OK. */
StoreStatus store_open(const char *url, const StoreRules *rules, Arena *arena, Store **store,
                       const char **why);
void store_close(Store *store);

/* ---- Cases ---- */

typedef struct CaseRow {
#define ROW_TEXT(name) Text name;
#define ROW_NUMBER(name) int64_t name;
#include "store/row.def"
#undef ROW_TEXT
#undef ROW_NUMBER
} CaseRow;

typedef LIST(CaseRow) CaseRows;

/* The next events of one case, linked (ledger_link) behind the event `expected`, and the row that
 * follows from them: all of it in one transaction, or nothing.
 *     STORE_STALE   the last event is not number `expected`
 *     STORE_TAKEN   a new case (expected 0) has the organization and request id of another
 *     STORE_REFUSED an account that may not cause such an event, or no longer */
typedef struct StoreAppend {
  const Event *events;
  uint32_t count;
  int64_t expected;
  const CaseRow *row;
} StoreAppend;
StoreStatus store_append(Store *store, const StoreAppend *append);

/* All events of a case in order; STORE_NOT_FOUND where it has none. */
StoreStatus store_read_events(Store *store, Arena *arena, Text case_id, Events *events);
StoreStatus store_read_row(Store *store, Arena *arena, Text case_id, CaseRow *row);
/* The case that an organization submitted under its request id. */
StoreStatus store_find_case(Store *store, Arena *arena, Text organization, Text request,
                            Text *case_id);

/* Rows in order of id, which is that of receipt, behind `after`. An empty text filters nothing. */
typedef struct StoreFilter {
  Text after, organization, state, assigned_to, payer, drug, member;
  int64_t due_before; /* 0: any */
  uint32_t limit;
} StoreFilter;
StoreStatus store_list(Store *store, Arena *arena, const StoreFilter *filter, CaseRows *rows);
/* Ids of cases that have events, in order, behind `after`; at most `limit`. From the events, not
 * from the rows: what verifies the ledger trusts no projection. */
typedef LIST(Text) Texts;
StoreStatus store_case_ids(Store *store, Arena *arena, Text after, uint32_t limit, Texts *ids);

/* Ids of cases on which the clock is to act at `now` or was to before, the earliest first; at most
 * `limit`. Acting appends an event, with a row that says when the clock acts next, so a case is
 * acted on once however many programs ask. */
StoreStatus store_due(Store *store, Arena *arena, int64_t now, uint32_t limit, Texts *ids);

/* ---- The ledger as one sequence ---- */

/* Events of all cases in the order of their places, behind `after`; at most `limit`. */
StoreStatus store_read_ledger(Store *store, Arena *arena, uint64_t after, uint32_t limit,
                              Events *events);

/* A signed head over the first `size` events (checkpoint.h). None is changed or removed. */
typedef struct StoredCheckpoint {
  uint64_t size;
  int64_t instant;
  Text frontier; /* whole nodes of the tree, from the lowest level up */
  Text note;
  Text key; /* that verifies the note */
} StoredCheckpoint;
typedef LIST(StoredCheckpoint) StoredCheckpoints;
/* STORE_TAKEN where there is one of that size. */
StoreStatus store_add_checkpoint(Store *store, const StoredCheckpoint *checkpoint);
/* STORE_NOT_FOUND where there is none. */
StoreStatus store_last_checkpoint(Store *store, Arena *arena, StoredCheckpoint *checkpoint);
/* In order of size, behind the size `after`; at most `limit`. */
StoreStatus store_read_checkpoints(Store *store, Arena *arena, uint64_t after, uint32_t limit,
                                   StoredCheckpoints *checkpoints);

/* Puts the row in the place of the one there is: of a projection that is rebuilt. */
StoreStatus store_put_row(Store *store, const CaseRow *row);

/* ---- Contents by digest ---- */

/* Policy texts and documents. Keeping the same bytes again is fine. */
StoreStatus store_keep(Store *store, Text bytes, Digest *digest);
/* STORE_FAILED too where the bytes are not those of the digest any more. */
StoreStatus store_fetch(Store *store, Arena *arena, Digest digest, Text *bytes);

/* Digests of all contents in order, behind `after` (NULL: from the first); at most `limit`. */
typedef LIST(Digest) Digests;
StoreStatus store_contents(Store *store, Arena *arena, const Digest *after, uint32_t limit,
                           Digests *digests);

/* The files that a policy's digest ("sha256:...") stands for, so that a case can be decided again
 * when the folder of that day is gone. */
typedef struct StoredFile {
  Text name;
  Digest digest;
} StoredFile;
typedef LIST(StoredFile) StoredFiles;
StoreStatus store_keep_policy(Store *store, Text policy, const StoredFiles *files);
StoreStatus store_fetch_policy(Store *store, Arena *arena, Text policy, StoredFiles *files);

/* ---- Accounts ---- */

typedef struct AccountRecord {
  int64_t id;
  Text name;
  Text kind;  /* "person" or "program" */
  Text roles; /* names with a space between */
  Text organization, specialty, license, reports_to;
  Text password; /* Argon2id's own form; empty for programs */
  bool is_disabled;
} AccountRecord;
/* STORE_TAKEN where the name exists. */
StoreStatus store_add_account(Store *store, const AccountRecord *account);
StoreStatus store_find_account(Store *store, Arena *arena, Text name, AccountRecord *account);

/* A session of a person or a token of a program: known by the digest of its secret alone. */
typedef struct Credential {
  Digest secret;
  Text kind; /* "session" or "token" */
  int64_t account, expires;
} Credential;
StoreStatus store_add_credential(Store *store, const Credential *credential);
/* The account of a credential of that kind that has not ended by `now`. */
StoreStatus store_find_credential(Store *store, Arena *arena, const Credential *credential,
                                  int64_t now, AccountRecord *account);
StoreStatus store_end_credential(Store *store, Digest secret);

#endif
