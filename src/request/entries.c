/* What is an object in a request: a value with its evidence around it, the entries of a list, the
 * observations of a series. Each reader walks the members once; a key that is not its own is an
 * error with the keys that are, and so is a key that stands twice. */
#include <assert.h>

#include "base/limits.h"
#include "request/reader.h"

static bool repeats_key(const RequestReader *reader, const JsonToken *object,
                        const JsonToken *key) {
  for (const JsonToken *k = object + 1; k < key; k = token_after(reader, k + 1)) {
    if (text_equal(token_text(k), token_text(key))) return true;
  }
  return false;
}

static bool refuse_repeated(const RequestReader *reader, const JsonToken *object,
                            const JsonToken *key, const RequestPlace *place) {
  if (!repeats_key(reader, object, key)) return false;
  request_error_at(reader->errors, place, key, EXPECT(REPEATED_KEY, "each key once"));
  return true;
}

/* ---- Evidence ---- */

static void read_evidence_member(const RequestReader *reader, const JsonToken *key,
                                 const RequestPlace *place, FactValue *value) {
  static const Text names[] = {{"value", 5}, {"document", 8}, {"date", 4}, {"source", 6}};
  const JsonToken *item = key + 1;
  if (text_is(place->key, "document")) {
    value->document = request_read_document(item, place, reader->errors);
    if (item->kind == JSON_STRING) value->document_raw = token_raw(item);
  } else if (text_is(place->key, "date")) {
    if (item->kind != JSON_NULL)
      value->has_observed = request_read_date(item, place, reader->errors, &value->observed);
  } else if (text_is(place->key, "source")) {
    if (item->kind == JSON_NULL) return;
    value->source = request_read_source(item, place, reader->errors);
    if (value->source > value->claimed) value->claimed = value->source;
    value->source_text = token_raw(item);
  } else {
    request_error_nearest(reader->errors, place, key,
                          EXPECT(UNKNOWN_KEY, "value | document | date | source"), names, 4);
  }
}

const JsonToken *request_read_evidence(const RequestReader *reader, const JsonToken *object,
                                       const RequestPlace *place, FactValue *value) {
  const JsonToken *inner = NULL;
  for (const JsonToken *key = object + 1; key < token_after(reader, object);
       key = token_after(reader, key + 1)) {
    const RequestPlace at = place_of_key(place, token_text(key));
    if (refuse_repeated(reader, object, key, &at)) continue;
    if (text_is(at.key, "value")) {
      inner = key + 1;
    } else {
      read_evidence_member(reader, key, &at, value);
    }
  }
  return inner;
}

/* ---- Arrays of objects ---- */

static uint32_t count_items(const RequestReader *reader, const JsonToken *array) {
  uint32_t count = 0;
  for (const JsonToken *item = array + 1; item < token_after(reader, array);
       item = token_after(reader, item))
    count++;
  return count;
}

/* False, and an error, where it is not an array or has too many elements. */
static bool is_record_array(const RequestReader *reader, const JsonToken *token,
                            const RequestPlace *place, uint32_t *count) {
  if (token->kind != JSON_ARRAY) {
    request_error_at(reader->errors, place, token, EXPECT(WRONG_TYPE, "an array of objects"));
    return false;
  }
  *count = count_items(reader, token);
  if (*count <= LIMIT_LIST_ENTRIES) return true;
  request_error_at(reader->errors, place, token,
                   EXPECT(TOO_LARGE, arena_format(reader->errors->arena, "at most %u entries",
                                                  LIMIT_LIST_ENTRIES)));
  return false;
}

/* ---- Lists ---- */

static void unknown_entry_key(const RequestReader *reader, const Fact *list, const JsonToken *key,
                              const RequestPlace *place) {
  static const Text of_any_entry[] = {{"document", 8}, {"date", 4}, {"source", 6}};
  enum { OF_ANY_ENTRY = sizeof of_any_entry / sizeof *of_any_entry };
  Text names[LIMIT_FIELDS + OF_ANY_ENTRY];
  uint32_t count = 0;
  for (; count < list->field_count; count++) names[count] = list->fields[count].name;
  for (uint32_t i = 0; i < OF_ANY_ENTRY; i++) names[count++] = of_any_entry[i];
  request_error_nearest(reader->errors, place, key,
                        EXPECT(UNKNOWN_KEY, request_choices(reader->errors->arena, names, count)),
                        names, count);
}

static void read_field(const RequestReader *reader, const Field *field, const JsonToken *value,
                       const RequestPlace *place, EntryField *into) {
  RequestErrors *errors = reader->errors;
  switch (field->type.kind) {
    case TYPE_NAME:
      into->known = request_read_name(value, reader->facts->vocabulary, place, errors);
      if (into->known) into->name = vocabulary_name(reader->facts->vocabulary, token_text(value));
      return;
    case TYPE_DATE:
      into->known = request_read_date(value, place, errors, &into->date);
      return;
    case TYPE_QUANTITY: /* a field has no range of its own */
      into->known = request_read_positive(&field->type, value, place, errors, &into->amount);
      return;
    case TYPE_ENUMERATION:
      into->known = request_read_choice(&field->type, value, place, errors, &into->choice) &&
                    !((field->not_known >> into->choice) & 1);
      return;
    case TYPE_SET:
    case TYPE_DURATION:
    case TYPE_CODE:
    case TYPE_LIST:
    case TYPE_SERIES:
      assert(!"a type that no field can have");
  }
}

/* `place` is that of the key. */
static void read_entry_member(const RequestReader *reader, const Fact *list, const JsonToken *key,
                              const RequestPlace *place, Entry *entry) {
  const JsonToken *value = key + 1;
  if (text_is(place->key, "document")) {
    entry->documented = request_read_document(value, place, reader->errors).length > 0;
    return;
  }
  if (text_is(place->key, "date")) {
    Date date;
    if (value->kind != JSON_NULL) request_read_date(value, place, reader->errors, &date);
    return;
  }
  if (text_is(place->key, "source")) {
    if (value->kind != JSON_NULL)
      entry->claimed = request_read_source(value, place, reader->errors);
    return;
  }
  for (uint32_t i = 0; i < list->field_count; i++) {
    if (!text_equal(list->fields[i].name, place->key)) continue;
    if (value->kind != JSON_NULL)
      read_field(reader, &list->fields[i], value, place, &entry->fields[i]);
    return;
  }
  unknown_entry_key(reader, list, key, place);
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

static void read_entry(const RequestReader *reader, const Fact *list, const JsonToken *item,
                       const RequestPlace *place, Entry *entry) {
  entry->fields = ARENA_ARRAY(reader->errors->arena, EntryField, list->field_count);
  if (item->kind != JSON_OBJECT) {
    request_error_at(reader->errors, place, item, EXPECT(WRONG_TYPE, "an object"));
    return;
  }
  for (const JsonToken *key = item + 1; key < token_after(reader, item);
       key = token_after(reader, key + 1)) {
    const RequestPlace at = place_of_key(place, token_text(key));
    if (!refuse_repeated(reader, item, key, &at)) read_entry_member(reader, list, key, &at, entry);
  }
  default_fields(list, entry);
}

bool request_read_list(const RequestReader *reader, const Fact *fact, const JsonToken *token,
                       const RequestPlace *place, FactValue *value) {
  uint32_t count;
  if (!is_record_array(reader, token, place, &count)) return false;
  value->entries = ARENA_ARRAY(reader->errors->arena, Entry, count);
  value->entry_count = count;
  uint32_t index = 0;
  for (const JsonToken *item = token + 1; item < token_after(reader, token);
       item = token_after(reader, item), index++) {
    const RequestPlace at = place_of_element(place, index);
    read_entry(reader, fact, item, &at, &value->entries[index]);
    if (value->entries[index].claimed > value->claimed)
      value->claimed = value->entries[index].claimed;
  }
  return true;
}

/* ---- Series ---- */

typedef enum ObservationKey {
  OBSERVATION_DATE,
  OBSERVATION_VALUE,
  OBSERVATION_UPPER_LIMIT,
  OBSERVATION_ROLE,
  OBSERVATION_DOCUMENT,
  OBSERVATION_KEYS
} ObservationKey;

static const Text observation_keys[OBSERVATION_KEYS] = {
    {"date", 4}, {"value", 5}, {"upper_limit", 11}, {"role", 4}, {"document", 8}};

static ObservationKey observation_key(Text key) {
  int which = 0;
  while (which < OBSERVATION_KEYS && !text_equal(observation_keys[which], key)) which++;
  return (ObservationKey)which;
}

static void read_observation_member(const RequestReader *reader, const Fact *fact,
                                    const JsonToken *key, const RequestPlace *place,
                                    Observation *observation) {
  RequestErrors *errors = reader->errors;
  const JsonToken *value = key + 1;
  switch (observation_key(place->key)) {
    case OBSERVATION_DATE:
      request_read_date(value, place, errors, &observation->date);
      return;
    case OBSERVATION_VALUE:
      request_read_quantity(fact, value, place, errors, &observation->value);
      return;
    case OBSERVATION_UPPER_LIMIT:
      observation->has_upper_limit =
          request_read_quantity(fact, value, place, errors, &observation->upper_limit) &&
          request_is_positive(observation->upper_limit, value, place, errors);
      return;
    case OBSERVATION_ROLE:
      observation->is_baseline =
          value->kind == JSON_STRING && text_is(token_text(value), "baseline");
      if (!observation->is_baseline)
        request_error_at(errors, place, value, EXPECT(UNKNOWN_VALUE, "baseline"));
      return;
    case OBSERVATION_DOCUMENT:
      observation->documented = request_read_document(value, place, errors).length > 0;
      return;
    case OBSERVATION_KEYS:
      request_error_at(errors, place, key,
                       EXPECT(UNKNOWN_KEY, "date | value | upper_limit | role | document"));
      return;
  }
}

static void read_observation(const RequestReader *reader, const Fact *fact, const JsonToken *item,
                             const RequestPlace *place, Observation *observation) {
  bool dated = false, valued = false;
  for (const JsonToken *key = item + 1; key < token_after(reader, item);
       key = token_after(reader, key + 1)) {
    const RequestPlace at = place_of_key(place, token_text(key));
    if (refuse_repeated(reader, item, key, &at)) continue;
    dated = dated || observation_key(at.key) == OBSERVATION_DATE;
    valued = valued || observation_key(at.key) == OBSERVATION_VALUE;
    read_observation_member(reader, fact, key, &at, observation);
  }
  if (dated && valued) return;
  const RequestPlace missing = place_of_key(place, dated ? TEXT("value") : TEXT("date"));
  request_error_at(reader->errors, &missing, NULL,
                   EXPECT(MISSING, dated ? "the observed value" : "the day of the observation"));
}

bool request_read_series(const RequestReader *reader, const Fact *fact, const JsonToken *token,
                         const RequestPlace *place, FactValue *value) {
  uint32_t count;
  if (!is_record_array(reader, token, place, &count)) return false;
  value->observations = ARENA_ARRAY(reader->errors->arena, Observation, count);
  value->observation_count = count;
  uint32_t index = 0, documented = 0;
  for (const JsonToken *item = token + 1; item < token_after(reader, token);
       item = token_after(reader, item), index++) {
    const RequestPlace at = place_of_element(place, index);
    Observation *observation = &value->observations[index];
    if (item->kind == JSON_OBJECT) {
      read_observation(reader, fact, item, &at, observation);
      documented += observation->documented;
    } else {
      request_error_at(reader->errors, &at, item,
                       EXPECT(WRONG_TYPE, "an object with date and value"));
    }
  }
  if (count > 0 && documented == count)
    value->documented = true; /* each carries its own: the whole does */
  return true;
}
