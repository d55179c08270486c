/* note: see note.h. The form is C2SP's signed-note, the signatures are Ed25519 (RFC 8032) by
 * libsodium. The invariant: a signature covers every byte before the empty line, its newline
 * included. */
#include "store/note.h"

#include "store/ledger.h"

#define KIND_ED25519 1
#define KEY_DIGEST 4
#define PRIVATE_PREFIX "PRIVATE+KEY+"
#define DASH "\xe2\x80\x94 "
#define BASE64 sodium_base64_VARIANT_ORIGINAL

/* ---- Keys ---- */

/* SHA-256 of name, newline, kind and key; its first bytes distinguish keys of one name. */
static void key_digest(const NoteKey *key, uint8_t out[KEY_DIGEST]) {
  crypto_hash_sha256_state state;
  uint8_t hash[crypto_hash_sha256_BYTES];
  const uint8_t between[2] = {'\n', KIND_ED25519};
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, (const uint8_t *)key->name.at, key->name.length);
  crypto_hash_sha256_update(&state, between, sizeof between);
  crypto_hash_sha256_update(&state, key->verifies, sizeof key->verifies);
  crypto_hash_sha256_final(&state, hash);
  memcpy(out, hash, KEY_DIGEST);
}

NoteKey note_key_new(Text name) {
  NoteKey key = {.name = name, .can_sign = true};
  crypto_sign_keypair(key.verifies, key.signs);
  return key;
}

static const char *base64(Arena *arena, const uint8_t *bytes, size_t length) {
  const size_t size = sodium_base64_encoded_len(length, BASE64);
  char *text = ARENA_ARRAY(arena, char, size);
  return sodium_bin2base64(text, size, bytes, length, BASE64);
}

static Text write_key(Arena *arena, const NoteKey *key, const char *prefix, const uint8_t *bytes) {
  uint8_t digest[KEY_DIGEST], kind_and_key[1 + 32] = {KIND_ED25519};
  char digits[2 * KEY_DIGEST + 1];
  key_digest(key, digest);
  sodium_bin2hex(digits, sizeof digits, digest, sizeof digest);
  memcpy(kind_and_key + 1, bytes, 32);
  return text_of(arena_format(arena, "%s%.*s+%s+%s", prefix, TEXT_ARGS(key->name), digits,
                              base64(arena, kind_and_key, sizeof kind_and_key)));
}

Text note_key_write(Arena *arena, const NoteKey *key) {
  return write_key(arena, key, "", key->verifies);
}

Text note_key_write_private(Arena *arena, const NoteKey *key) {
  uint8_t seed[crypto_sign_SEEDBYTES];
  crypto_sign_ed25519_sk_to_seed(seed, key->signs);
  const Text text = write_key(arena, key, PRIVATE_PREFIX, seed);
  sodium_memzero(seed, sizeof seed);
  return text;
}

static bool has_prefix(Text text, const char *prefix) {
  return text.length >= strlen(prefix) && memcmp(text.at, prefix, strlen(prefix)) == 0;
}

static bool digest_is(const NoteKey *key, Text digits) {
  uint8_t digest[KEY_DIGEST], stated[KEY_DIGEST];
  size_t length;
  key_digest(key, digest);
  return sodium_hex2bin(stated, sizeof stated, digits.at, digits.length, NULL, &length, NULL) ==
             0 &&
         length == sizeof stated && memcmp(digest, stated, sizeof stated) == 0;
}

bool note_key_read(Text text, NoteKey *key) {
  uint8_t bytes[1 + 32];
  size_t length;
  *key = (NoteKey){.can_sign = has_prefix(text, PRIVATE_PREFIX)};
  if (key->can_sign) {
    text.at += strlen(PRIVATE_PREFIX);
    text.length -= (uint32_t)strlen(PRIVATE_PREFIX);
  }
  const char *end = text.at + text.length, *digits = memchr(text.at, '+', text.length);
  const char *encoded = digits == NULL ? NULL : memchr(digits + 1, '+', (size_t)(end - digits - 1));
  if (encoded == NULL || digits == text.at) return false;
  if (sodium_base642bin(bytes, sizeof bytes, encoded + 1, (size_t)(end - encoded - 1), NULL,
                        &length, NULL, BASE64) != 0 ||
      length != sizeof bytes || bytes[0] != KIND_ED25519)
    return false;
  key->name = (Text){text.at, (uint32_t)(digits - text.at)};
  if (key->can_sign)
    crypto_sign_seed_keypair(key->verifies, key->signs, bytes + 1);
  else
    memcpy(key->verifies, bytes + 1, sizeof key->verifies);
  sodium_memzero(bytes, sizeof bytes);
  return digest_is(key, (Text){digits + 1, (uint32_t)(encoded - digits - 1)});
}

/* ---- Notes ---- */

Text note_sign(Arena *arena, Text text, const NoteKey *key) {
  uint8_t signature[KEY_DIGEST + crypto_sign_BYTES];
  Buffer out;
  key_digest(key, signature);
  crypto_sign_detached(signature + KEY_DIGEST, NULL, (const uint8_t *)text.at, text.length,
                       key->signs);
  buffer_open(&out, arena, text.length + 256);
  buffer_text(&out, text);
  buffer_format(&out, "\n" DASH "%.*s %s\n", TEXT_ARGS(key->name),
                base64(arena, signature, sizeof signature));
  return (Text){out.at, (uint32_t)out.length};
}

/* Where the last empty line begins, behind which signatures stand. */
static const char *empty_line(Text note) {
  for (uint32_t i = note.length; i-- > 1;)
    if (note.at[i] == '\n' && note.at[i - 1] == '\n') return note.at + i;
  return NULL;
}

bool note_text(Text note, Text *text) {
  const char *gap = empty_line(note);
  if (gap == NULL) return false;
  *text = (Text){note.at, (uint32_t)(gap - note.at)};
  return true;
}

/* One line of signatures: name and key are these, and it is right. */
static bool signs(Text line, Text text, const NoteKey *key) {
  uint8_t signature[KEY_DIGEST + crypto_sign_BYTES], digest[KEY_DIGEST];
  size_t length;
  if (!has_prefix(line, DASH)) return false;
  const char *name = line.at + strlen(DASH), *end = line.at + line.length;
  const char *space = memchr(name, ' ', (size_t)(end - name));
  if (space == NULL || !text_equal(key->name, (Text){name, (uint32_t)(space - name)})) return false;
  if (sodium_base642bin(signature, sizeof signature, space + 1, (size_t)(end - space - 1), NULL,
                        &length, NULL, BASE64) != 0 ||
      length != sizeof signature)
    return false;
  key_digest(key, digest);
  return memcmp(signature, digest, sizeof digest) == 0 &&
         crypto_sign_verify_detached(signature + KEY_DIGEST, (const uint8_t *)text.at, text.length,
                                     key->verifies) == 0;
}

bool note_open(Text note, const NoteKey *key, Text *text) {
  if (!note_text(note, text)) return false;
  const char *at = text->at + text->length + 1, *end = note.at + note.length;
  while (at < end) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    if (newline == NULL) return false;
    if (signs((Text){at, (uint32_t)(newline - at)}, *text, key)) return true;
    at = newline + 1;
  }
  return false;
}
