/* account: see account.h. Passwords by Argon2id, secrets random and kept by their SHA-256; both
 * libsodium's.
 *
 * The invariant: nothing that the store holds lets its reader sign in.
 */
#include "accounts/account.h"

#include <sodium.h>

#include "accounts/npi.h"

#define SECRET_BYTES 32
#define HOUR_MS 3600000
#define DAY_MS (24 * (int64_t)HOUR_MS)

/* ---- Records ---- */

static Account from_record(const AccountRecord *record) {
  return (Account){.id = record->id,
                   .name = record->name,
                   .is_person = text_is(record->kind, "person"),
                   .roles = roles_read(record->roles),
                   .organization = record->organization,
                   .specialty = record->specialty,
                   .license = record->license,
                   .reports_to = record->reports_to};
}

static Text role_names(Arena *arena, Roles roles) {
  Buffer names;
  buffer_open(&names, arena, 128);
  for (Role role = 0; role < ROLE_COUNT; role++) {
    if ((roles & ROLE_BIT(role)) == 0) continue;
    if (names.length > 0) buffer_character(&names, ' ');
    buffer_string(&names, role_name(role));
  }
  return (Text){names.at, (uint32_t)names.length};
}

/* ---- Making accounts ---- */

#define NAME_LONGEST 64u

static bool is_name(Text name) {
  if (name.length == 0 || name.length > NAME_LONGEST || !is_ascii_word(name.at[0])) return false;
  for (uint32_t i = 0; i < name.length; i++) {
    const char c = name.at[i];
    if (!is_ascii_digit(c) && !(c >= 'a' && c <= 'z') && c != '-' && c != '.' && c != '_')
      return false;
  }
  return role_find(name) == ROLE_COUNT || role_kind(role_find(name)) != SERVICE;
}

const char *account_fault(const Account *account) {
  const Roles roles = account->roles;
  if (!is_name(account->name))
    return "a name is at most 64 lower-case letters, digits, hyphens, points and underscores";
  if (roles == 0) return "an account has at least one role";
  if ((roles & roles_of_kind(ADMIN)) != 0 && (roles & roles_of_kind(CLINICIAN)) != 0)
    return "an admin has no clinical role";
  if ((roles & roles_of_kind(OFFICE)) != 0 && !npi_is_valid(account->organization))
    return "an office's account needs its organization's NPI";
  if (!account->is_person && (roles & ~roles_of_kind(OFFICE)) != 0)
    return "a program acts for an organization: requester or program";
  return NULL;
}

static AccountRecord to_record(Arena *arena, const Account *account, Text password) {
  return (AccountRecord){.name = account->name,
                         .kind = account->is_person ? TEXT("person") : TEXT("program"),
                         .roles = role_names(arena, account->roles),
                         .organization = account->organization,
                         .specialty = account->specialty,
                         .license = account->license,
                         .reports_to = account->reports_to,
                         .password = password};
}

StoreStatus account_add(Store *store, Arena *arena, const Account *account, Text password) {
  char hash[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str(hash, password.at, password.length, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    arena_exhaust(arena);
  const AccountRecord record = to_record(arena, account, text_of(hash));
  return store_add_account(store, &record);
}

/* ---- Secrets ---- */

static Secret secret_text(const unsigned char bytes[SECRET_BYTES]) {
  Secret secret;
  sodium_bin2base64(secret.text, sizeof secret.text, bytes, SECRET_BYTES,
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return secret;
}

static Secret secret_new(void) {
  unsigned char bytes[SECRET_BYTES];
  randombytes_buf(bytes, sizeof bytes);
  return secret_text(bytes);
}

static Text kind_text(SecretKind kind) {
  return kind == SECRET_SESSION ? TEXT("session") : TEXT("token");
}

static StoreStatus keep_secret(Store *store, SecretKind kind, int64_t account, int64_t expires,
                               Secret *secret) {
  *secret = secret_new();
  const Credential credential = {.secret = digest_of(secret->text, SECRET_TEXT),
                                 .kind = kind_text(kind),
                                 .account = account,
                                 .expires = expires};
  return store_add_credential(store, &credential);
}

Secret account_csrf(Text session) {
  crypto_hash_sha256_state state;
  unsigned char hash[SECRET_BYTES];
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, (const unsigned char *)"csrf:", 5);
  crypto_hash_sha256_update(&state, (const unsigned char *)session.at, session.length);
  crypto_hash_sha256_final(&state, hash);
  return secret_text(hash);
}

/* ---- Signing in ---- */

/* Of no password: what is verified where the name does not exist, so that both answers take the
 * same time. */
static const char nobody[crypto_pwhash_STRBYTES] =
    "$argon2id$v=19$m=65536,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static bool is_password(Arena *arena, Text hash, Text password) {
  char *expected = arena_allocate(arena, sizeof nobody);
  if (hash.length == 0 || hash.length >= sizeof nobody)
    memcpy(expected, nobody, sizeof nobody);
  else
    memcpy(expected, hash.at, hash.length);
  return crypto_pwhash_str_verify(expected, password.at, password.length) == 0 && hash.length > 0;
}

StoreStatus account_sign_in(Store *store, Arena *arena, Text name, Text password, Secret *session) {
  AccountRecord record = {.password = {"", 0}};
  const StoreStatus status = store_find_account(store, arena, name, &record);
  if (status != STORE_OK && status != STORE_NOT_FOUND) return status;
  if (!is_password(arena, record.password, password) || record.is_disabled) return STORE_NOT_FOUND;
  return keep_secret(store, SECRET_SESSION, record.id,
                     instant_now() + SESSION_HOURS * (int64_t)HOUR_MS, session);
}

StoreStatus account_sign_out(Store *store, Text session) {
  return store_end_credential(store, digest_of(session.at, session.length));
}

StoreStatus account_add_token(Store *store, Arena *arena, const Account *program, int64_t days,
                              Secret *token) {
  AccountRecord record = to_record(arena, program, (Text){"", 0});
  StoreStatus status = store_add_account(store, &record);
  if (status != STORE_OK && status != STORE_TAKEN) return status;
  status = store_find_account(store, arena, program->name, &record);
  if (status != STORE_OK) return status;
  const Account found = from_record(&record);
  if (found.is_person || found.roles != program->roles ||
      !text_equal(found.organization, program->organization))
    return STORE_TAKEN;
  return keep_secret(store, SECRET_TOKEN, found.id, instant_now() + days * DAY_MS, token);
}

StoreStatus account_by_secret(Store *store, Arena *arena, SecretKind kind, Text secret,
                              Account *account) {
  AccountRecord record;
  const Credential credential = {.secret = digest_of(secret.at, secret.length),
                                 .kind = kind_text(kind)};
  const StoreStatus status =
      store_find_credential(store, arena, &credential, instant_now(), &record);
  if (status == STORE_OK) *account = from_record(&record);
  return status;
}
