/* Accounts: roles, NPIs, passwords, secrets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "accounts/account.h"
#include "accounts/npi.h"

static Arena arena;
static Store *store;
static const char *path;
static const StoreRules no_rules = {(const StoreRule[]){{"noted", "nurse"}}, 1};

static int open_all(void **context) {
  const char *why;
  (void)context;
  arena_open(&arena);
  path = arena_format(&arena, "/tmp/licet-account-%d.db", (int)getpid());
  return store_open(arena_format(&arena, "sqlite:%s", path), &no_rules, &arena, &store, &why);
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

static Account person(const char *name, Roles roles) {
  return (Account){.name = text_of(name),
                   .is_person = true,
                   .roles = roles,
                   .organization = TEXT(""),
                   .specialty = TEXT("oncology"),
                   .license = TEXT("OR:1"),
                   .reports_to = TEXT("")};
}

static void an_npi_is_known_by_its_check_digit(void **context) {
  (void)context;
  assert_true(npi_is_valid(TEXT("1234567893"))); /* the example of CMS */
  assert_true(npi_is_valid(TEXT("1245319599")));
  assert_false(npi_is_valid(TEXT("1234567890")));
  assert_false(npi_is_valid(TEXT("1234567983")));
  assert_false(npi_is_valid(TEXT("123456789")));
  assert_false(npi_is_valid(TEXT("12345678x3")));
}

static void roles_are_read_by_name(void **context) {
  (void)context;
  assert_int_equal(roles_read(TEXT("nurse,lead")), ROLE_BIT(ROLE_NURSE) | ROLE_BIT(ROLE_LEAD));
  assert_int_equal(roles_read(TEXT("nurse lead")), ROLE_BIT(ROLE_NURSE) | ROLE_BIT(ROLE_LEAD));
  assert_int_equal(roles_read(TEXT("nurse,surgeon")), 0);
  assert_int_equal(roles_read(TEXT("engine")), 0);
  assert_int_equal(roles_read(TEXT("")), 0);
}

static void an_account_that_may_not_be_is_refused(void **context) {
  (void)context;
  Account account = person("dr-lee", ROLE_BIT(ROLE_PHYSICIAN));
  assert_null(account_fault(&account));
  account.roles |= ROLE_BIT(ROLE_ADMIN);
  assert_non_null(account_fault(&account));
  account = person("Dr Lee", ROLE_BIT(ROLE_PHYSICIAN));
  assert_non_null(account_fault(&account));
  account = person("engine", ROLE_BIT(ROLE_PHYSICIAN));
  assert_non_null(account_fault(&account));
  account = person("dr-lee", 0);
  assert_non_null(account_fault(&account));
  account = person("office", ROLE_BIT(ROLE_REQUESTER));
  assert_non_null(account_fault(&account));
  account.organization = TEXT("1234567893");
  assert_null(account_fault(&account));
  account.is_person = false;
  assert_null(account_fault(&account));
  account.roles = ROLE_BIT(ROLE_PHYSICIAN);
  assert_non_null(account_fault(&account));
}

static void a_person_signs_in_with_their_password_alone(void **context) {
  Secret session;
  Account found;
  (void)context;
  const Account account = person("dr-lee", ROLE_BIT(ROLE_PHYSICIAN));
  assert_int_equal(account_add(store, &arena, &account, TEXT("correct horse battery")), STORE_OK);
  assert_int_equal(account_add(store, &arena, &account, TEXT("correct horse battery")),
                   STORE_TAKEN);
  assert_int_equal(account_sign_in(store, &arena, account.name, TEXT("correct horse"), &session),
                   STORE_NOT_FOUND);
  assert_int_equal(account_sign_in(store, &arena, TEXT("nobody"), TEXT("correct"), &session),
                   STORE_NOT_FOUND);
  assert_int_equal(
      account_sign_in(store, &arena, account.name, TEXT("correct horse battery"), &session),
      STORE_OK);
  const Text secret = text_of(session.text);
  assert_int_equal(account_by_secret(store, &arena, SECRET_SESSION, secret, &found), STORE_OK);
  assert_true(text_equal(found.name, account.name) && found.roles == account.roles);
  assert_true(text_is(found.specialty, "oncology") && found.is_person);
  assert_int_equal(account_by_secret(store, &arena, SECRET_TOKEN, secret, &found), STORE_NOT_FOUND);
  assert_int_equal(account_sign_out(store, secret), STORE_OK);
  assert_int_equal(account_by_secret(store, &arena, SECRET_SESSION, secret, &found),
                   STORE_NOT_FOUND);
}

static void a_program_holds_tokens(void **context) {
  Secret first, second;
  Account found;
  (void)context;
  Account program = person("portal", ROLE_BIT(ROLE_PROGRAM));
  program.is_person = false;
  program.organization = TEXT("1234567893");
  assert_int_equal(account_add_token(store, &arena, &program, 1, &first), STORE_OK);
  assert_int_equal(account_add_token(store, &arena, &program, 1, &second), STORE_OK);
  assert_string_not_equal(first.text, second.text);
  assert_int_equal(account_by_secret(store, &arena, SECRET_TOKEN, text_of(first.text), &found),
                   STORE_OK);
  assert_false(found.is_person);
  program.organization = TEXT("1245319599");
  assert_int_equal(account_add_token(store, &arena, &program, 1, &first), STORE_TAKEN);
  program.organization = TEXT("1234567893");
  assert_int_equal(account_sign_in(store, &arena, program.name, TEXT(""), &first), STORE_NOT_FOUND);
}

static void a_csrf_token_belongs_to_its_session(void **context) {
  (void)context;
  assert_string_equal(account_csrf(TEXT("a")).text, account_csrf(TEXT("a")).text);
  assert_string_not_equal(account_csrf(TEXT("a")).text, account_csrf(TEXT("b")).text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_npi_is_known_by_its_check_digit),
      cmocka_unit_test(roles_are_read_by_name),
      cmocka_unit_test(an_account_that_may_not_be_is_refused),
      cmocka_unit_test(a_person_signs_in_with_their_password_alone),
      cmocka_unit_test(a_program_holds_tokens),
      cmocka_unit_test(a_csrf_token_belongs_to_its_session),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
