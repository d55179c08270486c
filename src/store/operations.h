/* operations: what a kind of store implements. store.c calls it; only files of this room see it. */
#ifndef STORE_OPERATIONS_H
#define STORE_OPERATIONS_H

#include "store/store.h"

typedef struct StoreOperations {
  void (*close)(Store *store);
  StoreStatus (*append)(Store *store, const StoreAppend *append);
  StoreStatus (*read_events)(Store *store, Arena *arena, Text case_id, Events *events);
  StoreStatus (*read_row)(Store *store, Arena *arena, Text case_id, CaseRow *row);
  StoreStatus (*find_case)(Store *store, Arena *arena, Text organization, Text request,
                           Text *case_id);
  StoreStatus (*list)(Store *store, Arena *arena, const StoreFilter *filter, CaseRows *rows);
  StoreStatus (*case_ids)(Store *store, Arena *arena, Text after, uint32_t limit, Texts *ids);
  StoreStatus (*due)(Store *store, Arena *arena, int64_t now, uint32_t limit, Texts *ids);
  StoreStatus (*read_ledger)(Store *store, Arena *arena, uint64_t after, uint32_t limit,
                             Events *events);
  StoreStatus (*add_checkpoint)(Store *store, const StoredCheckpoint *checkpoint);
  StoreStatus (*last_checkpoint)(Store *store, Arena *arena, StoredCheckpoint *checkpoint);
  StoreStatus (*read_checkpoints)(Store *store, Arena *arena, uint64_t after, uint32_t limit,
                                  StoredCheckpoints *checkpoints);
  StoreStatus (*put_row)(Store *store, const CaseRow *row);
  StoreStatus (*contents)(Store *store, Arena *arena, const Digest *after, uint32_t limit,
                          Digests *digests);
  StoreStatus (*keep)(Store *store, Text bytes, Digest digest);
  StoreStatus (*fetch)(Store *store, Arena *arena, Digest digest, Text *bytes);
  StoreStatus (*keep_policy)(Store *store, Text policy, const StoredFiles *files);
  StoreStatus (*fetch_policy)(Store *store, Arena *arena, Text policy, StoredFiles *files);
  StoreStatus (*add_account)(Store *store, const AccountRecord *account);
  StoreStatus (*find_account)(Store *store, Arena *arena, Text name, AccountRecord *account);
  StoreStatus (*add_credential)(Store *store, const Credential *credential);
  StoreStatus (*find_credential)(Store *store, Arena *arena, const Credential *credential,
                                 int64_t now, AccountRecord *account);
  StoreStatus (*end_credential)(Store *store, Digest secret);
} StoreOperations;

/* Every kind's store begins with this. */
struct Store {
  const StoreOperations *operations;
};

/* Kinds. `path` is what follows the scheme in the URL. */
StoreStatus sqlite_open(const char *path, const StoreRules *rules, Arena *arena, Store **store,
                        const char **why);

#endif
