/* digest: SHA-256 (FIPS 180-4) as determinations write it: "sha256:" and 64 hexadecimal digits.
 *
 *     char digest[DIGEST_SIZE];
 *     digest_text(digest, (const Text[]){policy, vocabulary}, 2);
 *
 * The hash is libsodium's (docs/dependencies.md). Of a request it takes about as long as deciding
 * it, so nothing that is done for every request makes one unless its caller asked for it.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/text.h"

enum { DIGEST_LENGTH = 7 + 64, DIGEST_SIZE = DIGEST_LENGTH + 1 };

/* Of the parts one after another; zero-terminated. */
void digest_text(char digest[DIGEST_SIZE], const Text *parts, size_t count);

#endif
