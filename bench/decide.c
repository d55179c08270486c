/* decide: what a decision costs, step by step, and against what a programmer would write by hand.
 *
 *     make bench BENCH=decide
 *
 * Sections, each with the aim of the project beside its figure:
 *     1  opening the library of policies: time and memory
 *     2  one request, JSON in, the whole explained determination out: parse, bind, decide, explain,
 * write 3  facts bound: outcome and every node's status, against a plain walk of the tree 4  facts
 * bound: the outcome alone, against Centene CP.PHAR.312 written by hand 5  the command: a stream of
 * requests end to end
 *
 * Rivals run in turns in one process, so that the machine is the same for all; figures are medians
 * of the turns. What is compared is first checked to agree. A new way to decide bound facts is one
 * more line in `ways` (section 3) or `outcome_ways` (section 4).
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decide/session.h"
#include "measure.h"
#include "reference/centene.h"
#include "reference/tree_walk.h"

#define POLICIES "policies"
#define COMMAND "build/release/licet"

static void fail(const char *what, const char *about) {
  fprintf(stderr, "decide: %s: %s\n", what, about);
  exit(1);
}

static licet_library *open_library(void) {
  licet_library *library;
  licet_report *report;
  if (licet_library_open(POLICIES, NULL, &library, &report) != LICET_OK)
    fail(POLICIES, report == NULL ? "no memory" : licet_report_text(report));
  licet_report_free(report);
  return library;
}

/* Its steps are called one by one, under no guard: where memory runs out, the program ends. */
static licet_session *open_session(const licet_library *library) {
  licet_session *session;
  if (licet_session_open(library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &session) != LICET_OK)
    fail("session", "no memory");
  return session;
}

/* ---- 1  Opening ---- */

static long peak_kib(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/* In a process of its own, before anything else has used memory. */
static void measure_memory(void) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const long before = peak_kib();
    licet_library *library = open_library();
    printf(
        "memory: the library holds %zu KiB; peak of the process %ld KiB, %ld KiB of it before "
        "opening\n",
        licet_library_memory(library) / 1024, peak_kib(), before);
    fflush(stdout);
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

static void measure_opening(void) {
  enum { TURNS = 51 };
  double spent[TURNS];
  for (int i = 0; i < TURNS; i++) {
    const double begin = now_ns();
    licet_library *library = open_library();
    spent[i] = (now_ns() - begin) / 1e6;
    licet_library_close(library);
  }
  printf("opening the library of policies: median %.2f ms of %d (aim: below 20 ms)\n",
         median_of(spent, TURNS), TURNS);
}

/* ---- 2  One request ---- */

enum { STEP_CLEAR, STEP_PARSE, STEP_BIND, STEP_DECIDE, STEP_EXPLAIN, STEP_WRITE, STEPS };

typedef struct RequestFile {
  const char *name, *about;
  char text[8192];
  size_t length;
} RequestFile;

static RequestFile request_files[] = {
    {.name = "M-known", .about = "MassHealth"},
    {.name = "H-known", .about = "PA Health & Wellness"},
    {.name = "C-known", .about = "Centene"},
    {.name = "O-known", .about = "OHSU"},
    {.name = "A-known", .about = "Aspirus"},
    {.name = "O-three-unknown", .about = "OHSU, 3 facts unknown"},
    {.name = "C-without-documents", .about = "Centene, documents missing"},
    {.name = "O-empty", .about = "OHSU, no facts"},
    {.name = "A-empty", .about = "Aspirus, no facts"},
};
enum { REQUESTS = sizeof request_files / sizeof *request_files };

static void read_requests(void) {
  for (int i = 0; i < REQUESTS; i++) {
    char path[256];
    snprintf(path, sizeof path, "bench/requests/%s.json", request_files[i].name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail(path, "cannot be read; run from the root of the repository");
    request_files[i].length = fread(request_files[i].text, 1, sizeof request_files[i].text, file);
    while (request_files[i].length > 0 &&
           request_files[i].text[request_files[i].length - 1] == '\n')
      request_files[i].length--;
    fclose(file);
  }
}

static double decide_whole(licet_session *session, const RequestFile *request) {
  const licet_determination *determination;
  const double begin = now_ns();
  if (licet_decide(session, request->text, request->length, &determination) != LICET_OK)
    fail(request->name, licet_session_error_json(session, NULL));
  return now_ns() - begin;
}

/* The steps of licet_decide, each between two looks at the clock. */
static void decide_stepwise(licet_session *session, const RequestFile *request, double *steps) {
  const char *message;
  size_t offset;
  double at[STEPS + 1];
  at[0] = now_ns();
  session_begin(session);
  at[1] = now_ns();
  bool fine = json_read(session->reader, request->text, request->length, &session->tokens,
                        &session->token_count, &message, &offset) == JSON_OK;
  at[2] = now_ns();
  fine = fine && session_request(session, session->tokens, session->token_count) &&
         session_bind(session);
  if (!fine) fail(request->name, "has faults");
  at[3] = now_ns();
  session_decide(session);
  at[4] = now_ns();
  session_explain(session);
  at[5] = now_ns();
  session_write(session);
  at[6] = now_ns();
  for (int s = 0; s < STEPS; s++) steps[s] = at[s + 1] - at[s];
}

static void measure_request(licet_session *session, const RequestFile *request, double clock) {
  enum { TURNS = 4001 };
  static double whole[TURNS], steps[STEPS][TURNS];
  for (int t = -100; t < TURNS; t++) { /* the first are for warming up */
    double one[STEPS], all = decide_whole(session, request);
    decide_stepwise(session, request, one);
    if (t < 0) continue;
    whole[t] = all - clock;
    for (int s = 0; s < STEPS; s++) steps[s][t] = one[s] - clock;
  }
  const licet_determination *d = &session->determination;
  printf("%-28s %6zu %6zu  %-8s", request->about, request->length, d->json.length,
         licet_outcome_name(d->outcome));
  for (int s = 0; s < STEPS; s++) printf(" %8.2f", median_of(steps[s], TURNS) / 1000);
  printf(" %8.2f\n", median_of(whole, TURNS) / 1000);
}

static void measure_requests(const licet_library *library) {
  const double clock = clock_cost_ns();
  licet_session *session = open_session(library);
  printf(
      "\none request in process on one core, medians in µs (aim: 2 µs for all); a look at the "
      "clock (%.0f ns) is taken off each\n",
      clock);
  printf("%-28s %6s %6s  %-8s %8s %8s %8s %8s %8s %8s %8s\n", "request", "bytes", "out", "outcome",
         "clear", "parse", "bind", "decide", "explain", "write", "all");
  for (int i = 0; i < REQUESTS; i++) measure_request(session, &request_files[i], clock);
  licet_session_close(session);
  /* A session keeps the last answers of its searches; the first request of a kind has to search. */
  printf("\nthe first request of a session, median in µs\n");
  for (int i = 0; i < REQUESTS; i++) {
    enum { SESSIONS = 101 };
    double first[SESSIONS];
    for (int s = 0; s < SESSIONS; s++) {
      session = open_session(library);
      first[s] = decide_whole(session, &request_files[i]) - clock;
      licet_session_close(session);
    }
    printf("%-28s %8.2f\n", request_files[i].about, median_of(first, SESSIONS) / 1000);
  }
}

/* ---- 3  Facts bound: outcome and every status ---- */

/* `count` rows of bound facts, one after another, each padded to `stride` cells; the statuses and
 * conclusions go beside them. */
typedef struct BoundRows {
  uint32_t count, stride, status_stride;
  uint8_t *cells, *status, *conclusion;
} BoundRows;

typedef struct Way {
  const char *name;
  const void *(*prepare)(const CompiledPolicy *compiled, Arena *arena);
  void (*decide)(const void *prepared, const BoundRows *rows);
  bool (*met)(const uint8_t *status, uint32_t criterion); /* how it keeps a row's statuses */
} Way;

static bool met_by_byte(const uint8_t *status, uint32_t criterion) {
  return status[criterion] != 0;
}
static bool met_by_bit(const uint8_t *status, uint32_t criterion) {
  return status[criterion / 8] >> criterion % 8 & 1;
}

static const void *prepare_compiled(const CompiledPolicy *compiled, Arena *arena) {
  (void)arena;
  return compiled;
}

static CompleteOrder order; /* filled in by main */

static Conclusion conclusion_by_diagram(const CompiledPolicy *compiled, const uint8_t *cells) {
  const uint32_t *words = compiled->diagram.words;
  for (uint32_t i = 0; i < order.count; i++) {
    if (diagram_walk(words, compiled->whole.at[order.function[i]], cells))
      return order.conclusion[i];
  }
  return order.otherwise;
}

/* The same by kernel_walk; the policies of the bench all fit. */
static bool walks(const CompiledPolicy *compiled, DiagramRef function, const uint8_t *cells) {
  return kernel_walk(compiled->kernel.walk, kernel_walk_from(&compiled->diagram, function), cells);
}

static Conclusion conclusion_by_kernel(const CompiledPolicy *compiled, const uint8_t *cells) {
  for (uint32_t i = 0; i < order.count; i++) {
    if (walks(compiled, compiled->whole.at[order.function[i]], cells)) return order.conclusion[i];
  }
  return order.otherwise;
}

static void decide_by_diagram(const void *prepared, const BoundRows *rows) {
  const CompiledPolicy *compiled = prepared;
  for (uint32_t r = 0; r < rows->count; r++) {
    const uint8_t *cells = rows->cells + (size_t)r * rows->stride;
    uint8_t *status = rows->status + (size_t)r * rows->status_stride;
    for (uint32_t i = 0; i < compiled->criteria.count; i++)
      status[i] = diagram_walk(compiled->diagram.words, compiled->criteria.items[i].holds, cells);
    rows->conclusion[r] = (uint8_t)conclusion_by_diagram(compiled, cells);
  }
}

/* A row of the kernel holds the bits met, then the bits failed. */
static void decide_by_kernel(const void *prepared, const BoundRows *rows) {
  const CompiledPolicy *compiled = prepared;
  const Kernel *kernel = &compiled->kernel;
  for (uint32_t r = 0; r < rows->count; r++) {
    const uint8_t *cells = rows->cells + (size_t)r * rows->stride;
    uint64_t *met = (uint64_t *)(void *)(rows->status + (size_t)r * rows->status_stride);
    kernel_run(kernel, cells, met, met + kernel->words);
    rows->conclusion[r] = (uint8_t)conclusion_by_kernel(compiled, cells);
  }
}

static const void *prepare_tree(const CompiledPolicy *compiled, Arena *arena) {
  return tree_walk_open(compiled, arena);
}

static void decide_by_tree(const void *prepared, const BoundRows *rows) {
  for (uint32_t r = 0; r < rows->count; r++) {
    rows->conclusion[r] = (uint8_t)tree_walk(prepared, rows->cells + (size_t)r * rows->stride,
                                             rows->status + (size_t)r * rows->status_stride);
  }
}

/* The first is what the others must agree with; ratios are to the last, the plain tree. */
static const Way ways[] = {
    {"diagram_walk per node", prepare_compiled, decide_by_diagram, met_by_byte},
    {"kernel", prepare_compiled, decide_by_kernel, met_by_bit},
    {"plain tree walk", prepare_tree, decide_by_tree, met_by_byte},
};
enum { WAYS = sizeof ways / sizeof *ways };

static uint32_t random_cell(uint64_t cells, uint64_t *random) {
  for (uint32_t skip = random_below(random, (uint32_t)__builtin_popcountll(cells)); skip > 0;
       skip--)
    cells &= cells - 1;
  return (uint32_t)__builtin_ctzll(cells);
}

/* Follows a random path that leads to TRUE, so that deep criteria are met as well; other facts stay
 * as they are. */
static void steer(const CompiledPolicy *compiled, DiagramRef at, uint8_t *cells, uint64_t *random) {
  const uint32_t *words = compiled->diagram.words;
  while (at > DIAGRAM_TRUE) {
    const uint32_t v = words[at];
    uint64_t open = 0;
    for (uint32_t c = 0; c < compiled->set.variables.items[v]->arity; c++) {
      if (words[at + 1 + c] != DIAGRAM_FALSE)
        open |= (compiled->set.variables.items[v]->cells >> c & 1) << c;
    }
    if (open == 0) return;
    cells[v] = (uint8_t)random_cell(open, random);
    at = words[at + 1 + cells[v]];
  }
}

/* A possible patient with all facts known; every second one is steered towards approval. */
static void random_row(const CompiledPolicy *compiled, uint8_t *cells, uint64_t *random) {
  do {
    for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
      const Variable *variable = compiled->set.variables.items[v];
      const bool flag = variable->kind == VARIABLE_GIVEN || variable->kind == VARIABLE_DOCUMENTED;
      cells[v] = flag ? 1 : (uint8_t)random_cell(variable->cells, random);
    }
    if (random_below(random, 2) == 0) steer(compiled, compiled->whole.approve, cells, random);
  } while (!diagram_walk(compiled->diagram.words, compiled->possible, cells));
}

static BoundRows rows_open(const CompiledPolicy *compiled, uint32_t count, Arena *arena) {
  BoundRows rows = {.count = count,
                    .stride = (compiled->set.variables.count + 15) & ~15u,
                    .status_stride = (compiled->criteria.count + 63) & ~63u};
  rows.cells = ARENA_ARRAY(arena, uint8_t, (size_t)count * rows.stride + 64);
  rows.status = ARENA_ARRAY(arena, uint8_t, (size_t)count * rows.status_stride + 64);
  rows.conclusion = ARENA_ARRAY(arena, uint8_t, count);
  uint64_t random = 20261102;
  for (uint32_t r = 0; r < count; r++)
    random_row(compiled, rows.cells + (size_t)r * rows.stride, &random);
  return rows;
}

static void must_agree(const CompiledPolicy *compiled, const BoundRows *rows, const Way *way,
                       const void *prepared, const BoundRows *expected) {
  way->decide(prepared, rows);
  for (uint32_t r = 0; r < rows->count; r++) {
    const uint8_t *status = rows->status + (size_t)r * rows->status_stride,
                  *right = expected->status + (size_t)r * rows->status_stride;
    bool same = rows->conclusion[r] == expected->conclusion[r];
    for (uint32_t i = 0; i < compiled->criteria.count; i++)
      same = same && way->met(status, i) == met_by_byte(right, i);
    if (!same) fail(way->name, "decides otherwise");
  }
}

static void measure_policy(const char *id, const CompiledPolicy *compiled) {
  enum { ROWS = 2048, TURNS = 301 };
  static double spent[WAYS][TURNS];
  Arena arena;
  arena_open(&arena);
  const BoundRows expected = rows_open(compiled, ROWS, &arena),
                  rows = rows_open(compiled, ROWS, &arena);
  const void *prepared[WAYS];
  for (int w = 0; w < WAYS; w++) prepared[w] = ways[w].prepare(compiled, &arena);
  ways[0].decide(prepared[0], &expected);
  for (int w = 0; w < WAYS; w++) must_agree(compiled, &rows, &ways[w], prepared[w], &expected);
  for (int t = 0; t < TURNS; t++) {
    for (int w = 0; w < WAYS; w++) {
      const double begin = now_ns();
      ways[w].decide(prepared[w], &rows);
      spent[w][t] = (now_ns() - begin) / ROWS;
    }
  }
  uint32_t approved = 0;
  for (uint32_t r = 0; r < ROWS; r++) approved += expected.conclusion[r] == CONCLUDE_APPROVED;
  double medians[WAYS];
  for (int w = 0; w < WAYS; w++) medians[w] = median_of(spent[w], TURNS);
  printf("%-22s %5u %5u %5u%%", id, compiled->criteria.count, compiled->set.variables.count,
         100 * approved / ROWS);
  for (int w = 0; w < WAYS; w++) {
    if (w > 0) printf("%-41s", "");
    printf(" %-24s %9.1f %9.2f %7.2f\n", ways[w].name, medians[w], 1000 / medians[w],
           medians[WAYS - 1] / medians[w]);
  }
  arena_close(&arena);
}

static const CompiledPolicy *newest(const licet_policy *policy, int kind) {
  return library_compiled(policy, &policy->model->versions.items[policy->model->versions.count - 1],
                          kind);
}

static void measure_statuses(const licet_library *library) {
  printf(
      "\nfacts bound, outcome and every node's status kept; random complete requests, every second "
      "one steered to approval\n");
  printf("(aim: 20 million a second; a plain C tree walk: 18 million)\n");
  printf("%-22s %5s %5s %6s %-24s %9s %9s %7s\n", "policy, first request", "nodes", "vars", "appr",
         "way", "ns each", "million/s", "speed");
  for (uint32_t i = 0; i < library->policies.count; i++) {
    const licet_policy *policy = licet_library_policy(library, i);
    measure_policy(licet_policy_id(policy), newest(policy, KIND_INITIAL));
  }
}

/* ---- 4  Facts bound: the outcome alone ---- */

static CenteneFacts random_facts(bool continuation, uint64_t *random) {
  CenteneFacts f = {.continuation = continuation};
  f.is_all = random_below(random, 10) != 0;
  f.lineage = random_below(random, 4) != 0 ? B_CELL_PRECURSOR : (uint8_t)random_below(random, 4);
  f.philadelphia_positive = random_below(random, 2) != 0;
  f.disease_status = (uint8_t)random_below(random, 4);
  f.mrd = (uint8_t)random_below(random, 3);
  f.prescriber = (uint8_t)random_below(random, 5);
  f.consulted = (uint8_t)random_below(random, 5);
  f.drug_source = (uint8_t)random_below(random, 4);
  f.therapy_count = (uint8_t)random_below(random, 4);
  for (int i = 0; i < f.therapy_count; i++)
    f.therapies[i] =
        (Therapy){(uint8_t)random_below(random, AGENTS), (uint8_t)random_below(random, 3)};
  f.dose_evidence_submitted = random_below(random, 2) != 0;
  f.dose_supported = random_below(random, 2) != 0;
  f.dose_increase = random_below(random, 2) != 0;
  f.regimen_recommended = random_below(random, 5) != 0;
  f.currently_on_drug = random_below(random, 4) != 0;
  f.positive_response = random_below(random, 4) != 0;
  f.days_on_drug = (int32_t)random_below(random, 60);
  f.dose_mcg_per_day = 9 + (int32_t)random_below(random, 27);
  return f;
}

static const char *yes_no(bool yes) { return yes ? "true" : "false"; }

static size_t write_request(const CenteneFacts *f, char *out, size_t size) {
  static const char *const specialties[] = {"oncology", "hematology", "hematology_oncology",
                                            "pediatric_hematology_oncology", "other"};
  static const char *const lineages[] = {"b_cell_precursor", "mature_b_cell", "t_cell", "other"};
  static const char *const statuses[] = {"newly_diagnosed", "remission", "relapsed", "refractory"};
  static const char *const mrds[] = {"positive", "negative", "unavailable"};
  static const char *const sources[] = {"plan_benefit", "other_coverage", "samples",
                                        "manufacturer_assistance"};
  static const char *const agents[] = {"imatinib",  "dasatinib", "nilotinib",  "bosutinib",
                                       "ponatinib", "asciminib", "vincristine"};
  static const char *const outcomes[] = {"refractory", "intolerant", "responded"};
  size_t length = (size_t)snprintf(
      out, size,
      "{\"payer\":\"Centene\",\"line\":\"commercial\",\"drug\":\"blinatumomab\",\"kind\":\"%s\","
      "\"received\":\"2026-11-02\","
      "\"facts\":{"
      "\"diagnosis\":{\"value\":\"%s\",\"document\":\"d\"},\"lineage\":{\"value\":\"%s\","
      "\"document\":\"d\"},"
      "\"philadelphia\":{\"value\":\"%s\",\"document\":\"d\"},\"disease_status\":{\"value\":\"%s\","
      "\"document\":\"d\"},"
      "\"mrd\":{\"value\":\"%s\",\"document\":\"d\"},\"prescriber_specialty\":\"%s\",\"consulted_"
      "specialty\":\"%s\",\"drug_"
      "source\":\"%s\","
      "\"dose_evidence_submitted\":%s,\"dose_supported\":{\"value\":%s,\"source\":\"reviewer\"},"
      "\"dose_increase\":%s,\"regimen_"
      "recommended\":%s,"
      "\"currently_on_drug\":{\"value\":%s,\"document\":\"d\"},\"positive_response\":{\"value\":%s,"
      "\"document\":\"d\"},"
      "\"days_on_drug\":{\"value\":%d,\"document\":\"d\"},\"dose_per_day\":\"%d "
      "mcg/day\",\"on_formulary\":true,\"prior_therapies_complete\":true,"
      "\"prior_therapies\":[",
      f->continuation ? "continuation" : "initial",
      f->is_all ? "acute_lymphoblastic_leukemia" : "other", lineages[f->lineage],
      f->philadelphia_positive ? "positive" : "negative", statuses[f->disease_status], mrds[f->mrd],
      specialties[f->prescriber], specialties[f->consulted], sources[f->drug_source],
      yes_no(f->dose_evidence_submitted), yes_no(f->dose_supported), yes_no(f->dose_increase),
      yes_no(f->regimen_recommended), yes_no(f->currently_on_drug), yes_no(f->positive_response),
      f->days_on_drug, f->dose_mcg_per_day);
  for (int i = 0; i < f->therapy_count; i++) {
    length += (size_t)snprintf(
        out + length, size - length,
        "%s{\"agent\":\"%s\",\"class\":\"%s\",\"outcome\":\"%s\",\"document\":\"d\"}",
        i == 0 ? "" : ",", agents[f->therapies[i].agent],
        f->therapies[i].agent == VINCRISTINE ? "chemotherapy" : "tki",
        outcomes[f->therapies[i].outcome]);
  }
  return length + (size_t)snprintf(out + length, size - length, "]}}");
}

static CenteneOutcome outcome_of(const licet_determination *d) {
  if (d->outcome == LICET_APPROVE) return CENTENE_APPROVE;
  if (d->outcome == LICET_REFER && d->reason == LICET_REASON_OTHER_POLICY)
    return CENTENE_OTHER_POLICY;
  if (d->outcome == LICET_REFER && d->reason == LICET_REASON_CRITERIA_NOT_MET)
    return CENTENE_CRITERIA_NOT_MET;
  fail("a complete request is left open", licet_determination_json(d, NULL));
  return CENTENE_CRITERIA_NOT_MET;
}

typedef struct OutcomeRows {
  const CompiledPolicy *compiled;
  uint32_t count, stride;
  CenteneFacts *facts;
  uint8_t *cells, *outcome;
} OutcomeRows;

typedef struct OutcomeWay {
  const char *name;
  void (*decide)(const OutcomeRows *rows);
} OutcomeWay;

/* Of the conclusions that the policy has where all facts are known. */
static const uint8_t outcome_of_conclusion[CONCLUSIONS] = {
    [CONCLUDE_APPROVED] = CENTENE_APPROVE,
    [CONCLUDE_OTHER_POLICY] = CENTENE_OTHER_POLICY,
    [CONCLUDE_NOT_RENEWABLE] = CENTENE_CRITERIA_NOT_MET,
    [CONCLUDE_CRITERIA_NOT_MET] = CENTENE_CRITERIA_NOT_MET};

static void outcome_by_diagram(const OutcomeRows *rows) {
  for (uint32_t r = 0; r < rows->count; r++) {
    rows->outcome[r] = outcome_of_conclusion[conclusion_by_diagram(
        rows->compiled, rows->cells + (size_t)r * rows->stride)];
  }
}

static void outcome_by_kernel(const OutcomeRows *rows) {
  for (uint32_t r = 0; r < rows->count; r++) {
    rows->outcome[r] = outcome_of_conclusion[conclusion_by_kernel(
        rows->compiled, rows->cells + (size_t)r * rows->stride)];
  }
}

static void outcome_by_hand(const OutcomeRows *rows) {
  for (uint32_t r = 0; r < rows->count; r++)
    rows->outcome[r] = (uint8_t)centene_decide(&rows->facts[r]);
}

/* Ratios are to the last, the function written by hand. */
static const OutcomeWay outcome_ways[] = {
    {"diagram_walk", outcome_by_diagram},
    {"kernel_walk", outcome_by_kernel},
    {"written by hand", outcome_by_hand},
};
enum { OUTCOME_WAYS = sizeof outcome_ways / sizeof *outcome_ways };

/* Decides each request whole; keeps what the engine said and the cells it bound. */
static OutcomeRows outcome_rows(licet_session *session, const CompiledPolicy *compiled,
                                uint32_t count, Arena *arena) {
  OutcomeRows rows = {
      .compiled = compiled, .count = count, .stride = (compiled->set.variables.count + 15) & ~15u};
  rows.facts = ARENA_ARRAY(arena, CenteneFacts, count);
  rows.cells = ARENA_ARRAY(arena, uint8_t, (size_t)count * rows.stride + 64);
  rows.outcome = ARENA_ARRAY(arena, uint8_t, count);
  uint64_t random = 312;
  char text[8192];
  for (uint32_t r = 0; r < count; r++) {
    const licet_determination *d;
    rows.facts[r] = random_facts(compiled->kind == KIND_CONTINUATION, &random);
    const size_t length = write_request(&rows.facts[r], text, sizeof text);
    if (licet_decide(session, text, length, &d) != LICET_OK)
      fail("a request made by the bench", licet_session_error_json(session, NULL));
    if (outcome_of(d) != centene_decide(&rows.facts[r]))
      fail("the function written by hand decides otherwise", text);
    uint8_t *cells = rows.cells + (size_t)r * rows.stride;
    for (uint32_t v = 0; v < compiled->set.variables.count; v++)
      cells[v] = (uint8_t)__builtin_ctzll(d->allowed[v]);
  }
  return rows;
}

static void measure_outcome(licet_session *session, const CompiledPolicy *compiled) {
  enum { ROWS = 8192, TURNS = 301 };
  static double spent[OUTCOME_WAYS][TURNS];
  Arena arena;
  arena_open(&arena);
  const OutcomeRows rows = outcome_rows(session, compiled, ROWS, &arena);
  for (int w = 0; w < OUTCOME_WAYS; w++) {
    outcome_ways[w].decide(&rows);
    for (uint32_t r = 0; r < ROWS; r++) {
      if (rows.outcome[r] != centene_decide(&rows.facts[r]))
        fail(outcome_ways[w].name, "decides otherwise");
    }
  }
  for (int t = 0; t < TURNS; t++) {
    for (int w = 0; w < OUTCOME_WAYS; w++) {
      const double begin = now_ns();
      outcome_ways[w].decide(&rows);
      spent[w][t] = (now_ns() - begin) / ROWS;
    }
  }
  double medians[OUTCOME_WAYS];
  for (int w = 0; w < OUTCOME_WAYS; w++) medians[w] = median_of(spent[w], TURNS);
  for (int w = 0; w < OUTCOME_WAYS; w++) {
    printf("%-22s %-24s %9.1f %9.2f %7.2f\n",
           w > 0                            ? ""
           : compiled->kind == KIND_INITIAL ? "initial request"
                                            : "continuation",
           outcome_ways[w].name, medians[w], 1000 / medians[w],
           medians[w] / medians[OUTCOME_WAYS - 1]);
  }
  arena_close(&arena);
}

static void measure_outcomes(const licet_library *library) {
  const licet_policy *policy = licet_library_policy_by_id(library, "CP.PHAR.312");
  if (policy == NULL) fail("CP.PHAR.312", "no such policy");
  licet_session *session = open_session(library);
  printf(
      "\nfacts bound, the outcome alone: CP.PHAR.312; 16384 random complete requests on which all "
      "agree (aim: time within 2 of by "
      "hand)\n");
  printf("%-22s %-24s %9s %9s %7s\n", "kind", "way", "ns each", "million/s", "time");
  for (int kind = 0; kind < KINDS; kind++) measure_outcome(session, newest(policy, kind));
  licet_session_close(session);
}

/* ---- 5  The command ---- */

enum { STREAM_ROUNDS = 3000 };

static void write_stream(const char *path) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) fail(path, "cannot be written");
  for (int round = 0; round < STREAM_ROUNDS; round++) {
    for (int i = 0; i < REQUESTS; i++) {
      fwrite(request_files[i].text, 1, request_files[i].length, file);
      fputc('\n', file);
    }
  }
  fclose(file);
}

extern char **environ;

static double run_command(const char *input) {
  char *arguments[] = {(char[]){COMMAND},      (char[]){"decide"}, (char[]){"--ndjson"},
                       (char[]){"--policies"}, (char[]){POLICIES}, NULL};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, input, O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  pid_t child;
  int status = 0;
  const double begin = now_ns();
  if (posix_spawn(&child, COMMAND, &files, NULL, arguments, environ) != 0)
    fail(COMMAND, "cannot be run");
  waitpid(child, &status, 0);
  const double spent = now_ns() - begin;
  posix_spawn_file_actions_destroy(&files);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail(COMMAND, "fails");
  return spent;
}

static void measure_command(void) {
  enum { TURNS = 7 };
  const char *path = "build/release/bench/stream.ndjson";
  double spent[TURNS];
  write_stream(path);
  for (int t = 0; t < TURNS; t++) spent[t] = run_command(path);
  const double median = median_of(spent, TURNS), requests = (double)STREAM_ROUNDS * REQUESTS;
  printf(
      "\nlicet decide --ndjson, %d requests of the kinds above, opening the library included: "
      "median %.0f ms, %.0f requests/s\n",
      (int)requests, median / 1e6, requests / median * 1e9);
  remove(path);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  order = complete_order();
  measure_memory();
  measure_opening();
  read_requests();
  licet_library *library = open_library();
  measure_requests(library);
  measure_statuses(library);
  measure_outcomes(library);
  licet_library_close(library);
  measure_command();
  return 0;
}
