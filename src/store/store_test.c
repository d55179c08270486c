/* The store, against its interface: what is appended comes back, what rests on old knowledge is
 * refused, and each list holds what was asked for. LICET_TEST_STORE names another store than a
 * fresh SQLite file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/store.h"

static const StoreRule rule_list[] = {{"submitted", "requester"}, {"decided", "engine"}};
static const StoreRules rules = {rule_list, 2};

static Arena arena;
static Store *store;
static AccountRecord office;
static const char *path;

static void open_store(const char *url) {
  const char *why;
  assert_int_equal(store_open(url, &rules, &arena, &store, &why), STORE_OK);
}

static int open_all(void **context) {
  (void)context;
  arena_open(&arena);
  path = arena_format(&arena, "/tmp/licet-store-%d.db", (int)getpid());
  const char *url = getenv("LICET_TEST_STORE");
  open_store(url != NULL ? url : arena_format(&arena, "sqlite:%s", path));
  office = (AccountRecord){.name = TEXT("office"),
                           .kind = TEXT("person"),
                           .roles = TEXT("clerk requester"),
                           .organization = TEXT("1234567893"),
                           .specialty = TEXT("oncology"),
                           .license = TEXT("OR:1"),
                           .reports_to = TEXT("lead"),
                           .password = TEXT("$hash")};
  assert_int_equal(store_add_account(store, &office), STORE_OK);
  assert_int_equal(store_find_account(store, &arena, office.name, &office), STORE_OK);
  return 0;
}

static int close_all(void **context) {
  (void)context;
  store_close(store);
  unlink(path);
  unlink(arena_format(&arena, "%s-wal", path));
  unlink(arena_format(&arena, "%s-shm", path));
  arena_close(&arena);
  return 0;
}

static Event submitted(Text id) {
  return (Event){.case_id = id,
                 .instant = 1000,
                 .type = TEXT("submitted"),
                 .actor = office.name,
                 .role = TEXT("requester"),
                 .account = office.id,
                 .payload = TEXT("{\"a\":1}")};
}

static CaseRow row_of(Text id, const char *request) {
  return (CaseRow){.id = id,
                   .organization = TEXT("1234567893"),
                   .request = text_of(request),
                   .member = TEXT("M-1"),
                   .state = TEXT("in_review"),
                   .received = 1000,
                   .seq = 1};
}

static StoreStatus append_row(const CaseRow *row, const Event *before) {
  Event event = submitted(row->id);
  ledger_link(&arena, &event, before);
  const StoreAppend append = {
      .events = &event, .count = 1, .expected = before == NULL ? 0 : before->number, .row = row};
  return store_append(store, &append);
}

static StoreStatus append_case(const char *id, const char *request) {
  const CaseRow row = row_of(text_of(id), request);
  return append_row(&row, NULL);
}

static void events_come_back_as_they_were_appended(void **context) {
  Events events;
  CaseRow row;
  (void)context;
  const Text id = TEXT("a-1");
  Event first = submitted(id), second = first;
  second.type = second.role = second.actor = TEXT("engine");
  second.type = TEXT("decided");
  second.account = 0;
  ledger_link(&arena, &first, NULL);
  ledger_link(&arena, &second, &first);
  const Event both[] = {first, second};
  const CaseRow written = row_of(id, "R-1");
  const StoreAppend append = {.events = both, .count = 2, .expected = 0, .row = &written};
  assert_int_equal(store_append(store, &append), STORE_OK);
  assert_int_equal(store_read_events(store, &arena, id, &events), STORE_OK);
  assert_int_equal(events.count, 2);
  for (uint32_t i = 0; i < 2; i++) {
    assert_null(ledger_fault(&arena, &events.items[i], i == 0 ? NULL : &events.items[0]));
    assert_true(text_equal(events.items[i].payload, both[i].payload));
    assert_int_equal(events.items[i].account, both[i].account);
    assert_true(digest_equal(events.items[i].digest, both[i].digest));
  }
  assert_int_equal(store_read_row(store, &arena, id, &row), STORE_OK);
  assert_true(text_equal(row.member, written.member));
  assert_int_equal(row.received, 1000);
  Text found;
  assert_int_equal(store_find_case(store, &arena, written.organization, TEXT("R-1"), &found),
                   STORE_OK);
  assert_true(text_equal(found, id));
}

static void what_does_not_exist_is_not_found(void **context) {
  Events events;
  CaseRow row;
  Text text;
  AccountRecord account;
  StoredFiles files;
  (void)context;
  assert_int_equal(store_read_events(store, &arena, TEXT("none"), &events), STORE_NOT_FOUND);
  assert_int_equal(store_read_row(store, &arena, TEXT("none"), &row), STORE_NOT_FOUND);
  assert_int_equal(store_find_case(store, &arena, TEXT("x"), TEXT("y"), &text), STORE_NOT_FOUND);
  assert_int_equal(store_fetch(store, &arena, digest_of("?", 1), &text), STORE_NOT_FOUND);
  assert_int_equal(store_fetch_policy(store, &arena, TEXT("?"), &files), STORE_NOT_FOUND);
  assert_int_equal(store_find_account(store, &arena, TEXT("nobody"), &account), STORE_NOT_FOUND);
}

static void a_writer_who_does_not_know_the_last_event_loses(void **context) {
  Events events;
  (void)context;
  assert_int_equal(append_case("b-1", "R-2"), STORE_OK);
  assert_int_equal(append_case("b-1", "R-2"), STORE_STALE);
  assert_int_equal(store_read_events(store, &arena, TEXT("b-1"), &events), STORE_OK);
  const CaseRow row = row_of(TEXT("b-1"), "R-2");
  assert_int_equal(append_row(&row, &events.items[0]), STORE_OK);
  assert_int_equal(append_row(&row, &events.items[0]), STORE_STALE);
  assert_int_equal(store_read_events(store, &arena, TEXT("b-1"), &events), STORE_OK);
  assert_int_equal(events.count, 2);
}

static void an_organization_uses_a_request_id_once(void **context) {
  Events events;
  (void)context;
  assert_int_equal(append_case("c-1", "R-3"), STORE_OK);
  assert_int_equal(append_case("c-2", "R-3"), STORE_TAKEN);
  assert_int_equal(store_read_events(store, &arena, TEXT("c-2"), &events), STORE_NOT_FOUND);
  assert_int_equal(append_case("c-3", ""), STORE_OK);
  assert_int_equal(append_case("c-4", ""), STORE_OK);
}

static void a_link_that_does_not_continue_is_refused(void **context) {
  (void)context;
  const CaseRow row = row_of(TEXT("d-1"), "R-4");
  Event event = submitted(row.id);
  ledger_link(&arena, &event, NULL);
  event.number = 2;
  const StoreAppend append = {.events = &event, .count = 1, .expected = 0, .row = &row};
  assert_int_equal(store_append(store, &append), STORE_REFUSED);
  event.number = 1;
  event.previous = event.digest;
  assert_int_equal(store_append(store, &append), STORE_REFUSED);
}

/* ---- Two writers ---- */

#define WRITERS 8

static void *write_one(void *context) {
  Arena own;
  CaseRow row = row_of(TEXT("e-1"), "R-5");
  Event event = submitted(row.id);
  arena_open(&own);
  ledger_link(&own, &event, NULL);
  arena_close(&own);
  const StoreAppend append = {.events = &event, .count = 1, .expected = 0, .row = &row};
  *(StoreStatus *)context = store_append(store, &append);
  return NULL;
}

static void of_writers_for_one_number_one_wins(void **context) {
  pthread_t threads[WRITERS];
  StoreStatus statuses[WRITERS];
  Events events;
  int won = 0;
  (void)context;
  for (int i = 0; i < WRITERS; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, write_one, &statuses[i]), 0);
  for (int i = 0; i < WRITERS; i++) {
    pthread_join(threads[i], NULL);
    won += statuses[i] == STORE_OK;
    assert_true(statuses[i] == STORE_OK || statuses[i] == STORE_STALE);
  }
  assert_int_equal(won, 1);
  assert_int_equal(store_read_events(store, &arena, TEXT("e-1"), &events), STORE_OK);
  assert_int_equal(events.count, 1);
}

/* ---- Lists ---- */

static void a_list_holds_what_was_asked_for_page_by_page(void **context) {
  CaseRows rows;
  (void)context;
  for (int i = 0; i < 5; i++) {
    CaseRow row = row_of(text_of(arena_format(&arena, "f-%d", i)), "");
    row.member = TEXT("M-list");
    row.state = i % 2 == 0 ? TEXT("denied") : TEXT("appealed");
    row.due = i == 3 ? 5000 : 0;
    assert_int_equal(append_row(&row, NULL), STORE_OK);
  }
  StoreFilter filter = {.member = TEXT("M-list"), .limit = 2};
  assert_int_equal(store_list(store, &arena, &filter, &rows), STORE_OK);
  assert_int_equal(rows.count, 2);
  assert_true(text_is(rows.items[1].id, "f-1"));
  filter.after = rows.items[1].id;
  filter.limit = 10;
  assert_int_equal(store_list(store, &arena, &filter, &rows), STORE_OK);
  assert_int_equal(rows.count, 3);
  filter.state = TEXT("appealed");
  assert_int_equal(store_list(store, &arena, &filter, &rows), STORE_OK);
  assert_int_equal(rows.count, 1);
  filter.due_before = 5000;
  assert_int_equal(store_list(store, &arena, &filter, &rows), STORE_OK);
  assert_int_equal(rows.count, 0);
  filter.due_before = 5001;
  assert_int_equal(store_list(store, &arena, &filter, &rows), STORE_OK);
  assert_int_equal(rows.count, 1);
}

static void ids_of_cases_come_in_order(void **context) {
  Texts ids;
  (void)context;
  assert_int_equal(store_case_ids(store, &arena, TEXT("f-1"), 2, &ids), STORE_OK);
  assert_int_equal(ids.count, 2);
  assert_true(text_is(ids.items[0], "f-2") && text_is(ids.items[1], "f-3"));
}

static void cases_on_which_the_clock_acts_come_earliest_first(void **context) {
  Texts ids;
  (void)context;
  for (int i = 0; i < 4; i++) {
    CaseRow row = row_of(text_of(arena_format(&arena, "g-%d", i)), "");
    row.acts_at = i == 0 ? 0 : 9000 - 1000 * i; /* 8000, 7000, 6000 */
    assert_int_equal(append_row(&row, NULL), STORE_OK);
  }
  assert_int_equal(store_due(store, &arena, 5999, 10, &ids), STORE_OK);
  assert_int_equal(ids.count, 0);
  assert_int_equal(store_due(store, &arena, 7000, 10, &ids), STORE_OK);
  assert_int_equal(ids.count, 2);
  assert_true(text_is(ids.items[0], "g-3") && text_is(ids.items[1], "g-2"));
  assert_int_equal(store_due(store, &arena, 9999, 1, &ids), STORE_OK);
  assert_int_equal(ids.count, 1);
}

/* ---- Contents and accounts ---- */

static void contents_are_kept_by_digest(void **context) {
  Digest digest, again;
  Text bytes;
  StoredFiles files = {NULL, 0, 0}, read;
  (void)context;
  assert_int_equal(store_keep(store, TEXT("policy x"), &digest), STORE_OK);
  assert_int_equal(store_keep(store, TEXT("policy x"), &again), STORE_OK);
  assert_true(digest_equal(digest, again));
  assert_int_equal(store_fetch(store, &arena, digest, &bytes), STORE_OK);
  assert_true(text_is(bytes, "policy x"));
  const StoredFile file = {TEXT("x.licet"), digest};
  LIST_PUSH(&arena, files, file);
  assert_int_equal(store_keep_policy(store, TEXT("sha256:1"), &files), STORE_OK);
  assert_int_equal(store_keep_policy(store, TEXT("sha256:1"), &files), STORE_OK);
  assert_int_equal(store_fetch_policy(store, &arena, TEXT("sha256:1"), &read), STORE_OK);
  assert_int_equal(read.count, 1);
  assert_true(text_is(read.items[0].name, "x.licet"));
}

static void an_account_comes_back_and_its_name_is_taken(void **context) {
  (void)context;
  assert_true(text_is(office.roles, "clerk requester"));
  assert_true(text_is(office.specialty, "oncology") && text_is(office.reports_to, "lead"));
  assert_int_equal(store_add_account(store, &office), STORE_TAKEN);
}

static void a_credential_is_good_until_it_ends(void **context) {
  AccountRecord account;
  const Credential session = {digest_of("s", 1), TEXT("session"), office.id, 2000};
  Credential token = session;
  token.kind = TEXT("token");
  (void)context;
  assert_int_equal(store_add_credential(store, &session), STORE_OK);
  assert_int_equal(store_find_credential(store, &arena, &session, 1999, &account), STORE_OK);
  assert_true(text_equal(account.name, office.name));
  assert_int_equal(store_find_credential(store, &arena, &session, 2000, &account), STORE_NOT_FOUND);
  assert_int_equal(store_find_credential(store, &arena, &token, 1999, &account), STORE_NOT_FOUND);
  assert_int_equal(store_end_credential(store, session.secret), STORE_OK);
  assert_int_equal(store_find_credential(store, &arena, &session, 1999, &account), STORE_NOT_FOUND);
}

static void all_of_it_is_there_after_opening_again(void **context) {
  Events events;
  (void)context;
  if (getenv("LICET_TEST_STORE") != NULL) skip();
  store_close(store);
  open_store(arena_format(&arena, "sqlite:%s", path));
  assert_int_equal(store_read_events(store, &arena, TEXT("a-1"), &events), STORE_OK);
  assert_int_equal(events.count, 2);
}

static void a_store_that_is_none_says_why(void **context) {
  Store *none;
  const char *why;
  (void)context;
  assert_int_equal(store_open("papyrus:x", &rules, &arena, &none, &why), STORE_FAILED);
  assert_non_null(strstr(why, "sqlite:PATH"));
  assert_int_equal(store_open("sqlite:/no/such/folder/x", &rules, &arena, &none, &why),
                   STORE_FAILED);
  assert_non_null(why);
  store_close(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(events_come_back_as_they_were_appended),
      cmocka_unit_test(what_does_not_exist_is_not_found),
      cmocka_unit_test(a_writer_who_does_not_know_the_last_event_loses),
      cmocka_unit_test(an_organization_uses_a_request_id_once),
      cmocka_unit_test(a_link_that_does_not_continue_is_refused),
      cmocka_unit_test(of_writers_for_one_number_one_wins),
      cmocka_unit_test(a_list_holds_what_was_asked_for_page_by_page),
      cmocka_unit_test(ids_of_cases_come_in_order),
      cmocka_unit_test(cases_on_which_the_clock_acts_come_earliest_first),
      cmocka_unit_test(contents_are_kept_by_digest),
      cmocka_unit_test(an_account_comes_back_and_its_name_is_taken),
      cmocka_unit_test(a_credential_is_good_until_it_ends),
      cmocka_unit_test(all_of_it_is_there_after_opening_again),
      cmocka_unit_test(a_store_that_is_none_says_why),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
