/* The facts of a request: each found by its name, read as its type says, settled where the
 * vocabulary says what follows of it, and held against what no patient is like.
 *
 * Most values of most requests are plain (true, one of a few words, a short number): read_plainly
 * takes them in line, and the long way is for the rest. Both ways give the same.
 */
#include "base/limits.h"
#include "base/unreachable.h"
#include "compile/variable.h"
#include "dosing/names.h"
#include "request/reader.h"

/* ---- One fact ---- */

static bool read_value(const RequestReader *reader, const Fact *fact, const JsonToken *token,
                       const RequestPlace *place, FactValue *value) {
  RequestErrors *errors = reader->errors;
  const Text word = token_text(token);
  if (fact->type.or_none && token->kind == JSON_STRING && text_says_none(word)) {
    value->is_none = true;
    return true;
  }
  switch (fact->type.kind) {
    case TYPE_ENUMERATION:
      return request_read_choice(&fact->type, token, place, errors, &value->choice) &&
             !((fact->not_known >> value->choice) & 1);
    case TYPE_SET:
      return request_read_set(reader, &fact->type, token, place, &value->members);
    case TYPE_QUANTITY:
      return request_read_quantity(fact, token, place, errors, &value->amount);
    case TYPE_DATE:
      return request_read_date(token, place, errors, &value->date);
    case TYPE_DURATION:
      return request_read_length(token, place, errors, &value->span);
    case TYPE_NAME:
      value->elaborate = true;
      value->word = word;
      value->name =
          token->kind == JSON_STRING ? vocabulary_name(reader->facts->vocabulary, word) : 0;
      return request_read_name(token, reader->facts->vocabulary, place, errors);
    case TYPE_CODE:
      value->elaborate = true;
      return request_read_code(&fact->type, token, place, errors, &value->code);
    case TYPE_LIST:
      value->elaborate = true;
      return request_read_list(reader, fact, token, place, value);
    case TYPE_SERIES:
      value->elaborate = true;
      return request_read_series(reader, fact, token, place, value);
  }
  UNREACHABLE();
}

/* A source that nobody vouches for makes the fact not known, whatever the fact is: so no request
 * gains anything by claiming one. Of a list, one such entry is enough, since without it the list
 * would say something else. */
static bool is_vouched_for(const RequestReader *reader, const FactValue *value) {
  return reader->voucher == VOUCHER_PLAN || value->claimed <= SUPPLIER_REQUESTER + 1;
}

/* Whether the word of whoever states it counts for this fact. */
static bool counts(const RequestReader *reader, const Fact *fact, const FactValue *value) {
  if (!is_vouched_for(reader, value)) return false;
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
    if (!amount_parse_short(token_text(token), &amount)) return false;
    if (fact->has_range && (amount < fact->low || amount > fact->high)) return false;
    value->amount = amount;
    value->known = true;
  } else if (type->kind == TYPE_ENUMERATION) {
    const bool is_flag = token->kind == JSON_TRUE || token->kind == JSON_FALSE;
    if (is_flag ? !type->yes_no : type->yes_no || token->kind != JSON_STRING) return false;
    const int choice = is_flag ? token->kind == JSON_FALSE : find_choice(type, token_text(token));
    if (choice < 0) return false;
    value->choice = (uint32_t)choice;
    value->known = !((fact->not_known >> choice) & 1);
  } else {
    return false;
  }
  value->raw = token_raw(token);
  return true;
}

/* A regimen, a preparation, a formula: an open word for the language, but one of those declared for
 * the request. */
static bool names_what_there_is(const RequestReader *reader, const Fact *fact,
                                const JsonToken *token, const RequestPlace *place) {
  if (fact->type.kind != TYPE_NAME) return true;
  Arena *arena = reader->errors->arena;
  const DoseNames *names = dose_names_instead(arena, fact, token_text(token), reader->facts);
  if (names == NULL) return true;
  request_error_nearest(reader->errors, place, token,
                        EXPECT(UNKNOWN_VALUE, request_choices(arena, names->items, names->count)),
                        names->items, names->count);
  return false;
}

/* `token` is the value alone. */
static void read_bare(const RequestReader *reader, const Fact *fact, const JsonToken *token,
                      const RequestPlace *place) {
  FactValue *value = &reader->facts->values[fact->index];
  if (token->kind == JSON_NULL) return;
  if (is_vouched_for(reader, value) && read_plainly(fact, token, value)) return;
  value->raw = token_raw(token);
  value->known = read_value(reader, fact, token, place, value) &&
                 names_what_there_is(reader, fact, token, place);
  if (!value->known || counts(reader, fact, value)) return;
  LIST_PUSH(reader->errors->arena, *reader->not_counted, fact);
  value->known = false;
}

/* `object` is the value with its evidence. */
static void read_evidenced(const RequestReader *reader, const Fact *fact, const JsonToken *object,
                           const RequestPlace *place) {
  FactValue *value = &reader->facts->values[fact->index];
  RequestPlace at = place_of_key(place, TEXT("value"));
  value->elaborate = true;
  const JsonToken *token = request_read_evidence(reader, object, place, value);
  if (token == NULL) {
    request_error_at(reader->errors, &at, NULL,
                     EXPECT(MISSING, "the fact's value (null where it is not known)"));
    return;
  }
  value->documented = token->kind != JSON_NULL && value->document.length > 0;
  at.unnamed = true;
  read_bare(reader, fact, token, &at);
}

static void read_fact(const RequestReader *reader, const Fact *fact, const JsonToken *token,
                      const RequestPlace *place) {
  if (token->kind == JSON_OBJECT) {
    read_evidenced(reader, fact, token, place);
  } else {
    read_bare(reader, fact, token, place);
  }
}

/* ---- All facts ---- */

static void unknown_fact(const RequestReader *reader, const JsonToken *key,
                         const RequestPlace *place) {
  const Vocabulary *vocabulary = reader->facts->vocabulary;
  Arena *arena = reader->errors->arena;
  Text *names = ARENA_ARRAY(arena, Text, vocabulary->facts.count);
  uint32_t count = 0;
  for (uint32_t i = BUILTIN_FACTS; i < vocabulary->facts.count; i++)
    names[count++] = vocabulary->facts.items[i]->name;
  request_error_nearest(reader->errors, place, key,
                        EXPECT(UNKNOWN_KEY, arena_format(arena, "a fact of vocabulary %.*s",
                                                         TEXT_ARGS(vocabulary->name))),
                        names, count);
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

void request_read_fact(const Fact *fact, const JsonToken *tokens, Voucher voucher, Facts *facts,
                       NotCounted *not_counted, RequestErrors *errors) {
  const RequestReader reader = {tokens, voucher, facts, not_counted, errors};
  const RequestPlace place = {.key = fact->name, .index = -1, .is_fact = true};
  touch(facts, fact);
  read_fact(&reader, fact, tokens, &place);
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

/* The fact of a name: first the one that came next last time, or, where that is left out, one of
 * those that came after it; then by looking it up. `*before` is what the guess is kept under. It is
 * changed only where nothing was guessed, so the order becomes that of all facts ever stated.
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

static void read_stated(const RequestReader *reader, const JsonToken *object) {
  Facts *facts = reader->facts;
  uint32_t before = facts->vocabulary->facts.count; /* of the first */
  const RequestPlace top = place_of_key(NULL, TEXT("facts"));
  const JsonToken *end = token_after(reader, object);
  for (const JsonToken *key = object + 1; key < end; key = token_after(reader, key + 1)) {
    const Fact *fact = find_fact(facts, token_text(key), &before);
    if (fact != NULL && read_first(fact, key + 1, facts)) continue;
    const RequestPlace place = {
        .above = &top, .key = token_text(key), .index = -1, .is_fact = true};
    if (fact == NULL || fact->index < BUILTIN_FACTS) {
      unknown_fact(reader, key, &place);
    } else if (facts->values[fact->index].present) {
      request_error_at(reader->errors, &place, key, EXPECT(REPEATED_KEY, "each key once"));
    } else {
      touch(facts, fact);
      read_fact(reader, fact, key + 1, &place);
    }
  }
}

/* ---- Contradictions ---- */

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

/* One error for each fact that has a part in it, so that each is pointed at. */
static void contradiction(const Never *never, const Facts *facts, RequestErrors *errors) {
  FactList involved = {0};
  facts_of_condition(errors->arena, &involved, never->condition);
  for (uint32_t i = 0; i < involved.count; i++) {
    const Fact *fact = as_written(involved.items[i], facts);
    const FactValue *value = &facts->values[fact->index];
    if (!value->known || value->defaulted) continue;
    const char *above = fact->index < BUILTIN_FACTS ? "" : "/facts";
    Text pointer = text_of(
        arena_format(errors->arena, "%s/%.*s", above, (int)fact->name.length, fact->name.at));
    request_error_add(
        errors, LICET_ERROR_CONTRADICTION, fact->name, pointer,
        value->raw.length > 0 ? value->raw : fact->name, "a value consistent with %s: %.*s",
        other_names(&involved, i, facts, errors->arena), (int)never->text.length, never->text.at);
  }
}

/* ---- All of it ---- */

void request_read_facts(const Request *request, const JsonToken *tokens, Voucher voucher,
                        Facts *facts, NotCounted *not_counted, RequestErrors *errors) {
  const RequestReader reader = {tokens, voucher, facts, not_counted, errors};
  const Vocabulary *vocabulary = facts->vocabulary;
  fill_builtins(request, facts);
  if (request->facts != NULL) read_stated(&reader, request->facts);
  request_settle(facts);
  for (uint32_t i = 0; i < vocabulary->nevers.count; i++) {
    if (evaluate_condition(vocabulary->nevers.items[i]->condition, facts) == TRUTH_YES)
      contradiction(vocabulary->nevers.items[i], facts, errors);
  }
}
