#include "request/request.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "dosing/names.h"
#include "compile/variable.h"

#define FOUND_LENGTH 80

/* ---- Faults ---- */

RequestError *request_error_add(RequestErrors *request_errors, Text field, Text pointer, Text found,
                                const char *expected, ...) {
  char words[512];
  va_list arguments;
  va_start(arguments, expected);
  vsnprintf(words, sizeof words, expected, arguments);
  va_end(arguments);
  if (found.length > FOUND_LENGTH) {
    uint32_t cut = FOUND_LENGTH;
    while (cut > 0 && ((unsigned char)found.at[cut] & 0xC0) == 0x80) cut--;
    found = text_of(arena_format(request_errors->arena, "%.*s…", (int)cut, found.at));
  }
  RequestError request_error = {
      .field = field,
      .pointer = pointer,
      .found = found,
      .expected = text_of(arena_copy(request_errors->arena, words, strlen(words)))};
  if (request_errors->list.count >= LIMIT_REQUEST_ERRORS) { /* counted, and given back so that the
                                                               caller may go on filling it in */
    request_errors->dropped++;
    RequestError *spare = ARENA_NEW(request_errors->arena, RequestError);
    *spare = request_error;
    return spare;
  }
  LIST_PUSH(request_errors->arena, request_errors->list, request_error);
  return &request_errors->list.items[request_errors->list.count - 1];
}

void request_errors_write(Buffer *out, const RequestErrors *request_errors, Text id_raw) {
  buffer_string(out, "{\"request\":");
  buffer_text(out, id_raw.length > 0 ? id_raw : TEXT("null"));
  buffer_string(out, ",\"errors\":[");
  for (uint32_t i = 0; i < request_errors->list.count; i++) {
    const RequestError *request_error = &request_errors->list.items[i];
    buffer_string(out, i == 0 ? "{\"field\":" : ",{\"field\":");
    buffer_json_string(out, request_error->field);
    buffer_string(out, ",\"pointer\":");
    buffer_json_string(out, request_error->pointer);
    buffer_string(out, ",\"found\":");
    buffer_json_string(out, request_error->found);
    buffer_string(out, ",\"expected\":");
    buffer_json_string(out, request_error->expected);
    if (request_error->nearest.length > 0) {
      buffer_string(out, ",\"nearest\":");
      buffer_json_string(out, request_error->nearest);
    }
    buffer_character(out, '}');
  }
  buffer_character(out, ']');
  if (request_errors->dropped > 0)
    buffer_format(out, ",\"more_errors\":%u", request_errors->dropped);
  buffer_character(out, '}');
}

/* ---- Where we are ---- */

/* A place in the request: its field name and its pointer. Written out only when there is something
 * to tell. */
typedef struct Place {
  const struct Place *above;
  Text key;      /* of an object's member */
  int64_t index; /* of an array's element; -1 for a member */
  bool is_fact;  /* the names of faults start here */
  bool unnamed;  /* part of the pointer, not of the name: the value that evidence is for */
} Place;

static void write_pointer(Buffer *out, const Place *place) {
  if (place == NULL) return;
  write_pointer(out, place->above);
  buffer_character(out, '/');
  if (place->index >= 0) {
    buffer_integer(out, place->index);
    return;
  }
  for (uint32_t i = 0; i < place->key.length; i++) {
    char c = place->key.at[i];
    if (c == '~' || c == '/') {
      buffer_string(out, c == '~' ? "~0" : "~1");
    } else {
      buffer_character(out, c);
    }
  }
}

static void write_field(Buffer *out, const Place *place) {
  if (place == NULL) return;
  if (!place->is_fact) write_field(out, place->above);
  if (place->unnamed) return;
  if (place->index >= 0) {
    buffer_format(out, "[%lld]", (long long)place->index);
    return;
  }
  if (out->length > 0) buffer_character(out, '.');
  buffer_text(out, place->key);
}

static Text raw_of(const JsonToken *token) { return (Text){token->raw, token->raw_length}; }
static Text text_of_token(const JsonToken *token) { return (Text){token->text, token->length}; }

static RequestError *request_error_at(RequestErrors *request_errors, const Place *place,
                                      const JsonToken *token, const char *expected) {
  Buffer field, pointer;
  buffer_open(&field, request_errors->arena, 32);
  buffer_open(&pointer, request_errors->arena, 32);
  write_field(&field, place);
  write_pointer(&pointer, place);
  Text found = token == NULL ? TEXT("nothing") : raw_of(token);
  buffer_finish(&field);
  buffer_finish(&pointer);
  return request_error_add(request_errors, (Text){field.at, (uint32_t)field.length},
                           (Text){pointer.at, (uint32_t)pointer.length}, found, "%s", expected);
}

static Text nearest_of(Text word, const Text *names, uint32_t count) {
  int index = text_nearest(word, names, count);
  return index < 0 ? (Text){0} : names[index];
}

static const char *list_values(Arena *arena, const Text *values, uint32_t count,
                               uint64_t leave_out) {
  Buffer out;
  buffer_open(&out, arena, 64);
  for (uint32_t i = 0; i < count; i++) {
    if ((leave_out >> i) & 1) continue;
    if (out.length > 0) buffer_string(&out, " | ");
    buffer_text(&out, values[i]);
  }
  return buffer_finish(&out);
}

/* ---- Single values ---- */

static int find_value(const Type *type, Text word) {
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (text_equal(type->values[i], word)) return (int)i;
  }
  return -1;
}

static bool read_choice(const Type *type, const JsonToken *token, const Place *place,
                        RequestErrors *request_errors, uint32_t *choice) {
  if (type->yes_no) {
    *choice = token->kind == JSON_TRUE ? 0 : 1;
    if (token->kind == JSON_TRUE || token->kind == JSON_FALSE) return true;
    request_error_at(request_errors, place, token, "true or false");
    return false;
  }
  /* a number such as 1 may be written as one (nccn_category) */
  Text word = text_of_token(token);
  int value =
      token->kind == JSON_STRING || token->kind == JSON_NUMBER ? find_value(type, word) : -1;
  if (value >= 0) return *choice = (uint32_t)value, true;
  RequestError *request_error =
      request_error_at(request_errors, place, token,
                       list_values(request_errors->arena, type->values, type->value_count, 0));
  if (token->kind == JSON_STRING)
    request_error->nearest = nearest_of(word, type->values, type->value_count);
  return false;
}

static bool read_date(const JsonToken *token, const Place *place, RequestErrors *request_errors,
                      Date *date) {
  if (token->kind == JSON_STRING && date_parse(text_of_token(token), date)) return true;
  request_error_at(request_errors, place, token, "a date that exists, as \"2026-11-09\"");
  return false;
}

static const char *quantity_expected(Arena *arena, QuantityError request_error,
                                     Dimension dimension) {
  if (request_error == QUANTITY_TOO_FINE) return "fewer digits: this many cannot be kept exactly";
  if (dimension == DIMENSION_COUNT) return "a whole number";
  if (!dimension_has_units(dimension)) return "a decimal number";
  return arena_format(arena, "a number and a unit of %s: %s", dimension_name(dimension),
                      dimension_units(dimension));
}

static bool in_bounds(const Fact *fact, Amount amount, const JsonToken *token, const Place *place,
                      RequestErrors *request_errors) {
  Amount low, high;
  fact_bounds(fact, &low, &high);
  if (amount >= low && amount <= high) return true;
  const char *expected = "a value above 0";
  if (fact->has_range) {
    expected = arena_format(request_errors->arena, "%.*s", (int)fact->range.length, fact->range.at);
  } else if (fact->type.dimension == DIMENSION_PERCENT) {
    expected = "0 % to 100 %";
  } else if (fact->type.dimension == DIMENSION_COUNT) {
    expected = "0 or more";
  }
  request_error_at(request_errors, place, token, expected);
  return false;
}

static bool read_amount(Dimension dimension, const JsonToken *token, const Place *place,
                        RequestErrors *request_errors, Amount *amount) {
  bool number = !dimension_has_units(dimension);
  QuantityError request_error = QUANTITY_NOT_A_NUMBER;
  if (token->kind == (number ? JSON_NUMBER : JSON_STRING)) {
    request_error = number ? amount_parse(text_of_token(token), amount)
                           : quantity_parse(text_of_token(token), dimension, amount);
    if (request_error == QUANTITY_OK && dimension == DIMENSION_COUNT && *amount % AMOUNT_ONE != 0)
      request_error = QUANTITY_NOT_A_NUMBER;
  }
  if (request_error != QUANTITY_OK)
    request_error_at(request_errors, place, token,
                     quantity_expected(request_errors->arena, request_error, dimension));
  return request_error == QUANTITY_OK;
}

static bool read_quantity(const Fact *fact, const JsonToken *token, const Place *place,
                          RequestErrors *request_errors, Amount *amount) {
  return read_amount(fact->type.dimension, token, place, request_errors, amount) &&
         in_bounds(fact, *amount, token, place, request_errors);
}

/* A field has no range of its own: it is above 0. */
static bool read_field_quantity(const Field *field, const JsonToken *token, const Place *place,
                                RequestErrors *request_errors, Amount *amount) {
  if (!read_amount(field->type.dimension, token, place, request_errors, amount)) return false;
  if (*amount > 0) return true;
  request_error_at(request_errors, place, token, "a value above 0");
  return false;
}

static bool read_code(const JsonToken *token, const Place *place, RequestErrors *request_errors,
                      Text system, Text *code) {
  bool fits = token->kind == JSON_STRING && token->length >= 1 && token->length <= 16;
  char *normal = arena_allocate_raw(request_errors->arena, token->length + 1);
  uint32_t length = 0;
  for (uint32_t i = 0; fits && i < token->length; i++) {
    char c = token->text[i];
    if (isalnum((unsigned char)c)) {
      normal[length++] = (char)toupper((unsigned char)c);
    } else if (c != '.' && c != '-') {
      fits = false;
    }
  }
  if (fits && text_is(system, "ICD-10-CM"))
    fits = length >= 3 && length <= 7 && isalpha((unsigned char)normal[0]) &&
           isdigit((unsigned char)normal[1]);
  *code = (Text){normal, length};
  if (fits && length > 0) return true;
  request_error_at(
      request_errors, place, token,
      arena_format(request_errors->arena, "a code of %.*s", (int)system.length, system.at));
  return false;
}

static bool read_name(const JsonToken *token, const Place *place, RequestErrors *request_errors) {
  if (token->kind == JSON_STRING && token->length > 0) return true;
  request_error_at(request_errors, place, token, "a name, as text");
  return false;
}

static bool read_set(const Type *type, const JsonToken *tokens, const JsonToken *token,
                     const Place *place, RequestErrors *request_errors, uint64_t *members) {
  if (token->kind != JSON_ARRAY) {
    request_error_at(
        request_errors, place, token,
        arena_format(request_errors->arena, "an array of %s",
                     list_values(request_errors->arena, type->values, type->value_count, 0)));
    return false;
  }
  bool fits = true;
  *members = 0;
  int64_t index = 0;
  for (const JsonToken *item = token + 1; item < tokens + token->end;
       item = tokens + item->end, index++) {
    Place at = {.above = place, .index = index};
    uint32_t choice;
    if (read_choice(type, item, &at, request_errors, &choice)) {
      *members |= UINT64_C(1) << choice;
    } else {
      fits = false;
    }
  }
  return fits;
}

/* ---- Lists and series ---- */

static uint8_t read_source(const JsonToken *token, const Place *place,
                           RequestErrors *request_errors) {
  static const Text sources[] = {{"requester", 9}, {"reviewer", 8}, {"record", 6}};
  for (uint8_t i = 0; i < 3; i++) {
    if (token->kind == JSON_STRING && text_equal(text_of_token(token), sources[i]))
      return (uint8_t)(i + 1);
  }
  RequestError *request_error =
      request_error_at(request_errors, place, token, "requester | reviewer | record");
  if (token->kind == JSON_STRING)
    request_error->nearest = nearest_of(text_of_token(token), sources, 3);
  return 0;
}

/* A key that no entry has: told with those that there are. */
static void unknown_entry_key(const Fact *list, const JsonToken *key, const Place *at,
                              RequestErrors *request_errors) {
  static const Text of_any_entry[] = {{"document", 8}, {"date", 4}, {"source", 6}};
  enum { OF_ANY_ENTRY = sizeof of_any_entry / sizeof *of_any_entry };
  Text names[LIMIT_FIELDS + OF_ANY_ENTRY];
  uint32_t count = 0;
  while (count < list->field_count) {
    names[count] = list->fields[count].name;
    count++;
  }
  for (uint32_t i = 0; i < OF_ANY_ENTRY; i++) names[count++] = of_any_entry[i];
  request_error_at(request_errors, at, key, list_values(request_errors->arena, names, count, 0))
      ->nearest = nearest_of(at->key, names, count);
}

static void read_entry_field(const Fact *list, const JsonToken *key, const JsonToken *value,
                             Entry *entry, const Vocabulary *vocabulary, const Place *place,
                             RequestErrors *request_errors) {
  Place at = {.above = place, .key = text_of_token(key), .index = -1};
  if (text_is(at.key, "document")) {
    if (value->kind == JSON_STRING) entry->documented = value->length > 0;
    if (value->kind != JSON_STRING && value->kind != JSON_NULL)
      request_error_at(request_errors, &at, value, "the name of a document, as text");
    return;
  }
  if (text_is(at.key, "date")) {
    Date date;
    if (value->kind != JSON_NULL) read_date(value, &at, request_errors, &date);
    return;
  }
  if (text_is(at.key, "source")) {
    if (value->kind != JSON_NULL) read_source(value, &at, request_errors);
    return;
  }
  for (uint32_t i = 0; i < list->field_count; i++) {
    const Field *field = &list->fields[i];
    if (!text_equal(field->name, at.key)) continue;
    EntryField *into = &entry->fields[i];
    if (value->kind == JSON_NULL) return;
    if (field->type.kind == TYPE_NAME) {
      into->known = read_name(value, &at, request_errors);
      if (into->known) into->name = vocabulary_name(vocabulary, text_of_token(value));
    } else if (field->type.kind == TYPE_DATE) {
      into->known = read_date(value, &at, request_errors, &into->date);
    } else if (field->type.kind == TYPE_QUANTITY) {
      into->known = read_field_quantity(field, value, &at, request_errors, &into->amount);
    } else {
      into->known = read_choice(&field->type, value, &at, request_errors, &into->choice) &&
                    !((field->not_known >> into->choice) & 1);
    }
    return;
  }
  unknown_entry_key(list, key, &at, request_errors);
}

static void default_fields(const Fact *list, Entry *entry) {
  for (uint32_t i = 0; i < list->field_count; i++) {
    const Field *field = &list->fields[i];
    for (uint32_t d = 0; !entry->fields[i].known && d < field->defaults.count; d++) {
      const FieldDefault *value = &field->defaults.items[d];
      if (value->where != NULL && evaluate_entry(value->where, entry) != TRUTH_YES) continue;
      entry->fields[i].known = true;
      entry->fields[i].choice = value->value;
    }
  }
}

static bool repeats_key(const JsonToken *tokens, const JsonToken *object, const JsonToken *key) {
  for (const JsonToken *k = object + 1; k < key; k = tokens + (k + 1)->end) {
    if (k->length == key->length && memcmp(k->text, key->text, key->length) == 0) return true;
  }
  return false;
}

static bool refuse_repeated(const JsonToken *tokens, const JsonToken *object, const JsonToken *key,
                            const Place *place, RequestErrors *request_errors) {
  if (!repeats_key(tokens, object, key)) return false;
  Place at = {.above = place, .key = text_of_token(key), .index = -1};
  request_error_at(request_errors, &at, key, "each key once");
  return true;
}

static uint32_t count_items(const JsonToken *tokens, const JsonToken *array) {
  uint32_t count = 0;
  for (const JsonToken *item = array + 1; item < tokens + array->end; item = tokens + item->end)
    count++;
  return count;
}

/* The elements of an array of objects; 0 and a fault where there are none such or too many. */
static bool is_record_array(const JsonToken *tokens, const JsonToken *token, const Place *place,
                            RequestErrors *request_errors, uint32_t *count) {
  if (token->kind != JSON_ARRAY) {
    request_error_at(request_errors, place, token, "an array of objects");
    return false;
  }
  *count = count_items(tokens, token);
  if (*count <= LIMIT_LIST_ENTRIES) return true;
  request_error_at(request_errors, place, token,
                   arena_format(request_errors->arena, "at most %u entries", LIMIT_LIST_ENTRIES));
  return false;
}

static bool read_list(const Fact *fact, const JsonToken *tokens, const JsonToken *token,
                      const Vocabulary *vocabulary, const Place *place,
                      RequestErrors *request_errors, FactValue *value) {
  uint32_t count;
  if (!is_record_array(tokens, token, place, request_errors, &count)) return false;
  value->entries = ARENA_ARRAY(request_errors->arena, Entry, count);
  value->entry_count = count;
  uint32_t index = 0;
  for (const JsonToken *item = token + 1; item < tokens + token->end;
       item = tokens + item->end, index++) {
    Place at = {.above = place, .index = index};
    Entry *entry = &value->entries[index];
    entry->fields = ARENA_ARRAY(request_errors->arena, EntryField, fact->field_count);
    if (item->kind != JSON_OBJECT) {
      request_error_at(request_errors, &at, item, "an object");
      continue;
    }
    for (const JsonToken *key = item + 1; key < tokens + item->end; key = tokens + (key + 1)->end) {
      if (!refuse_repeated(tokens, item, key, &at, request_errors))
        read_entry_field(fact, key, key + 1, entry, vocabulary, &at, request_errors);
    }
    default_fields(fact, entry);
  }
  return true;
}

static void read_observation(const Fact *fact, const JsonToken *tokens, const JsonToken *item,
                             const Place *place, RequestErrors *request_errors,
                             Observation *observation) {
  bool dated = false, valued = false;
  for (const JsonToken *key = item + 1; key < tokens + item->end; key = tokens + (key + 1)->end) {
    const JsonToken *value = key + 1;
    Place at = {.above = place, .key = text_of_token(key), .index = -1};
    if (refuse_repeated(tokens, item, key, place, request_errors)) continue;
    if (text_is(at.key, "date")) {
      dated = true;
      read_date(value, &at, request_errors, &observation->date);
    } else if (text_is(at.key, "value")) {
      valued = true;
      read_quantity(fact, value, &at, request_errors, &observation->value);
    } else if (text_is(at.key, "upper_limit")) {
      observation->has_upper_limit =
          read_quantity(fact, value, &at, request_errors, &observation->upper_limit);
    } else if (text_is(at.key, "role")) {
      observation->is_baseline =
          value->kind == JSON_STRING && text_is(text_of_token(value), "baseline");
      if (!observation->is_baseline) request_error_at(request_errors, &at, value, "baseline");
    } else if (text_is(at.key, "document")) {
      observation->documented = value->kind == JSON_STRING && value->length > 0;
    } else {
      request_error_at(request_errors, &at, key, "date | value | upper_limit | role | document");
    }
  }
  Place missing = {.above = place, .key = dated ? TEXT("value") : TEXT("date"), .index = -1};
  if (!dated || !valued)
    request_error_at(request_errors, &missing, NULL,
                     dated ? "the value observed" : "the day of the observation");
}

static bool read_series(const Fact *fact, const JsonToken *tokens, const JsonToken *token,
                        const Place *place, RequestErrors *request_errors, FactValue *value) {
  uint32_t count;
  if (!is_record_array(tokens, token, place, request_errors, &count)) return false;
  value->observations = ARENA_ARRAY(request_errors->arena, Observation, count);
  value->observation_count = count;
  uint32_t index = 0, documented = 0;
  for (const JsonToken *item = token + 1; item < tokens + token->end;
       item = tokens + item->end, index++) {
    Place at = {.above = place, .index = index};
    if (item->kind == JSON_OBJECT) {
      read_observation(fact, tokens, item, &at, request_errors, &value->observations[index]);
      documented += value->observations[index].documented;
    } else {
      request_error_at(request_errors, &at, item, "an object with date and value");
    }
  }
  if (count > 0 && documented == count)
    value->documented = true; /* each carries its own: the whole does */
  return true;
}

/* ---- Facts ---- */

static bool is_length(Span span) {
  return (span.months > 0 || span.days > 0) && span.months <= 1200 && span.days <= 36525;
}

static bool read_value(const Fact *fact, const JsonToken *tokens, const JsonToken *token,
                       const Vocabulary *vocabulary, const Place *place,
                       RequestErrors *request_errors, FactValue *value) {
  Text word = text_of_token(token);
  if (fact->type.or_none && token->kind == JSON_STRING && text_is(word, "none"))
    return value->is_none = true;
  switch (fact->type.kind) {
    case TYPE_ENUMERATION:
      return read_choice(&fact->type, token, place, request_errors, &value->choice) &&
             !((fact->not_known >> value->choice) & 1);
    case TYPE_SET:
      return read_set(&fact->type, tokens, token, place, request_errors, &value->members);
    case TYPE_QUANTITY:
      return read_quantity(fact, token, place, request_errors, &value->amount);
    case TYPE_DATE:
      return read_date(token, place, request_errors, &value->date);
    case TYPE_DURATION:
      if (token->kind == JSON_STRING && span_parse(word, &value->span) && is_length(value->span))
        return true;
      request_error_at(request_errors, place, token,
                       "a length above 0 and up to 100 years, as \"6 months\" or \"30 weeks\"");
      return false;
    case TYPE_NAME:
      value->elaborate = true;
      value->word = word;
      value->name = token->kind == JSON_STRING ? vocabulary_name(vocabulary, word) : 0;
      return read_name(token, place, request_errors);
    case TYPE_CODE:
      value->elaborate = true;
      return read_code(token, place, request_errors, fact->type.system, &value->code);
    case TYPE_LIST:
      value->elaborate = true;
      return read_list(fact, tokens, token, vocabulary, place, request_errors, value);
    case TYPE_SERIES:
      value->elaborate = true;
      return read_series(fact, tokens, token, place, request_errors, value);
  }
  return false;
}

/* { "value": …, "document": …, "date": …, "source": … } around a value: the value's token, or NULL
 * where there is none. */
static const JsonToken *read_evidence(const JsonToken *tokens, const JsonToken *object,
                                      const Place *place, RequestErrors *request_errors,
                                      FactValue *value) {
  const JsonToken *inner = NULL;
  for (const JsonToken *key = object + 1; key < tokens + object->end;
       key = tokens + (key + 1)->end) {
    const JsonToken *item = key + 1;
    Place at = {.above = place, .key = text_of_token(key), .index = -1};
    if (refuse_repeated(tokens, object, key, place, request_errors)) continue;
    if (text_is(at.key, "value")) {
      inner = item;
    } else if (text_is(at.key, "document")) {
      if (item->kind == JSON_STRING) {
        value->document = text_of_token(item);
        value->document_raw = raw_of(item);
      }
      if (item->kind != JSON_STRING && item->kind != JSON_NULL)
        request_error_at(request_errors, &at, item, "the name of a document, as text");
    } else if (text_is(at.key, "date")) {
      if (item->kind != JSON_NULL)
        value->has_observed = read_date(item, &at, request_errors, &value->observed);
    } else if (text_is(at.key, "source")) {
      if (item->kind == JSON_NULL) continue;
      value->source = read_source(item, &at, request_errors);
      value->source_text = raw_of(item);
    } else {
      static const Text names[] = {{"value", 5}, {"document", 8}, {"date", 4}, {"source", 6}};
      request_error_at(request_errors, &at, key, "value | document | date | source")->nearest =
          nearest_of(at.key, names, 4);
    }
  }
  return inner;
}

static bool counts(const Fact *fact, const FactValue *value) {
  if (fact->supplier == SUPPLIER_REVIEWER) return value->source == SUPPLIER_REVIEWER + 1;
  if (fact->supplier == SUPPLIER_RECORD) return value->source == SUPPLIER_RECORD + 1;
  return true;
}

/* Most values are plain: true or false, one of a few words, a short number. Whether this is such a
 * one, and fits; if not, nothing is written, and read_value looks at it closely. */
static inline __attribute__((always_inline)) bool read_plainly(const Fact *fact,
                                                               const JsonToken *token,
                                                               FactValue *value) {
  const Type *type = &fact->type;
  if (fact->supplier != SUPPLIER_REQUESTER) return false;
  if (type->kind == TYPE_QUANTITY) {
    Amount amount;
    if (token->kind != JSON_NUMBER || dimension_has_units(type->dimension)) return false;
    if (!amount_parse_short(text_of_token(token), &amount)) return false;
    if (fact->has_range && (amount < fact->low || amount > fact->high)) return false;
    value->amount = amount;
    value->known = true;
  } else if (type->kind == TYPE_ENUMERATION) {
    const bool is_flag = token->kind == JSON_TRUE || token->kind == JSON_FALSE;
    if (is_flag ? !type->yes_no : type->yes_no || token->kind != JSON_STRING) return false;
    const int choice = is_flag ? token->kind == JSON_FALSE : find_value(type, text_of_token(token));
    if (choice < 0) return false;
    value->choice = (uint32_t)choice;
    value->known = !((fact->not_known >> choice) & 1);
  } else {
    return false;
  }
  value->raw = raw_of(token);
  return true;
}

/* A regimen, a preparation, a formula: an open word for the language, but one of those declared for
 * the request. */
static bool names_what_there_is(const Fact *fact, const JsonToken *token, const Facts *facts,
                                const Place *place, RequestErrors *request_errors) {
  if (fact->type.kind != TYPE_NAME) return true;
  const DoseNames *names =
      dose_names_instead(request_errors->arena, fact, text_of_token(token), facts);
  if (names == NULL) return true;
  request_error_at(request_errors, place, token,
                   list_values(request_errors->arena, names->items, names->count, 0))
      ->nearest = nearest_of(text_of_token(token), names->items, names->count);
  return false;
}

/* `token` is the value alone. */
static void read_bare(const Fact *fact, const JsonToken *tokens, const JsonToken *token,
                      Facts *facts, const Place *place, RequestErrors *request_errors,
                      NotCounted *not_counted) {
  FactValue *value = &facts->values[fact->index];
  if (token->kind == JSON_NULL || read_plainly(fact, token, value)) return;
  value->raw = raw_of(token);
  bool known = read_value(fact, tokens, token, facts->vocabulary, place, request_errors, value) &&
               names_what_there_is(fact, token, facts, place, request_errors);
  if (known && !counts(fact, value)) {
    LIST_PUSH(request_errors->arena, *not_counted, fact);
    known = false;
  }
  value->known = known;
}

/* `object` is the value with its evidence. */
static void read_evidenced(const Fact *fact, const JsonToken *tokens, const JsonToken *object,
                           Facts *facts, const Place *place, RequestErrors *request_errors,
                           NotCounted *not_counted) {
  FactValue *value = &facts->values[fact->index];
  const Place inside = {.above = place, .key = TEXT("value"), .index = -1, .unnamed = true};
  value->elaborate = true;
  const JsonToken *token = read_evidence(tokens, object, place, request_errors, value);
  if (token == NULL) {
    const Place at = {.above = place, .key = TEXT("value"), .index = -1};
    request_error_at(request_errors, &at, NULL, "the fact's value (null where it is not known)");
    return;
  }
  value->documented = token->kind != JSON_NULL && value->document.length > 0;
  read_bare(fact, tokens, token, facts, &inside, request_errors, not_counted);
}

static void read_fact(const Fact *fact, const JsonToken *tokens, const JsonToken *token,
                      Facts *facts, const Place *place, RequestErrors *request_errors,
                      NotCounted *not_counted) {
  if (token->kind == JSON_OBJECT) {
    read_evidenced(fact, tokens, token, facts, place, request_errors, not_counted);
  } else {
    read_bare(fact, tokens, token, facts, place, request_errors, not_counted);
  }
}

static void unknown_fact(const Vocabulary *vocabulary, const JsonToken *key, const Place *place,
                         RequestErrors *request_errors) {
  Text *names = ARENA_ARRAY(request_errors->arena, Text, vocabulary->facts.count);
  uint32_t count = 0;
  for (uint32_t i = BUILTIN_FACTS; i < vocabulary->facts.count; i++)
    names[count++] = vocabulary->facts.items[i]->name;
  RequestError *request_error =
      request_error_at(request_errors, place, key,
                       arena_format(request_errors->arena, "a fact of vocabulary %.*s",
                                    (int)vocabulary->name.length, vocabulary->name.at));
  request_error->nearest = nearest_of(text_of_token(key), names, count);
}

static FactValue *fill_builtin(Facts *facts, uint32_t index, bool known, Text raw) {
  FactValue *value =
      &facts->values[index]; /* nothing else of it is ever set, but the drug's word */
  value->known = known;
  value->raw = raw;
  return value;
}

static void fill_builtins(const Request *request, Facts *facts) {
  fill_builtin(facts, FACT_KIND, true, request->kind_raw)->choice =
      (uint32_t)(request->kind < 0 ? 0 : request->kind);
  fill_builtin(facts, FACT_LINE, true, request->line_raw)->choice =
      (uint32_t)(request->line < 0 ? 0 : request->line);
  FactValue *drug = fill_builtin(facts, FACT_DRUG, true, request->drug_raw);
  drug->name = vocabulary_name(facts->vocabulary, request->drug);
  drug->word = request->drug;
  fill_builtin(facts, FACT_URGENCY, true, request->urgency_raw)->choice =
      (uint32_t)(request->urgency < 0 ? 0 : request->urgency);
  fill_builtin(facts, FACT_START, request->start != DATE_NONE, request->start_raw)->date =
      request->start;
  fill_builtin(facts, FACT_RECEIVED, request->received != DATE_NONE, request->received_raw)->date =
      request->received;
}

static void touch(Facts *facts, const Fact *fact) {
  FactValue *value = &facts->values[fact->index];
  if (!value->present && facts->touched != NULL)
    facts->touched[facts->touched_count++] = fact->index;
  value->present = true;
}

void request_read_fact(const Fact *fact, const JsonToken *tokens, Facts *facts,
                       NotCounted *not_counted, RequestErrors *request_errors) {
  Place place = {.key = fact->name, .index = -1, .is_fact = true};
  touch(facts, fact);
  read_fact(fact, tokens, tokens, facts, &place, request_errors, not_counted);
}

/* What the vocabulary says of facts that are not given, and of lists. */
void request_settle(Facts *facts) {
  const Vocabulary *vocabulary = facts->vocabulary;
  for (uint32_t i = 0; i < vocabulary->defaulted.count; i++) {
    const Fact *fact = vocabulary->defaulted.items[i];
    FactValue *value = &facts->values[fact->index];
    if (value->known) continue;
    touch(facts, fact);
    *value = (FactValue){
        .present = true, .known = true, .defaulted = true, .choice = fact->default_value};
  }
  for (uint32_t i = 0; i < vocabulary->lists.count; i++) {
    const Fact *fact = vocabulary->lists.items[i];
    FactValue *value = &facts->values[fact->index];
    if (!value->known) continue;
    const FactValue *flag =
        fact->complete_when == NULL ? NULL : &facts->values[fact->complete_when->index];
    value->complete = flag == NULL || (flag->known && flag->choice == 0);
  }
}

/* Where no start was given, the received date stands for it. */
static const Fact *as_written(const Fact *fact, const Facts *facts) {
  bool is_received = fact->index == FACT_START &&
                     facts->values[FACT_START].raw.at == facts->values[FACT_RECEIVED].raw.at;
  return is_received ? facts->vocabulary->facts.items[FACT_RECEIVED] : fact;
}

static const char *other_names(const FactList *involved, uint32_t but, const Facts *facts,
                               Arena *arena) {
  Buffer names;
  buffer_open(&names, arena, 32);
  for (uint32_t i = 0; i < involved->count; i++) {
    if (i == but || !facts->values[involved->items[i]->index].known) continue;
    if (names.length > 0) buffer_string(&names, ", ");
    buffer_text(&names, as_written(involved->items[i], facts)->name);
  }
  return names.length > 0 ? buffer_finish(&names) : "itself";
}

/* One fault for each fact that has a part in it, so that each is pointed at. */
static void contradiction(const Never *never, const Facts *facts, RequestErrors *request_errors) {
  FactList involved = {0};
  facts_of_condition(request_errors->arena, &involved, never->condition);
  for (uint32_t i = 0; i < involved.count; i++) {
    const Fact *fact = as_written(involved.items[i], facts);
    const FactValue *value = &facts->values[fact->index];
    if (!value->known || value->defaulted) continue;
    const char *above = fact->index < BUILTIN_FACTS ? "" : "/facts";
    Text pointer = text_of(arena_format(request_errors->arena, "%s/%.*s", above,
                                        (int)fact->name.length, fact->name.at));
    request_error_add(
        request_errors, fact->name, pointer, value->raw.length > 0 ? value->raw : fact->name,
        "no contradiction with %s: %.*s", other_names(&involved, i, facts, request_errors->arena),
        (int)never->text.length, never->text.at);
  }
}

/* The fact of a name: first the one that came next last time, or, where that is left out, one of
 * those that came after it; then by looking it up. `*before` is what the guess is kept under. It is
 * changed only where nothing was guessed, so the order comes to be that of all facts ever stated.
 */
static inline const Fact *find_fact(const Facts *facts, Text name, uint32_t *before) {
  enum { LEFT_OUT = 2 };
  const Fact *fact = facts->next == NULL ? NULL : facts->next[*before];
  for (int left_out = 0; fact != NULL && !text_equal(fact->name, name); left_out++)
    fact = left_out < LEFT_OUT ? facts->next[fact->index] : NULL;
  if (fact == NULL) {
    fact = vocabulary_fact(facts->vocabulary, name);
    if (facts->next != NULL && fact != NULL) facts->next[*before] = fact;
  }
  if (fact != NULL) *before = fact->index;
  return fact;
}

/* A plain value of a fact of which nothing was said before. False: anything else, and nothing is
 * written. */
static inline bool read_first(const Fact *fact, const JsonToken *token, Facts *facts) {
  FactValue *value = &facts->values[fact->index];
  if (fact->index < BUILTIN_FACTS || value->present || !read_plainly(fact, token, value))
    return false;
  touch(facts, fact);
  return true;
}

static void read_stated(const JsonToken *object, const JsonToken *tokens, Facts *facts,
                        NotCounted *not_counted, RequestErrors *request_errors) {
  uint32_t before = facts->vocabulary->facts.count; /* of the first */
  const Place top = {.key = TEXT("facts"), .index = -1};
  const JsonToken *end = tokens + object->end;
  for (const JsonToken *key = object + 1; key < end; key = tokens + (key + 1)->end) {
    const Fact *fact = find_fact(facts, text_of_token(key), &before);
    if (fact != NULL && read_first(fact, key + 1, facts)) continue;
    const Place place = {.above = &top, .key = text_of_token(key), .index = -1, .is_fact = true};
    if (fact == NULL || fact->index < BUILTIN_FACTS) {
      unknown_fact(facts->vocabulary, key, &place, request_errors);
    } else if (facts->values[fact->index].present) {
      request_error_at(request_errors, &place, key, "each key once");
    } else {
      touch(facts, fact);
      read_fact(fact, tokens, key + 1, facts, &place, request_errors, not_counted);
    }
  }
}

void request_read_facts(const Request *request, const JsonToken *tokens, Facts *facts,
                        NotCounted *not_counted, RequestErrors *request_errors) {
  const Vocabulary *vocabulary = facts->vocabulary;
  fill_builtins(request, facts);
  if (request->facts != NULL)
    read_stated(request->facts, tokens, facts, not_counted, request_errors);
  request_settle(facts);
  for (uint32_t i = 0; i < vocabulary->nevers.count; i++) {
    if (evaluate_condition(vocabulary->nevers.items[i]->condition, facts) == TRUTH_YES)
      contradiction(vocabulary->nevers.items[i], facts, request_errors);
  }
}

/* ---- The head ---- */

typedef enum HeadKey {
  HEAD_ID,
  HEAD_PAYER,
  HEAD_LINE,
  HEAD_DRUG,
  HEAD_KIND,
  HEAD_URGENCY,
  HEAD_RECEIVED,
  HEAD_START,
  HEAD_POLICY,
  HEAD_FACTS,
  HEAD_KEYS
} HeadKey;

static const Text head_names[HEAD_KEYS] = {
    {"id", 2},      {"payer", 5},    {"line", 4},  {"drug", 4},   {"kind", 4},
    {"urgency", 7}, {"received", 8}, {"start", 5}, {"policy", 6}, {"facts", 5}};

static Text read_word(const JsonToken *token, const Place *place, RequestErrors *request_errors) {
  if (token->kind == JSON_STRING && token->length > 0) return text_of_token(token);
  request_error_at(request_errors, place, token, "a text that is not empty");
  return (Text){0};
}

static int read_head_choice(const Type *type, const JsonToken *token, const Place *place,
                            RequestErrors *request_errors) {
  uint32_t choice;
  return read_choice(type, token, place, request_errors, &choice) ? (int)choice : -1;
}

static void read_head_value(Request *request, HeadKey which, const JsonToken *token,
                            const Vocabulary *builtin, const Place *place,
                            RequestErrors *request_errors) {
  switch (which) {
    case HEAD_ID:
      request->id = read_word(token, place, request_errors);
      if (request->id.length > 0) request->id_raw = raw_of(token);
      return;
    case HEAD_PAYER:
      request->payer = read_word(token, place, request_errors);
      return;
    case HEAD_DRUG:
      request->drug = read_word(token, place, request_errors);
      request->drug_raw = raw_of(token);
      return;
    case HEAD_POLICY:
      request->policy = read_word(token, place, request_errors);
      return;
    case HEAD_LINE:
      request->line =
          read_head_choice(&builtin->facts.items[FACT_LINE]->type, token, place, request_errors);
      request->line_raw = raw_of(token);
      return;
    case HEAD_KIND:
      request->kind =
          read_head_choice(&builtin->facts.items[FACT_KIND]->type, token, place, request_errors);
      request->kind_raw = raw_of(token);
      return;
    case HEAD_URGENCY:
      request->urgency =
          read_head_choice(&builtin->facts.items[FACT_URGENCY]->type, token, place, request_errors);
      request->urgency_raw = raw_of(token);
      return;
    case HEAD_RECEIVED:
      request->received_raw = raw_of(token);
      if (token->kind == JSON_STRING && date_parse_time(text_of_token(token), &request->received))
        return;
      request_error_at(request_errors, place, token,
                       "a date or time that exists, as \"2026-11-02T15:04:00Z\"");
      return;
    case HEAD_START:
      request->start_raw = raw_of(token);
      read_date(token, place, request_errors, &request->start);
      return;
    case HEAD_FACTS:
      if (token->kind == JSON_OBJECT) {
        request->facts = token;
      } else {
        request_error_at(request_errors, place, token, "an object of facts");
      }
      return;
    case HEAD_KEYS:
      return;
  }
}

/* Its length and first letter tell which key it can be. */
static int find_head(Text key) {
  const char first = key.length == 0 ? 0 : key.at[0];
  int which = HEAD_ID;
  switch (key.length) {
    case 4:
      which = first == 'l' ? HEAD_LINE : first == 'd' ? HEAD_DRUG : HEAD_KIND;
      break;
    case 5:
      which = first == 'p' ? HEAD_PAYER : first == 's' ? HEAD_START : HEAD_FACTS;
      break;
    case 6:
      which = HEAD_POLICY;
      break;
    case 7:
      which = HEAD_URGENCY;
      break;
    case 8:
      which = HEAD_RECEIVED;
      break;
  }
  return text_equal(head_names[which], key) ? which : -1;
}

static void require(const bool *seen, HeadKey which, const char *expected,
                    RequestErrors *request_errors) {
  Place place = {.key = head_names[which], .index = -1};
  if (!seen[which]) request_error_at(request_errors, &place, NULL, expected);
}

void request_read_head(Request *request, const JsonToken *tokens, uint32_t count,
                       const Vocabulary *builtin, Text policy, RequestErrors *request_errors) {
  memory_clear(request, sizeof *request);
  request->line = request->kind = request->urgency = -1;
  request->received = request->start = DATE_NONE;
  if (count == 0 || tokens[0].kind != JSON_OBJECT) {
    request_error_add(request_errors, TEXT(""), TEXT(""),
                      count == 0 ? TEXT("nothing") : raw_of(&tokens[0]),
                      "a request: a JSON object");
    return;
  }
  bool seen[HEAD_KEYS] = {false}, given[HEAD_KEYS] = {false}; /* given: if only as null */
  for (const JsonToken *key = tokens + 1; key < tokens + tokens[0].end;
       key = tokens + (key + 1)->end) {
    Place place = {.key = text_of_token(key), .index = -1};
    int which = find_head(place.key);
    if (which < 0) {
      request_error_at(request_errors, &place, key,
                       list_values(request_errors->arena, head_names, HEAD_KEYS, 0))
          ->nearest = nearest_of(place.key, head_names, HEAD_KEYS);
    } else if (given[which]) {
      request_error_at(request_errors, &place, key, "each key once");
    } else {
      given[which] = true;
      if ((key + 1)->kind == JSON_NULL) continue;
      seen[which] = true;
      read_head_value(request, (HeadKey)which, key + 1, builtin, &place, request_errors);
    }
  }
  require(seen, HEAD_DRUG, "the drug requested", request_errors);
  if (!seen[HEAD_LINE]) /* what is expected is only written out where it must be told */
    require(seen, HEAD_LINE,
            list_values(request_errors->arena, builtin->facts.items[FACT_LINE]->type.values, 4, 0),
            request_errors);
  require(seen, HEAD_KIND, "initial | continuation", request_errors);
  require(seen, HEAD_RECEIVED, "the day the request was received", request_errors);
  if (policy.length > 0) {
    request->policy = policy;
  } else if (!seen[HEAD_POLICY]) {
    require(seen, HEAD_PAYER, "the payer, or the policy's id as `policy`", request_errors);
  }
  if (request->urgency < 0 && !seen[HEAD_URGENCY]) request->urgency = 0;
  if (seen[HEAD_START]) return;
  request->start = request->received;
  request->start_raw = request->received_raw;
}
