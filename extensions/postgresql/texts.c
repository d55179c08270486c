/* Conversion by PostgreSQL's own tables; what the database cannot hold is its error. */
#include "texts.h"

#include <mb/pg_wchar.h>

const char *to_database(const char *words) {
  return pg_any_to_server(words, strlen(words), PG_UTF8);
}

const char *to_licet(const char *words, size_t *length) {
  const char *converted = pg_server_to_any(words, *length, PG_UTF8);
  if (converted != words) *length = strlen(converted);
  return converted;
}
