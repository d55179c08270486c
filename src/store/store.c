/* store: the face of this room; each call goes to the kind of store that was opened. What holds
 * whatever the kind (contents are what their digest says) is done here.
 */
#include "store/store.h"

#include <sodium.h>

#include "base/unreachable.h"
#include "store/operations.h"

const char *store_status_text(StoreStatus status) {
  switch (status) {
    case STORE_OK:
      return "fine";
    case STORE_NOT_FOUND:
      return "not found";
    case STORE_STALE:
      return "the case has changed";
    case STORE_TAKEN:
      return "the name is taken";
    case STORE_REFUSED:
      return "the store refuses it";
    case STORE_FAILED:
      return "the store cannot be used now";
  }
  UNREACHABLE();
}

#define SQLITE_SCHEME "sqlite:"

StoreStatus store_open(const char *url, const StoreRules *rules, Arena *arena, Store **store,
                       const char **why) {
  *store = NULL;
  *why = NULL;
  if (sodium_init() < 0) {
    *why = "no source of randomness";
    return STORE_FAILED;
  }
  if (strncmp(url, SQLITE_SCHEME, strlen(SQLITE_SCHEME)) == 0)
    return sqlite_open(url + strlen(SQLITE_SCHEME), rules, arena, store, why);
  *why = "not the address of a store; one looks like sqlite:PATH";
  return STORE_FAILED;
}

void store_close(Store *store) {
  if (store != NULL) store->operations->close(store);
}

StoreStatus store_append(Store *store, const StoreAppend *append) {
  return store->operations->append(store, append);
}
StoreStatus store_read_events(Store *store, Arena *arena, Text case_id, Events *events) {
  return store->operations->read_events(store, arena, case_id, events);
}
StoreStatus store_read_row(Store *store, Arena *arena, Text case_id, CaseRow *row) {
  return store->operations->read_row(store, arena, case_id, row);
}
StoreStatus store_find_case(Store *store, Arena *arena, Text organization, Text request,
                            Text *case_id) {
  return store->operations->find_case(store, arena, organization, request, case_id);
}
StoreStatus store_list(Store *store, Arena *arena, const StoreFilter *filter, CaseRows *rows) {
  return store->operations->list(store, arena, filter, rows);
}
StoreStatus store_case_ids(Store *store, Arena *arena, Text after, uint32_t limit, Texts *ids) {
  return store->operations->case_ids(store, arena, after, limit, ids);
}
StoreStatus store_due(Store *store, Arena *arena, int64_t now, uint32_t limit, Texts *ids) {
  return store->operations->due(store, arena, now, limit, ids);
}

StoreStatus store_read_ledger(Store *store, Arena *arena, uint64_t after, uint32_t limit,
                              Events *events) {
  return store->operations->read_ledger(store, arena, after, limit, events);
}
StoreStatus store_add_checkpoint(Store *store, const StoredCheckpoint *checkpoint) {
  return store->operations->add_checkpoint(store, checkpoint);
}
StoreStatus store_last_checkpoint(Store *store, Arena *arena, StoredCheckpoint *checkpoint) {
  return store->operations->last_checkpoint(store, arena, checkpoint);
}
StoreStatus store_read_checkpoints(Store *store, Arena *arena, uint64_t after, uint32_t limit,
                                   StoredCheckpoints *checkpoints) {
  return store->operations->read_checkpoints(store, arena, after, limit, checkpoints);
}
StoreStatus store_put_row(Store *store, const CaseRow *row) {
  return store->operations->put_row(store, row);
}

StoreStatus store_contents(Store *store, Arena *arena, const Digest *after, uint32_t limit,
                           Digests *digests) {
  return store->operations->contents(store, arena, after, limit, digests);
}
StoreStatus store_keep(Store *store, Text bytes, Digest *digest) {
  *digest = digest_of(bytes.at, bytes.length);
  return store->operations->keep(store, bytes, *digest);
}
StoreStatus store_fetch(Store *store, Arena *arena, Digest digest, Text *bytes) {
  const StoreStatus status = store->operations->fetch(store, arena, digest, bytes);
  if (status != STORE_OK) return status;
  return digest_equal(digest_of(bytes->at, bytes->length), digest) ? STORE_OK : STORE_FAILED;
}
StoreStatus store_keep_policy(Store *store, Text policy, const StoredFiles *files) {
  return store->operations->keep_policy(store, policy, files);
}
StoreStatus store_fetch_policy(Store *store, Arena *arena, Text policy, StoredFiles *files) {
  return store->operations->fetch_policy(store, arena, policy, files);
}

StoreStatus store_add_account(Store *store, const AccountRecord *account) {
  return store->operations->add_account(store, account);
}
StoreStatus store_find_account(Store *store, Arena *arena, Text name, AccountRecord *account) {
  return store->operations->find_account(store, arena, name, account);
}
StoreStatus store_add_credential(Store *store, const Credential *credential) {
  return store->operations->add_credential(store, credential);
}
StoreStatus store_find_credential(Store *store, Arena *arena, const Credential *credential,
                                  int64_t now, AccountRecord *account) {
  return store->operations->find_credential(store, arena, credential, now, account);
}
StoreStatus store_end_credential(Store *store, Digest secret) {
  return store->operations->end_credential(store, secret);
}
