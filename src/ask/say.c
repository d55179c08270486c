/* say: answers as people type them, as JSON. A reader by hand for each type of fact.
 *
 * Invariant: tolerant of spelling, never of meaning: "Y", "yes" and "true" are one answer,
 * "relapsed" may be cut to "rel" or given by its number, "70kg" has its unit. But "70" without a
 * unit, "3/5/2001" and half a name that fits two choices are not guessed at; what is not taken says
 * what is expected.
 */
#include "ask/interview.h"

#include <string.h>

#include "json/writer.h"

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static Text trim(Text text) {
  while (text.length > 0 && is_space(text.at[0])) text = (Text){text.at + 1, text.length - 1};
  while (text.length > 0 && is_space(text.at[text.length - 1])) text.length--;
  return text;
}

/* What stands before the mark, which is skipped; all of it where there is no mark. */
static Text take_until(Text *rest, char mark) {
  uint32_t end = 0;
  while (end < rest->length && rest->at[end] != mark) end++;
  Text part = {rest->at, end};
  uint32_t passed = end < rest->length ? end + 1 : end;
  *rest = (Text){rest->at + passed, rest->length - passed};
  return trim(part);
}

/* Case, blanks and dashes do not count. */
static char plain(char c) { return c == ' ' || c == '-' ? '_' : ascii_lower(c); }

static bool begins(Text whole, Text part) {
  if (part.length > whole.length) return false;
  for (uint32_t i = 0; i < part.length; i++) {
    if (plain(whole.at[i]) != plain(part.at[i])) return false;
  }
  return true;
}

static bool care(Text word, const char *const *words) {
  for (; *words != NULL; words++) {
    if (text_equal_ignoring_case(word, text_of(*words))) return true;
  }
  return false;
}

/* ---- Choices ---- */

static bool is_yes_no(const Type *type) {
  return type->value_count == 2 && text_is(type->values[0], "yes") &&
         text_is(type->values[1], "no");
}

/* Are the choices offered with numbers? Not where one of them begins with a digit: "2" beside
 * "2A" and "3" could then mean two things. */
static bool choices_are_numbered(const Type *type) {
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (type->values[i].length > 0 && is_ascii_digit(type->values[i].at[0])) return false;
  }
  return true;
}

/* -1: the word is not a number. */
static int number_of(Text word) {
  int number = 0;
  if (word.length == 0 || word.length > 4) return -1;
  for (uint32_t i = 0; i < word.length; i++) {
    if (!is_ascii_digit(word.at[i])) return -1;
    number = number * 10 + (word.at[i] - '0');
  }
  return number;
}

static int choice_numbered(const Type *type, uint64_t not_known, int number) {
  int shown = 0;
  if (!choices_are_numbered(type)) return -1;
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (!((not_known >> i) & 1) && ++shown == number) return (int)i;
  }
  return -1;
}

/* The value a word stands for: itself, its number among those that are shown, or the only one it
 * begins. A number begins nothing. -1: none; -2: several. */
static int find_choice(const Type *type, uint64_t not_known, Text word) {
  int found = -1;
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (type->values[i].length == word.length && begins(type->values[i], word)) return (int)i;
  }
  const int number = number_of(word);
  if (number >= 0) return choice_numbered(type, not_known, number);
  for (uint32_t i = 0; i < type->value_count; i++) {
    if ((not_known >> i) & 1 || word.length == 0 || !begins(type->values[i], word)) continue;
    found = found == -1 ? (int)i : -2;
  }
  return found;
}

static Text say_choice(Arena *arena, const Type *type, uint64_t not_known, Text word,
                       const char **trouble) {
  static const char *const yes[] = {"y", "yes", "true", NULL}, *const no[] = {"n", "no", "false",
                                                                              NULL};
  if (is_yes_no(type)) {
    if (care(word, yes)) return TEXT("true");
    if (care(word, no)) return TEXT("false");
    *trouble = "yes or no";
    return TEXT("");
  }
  int choice = find_choice(type, not_known, word);
  if (choice >= 0) return json_quoted(arena, type->values[choice]);
  *trouble = choice == -2                 ? "one choice; several begin with this"
             : choices_are_numbered(type) ? "one of the choices, or its number"
                                          : "one of the choices";
  return TEXT("");
}

static Text say_set(Arena *arena, const Type *type, uint64_t not_known, Text words,
                    const char **trouble) {
  static const char *const nothing[] = {"[]", "{}", "empty", NULL};
  Buffer out;
  JsonWriter json;
  buffer_open(&out, arena, 64);
  json_writer_open(&json, &out);
  json_begin_array(&json);
  if (!text_says_none(words) && !care(words, nothing)) {
    while (words.length > 0) {
      int choice = find_choice(type, not_known, take_until(&words, ','));
      if (choice < 0) {
        *trouble = choice == -2 ? "whole names; several choices begin with this one"
                                : "choices separated by commas, or none";
        return TEXT("");
      }
      json_text(&json, type->values[choice]);
    }
  }
  json_end_array(&json);
  json_writer_close(&json);
  return buffer_contents(&out);
}

/* ---- Dates and amounts ---- */

static int month_named(Text word) {
  static const char *const months[] = {"january",   "february", "march",    "april",
                                       "may",       "june",     "july",     "august",
                                       "september", "october",  "november", "december"};
  for (int i = 0; word.length >= 3 && i < 12; i++) {
    if (begins(text_of(months[i]), word)) return i + 1;
  }
  return 0;
}

/* 2001-5-3, 2001/5/3, 3 May 2001, May 3, 2001: what begins with the year, or names the month. */
static bool read_day(Text words, Date *date) {
  Text parts[4];
  uint32_t count = 0;
  for (uint32_t i = 0; i < words.length && count < 4;) {
    uint32_t end = i;
    while (end < words.length && is_ascii_word(words.at[end])) end++;
    if (end > i) parts[count++] = (Text){words.at + i, end - i};
    i = end + 1;
  }
  if (count != 3) return false;
  int first = number_of(parts[0]), middle = number_of(parts[1]), last = number_of(parts[2]);
  if (parts[0].length == 4 && middle > 0 && last > 0)
    return (*date = date_from_civil(first, middle, last)) != DATE_NONE;
  if (parts[2].length != 4 || last <= 0) return false;
  int month = first > 0 ? month_named(parts[1]) : month_named(parts[0]),
      day = first > 0 ? first : middle;
  return month > 0 && day > 0 && (*date = date_from_civil(last, month, day)) != DATE_NONE;
}

static Text say_date(Arena *arena, Text words, const char **trouble) {
  Date date = DATE_NONE;
  char day[10];
  *trouble = "a date, such as 2001-05-03 or 3 May 2001";
  if (!read_day(words, &date)) return TEXT("");
  date_write(date, day);
  return json_quoted(arena, text_of(arena_copy(arena, day, sizeof day)));
}

static bool is_decimal(Text word) {
  uint32_t digits = 0, points = 0;
  for (uint32_t i = 0; i < word.length; i++) {
    digits += is_ascii_digit(word.at[i]);
    points += word.at[i] == '.';
  }
  return digits > 0 && points <= 1 && digits + points == word.length &&
         word.at[word.length - 1] != '.';
}

/* A number alone is taken where the dimension has one unit only. */
static Text say_quantity(Arena *arena, const Fact *fact, Text words, const char **trouble) {
  const char *units = dimension_units(fact->type.dimension);
  bool number = is_decimal(words);
  *trouble =
      units[0] == '\0' ? "a number" : arena_format(arena, "a number with its unit (%s)", units);
  if (units[0] == '\0') return number ? words : TEXT("");
  if (!number) return json_quoted(arena, words);
  if (strchr(units, ',') != NULL) return TEXT("");
  return json_quoted(arena,
                     text_of(arena_format(arena, "%.*s %s", (int)words.length, words.at, units)));
}

/* ---- Lists ---- */

static const Field *field_of(const Fact *list, const bool *used, Text word, int *choice) {
  for (uint32_t f = 0; f < list->field_count; f++) {
    if (used[f] || list->fields[f].type.kind != TYPE_ENUMERATION ||
        is_yes_no(&list->fields[f].type))
      continue;
    *choice = find_choice(&list->fields[f].type, 0, word);
    if (*choice >= 0 && !is_ascii_digit(word.at[0])) return &list->fields[f];
  }
  for (uint32_t f = 0; f < list->field_count; f++) {
    if (!used[f] && list->fields[f].type.kind == TYPE_NAME) return &list->fields[f];
  }
  return NULL;
}

/* "outcome=refractory", or "refractory" alone, which only one field takes; a word that none takes
 * is the name. */
static bool say_field(Arena *arena, const Fact *list, bool *used, Text word, JsonWriter *out,
                      const char **trouble) {
  Text rest = word, name = take_until(&rest, '=');
  const Field *field = NULL;
  int choice = -1;
  bool named = rest.at > word.at + name.length && rest.length > 0;
  for (uint32_t f = 0; named && f < list->field_count; f++) {
    if (text_equal_ignoring_case(list->fields[f].name, name)) field = &list->fields[f];
  }
  if (!named) field = field_of(list, used, word, &choice);
  if (field == NULL || used[field->index]) {
    *trouble =
        "the fields of each entry, separated by commas; entries separated by semicolons; or none";
    return false;
  }
  Text value = named ? trim(rest) : word, json = TEXT("");
  used[field->index] = true;
  if (field->type.kind == TYPE_ENUMERATION) {
    json = say_choice(arena, &field->type, 0, value, trouble);
  } else if (field->type.kind == TYPE_DATE) {
    json = say_date(arena, value, trouble);
  } else {
    json = json_quoted(arena, value);
  }
  if (json.length == 0) return false;
  json_key_text(out, field->name);
  json_raw(out, json);
  return true;
}

static Text say_list(Arena *arena, const Fact *list, Text words, const char **trouble) {
  static const char *const nothing[] = {"[]", "empty", NULL};
  Buffer out;
  JsonWriter json;
  buffer_open(&out, arena, 128);
  json_writer_open(&json, &out);
  json_begin_array(&json);
  if (text_says_none(words) || care(words, nothing)) words = TEXT("");
  while (words.length > 0) {
    Text entry = take_until(&words, ';');
    bool used[LIMIT_FIELDS] = {false};
    if (entry.length == 0) continue;
    json_begin_object(&json);
    while (entry.length > 0) {
      if (!say_field(arena, list, used, take_until(&entry, ','), &json, trouble)) return TEXT("");
    }
    json_end_object(&json);
  }
  json_end_array(&json);
  json_writer_close(&json);
  return buffer_contents(&out);
}

/* ---- All of it ---- */

static Text say_value(Arena *arena, const Fact *fact, Text words, const char **trouble) {
  if (fact->type.or_none && text_says_none(words)) return TEXT("\"none\"");
  switch (fact->type.kind) {
    case TYPE_ENUMERATION:
      return say_choice(arena, &fact->type, fact->not_known, words, trouble);
    case TYPE_SET:
      return say_set(arena, &fact->type, fact->not_known, words, trouble);
    case TYPE_QUANTITY:
      return say_quantity(arena, fact, words, trouble);
    case TYPE_DATE:
      return say_date(arena, words, trouble);
    case TYPE_LIST:
      return say_list(arena, fact, words, trouble);
    case TYPE_DURATION:
    case TYPE_NAME:
    case TYPE_CODE:
      return json_quoted(arena, words);
    case TYPE_SERIES:
      *trouble = "observations as JSON: [{\"date\": …, \"value\": …}]";
      break;
  }
  return TEXT("");
}

Text say_as_json(Arena *arena, const licet_interview *interview, Text words, const char **trouble) {
  static const char *const unknown[] = {
      "-", "?", "unknown", "not known", "don't know", "i don't know", "dont know", "dk", NULL};
  words = trim(words);
  if (words.length == 0) return *trouble = "an answer, or - if it is not known", TEXT("");
  if (care(words, unknown)) return TEXT("null");
  if (words.at[0] == '[' || words.at[0] == '{' || words.at[0] == '"')
    return words; /* JSON as it stands */
  Text document = words, said = take_until(&document, '@');
  document = trim(document);
  const Text value = say_value(arena, interview->asked, said, trouble);
  if (value.length == 0 || document.length == 0) return value;
  Buffer out;
  JsonWriter json;
  buffer_open(&out, arena, value.length + document.length + 32);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  json_raw_member(&json, "value", value);
  json_text_member(&json, "document", document);
  json_end_object(&json);
  json_writer_close(&json);
  return buffer_contents(&out);
}
