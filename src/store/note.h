/* note: texts signed with Ed25519, in the form that transparency logs sign theirs (C2SP
 * signed-note), so that tools nobody here wrote can check them:
 *
 *     licet-ledger-5f3c…                the text: lines, of which the first names whose it is
 *     …
 *                                       an empty line
 *     — licet-ledger-5f3c… AbCd…==      name; base64 of 4 bytes of the key's digest, then the
 * signature
 *
 * A key is written `NAME+12345678+BASE64`: its digest's first 4 bytes in hexadecimal, then the kind
 * of key (1) with its 32 bytes. The key that signs has the prefix `PRIVATE+KEY+`.
 */
#ifndef STORE_NOTE_H
#define STORE_NOTE_H

#include <sodium.h>

#include "base/text.h"

typedef struct NoteKey {
  Text name; /* no spaces, no + */
  uint8_t verifies[crypto_sign_PUBLICKEYBYTES];
  uint8_t signs[crypto_sign_SECRETKEYBYTES]; /* of a key that signs */
  bool can_sign;
} NoteKey;

/* A new key with this name. */
NoteKey note_key_new(Text name);
/* Both forms, in the arena. */
Text note_key_write(Arena *arena, const NoteKey *key);
Text note_key_write_private(Arena *arena, const NoteKey *key);
/* Either form; the name is a slice of `text`. False where it is none. */
bool note_key_read(Text text, NoteKey *key);

/* `text`, which ends in a newline, with the signature behind it. */
Text note_sign(Arena *arena, Text text, const NoteKey *key);
/* The text of a note that the key signed; false where none of its signatures is the key's. */
bool note_open(Text note, const NoteKey *key, Text *text);
/* The text whoever signed it: what stands before the signatures; false where there are none. */
bool note_text(Text note, Text *text);

#endif
