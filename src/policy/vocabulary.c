/* vocabulary: facts and their types, derivations, sets, code lists, and what no patient is like.
 *
 * All names are declared first and derivations checked after that, so the order of declarations
 * does not matter. The names of facts, and the agents that some condition mentions, are found
 * through a dictionary: a hash table with open addressing, at most half full, that is built once
 * and then only read.
 *
 * Invariant: a fact's index is its place in `facts`, the built-in facts come first, and a type that
 * was reported as wrong is marked `broken` so that its uses are not reported again.
 */
#include <string.h>

#include "base/code.h"
#include "base/bits.h"
#include "base/limits.h"
#include "json/writer.h"
#include "policy/scope.h"

/* ---- Look-up ---- */

Fact *vocabulary_fact(const Vocabulary *vocabulary, Text name) {
  for (uint32_t slot = text_hash(name) & vocabulary->slot_mask; vocabulary->slots[slot] != 0;
       slot = (slot + 1) & vocabulary->slot_mask) {
    Fact *fact = vocabulary->facts.items[vocabulary->slots[slot] - 1];
    if (text_equal(fact->name, name)) return fact;
  }
  return NULL;
}

static Text json_head(Arena *arena, const Fact *fact) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, arena, 16 + fact->name.length);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  json_text_member(&json, "fact", fact->name);
  json_end_object(&json);
  json_writer_close(&json);
  return json_members_of(buffer_contents(&out));
}

static void index_facts(Vocabulary *vocabulary, Arena *arena) {
  for (uint32_t i = 0; i < vocabulary->facts.count; i++) {
    Fact *fact = vocabulary->facts.items[i];
    fact->json_head = json_head(arena, fact);
    if (fact->has_default) LIST_PUSH(arena, vocabulary->defaulted, fact);
    if (fact->type.kind == TYPE_LIST) LIST_PUSH(arena, vocabulary->lists, fact);
  }
  uint32_t size = 64;
  while (size < vocabulary->facts.count * 3) size *= 2;
  vocabulary->slots = ARENA_ARRAY(arena, uint32_t, size);
  vocabulary->slot_mask = size - 1;
  for (uint32_t i = 0; i < vocabulary->facts.count; i++) {
    uint32_t slot = text_hash(vocabulary->facts.items[i]->name) & vocabulary->slot_mask;
    while (vocabulary->slots[slot] != 0) slot = (slot + 1) & vocabulary->slot_mask;
    vocabulary->slots[slot] = i + 1;
  }
}

/* FNV-1a over the name in lower case. */
static uint32_t name_hash(Text name) {
  uint32_t hash = 2166136261u;
  for (uint32_t i = 0; i < name.length; i++)
    hash = (hash ^ (uint32_t)(unsigned char)ascii_lower(name.at[i])) * 16777619u;
  return hash;
}

uint32_t vocabulary_name(const Vocabulary *vocabulary, Text name) {
  if (vocabulary->names.count == 0) return 0;
  for (uint32_t slot = name_hash(name) & vocabulary->name_mask; vocabulary->name_slots[slot] != 0;
       slot = (slot + 1) & vocabulary->name_mask) {
    uint32_t id = vocabulary->name_slots[slot];
    if (text_equal_ignoring_case(vocabulary->names.items[id - 1], name)) return id;
  }
  return 0;
}

static void index_name(Vocabulary *vocabulary, uint32_t id) {
  uint32_t slot = name_hash(vocabulary->names.items[id - 1]) & vocabulary->name_mask;
  while (vocabulary->name_slots[slot] != 0) slot = (slot + 1) & vocabulary->name_mask;
  vocabulary->name_slots[slot] = id;
}

/* At least twice as many slots as names, so that a search for one that is not there ends soon. */
static void grow_names(Vocabulary *vocabulary, Arena *arena) {
  uint32_t size = vocabulary->names.count == 0 ? 64 : 2 * (vocabulary->name_mask + 1);
  vocabulary->name_slots = ARENA_ARRAY(arena, uint32_t, size);
  vocabulary->name_mask = size - 1;
  for (uint32_t id = 1; id <= vocabulary->names.count; id++) index_name(vocabulary, id);
}

uint32_t vocabulary_intern_name(Vocabulary *vocabulary, Arena *arena, Text name) {
  uint32_t id = vocabulary_name(vocabulary, name);
  if (id != 0) return id;
  char *lower = arena_copy(arena, name.at, name.length);
  for (uint32_t i = 0; i < name.length; i++) lower[i] = ascii_lower(lower[i]);
  if (vocabulary->names.count == 0 || 2 * (vocabulary->names.count + 1) > vocabulary->name_mask)
    grow_names(vocabulary, arena);
  LIST_PUSH(arena, vocabulary->names, ((Text){lower, name.length}));
  index_name(vocabulary, vocabulary->names.count);
  return vocabulary->names.count;
}

/* ---- Types ---- */

static bool check_dimension(Scope *scope, Word word, Dimension *dimension) {
  if (word.text.length == 0) return false; /* the parser has reported */
  if (dimension_named(word.text, dimension)) return true;
  Text names[DIMENSION_COUNT_OF];
  for (int i = 0; i < DIMENSION_COUNT_OF; i++) names[i] = text_of(dimension_name((Dimension)i));
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_UNKNOWN_NAME, word.span,
                           "`%.*s` is not a type", TEXT_ARGS(word.text));
  diagnostic_expect(
      scope->diagnostics, d,
      "values joined by `|`, a dimension, date, duration, name, code, set of, list or series of");
  diagnostic_nearest(scope->diagnostics, d, word.text, names, DIMENSION_COUNT_OF);
  return false;
}

/* "none" is a case of its own only where a single value could be missing for good. */
static bool check_or_none(Scope *scope, const TypeSyntax *syntax) {
  const char *instead = NULL;
  switch (syntax->kind) {
    case TYPE_QUANTITY:
    case TYPE_DATE:
    case TYPE_DURATION:
    case TYPE_NAME:
    case TYPE_CODE:
      return true;
    case TYPE_ENUMERATION:
      instead = "`none` as one of its values: `a | b | none`";
      break;
    case TYPE_SET:
      instead = "a plain set: a set without members is empty, `is {}`";
      break;
    case TYPE_LIST:
      instead = "a plain list: a list without entries is empty";
      break;
    case TYPE_SERIES:
      instead = "a plain series: a series without observations is empty";
      break;
  }
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DECLARATION, syntax->span,
                           "`or none` does not apply to this type");
  diagnostic_expect(scope->diagnostics, d, "%s", instead);
  return false;
}

bool check_type(Scope *scope, const TypeSyntax *syntax, Type *type) {
  *type = (Type){.kind = syntax->kind,
                 .or_none = syntax->or_none,
                 .system = syntax->word.text,
                 .broken = true};
  if (syntax->or_none && !check_or_none(scope, syntax)) return false;
  if ((syntax->kind == TYPE_QUANTITY || syntax->kind == TYPE_SERIES) &&
      !check_dimension(scope, syntax->word, &type->dimension))
    return false;
  uint32_t most = LIMIT_VALUES < 64 ? LIMIT_VALUES : 64;
  if (syntax->values.count > most) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_VALUES, syntax->span,
                             "%u values are declared", syntax->values.count);
    diagnostic_expect(scope->diagnostics, d, "at most %u", most);
    return false;
  }
  type->broken = false;
  if (syntax->kind != TYPE_ENUMERATION && syntax->kind != TYPE_SET) return true;
  type->values = ARENA_ARRAY(scope->arena, Text, syntax->values.count);
  for (uint32_t i = 0; i < syntax->values.count; i++) {
    Word value = syntax->values.items[i];
    for (uint32_t j = 0; j < i; j++) {
      if (!text_equal(type->values[j], value.text)) continue;
      Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_DUPLICATE_NAME, value.span,
                               "the value `%.*s` is listed twice", TEXT_ARGS(value.text));
      diagnostic_note(scope->diagnostics, d, syntax->values.items[j].span,
                      "it is first listed here");
    }
    type->values[type->value_count++] = value.text;
  }
  type->yes_no =
      type->value_count == 2 && text_is(type->values[0], "yes") && text_is(type->values[1], "no");
  return true;
}

static uint64_t check_not_known(Scope *scope, const Type *type, const WordList *words) {
  uint64_t mask = 0;
  if (words->count > 0 && type->kind != TYPE_ENUMERATION) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DECLARATION, words->items[0].span,
                             "`not known` does not apply to this type");
    diagnostic_expect(scope->diagnostics, d, "an enumeration, some of whose values mean not known");
    return 0;
  }
  for (uint32_t i = 0; i < words->count; i++) {
    int value = check_value(scope, type, words->items[i]);
    if (value >= 0) mask |= UINT64_C(1) << value;
  }
  const uint64_t all = bits_all(type->value_count);
  if (mask != 0 && mask == all) {
    diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DECLARATION, words->items[0].span,
             "every value means not known, so there is nothing to know");
    return 0;
  }
  return mask;
}

/* ---- Facts ---- */

static Fact *add_fact(Scope *scope, Word name) {
  Vocabulary *vocabulary = scope->vocabulary;
  Symbol *symbol = scope_add(scope, SYMBOL_FACT, name);
  if (symbol == NULL) return NULL;
  Fact *fact = ARENA_NEW(scope->arena, Fact);
  fact->name = name.text;
  fact->span = name.span;
  fact->index = vocabulary->facts.count;
  LIST_PUSH(scope->arena, vocabulary->facts, fact);
  symbol->fact = fact;
  return fact;
}

static void add_builtin(Scope *scope, const char *name, TypeKind kind, const char *const *values,
                        uint32_t count) {
  Fact *fact = add_fact(scope, (Word){.text = text_of(name)});
  fact->type.kind = kind;
  fact->type.values = ARENA_ARRAY(scope->arena, Text, count == 0 ? 1 : count);
  fact->type.value_count = count;
  for (uint32_t i = 0; i < count; i++) fact->type.values[i] = text_of(values[i]);
}

static void add_builtins(Scope *scope) {
  static const char *const kinds[] = {"initial", "continuation"};
  static const char *const lines[] = {"commercial", "exchange", "medicaid", "medicare"};
  static const char *const urgencies[] = {"standard", "expedited"};
  add_builtin(scope, "kind", TYPE_ENUMERATION, kinds, 2);
  add_builtin(scope, "line", TYPE_ENUMERATION, lines, 4);
  add_builtin(scope, "drug", TYPE_NAME, NULL, 0);
  add_builtin(scope, "urgency", TYPE_ENUMERATION, urgencies, 2);
  add_builtin(scope, "start", TYPE_DATE, NULL, 0);
  add_builtin(scope, "received", TYPE_DATE, NULL, 0);
}

static Supplier check_supplier(Scope *scope, const FactSyntax *syntax) {
  static const Text names[] = {{"requester", 9}, {"reviewer", 8}, {"record", 6}};
  if (syntax->judgment) return SUPPLIER_REVIEWER;
  if (syntax->record) return SUPPLIER_RECORD;
  if (syntax->from.text.length == 0) return SUPPLIER_REQUESTER;
  for (int i = 0; i < 3; i++) {
    if (text_equal(syntax->from.text, names[i])) return (Supplier)i;
  }
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VALUE_OUTSIDE, syntax->from.span,
                           "unknown source `%.*s`", TEXT_ARGS(syntax->from.text));
  diagnostic_expect(scope->diagnostics, d, "requester | reviewer | record");
  diagnostic_nearest(scope->diagnostics, d, syntax->from.text, names, 3);
  return SUPPLIER_REQUESTER;
}

static Text written(const Expression *low, const Expression *high, Arena *arena) {
  const char *text = low->span.source->text.at;
  return text_of(arena_format(arena, "%.*s to %.*s", (int)(low->span.end - low->span.start),
                              text + low->span.start, (int)(high->span.end - high->span.start),
                              text + high->span.start));
}

static void check_range(Scope *scope, const FactSyntax *syntax, Fact *fact) {
  if (syntax->range_low == NULL || syntax->range_high == NULL) return;
  const Term *low = check_term(scope, syntax->range_low),
             *high = check_term(scope, syntax->range_high);
  if (low == NULL || high == NULL) return;
  bool plain = fact->type.dimension == DIMENSION_COUNT || fact->type.dimension == DIMENSION_RATIO ||
               fact->type.dimension == DIMENSION_NUMBER;
  bool fits =
      low->kind == TERM_AMOUNT && high->kind == TERM_AMOUNT &&
      (low->dimension == fact->type.dimension || (plain && low->dimension == DIMENSION_NUMBER)) &&
      low->dimension == high->dimension;
  if (fact->type.kind != TYPE_QUANTITY && fact->type.kind != TYPE_SERIES) fits = false;
  if (fact->type.dimension == DIMENSION_COUNT &&
      (low->amount % AMOUNT_ONE != 0 || high->amount % AMOUNT_ONE != 0))
    fits = false;
  if (!fits || low->amount > high->amount) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_RANGE, syntax->range_low->span,
                             "this is not a range for `%.*s`", TEXT_ARGS(fact->name));
    diagnostic_expect(
        scope->diagnostics, d,
        "the lowest and then the highest value, in units of its dimension (whole for a count)");
    return;
  }
  fact->has_range = true;
  fact->low = low->amount;
  fact->high = high->amount;
  fact->range = written(syntax->range_low, syntax->range_high, scope->arena);
}

static Text codes_text(const FactSyntax *syntax, Arena *arena) {
  Buffer out;
  buffer_open(&out, arena, 32);
  for (uint32_t i = 0; i < syntax->codes.count; i++) {
    if (i > 0) buffer_string(&out, "; ");
    buffer_text(&out, syntax->codes.items[i].system.text);
    for (uint32_t c = 0; c < syntax->codes.items[i].codes.count; c++) {
      buffer_string(&out, c == 0 ? " " : ", ");
      buffer_text(&out, syntax->codes.items[i].codes.items[c].text);
    }
  }
  return text_of(buffer_finish(&out));
}

static bool is_field_type(const Type *type) {
  return !type->or_none && (type->kind == TYPE_ENUMERATION || type->kind == TYPE_NAME ||
                            type->kind == TYPE_DATE || type->kind == TYPE_QUANTITY);
}

/* A field that is wrong stays, broken, so that conditions on it are not reported again. */
static void check_field(Scope *scope, const FieldSyntax *field, Fact *fact) {
  for (uint32_t j = 0; j < fact->field_count; j++) {
    if (!text_equal(fact->fields[j].name, field->name.text)) continue;
    diagnose(scope->diagnostics, DIAGNOSTIC_DUPLICATE_NAME, field->name.span,
             "the field `%.*s` is declared twice", TEXT_ARGS(field->name.text));
    return;
  }
  static const Text taken[] = {{"document", 8}, {"date", 4}, {"source", 6}};
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
    if (!text_equal(field->name.text, taken[i])) continue;
    diagnose(scope->diagnostics, DIAGNOSTIC_DUPLICATE_NAME, field->name.span,
             "an entry's own `%.*s` is its evidence; a field cannot have that name",
             TEXT_ARGS(field->name.text));
  }
  Field *into = &fact->fields[fact->field_count];
  into->name = field->name.text;
  into->index = fact->field_count++;
  if (!check_type(scope, &field->type, &into->type)) return;
  into->type.broken = !is_field_type(&into->type);
  if (into->type.broken) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DECLARATION, field->type.span,
                             "a list's field cannot have this type");
    diagnostic_expect(scope->diagnostics, d, "an enumeration, a name, a date or a quantity");
    return;
  }
  into->not_known = check_not_known(scope, &into->type, &field->not_known);
}

static void check_fields(Scope *scope, const FactSyntax *syntax, Fact *fact) {
  uint32_t count = syntax->fields.count;
  fact->fields = ARENA_ARRAY(scope->arena, Field, count == 0 ? 1 : count);
  if (count > 0 && fact->type.kind != TYPE_LIST) {
    Diagnostic *d =
        diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DECLARATION, syntax->fields.items[0]->name.span,
                 "`%.*s` is not a list, so it has no fields", TEXT_ARGS(fact->name));
    diagnostic_expect(scope->diagnostics, d, "`fact %.*s: list`", TEXT_ARGS(fact->name));
  } else if (count == 0 && fact->type.kind == TYPE_LIST && syntax->type.span.source != NULL) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DECLARATION, syntax->type.span,
                             "the list `%.*s` has no fields", TEXT_ARGS(fact->name));
    diagnostic_expect(scope->diagnostics, d, "`field` lines under it");
  } else if (count > LIMIT_FIELDS) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_FACTS,
                             syntax->fields.items[LIMIT_FIELDS]->name.span, "`%.*s` has %u fields",
                             TEXT_ARGS(fact->name), count);
    diagnostic_expect(scope->diagnostics, d, "at most %u", LIMIT_FIELDS);
    fact->type.broken = true;
  } else {
    for (uint32_t i = 0; i < count; i++) check_field(scope, syntax->fields.items[i], fact);
  }
}

/* Defaults may look at the other fields, so they come when all facts are there. */
static void check_field_defaults(Scope *scope, const FactSyntax *syntax, Fact *fact) {
  Scope entry;
  scope_open(&entry, scope, scope->arena, scope->diagnostics, scope->vocabulary);
  entry.list = fact;
  for (uint32_t i = 0; i < fact->field_count; i++) {
    Symbol *symbol = scope_add(&entry, SYMBOL_FIELD, (Word){fact->fields[i].name, fact->span});
    if (symbol != NULL) symbol->field = &fact->fields[i];
  }
  for (uint32_t i = 0; i < syntax->fields.count; i++) {
    const FieldSyntax *field = syntax->fields.items[i];
    Field *into = NULL;
    for (uint32_t j = 0; j < fact->field_count; j++) {
      if (text_equal(fact->fields[j].name, field->name.text)) into = &fact->fields[j];
    }
    for (uint32_t d = 0; into != NULL && d < field->defaults.count; d++) {
      if (into->type.kind != TYPE_ENUMERATION && !into->type.broken) {
        diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DECLARATION,
                 field->defaults.items[d].value.span, "only an enumeration has a default");
        break;
      }
      int value = check_value(scope, &into->type, field->defaults.items[d].value);
      const Condition *where = field->defaults.items[d].where == NULL
                                   ? NULL
                                   : check_condition(&entry, field->defaults.items[d].where);
      if (value >= 0 && into->type.kind == TYPE_ENUMERATION)
        LIST_PUSH(scope->arena, into->defaults, ((FieldDefault){(uint32_t)value, where}));
    }
  }
}

static void check_default(Scope *scope, const FactSyntax *syntax, Fact *fact) {
  if (syntax->default_value.text.length == 0) return;
  if (fact->type.kind != TYPE_ENUMERATION) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DECLARATION,
                             syntax->default_value.span, "only an enumeration has a default");
    diagnostic_expect(scope->diagnostics, d, "the value stated in each request, or an enumeration");
    return;
  }
  int value = check_value(scope, &fact->type, syntax->default_value);
  fact->has_default = value >= 0;
  fact->default_value = value < 0 ? 0 : (uint32_t)value;
  if (!fact->has_default || ((fact->not_known >> value) & 1) == 0) return;
  diagnose(scope->diagnostics, DIAGNOSTIC_OPEN_VALUE, syntax->default_value.span,
           "the default means not known, as the fact would be without it");
}

static void check_fact_declaration(Scope *scope, const FactSyntax *syntax) {
  Fact *fact = add_fact(scope, syntax->name);
  if (fact == NULL) return;
  fact->span = syntax->name.span;
  fact->question = syntax->question;
  fact->supplier = check_supplier(scope, syntax);
  fact->clinical = syntax->clinical;
  fact->stated = syntax->stated;
  fact->fixed = syntax->fixed;
  fact->codes = codes_text(syntax, scope->arena);
  if (!check_type(scope, &syntax->type, &fact->type)) return;
  fact->not_known = check_not_known(scope, &fact->type, &syntax->not_known);
  check_range(scope, syntax, fact);
  check_fields(scope, syntax, fact);
  check_default(scope, syntax, fact);
  check_dosing_role(scope, syntax, fact);
}

/* ---- Declarations ---- */

static bool too_many(Scope *scope, uint32_t count, SourceSpan span, const char *what) {
  if (count <= LIMIT_NAMES) return false;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_VALUES, span,
                           "%u %s are too many", count, what);
  diagnostic_expect(scope->diagnostics, d, "at most %u", LIMIT_NAMES);
  return true;
}

static bool listed_code(Scope *scope, const Symbol *list, Word word, Text *code) {
  if (word.text.length == 0) return false; /* reported by the parser */
  if (code_normal(scope->arena, list->system, word.text, code)) return true;
  diagnose(scope->diagnostics, DIAGNOSTIC_UNKNOWN_NAME, word.span, "`%.*s` is not a code of %.*s",
           TEXT_ARGS(word.text), TEXT_ARGS(list->system));
  return false;
}

static bool check_code_range(Scope *scope, const Symbol *list, Word first, Word last,
                             CodeSpan *span) {
  if (!listed_code(scope, list, last, &span->last)) return false;
  if (!code_is_ordered(list->system)) {
    diagnose(scope->diagnostics, DIAGNOSTIC_RANGE, first.span,
             "codes of %.*s have no order, so they cannot be listed as a range",
             TEXT_ARGS(list->system));
    return false;
  }
  if (text_compare(span->first, span->last) <= 0) return true;
  diagnose(scope->diagnostics, DIAGNOSTIC_RANGE, first.span,
           "the first code of this range comes after the last");
  return false;
}

static void check_code_list(Scope *scope, const CodesSyntax *syntax) {
  Symbol *symbol = scope_add(scope, SYMBOL_CODES, syntax->name);
  if (symbol == NULL) return;
  symbol->system = syntax->system.text;
  if (too_many(scope, syntax->ranges.count, syntax->name.span, "codes in one list")) return;
  for (uint32_t i = 0; i < syntax->ranges.count; i++) {
    const Word first = syntax->ranges.items[i].first, last = syntax->ranges.items[i].last;
    CodeSpan span = {.is_range = last.text.length > 0};
    if (!listed_code(scope, symbol, first, &span.first)) continue;
    span.last = span.first;
    if (span.is_range && !check_code_range(scope, symbol, first, last, &span)) continue;
    LIST_PUSH(scope->arena, symbol->codes, span);
  }
}

static void check_set_declaration(Scope *scope, const SetSyntax *syntax) {
  static const SetSyntax empty = {0};
  Symbol *symbol = scope_add(scope, SYMBOL_SET, syntax->name);
  if (symbol == NULL) return;
  symbol->set = too_many(scope, syntax->values.count, syntax->name.span, "members of one set")
                    ? &empty
                    : syntax;
}

void check_declarations(Scope *scope, const Declarations *declarations) {
  uint32_t names =
      declarations->sets.count + declarations->code_lists.count + declarations->derivations.count;
  if (names > LIMIT_NAMES) {
    SourceSpan span = declarations->derivations.count > 0
                          ? declarations->derivations.items[0]->name.span
                      : declarations->sets.count > 0 ? declarations->sets.items[0]->name.span
                                                     : declarations->code_lists.items[0]->name.span;
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_FACTS, span,
                             "%u derivations, sets and code lists are declared", names);
    diagnostic_expect(scope->diagnostics, d, "at most %u", LIMIT_NAMES);
    return;
  }
  for (uint32_t i = 0; i < declarations->sets.count; i++)
    check_set_declaration(scope, declarations->sets.items[i]);
  for (uint32_t i = 0; i < declarations->code_lists.count; i++)
    check_code_list(scope, declarations->code_lists.items[i]);
  for (uint32_t i = 0; i < declarations->derivations.count; i++) {
    Symbol *symbol = scope_add(scope, SYMBOL_DERIVATION, declarations->derivations.items[i]->name);
    if (symbol != NULL) symbol->derivation = declarations->derivations.items[i];
  }
}

void check_drug_word(Scope *scope, const Declarations *declarations, Word drug) {
  LIST(Text) names = {0};
  for (uint32_t i = 0; i < declarations->drugs.count; i++) {
    if (text_equal(declarations->drugs.items[i]->name.text, drug.text)) return;
    LIST_PUSH(scope->arena, names, declarations->drugs.items[i]->name.text);
  }
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_UNKNOWN_DRUG, drug.span,
                           "drug `%.*s` is not declared", TEXT_ARGS(drug.text));
  diagnostic_nearest(scope->diagnostics, d, drug.text, names.items, names.count);
}

static bool is_yes_no(const Type *type) { return type->kind == TYPE_ENUMERATION && type->yes_no; }

static void check_complete_when(Scope *scope, const FactSyntax *syntax) {
  if (syntax->type.kind != TYPE_LIST || syntax->type.complete_when.text.length == 0) return;
  Symbol *list = scope_find(scope, syntax->name.text),
         *flag = scope_find(scope, syntax->type.complete_when.text);
  if (list == NULL || list->kind != SYMBOL_FACT) return;
  if (flag != NULL && flag->kind == SYMBOL_FACT && flag->fact->type.broken) return;
  if (flag != NULL && flag->kind == SYMBOL_FACT && is_yes_no(&flag->fact->type)) {
    list->fact->complete_when = flag->fact;
  } else if (flag != NULL) {
    diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, syntax->type.complete_when.span,
             "`%.*s` is not a yes/no fact", TEXT_ARGS(syntax->type.complete_when.text));
  } else {
    scope_unknown(scope, syntax->type.complete_when,
                  "a yes/no fact that says the list is complete");
  }
}

/* What is given or documented is about the request: no answer could make such a line true of a
 * patient, and a question for it would have no answer that is not an error. */
static bool asks_of_request(const Condition *condition) {
  if (condition->kind == CONDITION_GIVEN || condition->kind == CONDITION_DOCUMENTED) return true;
  for (uint32_t i = 0; i < condition->operands.count; i++) {
    if (asks_of_request(condition->operands.items[i])) return true;
  }
  return false;
}

static void check_never(Scope *scope, const NeverSyntax *syntax) {
  Never *never = ARENA_NEW(scope->arena, Never);
  never->condition = check_condition(scope, syntax->condition);
  never->text = syntax->text;
  never->span = syntax->span;
  LIST_PUSH(scope->arena, scope->vocabulary->nevers, never);
  if (!asks_of_request(never->condition)) return;
  Diagnostic *d =
      diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DECLARATION, syntax->condition->span,
               "`never` is about patients; `is given` and `is documented` are about requests");
  diagnostic_expect(scope->diagnostics, d, "a condition that is true of no patient");
}

Vocabulary *vocabulary_check(const VocabularySyntax *syntax, const Source *source, Arena *arena,
                             Diagnostics *diagnostics) {
  Vocabulary *vocabulary = ARENA_NEW(arena, Vocabulary);
  vocabulary->name = syntax->name.text;
  vocabulary->title = syntax->title;
  vocabulary->source = source;
  vocabulary->syntax = syntax;
  Scope *scope = ARENA_NEW(arena, Scope);
  scope_open(scope, NULL, arena, diagnostics, vocabulary);
  vocabulary->scope = scope;
  add_builtins(scope);
  const Declarations *declarations = &syntax->declarations;
  if (declarations->facts.count + BUILTIN_FACTS > LIMIT_FACTS) {
    Diagnostic *d = diagnose(diagnostics, DIAGNOSTIC_TOO_MANY_FACTS, syntax->name.span,
                             "%u facts are declared", declarations->facts.count);
    diagnostic_expect(diagnostics, d, "at most %u", LIMIT_FACTS - BUILTIN_FACTS);
  } else {
    for (uint32_t i = 0; i < declarations->facts.count; i++)
      check_fact_declaration(scope, declarations->facts.items[i]);
  }
  check_declarations(scope, declarations);
  for (uint32_t i = 0; i < declarations->facts.count; i++) {
    Symbol *symbol = scope_find(scope, declarations->facts.items[i]->name.text);
    check_complete_when(scope, declarations->facts.items[i]);
    if (symbol != NULL && symbol->kind == SYMBOL_FACT)
      check_field_defaults(scope, declarations->facts.items[i], symbol->fact);
  }
  check_derivations(scope);
  for (uint32_t i = 0; i < declarations->nevers.count; i++)
    check_never(scope, declarations->nevers.items[i]);
  check_dose_tables(scope, declarations);
  index_facts(vocabulary, arena);
  return vocabulary;
}
