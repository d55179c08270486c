/* Opening a library in a process of the server, from a folder or from the texts that another
 * process read, and handing those texts on.
 *
 * The segment of shared memory holds the folder's name, then for each text its name, its length and
 * its bytes:
 *
 *     folder NUL | count | name NUL | length | bytes | name NUL | length | bytes | …
 *
 * Only processes of one server and one build read it, so lengths are in the machine's own form.
 */
#include "opened.h"

#include <lib/stringinfo.h>
#include <mb/pg_wchar.h>
#include <miscadmin.h>
#include <utils/builtins.h>
#include <utils/memutils.h>

#include "texts.h"

struct Opened {
  uint32 references;
  char *folder;
  licet_library *library;
  licet_session *session;
  text *policy;
  dsm_segment *shared;
};

/* ---- Opening ---- */

/* What a failed opening says: the report, or the reason. Frees the report. */
static const char *why_not(licet_status status, licet_report *report) {
  const char *why = licet_status_text(status);
  if (report != NULL && licet_report_errors(report) > 0) why = licet_report_text(report);
  why = pstrdup(why);
  licet_report_free(report);
  return why;
}

static void complain(int level, const char *folder, licet_status status, licet_report *report) {
  const char *why = why_not(status, report);
  ereport(level, errcode(ERRCODE_CONFIG_FILE_ERROR),
          errmsg("the policies in \"%s\" cannot be opened", folder),
          errdetail_internal("%s", to_database(why)));
}

static int is_cancelled(void *context) {
  (void)context;
  return QueryCancelPending || ProcDiePending;
}

/* A canceled statement or a server that shuts down ends the opening. Where interrupts are held
 * back they come later, and the opening starts over and is not asked again. */
static licet_status open_interruptibly(const char *folder, licet_library **library,
                                       licet_report **report) {
  licet_library_options options = {.size = sizeof options, .interrupted = is_cancelled};
  licet_status status = licet_library_open(folder, &options, library, report);
  if (status != LICET_INTERRUPTED) return status;
  licet_report_free(*report);
  CHECK_FOR_INTERRUPTS();
  return licet_library_open(folder, NULL, library, report);
}

/* Outlives every statement, as the library does. The memory comes first: an error leaves nothing
 * open. */
static Opened *make(const char *folder) {
  Opened *opened = MemoryContextAllocZero(TopMemoryContext, sizeof *opened);
  opened->folder = MemoryContextStrdup(TopMemoryContext, folder);
  opened->references = 1;
  return opened;
}

Opened *opened_folder(const char *folder, int level) {
  licet_report *report;
  Opened *opened = make(folder);
  const licet_status status = open_interruptibly(folder, &opened->library, &report);
  if (status != LICET_OK) {
    opened_release(opened);
    complain(level, folder, status, report);
    return NULL;
  }
  licet_report_free(report);
  return opened;
}

Opened *opened_retain(Opened *opened) {
  opened->references++;
  return opened;
}

void opened_release(Opened *opened) {
  if (opened == NULL || --opened->references > 0) return;
  if (opened->shared != NULL) dsm_detach(opened->shared);
  licet_session_close(opened->session);
  licet_library_close(opened->library);
  if (opened->policy != NULL) pfree(opened->policy);
  pfree(opened->folder);
  pfree(opened);
}

const char *opened_folder_name(const Opened *opened) { return opened->folder; }

size_t opened_policy_count(const Opened *opened) {
  return licet_library_policy_count(opened->library);
}

/* ---- Handing the texts on ---- */

static void pack(StringInfo packed, const Opened *opened) {
  size_t count = 0;
  while (licet_library_text(opened->library, count).name != NULL) count++;
  initStringInfo(packed);
  appendBinaryStringInfo(packed, opened->folder, (int)strlen(opened->folder) + 1);
  appendBinaryStringInfo(packed, (const char *)&count, sizeof count);
  for (size_t i = 0; i < count; i++) {
    const licet_text text = licet_library_text(opened->library, i);
    appendBinaryStringInfo(packed, text.name, (int)strlen(text.name) + 1);
    appendBinaryStringInfo(packed, (const char *)&text.length, sizeof text.length);
    appendBinaryStringInfo(packed, text.text, (int)text.length);
  }
}

dsm_handle opened_share(Opened *opened) {
  if (opened->shared == NULL) {
    StringInfoData packed;
    pack(&packed, opened);
    dsm_segment *segment = dsm_create((Size)packed.len, 0);
    memcpy(dsm_segment_address(segment), packed.data, (size_t)packed.len);
    dsm_pin_mapping(segment);
    pfree(packed.data);
    opened->shared = segment;
  }
  return dsm_segment_handle(opened->shared);
}

/* Where the reading of a segment has got to. */
typedef struct Cursor {
  const char *at;
} Cursor;

static const char *take_string(Cursor *cursor) {
  const char *string = cursor->at;
  cursor->at += strlen(string) + 1;
  return string;
}

static size_t take_size(Cursor *cursor) {
  size_t size;
  memcpy(&size, cursor->at, sizeof size);
  cursor->at += sizeof size;
  return size;
}

static licet_text *take_texts(Cursor *cursor, size_t count) {
  licet_text *texts = palloc(count * sizeof *texts);
  for (size_t i = 0; i < count; i++) {
    texts[i].name = take_string(cursor);
    texts[i].length = take_size(cursor);
    texts[i].text = cursor->at;
    cursor->at += texts[i].length;
  }
  return texts;
}

Opened *opened_shared(dsm_handle handle) {
  licet_report *report;
  dsm_segment *segment = dsm_attach(handle);
  if (segment == NULL)
    ereport(ERROR, errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
            errmsg("the leader of this parallel worker has closed its policies"));
  Cursor cursor = {dsm_segment_address(segment)};
  Opened *opened = make(take_string(&cursor));
  const size_t count = take_size(&cursor);
  licet_text *texts = take_texts(&cursor, count);
  const licet_status status =
      licet_library_open_texts(texts, count, NULL, &opened->library, &report);
  pfree(texts);
  dsm_detach(segment);
  if (status != LICET_OK) complain(ERROR, opened->folder, status, report);
  licet_report_free(report);
  return opened;
}

/* ---- The policy ---- */

static bool is_same_text(const text *a, const text *b) {
  if (a == NULL || b == NULL) return a == b;
  return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
         memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

static const char *all_policies(const Opened *opened) {
  StringInfoData names;
  initStringInfo(&names);
  for (size_t i = 0; i < licet_library_policy_count(opened->library); i++)
    appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ",
                     licet_policy_id(licet_library_policy(opened->library, i)));
  return to_database(names.data);
}

/* A name short enough for the server's log, whoever chose it. */
static const char *cut(const char *name) {
  enum { MOST = 128 };
  const int length = pg_mbcliplen(name, (int)strlen(name), MOST);
  return name[length] == '\0' ? name : psprintf("%.*s...", length, name);
}

static const licet_policy *policy_named(const Opened *opened, const text *policy) {
  char *id = text_to_cstring(policy);
  size_t length = strlen(id);
  const licet_policy *named = licet_library_policy_by_id(opened->library, to_licet(id, &length));
  if (named == NULL)
    ereport(ERROR, errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("unknown policy \"%s\"", cut(id)),
            errdetail("The policies in \"%s\" are: %s.", opened->folder, all_policies(opened)));
  pfree(id);
  return named;
}

static void decide_by(Opened *opened, const text *policy) {
  const licet_policy *named = policy == NULL ? NULL : policy_named(opened, policy);
  text *kept = NULL;
  if (policy != NULL) {
    kept = MemoryContextAlloc(TopMemoryContext, VARSIZE_ANY(policy));
    memcpy(kept, policy, VARSIZE_ANY(policy));
  }
  if (opened->policy != NULL) pfree(opened->policy);
  opened->policy = kept;
  licet_session_decide_by(opened->session, named);
}

licet_session *opened_session(Opened *opened, const text *policy) {
  if (opened->session == NULL &&
      licet_session_open(opened->library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &opened->session) != LICET_OK)
    ereport(ERROR, errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"));
  if (!is_same_text(policy, opened->policy)) decide_by(opened, policy);
  return opened->session;
}
