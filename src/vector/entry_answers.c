/* entry_answers: what an entry of a column answers to what is asked of it. An entry is read once,
 * by the reader of requests (request/), however many rows say it: dictionary encoding makes the
 * cost of reading that of the different entries, not of the rows.
 *
 * Invariant: the facts of a vocabulary are blank between two questions; what is kept of an entry
 * points nowhere into the request it came from. */
#include <assert.h>
#include <string.h>

#include "base/unreachable.h"
#include "decide/bind.h"
#include "vector/bind_internal.h"

/* ---- What an entry says ---- */

static uint32_t vocabulary_index(const Binder *b, const Vocabulary *vocabulary) {
  uint32_t index = 0;
  while (b->plan->library->vocabularies.items[index] != vocabulary) index++;
  return index;
}

static Facts *blank_facts(Binder *b, const Vocabulary *vocabulary) {
  Facts *facts = &b->facts[vocabulary_index(b, vocabulary)];
  if (facts->values == NULL)
    *facts = (Facts){vocabulary, ARENA_ARRAY(&b->kept, FactValue, vocabulary->facts.count), NULL, 0,
                     NULL};
  return facts;
}

static bool read_tokens(Binder *b, Text text, const JsonToken **tokens) {
  const char *message;
  size_t offset;
  uint32_t count;
  JsonStatus status = json_read(b->reader, text.at, text.length, tokens, &count, &message, &offset);
  if (status == JSON_NO_MEMORY) arena_exhaust(&b->entries);
  return status == JSON_OK && count > 0;
}

/* False where only the request's own reader may tell. */
static bool read_builtin(const Fact *fact, const Vocabulary *vocabulary, Text word,
                         FactValue *value) {
  int choice;
  value->known = true;
  switch ((BuiltinFact)fact->index) {
    case FACT_KIND:
    case FACT_LINE:
    case FACT_URGENCY:
      choice = type_value(&fact->type, word);
      value->choice = choice < 0 ? 0 : (uint32_t)choice;
      return choice >= 0;
    case FACT_DRUG:
      value->name = vocabulary_name(vocabulary, word);
      return word.length > 0 && !text_has_margin(word);
    case FACT_START:
      return date_parse(word, &value->date);
    case FACT_RECEIVED:
      return date_parse_time(word, &value->date);
    case BUILTIN_FACTS:
      break; /* how many there are */
  }
  UNREACHABLE();
}

/* The texts of the request are gone after reading; what was understood of them stays. */
static void forget_texts(FactValue *value) {
  value->raw = value->word = value->document = value->document_raw = value->source_text = (Text){0};
}

/* A regimen or a schedule says what other facts are (decide/dose.h); and whether there is such a
 * regimen, even where whoever states it is not believed, only the drug can tell, which stands in
 * another entry: the request is read as a whole. */
static bool takes_whole_request(const Fact *fact, const Vocabulary *vocabulary,
                                const FactValue *value) {
  const bool is_regimen = fact == vocabulary->dosing.roles[DOSING_REGIMEN],
             is_schedule = fact == vocabulary->dosing.roles[DOSING_SCHEDULE];
  return (is_regimen && value->word.length > 0) || ((is_regimen || is_schedule) && value->known);
}

static void read_entry(Binder *b, const Fact *fact, const Vocabulary *vocabulary, Text text,
                       EntryValue *into) {
  const JsonToken *tokens;
  *into = (EntryValue){.needs_exact = true};
  if (!read_tokens(b, text, &tokens)) return;
  if (fact->index < BUILTIN_FACTS) {
    into->needs_exact =
        tokens[0].kind != JSON_STRING ||
        !read_builtin(fact, vocabulary, (Text){tokens[0].text, tokens[0].length}, &into->value);
    return;
  }
  Facts *facts = blank_facts(b, vocabulary);
  RequestErrors request_errors = {.arena = &b->entries};
  NotCounted not_counted = {0};
  request_read_fact(fact, tokens, VOUCHER_PLAN, facts, &not_counted, &request_errors);
  into->value = facts->values[fact->index];
  into->needs_exact =
      request_errors.list.count > 0 || takes_whole_request(fact, vocabulary, &into->value);
  forget_texts(&into->value);
  facts->values[fact->index] = (FactValue){0};
}

static const EntryValue *entry_value(Binder *b, const Fact *fact, const Vocabulary *vocabulary,
                                     uint32_t column, uint32_t code) {
  static const EntryValue nothing = {0};
  if (code == 0) return &nothing;
  uint32_t slot = vocabulary_index(b, vocabulary) * b->table->column_count + column;
  EntryValues *values = &b->entry_values[slot];
  const Column *from = &b->table->columns[column];
  while (values->count < from->entry_count) {
    EntryValue value;
    uint32_t next = values->count;
    if (next == 0) {
      value = nothing;
    } else {
      read_entry(b, fact, vocabulary, from->entries[next], &value);
    }
    LIST_PUSH(&b->entries, *values, value);
  }
  return &values->items[code];
}

/* ---- What the head of a request says ---- */

static bool covers_drug(const Policy *policy, Text drug) {
  for (uint32_t i = 0; i < policy->drugs.count; i++)
    if (text_equal_ignoring_case(policy->drugs.items[i], drug)) return true;
  return false;
}

static uint64_t versions_on(const Policy *policy, Date day) {
  const Version *version = policy_version_on(policy, day);
  /* More versions than have bits are decided one by one (conclude_policy). */
  if (version == NULL || policy->versions.count > VERSIONS_MOST) return 0;
  return (uint64_t)HEAD_FIRST_VERSION << (version - policy->versions.items);
}

static uint64_t choice_bits(const Type *type, Text word) {
  for (uint32_t i = 0; i < type->value_count; i++)
    if (text_equal(type->values[i], word)) return (uint64_t)HEAD_FIRST_VERSION << i;
  return HEAD_NEEDS_EXACT;
}

static uint64_t evaluate_head(Binder *b, const ColumnTest *column_test, uint32_t code) {
  const Column *column = &b->table->columns[column_test->inputs[0].column];
  const Policy *policy = column_test->policy->model;
  const Vocabulary *vocabulary = policy->vocabulary;
  const JsonToken *tokens;
  const char *message;
  size_t offset;
  uint32_t count;
  Date day;
  if (code == 0) return HEAD_ABSENT;
  if (json_read(b->reader, column->entries[code].at, column->entries[code].length, &tokens, &count,
                &message, &offset) != JSON_OK)
    return HEAD_NEEDS_EXACT;
  Text word = {tokens[0].text, tokens[0].length};
  if (tokens[0].kind != JSON_STRING || word.length == 0 || text_has_margin(word))
    return HEAD_NEEDS_EXACT;
  switch (column_test->head) {
    case HEAD_COLUMN_PAYER:
      return text_equal(policy->payer, word) ? HEAD_FITS : 0;
    case HEAD_COLUMN_POLICY:
      return text_equal(policy->id, word) ? HEAD_FITS : 0;
    case HEAD_COLUMN_LINE:
      for (uint32_t i = 0; i < vocabulary->facts.items[FACT_LINE]->type.value_count; i++)
        if (text_equal(vocabulary->facts.items[FACT_LINE]->type.values[i], word))
          return (policy->lines >> i) & 1 ? HEAD_FITS : 0;
      return HEAD_NEEDS_EXACT;
    case HEAD_COLUMN_DRUG:
      return covers_drug(policy, word) ? HEAD_FITS : 0;
    case HEAD_COLUMN_KIND:
      return choice_bits(&vocabulary->facts.items[FACT_KIND]->type, word);
    case HEAD_COLUMN_URGENCY:
      return choice_bits(&vocabulary->facts.items[FACT_URGENCY]->type, word);
    case HEAD_COLUMN_RECEIVED:
      return date_parse_time(word, &day) ? versions_on(policy, day) : HEAD_NEEDS_EXACT;
    case HEAD_COLUMN_START:
      return date_parse(word, &day) ? 0 : HEAD_NEEDS_EXACT;
    case HEAD_COLUMNS:
      break;
  }
  return HEAD_NEEDS_EXACT;
}

/* ---- Tests, evaluated per entry ---- */

static void put_value(Binder *b, const ColumnTest *column_test, Facts *facts, uint32_t input,
                      uint32_t code) {
  const ColumnTestInput *at = &column_test->inputs[input];
  FactValue *value = &facts->values[at->fact->index];
  *value = entry_value(b, at->fact, column_test->vocabulary, at->column, code)->value;
  if (at->fact->index == FACT_URGENCY && code == 0) value->known = true; /* standard */
}

/* The second decision: facts that are only attested are taken as not known. */
static bool forget_attested(const ColumnTest *column_test, Facts *facts) {
  bool any = false;
  const CompiledPolicy *compiled = column_test->column_policy->compiled;
  for (uint32_t i = 0; i < column_test->input_count; i++) {
    const Fact *fact = column_test->inputs[i].fact;
    const uint64_t bit = variables_fact(&compiled->set, fact);
    FactValue *value = &facts->values[fact->index];
    if (!fact_is_attested(fact, value) ||
        (bit & compiled->set.variables.items[column_test->variable]->facts) == 0)
      continue;
    any = true;
    if (fact->clinical && fact->type.kind != TYPE_LIST) value->known = false;
  }
  return any;
}

static uint64_t cells_of(const ColumnTest *column_test, Facts *facts) {
  const Variable *variable =
      column_test->column_policy->compiled->set.variables.items[column_test->variable];
  bool documented_only =
      column_test->kind == COLUMN_TEST_DOCUMENTED_CELLS && forget_attested(column_test, facts);
  return bind_variable(column_test->column_policy->compiled, variable, facts,
                       documented_only ? ENTRIES_DOCUMENTED : ENTRIES_ALL);
}

uint64_t bind_evaluate_test(Binder *b, const ColumnTest *column_test, const uint32_t *codes) {
  if (column_test->kind == COLUMN_TEST_NEEDS_EXACT)
    return entry_value(b, column_test->inputs[0].fact, column_test->vocabulary,
                       column_test->inputs[0].column, codes[0])
                   ->needs_exact
               ? 2
               : 1;
  if (column_test->kind == COLUMN_TEST_UNKNOWN_FACT) return codes[0] != 0 ? 2 : 1;
  if (column_test->kind == COLUMN_TEST_HEAD) return evaluate_head(b, column_test, codes[0]);
  Facts *facts = blank_facts(b, column_test->vocabulary);
  for (uint32_t i = 0; i < column_test->input_count; i++)
    put_value(b, column_test, facts, i,
              column_test->inputs[i].place < 0 ? 0 : codes[column_test->inputs[i].place]);
  request_settle(facts);
  uint64_t result = column_test->kind == COLUMN_TEST_TRUTH
                        ? UINT64_C(1) << evaluate_condition(column_test->condition, facts)
                        : cells_of(column_test, facts);
  for (uint32_t i = 0; i < column_test->input_count; i++)
    facts->values[column_test->inputs[i].fact->index] = (FactValue){0};
  for (uint32_t i = 0; i < column_test->vocabulary->defaulted.count; i++)
    facts->values[column_test->vocabulary->defaulted.items[i]->index] = (FactValue){0};
  return result;
}
