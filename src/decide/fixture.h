/* fixture: what the tests of this folder share: a folder of policies written on the spot, and
 * requests in few words.
 *
 * JSON in tests is written with ' for ", which no request here needs otherwise.
 */
#ifndef DECIDE_FIXTURE_H
#define DECIDE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "library/library.h"

typedef struct Fixture {
  char folder[32];
  char files[16][96];
  int file_count;
  licet_library *library;
  licet_report *report;
  licet_session *session;
  char json[65536];
} Fixture;

/* A vocabulary with a fact of every type. */
#define CLINIC_FACTS                                                \
  "  fact birth_date: date\n"                                       \
  "  fact weight: mass\n"                                           \
  "    ask \"How heavy is the patient?\"\n"                         \
  "    range 0.2 kg to 500 kg\n"                                    \
  "    code LOINC 29463-7\n"                                        \
  "  fact dose: mass/time\n"                                        \
  "  fact level: percent                clinical\n"                 \
  "  fact visits: count\n"                                          \
  "  fact score: number\n"                                          \
  "  fact color: red | green | blue     clinical\n"                 \
  "  fact stage: 1 | 2A | none          clinical\n"                 \
  "  fact sex: female | male | unsaid\n"                            \
  "    not known: unsaid\n"                                         \
  "  fact agreed: yes | no\n"                                       \
  "  fact judged: yes | no              judgment, from reviewer\n"  \
  "  fact recorded: yes | no            record, from record\n"      \
  "  fact warned: yes | no              record, from record\n"      \
  "    default no\n"                                                \
  "  fact mood: calm | tense\n"                                     \
  "    default calm\n"                                              \
  "  fact with: set of tea | milk | sugar\n"                        \
  "  fact helper: name or none\n"                                   \
  "  fact icd10: code ICD-10-CM         clinical\n"                 \
  "  fact billed: code HCPCS\n"                                     \
  "  fact last_seen: date or none\n"                                \
  "  fact wanted: duration\n"                                       \
  "  fact past: list complete when past_complete   clinical\n"      \
  "    field agent: name\n"                                         \
  "    field class: herb | pill\n"                                  \
  "      default herb where agent in mint, sage\n"                  \
  "    field ended: failed | helped | unsaid\n"                     \
  "      not known: unsaid\n"                                       \
  "    field when: date\n"                                          \
  "  fact past_complete: yes | no\n"                                \
  "  fact hba1c: series of percent      clinical\n"                 \
  "  never color is red and agreed      \"Red is never agreed.\"\n" \
  "  never birth_date after start       \"Nobody is treated before being born.\"\n"
#define CLINIC "vocabulary clinic \"Facts for tests\"\n" CLINIC_FACTS

#define POLICY_HEAD(id, payer)                           \
  "policy " id " \"" id " for tests\"\n  payer \"" payer \
  "\"\n  lines commercial, medicaid\n  drug alpha, beta\n  vocabulary clinic\n"

static inline void fixture_open(Fixture *f) {
  *f = (Fixture){0};
  strcpy(f->folder, "/tmp/licet-XXXXXX");
  assert_non_null(mkdtemp(f->folder));
}

static inline void fixture_file(Fixture *f, const char *name, const char *text) {
  char path[96];
  assert_true(snprintf(path, sizeof path, "%.31s/%s", f->folder, name) < (int)sizeof path);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  fputs(text, file);
  assert_int_equal(fclose(file), 0);
  memcpy(f->files[f->file_count++], path, sizeof path);
}

static inline void fixture_load(Fixture *f, const char *path,
                                const licet_library_options *options) {
  const licet_status status = licet_library_open(path, options, &f->library, &f->report);
  if (status != LICET_OK)
    fail_msg("%s: %s", licet_status_text(status),
             f->report == NULL ? "" : licet_report_text(f->report));
  assert_int_equal(licet_session_open(f->library, SESSION_OF_PLAN, &f->session), LICET_OK);
}

/* A folder with the vocabulary above and one policy. */
static inline void fixture_policy(Fixture *f, const char *policy) {
  fixture_open(f);
  fixture_file(f, "clinic.licet", CLINIC);
  fixture_file(f, "policy.licet", policy);
  fixture_load(f, f->folder, NULL);
}

static inline void fixture_close(Fixture *f) {
  licet_session_close(f->session);
  licet_library_close(f->library);
  licet_report_free(f->report);
  for (int i = 0; i < f->file_count; i++) remove(f->files[i]);
  if (f->folder[0] != '\0') rmdir(f->folder);
}

/* For cmocka: a fixture of its own for a test, or a group of them; and its end. */
static inline int fixture_new(void **state, const char *policy) {
  Fixture *f = malloc(sizeof *f);
  assert_non_null(f);
  *state = f;
  fixture_policy(f, policy);
  return 0;
}

static inline int fixture_free(void **state) {
  fixture_close(*state);
  free(*state);
  return 0;
}

/* ' becomes ". */
static inline const char *quoted(Fixture *f, const char *text) {
  assert_true(strlen(text) < sizeof f->json);
  strcpy(f->json, text);
  for (char *at = f->json; *at != '\0'; at++) {
    if (*at == '\'') *at = '"';
  }
  return f->json;
}

#define HEAD                                                                                       \
  "'payer':'Payer','line':'commercial','drug':'alpha','kind':'initial','received':'2026-03-10T09:" \
  "00:00Z'"

static inline licet_status decide_status(Fixture *f, const char *request,
                                         const licet_determination **determination) {
  const char *json = quoted(f, request);
  return licet_decide(f->session, json, strlen(json), determination);
}

/* A whole request that has no errors. */
static inline const licet_determination *decide_request(Fixture *f, const char *request) {
  const licet_determination *determination;
  const licet_status status = decide_status(f, request, &determination);
  if (status != LICET_OK)
    fail_msg("%s: %s", licet_status_text(status), licet_session_error_json(f->session, NULL));
  assert_non_null(determination);
  return determination;
}

static inline const licet_determination *decide_facts(Fixture *f, const char *facts) {
  static char request[65536];
  assert_true(snprintf(request, sizeof request, "{" HEAD ",'facts':{%s}}", facts) <
              (int)sizeof request);
  return decide_request(f, request);
}

/* The errors of a bad request, ' for " and for the \" within a text; without their codes, which
 * have a test of their own. */
static inline const char *request_errors_of(Fixture *f, const char *request) {
  static char errors[65536];
  const licet_determination *determination;
  size_t length;
  assert_int_equal(decide_status(f, request, &determination), LICET_BAD_REQUEST);
  assert_null(determination);
  const char *json = licet_session_error_json(f->session, &length);
  assert_int_equal(strlen(json), length);
  assert_true(length < sizeof errors);
  char *out = errors;
  for (const char *at = json; *at != '\0'; at++) {
    if (strncmp(at, "\"code\":\"", 8) == 0) at = strchr(at + 8, ',') + 1;
    if (at[0] == '\\' && at[1] == '"') at++;
    *out++ = *at == '"' ? '\'' : *at;
  }
  *out = '\0';
  return errors;
}

static inline const char *request_errors_of_facts(Fixture *f, const char *facts) {
  static char request[65536];
  assert_true(snprintf(request, sizeof request, "{" HEAD ",'facts':{%s}}", facts) <
              (int)sizeof request);
  return request_errors_of(f, request);
}

/* A request to the policy named, for the kind named. */
static inline const licet_determination *decide_by(Fixture *f, const char *policy, const char *kind,
                                                   const char *facts) {
  static char request[65536];
  const int length = snprintf(request, sizeof request,
                              "{'policy':'%s','line':'commercial','drug':'alpha','kind':'%s','"
                              "received':'2026-03-10','facts':{%s}}",
                              policy, kind, facts);
  assert_true(length < (int)sizeof request);
  return decide_request(f, request);
}

#define NO_ERRORS_BUT(errors) "{'request':null,'errors':[" errors "]}"

/* The set's names with a space between, or "-" where there is no such set. */
static inline const char *names_of(const char *const *names) {
  static char text[1024];
  if (names == NULL) return "-";
  text[0] = '\0';
  for (int i = 0; names[i] != NULL; i++) {
    if (i > 0) strcat(text, " ");
    strcat(text, names[i]);
  }
  return text;
}

static inline void assert_outcome(const licet_determination *d, const char *outcome,
                                  const char *reason) {
  if (strcmp(licet_outcome_name(licet_determination_outcome(d)), outcome) != 0 ||
      strcmp(licet_reason_name(licet_determination_reason(d)), reason) != 0) {
    fail_msg("expected %s %s: %s", outcome, reason, licet_determination_json(d, NULL));
  }
}

static inline void assert_json_has(const licet_determination *d, const char *part) {
  static char text[4096];
  assert_true(strlen(part) < sizeof text);
  strcpy(text, part);
  for (char *at = text; *at != '\0'; at++) {
    if (*at == '\'') *at = '"';
  }
  if (strstr(licet_determination_json(d, NULL), text) == NULL)
    fail_msg("no %s in %s", text, licet_determination_json(d, NULL));
}

#endif
