/* Policies as an insurer of several payers keeps them: a dozen ways to cover a drug, written by
 * each payer in its own numbers, and looked at again every few months.
 *
 *     policy n     shape n % 12, of payer n / 12
 *     shape        which of the sections below it has, and whether one or all of its pathways count
 *     payer        how often it revises (every 4 to 12 months of 24), and which bounds it prints
 *     revision     one bound is printed again: the old line until the day before, the new one from
 * it
 *
 * Invariant: the n-th policy has the same text in every run and among however many policies.
 */
#include "revisions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { SHAPES = 12, MONTHS = 24, FIRST_YEAR = 2024, BOUNDS = 6 };

/* What a shape is made of. */
enum {
  HAS_AGE = 1,
  HAS_MARKERS = 2,
  HAS_MRD = 4,
  HAS_HISTORY = 8,
  HAS_DOSE = 16,
  HAS_CYCLES = 32,
  HAS_REGIMEN = 64,
  HAS_VACCINE = 128,
  HAS_PATHWAYS = 256,
  HAS_ROUTE = 512
};

static const unsigned shapes[SHAPES] = {
    HAS_AGE | HAS_MARKERS | HAS_DOSE,
    HAS_AGE | HAS_MRD | HAS_HISTORY | HAS_CYCLES,
    HAS_AGE | HAS_MARKERS | HAS_HISTORY | HAS_REGIMEN | HAS_PATHWAYS,
    HAS_MRD | HAS_DOSE | HAS_VACCINE,
    HAS_AGE | HAS_HISTORY | HAS_DOSE | HAS_CYCLES | HAS_ROUTE,
    HAS_AGE | HAS_MARKERS | HAS_MRD | HAS_PATHWAYS | HAS_VACCINE,
    HAS_HISTORY | HAS_REGIMEN | HAS_ROUTE,
    HAS_AGE | HAS_MARKERS | HAS_MRD | HAS_HISTORY | HAS_DOSE | HAS_PATHWAYS,
    HAS_AGE | HAS_DOSE | HAS_CYCLES | HAS_VACCINE,
    HAS_MARKERS | HAS_MRD | HAS_REGIMEN | HAS_DOSE,
    HAS_AGE | HAS_HISTORY | HAS_CYCLES | HAS_VACCINE | HAS_ROUTE,
    HAS_AGE | HAS_MARKERS | HAS_MRD | HAS_HISTORY | HAS_DOSE | HAS_CYCLES | HAS_REGIMEN |
        HAS_PATHWAYS | HAS_ROUTE,
};

/* A line whose number the payer chooses and revises. */
typedef struct Bound {
  unsigned part;
  const char *title, *condition, *unit;
  int least, step;
} Bound;

static const Bound bounds[BOUNDS] = {
    {HAS_AGE, "Minimum age", "age >= ", " years", 1, 1},
    {HAS_MRD, "MRD level", "mrd_level >= ", " %", 1, 1},
    {HAS_DOSE, "Daily dose", "dose_per_day <= ", " mcg/day", 28, 2},
    {HAS_CYCLES, "Cycles so far", "cycles_received <= ", "", 9, 1},
    {HAS_HISTORY, "Prior systemic therapies", "at least ", " prior_therapies where systemic", 1, 1},
    {HAS_MARKERS, "Remissions", "remission_number <= ", "", 2, 1},
};

typedef struct Writing {
  Buffer out;
  unsigned shape;
  int payer, every, revisions; /* the months between two; how many after the first version */
} Writing;

/* Versions begin on the second of a month, so that what they replace ends on the first. */
enum { LAST_DAY = 1, FIRST_DAY = 2 };

static void write_day(Buffer *out, int revision, int every, int day) {
  const int month = revision * every;
  buffer_format(out, "%04d-%02d-%02d", FIRST_YEAR + month / 12, 1 + month % 12, day);
}

static void write_bound(Writing *w, int which) {
  const Bound *bound = &bounds[which];
  Buffer *out = &w->out;
  if (!(w->shape & bound->part)) return;
  int began = 0, number = bound->least + w->payer % 3 * bound->step;
  for (int revision = 1; revision <= w->revisions + 1; revision++) {
    const bool is_last = revision == w->revisions + 1;
    if (!is_last && (revision + w->payer) % BOUNDS != which) continue;
    buffer_format(out, "    - \"%s\"", bound->title);
    if (began > 0) buffer_string(out, " from ");
    if (began > 0) write_day(out, began, w->every, FIRST_DAY);
    if (!is_last) buffer_string(out, " until ");
    if (!is_last) write_day(out, revision, w->every, LAST_DAY);
    buffer_format(out, ": %s%d%s\n", bound->condition, number, bound->unit);
    began = revision;
    number = number == bound->least ? bound->least + bound->step : bound->least;
  }
}

static void write_head(Writing *w, size_t policy) {
  Buffer *out = &w->out;
  buffer_format(out,
                "policy P%05zu \"Blinatumomab, policy %zu\"\n  payer \"Payer %d\"\n"
                "  lines commercial, medicaid\n  drug blinatumomab\n  vocabulary oncology\n"
                "  source \"Written for measuring; policy %zu of payer %d\"\n",
                policy, policy % SHAPES, w->payer, policy % SHAPES, w->payer);
  for (int revision = 0; revision <= w->revisions; revision++) {
    buffer_string(out, "  version ");
    write_day(out, revision, w->every, FIRST_DAY);
    buffer_format(out, " \"%s\"\n", revision == 0 ? "Created" : "Revised; one bound is new");
  }
  if (w->payer % 2 == 0) buffer_string(out, "  evidence documented\n");
}

static void write_disease(Writing *w) {
  Buffer *out = &w->out;
  buffer_string(out,
                "    2 \"B-cell precursor disease\": b_cell_all\n"
                "    3 \"Prescribed by, or with, a specialist\": specialist_prescribes or "
                "specialist_consulted\n"
                "    4 \"Disease\" any of\n"
                "      a \"Relapsed or refractory\": relapsed_or_refractory\n"
                "      b \"In remission\" all of\n"
                "        - \"Remission\": disease_status is remission\n"
                "        - \"MRD-positive\": mrd is positive\n");
  if (w->shape & HAS_MARKERS)
    buffer_string(out,
                  "    5 \"Markers\" all of\n"
                  "      - \"CD19-positive\": cd19 is positive\n"
                  "      any of\n"
                  "        - \"Ph-negative\": philadelphia is negative\n"
                  "        - \"Ph-positive, after a TKI\": philadelphia is positive and any "
                  "prior_therapies where class is tki\n");
  if (w->shape & HAS_REGIMEN)
    buffer_string(out,
                  "    6 \"Regimen\" any of\n"
                  "      - \"Single agent\": single_agent\n"
                  "      - \"With a TKI\": regimen includes tki\n"
                  "      - \"Recommended\": nccn_category in 1, 2A\n");
  if (w->shape & HAS_DOSE)
    buffer_string(out,
                  "    7 \"Dose for weight\" any of\n"
                  "      - \"At least 45 kg\": weight >= 45 kg\n"
                  "      - \"By surface\": dose_per_day <= 15 mcg/m2/day * body_surface(height, "
                  "weight)\n"
                  "      - \"Supported\": dose_supported\n");
  if (w->shape & HAS_VACCINE)
    buffer_string(out,
                  "    8 \"No live vaccine\" none of\n"
                  "      - \"In the last 14 days\": recent_live_vaccine\n"
                  "      - \"Planned\": coming_live_vaccine\n");
  if (w->shape & HAS_PATHWAYS)
    buffer_string(out,
                  "    9 \"Phase\" any of\n"
                  "      - \"Consolidation\": treatment_phase is consolidation\n"
                  "      - \"Maintenance\": treatment_phase is maintenance and "
                  "at_or_after_end_of_consolidation\n"
                  "      - \"Induction, frontline\": treatment_phase is induction and frontline\n");
}

static void write_policy(Writing *w, size_t policy) {
  Buffer *out = &w->out;
  write_head(w, policy);
  buffer_string(out,
                "\nI \"Initial approval\" for initial all of\n"
                "  A \"Acute lymphoblastic leukemia\" all of\n"
                "    approve 6 months\n"
                "    1 \"Diagnosis\": diagnosis is acute_lymphoblastic_leukemia\n");
  write_disease(w);
  for (int which = 0; which < BOUNDS; which++) write_bound(w, which);
  buffer_string(out,
                "\nII \"Continued therapy\" for continuation all of\n"
                "  A \"Response\" all of\n"
                "    approve 12 months\n"
                "    1 \"Responding or stable\": positive_response\n"
                "    2 \"Tolerated\": not unacceptable_toxicity\n"
                "    3 \"Receiving the drug\": currently_on_drug\n");
  if (w->shape & HAS_ROUTE)
    buffer_string(out,
                  "\nIII \"Other diseases\" for initial all of\n"
                  "  A \"Another disease\": diagnosis is other\n"
                  "    route OTHER.1 where line is commercial\n"
                  "    route OTHER.2 where line is medicaid\n");
  buffer_finish(out);
}

static char *read_vocabulary(Arena *arena, size_t *length) {
  FILE *file = fopen("policies/oncology.licet", "r");
  if (file == NULL) {
    fputs("bench: run it from the top of the repository, where policies/ is\n", stderr);
    exit(1);
  }
  char *text = arena_allocate_raw(arena, 1 << 16);
  *length = fread(text, 1, 1 << 16, file);
  fclose(file);
  return text;
}

Revisions revisions_write(Arena *arena, size_t policies) {
  Revisions r = {.texts = ARENA_ARRAY(arena, licet_text, policies + 1), .count = policies + 1};
  r.texts[0].name = "oncology.licet";
  r.texts[0].text = read_vocabulary(arena, &r.texts[0].length);
  for (size_t n = 0; n < policies; n++) {
    static const int months[] = {4, 6, 8, 12};
    Writing w = {.shape = shapes[n % SHAPES], .payer = (int)(n / SHAPES)};
    w.every = months[w.payer % 4];
    w.revisions = MONTHS / w.every;
    buffer_open(&w.out, arena, 4096);
    write_policy(&w, n);
    r.texts[n + 1] = (licet_text){
        .name = arena_format(arena, "P%05zu.licet", n), .text = w.out.at, .length = w.out.length};
    r.bytes += w.out.length;
    r.versions += (size_t)w.revisions + 1;
  }
  return r;
}

const char *revisions_request(Arena *arena, size_t policy, size_t *length) {
  char *request = arena_format(
      arena,
      "{\"id\":\"R%zu\",\"payer\":\"Payer %zu\",\"policy\":\"P%05zu\",\"line\":\"commercial\","
      "\"drug\":\"blinatumomab\",\"kind\":\"initial\",\"urgency\":\"standard\","
      "\"received\":\"2026-03-01T10:00:00Z\",\"start\":\"2026-03-08\",\"facts\":{"
      "\"birth_date\":\"1982-01-09\",\"weight\":\"73 kg\",\"height\":\"165 cm\","
      "\"prescriber_specialty\":\"hematology\","
      "\"diagnosis\":{\"value\":\"acute_lymphoblastic_leukemia\",\"document\":\"a\"},"
      "\"lineage\":{\"value\":\"b_cell_precursor\",\"document\":\"a\"},"
      "\"disease_status\":{\"value\":\"remission\",\"document\":\"a\"},"
      "\"cd19\":{\"value\":\"positive\",\"document\":\"a\"},"
      "\"philadelphia\":{\"value\":\"negative\",\"document\":\"a\"},"
      "\"remission_number\":{\"value\":1,\"document\":\"a\"},"
      "\"mrd\":{\"value\":\"positive\",\"document\":\"a\"},"
      "\"mrd_level\":{\"value\":\"12 %%\",\"document\":\"a\"},"
      "\"dose_per_day\":\"28 mcg/day\",\"regimen\":[],\"nccn_category\":\"2A\","
      "\"cycles_received\":%zu,\"treatment_phase\":\"consolidation\","
      "\"live_vaccine_last\":\"none\",\"live_vaccine_planned\":false,"
      "\"prior_therapies\":[{\"agent\":\"hyper-CVAD\",\"class\":\"chemotherapy\",\"systemic\":true,"
      "\"outcome\":\"responded\",\"document\":\"a\"}],\"prior_therapies_complete\":true}}",
      policy, policy / SHAPES, policy, policy % 4);
  *length = strlen(request);
  return request;
}
