/* property_test: random drugs, regimens, bodies, interruptions and limits, against a slow and
 * simple calculation.
 *
 *     property_test [--count N] [--seed N]
 *
 * Each world is a vocabulary and a policy written on the spot; each plan of it is asked for through
 * the public header, and calculated here once more: days by a table of interrupted dates, vials by
 * trying every number of every size, limits by adding up. Then, for each plan: billed is never less
 * than administered; the days, the cycles and the totals add up; no dose falls on an interrupted
 * day; more dose or more body never needs fewer vials; the same request gives the same bytes. The
 * last line is "N passed, N failed", counting plans; the seed is printed, and the same seed makes
 * the same plans.
 */
#include <stdbool.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "licet/dose.h"

typedef __int128 Wide;

/* Amounts of drug are billionths of a mg, as whole numbers. */
#define MCG INT64_C(1000000)
#define PLANS_A_WORLD 100

enum {
  SIZES = 3,
  BAGS = 3,
  ROWS = 2,
  RULES = 3,
  LINES = 3,
  CYCLES = 6,
  LENGTH = 42,
  BREAKS = 3,
  LIMITS = 3,
  DAYS = 3000
};

/* ---- Chance ---- */

static uint64_t chance;

static uint64_t next_random(void) {
  chance += UINT64_C(0x9E3779B97F4A7C15);
  uint64_t z = chance;
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static int between(int low, int high) {
  return low + (int)(next_random() % (uint64_t)(high - low + 1));
}
static bool one_in(int n) { return between(1, n) == 1; }

/* ---- A world ---- */

typedef enum By { FLAT, BY_SURFACE, BY_WEIGHT } By;

typedef struct Line {
  int first, last; /* days */
  By by;
  bool by_time, has_bands;
  int mcg, mcg_light; /* for those from the band's weight on, or for all; for those below */
  int at_most;        /* mcg; 0: no bound */
} Line;

typedef struct Rule {
  int first, last, length, lines;
  Line line[LINES];
} Rule;

typedef struct Bag {
  int days, from_kg, rows; /* from_kg 0: for everybody */
  int row_mcg[ROWS], row_vials[ROWS];
} Bag;

typedef struct Limit {
  bool of_vials;
  int bound, every, first, last; /* every 0: in all; first 0: in every cycle */
} Limit;

typedef struct World {
  int unit_mcg, sizes, content[SIZES], usable[SIZES]; /* mcg, largest content first */
  int bags, rules, cycles, interruption, band_kg;     /* interruption -1: however long */
  Bag bag[BAGS];
  Rule rule[RULES];
  int limits, authorized_days, authorized_cycles;
  Limit limit[LIMITS];
} World;

static void make_sizes(World *world) {
  world->unit_mcg = between(1, 5);
  world->sizes = between(1, SIZES);
  int units = between(2, 12);
  for (int i = world->sizes - 1; i >= 0; i--, units += between(1, 12)) {
    world->content[i] = world->usable[i] = units * world->unit_mcg;
    if (one_in(3)) world->usable[i] = world->content[i] - between(0, world->content[i] / 2);
  }
}

static void make_bags(World *world) {
  world->bags = between(0, BAGS);
  for (int i = 0; i < world->bags; i++) {
    Bag *bag = &world->bag[i];
    *bag = (Bag){.days = between(1, 7),
                 .from_kg = one_in(3) ? between(10, 60) : 0,
                 .rows = between(0, ROWS)};
    for (int r = 0, mcg = 0, vials = 0; r < bag->rows; r++) {
      bag->row_mcg[r] = mcg += between(1, 20);
      bag->row_vials[r] = vials += between(r == 0, 4);
    }
  }
}

static void make_line(World *world, Line *line, int first, int last, bool is_gentle) {
  *line = (Line){.first = first,
                 .last = last,
                 .by = (By)between(0, 2),
                 .by_time = one_in(2),
                 .has_bands = one_in(2)};
  int most = is_gentle ? 20 : 40;
  if (line->by == BY_WEIGHT) most = 1;
  line->mcg = between(1, most);
  line->mcg_light = between(1, most);
  if (one_in(2)) line->at_most = between(1, 60);
  (void)world;
}

static void make_rules(World *world) {
  world->rules = 0;
  for (int cycle = 1; world->rules < RULES && (cycle == 1 || one_in(2)); world->rules++) {
    Rule *rule = &world->rule[world->rules];
    *rule = (Rule){.first = cycle, .last = cycle + between(0, 1), .length = between(3, LENGTH)};
    for (int day = between(1, 3); rule->lines < LINES && day <= rule->length; rule->lines++) {
      int last = day + between(0, 20);
      if (last > rule->length) last = rule->length;
      make_line(world, &rule->line[rule->lines], day, last, true);
      day =
          last +
          (one_in(2) ? 1 : between(1, 8)); /* one dose straight after the other, or days between */
    }
    cycle = rule->last + 1;
    world->cycles = rule->last;
  }
}

static void make_limits(World *world) {
  world->authorized_days = between(1, 200);
  world->authorized_cycles = between(1, world->cycles);
  world->limits = between(0, LIMITS);
  for (int i = 0; i < world->limits; i++) {
    Limit *limit = &world->limit[i];
    *limit = (Limit){.of_vials = one_in(2),
                     .bound = between(1, one_in(2) ? 60 : 1500),
                     .every = one_in(3) ? 0 : between(1, 90)};
    if (one_in(3)) {
      limit->first = between(1, 3);
      limit->last = limit->first + between(0, 2);
    }
  }
}

static World make_world(void) {
  World world = {.interruption = one_in(4) ? -1 : between(1, 9), .band_kg = between(20, 60)};
  make_sizes(&world);
  make_bags(&world);
  make_rules(&world);
  make_limits(&world);
  return world;
}

/* ---- The world as files ---- */

static void write_dose(FILE *file, const Line *line, int mcg) {
  static const char *const per[] = {[FLAT] = "", [BY_SURFACE] = "/m2", [BY_WEIGHT] = "/kg"};
  const char *time = line->by_time ? "/day" : "";
  if (line->first == line->last) fprintf(file, "      day %d: ", line->first);
  if (line->first < line->last) fprintf(file, "      days %d to %d: ", line->first, line->last);
  fprintf(file, "%d mcg%s%s", mcg, per[line->by], time);
  if (line->at_most > 0) fprintf(file, " at most %d mcg%s", line->at_most, time);
}

static void write_regimen(FILE *file, const World *world) {
  fputs("  regimen course \"Course\" of alpha\n", file);
  if (world->interruption > 0)
    fprintf(file, "    interruption at most %d days\n", world->interruption);
  for (int i = 0; i < world->rules; i++) {
    const Rule *rule = &world->rule[i];
    fprintf(file, "    cycles %d to %d every %d days\n", rule->first, rule->last, rule->length);
    for (int l = 0; l < rule->lines; l++) {
      const Line *line = &rule->line[l];
      write_dose(file, line, line->mcg);
      fprintf(file, line->has_bands ? " if weight >= %d kg\n" : "\n", world->band_kg);
      if (!line->has_bands) continue;
      write_dose(file, line, line->mcg_light);
      fprintf(file, " if weight < %d kg\n", world->band_kg);
    }
  }
}

static void write_vocabulary(FILE *file, const World *world) {
  fputs(
      "vocabulary clinic \"Clinic\"\n"
      "  fact weight: mass\n    dosing weight\n"
      "  fact height: length\n    dosing height\n"
      "  fact prepared: name\n    dosing preparation\n"
      "  fact next: count\n    dosing next_cycle\n"
      "  fact wanted: count\n    dosing cycles_requested\n"
      "  fact agreed: yes | no\n"
      "  fact breaks: list\n    dosing interruptions\n    field first_day: date\n    field "
      "last_day: date\n",
      file);
  fprintf(file, "  drug alpha \"Alpha\"\n    hcpcs J0001 = %d mcg\n", world->unit_mcg);
  for (int i = 0; i < world->sizes; i++) {
    fprintf(file, "    vial %d mcg\n", world->content[i]);
    if (world->usable[i] != world->content[i])
      fprintf(file, "      usable %d mL at 1 mcg/mL\n", world->usable[i]);
  }
  for (int i = 0; i < world->bags; i++) {
    const Bag *bag = &world->bag[i];
    fprintf(file, "  preparation bag_%d \"Bag %d\" of alpha\n    lasts %d days\n", i, i, bag->days);
    if (bag->from_kg > 0) fprintf(file, "    when weight >= %d kg\n", bag->from_kg);
    for (int r = 0; r < bag->rows; r++)
      fprintf(file, "    at %d mcg/day: %d vials\n", bag->row_mcg[r], bag->row_vials[r]);
  }
  write_regimen(file, world);
}

static void write_policy(FILE *file, const World *world) {
  fputs(
      "policy P \"Alpha\"\n  payer \"Payer\"\n  lines commercial\n  drug alpha\n  vocabulary "
      "clinic\n  version 2026-01-01\n",
      file);
  for (int i = 0; i < world->limits; i++) {
    const Limit *limit = &world->limit[i];
    fprintf(file, "  limit %d %s", limit->bound, limit->of_vials ? "vials" : "units of J0001");
    if (limit->every > 0) fprintf(file, " every %d days", limit->every);
    if (limit->first > 0 && limit->first == limit->last)
      fprintf(file, " in cycle %d", limit->first);
    if (limit->first > 0 && limit->first < limit->last)
      fprintf(file, " in cycles %d to %d", limit->first, limit->last);
    fputc('\n', file);
  }
  fprintf(file, "A \"Agreed\": agreed\n  approve %d days, %d cycles\n  dosed as course\n",
          world->authorized_days, world->authorized_cycles);
}

static licet_library *open_world(const char *folder, const World *world) {
  char path[96];
  licet_library *library;
  licet_report *report;
  snprintf(path, sizeof path, "%s/clinic.licet", folder);
  FILE *file = fopen(path, "w");
  write_vocabulary(file, world);
  fclose(file);
  snprintf(path, sizeof path, "%s/policy.licet", folder);
  file = fopen(path, "w");
  write_policy(file, world);
  fclose(file);
  if (licet_library_open(folder, NULL, &library, &report) != LICET_OK) {
    fprintf(stderr, "%s\n", report == NULL ? "no memory" : licet_report_text(report));
    exit(1);
  }
  licet_report_free(report);
  return library;
}

/* ---- A patient ---- */

typedef struct Patient {
  int weight, height; /* tenths of kg, of cm */
  int bag;            /* -1: not said */
  int next, wanted;   /* 0: not said */
  bool agreed;
  int breaks, first[BREAKS], last[BREAKS]; /* days from the start */
} Patient;

static Patient make_patient(const World *world) {
  Patient patient = {
      .weight = between(20, 1500), .height = between(400, 2200), .bag = -1, .agreed = one_in(2)};
  if (one_in(3)) patient.weight = world->band_kg * 10 + between(-1, 1);
  if (one_in(2)) patient.next = between(1, world->cycles);
  if (one_in(2)) patient.wanted = between(1, CYCLES);
  if (world->bags > 0 && one_in(2)) patient.bag = between(0, world->bags - 1);
  patient.breaks = one_in(2) ? 0 : between(1, BREAKS);
  for (int i = 0; i < patient.breaks; i++) {
    patient.first[i] = between(-5, 150);
    patient.last[i] = patient.first[i] + between(0, one_in(4) ? 30 : 10);
  }
  return patient;
}

static void add(char *out, size_t size, const char *format, ...) {
  size_t length = strlen(out);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(out + length, size - length, format, arguments);
  va_end(arguments);
}

static Date start_date(void) { return date_from_civil(2026, 11, 2); }

static void write_request(const Patient *patient, char *out, size_t size) {
  snprintf(out, size,
           "{\"payer\":\"Payer\",\"line\":\"commercial\",\"drug\":\"alpha\",\"kind\":\"initial\","
           "\"received\":\"2026-11-02\",\"facts\":{"
           "\"agreed\":%s,\"weight\":\"%d.%d kg\",\"height\":\"%d.%d cm\"",
           patient->agreed ? "true" : "false", patient->weight / 10, patient->weight % 10,
           patient->height / 10, patient->height % 10);
  if (patient->bag >= 0) add(out, size, ",\"prepared\":\"bag_%d\"", patient->bag);
  if (patient->next > 0) add(out, size, ",\"next\":%d", patient->next);
  if (patient->wanted > 0) add(out, size, ",\"wanted\":%d", patient->wanted);
  add(out, size, ",\"breaks\":[");
  for (int i = 0; i < patient->breaks; i++) {
    char first[11], last[11];
    date_write(start_date() + patient->first[i], first);
    date_write(start_date() + patient->last[i], last);
    add(out, size, "%s{\"first_day\":\"%.10s\",\"last_day\":\"%.10s\"}", i == 0 ? "" : ",", first,
        last);
  }
  add(out, size, "]}}");
}

/* ---- The slow calculation ---- */

typedef struct Day {
  char kind; /* D, -, x */
  int cycle, day, begun;
  int64_t dose, vials, units;
} Day;

typedef struct Reckoned {
  int days, cycles;
  Day day[DAYS];
  int64_t vials, given, billed, administered; /* units; given is rounded up for each date */
} Reckoned;

static int64_t surface(const Patient *patient) { /* Mosteller, billionths of m2, down */
  Wide square = (Wide)patient->weight * patient->height * 1000000000 / 100 * 1000000000 / 3600,
       low = 0, high = (Wide)1 << 40;
  while (high - low > 1) {
    Wide middle = (low + high) / 2;
    if (middle * middle <= square) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (int64_t)low;
}

static int64_t half_to_even(Wide numerator, Wide denominator) {
  Wide whole = numerator / denominator, rest = numerator % denominator * 2;
  if (rest > denominator || (rest == denominator && whole % 2 == 1)) whole++;
  return (int64_t)whole;
}

static int64_t dose_of(const World *world, const Patient *patient, const Line *line) {
  int mcg = line->has_bands && patient->weight < world->band_kg * 10 ? line->mcg_light : line->mcg;
  int64_t dose = mcg * MCG;
  if (line->by == BY_SURFACE) dose = half_to_even((Wide)dose * surface(patient), 1000000000);
  if (line->by == BY_WEIGHT) dose = half_to_even((Wide)dose * patient->weight, 10);
  return line->at_most > 0 && dose > line->at_most * MCG ? line->at_most * MCG : dose;
}

static const Rule *rule_of(const World *world, int cycle) {
  for (int i = 0; i < world->rules; i++) {
    if (cycle >= world->rule[i].first && cycle <= world->rule[i].last) return &world->rule[i];
  }
  return NULL;
}

static const Line *line_on(const Rule *rule, int day) {
  for (int i = 0; i < rule->lines; i++) {
    if (day >= rule->line[i].first && day <= rule->line[i].last) return &rule->line[i];
  }
  return NULL;
}

/* Every number of every size: the least content that holds the amount, then the fewest vials. */
static void least(const World *world, int size, int64_t amount, int64_t vials, int64_t content,
                  int64_t best[2]) {
  if (amount <= 0) {
    if (best[1] < 0 || content < best[1] || (content == best[1] && vials < best[0]))
      best[0] = vials, best[1] = content;
    return;
  }
  if (size == world->sizes) return;
  if (best[1] >= 0 && content > best[1]) return;
  int64_t usable = world->usable[size] * MCG, most = (amount + usable - 1) / usable;
  for (int64_t n = most; n >= 0; n--)
    least(world, size + 1, amount - n * usable, vials + n, content + n * world->content[size],
          best);
}

static bool may_have(const Patient *patient, const Bag *bag) {
  return patient->weight >= bag->from_kg * 10;
}

static int64_t table_vials(const World *world, const Bag *bag, int64_t dose, int64_t vials) {
  if (world->sizes > 1) return vials;
  for (int r = 0; r < bag->rows; r++) {
    if (bag->row_mcg[r] * MCG <= dose && vials < bag->row_vials[r]) vials = bag->row_vials[r];
  }
  for (int r = bag->rows - 1; r >= 0; r--) {
    if (bag->row_mcg[r] * MCG >= dose && vials > bag->row_vials[r]) vials = bag->row_vials[r];
  }
  return vials;
}

/* What is prepared on a day of which `run` days more have the same dose; 0 bags: each dose is drawn
 * up by itself. */
static void prepare(const World *world, const Patient *patient, Day *day, const Line *line,
                    int run) {
  int64_t best[2] = {-1, -1};
  int chosen = patient->bag;
  for (int i = 0; chosen < 0 && i < world->bags; i++) {
    if (may_have(patient, &world->bag[i])) chosen = i;
  }
  day->begun = 1;
  if (!line->by_time || chosen < 0) {
    least(world, 0, day->dose, 0, 0, best);
  } else {
    const Bag *bag = &world->bag[chosen], *shorter = NULL;
    for (int i = 0; bag->days > run && i < world->bags; i++) {
      const Bag *other = &world->bag[i];
      if (other->days <= run && may_have(patient, other) &&
          (shorter == NULL || other->days > shorter->days))
        shorter = other;
    }
    if (shorter != NULL) bag = shorter;
    day->begun = bag->days < run ? bag->days : run;
    least(world, 0, day->dose * day->begun, 0, 0, best);
    if (day->begun == bag->days) {
      int64_t vials = table_vials(world, bag, day->dose, best[0]);
      if (world->sizes == 1) best[1] = vials * world->content[0];
      best[0] = vials;
    }
  }
  day->vials = best[0];
  day->units = best[1] / world->unit_mcg;
}

static bool is_broken(const Patient *patient, int date) {
  for (int i = 0; i < patient->breaks; i++) {
    if (date >= patient->first[i] && date <= patient->last[i]) return true;
  }
  return false;
}

static int run_from(const World *world, const Patient *patient, const Rule *rule, int day) {
  const Line *line = line_on(rule, day);
  int run = 1;
  for (const Line *next; day + run <= rule->length && (next = line_on(rule, day + run)) != NULL;
       run++) {
    if (next->by_time != line->by_time ||
        dose_of(world, patient, next) != dose_of(world, patient, line))
      break;
  }
  return run;
}

static void reckon_cycle(const World *world, const Patient *patient, const Rule *rule, int number,
                         Reckoned *out) {
  int stood = 0, hanging = 0;
  int64_t in_patient = 0, unit = world->unit_mcg * MCG; /* of the bag that hangs */
  bool has_begun = false;
  for (int day = 1; day <= rule->length;) {
    const Line *line = line_on(rule, day);
    Day *here = &out->day[out->days];
    *here = (Day){.kind = '-', .cycle = number, .day = day};
    if (line != NULL && is_broken(patient, out->days)) {
      here->kind = 'x';
      out->days++;
      stood++;
      hanging = 0;
      continue;
    }
    if (has_begun && world->interruption >= 0 && stood > world->interruption) break;
    out->days++;
    day++;
    stood = 0;
    if (line == NULL) {
      hanging = 0;
      continue;
    }
    has_begun = true;
    here->kind = 'D';
    here->dose = dose_of(world, patient, line);
    out->administered += here->dose;
    if (hanging == 0) {
      out->given += (in_patient + unit - 1) / unit;
      in_patient = 0;
      prepare(world, patient, here, line, run_from(world, patient, rule, day - 1));
      hanging = here->begun;
    }
    hanging--;
    in_patient += here->dose;
    out->vials += here->vials;
    out->billed += here->units;
  }
  out->given += (in_patient + unit - 1) / unit;
  out->cycles++;
}

static void charge(const World *world, const Patient *patient, Reckoned *out) {
  memset(out, 0, sizeof *out);
  int first = patient->next > 0 ? patient->next : 1, left = world->cycles - first + 1;
  int count = patient->agreed       ? world->authorized_cycles
              : patient->wanted > 0 ? patient->wanted
                                    : left;
  if (count > left) count = left;
  for (int i = 0; i < count; i++)
    reckon_cycle(world, patient, rule_of(world, first + i), first + i, out);
}

/* ---- Holding one against the other ---- */

static const char *trouble; /* the first difference of a plan, or NULL */
static char trouble_text[256];

static void differ(const char *what, long long expected, long long computed) {
  if (trouble != NULL) return;
  snprintf(trouble_text, sizeof trouble_text, "%s: %lld reckoned, %lld computed", what, expected,
           computed);
  trouble = trouble_text;
}

static void same(const char *what, long long expected, long long computed) {
  if (expected != computed) differ(what, expected, computed);
}

static void holds(const char *what, bool truth) {
  if (!truth) differ(what, 1, 0);
}

/* "11.7 mcg" or "1.5 mg" or "2 g" → billionths of a mg. */
static int64_t amount_of(const char *text) {
  int64_t whole = 0, scale = 1;
  bool point = false;
  for (; *text != ' ' && *text != '\0'; text++) {
    if (*text == '.') {
      point = true;
      continue;
    }
    whole = whole * 10 + (*text - '0');
    if (point) scale *= 10;
  }
  int64_t unit = strcmp(text, " mcg") == 0  ? MCG
                 : strcmp(text, " mg") == 0 ? MCG * 1000
                 : strcmp(text, " ng") == 0 ? MCG / 1000
                                            : 0;
  return unit == 0 ? -1 : (int64_t)((Wide)whole * unit / scale);
}

static void check_days(const Reckoned *expected, const licet_dose_plan *plan) {
  licet_dose_day day;
  int64_t vials = 0, units = 0, administered = 0;
  int count = 0;
  for (; (day = licet_dose_plan_day(plan, (size_t)count)).date != NULL && count < expected->days;
       count++) {
    const Day *here = &expected->day[count];
    char date[11];
    date_write(start_date() + count, date);
    holds("dates", strncmp(date, day.date, 10) == 0);
    same("the kind of a day", here->kind, "D-x"[day.kind]);
    same("the cycle of a day", here->cycle, day.cycle);
    same("the count of a day", here->day, day.day);
    same("the dose of a day", here->dose, day.dose[0] == '\0' ? 0 : amount_of(day.dose));
    same("days of a bag", here->begun, day.preparation_days);
    same("vials of a day", here->vials, day.vials);
    same("units of a day", here->units, day.billed_units);
    vials += day.vials;
    units += day.billed_units;
    administered += day.dose[0] == '\0' ? 0 : amount_of(day.dose);
  }
  same("days", expected->days, count + (licet_dose_plan_day(plan, (size_t)count).date != NULL));
  licet_dose_totals totals = licet_dose_plan_totals(plan);
  same("vials of all days", vials, totals.vials);
  same("units of all days", units, totals.billed_units);
  same("doses of all days", administered, amount_of(totals.administered));
}

/* The units of a kind of line: "" and JW on the dates that discard something, JZ on the others. */
static int64_t units_of_date(const licet_dose_day *day, licet_modifier modifier) {
  const bool has_waste = day->modifier == LICET_MODIFIER_JW;
  switch (modifier) {
    case LICET_MODIFIER_JZ:
      return has_waste ? 0 : day->billed_units;
    case LICET_MODIFIER_JW:
      return has_waste ? day->discarded_units : 0;
    case LICET_MODIFIER_NONE:
      return has_waste ? day->billed_units - day->discarded_units : 0;
  }
  abort();
}

/* Billing by cycle is the sum of its dates of service, line by line. */
static void check_bills(const licet_dose_plan *plan) {
  static const licet_modifier modifiers[] = {LICET_MODIFIER_NONE, LICET_MODIFIER_JW,
                                             LICET_MODIFIER_JZ};
  licet_dose_cycle cycle;
  for (size_t c = 0; (cycle = licet_dose_plan_cycle(plan, c)).title != NULL; c++) {
    for (int m = 0; m < 3; m++) {
      int64_t of_dates = 0, of_lines = 0;
      licet_dose_line line;
      for (size_t i = 0; i < cycle.days; i++) {
        licet_dose_day day = licet_dose_plan_day(plan, cycle.first_day + i);
        if (day.preparation_days > 0) of_dates += units_of_date(&day, modifiers[m]);
      }
      for (size_t i = 0; (line = licet_dose_plan_line(plan, i)).hcpcs != NULL; i++) {
        if (line.cycle == cycle.number && line.modifier == modifiers[m]) of_lines += line.units;
      }
      same("units of a cycle's dates and lines", of_dates, of_lines);
    }
  }
}

static void check_totals(const World *world, const Reckoned *expected,
                         const licet_dose_plan *plan) {
  licet_dose_totals totals = licet_dose_plan_totals(plan), sum = {0};
  licet_dose_cycle cycle;
  licet_dose_line line;
  int cycles = 0;
  int64_t billed = 0, lost = 0;
  for (; (cycle = licet_dose_plan_cycle(plan, (size_t)cycles)).title != NULL; cycles++) {
    sum.dose_days += cycle.totals.dose_days;
    sum.preparations += cycle.totals.preparations;
    sum.vials += cycle.totals.vials;
    sum.administered_units += cycle.totals.administered_units;
    sum.billed_units += cycle.totals.billed_units;
    sum.discarded_units += cycle.totals.discarded_units;
    same("a cycle's length", cycle.days, cycle.length);
  }
  for (size_t i = 0; (line = licet_dose_plan_line(plan, i)).hcpcs != NULL; i++) {
    billed += line.units;
    lost += line.modifier == LICET_MODIFIER_JW ? line.units : 0;
  }
  same("cycles", expected->cycles, cycles);
  same("vials", expected->vials, totals.vials);
  same("billed units", expected->billed, totals.billed_units);
  same("administered units", expected->given, totals.administered_units);
  same("administered", expected->administered, amount_of(totals.administered));
  same("dose days of the cycles", sum.dose_days, totals.dose_days);
  same("preparations of the cycles", sum.preparations, totals.preparations);
  same("vials of the cycles", sum.vials, totals.vials);
  same("administered units of the cycles", sum.administered_units, totals.administered_units);
  same("billed units of the cycles", sum.billed_units, totals.billed_units);
  /* a table may print fewer vials than the volume asks for; nothing else may */
  bool has_table = false;
  for (int i = 0; i < world->bags; i++)
    has_table = has_table || (world->sizes == 1 && world->bag[i].rows > 0);
  if (!has_table) {
    holds("billed is at least administered", totals.billed_units >= totals.administered_units);
    same("discarded units", totals.billed_units - totals.administered_units,
         totals.discarded_units);
    same("discarded units of the cycles", sum.discarded_units, totals.discarded_units);
    same("units on all lines", totals.billed_units, billed);
    same("units on the JW lines", totals.discarded_units, lost);
  }
}

static void check_limit(const Limit *limit, const Reckoned *expected,
                        const licet_dose_limit *computed) {
  int64_t reached = 0, sum = 0, amount = 0;
  int first = -1, passed = -1;
  for (int i = 0; i < expected->days; i++) {
    const Day *day = &expected->day[i];
    int64_t here = limit->of_vials ? day->vials : day->units;
    if (here == 0 || (limit->first > 0 && (day->cycle < limit->first || day->cycle > limit->last)))
      continue;
    if (first < 0 || (limit->every > 0 && i - first >= limit->every)) first = i, sum = 0;
    sum += here;
    if (sum > reached) reached = sum;
    if (sum > limit->bound && passed < 0) passed = i, amount = sum;
  }
  char date[11] = "";
  if (passed >= 0) date_write(start_date() + passed, date);
  same("the most in a limit's time", reached, computed->reached);
  holds("the first day a limit is passed", strncmp(date, computed->passed, 10) == 0);
  same("the amount that passes a limit", amount, computed->amount);
}

static void check_limits(const World *world, const Patient *patient, const Reckoned *expected,
                         const licet_dose_plan *plan) {
  for (int i = 0; i < world->limits; i++) {
    licet_dose_limit computed = licet_dose_plan_limit(plan, (size_t)i);
    if (computed.text == NULL) {
      differ("limits", world->limits, i);
      return;
    }
    check_limit(&world->limit[i], expected, &computed);
  }
  if (!patient->agreed) return;
  licet_dose_limit computed =
      licet_dose_plan_limit(plan, (size_t)world->limits + 1); /* behind the cycles authorized */
  int passed = 0; /* the first dose after the end; the last authorized day is the start and the
                     length, less one */
  while (passed < expected->days &&
         (expected->day[passed].kind != 'D' || passed < world->authorized_days))
    passed++;
  char date[11] = "";
  if (passed < expected->days) date_write(start_date() + passed, date);
  holds("the authorization's end",
        computed.text != NULL && strncmp(date, computed.passed, 10) == 0);
}

/* ---- One plan ---- */

static const licet_dose_plan *plan_of(licet_session *session, const Patient *patient, char *request,
                                      size_t size) {
  const licet_dose_plan *plan = NULL;
  write_request(patient, request, size);
  if (licet_dose(session, request, strlen(request), NULL, &plan) != LICET_OK) return NULL;
  return plan;
}

static bool has_error(const licet_dose_plan *plan) {
  licet_dose_finding finding;
  for (size_t i = 0; (finding = licet_dose_plan_finding(plan, i)).message != NULL; i++) {
    if (finding.severity == LICET_SEVERITY_ERROR) return true;
  }
  return false;
}

static void check_bytes(licet_session *session, licet_session *other, const Patient *patient) {
  char request[2048];
  const licet_dose_plan *first = plan_of(session, patient, request, sizeof request);
  const licet_dose_plan *second = plan_of(other, patient, request, sizeof request);
  holds("the same bytes",
        first != NULL && second != NULL &&
            strcmp(licet_dose_json(first, NULL), licet_dose_json(second, NULL)) == 0);
}

/* A body that is taller takes no less, whatever the regimen: the weight, and so the band, is the
 * same. */
static void check_taller(licet_session *session, const Patient *patient, int64_t billed,
                         int64_t given) {
  char request[2048];
  Patient taller = *patient;
  taller.height += between(1, 300);
  const licet_dose_plan *plan = plan_of(session, &taller, request, sizeof request);
  if (plan == NULL) {
    differ("a taller patient's plan", 1, 0);
    return;
  }
  holds("a taller patient is given no less",
        licet_dose_plan_totals(plan).administered_units >= given);
  holds("a taller patient is billed no less", licet_dose_plan_totals(plan).billed_units >= billed);
}

static bool forbids(const World *world, const Patient *patient) {
  return patient->bag >= 0 && !may_have(patient, &world->bag[patient->bag]);
}

static void check_plan(const World *world, const Patient *patient, licet_session *session,
                       licet_session *other) {
  static Reckoned expected;
  char request[2048];
  trouble = NULL;
  const licet_dose_plan *plan = plan_of(session, patient, request, sizeof request);
  if (plan == NULL) {
    differ("the request", 1, 0);
    return;
  }
  if (forbids(world, patient)) {
    holds("a preparation that is not allowed is an error", has_error(plan));
    return;
  }
  holds("no error", !has_error(plan));
  if (trouble != NULL) return;
  charge(world, patient, &expected);
  check_days(&expected, plan);
  check_totals(world, &expected, plan);
  if (one_in(4)) check_bills(plan);
  check_limits(world, patient, &expected, plan);
  if (one_in(8)) check_bytes(session, other, patient);
  if (one_in(8)) check_taller(session, patient, expected.billed, expected.given);
}

/* ---- Many ---- */

static long option(int argc, char **argv, const char *name, long otherwise) {
  for (int i = 1; i + 1 < argc; i++) {
    if (strcmp(argv[i], name) == 0) return strtol(argv[i + 1], NULL, 10);
  }
  return otherwise;
}

static void show(const World *world, const Patient *patient) {
  char request[2048];
  write_request(patient, request, sizeof request);
  printf("FAILED  %s\n%s\n", trouble, request);
  write_vocabulary(stdout, world);
  write_policy(stdout, world);
}

int main(int argc, char **argv) {
  char folder[] = "/tmp/licet-dosing-XXXXXX", path[96];
  long count = option(argc, argv, "--count", 20000), seed = option(argc, argv, "--seed", 1),
       passed = 0, failed = 0;
  if (mkdtemp(folder) == NULL) return 1;
  printf("seed %ld\n", seed);
  for (long made = 0; made < count && failed < 5;) {
    chance = (uint64_t)seed * UINT64_C(1000003) + (uint64_t)made;
    World world = make_world();
    licet_library *library = open_world(folder, &world);
    licet_session *session, *other;
    if (licet_session_open(library,
                           &(licet_session_options){.size = sizeof(licet_session_options),
                                                    .vouched_by = LICET_VOUCHED_BY_PLAN},
                           &session) != LICET_OK ||
        licet_session_open(library,
                           &(licet_session_options){.size = sizeof(licet_session_options),
                                                    .vouched_by = LICET_VOUCHED_BY_PLAN},
                           &other) != LICET_OK)
      return 1;
    for (int i = 0; i < PLANS_A_WORLD && made < count; i++, made++) {
      Patient patient = make_patient(&world);
      check_plan(&world, &patient, session, other);
      *(trouble == NULL ? &passed : &failed) += 1;
      if (trouble != NULL && failed < 3) show(&world, &patient);
    }
    licet_session_close(session);
    licet_session_close(other);
    licet_library_close(library);
  }
  snprintf(path, sizeof path, "%s/clinic.licet", folder);
  remove(path);
  snprintf(path, sizeof path, "%s/policy.licet", folder);
  remove(path);
  rmdir(folder);
  printf("%ld passed, %ld failed\n", passed, failed);
  return failed > 0;
}
