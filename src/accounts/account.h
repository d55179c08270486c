/* account: who may act, and in which roles.
 *
 * A person signs in with a password and holds a session; a program holds a token. Both are known to
 * the store by the digest of their secret alone. `role.def` lists the roles; a set of roles is
 * bits.
 */
#ifndef ACCOUNTS_ACCOUNT_H
#define ACCOUNTS_ACCOUNT_H

#include "store/store.h"

typedef enum Role {
#define ROLE(symbol, name, kind, means) ROLE_##symbol,
#include "accounts/role.def"
#undef ROLE
  ROLE_COUNT
} Role;

typedef uint32_t Roles;
#define ROLE_BIT(role) ((Roles)1 << (role))

typedef enum RoleKind { OFFICE, STAFF, CLINICIAN, ADMIN, SERVICE } RoleKind;

const char *role_name(Role role);
RoleKind role_kind(Role role);
/* ROLE_COUNT where there is none. */
Role role_find(Text name);
/* Every role of that kind. */
Roles roles_of_kind(RoleKind kind);
/* "nurse,physician" or "nurse physician"; 0 where a name is no role that an account can have. */
Roles roles_read(Text names);

typedef struct Account {
  int64_t id;
  Text name;
  bool is_person;
  Roles roles;
  Text organization, specialty, license, reports_to;
} Account;

/* ---- Making accounts ---- */

/* What is wrong with an account that is to be made; NULL where nothing is. */
const char *account_fault(const Account *account);
/* STORE_TAKEN where the name exists. `password` is of a person. */
StoreStatus account_add(Store *store, Arena *arena, const Account *account, Text password);
#define PASSWORD_LEAST 12

/* ---- Signing in ---- */

/* 43 characters that cannot be guessed. */
#define SECRET_TEXT 43
typedef struct Secret {
  char text[SECRET_TEXT + 1];
} Secret;

#define SESSION_HOURS 12

/* STORE_NOT_FOUND where name and password do not belong together; how long that takes says nothing
 * about whether the name exists. */
StoreStatus account_sign_in(Store *store, Arena *arena, Text name, Text password, Secret *session);
StoreStatus account_sign_out(Store *store, Text session);
/* A program's account under that name, made where there is none, and a token for it. */
StoreStatus account_add_token(Store *store, Arena *arena, const Account *program, int64_t days,
                              Secret *token);

typedef enum SecretKind { SECRET_SESSION, SECRET_TOKEN } SecretKind;
/* Whose secret it is; STORE_NOT_FOUND where it is nobody's, or has ended. */
StoreStatus account_by_secret(Store *store, Arena *arena, SecretKind kind, Text secret,
                              Account *account);
/* What a browser must send with every change of a session: nothing that another page can know. */
Secret account_csrf(Text session);

#endif
