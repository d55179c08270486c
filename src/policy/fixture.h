/* fixture: for tests alone. Builds a vocabulary and a policy from text as a library does
 * (parse_file, vocabulary_check, policy_check), and facts to hold against them.
 *
 *     Fixture *f = vocabulary(*state, "  fact weight: mass\n");
 *     say(f, "weight")->amount = amount(f, "weight", "70 kg");
 *     assert_int_equal(evaluate_condition(condition(f, "weight > 5 kg"), &f->facts), TRUTH_YES);
 *
 * What is wrong with the texts fails the test, unless it asks for it with `reported`.
 */
#ifndef POLICY_FIXTURE_H
#define POLICY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "language/parse.h"
#include "policy/evaluate.h"
#include "policy/scope.h"

typedef struct Fixture {
  Arena arena;
  Diagnostics diagnostics;
  Vocabulary *vocabulary;
  Policy *policy;
  Facts facts; /* start 2025-06-15, received 2025-06-01, an initial request; all else unknown */
} Fixture;

static inline int fixture_open(void **state) {
  static Fixture fixture;
  memset(&fixture, 0, sizeof fixture);
  arena_open(&fixture.arena);
  diagnostics_open(&fixture.diagnostics, &fixture.arena);
  *state = &fixture;
  return 0;
}

static inline int fixture_close(void **state) {
  arena_close(&((Fixture *)*state)->arena);
  return 0;
}

/* "L301 3:12\n" for each diagnostic, in the order of their places (of one file after the other). */
static inline const char *reported(Fixture *f) {
  Buffer out;
  buffer_open(&out, &f->arena, 64);
  for (uint32_t i = 0; i < f->diagnostics.list.count; i++) {
    const Diagnostic *d = f->diagnostics.list.items[i];
    uint32_t line = 0, column = 0;
    if (d->span.source != NULL) source_position(d->span.source, d->span.start, &line, &column);
    buffer_format(&out, "%s %u:%u\n", diagnostic_code(d->id), line, column);
  }
  return buffer_finish(&out);
}

static inline void expect_nothing_reported(Fixture *f) {
  Buffer out;
  buffer_open(&out, &f->arena, 64);
  diagnostics_write(&out, &f->diagnostics);
  if (f->diagnostics.errors > 0) fail_msg("%s", buffer_finish(&out));
}

static inline FileSyntax *parsed(Fixture *f, const char *text) {
  Source *source = ARENA_NEW(&f->arena, Source);
  source->name = TEXT("test.licet");
  source->text = text_of(arena_copy(&f->arena, text, strlen(text)));
  return parse_file(source, &f->arena, &f->arena, &f->diagnostics);
}

static inline Fixture *vocabulary_unchecked(Fixture *f, const char *declarations) {
  FileSyntax *file = parsed(f, arena_format(&f->arena, "vocabulary v \"Test\"\n%s", declarations));
  assert_non_null(file->vocabulary);
  f->vocabulary = vocabulary_check(file->vocabulary, file->source, &f->arena, &f->diagnostics);
  return f;
}

static inline FactValue *say(Fixture *f, const char *name) {
  const Fact *fact = vocabulary_fact(f->vocabulary, text_of(name));
  if (fact == NULL) fail_msg("no fact %s", name);
  FactValue *value = &f->facts.values[fact->index];
  value->known = true;
  value->is_none = false;
  return value;
}

static inline Date day(const char *text) {
  Date date;
  if (!date_parse(text_of(text), &date)) fail_msg("no date: %s", text);
  return date;
}

static inline Fixture *vocabulary(void *state, const char *declarations) {
  Fixture *f = vocabulary_unchecked(state, declarations);
  expect_nothing_reported(f);
  f->facts = (Facts){.vocabulary = f->vocabulary,
                     .values = ARENA_ARRAY(&f->arena, FactValue, f->vocabulary->facts.count)};
  static const char *const builtin[] = {"kind", "line", "drug", "urgency"};
  for (int i = 0; i < 4; i++) say(f, builtin[i]);
  say(f, "start")->date = day("2025-06-15");
  say(f, "received")->date = day("2025-06-01");
  return f;
}

/* The lines behind the head: more of the head, and the outline. */
static inline Policy *policy_unchecked(Fixture *f, const char *lines,
                                       const char *const *literal_interpretations) {
  static const char head[] =
      "policy T \"Test\"\n  payer \"P\"\n  lines medicaid\n  drug d\n  vocabulary v\n  version "
      "2025-01-01\n";
  FileSyntax *file = parsed(f, arena_format(&f->arena, "%s%s", head, lines));
  assert_non_null(file->policy);
  return f->policy = policy_check(file->policy, file->source, f->vocabulary,
                                  literal_interpretations, &f->arena, &f->diagnostics);
}

static inline Policy *policy(Fixture *f, const char *lines) {
  policy_unchecked(f, lines, NULL);
  expect_nothing_reported(f);
  return f->policy;
}

static inline const Condition *condition(Fixture *f, const char *text) {
  return policy(f, arena_format(&f->arena, "A \"x\": %s\n  approve 6 months\n", text))
      ->criteria.items[0]
      ->condition;
}

static inline Truth holds(Fixture *f, const char *text) {
  return evaluate_condition(condition(f, text), &f->facts);
}

static inline Amount amount(Fixture *f, const char *fact, const char *text) {
  Amount result = 0;
  Dimension dimension = vocabulary_fact(f->vocabulary, text_of(fact))->type.dimension;
  if (quantity_parse(text_of(text), dimension, &result) != QUANTITY_OK)
    fail_msg("no quantity: %s", text);
  return result;
}

static inline void say_amount(Fixture *f, const char *fact, const char *text) {
  say(f, fact)->amount = amount(f, fact, text);
}
static inline void say_date(Fixture *f, const char *fact, const char *text) {
  say(f, fact)->date = day(text);
}
static inline void say_choice(Fixture *f, const char *fact, uint32_t choice) {
  say(f, fact)->choice = choice;
}
static inline void say_none(Fixture *f, const char *fact) { say(f, fact)->is_none = true; }
static inline void forget(Fixture *f, const char *fact) { *say(f, fact) = (FactValue){0}; }

/* An observation "2025-05-01", "5 mg/dL", with the upper limit or NULL. */
static inline Observation *observe_value(Fixture *f, const char *fact, const char *date,
                                         const char *value, const char *upper_limit) {
  FactValue *series = say(f, fact);
  Observation *all = ARENA_ARRAY(&f->arena, Observation, series->observation_count + 1);
  for (uint32_t i = 0; i < series->observation_count; i++) all[i] = series->observations[i];
  Observation *added = &all[series->observation_count++];
  series->observations = all;
  added->date = day(date);
  added->value = amount(f, fact, value);
  added->has_upper_limit = upper_limit != NULL;
  if (upper_limit != NULL) added->upper_limit = amount(f, fact, upper_limit);
  return added;
}

/* An entry all of whose fields are open; the caller fills them in. */
static inline Entry *add_entry_of(Fixture *f, const char *fact) {
  FactValue *list = say(f, fact);
  Entry *all = ARENA_ARRAY(&f->arena, Entry, list->entry_count + 1);
  for (uint32_t i = 0; i < list->entry_count; i++) all[i] = list->entries[i];
  Entry *added = &all[list->entry_count++];
  list->entries = all;
  added->fields = ARENA_ARRAY(&f->arena, EntryField,
                              vocabulary_fact(f->vocabulary, text_of(fact))->field_count);
  return added;
}

#endif
