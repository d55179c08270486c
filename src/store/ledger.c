/* ledger: see ledger.h. A chain of digests for each case (Haber and Stornetta 1991), over canonical
 * JSON (RFC 8785), with SHA-256 from libsodium.
 *
 * The invariant: a digest depends on every field of the event, on its payload, and through
 * `previous` on every event before it in the case.
 */
#include "store/ledger.h"

#include <sodium.h>
#include <time.h>

#include "base/date.h"
#include "json/canonical.h"
#include "json/value.h"
#include "json/writer.h"
#include "store/limits.h"

/* ---- Digests ---- */

Digest digest_of(const void *bytes, size_t length) {
  Digest digest;
  crypto_hash_sha256(digest.bytes, bytes, length);
  return digest;
}

void digest_write(Digest digest, char out[DIGEST_DIGITS + 1]) {
  sodium_bin2hex(out, DIGEST_DIGITS + 1, digest.bytes, sizeof digest.bytes);
}

bool digest_read(Text digits, Digest *digest) {
  size_t length;
  return digits.length == DIGEST_DIGITS &&
         sodium_hex2bin(digest->bytes, sizeof digest->bytes, digits.at, digits.length, NULL,
                        &length, NULL) == 0 &&
         length == sizeof digest->bytes;
}

bool digest_equal(Digest a, Digest b) { return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0; }

static const Digest no_digest;

/* ---- Instants ---- */

#define MS_PER_DAY 86400000
#define MS_PER_HOUR 3600000
#define MS_PER_MINUTE 60000

int64_t instant_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

Text instant_text(Arena *arena, int64_t instant) {
  const int64_t day =
      instant >= 0 ? instant / MS_PER_DAY : -((MS_PER_DAY - 1 - instant) / MS_PER_DAY);
  const int ms = (int)(instant - day * MS_PER_DAY);
  char date[10];
  date_write((Date)day, date);
  return text_of(arena_format(arena, "%.10sT%02d:%02d:%02d.%03dZ", date, ms / MS_PER_HOUR,
                              ms / MS_PER_MINUTE % 60, ms / 1000 % 60, ms % 1000));
}

static int two_digits(const char *at) { return (at[0] - '0') * 10 + (at[1] - '0'); }

/* What stands behind the seconds; date_parse_time has checked its shape. */
static int64_t fraction_ms(const char *at, const char *end) {
  int64_t ms = 0, unit = 100;
  for (at++; at < end && is_ascii_digit(*at); at++, unit /= 10) ms += (*at - '0') * unit;
  return ms;
}

bool instant_parse(Text text, int64_t *instant) {
  Date date;
  if (text.length < 20 || !date_parse_time(text, &date)) return false;
  const char *end = text.at + text.length, *zone = text.at + 19;
  int64_t ms = date * (int64_t)MS_PER_DAY + two_digits(text.at + 11) * MS_PER_HOUR +
               two_digits(text.at + 14) * MS_PER_MINUTE + two_digits(text.at + 17) * 1000;
  if (*zone == '.') {
    ms += fraction_ms(zone, end);
    for (zone++; is_ascii_digit(*zone);) zone++;
  }
  if (*zone == '+' || *zone == '-') {
    const int64_t shift = two_digits(zone + 1) * MS_PER_HOUR + two_digits(zone + 4) * MS_PER_MINUTE;
    ms += *zone == '+' ? -shift : shift;
  }
  *instant = ms;
  return true;
}

/* ---- Links ---- */

/* Keys in the order of RFC 8785. Names and types are ASCII; the writer's escapes are RFC 8785's. */
Digest ledger_digest(Arena *scratch, const Event *event) {
  Buffer head;
  JsonWriter json;
  char payload[DIGEST_DIGITS + 1], previous[DIGEST_DIGITS + 1];
  digest_write(digest_of(event->payload.at, event->payload.length), payload);
  digest_write(event->previous, previous);
  buffer_open(&head, scratch, 512);
  json_writer_open(&json, &head);
  json_begin_object(&json);
  json_text_member(&json, "actor", event->actor);
  json_text_member(&json, "case", event->case_id);
  json_text_member(&json, "instant", instant_text(scratch, event->instant));
  json_integer_member(&json, "number", event->number);
  json_string_member(&json, "payload", payload);
  json_string_or_null_member(&json, "previous", event->number == 1 ? "" : previous);
  json_text_member(&json, "role", event->role);
  json_text_member(&json, "type", event->type);
  json_end_object(&json);
  json_writer_close(&json);
  return digest_of(head.at, head.length);
}

void ledger_link(Arena *scratch, Event *event, const Event *before) {
  event->number = before == NULL ? 1 : before->number + 1;
  event->previous = before == NULL ? no_digest : before->digest;
  if (before != NULL && event->instant < before->instant) event->instant = before->instant;
  event->digest = ledger_digest(scratch, event);
}

const char *ledger_fault(Arena *scratch, const Event *event, const Event *before) {
  const char *why;
  const int64_t number = before == NULL ? 1 : before->number + 1;
  if (event->number != number) return "a number is missing or out of order";
  if (!digest_equal(event->previous, before == NULL ? no_digest : before->digest))
    return "it does not continue the event before it";
  if (before != NULL && event->instant < before->instant)
    return "its instant is before that of the event before it";
  if (!digest_equal(event->digest, ledger_digest(scratch, event)))
    return "its digest is not that of its contents";
  if (!text_equal(ledger_canonical(scratch, event->payload, &why), event->payload))
    return "its payload is not canonical JSON";
  return NULL;
}

/* ---- Payloads ---- */

Text ledger_canonical(Arena *arena, Text text, const char **why) {
  JsonValue value;
  JsonFault fault;
  Buffer out;
  *why = NULL;
  if (!json_keep(arena, PAYLOAD_LIMITS, text, &value, &fault)) {
    *why = fault.message;
    return (Text){NULL, 0};
  }
  buffer_open(&out, arena, text.length + 1);
  switch (json_canonical(&out, value.row)) {
    case JSON_CANONICAL_EXACT:
      return (Text){out.at, (uint32_t)out.length};
    case JSON_CANONICAL_ROUNDED:
      *why = "a number has more digits than can be kept";
      break;
    case JSON_CANONICAL_REPEATED_KEY:
      *why = "a key is given twice";
      break;
    case JSON_CANONICAL_OUT_OF_RANGE:
      *why = "a number is too large or too small";
      break;
  }
  return (Text){NULL, 0};
}
