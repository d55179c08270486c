/* A file is read a segment at a time into memory of the segment's own, not mapped: a file that
 * shrinks under a map would end the process, and with it a server that licet is a part of. When the
 * file is opened each segment is read once and checked whole; when a segment is opened it is read
 * again, and refused unless its checksum is still the one that was checked.
 *
 * Invariant: no byte of a segment is used that was not checked, or has not the checksum of bytes
 * that were.
 */
#include "columns/column_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json/reader.h"
#include "planes/program.h"

const char column_file_no_memory[] = "out of memory";

static const char magic[8] = "licetcol";
#define BYTE_ORDER_MARK UINT32_C(0x01020304)

/* All numbers are little-endian; every part begins at a multiple of 64 bytes, as a line of the
 * processor's cache does: bits that lie across two are read half as fast. */
#define PART_ALIGNMENT 64u

typedef struct FileHead {
  char magic[8];
  uint32_t version, byte_order;
  uint64_t reserved[5];
  uint64_t checksum; /* of the bytes before it */
} FileHead;

typedef struct FileEnd {
  uint64_t rows, segments;
  uint64_t list_at;  /* where the segments' places stand, 8 bytes each */
  uint64_t checksum; /* of that list and the three numbers before */
  char magic[8];
} FileEnd;

typedef struct SegmentHead {
  uint32_t rows, columns;
  uint64_t length; /* of the segment, this head included */
  uint64_t ids_at; /* from the segment's start: rows × 4 bytes of ends, then the bytes; 0: no ids */
  uint64_t checksum; /* of the bytes before it, then of the rest of the segment */
} SegmentHead;

typedef struct ColumnHead {
  uint64_t name_at, entries_at; /* from the segment's start: the name's bytes; entry_count × 4 bytes
                                   of ends, then the bytes */
  uint64_t codes_at;
  uint32_t name_length, entry_count;
  uint32_t form; /* CodeForm */
  uint32_t bits;
  uint32_t is_head, is_whole; /* is_whole: no row has code 0 */
} ColumnHead;

static uint64_t checksum(uint64_t sum, const void *bytes, size_t length) {
  return (sum ^ bulk_hash(bytes, length)) * UINT64_C(0x9E3779B97F4A7C15);
}

static uint64_t checksum_of_segment(const SegmentHead *head, const void *rest, size_t length) {
  return checksum(checksum(3, head, offsetof(SegmentHead, checksum)), rest, length);
}

/* ---- Reading ---- */

/* Where a segment lies and what it is, as it was checked. */
typedef struct SegmentPlace {
  uint64_t at, length, checksum;
  uint32_t rows;
} SegmentPlace;

struct ColumnFile {
  const char *bytes; /* of a file in memory; NULL: read from fd */
  int fd;            /* -1: in memory */
  uint64_t length;
  uint64_t list_at;     /* where the places stand */
  SegmentPlace *places; /* of a file that is read, 32 bytes a segment; NULL: in memory */
  uint32_t count;
  uint64_t rows;
};

struct ColumnSegment {
  uint32_t users;
  void *owned; /* what was read; NULL: the bytes are the file's */
  Arena arena;
  BulkTable table;
};

static const char changed[] = "changed or became shorter while it was read";

/* Copies a part of the file; what went wrong, or NULL. */
static const char *copy_part(const ColumnFile *file, uint64_t at, void *into, uint64_t length) {
  if (at > file->length || length > file->length - at) return changed;
  if (file->bytes != NULL) {
    if (length > 0) memcpy(into, file->bytes + at, length);
    return NULL;
  }
  for (uint64_t done = 0; done < length;) {
    const ssize_t count = pread(file->fd, (char *)into + done, length - done, (off_t)(at + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return strerror(errno);
    if (count == 0) return changed;
    done += (uint64_t)count;
  }
  return NULL;
}

/* The bytes of a segment, where a part begins at a multiple of PART_ALIGNMENT as in the file;
 * *owned is freed by the caller. NULL with *message. */
static const char *load_segment(const ColumnFile *file, uint64_t at, uint64_t length, void **owned,
                                const char **message) {
  *owned = NULL;
  *message = NULL;
  if (file->bytes != NULL) return file->bytes + at;
  *message = column_file_no_memory;
  *owned = memory_allocate(length + PART_ALIGNMENT);
  if (*owned == NULL) return NULL;
  char *bytes = (char *)*owned;
  bytes += (PART_ALIGNMENT - (uintptr_t)bytes % PART_ALIGNMENT) % PART_ALIGNMENT;
  *message = copy_part(file, at, bytes, length);
  return *message == NULL ? bytes : NULL;
}

bool column_file_begins(const char *bytes, size_t length) {
  return length >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

typedef struct Interpretation {
  const char *bytes; /* of the segment */
  uint64_t length;
  const char *message;
  Arena *arena;
} Interpretation;

static bool refuse(Interpretation *r, const char *message) {
  r->message = message;
  return false;
}

static bool lies_within(const Interpretation *r, uint64_t at, uint64_t length) {
  return at >= sizeof(SegmentHead) && at % PART_ALIGNMENT == 0 && at <= r->length &&
         length <= r->length - at;
}

/* `count` texts: their ends, ascending, then their bytes. */
static bool read_texts(Interpretation *r, uint64_t at, uint32_t count, const uint32_t **ends,
                       const char **bytes) {
  if (!lies_within(r, at, (uint64_t)count * 4))
    return refuse(r, "damaged: texts lie outside their segment");
  *ends = (const uint32_t *)(const void *)(r->bytes + at);
  *bytes = r->bytes + at + (uint64_t)count * 4;
  uint32_t last = 0;
  for (uint32_t i = 0; i < count; i++) {
    if ((*ends)[i] < last) return refuse(r, "damaged: texts end before they begin");
    last = (*ends)[i];
  }
  if (last > r->length - at - (uint64_t)count * 4)
    return refuse(r, "damaged: texts lie outside their segment");
  return true;
}

static uint32_t padded(uint32_t rows) {
  return (rows + PROGRAM_PAD_ROWS - 1) / PROGRAM_PAD_ROWS * PROGRAM_PAD_ROWS;
}

/* The rows of 64 that have the code, in a block of `words` words a plane. */
static uint64_t rows_with(const uint64_t *block, uint32_t bits, uint32_t words, uint32_t word,
                          uint32_t code) {
  uint64_t rows = ~UINT64_C(0);
  for (uint32_t b = 0; b < bits; b++) {
    const uint64_t plane = block[b * words + word];
    rows &= (code >> b) & 1 ? plane : ~plane;
  }
  return rows;
}

/* Codes without an entry, and code 0 where the column is whole, stand in no row. Padding has code
 * 0. */
static bool planes_fit(const Column *column, uint32_t rows) {
  for (uint32_t block = 0; block * PROGRAM_BLOCK_ROWS < rows; block++) {
    const size_t left = column->plane_words - (size_t)block * PROGRAM_BLOCK_WORDS;
    const uint32_t words = left < PROGRAM_BLOCK_WORDS ? (uint32_t)left : PROGRAM_BLOCK_WORDS;
    const uint64_t *planes =
        column->planes + column_plane(column->plane_words, column->bits, block, 0);
    for (uint32_t w = 0; w < words; w++) {
      const uint32_t first = block * PROGRAM_BLOCK_ROWS + 64 * w;
      const uint64_t inside = first + 64 <= rows ? ~UINT64_C(0)
                              : first >= rows    ? 0
                                                 : (UINT64_C(1) << (rows - first)) - 1;
      uint64_t bad = column->is_whole ? rows_with(planes, column->bits, words, w, 0) & inside : 0;
      for (uint32_t code = column->entry_count; code < 1u << column->bits; code++)
        bad |= rows_with(planes, column->bits, words, w, code);
      if (bad != 0) return false;
    }
  }
  return true;
}

static bool codes_fit(const Column *column, uint32_t rows) {
  uint32_t most = 0, least = UINT32_MAX;
  if (column->form == CODES_PLANES) return planes_fit(column, rows);
  for (uint32_t r = 0; r < rows; r++) {
    const uint32_t code = column->form == CODES_16 ? column->codes16[r] : column->codes32[r];
    most = code > most ? code : most;
    least = code < least ? code : least;
  }
  return most < column->entry_count && (!column->is_whole || least > 0);
}

static bool is_key_of_request(Text name) {
  for (uint32_t i = 0; i < HEAD_COLUMNS; i++)
    if (text_equal(name, head_column_names[i])) return true;
  return false;
}

static bool read_codes(Interpretation *r, const ColumnHead *head, uint32_t rows, Column *column) {
  uint64_t length = 0;
  switch (head->form) {
    case CODES_PLANES:
      if (head->bits == 0 || head->bits > COLUMN_BITS_MOST || head->entry_count > 1u << head->bits)
        return refuse(r, "damaged: a column's codes have an invalid width");
      column->plane_words = padded(rows) / 64;
      length = (uint64_t)column->plane_words * 8 * head->bits;
      break;
    case CODES_16:
      length = (uint64_t)padded(rows) * 2;
      break;
    case CODES_32:
      length = (uint64_t)padded(rows) * 4;
      break;
    default:
      return refuse(r, "damaged: a column's codes have an invalid form");
  }
  if (!lies_within(r, head->codes_at, length))
    return refuse(r, "damaged: codes lie outside their segment");
  const void *codes = r->bytes + head->codes_at;
  column->planes = head->form == CODES_PLANES ? codes : NULL;
  column->codes16 = head->form == CODES_16 ? codes : NULL;
  column->codes32 = head->form == CODES_32 ? codes : NULL;
  return true;
}

static bool read_column(Interpretation *r, const ColumnHead *head, uint32_t rows, Column *column) {
  const uint32_t *ends;
  const char *bytes;
  if (head->name_length > 4096 || !lies_within(r, head->name_at, head->name_length))
    return refuse(r, "damaged: a column has no name");
  if (head->entry_count == 0 || !read_texts(r, head->entries_at, head->entry_count, &ends, &bytes))
    return r->message != NULL ? false : refuse(r, "damaged: a column has no entries");
  if (ends[0] != 0) return refuse(r, "damaged: the first entry is not empty");
  Text *entries = arena_allocate_raw(r->arena, head->entry_count * sizeof *entries);
  for (uint32_t i = 0; i < head->entry_count; i++) {
    const uint32_t start = i == 0 ? 0 : ends[i - 1];
    entries[i] = (Text){bytes + start, ends[i] - start};
  }
  *column = (Column){.name = {r->bytes + head->name_at, head->name_length},
                     .place = head->is_head != 0 ? COLUMN_OF_HEAD : COLUMN_OF_FACTS,
                     .entries = entries,
                     .entry_count = head->entry_count,
                     .is_whole = head->is_whole != 0,
                     .form = (CodeForm)head->form,
                     .bits = head->bits};
  if (column->place == COLUMN_OF_HEAD && !is_key_of_request(column->name))
    return refuse(r, "a column is marked as an unknown request key");
  return read_codes(r, head, rows, column);
}

/* Indexes what lies where it says; what the codes say is checked once, when the file is opened. */
static bool read_segment(Interpretation *r, BulkTable *table) {
  const SegmentHead *head = (const SegmentHead *)(const void *)r->bytes;
  if (head->rows == 0 || head->rows > COLUMN_SEGMENT_ROWS || head->columns > 4096)
    return refuse(r, "damaged: a segment has an invalid size");
  if (head->columns * sizeof(ColumnHead) > r->length - sizeof *head)
    return refuse(r, "damaged: a segment's columns lie outside");
  const ColumnHead *columns = (const ColumnHead *)(const void *)(r->bytes + sizeof *head);
  *table = (BulkTable){.rows = head->rows, .column_count = head->columns};
  table->generation = head->checksum; /* other contents, other number */
  table->columns = ARENA_ARRAY(r->arena, Column, head->columns + 1);
  for (uint32_t i = 0; i < head->columns; i++) {
    if (!read_column(r, &columns[i], head->rows, &table->columns[i])) return false;
    for (uint32_t j = 0; j < i; j++)
      if (text_equal(table->columns[i].name, table->columns[j].name) &&
          table->columns[i].place == table->columns[j].place)
        return refuse(r, "damaged: two columns have the same name");
  }
  return head->ids_at == 0 || read_texts(r, head->ids_at, head->rows, &table->id_ends, &table->ids);
}

/* As most ids are: characters between quotes that stand for themselves. */
static bool is_plain_string(Text text) {
  bool needs_exact = text.length < 3 || text.at[0] != '"' || text.at[text.length - 1] != '"';
  for (uint32_t i = 1; i + 1 < text.length; i++) {
    const unsigned char c = (unsigned char)text.at[i];
    needs_exact |= c < 0x20 || c >= 0x80 || c == '"' || c == '\\';
  }
  return !needs_exact;
}

/* Ids are written as they stand: each is one JSON string of some characters, nothing around it. */
static bool check_ids(Interpretation *r, const BulkTable *table, JsonReader *reader) {
  const JsonToken *tokens;
  const char *message;
  uint32_t count;
  size_t offset;
  for (uint32_t row = 0; row < table->rows; row++) {
    const Text id = table_id(table, row);
    if (id.length == 0 || is_plain_string(id)) continue;
    const JsonStatus status =
        json_read(reader, id.at, id.length, &tokens, &count, &message, &offset);
    if (status == JSON_NO_MEMORY) return refuse(r, column_file_no_memory);
    if (status != JSON_OK || tokens[0].kind != JSON_STRING || tokens[0].length == 0 ||
        tokens[0].raw_length != id.length)
      return refuse(r, "damaged: an id is not a JSON string");
  }
  return true;
}

static bool check_segment(Interpretation *r, JsonReader *reader) {
  const SegmentHead *head = (const SegmentHead *)(const void *)r->bytes;
  BulkTable table;
  if (checksum_of_segment(head, r->bytes + sizeof *head, r->length - sizeof *head) !=
      head->checksum)
    return refuse(r, "damaged: a segment's checksum does not match");
  if (!read_segment(r, &table)) return false;
  for (uint32_t i = 0; i < table.column_count; i++)
    if (!codes_fit(&table.columns[i], table.rows))
      return refuse(r, "damaged: a row has a code that no entry has");
  return check_ids(r, &table, reader);
}

static const char *read_head(const ColumnFile *file) {
  FileHead head = {0};
  if (file->length < sizeof magic) return "not a column file";
  const uint64_t length = file->length < sizeof head ? file->length : sizeof head;
  const char *message = copy_part(file, 0, &head, length);
  if (message != NULL) return message;
  if (!column_file_begins(head.magic, sizeof head.magic)) return "not a column file";
  if (file->length < sizeof head + sizeof(FileEnd))
    return "cut short: this is only the beginning of a column file";
  if (head.byte_order != BYTE_ORDER_MARK) return "written on a machine with another byte order";
  if (head.version != COLUMN_FILE_VERSION)
    return "a column file of another version; this version of licet reads version 3";
  return checksum(1, &head, offsetof(FileHead, checksum)) == head.checksum
             ? NULL
             : "damaged: the header's checksum does not match";
}

/* The segments' places, in memory that the caller frees, and the end of the file. */
static const char *read_list(const ColumnFile *file, FileEnd *end, uint64_t **list) {
  *list = NULL;
  const char *message = copy_part(file, file->length - sizeof *end, end, sizeof *end);
  if (message != NULL) return message;
  if (file->length % 8 != 0 || memcmp(end->magic, magic, sizeof magic) != 0)
    return "cut short: the end is missing";
  if (end->list_at % 8 != 0 || end->list_at > file->length - sizeof *end ||
      end->segments > UINT32_MAX ||
      (file->length - sizeof *end - end->list_at) != end->segments * 8)
    return "damaged: the list of segments is not where it should be";
  *list = memory_allocate((size_t)end->segments * 8 + 8);
  if (*list == NULL) return column_file_no_memory;
  message = copy_part(file, end->list_at, *list, end->segments * 8);
  if (message != NULL) return message;
  const uint64_t sum =
      checksum(checksum(2, *list, end->segments * 8), end, offsetof(FileEnd, checksum));
  return sum == end->checksum ? NULL : "damaged: the footer's checksum does not match";
}

/* Reads the segment at `at`, whole, and checks it. */
static const char *check_place(const ColumnFile *file, uint64_t at, uint64_t limit,
                               SegmentPlace *place, Arena *arena, JsonReader *reader) {
  SegmentHead head;
  void *owned;
  if (at > limit || limit - at < sizeof head) return "damaged: a segment is not where it should be";
  const char *message = copy_part(file, at, &head, sizeof head);
  if (message != NULL) return message;
  if (head.length % PART_ALIGNMENT != 0 || head.length < sizeof head || head.length > limit - at)
    return "damaged: a segment has an invalid length";
  Interpretation r = {.length = head.length, .arena = arena};
  r.bytes = load_segment(file, at, head.length, &owned, &message);
  if (r.bytes != NULL && !check_segment(&r, reader)) message = r.message;
  /* The head may have changed between the two reads; what counts is what was checked. */
  if (message == NULL && memcmp(&head, r.bytes, sizeof head) != 0) message = changed;
  memory_free(owned);
  *place = (SegmentPlace){at, head.length, head.checksum, head.rows};
  return message;
}

static const char *check_segments(ColumnFile *file, const FileEnd *end, const uint64_t *list,
                                  Arena *arena, JsonReader *reader) {
  uint64_t expected = sizeof(FileHead);
  for (uint32_t i = 0; i < file->count; i++) {
    if (list[i] != expected) return "damaged: a segment is not where it should be";
    SegmentPlace place;
    const char *message = check_place(file, expected, end->list_at, &place, arena, reader);
    if (message != NULL) return message;
    if (file->places != NULL) file->places[i] = place;
    file->rows += place.rows;
    expected += place.length;
    arena_reset(arena);
  }
  if (expected != end->list_at) return "damaged: something lies between the segments";
  return file->rows == end->rows
             ? NULL
             : "damaged: the segments do not have the number of rows that the footer states";
}

typedef struct Checking {
  ColumnFile *file;
  const FileEnd *end;
  const uint64_t *list;
  JsonReader *reader;
  Arena arena; /* of the segment that is checked */
  const char *message;
} Checking;

static void check_file(void *context) {
  Checking *c = context;
  c->message = check_segments(c->file, c->end, c->list, &c->arena, c->reader);
}

static const char *check_all(ColumnFile *file, const FileEnd *end, const uint64_t *list) {
  Checking checking = {.file = file, .end = end, .list = list, .reader = json_open()};
  const char *message = column_file_no_memory;
  if (file->bytes == NULL)
    file->places = memory_allocate(((size_t)end->segments + 1) * sizeof *file->places);
  file->list_at = end->list_at;
  file->count = (uint32_t)end->segments;
  arena_open(&checking.arena);
  if (checking.reader != NULL && (file->places != NULL || file->bytes != NULL) &&
      arena_attempt(&checking.arena, check_file, &checking))
    message = checking.message;
  json_close(checking.reader);
  arena_close(&checking.arena);
  return message;
}

/* `fd` becomes the file's own, also where it cannot be opened. */
static ColumnFile *open_any(const void *bytes, int fd, uint64_t length, const char **message) {
  FileEnd end;
  uint64_t *list = NULL;
  ColumnFile *file = memory_allocate(sizeof *file);
  *message = column_file_no_memory;
  if (file == NULL) {
    if (fd >= 0) close(fd);
    return NULL;
  }
  *file = (ColumnFile){.bytes = bytes, .fd = fd, .length = length};
  *message = read_head(file);
  if (*message == NULL) *message = read_list(file, &end, &list);
  if (*message == NULL) *message = check_all(file, &end, list);
  memory_free(list);
  if (*message == NULL) return file;
  column_file_close(file);
  return NULL;
}

ColumnFile *column_file_over(const void *bytes, size_t length, const char **message) {
  return open_any(bytes, -1, length, message);
}

ColumnFile *column_file_from(int fd, const char **message) {
  struct stat status;
  *message = NULL;
  if (fstat(fd, &status) != 0) {
    *message = strerror(errno);
  } else if (!S_ISREG(status.st_mode)) {
    *message = "a column file must be a file, not a pipe";
  }
  const int own = *message == NULL ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1;
  if (*message == NULL && own < 0) *message = strerror(errno);
  return own < 0 ? NULL : open_any(NULL, own, (uint64_t)status.st_size, message);
}

ColumnFile *column_file_open(const char *path, const char **message) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    *message = strerror(errno);
    return NULL;
  }
  ColumnFile *file = column_file_from(fd, message);
  close(fd);
  return file;
}

void column_file_close(ColumnFile *file) {
  if (file == NULL) return;
  if (file->fd >= 0) close(file->fd);
  memory_free(file->places);
  memory_free(file);
}

static SegmentPlace place_of(const ColumnFile *file, uint32_t index) {
  SegmentPlace place = {0};
  SegmentHead head;
  if (file->places != NULL) return file->places[index];
  memcpy(&place.at, file->bytes + file->list_at + 8 * (size_t)index, sizeof place.at);
  memcpy(&head, file->bytes + place.at, sizeof head);
  place.length = head.length;
  place.checksum = head.checksum;
  place.rows = head.rows;
  return place;
}

uint64_t column_file_rows(const ColumnFile *file) { return file->rows; }
uint32_t column_file_segments(const ColumnFile *file) { return file->count; }
uint32_t column_file_segment_rows(const ColumnFile *file, uint32_t index) {
  return place_of(file, index).rows;
}

/* The same bytes as were checked when the file was opened. */
static bool is_as_checked(const SegmentPlace *place, const char *bytes) {
  SegmentHead head;
  memcpy(&head, bytes, sizeof head);
  return head.length == place->length && head.rows == place->rows &&
         head.checksum == place->checksum &&
         checksum_of_segment(&head, bytes + sizeof head, place->length - sizeof head) ==
             place->checksum;
}

static const char *read_place(const ColumnFile *file, uint32_t index, ColumnSegment *segment) {
  const SegmentPlace place = place_of(file, index);
  const char *message;
  Interpretation r = {.length = place.length, .arena = &segment->arena};
  r.bytes = load_segment(file, place.at, place.length, &segment->owned, &message);
  if (r.bytes == NULL) return message;
  if (file->bytes == NULL && !is_as_checked(&place, r.bytes)) return changed;
  return read_segment(&r, &segment->table) ? NULL : r.message;
}

typedef struct Opening {
  const ColumnFile *file;
  uint32_t index;
  ColumnSegment *segment;
  const char *message;
} Opening;

static void open_segment(void *context) {
  Opening *opening = context;
  opening->message = read_place(opening->file, opening->index, opening->segment);
}

ColumnSegment *column_segment_open(const ColumnFile *file, uint32_t index, const char **message) {
  ColumnSegment *segment = memory_allocate(sizeof *segment);
  *message = column_file_no_memory;
  if (segment == NULL) return NULL;
  memset(segment, 0, sizeof *segment);
  segment->users = 1;
  arena_open(&segment->arena);
  Opening opening = {file, index, segment, NULL};
  if (arena_attempt(&segment->arena, open_segment, &opening)) *message = opening.message;
  if (*message == NULL) return segment;
  column_segment_close(segment);
  return NULL;
}

ColumnSegment *column_segment_share(ColumnSegment *segment) {
  segment->users++;
  return segment;
}

void column_segment_close(ColumnSegment *segment) {
  if (segment == NULL || --segment->users > 0) return;
  arena_close(&segment->arena);
  memory_free(segment->owned);
  memory_free(segment);
}

const BulkTable *column_segment_table(const ColumnSegment *segment) { return &segment->table; }

/* ---- Writing ---- */

static bool write_bytes(ColumnWriter *w, const void *bytes, size_t length) {
  if (length > 0 && fwrite(bytes, 1, length, w->out) != length) return false;
  w->offset += length;
  return true;
}

bool column_writer_open(ColumnWriter *w, FILE *out) {
  *w = (ColumnWriter){.out = out};
  arena_open(&w->arena);
  FileHead head = {.version = COLUMN_FILE_VERSION, .byte_order = BYTE_ORDER_MARK};
  memcpy(head.magic, magic, sizeof magic);
  head.checksum = checksum(1, &head, offsetof(FileHead, checksum));
  return write_bytes(w, &head, sizeof head);
}

static uint64_t align(Buffer *out) {
  while (out->length % PART_ALIGNMENT != 0) buffer_character(out, '\0');
  return out->length;
}

static void put_texts(Buffer *out, const Text *texts, uint32_t count) {
  uint32_t end = 0;
  for (uint32_t i = 0; i < count; i++) {
    end += texts[i].length;
    buffer_append(out, (const char *)&end, sizeof end);
  }
  for (uint32_t i = 0; i < count; i++) buffer_text(out, texts[i]);
}

static void put_planes(Buffer *out, const Column *column, uint32_t rows, uint32_t bits) {
  const uint32_t words = padded(rows) / 64;
  uint64_t *planes = ARENA_ARRAY(out->arena, uint64_t, (size_t)words * bits + 1);
  for (uint32_t r = 0; r < rows; r++) {
    const uint32_t code = column_code(column, r);
    for (uint32_t b = 0; b < bits; b++)
      planes[column_plane(words, bits, r / PROGRAM_BLOCK_ROWS, b) + r % PROGRAM_BLOCK_ROWS / 64] |=
          (uint64_t)((code >> b) & 1) << (r % 64);
  }
  buffer_append(out, (const char *)planes, (size_t)words * bits * 8);
}

static void put_numbers(Buffer *out, const Column *column, uint32_t rows, bool wide) {
  for (uint32_t r = 0; r < padded(rows); r++) {
    const uint32_t code = r < rows ? column_code(column, r) : 0;
    const uint16_t narrow = (uint16_t)code;
    buffer_append(out, wide ? (const char *)&code : (const char *)&narrow, wide ? 4 : 2);
  }
}

/* Only entries that some row has are written, in the order they are met. */
typedef struct Used {
  Text *entries;
  uint32_t count;
  uint32_t *numbers; /* old code → new */
  uint32_t *codes;
  bool is_whole;
} Used;

static Used used_entries(const Column *column, uint32_t rows, Arena *arena) {
  Used used = {ARENA_ARRAY(arena, Text, column->entry_count), 1,
               ARENA_ARRAY(arena, uint32_t, column->entry_count), NULL, true};
  used.codes = arena_allocate_raw(arena, ((size_t)rows + 1) * sizeof *used.codes);
  for (uint32_t r = 0; r < rows; r++) {
    const uint32_t code = column_code(column, r);
    if (code != 0 && used.numbers[code] == 0) {
      used.numbers[code] = used.count;
      used.entries[used.count++] = column->entries[code];
    }
    used.is_whole = used.is_whole && code != 0;
    used.codes[r] = used.numbers[code];
  }
  return used;
}

static bool put_column(Buffer *out, const BulkTable *table, const Column *column,
                       ColumnHead *head) {
  const Used used = used_entries(column, table->rows, out->arena);
  if (used.count == 1) return false; /* nothing is said in it */
  Column written = {
      .name = column->name, .form = CODES_32, .codes32 = used.codes, .entry_count = used.count};
  *head = (ColumnHead){.name_length = column->name.length,
                       .entry_count = used.count,
                       .is_head = column->place == COLUMN_OF_HEAD,
                       .is_whole = used.is_whole};
  head->name_at = align(out);
  buffer_text(out, column->name);
  head->entries_at = align(out);
  put_texts(out, used.entries, used.count);
  head->codes_at = align(out);
  head->form = used.count <= COLUMN_PLANES_MOST ? CODES_PLANES
               : used.count <= 65536            ? CODES_16
                                                : CODES_32;
  while (head->form == CODES_PLANES && 1u << head->bits < used.count) head->bits++;
  if (head->form == CODES_PLANES) {
    put_planes(out, &written, table->rows, head->bits);
  } else {
    put_numbers(out, &written, table->rows, head->form == CODES_32);
  }
  return true;
}

static bool has_ids(const BulkTable *table) {
  return table->id_ends != NULL && table->rows > 0 && table->id_ends[table->rows - 1] > 0;
}

static void put_segment(Buffer *out, const BulkTable *table) {
  SegmentHead head = {.rows = table->rows};
  buffer_append(out, (const char *)&head, sizeof head);
  const size_t columns_at = out->length;
  ColumnHead *columns = ARENA_ARRAY(out->arena, ColumnHead, table->column_count + 1);
  for (uint32_t i = 0; i < table->column_count; i++)
    buffer_append(out, (const char *)&columns[i], sizeof *columns);
  for (uint32_t i = 0; i < table->column_count; i++)
    head.columns += put_column(out, table, &table->columns[i], &columns[head.columns]);
  if (has_ids(table)) {
    head.ids_at = align(out);
    buffer_append(out, (const char *)table->id_ends, (size_t)table->rows * 4);
    buffer_append(out, table->ids, table->id_ends[table->rows - 1]);
  }
  head.length = align(out);
  memcpy(out->at + columns_at, columns, head.columns * sizeof *columns);
  head.checksum = checksum_of_segment(&head, out->at + sizeof head, out->length - sizeof head);
  memcpy(out->at, &head, sizeof head);
}

typedef struct SegmentWriting {
  ColumnWriter *w;
  const BulkTable *table;
  Arena arena;
  Buffer out;
} SegmentWriting;

static void make_segment(void *context) {
  SegmentWriting *writing = context;
  LIST_PUSH(&writing->w->arena, writing->w->segments, writing->w->offset);
  buffer_open(&writing->out, &writing->arena, 1 << 20);
  put_segment(&writing->out, writing->table);
}

bool column_writer_add(ColumnWriter *w, const BulkTable *table) {
  SegmentWriting writing = {.w = w, .table = table};
  bool written = false;
  if (table->rows == 0) return true;
  arena_open(&writing.arena);
  Arena *const arenas[] = {&writing.arena, &w->arena};
  if (arenas_attempt(arenas, 2, make_segment, &writing)) {
    written = write_bytes(w, writing.out.at, writing.out.length);
    w->rows += table->rows;
  } else {
    errno = ENOMEM;
  }
  arena_close(&writing.arena);
  return written;
}

bool column_writer_finish(ColumnWriter *w) {
  FileEnd end = {.rows = w->rows, .segments = w->segments.count, .list_at = w->offset};
  memcpy(end.magic, magic, sizeof magic);
  const size_t length = w->segments.count * sizeof *w->segments.items;
  end.checksum =
      checksum(checksum(2, w->segments.count == 0 ? (const void *)"" : w->segments.items, length),
               &end, offsetof(FileEnd, checksum));
  return (length == 0 || write_bytes(w, w->segments.items, length)) &&
         write_bytes(w, &end, sizeof end) && fflush(w->out) == 0;
}

void column_writer_close(ColumnWriter *w) { arena_close(&w->arena); }
