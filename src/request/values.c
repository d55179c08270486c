/* A single value of a request: each reader takes one token and fills in what the value is, or adds
 * the error that says what it should have been. */
#include "base/code.h"
#include "base/limits.h"
#include "request/reader.h"

/* ---- Choices ---- */

bool request_read_choice(const Type *type, const JsonToken *token, const RequestPlace *place,
                         RequestErrors *errors, uint32_t *choice) {
  if (type->yes_no) {
    *choice = token->kind == JSON_TRUE ? 0 : 1;
    if (token->kind == JSON_TRUE || token->kind == JSON_FALSE) return true;
    request_error_at(errors, place, token, EXPECT(WRONG_TYPE, "true or false"));
    return false;
  }
  /* a value that is a number, such as 1, may be written as one (nccn_category) */
  const bool is_word = token->kind == JSON_STRING || token->kind == JSON_NUMBER;
  const int value = is_word ? find_choice(type, token_text(token)) : -1;
  if (value < 0) {
    const Expectation expected = {is_word ? LICET_ERROR_UNKNOWN_VALUE : LICET_ERROR_WRONG_TYPE,
                                  request_choices(errors->arena, type->values, type->value_count)};
    request_error_nearest(errors, place, token, expected, type->values, type->value_count);
    return false;
  }
  *choice = (uint32_t)value;
  return true;
}

bool request_read_set(const RequestReader *reader, const Type *type, const JsonToken *token,
                      const RequestPlace *place, uint64_t *members) {
  RequestErrors *errors = reader->errors;
  if (token->kind != JSON_ARRAY) {
    const char *choices = request_choices(errors->arena, type->values, type->value_count);
    request_error_at(errors, place, token,
                     EXPECT(WRONG_TYPE, arena_format(errors->arena, "an array of %s", choices)));
    return false;
  }
  bool fits = true;
  *members = 0;
  int64_t index = 0;
  for (const JsonToken *item = token + 1; item < token_after(reader, token);
       item = token_after(reader, item)) {
    const RequestPlace at = place_of_element(place, index++);
    uint32_t choice;
    if (request_read_choice(type, item, &at, errors, &choice)) {
      *members |= UINT64_C(1) << choice;
    } else {
      fits = false;
    }
  }
  return fits;
}

uint8_t request_read_source(const JsonToken *token, const RequestPlace *place,
                            RequestErrors *errors) {
  static const Text sources[] = {{"requester", 9}, {"reviewer", 8}, {"record", 6}};
  for (uint8_t i = 0; i < 3; i++) {
    if (token->kind == JSON_STRING && text_equal(token_text(token), sources[i]))
      return (uint8_t)(i + 1);
  }
  const Expectation expected = {
      token->kind == JSON_STRING ? LICET_ERROR_UNKNOWN_VALUE : LICET_ERROR_WRONG_TYPE,
      "requester | reviewer | record"};
  request_error_nearest(errors, place, token, expected, sources, 3);
  return 0;
}

/* ---- Days and lengths ---- */

bool request_read_date(const JsonToken *token, const RequestPlace *place, RequestErrors *errors,
                       Date *date) {
  if (token->kind == JSON_STRING && date_parse(token_text(token), date)) return true;
  request_error_at(errors, place, token,
                   EXPECT(BAD_DATE, "an existing date, such as \"2026-11-09\""));
  return false;
}

static bool is_length(Span span) {
  return (span.months > 0 || span.days > 0) && span.months <= 1200 && span.days <= 36525;
}

bool request_read_length(const JsonToken *token, const RequestPlace *place, RequestErrors *errors,
                         Span *span) {
  if (token->kind == JSON_STRING && span_parse(token_text(token), span) && is_length(*span))
    return true;
  request_error_at(
      errors, place, token,
      EXPECT(BAD_DURATION,
             "a length above 0 and up to 100 years, such as \"6 months\" or \"30 weeks\""));
  return false;
}

/* ---- Amounts ---- */

/* 3e-1, "2E3 mg": a number with a power of ten behind it. */
static bool has_exponent(Text text) {
  for (uint32_t i = 1; i + 1 < text.length; i++) {
    const char before = text.at[i - 1], after = text.at[i + 1];
    const bool is_power = after == '-' || after == '+' || (after >= '0' && after <= '9');
    if ((text.at[i] == 'e' || text.at[i] == 'E') && before >= '0' && before <= '9' && is_power)
      return true;
  }
  return false;
}

static const char *quantity_expected(Arena *arena, QuantityError error, Dimension dimension,
                                     Text found) {
  const char *exponent = has_exponent(found) ? " without an exponent" : "";
  if (error == QUANTITY_TOO_FINE)
    return arena_format(arena, "fewer digits: %s", dimension_precision(dimension));
  if (error == QUANTITY_TOO_LARGE) return "a smaller amount: this one is too large";
  if (dimension == DIMENSION_COUNT) return arena_format(arena, "a whole number%s", exponent);
  if (!dimension_has_units(dimension)) return arena_format(arena, "a decimal number%s", exponent);
  return arena_format(arena, "a number%s and a unit of %s: %s", exponent, dimension_name(dimension),
                      dimension_units(dimension));
}

/* "12.5 mcg/ml": the same with the unit that was meant, where there is one that is near. */
static Text nearest_quantity(Arena *arena, Text text, Dimension dimension) {
  Buffer out;
  buffer_open(&out, arena, text.length + 16);
  const bool found = quantity_write_nearest(&out, text, dimension);
  buffer_finish(&out);
  return found ? (Text){out.at, (uint32_t)out.length} : (Text){0};
}

static bool read_amount(Dimension dimension, const JsonToken *token, const RequestPlace *place,
                        RequestErrors *errors, Amount *amount) {
  const bool number = !dimension_has_units(dimension);
  QuantityError error = QUANTITY_NOT_A_NUMBER;
  if (token->kind == (number ? JSON_NUMBER : JSON_STRING)) {
    error = number ? amount_parse(token_text(token), amount)
                   : quantity_parse(token_text(token), dimension, amount);
    if (error == QUANTITY_OK && dimension == DIMENSION_COUNT && *amount % AMOUNT_ONE != 0)
      error = QUANTITY_NOT_A_NUMBER;
  }
  if (error == QUANTITY_OK) return true;
  const Text found =
      token->kind == JSON_STRING || token->kind == JSON_NUMBER ? token_text(token) : (Text){0};
  RequestError *reported = request_error_at(
      errors, place, token,
      EXPECT(BAD_QUANTITY, quantity_expected(errors->arena, error, dimension, found)));
  const bool is_kept = error != QUANTITY_TOO_LARGE && error != QUANTITY_TOO_FINE;
  if (!number && token->kind == JSON_STRING && is_kept)
    reported->nearest = nearest_quantity(errors->arena, found, dimension);
  return false;
}

static const char *range_expected(Arena *arena, const Fact *fact) {
  if (fact->has_range) return arena_format(arena, "%.*s", TEXT_ARGS(fact->range));
  if (fact->type.dimension == DIMENSION_PERCENT) return "0 % to 100 %";
  return fact->type.dimension == DIMENSION_COUNT ? "0 or more" : "a value above 0";
}

bool request_read_quantity(const Fact *fact, const JsonToken *token, const RequestPlace *place,
                           RequestErrors *errors, Amount *amount) {
  Amount low, high;
  if (!read_amount(fact->type.dimension, token, place, errors, amount)) return false;
  fact_bounds(fact, &low, &high);
  if (*amount >= low && *amount <= high) return true;
  request_error_at(errors, place, token, EXPECT(OUT_OF_RANGE, range_expected(errors->arena, fact)));
  return false;
}

bool request_is_positive(Amount amount, const JsonToken *token, const RequestPlace *place,
                         RequestErrors *errors) {
  if (amount > 0) return true;
  request_error_at(errors, place, token, EXPECT(OUT_OF_RANGE, "a value above 0"));
  return false;
}

bool request_read_positive(const Type *type, const JsonToken *token, const RequestPlace *place,
                           RequestErrors *errors, Amount *amount) {
  if (!read_amount(type->dimension, token, place, errors, amount)) return false;
  return request_is_positive(*amount, token, place, errors);
}

/* ---- Words ---- */

bool request_read_code(const Type *type, const JsonToken *token, const RequestPlace *place,
                       RequestErrors *errors, Text *code) {
  if (token->kind == JSON_STRING &&
      code_normal(errors->arena, type->system, token_text(token), code))
    return true;
  request_error_at(
      errors, place, token,
      EXPECT(BAD_CODE, arena_format(errors->arena, "a code of %.*s", TEXT_ARGS(type->system))));
  return false;
}

bool request_read_text(const JsonToken *token, const char *expected, const RequestPlace *place,
                       RequestErrors *errors) {
  const Text text = token->kind == JSON_STRING ? token_text(token) : (Text){0};
  const Text trimmed = text_trim(text);
  if (trimmed.length == 0) {
    request_error_at(
        errors, place, token,
        (Expectation){token->kind == JSON_STRING ? LICET_ERROR_BAD_TEXT : LICET_ERROR_WRONG_TYPE,
                      expected});
  } else if (trimmed.length != text.length) {
    request_error_at(errors, place, token,
                     EXPECT(BAD_TEXT, arena_format(errors->arena,
                                                   "%s, without white space around it", expected)))
        ->nearest = trimmed;
  }
  return trimmed.length > 0 && trimmed.length == text.length;
}

/* A word for none is a name only where the vocabulary has it: else it would count as a name that
 * differs from all others. */
bool request_read_name(const JsonToken *token, const Vocabulary *vocabulary,
                       const RequestPlace *place, RequestErrors *errors) {
  if (!request_read_text(token, "a name, as text", place, errors)) return false;
  const Text name = token_text(token);
  if (!text_says_none(name) || vocabulary_name(vocabulary, name) != 0) return true;
  request_error_at(errors, place, token,
                   EXPECT(BAD_TEXT, "a name, as text; a word that means none is not a name"));
  return false;
}

Text request_read_document(const JsonToken *token, const RequestPlace *place,
                           RequestErrors *errors) {
  const char *expected = "the name of a document, as text";
  if (token->kind == JSON_NULL) return (Text){0};
  if (token->kind == JSON_STRING && text_trim(token_text(token)).length == 0) return (Text){0};
  return request_read_text(token, expected, place, errors) ? token_text(token) : (Text){0};
}
