/* The head of a request: all but its facts. */

#include "request/reader.h"

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

static Text read_word(const JsonToken *token, const RequestPlace *place, RequestErrors *errors) {
  return request_read_text(token, "text that is not empty", place, errors) ? token_text(token)
                                                                           : (Text){0};
}

static int read_head_choice(const Fact *fact, const JsonToken *token, const RequestPlace *place,
                            RequestErrors *errors) {
  uint32_t choice;
  return request_read_choice(&fact->type, token, place, errors, &choice) ? (int)choice : -1;
}

static void read_received(Request *request, const JsonToken *token, const RequestPlace *place,
                          RequestErrors *errors) {
  request->received_raw = token_raw(token);
  if (token->kind != JSON_STRING || !date_parse_time(token_text(token), &request->received))
    request_error_at(
        errors, place, token,
        EXPECT(BAD_DATE, "an existing date or time, such as \"2026-11-02T15:04:00Z\""));
}

static void read_head_value(Request *request, HeadKey which, const JsonToken *token,
                            const Vocabulary *builtin, const RequestPlace *place,
                            RequestErrors *errors) {
  Fact *const *facts = builtin->facts.items;
  switch (which) {
    case HEAD_ID:
      request->id = read_word(token, place, errors);
      if (request->id.length > 0) request->id_raw = token_raw(token);
      return;
    case HEAD_PAYER:
      request->payer = read_word(token, place, errors);
      return;
    case HEAD_DRUG:
      request->drug = read_word(token, place, errors);
      request->drug_raw = token_raw(token);
      return;
    case HEAD_POLICY:
      request->policy = read_word(token, place, errors);
      return;
    case HEAD_LINE:
      request->line = read_head_choice(facts[FACT_LINE], token, place, errors);
      request->line_raw = token_raw(token);
      return;
    case HEAD_KIND:
      request->kind = read_head_choice(facts[FACT_KIND], token, place, errors);
      request->kind_raw = token_raw(token);
      return;
    case HEAD_URGENCY:
      request->urgency = read_head_choice(facts[FACT_URGENCY], token, place, errors);
      request->urgency_raw = token_raw(token);
      return;
    case HEAD_RECEIVED:
      read_received(request, token, place, errors);
      return;
    case HEAD_START:
      request->start_raw = token_raw(token);
      request_read_date(token, place, errors, &request->start);
      return;
    case HEAD_FACTS:
      request->facts = token->kind == JSON_OBJECT ? token : NULL;
      if (request->facts == NULL)
        request_error_at(errors, place, token, EXPECT(WRONG_TYPE, "an object of facts"));
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

/* Bits of HeadKeys. */
typedef struct HeadSeen {
  uint32_t said, given; /* given: if only as null */
} HeadSeen;

static bool is_said(HeadSeen seen, HeadKey which) { return (seen.said >> which) & 1; }

static HeadSeen read_members(Request *request, const JsonToken *tokens, const Vocabulary *builtin,
                             RequestErrors *errors) {
  HeadSeen seen = {0, 0};
  for (const JsonToken *key = tokens + 1; key < tokens + tokens[0].end;
       key = tokens + (key + 1)->end) {
    const RequestPlace place = place_of_key(NULL, token_text(key));
    const int which = find_head(place.key);
    if (which < 0) {
      request_error_nearest(
          errors, &place, key,
          EXPECT(UNKNOWN_KEY, request_choices(errors->arena, head_names, HEAD_KEYS)), head_names,
          HEAD_KEYS);
    } else if ((seen.given >> which) & 1) {
      request_error_at(errors, &place, key, EXPECT(REPEATED_KEY, "each key once"));
    } else {
      seen.given |= 1u << which;
      if ((key + 1)->kind == JSON_NULL) continue;
      seen.said |= 1u << which;
      read_head_value(request, (HeadKey)which, key + 1, builtin, &place, errors);
    }
  }
  return seen;
}

static void ask_for(HeadKey which, const char *expected, RequestErrors *errors) {
  const RequestPlace place = place_of_key(NULL, head_names[which]);
  request_error_at(errors, &place, NULL, EXPECT(MISSING, expected));
}

void request_read_head(Request *request, const JsonToken *tokens, uint32_t count,
                       const Vocabulary *builtin, Text policy, RequestErrors *errors) {
  memory_clear(request, sizeof *request);
  request->line = request->kind = request->urgency = -1;
  request->received = request->start = DATE_NONE;
  if (count == 0 || tokens[0].kind != JSON_OBJECT) {
    request_error_add(errors, LICET_ERROR_WRONG_TYPE, TEXT(""), TEXT(""),
                      count == 0 ? TEXT("nothing") : token_raw(&tokens[0]),
                      "a request: a JSON object");
    return;
  }
  const HeadSeen seen = read_members(request, tokens, builtin, errors);
  const Type *lines = &builtin->facts.items[FACT_LINE]->type;
  if (!is_said(seen, HEAD_DRUG)) ask_for(HEAD_DRUG, "the drug requested", errors);
  if (!is_said(seen, HEAD_LINE))
    ask_for(HEAD_LINE, request_choices(errors->arena, lines->values, lines->value_count), errors);
  if (!is_said(seen, HEAD_KIND)) ask_for(HEAD_KIND, "initial | continuation", errors);
  if (!is_said(seen, HEAD_RECEIVED))
    ask_for(HEAD_RECEIVED, "the day the request was received", errors);
  if (policy.length > 0) {
    request->policy = policy;
  } else if (!is_said(seen, HEAD_POLICY) && !is_said(seen, HEAD_PAYER)) {
    ask_for(HEAD_PAYER, "the payer, or the policy's id as `policy`", errors);
  }
  if (request->urgency < 0 && !is_said(seen, HEAD_URGENCY)) request->urgency = 0;
  if (is_said(seen, HEAD_START)) return;
  request->start = request->received;
  request->start_raw = request->received_raw;
}
