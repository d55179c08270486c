/* Nothing but the hash and its spelling. */
#include "base/digest.h"

#include <sodium.h>

void digest_text(char digest[DIGEST_SIZE], const Text *parts, size_t count) {
  static const char hex[] = "0123456789abcdef";
  crypto_hash_sha256_state state;
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_init(&state);
  for (size_t i = 0; i < count; i++)
    crypto_hash_sha256_update(&state, (const unsigned char *)parts[i].at, parts[i].length);
  crypto_hash_sha256_final(&state, hash);
  memcpy(digest, "sha256:", 7);
  for (size_t i = 0; i < sizeof hash; i++) {
    digest[7 + 2 * i] = hex[hash[i] >> 4];
    digest[8 + 2 * i] = hex[hash[i] & 15];
  }
  digest[DIGEST_LENGTH] = '\0';
}
