/* Files are known by their first bytes, and outputs by the ends of their names: what is said of
 * them says what to do instead. */
#include "columns/file_type.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

typedef struct FileKind {
  const char *begins;
  size_t length;
  const char *reported;
} FileKind;

#define BEGINS(bytes) bytes, sizeof(bytes) - 1
#define UNPACK(kind, command)                                        \
  "seems to be compressed by " kind "; decompress it with '" command \
  "' and pipe the result to standard input, with --from csv if it is CSV"

static const FileKind kinds[] = {
    {BEGINS("\x1F\x8B"), UNPACK("gzip", "zcat")},
    {BEGINS("\x28\xB5\x2F\xFD"), UNPACK("zstd", "zstdcat")},
    {BEGINS("\xFD\x37zXZ"), UNPACK("xz", "xzcat")},
    {BEGINS("BZh"), UNPACK("bzip2", "bzcat")},
    {BEGINS("\x04\x22\x4D\x18"), UNPACK("lz4", "lz4cat")},
    {BEGINS("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
     "seems to be an Excel workbook (.xls); save the sheet as 'CSV UTF-8'"},
    {BEGINS("\xFF\xFE"),
     "is UTF-16; convert it with 'iconv -f UTF-16 -t UTF-8' and pipe the result to standard input"},
    {BEGINS("\xFE\xFF"),
     "is UTF-16; convert it with 'iconv -f UTF-16 -t UTF-8' and pipe the result to standard input"},
    {BEGINS("PAR1"), "seems to be a Parquet file; export it as CSV or NDJSON"},
    {BEGINS("ARROW1"), "seems to be an Arrow file; export it as CSV or NDJSON"},
    {BEGINS("SQLite format 3"),
     "seems to be an SQLite database; export a table as CSV, or use the SQLite extension"},
    {BEGINS("PGDMP"),
     "seems to be a PostgreSQL dump; export a table as CSV, or use the PostgreSQL "
     "extension"},
    {BEGINS("%PDF-"), "seems to be a PDF"},
};

static bool holds(const char *bytes, size_t length, const char *part) {
  const size_t wanted = strlen(part);
  for (size_t i = 0; i + wanted <= length; i++)
    if (memcmp(bytes + i, part, wanted) == 0) return true;
  return false;
}

static const char *archive_kind(const char *bytes, size_t length) {
  if (holds(bytes, length, "[Content_Types].xml") || holds(bytes, length, "xl/"))
    return "seems to be an Excel workbook (.xlsx); save the sheet as 'CSV UTF-8'";
  return UNPACK("zip", "unzip -p");
}

/* Text in two bytes a character, without a mark that says so. */
static const char *wide_kind(const char *bytes, size_t length) {
  if (length < 4 || (bytes[0] == '\0') == (bytes[1] == '\0')) return NULL;
  if (bytes[0] != bytes[2] && bytes[1] != bytes[3]) return NULL;
  return bytes[0] == '\0' ? "is UTF-16; convert it with 'iconv -f UTF-16BE -t UTF-8' and pipe the "
                            "result to standard input"
                          : "is UTF-16; convert it with 'iconv -f UTF-16LE -t UTF-8' and pipe the "
                            "result to standard input";
}

/* Lines that end in a carriage return alone are one line to every reader. Within a request as JSON
 * it is mere space. */
static const char *line_kind(const char *bytes, size_t length) {
  const char *end = memchr(bytes, '\n', length), *stop = end == NULL ? bytes + length : end;
  const bool is_json = length > 0 && bytes[0] == '{';
  for (const char *at = bytes; at + 1 < stop; at++)
    if (*at == '\r' && (!is_json || at[1] == '{'))
      return "its lines end in carriage returns alone; convert it with \"tr '\\r' '\\n'\" and pipe "
             "the result to standard input";
  return NULL;
}

const char *kind_not_read(const char *bytes, size_t length) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (length >= kinds[i].length && memcmp(bytes, kinds[i].begins, kinds[i].length) == 0)
      return kinds[i].reported;
  if (length >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0) return archive_kind(bytes, length);
  const char *wide = wide_kind(bytes, length);
  return wide != NULL ? wide : line_kind(bytes, length);
}

/* ---- JSON that is not a request a line ---- */

static size_t skip_blanks(const char *bytes, size_t length, size_t at) {
  while (at < length && memchr(" \t\r\n", bytes[at], 4) != NULL) at++;
  return at;
}

/* An object continues behind its first line: that ends as no request ends, and what follows is not
 * another request. */
static bool spans_lines(const char *bytes, size_t length, size_t start) {
  const char *end = memchr(bytes + start, '\n', length - start);
  if (end == NULL) return false;
  size_t last = (size_t)(end - bytes);
  const size_t next = skip_blanks(bytes, length, last);
  while (last > start && memchr(" \t\r\n", bytes[last], 4) != NULL) last--;
  return memchr("{[,:", bytes[last], 4) != NULL && next < length && bytes[next] != '{';
}

const char *json_layout(const char *bytes, size_t length) {
  const size_t start = skip_blanks(bytes, length, 0);
  if (start < length && bytes[start] == '[')
    return "is a JSON array, not one request per line; convert it with \"jq -c '.[]'\" and pipe "
           "the "
           "result to standard input";
  if (start < length && bytes[start] == '{' && spans_lines(bytes, length, start))
    return "has requests that span several lines; convert it with 'jq -c .' and pipe the result to "
           "standard input";
  return NULL;
}

/* ---- Names of outputs ---- */

typedef struct Ending {
  const char *end, *remedy;
} Ending;

#define PACKED(kind, command)                                                                      \
  "licet does not write " kind "; write CSV or NDJSON to standard output and pipe it to '" command \
  "'"
#define TABLE(kind) "licet does not write " kind "; write CSV, and convert it"

static const Ending endings[] = {
    {".gz", PACKED("gzip", "gzip")},
    {".zst", PACKED("zstd", "zstd")},
    {".xz", PACKED("xz", "xz")},
    {".bz2", PACKED("bzip2", "bzip2")},
    {".lz4", PACKED("lz4", "lz4")},
    {".zip", PACKED("zip", "zip")},
    {".parquet", TABLE("Parquet")},
    {".arrow", TABLE("Arrow")},
    {".feather", TABLE("Feather")},
    {".avro", TABLE("Avro")},
    {".orc", TABLE("ORC")},
    {".xlsx", TABLE("Excel workbooks")},
    {".xls", TABLE("Excel workbooks")},
    {".ods", TABLE("OpenDocument sheets")},
    {".tsv", TABLE("tab-separated values")},
    {".xml", TABLE("XML")},
    {".db", TABLE("databases")},
    {".sqlite", TABLE("databases")},
    {".dta", TABLE("Stata files")},
    {".sas7bdat", TABLE("SAS files")},
    {".rds", TABLE("R objects")},
    {".pkl", TABLE("Python pickles")},
};

const char *ending_not_written(const char *path) {
  const size_t length = strlen(path);
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    const size_t tail = strlen(endings[i].end);
    if (length > tail &&
        text_equal_ignoring_case(text_of(path + length - tail), text_of(endings[i].end)))
      return endings[i].remedy;
  }
  return NULL;
}
