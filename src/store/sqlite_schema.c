/* sqlite_schema: the tables, and what the database itself refuses, by numbered migrations.
 *
 * A migration that has been released never changes; a change of the schema is the next one.
 * `user_version` is the number of the last that has run.
 *
 * What the triggers refuse holds for every client of the database, also one that goes past this
 * program: events are never changed or removed; their numbers have no gap, each continues the one
 * before it, and instants never go back; every event is caused by an account that has the role, and
 * by a role that may cause it; an adverse determination is a person's, in a clinical role.
 */
#include "store/sqlite.h"

static const char *const migrations[] = {
    /* 1 */
    "create table event ("
    " position integer primary key, case_id text not null, number integer not null,"
    " instant integer not null, type text not null, actor text not null, role text not null,"
    " account integer references account (id), payload text not null,"
    " previous blob not null check (length(previous) = 32),"
    " digest blob not null check (length(digest) = 32),"
    " unique (case_id, number));"

    "create table case_row ("
    " id text primary key, organization text not null, request text not null,"
    " member text not null, payer text not null, drug text not null, kind text not null,"
    " program text not null, benefit text not null, urgency text not null, state text not null,"
    " level text not null, assigned_to text not null, received integer not null,"
    " due integer not null, seq integer not null) without rowid;"
    "create unique index case_request on case_row (organization, request) where request <> '';"
    "create index case_organization on case_row (organization, id);"
    "create index case_state on case_row (state, id);"
    "create index case_assigned on case_row (assigned_to, id) where assigned_to <> '';"
    "create index case_member on case_row (member, id);"
    "create index case_due on case_row (due) where due > 0;"

    "create table content (digest blob primary key, bytes blob not null) without rowid;"
    "create table policy_file (policy text not null, name text not null, digest blob not null,"
    " primary key (policy, name)) without rowid;"

    "create table account ("
    " id integer primary key autoincrement, name text not null unique,"
    " kind text not null check (kind in ('person', 'program')), organization text not null,"
    " specialty text not null, license text not null, reports_to text not null,"
    " password text not null, disabled integer not null default 0);"
    "create table account_role (account integer not null references account (id),"
    " role text not null, primary key (account, role)) without rowid;"
    "create table credential (secret blob primary key, kind text not null,"
    " account integer not null references account (id), expires integer not null) without rowid;"
    "create table permission (type text not null, role text not null,"
    " primary key (type, role)) without rowid;"

    "create trigger event_stays before update on event begin"
    " select raise(abort, 'licet: an event is never changed'); end;"
    "create trigger event_is_kept before delete on event begin"
    " select raise(abort, 'licet: an event is never removed'); end;"
    "create trigger content_stays before update on content begin"
    " select raise(abort, 'licet: contents are never changed'); end;"
    "create trigger account_is_kept before delete on account begin"
    " select raise(abort, 'licet: an account is disabled, never removed'); end;"
    "create trigger account_keeps_its_name before update of id, name, kind on account begin"
    " select raise(abort, 'licet: an account keeps its name'); end;"

    "create trigger event_continues before insert on event begin"
    " select raise(abort, 'licet: a number is missing') where new.number <> 1 +"
    "  coalesce((select max(number) from event where case_id = new.case_id), 0);"
    " select raise(abort, 'licet: it does not continue the event before it')"
    "  where new.number = 1 and new.previous <> zeroblob(32);"
    " select raise(abort, 'licet: it does not continue the event before it')"
    "  where new.number > 1 and not exists (select 1 from event where case_id = new.case_id"
    "   and number = new.number - 1 and digest = new.previous and instant <= new.instant);"
    "end;"

    "create trigger event_is_permitted before insert on event begin"
    " select raise(abort, 'licet: the role may not cause it') where not exists"
    "  (select 1 from permission where type = new.type and role = new.role);"
    " select raise(abort, 'licet: the account does not have the role')"
    "  where new.role not in ('engine', 'clock', 'service') and not exists (select 1 from account a"
    "   join account_role r on r.account = a.id where a.id = new.account and a.name = new.actor"
    "   and r.role = new.role and not a.disabled);"
    " select raise(abort, 'licet: the program itself has no account')"
    "  where new.role in ('engine', 'clock', 'service') and"
    "   (new.account is not null or new.actor <> new.role);"
    " select raise(abort, 'licet: only a clinician may decide against a request')"
    "  where new.type in ('denied', 'partially_approved', 'partially_overturned', 'upheld')"
    "   and not (new.role in ('physician', 'pharmacist') and exists"
    "    (select 1 from account where id = new.account and kind = 'person'));"
    "end;",

    /* 2 */
    "alter table case_row add column acts_at integer not null default 0;"
    "create index case_acts on case_row (acts_at) where acts_at > 0;",

    /* 3: signed heads of the tree over all events */
    "create table checkpoint ("
    " size integer primary key check (size > 0), instant integer not null,"
    " frontier blob not null, note text not null, key text not null);"
    "create trigger checkpoint_stays before update on checkpoint begin"
    " select raise(abort, 'licet: a checkpoint is never changed'); end;"
    "create trigger checkpoint_is_kept before delete on checkpoint begin"
    " select raise(abort, 'licet: a checkpoint is never removed'); end;",
};

#define MIGRATION_COUNT ((int)(sizeof migrations / sizeof *migrations))

/* Rules are written by opening alone. */
#define RULES_OPEN                              \
  "drop trigger if exists rule_is_not_added;"   \
  "drop trigger if exists rule_is_not_changed;" \
  "drop trigger if exists rule_is_not_removed;" \
  "delete from permission;"
#define RULES_CLOSE                                                      \
  "create trigger rule_is_not_added before insert on permission begin"   \
  " select raise(abort, 'licet: the rules are the program''s'); end;"    \
  "create trigger rule_is_not_changed before update on permission begin" \
  " select raise(abort, 'licet: the rules are the program''s'); end;"    \
  "create trigger rule_is_not_removed before delete on permission begin" \
  " select raise(abort, 'licet: the rules are the program''s'); end;"

/* The first column of the first row; -1 where there is none. */
static int64_t ask(const Connection *writer, const char *sql) {
  sqlite3_stmt *statement = NULL;
  int64_t number = -1;
  if (sqlite3_prepare_v2(writer->database, sql, -1, &statement, NULL) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    number = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return number;
}

static StoreStatus migrate(const Connection *writer, Arena *arena, int64_t from) {
  StoreStatus status = STORE_OK;
  for (int64_t i = from; i < MIGRATION_COUNT && status == STORE_OK; i++)
    status = connection_script(writer, migrations[i]);
  if (status != STORE_OK || from == MIGRATION_COUNT) return status;
  return connection_script(writer,
                           arena_format(arena, "pragma user_version = %d", MIGRATION_COUNT));
}

static const char *rule_values(Arena *arena, const StoreRules *rules) {
  Buffer sql;
  buffer_open(&sql, arena, 8192);
  for (size_t i = 0; i < rules->count; i++)
    buffer_format(&sql, "%s('%s', '%s')", i == 0 ? "values " : ", ", rules->rules[i].type,
                  rules->rules[i].role);
  return buffer_finish(&sql);
}

/* Rewrites the rules where they differ from the program's. */
static StoreStatus update_rules(const Connection *writer, Arena *arena, const StoreRules *rules) {
  const char *values = rule_values(arena, rules);
  const char *question =
      arena_format(arena,
                   "select (select count(*) from permission), (select count(*) from (%s except"
                   " select type, role from permission))",
                   values);
  sqlite3_stmt *statement = NULL;
  if (sqlite3_prepare_v2(writer->database, question, -1, &statement, NULL) != SQLITE_OK ||
      sqlite3_step(statement) != SQLITE_ROW) {
    sqlite3_finalize(statement);
    return STORE_FAILED;
  }
  const bool is_same = sqlite3_column_int64(statement, 0) == (int64_t)rules->count &&
                       sqlite3_column_int64(statement, 1) == 0;
  sqlite3_finalize(statement);
  if (is_same) return STORE_OK;
  return connection_script(
      writer, arena_format(arena, "%s insert into permission (type, role) %s; %s", RULES_OPEN,
                           values, RULES_CLOSE));
}

StoreStatus schema_update(Connection *writer, const StoreRules *rules, Arena *arena,
                          const char **why) {
  StoreStatus status = connection_script(writer, "begin immediate");
  if (status != STORE_OK) return status;
  const int64_t version = ask(writer, "pragma user_version");
  if (version > MIGRATION_COUNT) {
    *why = "the store was written by a newer version of the program";
    status = STORE_FAILED;
  } else {
    status = migrate(writer, arena, version);
  }
  if (status == STORE_OK) status = update_rules(writer, arena, rules);
  const StoreStatus ended = connection_script(writer, status == STORE_OK ? "commit" : "rollback");
  return status == STORE_OK ? ended : status;
}
