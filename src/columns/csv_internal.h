/* csv_internal: what the files of csv.h share: csv_record.c cuts a record and its fields, csv.c
 * makes columns of the header, csv_request.c a request of a record.
 *
 *     id , weight , weight.document , past[1].agent , past[1].outcome , past[2].agent
 *     │    │   └──── document ──┘       │   └──── next ──┘   └──── next ──┘
 *     id   value                       first entry of the list `past`
 */
#ifndef COLUMNS_CSV_INTERNAL_H
#define COLUMNS_CSV_INTERNAL_H

#include "columns/csv.h"

typedef enum CsvUse {
  CSV_ID,
  CSV_HEAD,
  CSV_VALUE,
  CSV_ENTRY, /* a field of an entry of a list */
  CSV_DOCUMENT,
  CSV_SOURCE,
  CSV_IGNORED
} CsvUse;

typedef struct CsvColumn {
  CsvUse use;
  Text name;        /* of the key or fact */
  const Fact *fact; /* of a value; of an entry, the list */
  Text unit;        /* of numbers that have none; "" where they need none */
  uint32_t entry;   /* of an entry: its number, which orders entries */
  Text field;       /* of an entry: the field's name */
  const Type *type; /* of a value or an entry's field; NULL: a text */
  uint32_t next;    /* of an entry: the column of the list's next field, by entry; UINT32_MAX */
  bool first;       /* of an entry: no other of its list comes before, by entry */
  uint32_t document, source; /* of a value: the columns beside it; UINT32_MAX where there is none */
} CsvColumn;

struct Csv {
  char separator;
  LIST(CsvColumn) columns;
  const CsvOptions *options;
  Text policy; /* written where no column names payer or policy */
};

/* A record without the end of its line. */
size_t csv_trim(const char *record, size_t length);
/* The next field, unquoted into `out`. False where a quote does not close or text stands around it.
 */
bool csv_next_field(char separator, const char **at, const char *end, Buffer *out, bool *more);
/* One of the names of a list that ends in NULL. */
bool csv_is_listed(const char *const *list, Text name);

#endif
