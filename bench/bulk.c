/* bulk: what column evaluation costs, beside a policy fused by hand.
 *
 *     make bench BENCH=bulk
 *     build/release/bench/bulk 1 3      only these sections, once that has built it
 *
 * Sections, each with the aim of the project beside its figure:
 *     1  columns in memory → a verdict a row, Centene CP.PHAR.312, 15 % of the facts not known,
 * beside the hand-fused loop 2  the same for a policy of eleven conditions 3  five policies in one
 * pass, against one, over generated requests of all five 4  NDJSON of 2 KB a request → verdicts 5
 * one thread and two, from file to file
 *
 * Sections 1 to 4 are one thread's processor time, so that what else the machine does weighs less;
 * 5 is time by the clock. Columns are larger than the caches by being there several times over. The
 * hand-fused loop must agree row for row.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "vector/bind.h"
#include "columns/builder.h"
#include "columns/column_file.h"
#include "json/reader.h"
#include "licet/bulk.h"
#include "measure.h"
#include "reference/centene_columns.h"
#include "reference/population.h"

enum { ROWS = 262144, COPIES = 24, TURNS = 15, UNKNOWN = 15 };

static void fail(const char *what, const char *about) {
  fprintf(stderr, "bulk: %s: %s\n", what, about);
  exit(1);
}

static licet_library *open_library(const char *folder) {
  licet_library *library;
  licet_report *report;
  if (licet_library_open(folder, NULL, &library, &report) != LICET_OK)
    fail(folder, licet_report_text(report));
  licet_report_free(report);
  return library;
}

static double spent_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static uint64_t chance = 20261102;
static bool known(void) { return random_below(&chance, 100) >= UNKNOWN; }

/* ---- Columns ---- */

typedef struct Packed {
  ColumnFile *files[COPIES];
  ColumnSegment *segments[COPIES];
  char *bytes[COPIES];
  size_t length;
} Packed;

static void pack(const BulkTable *table, Packed *packed) {
  char *bytes;
  const char *message;
  ColumnWriter writer;
  FILE *out = open_memstream(&bytes, &packed->length);
  if (!column_writer_open(&writer, out) || !column_writer_add(&writer, table) ||
      !column_writer_finish(&writer))
    fail("packing", "no memory");
  column_writer_close(&writer);
  fclose(out);
  for (int i = 0; i < COPIES; i++) {
    packed->bytes[i] = aligned_alloc(64, (packed->length + 63) / 64 * 64);
    memcpy(packed->bytes[i], bytes, packed->length);
    packed->files[i] = column_file_over(packed->bytes[i], packed->length, &message);
    if (packed->files[i] == NULL) fail("packed", message);
    packed->segments[i] = column_segment_open(packed->files[i], 0, &message);
    if (packed->segments[i] == NULL) fail("packed", "no memory");
  }
  free(bytes);
}

static void unpack(Packed *packed) {
  for (int i = 0; i < COPIES; i++) {
    column_segment_close(packed->segments[i]);
    column_file_close(packed->files[i]);
    free(packed->bytes[i]);
  }
}

enum { TARGETS_MOST = 8 };
static uint16_t verdicts[TARGETS_MOST][ROWS];

static const BulkTable *table_of(const Packed *packed, int copy) {
  return column_segment_table(packed->segments[copy]);
}

/* Nanoseconds a row, all copies one after another; the binding, done once a segment, is reported
 * beside it. */
static double measure_run(Binder *binder, const Packed *packed, uint32_t targets, double *binding) {
  static double spent[TURNS];
  uint16_t *into[TARGETS_MOST];
  for (uint32_t t = 0; t < targets; t++) into[t] = verdicts[t];
  double begin = spent_ns();
  if (!binder_bind(binder, table_of(packed, 0))) fail("binding", "no memory");
  *binding = spent_ns() - begin;
  for (int turn = 0; turn < TURNS; turn++) {
    begin = spent_ns();
    for (int copy = 0; copy < COPIES; copy++)
      if (!binder_run(binder, table_of(packed, copy), 0, ROWS, into)) fail("running", "no memory");
    spent[turn] = (spent_ns() - begin) / ((double)ROWS * COPIES);
  }
  return median_of(spent, TURNS);
}

static void report(const char *what, double ns, const char *rest) {
  printf("%-44s %8.3f ns a row %10.1f million rows/s%s\n", what, ns, 1e3 / ns, rest);
}

static double measure_paths(const licet_library *library, const Packed *packed,
                            const Target *targets, uint32_t count, bool all) {
  double best = 0, binding;
  Plan *plan = plan_open(library, targets, count, false);
  for (ProgramPath path = 0; path < PROGRAM_PATHS; path++) {
    if (!program_path_available(path) || (!all && path != program_path_best())) continue;
    Binder *binder = binder_open(plan, path);
    best = measure_run(binder, packed, count, &binding);
    if (all) {
      const BinderSize size = binder_size(binder);
      char rest[160];
      snprintf(rest, sizeof rest, "   (binding a segment %.0f µs, %u steps over %u planes)",
               binding / 1e3, size.steps, size.inputs);
      report(program_path_name(path), best, rest);
    }
    binder_close(binder);
  }
  plan_close(plan);
  return best;
}

/* ---- 1  Centene ---- */

static uint8_t column_bytes[CENTENE_COLUMN_COUNT][ROWS], hand[ROWS];

typedef struct Choice {
  const char *fact;
  uint32_t count;
  const char *values[6]; /* as JSON, without document */
} Choice;

static const Choice choices[CENTENE_COLUMN_COUNT] = {
    {"diagnosis", 2, {"\"acute_lymphoblastic_leukemia\"", "\"other\""}},
    {"lineage", 2, {"\"b_cell_precursor\"", "\"t_cell\""}},
    {"prescriber_specialty",
     5,
     {"\"oncology\"", "\"hematology\"", "\"hematology_oncology\"",
      "\"pediatric_hematology_oncology\"", "\"other\""}},
    {"consulted_specialty",
     5,
     {"\"oncology\"", "\"hematology\"", "\"hematology_oncology\"",
      "\"pediatric_hematology_oncology\"", "\"other\""}},
    {"disease_status",
     4,
     {"\"newly_diagnosed\"", "\"remission\"", "\"relapsed\"", "\"refractory\""}},
    {"mrd", 3, {"\"positive\"", "\"negative\"", "\"unavailable\""}},
    {"philadelphia", 2, {"\"positive\"", "\"negative\""}},
    {"prior_therapies",
     2,
     {"[{\"agent\":\"dasatinib\",\"outcome\":\"refractory\",\"document\":\"d\"}]", "[]"}},
    {"dose_per_day", 2, {"\"28 mcg/day\"", "\"35 mcg/day\""}},
    {"dose_evidence_submitted", 2, {"true", "false"}},
    {"dose_supported", 2, {"true", "false"}},
    {"regimen_recommended", 2, {"true", "false"}},
};

/* Leans towards the first value, so that approvals occur. */
static uint8_t choose(const Choice *choice) {
  if (!known()) return 0;
  return (uint8_t)(random_below(&chance, 100) < 60 ? 1 : 1 + random_below(&chance, choice->count));
}

static int write_centene(char *text, size_t room, uint32_t row) {
  int n = snprintf(text, room,
                   "{\"payer\":\"Centene\",\"line\":\"medicaid\",\"drug\":\"blinatumomab\","
                   "\"kind\":\"initial\",\"received\":\"2026-02-12\","
                   "\"facts\":{\"prior_therapies_complete\":true");
  for (int i = 0; i < CENTENE_COLUMN_COUNT; i++) {
    const uint8_t code = column_bytes[i][row] = choose(&choices[i]);
    if (code == 0) continue;
    n += snprintf(text + n, room - (size_t)n, ",\"%s\":{\"value\":%s,\"document\":\"d\"%s}",
                  choices[i].fact, choices[i].values[code - 1],
                  strcmp(choices[i].fact, "dose_supported") == 0 ? ",\"source\":\"reviewer\"" : "");
  }
  return n + snprintf(text + n, room - (size_t)n, "}}");
}

static Packed make_centene(const licet_library *library) {
  static char text[4096];
  Packed packed = {0};
  Builder *builder = builder_open(library, ROWS);
  builder_begin(builder);
  for (uint32_t r = 0; r < ROWS; r++)
    builder_add_json(builder, text, (size_t)write_centene(text, sizeof text, r));
  pack(builder_table(builder), &packed);
  builder_close(builder);
  return packed;
}

static uint8_t verdict_of(const BulkVerdict *verdict) {
  if (verdict->outcome == LICET_APPROVE) return VERDICT_COLUMN_APPROVE;
  if (verdict->outcome == LICET_PEND) return VERDICT_COLUMN_PEND;
  if (verdict->reason == LICET_REASON_JUDGMENT) return VERDICT_COLUMN_JUDGMENT;
  return verdict->reason == LICET_REASON_OTHER_POLICY ? VERDICT_COLUMN_OTHER_POLICY
                                                      : VERDICT_COLUMN_NOT_MET;
}

static void must_agree(const licet_library *library, const Target *target, const Packed *packed,
                       const CenteneColumns *columns) {
  uint16_t *into[1] = {verdicts[0]};
  uint32_t counts[6] = {0}, differ = 0;
  Plan *plan = plan_open(library, target, 1, false);
  Binder *binder = binder_open(plan, program_path_best());
  binder_bind(binder, table_of(packed, 0));
  binder_run(binder, table_of(packed, 0), 0, ROWS, into);
  centene_columns(columns, ROWS, hand);
  for (uint32_t r = 0; r < ROWS; r++) {
    counts[hand[r]]++;
    differ +=
        verdicts[0][r] == 0 || verdict_of(binder_verdict(binder, 0, verdicts[0][r])) != hand[r];
  }
  printf(
      "%u rows: approve %u, pend %u, refer: judgment %u, other policy %u, not met %u; %u differ "
      "between columns and hand\n",
      ROWS, counts[1], counts[2], counts[3], counts[4], counts[5], differ);
  if (differ > 0) fail("centene", "the hand-fused loop decides otherwise");
  binder_close(binder);
  plan_close(plan);
}

static double measure_hand(const CenteneColumns *columns) {
  static double spent[TURNS];
  static uint8_t *copies[COPIES][CENTENE_COLUMN_COUNT];
  CenteneColumns each[COPIES];
  for (int copy = 0; copy < COPIES; copy++) {
    for (int i = 0; i < CENTENE_COLUMN_COUNT; i++) {
      copies[copy][i] = aligned_alloc(64, ROWS);
      memcpy(copies[copy][i], column_bytes[i], ROWS);
    }
    each[copy] = *columns;
    memcpy(&each[copy], copies[copy], sizeof each[copy]); /* the columns stand in the same order */
  }
  for (int turn = 0; turn < TURNS; turn++) {
    const double begin = spent_ns();
    for (int copy = 0; copy < COPIES; copy++) centene_columns(&each[copy], ROWS, hand);
    spent[turn] = (spent_ns() - begin) / ((double)ROWS * COPIES);
  }
  for (int copy = 0; copy < COPIES; copy++)
    for (int i = 0; i < CENTENE_COLUMN_COUNT; i++) free(copies[copy][i]);
  return median_of(spent, TURNS);
}

static void measure_centene(const licet_library *library) {
  CenteneColumns columns;
  const uint8_t *at[CENTENE_COLUMN_COUNT];
  for (int i = 0; i < CENTENE_COLUMN_COUNT; i++) at[i] = column_bytes[i];
  memcpy(&columns, at, sizeof columns);
  const Target target = {library_policy_named(library, TEXT("CP.PHAR.312")), DATE_NONE, ""};
  Packed packed = make_centene(library);
  printf(
      "1  Centene CP.PHAR.312 from columns in memory, %d %% not known; %.2f bytes a row packed, %d "
      "by hand\n",
      UNKNOWN, (double)packed.length / ROWS, CENTENE_COLUMN_COUNT);
  must_agree(library, &target, &packed, &columns);
  const double hand_ns = measure_hand(&columns);
  report("hand-fused C", hand_ns, "");
  const double ns = measure_paths(library, &packed, &target, 1, true);
  printf("columns against hand: %.2f times as fast (aim: at least 1)\n\n", hand_ns / ns);
  unpack(&packed);
}

/* ---- 2  Eleven conditions ---- */

static int write_eleven(char *text, size_t room) {
  static const char *const yes_no[] = {"true", "false"}, *const letters[] = {"\"a\"", "\"b\"",
                                                                             "\"c\""};
  int n = snprintf(text, room,
                   "{\"payer\":\"Bench\",\"line\":\"commercial\",\"drug\":\"benchmab\",\"kind\":"
                   "\"initial\",\"received\":\"2026-02-"
                   "12\",\"facts\":{\"c5\":%u",
                   random_below(&chance, 21));
  for (int i = 1; i <= 11; i++) {
    if (i == 5 || !known()) continue;
    const bool letter = i == 2 || i == 3 || i == 7 || i == 10;
    if (i == 8) n += snprintf(text + n, room - (size_t)n, ",\"c8\":%u", random_below(&chance, 7));
    if (i != 8)
      n += snprintf(text + n, room - (size_t)n, ",\"c%d\":%s", i,
                    letter ? letters[random_below(&chance, 3)] : yes_no[random_below(&chance, 2)]);
  }
  return n + snprintf(text + n, room - (size_t)n, "}}");
}

static void measure_eleven(void) {
  static char text[4096];
  Packed packed = {0};
  licet_library *library = open_library("bench/policies");
  Builder *builder = builder_open(library, ROWS);
  builder_begin(builder);
  for (uint32_t r = 0; r < ROWS; r++)
    builder_add_json(builder, text, (size_t)write_eleven(text, sizeof text));
  pack(builder_table(builder), &packed);
  builder_close(builder);
  printf(
      "2  eleven conditions from columns in memory, %d %% not known; %.2f bytes a row (aim: 2000 "
      "million rows/s)\n",
      UNKNOWN, (double)packed.length / ROWS);
  const Target target = {library_policy_named(library, TEXT("eleven")), DATE_NONE, ""};
  measure_paths(library, &packed, &target, 1, true);
  printf("\n");
  unpack(&packed);
  licet_library_close(library);
}

/* ---- 3  Five policies ---- */

static Packed make_population(const licet_library *library) {
  Packed packed = {0};
  Builder *builder = builder_open(library, ROWS);
  builder_begin(builder);
  population_add(library, builder, ROWS, chance);
  pack(builder_table(builder), &packed);
  builder_close(builder);
  return packed;
}

static void measure_five(const licet_library *library) {
  Target targets[TARGETS_MOST];
  uint32_t count = 0;
  double sum = 0;
  Packed packed = make_population(library);
  printf(
      "3  several policies over generated requests of all of them, in one pass; %.2f bytes a row "
      "packed\n",
      (double)packed.length / ROWS);
  for (uint32_t i = 0; i < library->policies.count && i < TARGETS_MOST; i++) {
    const Target one = {library->policies.items[i], DATE_NONE, ""};
    targets[count++] = one;
    const double ns = measure_paths(library, &packed, &one, 1, false);
    report(one.policy->id, ns, "");
    sum += ns;
  }
  const double all = measure_paths(library, &packed, targets, count, false);
  report("all in one pass", all, "");
  printf("one pass for %u policies: %.2f times the mean of one (aim: below 3)\n\n", count,
         all / (sum / count));
  unpack(&packed);
}

/* ---- 4  NDJSON ---- */

enum { REQUESTS = 40960, PIECE = 1 << 20 };

/* A request of bench/requests with documents of its own, as real ones have. */
static char *make_requests(size_t *length) {
  static const char *const names[] = {"M-known",
                                      "H-known",
                                      "C-known",
                                      "O-known",
                                      "A-known",
                                      "O-three-unknown",
                                      "C-without-documents"};
  static char files[7][8192];
  for (int i = 0; i < 7; i++) {
    char path[256];
    snprintf(path, sizeof path, "bench/requests/%s.json", names[i]);
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail(path, "cannot be read; run from the root of the repository");
    size_t size = fread(files[i], 1, sizeof files[i] - 1, file);
    while (size > 0 && files[i][size - 1] == '\n') files[i][--size] = '\0';
    fclose(file);
  }
  char *text = malloc((size_t)REQUESTS * 2600 + JSON_INDEX_PADDING), *at = text;
  for (uint32_t r = 0; r < REQUESTS; r++) {
    for (const char *from = files[r % 7]; *from != '\0';) {
      if (strncmp(from, "\"att-", 5) == 0) {
        at += sprintf(at, "\"att-%06u", random_below(&chance, 1000000));
        from += 5;
        while (*from != '"') from++;
      } else {
        *at++ = *from++;
      }
    }
    *at++ = '\n';
  }
  *length = (size_t)(at - text);
  return text;
}

/* The floor: simdjson's first stage over some lines at a time, and nothing done with what it finds.
 */
static double measure_indexes(const char *text, size_t length) {
  enum { STEP = 128 << 10 }; /* a string may be cut at its end: the work is the same */
  static double spent[TURNS];
  JsonReader *reader = json_open();
  JsonIndex index;
  for (int turn = 0; turn < TURNS; turn++) {
    const double begin = spent_ns();
    for (size_t at = 0; at < length; at += STEP)
      if (json_index_lines(reader, text + at, length - at < STEP ? length - at : STEP, &index) ==
          JSON_NO_MEMORY)
        fail("indexes", "no memory");
    spent[turn] = (spent_ns() - begin) / REQUESTS;
  }
  json_close(reader);
  return median_of(spent, TURNS);
}

/* Nanoseconds a request, piece by piece as a run takes them. */
static double measure_lines(const Plan *plan, const char *text, size_t length) {
  static double spent[TURNS];
  static BuilderLine where[PROGRAM_BLOCK_ROWS];
  uint16_t *into[1] = {verdicts[0]};
  Binder *binder = binder_open(plan, program_path_best());
  Builder *builder = builder_open(plan->library, PROGRAM_BLOCK_ROWS);
  for (int turn = 0; turn < TURNS; turn++) {
    const double begin = spent_ns();
    BuilderLines lines = {.at = text, .line = 1, .rows = where};
    while (lines.at < text + length) {
      const size_t left = (size_t)(text + length - lines.at), most = left < PIECE ? left : PIECE;
      lines.end = (const char *)memchr(lines.at + most - 1, '\n', left - most + 1) + 1;
      builder_begin(builder);
      if (!builder_add_lines(builder, &lines)) fail("lines", "no memory");
      const BulkTable *table = builder_table(builder);
      if (!binder_bind(binder, table) || !binder_run(binder, table, 0, table->rows, into))
        fail("running", "no memory");
    }
    spent[turn] = (spent_ns() - begin) / REQUESTS;
  }
  builder_close(builder);
  binder_close(binder);
  return median_of(spent, TURNS);
}

static void report_lines(const char *how, size_t length, double ns) {
  printf("   %-40s %5zu bytes a request %6.0f ns a request %6.2f million a second %6.2f GB/s\n",
         how, length / REQUESTS, ns, 1e3 / ns, (double)length / REQUESTS / ns);
}

/* The same with a space behind each comma and colon, as many programs write. */
static char *make_spaced(const char *text, size_t *length) {
  char *spaced = malloc(*length * 3 / 2 + JSON_INDEX_PADDING), *at = spaced;
  bool inside = false;
  for (size_t i = 0; i < *length; i++) {
    *at++ = text[i];
    if (text[i] == '"') inside = !inside;
    if (!inside && (text[i] == ',' || text[i] == ':')) *at++ = ' ';
  }
  *length = (size_t)(at - spaced);
  return spaced;
}

static void measure_ndjson(const licet_library *library, const char *text, size_t length) {
  const Target own = {NULL, DATE_NONE, ""};
  Plan *plan = plan_open(library, &own, 1, false);
  printf(
      "4  NDJSON in memory, all policies → verdicts on one core (aim: 1.5 million a second at 2 "
      "KB)\n");
  report_lines("as close as may be", length, measure_lines(plan, text, length));
  size_t spaced_length = length;
  char *spaced = make_spaced(text, &spaced_length);
  report_lines("a space behind each comma and colon", spaced_length,
               measure_lines(plan, spaced, spaced_length));
  free(spaced);
  printf("   of the former, finding where things begin (simdjson's first stage): %.0f ns\n\n",
         measure_indexes(text, length));
  plan_close(plan);
}

/* ---- 5  Threads ---- */

static double run_file(const licet_library *library, const char *path, unsigned threads) {
  licet_bulk_options options = {
      .input = path, .input_format = LICET_BULK_NDJSON, .output = "/dev/null", .threads = threads};
  licet_bulk_result *result;
  const double begin = now_ns();
  if (licet_bulk_run(library, &options, &result) != LICET_OK)
    fail(path, licet_bulk_result_message(result));
  licet_bulk_result_free(result);
  return (now_ns() - begin) / 1e9;
}

static void measure_threads(const licet_library *library, const char *text, size_t length) {
  enum { PASSES = 7, REPEATS = 8 };
  static double ratios[PASSES], one[PASSES];
  char path[] = "/tmp/licet-bench-XXXXXX";
  int fd = mkstemp(path);
  for (int i = 0; i < REPEATS && fd >= 0; i++)
    if (write(fd, text, length) != (ssize_t)length) fail(path, "cannot be written");
  close(fd);
  for (int i = 0; i < PASSES; i++) {
    one[i] = run_file(library, path, 1);
    ratios[i] = one[i] / run_file(library, path, 2);
  }
  unlink(path);
  printf(
      "5  %d requests from file to outcomes: %.2f million a second with one thread; two are %.2f "
      "times as fast (aim: 1.8)\n",
      REQUESTS * REPEATS, REQUESTS * REPEATS / 1e6 / median_of(one, PASSES),
      median_of(ratios, PASSES));
}

/* The sections named on the command line; all where none is. */
static bool wanted(int count, char **names, char section) {
  for (int i = 1; i < count; i++)
    if (names[i][0] == section) return true;
  return count == 1;
}

int main(int count, char **names) {
  licet_library *library = open_library("policies");
  if (wanted(count, names, '1')) measure_centene(library);
  if (wanted(count, names, '2')) measure_eleven();
  if (wanted(count, names, '3')) measure_five(library);
  if (wanted(count, names, '4') || wanted(count, names, '5')) {
    size_t length;
    char *text = make_requests(&length);
    if (wanted(count, names, '4')) measure_ndjson(library, text, length);
    if (wanted(count, names, '5')) measure_threads(library, text, length);
    free(text);
  }
  licet_library_close(library);
  return 0;
}
