/* licet: coverage policies as code.
 *
 * A health plan's prior-authorization policy, written as a file that reads like its page, decides
 * requests. The engine approves, asks, or refers to a person; it never denies. It is exact over
 * what is not known: it approves if and only if every completion of the unknown facts meets the
 * policy.
 *
 *     licet_library *library;
 *     licet_report *report;
 *     if (licet_library_open("policies", NULL, &library, &report) != LICET_OK) {
 *       fputs(licet_report_text(report), stderr);
 *       …
 *     }
 *     licet_session *session;
 *     licet_session_open(library, NULL, &session);
 *     const licet_determination *determination;
 *     if (licet_decide(session, json, length, &determination) == LICET_OK)
 * puts(licet_determination_json(determination, NULL)); else puts(licet_session_error_json(session,
 * NULL)); licet_session_close(session); licet_library_close(library); licet_report_free(report);
 *
 * Rules that hold for every call
 *
 * Ownership. What comes through an out parameter named `**x` of a non-const type is yours and has
 * one matching close or free, which accepts NULL. Everything returned, and every `const` out
 * parameter, is borrowed: from a library until it is closed, from a session until its next call.
 *
 * Threads. What a library says does not change once it is open: any number of threads may use it at
 * once, without locks of yours. A version of a policy is compiled when a request first needs it, by
 * the thread that decides that request; its first request takes longer by that. A session is for
 * one thread at a time. There is no global state but a count of the bytes held.
 *
 * Memory. What a determination shows is made as it is asked for; where memory runs out, the text
 * asked for is NULL or empty.
 *
 * Failure. Calls that can fail return a licet_status and leave their out parameters NULL unless
 * they succeed (a report is given even on failure). Texts are UTF-8 and zero-terminated. Passing
 * NULL where a pointer is required is a bug of the caller and aborts.
 */
#ifndef LICET_H
#define LICET_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define LICET_API __attribute__((visibility("default")))
#else
#define LICET_API
#endif

#define LICET_VERSION "0.1.0"
/* The same as numbers, for the preprocessor: 100 is 0.1.0, and LICET_VERSION_NUMBER only grows. */
#define LICET_VERSION_MAJOR 0
#define LICET_VERSION_MINOR 1
#define LICET_VERSION_PATCH 0
#define LICET_VERSION_NUMBER \
  (LICET_VERSION_MAJOR * 10000 + LICET_VERSION_MINOR * 100 + LICET_VERSION_PATCH)

/* The version of the library that runs, which may be newer than the header's LICET_VERSION. */
LICET_API const char *licet_version(void);

typedef enum licet_status {
  LICET_OK = 0,
  LICET_BAD_REQUEST = 1, /* the request has errors: licet_session_error_json lists all of them */
  LICET_BAD_POLICY = 2,  /* policy files have errors: the report lists all of them */
  LICET_NOT_FOUND = 3,   /* no such file, folder or policy, or no .licet file in the folder */
  LICET_IO = 4,          /* files cannot be read: the report names each and says why */
  LICET_NO_MEMORY = 5,
  LICET_BAD_OPTIONS = 6, /* conflicting options, or an invalid value; nothing was done */
  LICET_INTERRUPTED = 7  /* the caller's `interrupted` asked to stop */
} licet_status;

/* "ok", "bad request", … */
LICET_API const char *licet_status_text(licet_status status);

/* ---- Closed sets of values ----
 *
 * words.def lists each set once, with what every value means. An enum is made from it here, and
 * beside the enum stands the function that gives a value's word in the JSON ("criteria_not_met"; ""
 * for a value that stands for none, and for a number that is no value of the enum). */

typedef enum licet_outcome {
#define LICET_OUTCOME(symbol, word) LICET_##symbol,
#include <licet/words.def>
} licet_outcome;
LICET_API const char *licet_outcome_name(licet_outcome value);

typedef enum licet_reason {
#define LICET_REASON(symbol, word) LICET_REASON_##symbol,
#include <licet/words.def>
} licet_reason;
LICET_API const char *licet_reason_name(licet_reason value);

typedef enum licet_criterion_status {
#define LICET_CRITERION_STATUS(symbol, word) LICET_##symbol,
#include <licet/words.def>
} licet_criterion_status;
LICET_API const char *licet_criterion_status_name(licet_criterion_status value);

typedef enum licet_request_kind {
#define LICET_REQUEST_KIND(symbol, word) LICET_##symbol,
#include <licet/words.def>
} licet_request_kind;
LICET_API const char *licet_request_kind_name(licet_request_kind value);

typedef enum licet_connective {
#define LICET_CONNECTIVE(symbol, word) LICET_CONNECTIVE_##symbol,
#include <licet/words.def>
} licet_connective;
LICET_API const char *licet_connective_name(licet_connective value);

typedef enum licet_source {
#define LICET_SOURCE(symbol, word) LICET_SOURCE_##symbol,
#include <licet/words.def>
} licet_source;
LICET_API const char *licet_source_name(licet_source value);

typedef enum licet_fact_type {
#define LICET_FACT_TYPE(symbol, word) LICET_FACT_##symbol,
#include <licet/words.def>
} licet_fact_type;
LICET_API const char *licet_fact_type_name(licet_fact_type value);

typedef enum licet_next_action {
#define LICET_NEXT_ACTION(symbol, word) LICET_NEXT_##symbol,
#include <licet/words.def>
} licet_next_action;
LICET_API const char *licet_next_action_name(licet_next_action value);

typedef enum licet_length_unit {
#define LICET_LENGTH_UNIT(symbol, word) LICET_UNIT_##symbol,
#include <licet/words.def>
} licet_length_unit;
LICET_API const char *licet_length_unit_name(licet_length_unit value);

typedef enum licet_severity {
#define LICET_SEVERITY(symbol, word) LICET_SEVERITY_##symbol,
#include <licet/words.def>
} licet_severity;
LICET_API const char *licet_severity_name(licet_severity value);

/* ---- Reports: what is wrong with policy files ---- */

typedef struct licet_report licet_report;

/* Every diagnostic, with file, line, column, the line and a caret. Empty when there is none. */
LICET_API const char *licet_report_text(const licet_report *report);
LICET_API size_t licet_report_errors(const licet_report *report);
LICET_API size_t licet_report_warnings(const licet_report *report);
/* The diagnostics one by one: id ("L301"), file, 1-based line and column (0 where the whole file is
 * meant, as one that cannot be read). NULL texts and 0 beyond the last. */
typedef struct licet_diagnostic {
  const char *id, *file, *message;
  uint32_t line, column;
  licet_severity severity; /* an error or a warning */
} licet_diagnostic;
LICET_API size_t licet_report_count(const licet_report *report);
LICET_API licet_diagnostic licet_report_at(const licet_report *report, size_t index);
LICET_API void licet_report_free(licet_report *report);

/* ---- Libraries of policies ---- */

typedef struct licet_library licet_library;
/* One policy: all versions of one file. */
typedef struct licet_policy licet_policy;

/* Options can grow. Every structure of options begins with `size`: set it to the sizeof of the
 * structure, and leave what you do not use zero, its default.
 *
 *     licet_library_options options = {.size = sizeof options, .interrupted = stop};
 *
 * New members are added at the end only, so a program built against an older header keeps working
 * with a newer library. A size of 0, or a member that this library is too old to know, is
 * LICET_BAD_OPTIONS. NULL in place of options means all defaults. */
typedef struct licet_library_options {
  size_t size;
  /* Compile these interpretations by their literal wording instead of the adopted one:
   * interpretation ids ("R-A1"), NULL-terminated; may be NULL. An id that no policy has changes
   * nothing. */
  const char *const *literal_interpretations;
  /* Called while opening, before each file and each version of a policy is looked at, from the
   * caller's thread; anything but 0 ends the opening with LICET_INTERRUPTED. It must return: it may
   * not jump or throw. May be NULL. */
  int (*interrupted)(void *context);
  void *context;
} licet_library_options;

/* Reads every *.licet file of the folder `path`, in name order; folders in it are not entered. The
 * path of a file reads that file and the vocabularies next to it. Only regular files are opened,
 * and no open waits. LICET_OK only if every file was read and none has an error; otherwise the
 * report lists every problem. `*report` is set in every case (NULL only for LICET_NO_MEMORY and
 * LICET_BAD_OPTIONS), with the warnings of a success too. `options` may be NULL. */
LICET_API licet_status licet_library_open(const char *path, const licet_library_options *options,
                                          licet_library **library, licet_report **report);

/* A policy or vocabulary in memory. `name` takes the place of a file name in reports. */
typedef struct licet_text {
  const char *name;
  const char *text; /* UTF-8, of `length` bytes */
  size_t length;
} licet_text;

/* The same, of texts in memory instead of files. They are copied: yours may go afterwards. */
LICET_API licet_status licet_library_open_texts(const licet_text *texts, size_t count,
                                                const licet_library_options *options,
                                                licet_library **library, licet_report **report);
LICET_API void licet_library_close(licet_library *library);
/* The texts that an open library was made of, in the order in which they were read, byte for byte:
 * whoever keeps them (a ledger, another process) opens the same library from memory, without the
 * folder of that day. The name is NULL beyond the last; name and text live as long as the library.
 */
LICET_API licet_text licet_library_text(const licet_library *library, size_t index);
/* Bytes the open library holds. */
LICET_API size_t licet_library_memory(const licet_library *library);

LICET_API size_t licet_library_policy_count(const licet_library *library);
/* In order of id. NULL beyond the last. */
LICET_API const licet_policy *licet_library_policy(const licet_library *library, size_t index);
LICET_API const licet_policy *licet_library_policy_by_id(const licet_library *library,
                                                         const char *id);
/* The policy that covers payer, drug and line of business on a date ("2026-11-02"); NULL where none
 * does, or several do: which of them is meant is for the caller to say. */
LICET_API const licet_policy *licet_library_find(const licet_library *library, const char *payer,
                                                 const char *drug, const char *line,
                                                 const char *date);

LICET_API const char *licet_policy_id(const licet_policy *policy);
LICET_API const char *licet_policy_title(const licet_policy *policy);
LICET_API const char *licet_policy_payer(const licet_policy *policy);
LICET_API const char *licet_policy_vocabulary(const licet_policy *policy);
/* "source" line; "" where there is none. */
LICET_API const char *licet_policy_source(const licet_policy *policy);
/* The last day on which it decides; "" where it has no end. */
LICET_API const char *licet_policy_until(const licet_policy *policy);
LICET_API const char *licet_policy_file(const licet_policy *policy);
/* "sha256:…" of the policy's and its vocabulary's text. */
LICET_API const char *licet_policy_digest(const licet_policy *policy);
/* NULL beyond the last. */
LICET_API const char *licet_policy_drug(const licet_policy *policy, size_t index);
LICET_API const char *licet_policy_line(const licet_policy *policy, size_t index);

typedef struct licet_policy_version {
  const char *date;  /* in force from; NULL beyond the last version */
  const char *note;  /* what changed, or "" */
  int reconstructed; /* not printed by the payer in this form */
} licet_policy_version;
LICET_API licet_policy_version licet_policy_version_at(const licet_policy *policy, size_t index);
/* "sha256:…" of all that decides by this version; NULL beyond the last. It stays the same when
 * comments, titles or later versions change, and changes with whatever can decide. */
LICET_API const char *licet_policy_version_digest(const licet_policy *policy, size_t index);

#define LICET_WHOLE_POLICY ((size_t)-1)

/* An interpretation: how ambiguous or contradictory wording was understood. */
typedef struct licet_interpretation {
  const char *id;      /* "R-A1"; NULL beyond the last */
  const char *text;    /* the adopted interpretation and why */
  const char *literal; /* the literal wording as a condition or connective, "" where only the text
                          records it */
  const char *path;    /* the label path of the criterion it concerns, "" for the whole policy */
  size_t criterion;    /* its index (licet_policy_criterion), or LICET_WHOLE_POLICY */
} licet_interpretation;
LICET_API licet_interpretation licet_policy_interpretation(const licet_policy *policy,
                                                           size_t index);

/* One line of the outline, in page order, parents before children. */
typedef struct licet_criterion {
  size_t index;      /* in the policy, in page order */
  uint32_t depth;    /* 0 for the top level */
  const char *label; /* "5", or "" for a group without one */
  const char *path;  /* "I.A.5"; that of the nearest labelled line above where label is "" */
  const char *title;
  licet_connective connective; /* how a group joins the criteria under it */
  uint32_t at_least;           /* of "at least": how many must be met; else 0 */
  const char *condition;       /* a leaf's condition as written, else "" */
  const char *guard;           /* the condition of "if … then", else "" */
  licet_request_kind kind;     /* the requests it applies to */
  const char *from, *until;    /* dates or "" */
  const char *const *outcomes; /* each outcome line as written; NULL-terminated */
  const char
      *dosed_as; /* the regimen that what is authorized here, or under, pays for (dose.h), or "" */
  const char *const *notes;     /* NULL-terminated */
  const char *const *citations; /* NULL-terminated */
  int prerequisite;             /* counts as met in a continuation */
  int is_pathway;
} licet_criterion;
LICET_API size_t licet_policy_criterion_count(const licet_policy *policy);
LICET_API licet_criterion licet_policy_criterion(const licet_policy *policy, size_t index);

/* ---- Vocabularies ---- */

typedef struct licet_fact {
  const char *name; /* NULL beyond the last */
  licet_fact_type type;
  const char *values; /* what a value may be, in words: "positive | negative", "mass", "set of tki |
                         …", "list of {agent, line}" */
  const char *question;  /* to ask a person, or "" */
  licet_source supplier; /* whose word counts for it */
  const char *range;     /* "0.2 kg to 500 kg" or "" */
  const char *codes;     /* "LOINC 29463-7; …" or "" */
  int is_clinical;       /* needs a document where the policy demands evidence */
} licet_fact;
LICET_API size_t licet_library_vocabulary_count(const licet_library *library);
/* The name of a vocabulary; NULL beyond the last. */
LICET_API const char *licet_library_vocabulary(const licet_library *library, size_t index);
/* The facts of a vocabulary in page order. */
LICET_API licet_fact licet_vocabulary_fact(const licet_library *library, const char *vocabulary,
                                           size_t index);
/* Does some version of the policy read the fact, in a criterion or for an authorization? */
LICET_API int licet_policy_reads(const licet_policy *policy, const char *fact);

/* ---- Deciding ---- */

typedef struct licet_session licet_session;
typedef struct licet_determination licet_determination;

/* Who vouches for what a request says of its sources. A fact may state its `source`: the requester,
 * a reviewer, the plan's records; judgments count only from a reviewer, and some facts only from
 * the records. But a source is only as good as whoever wrote the bytes.
 *
 *     LICET_VOUCHED_BY_REQUESTER  the default, for requests as they arrive from outside. A fact
 * that claims another source than the requester, itself or in an entry of a list, stays not known
 * and is listed in `not_counted`. LICET_VOUCHED_BY_PLAN       for requests that the plan's own
 * systems wrote or have checked: sources count as stated.
 *
 * The command `licet` takes the word of the person who runs it: LICET_VOUCHED_BY_PLAN, as do the
 * database extensions and licet_bulk_run, whose requests are the plan's own tables and files. */
typedef enum licet_vouched_by {
  LICET_VOUCHED_BY_REQUESTER = 0,
  LICET_VOUCHED_BY_PLAN = 1
} licet_vouched_by;

/* Whether determinations carry the digest of the request's bytes. It is not made unless asked for,
 * since SHA-256 of a request takes about as long as deciding it (docs/determination.md,
 * "Provenance"). The command licet asks for it. */
typedef enum licet_request_digest {
  LICET_REQUEST_DIGEST_NONE = 0,
  LICET_REQUEST_DIGEST_SHA256 = 1
} licet_request_digest;

typedef struct licet_session_options {
  size_t size;
  licet_vouched_by vouched_by;
  licet_request_digest request_digest;
} licet_session_options;

/* A session holds what one thread needs to decide one request after another; after the largest
 * request it no longer asks for memory. `options` may be NULL. */
LICET_API licet_status licet_session_open(const licet_library *library,
                                          const licet_session_options *options,
                                          licet_session **session);
LICET_API void licet_session_close(licet_session *session);

/* Decides one request (a JSON object of docs/determination.md; at most 1 MiB). LICET_OK with a
 * determination, or LICET_BAD_REQUEST with every error in licet_session_error_json; never a partial
 * answer. Both are borrowed until the session's next call. */
LICET_API licet_status licet_decide(licet_session *session, const char *json, size_t length,
                                    const licet_determination **determination);
/* { "errors": [ { "field", "pointer", "found", "expected" } ] } of the last decide on this session,
 * "request" with its id where it could be read. */
LICET_API const char *licet_session_error_json(licet_session *session, size_t *length);
/* Did memory run out while something of a determination, a plan or an error of this session was
 * shown? Then what was shown has gaps (texts that are NULL or empty). It stays so. */
LICET_API int licet_session_lacks_memory(const licet_session *session);

/* What is wrong with a request: request_error.def lists the codes with what each means. */
typedef enum licet_request_error_code {
#define LICET_REQUEST_ERROR(symbol, word, text) LICET_ERROR_##symbol,
#include <licet/request_error.def>
} licet_request_error_code;
LICET_API const char *licet_request_error_code_name(licet_request_error_code value);

/* The same errors one by one. */
typedef struct licet_request_error {
  licet_request_error_code code; /* stable; the texts are for people and may change */
  const char *field;             /* "prior_therapies[1].outcome"; NULL beyond the last */
  const char *pointer;           /* JSON pointer */
  const char *found, *expected;
  const char *nearest; /* a name or value that exists, or "" */
  /* Where a text that is not JSON goes wrong: line and column in characters, from 1, and the byte,
   * from 0. A line of 0: the error is not of the text. */
  uint32_t line, column, byte;
} licet_request_error;
LICET_API licet_request_error licet_session_error(licet_session *session, size_t index);

LICET_API licet_outcome licet_determination_outcome(const licet_determination *determination);
LICET_API licet_reason licet_determination_reason(const licet_determination *determination);
/* "" where there is none. */
LICET_API const char *licet_determination_request(const licet_determination *determination);
LICET_API const char *licet_determination_pathway(const licet_determination *determination);
LICET_API const char *licet_determination_route(const licet_determination *determination);
LICET_API const licet_policy *licet_determination_policy(const licet_determination *determination);
/* The date of the version that decided, or "". */
LICET_API const char *licet_determination_version(const licet_determination *determination);
/* The whole determination as JSON on one line; the same request, policy and engine version give the
 * same bytes. `length` may be NULL. */
LICET_API const char *licet_determination_json(const licet_determination *determination,
                                               size_t *length);

/* All that made the determination. The same request decided by the same engine under a version with
 * the same digest gives the same determination, whatever else the files hold by then. */
typedef struct licet_provenance {
  const char *request_digest; /* "sha256:…" of the request's bytes; "" where the session does not
                                 make it, or the request came as tokens */
  const char *received;       /* as the request has it: a day or a time */
  const char *version_digest; /* "sha256:…" of what decides by the version in force: the policy's
                                 lines and what they read (docs/determination.md); "" without a
                                 policy */
  const char *file_digest;    /* licet_policy_digest; "" without a policy */
  const char *engine;         /* "licet 0.1.0" */
  int reconstructed;          /* the version was not printed by the payer in this form */
} licet_provenance;
LICET_API licet_provenance licet_determination_provenance(const licet_determination *determination);
/* Interpretations that were taken by their literal wording; NULL beyond the last. */
LICET_API const char *licet_determination_literal(const licet_determination *determination,
                                                  size_t index);
/* Where each fact that was used came from, in the order of the request: "requester", "reviewer",
 * "record"; "computed" from the treatment stated; "default" of the vocabulary. `fact` is NULL
 * beyond the last. */
typedef struct licet_fact_source {
  const char *fact, *source;
} licet_fact_source;
LICET_API licet_fact_source licet_determination_source(const licet_determination *determination,
                                                       size_t index);

typedef struct licet_authorization {
  const char *start, *end; /* dates; end is NULL where the authorization has no calendar length;
                              start is NULL where there is no authorization */
  int32_t length;          /* in `unit`; 0 where there is none */
  licet_length_unit unit;  /* of `length` */
  int32_t cycles;          /* -1 where the policy sets none */
  int32_t renewals_left;   /* -1 where the policy sets none */
} licet_authorization;
LICET_API licet_authorization
licet_determination_authorization(const licet_determination *determination);

/* A limit the policy sets on what is authorized. */
typedef struct licet_limit {
  const char *amount;               /* "980"; NULL beyond the last */
  const char *unit;                 /* "units", "vials" */
  const char *code;                 /* HCPCS code, or "" */
  const char *every;                /* "42 days" */
  uint32_t first_cycle, last_cycle; /* 0 where it holds for all cycles */
} licet_limit;
LICET_API licet_limit licet_determination_limit(const licet_determination *determination,
                                                size_t index);

/* The names of one set, NULL-terminated; NULL beyond the last set. */
LICET_API const char *const *licet_determination_missing(const licet_determination *determination,
                                                         size_t index);
LICET_API const char *const *licet_determination_documents(const licet_determination *determination,
                                                           size_t index);
/* Pathways also met; facts stated by a source that is not allowed to state them, or that nobody
 * vouches for; interpretations in play. NULL beyond the last. */
LICET_API const char *licet_determination_also_met(const licet_determination *determination,
                                                   size_t index);
LICET_API const char *licet_determination_not_counted(const licet_determination *determination,
                                                      size_t index);
LICET_API const char *licet_determination_interpretation(const licet_determination *determination,
                                                         size_t index);

/* Who acts next on a request that is not approved, and what they do. */
typedef struct licet_next {
  licet_source who; /* LICET_SOURCE_NONE beyond the last */
  licet_next_action action;
  const char *const *facts;          /* NULL-terminated; NULL where it is not about facts */
  const char *key, *found, *nearest; /* of the request, to be corrected; "" where there is none */
} licet_next;
LICET_API licet_next licet_determination_next(const licet_determination *determination,
                                              size_t index);

/* A fact a criterion rests on. */
typedef struct licet_evidence {
  const char *fact;     /* NULL beyond the last */
  const char *value;    /* as given, in JSON; "" when not known */
  const char *document; /* "" when none */
  licet_source source;  /* LICET_SOURCE_NONE when not stated */
  int is_known;
  int is_default;  /* not said; the vocabulary's default */
  int is_computed; /* not said; follows from the regimen or schedule stated */
  int is_implied;  /* follows from other facts and a `never` of the vocabulary */
} licet_evidence;

/* One node of the explanation, in page order, parents before children. */
typedef struct licet_explanation {
  licet_criterion criterion;
  licet_criterion_status status;
  int is_not_asked; /* a prerequisite in a continuation: it counts as met and is not asked again */
  const char *const *interpretations; /* in play at this node; NULL-terminated */
  /* "met", "not_met" or "unknown": are the facts given from which what this node authorizes is
   * calculated, and do they leave a cycle? "" where nothing is calculated. */
  const char *authorization;
} licet_explanation;
/* 0 for no_policy. */
LICET_API size_t licet_determination_criterion_count(const licet_determination *determination);
LICET_API licet_explanation licet_determination_criterion(const licet_determination *determination,
                                                          size_t index);
LICET_API licet_evidence licet_determination_evidence(const licet_determination *determination,
                                                      size_t criterion, size_t index);

/* ---- For authors ---- */

/* The one way a policy or vocabulary file looks. `*text` is yours: free with licet_text_free.
 * LICET_BAD_POLICY where the file cannot be read as tokens. */
LICET_API licet_status licet_format(const char *name, const char *source, size_t length,
                                    char **text, licet_report **report);
LICET_API void licet_text_free(char *text);

/* Runs one case ({ "name", "request", "expect" }; docs/cases.md). *difference is "" when the case
 * passes, else one line per key that differs; borrowed until the session's next call. When the
 * request was decided, *determination says the rest (else NULL). LICET_BAD_REQUEST where the case
 * itself cannot be read. */
LICET_API licet_status licet_check_case(licet_session *session, const char *json, size_t length,
                                        const char **name, const char **difference,
                                        const licet_determination **determination);

#ifdef __cplusplus
}
#endif
#endif
