/* patient_json: a patient as a request, in JSON on several lines, as a person would write it: the
 * head, then the facts in the vocabulary's order.
 *
 * Invariant: the request reader reads it back as the patient it was written from; witnesses are
 * decided from this text.
 */
#include <string.h>

#include "base/unreachable.h"
#include "prove/patient.h"

static void write_date(Buffer *out, Date day) {
  char text[10];
  date_write(day, text);
  buffer_json_string(out, (Text){text, 10});
}

static void write_name(Buffer *out, const Vocabulary *vocabulary, uint32_t name) {
  buffer_json_string(out, name == 0 ? TEXT("another agent") : vocabulary->names.items[name - 1]);
}

static void write_choice(Buffer *out, const Type *type, uint32_t choice) {
  Text word = type->values[choice];
  if (type->value_count == 2 && text_is(type->values[0], "yes")) {
    buffer_string(out, text_is(word, "yes") ? "true" : "false");
  } else {
    buffer_json_string(out, word);
  }
}

static void write_quantity(Buffer *out, const Space *space, const Fact *fact, Amount amount) {
  Dimension dimension = fact->type.dimension;
  if (dimension == DIMENSION_COUNT || dimension == DIMENSION_NUMBER ||
      dimension == DIMENSION_RATIO) {
    amount_write(out, amount);
    return;
  }
  Buffer text;
  buffer_open(&text, space->arena, 32);
  quantity_write(&text, amount, dimension);
  buffer_json_string(out, (Text){text.at, (uint32_t)text.length});
}

static void write_code(Buffer *out, const Space *space, const Fact *fact, Text code) {
  if (text_is(fact->type.system, "ICD-10-CM") && code.length > 3)
    code = text_of(
        arena_format(space->arena, "%.3s.%.*s", code.at, (int)code.length - 3, code.at + 3));
  buffer_json_string(out, code);
}

static void write_entry(Buffer *out, const Space *space, const Fact *fact, const Entry *entry) {
  bool first = true;
  buffer_character(out, '{');
  for (uint32_t f = 0; f < fact->field_count; f++) {
    const EntryField *value = &entry->fields[f];
    if (!value->known) continue;
    buffer_string(out, first ? "" : ", ");
    buffer_json_string(out, fact->fields[f].name);
    buffer_string(out, ": ");
    switch (fact->fields[f].type.kind) {
      case TYPE_NAME:
        write_name(out, space->vocabulary, value->name);
        break;
      case TYPE_DATE:
        write_date(out, value->date);
        break;
      case TYPE_ENUMERATION:
        write_choice(out, &fact->fields[f].type, value->choice);
        break;
      case TYPE_SET:
      case TYPE_QUANTITY:
      case TYPE_CODE:
      case TYPE_DURATION:
      case TYPE_LIST:
      case TYPE_SERIES:
        UNREACHABLE(); /* candidates.c gives no entry a value of these */
    }
    first = false;
  }
  buffer_character(out, '}');
}

static void write_members(Buffer *out, const Type *type, uint64_t members) {
  buffer_character(out, '[');
  for (uint64_t rest = members; rest != 0; rest &= rest - 1) {
    if (rest != members) buffer_string(out, ", ");
    buffer_json_string(out, type->values[__builtin_ctzll(rest)]);
  }
  buffer_character(out, ']');
}

static void write_value(Buffer *out, const Space *space, const Fact *fact, const FactValue *value) {
  Buffer text;
  if (value->is_none) {
    buffer_string(out, "\"none\"");
    return;
  }
  switch (fact->type.kind) {
    case TYPE_ENUMERATION:
      write_choice(out, &fact->type, value->choice);
      return;
    case TYPE_SET:
      write_members(out, &fact->type, value->members);
      return;
    case TYPE_QUANTITY:
      write_quantity(out, space, fact, value->amount);
      return;
    case TYPE_DATE:
      write_date(out, value->date);
      return;
    case TYPE_DURATION:
      buffer_open(&text, space->arena, 32);
      span_write(&text, value->span);
      buffer_json_string(out, (Text){text.at, (uint32_t)text.length});
      return;
    case TYPE_NAME:
      write_name(out, space->vocabulary, value->name);
      return;
    case TYPE_CODE:
      write_code(out, space, fact, value->code);
      return;
    case TYPE_LIST:
      buffer_character(out, '[');
      for (uint32_t i = 0; i < value->entry_count; i++) {
        buffer_string(out, i == 0 ? "" : ", ");
        write_entry(out, space, fact, &value->entries[i]);
      }
      buffer_character(out, ']');
      return;
    case TYPE_SERIES:
      buffer_string(out, "[]");
  }
}

static void write_fact(Buffer *out, const Space *space, const Fact *fact, const FactValue *value) {
  const char *source = fact->supplier == SUPPLIER_REVIEWER ? "reviewer"
                       : fact->supplier == SUPPLIER_RECORD ? "record"
                                                           : NULL;
  buffer_string(out, "    ");
  buffer_json_string(out, fact->name);
  buffer_string(out, ": ");
  if (!value->documented && source == NULL) {
    write_value(out, space, fact, value);
    return;
  }
  buffer_string(out, "{ \"value\": ");
  write_value(out, space, fact, value);
  if (value->documented) buffer_string(out, ", \"document\": \"chart-1\"");
  if (source != NULL) buffer_format(out, ", \"source\": \"%s\"", source);
  buffer_string(out, " }");
}

static void write_head(Buffer *out, const char *name, Text value) {
  buffer_format(out, "  \"%s\": ", name);
  buffer_json_string(out, value);
  buffer_string(out, ",\n");
}

static Text day_text(const Space *space, Date day) {
  char text[10];
  date_write(day, text);
  return (Text){arena_copy(space->arena, text, 10), 10};
}

/* A history that is stated is complete: the flag that says so goes with it. */
static bool completes_a_list(const Space *space, const Patient *patient, const Fact *flag) {
  for (uint32_t i = BUILTIN_FACTS; i < space->vocabulary->facts.count; i++) {
    const Fact *fact = space->vocabulary->facts.items[i];
    if (fact->complete_when == flag && patient->facts.values[i].present &&
        patient->facts.values[i].complete)
      return true;
  }
  return false;
}

static Text own_drug(const Policy *policy, Text drug) {
  for (uint32_t i = 0; i < policy->drugs.count; i++) {
    if (text_equal_ignoring_case(policy->drugs.items[i], drug)) return drug;
  }
  return policy->drugs.items[0];
}

static Text own_line(const Space *space, const Policy *policy, Text line) {
  const Type *type = &space->vocabulary->facts.items[FACT_LINE]->type;
  uint32_t first = (uint32_t)__builtin_ctz(policy->lines);
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (text_equal(type->values[i], line) && ((policy->lines >> i) & 1)) return line;
  }
  return type->values[first];
}

Text patient_request(const Space *space, const Patient *patient, const Policy *policy,
                     Date received) {
  Buffer out;
  bool first = true;
  buffer_open(&out, space->arena, 512);
  buffer_string(&out, "{\n");
  write_head(&out, "id", TEXT("witness"));
  write_head(&out, "policy", policy->id);
  write_head(&out, "drug", own_drug(policy, patient->drug));
  write_head(&out, "line", own_line(space, policy, patient->line));
  write_head(&out, "kind", space->vocabulary->facts.items[FACT_KIND]->type.values[space->kind]);
  write_head(&out, "received", day_text(space, received));
  write_head(&out, "start", day_text(space, patient->start));
  buffer_string(&out, "  \"facts\": {");
  for (uint32_t i = BUILTIN_FACTS; i < space->vocabulary->facts.count; i++) {
    const Fact *fact = space->vocabulary->facts.items[i];
    const FactValue *value = &patient->facts.values[i];
    bool flag = completes_a_list(space, patient, fact);
    if (!value->present && !flag) continue;
    buffer_string(&out, first ? "\n" : ",\n");
    FactValue yes = {.choice = 0};
    write_fact(&out, space, fact, flag ? &yes : value);
    first = false;
  }
  buffer_string(&out, first ? "}\n}\n" : "\n  }\n}\n");
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}
