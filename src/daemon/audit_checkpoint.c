/* audit checkpoint: signs the head over all events so far and prints the last checkpoint, for
 * whoever keeps it elsewhere; audit key: prints what verifies it. */
#include "daemon/audit.h"
#include "daemon/key.h"
#include "store/checkpoint.h"

static bool open_key(Audit *audit, NoteKey *key) {
  audit->code = key_open(audit->options, audit->store, &audit->all, key);
  return audit->code == EXIT_FINE;
}

static void checkpoint(Audit *audit) {
  NoteKey key;
  Text note;
  StoredCheckpoint last;
  if (!open_key(audit, &key)) return;
  audit->status = checkpoint_make(audit->store, &audit->all, &key, &note);
  if (audit->status == STORE_OK && note.length == 0) {
    audit->status = store_last_checkpoint(audit->store, &audit->all, &last);
    note = last.note;
  }
  if (audit->status == STORE_NOT_FOUND) {
    complain("the ledger holds no event yet");
    audit->code = EXIT_ANSWER;
  } else if (audit->status == STORE_OK) {
    printf("%.*s", TEXT_ARGS(note));
  }
}

static void key(Audit *audit) {
  NoteKey own;
  if (open_key(audit, &own)) printf("%.*s\n", TEXT_ARGS(note_key_write(&audit->all, &own)));
}

ExitCode command_audit_checkpoint(const Options *options) { return audit_run(options, checkpoint); }
ExitCode command_audit_key(const Options *options) { return audit_run(options, key); }
