#define _GNU_SOURCE /* fopencookie */
/* Read from the bottom: dose_svg_write is the table of contents. */
#include "render/dose_svg.h"

#include <stdlib.h>
#include <string.h>

#include "render/amount.h"
#include "render/civil.h"
#include "render/dose_views.h"
#include "render/output.h"

/* A month is a grid of weeks. A day's cell, row by row: its number and marks; the dose; the vials
 * of what is begun. */
enum {
  CELL_WIDTH = MONTH_WIDTH / WEEK_DAYS,
  CELL_HEIGHT = 46,
  MONTH_TITLE = 20,
  WEEKDAY_ROW = 16,
  MONTH_FOOT = 16,
  MONTH_GAP = PICTURE_WIDTH - 2 * MONTH_WIDTH,
  DOSE_CHARACTERS = 5
};

/* ---- what is drawn ---- */

static int month_index(int number) {
  Civil civil = civil_of(number);
  return civil.year * MONTHS + civil.month - 1;
}

int picture_month_count(const Picture *picture) {
  return month_index(picture->last) - month_index(picture->first) + 1;
}

/* Keeps the levels in order and each once; more than there is room for are left to the numbers. */
static void add_level(Picture *picture, const char *dose) {
  size_t at = 0;
  while (at < picture->level_count && amount_compare(picture->levels[at], dose) < 0) at++;
  if (at < picture->level_count && amount_compare(picture->levels[at], dose) == 0) return;
  if (picture->level_count == TINT_LEVELS_MAX) return;
  memmove(picture->levels + at + 1, picture->levels + at,
          (picture->level_count - at) * sizeof *picture->levels);
  picture->levels[at] = dose;
  picture->level_count++;
}

Picture picture_of(FILE *out, const licet_dose_plan *plan) {
  Picture picture = {.out = out, .plan = plan, .is_continuous = true};
  licet_authorization authorization =
      licet_determination_authorization(licet_dose_determination(plan));
  licet_dose_day day;
  for (size_t i = 0; (day = licet_dose_plan_day(plan, i)).date; i++) {
    picture.last = civil_number(day.date);
    if (i == 0) picture.first = picture.last;
    if (day.kind != LICET_DAY_DOSE) continue;
    add_level(&picture, day.dose);
    picture.is_continuous &= day.is_continuous != 0;
  }
  picture.authorization_end =
      authorization.start && authorization.end ? civil_number(authorization.end) : 0;
  if (picture.authorization_end < picture.first)
    picture.authorization_end = 0; /* before anything that is drawn */
  picture.span_last =
      picture.authorization_end > picture.last ? picture.authorization_end : picture.last;
  return picture;
}

/* 0 for the lightest tint; the largest dose has the darkest. */
static int tint_of(const Picture *picture, const char *dose) {
  size_t below_top = 0;
  for (size_t i = 0; i < picture->level_count; i++)
    below_top += amount_compare(picture->levels[i], dose) > 0;
  return below_top >= TINTS ? 0 : TINTS - 1 - (int)below_top;
}

/* ---- styles ---- */

/* clang-format off */
static const char definitions[] =
    "<style>\n"
    ".dc text { font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; font-size: 11px; fill: #111; }\n"
    ".dc .head { font-size: 14px; font-weight: 700; }\n"
    ".dc .big { font-size: 18px; font-weight: 700; }\n"
    ".dc .soft { fill: #4a5159; }\n"
    ".dc .small { font-size: 10px; }\n"
    ".dc .tiny { font-size: 9px; }\n"
    ".dc .dose { font-size: 11.5px; font-weight: 700; }\n"
    ".dc .held { font-size: 12px; font-weight: 700; stroke: #fff; stroke-width: 4px; paint-order: stroke; }\n"
    ".dc .halo { stroke: #fff; stroke-width: 3px; paint-order: stroke; }\n"
    ".dc .mid { text-anchor: middle; }\n"
    ".dc .white { fill: #fff; font-weight: 700; }\n"
    ".dc .bold { font-weight: 700; }\n"
    ".dc .cell { stroke: #767d85; stroke-width: .75; }\n"
    ".dc .free { fill: #fff; } .dc .out { fill: none; stroke: #d5d9dd; stroke-width: .5; }\n"
    ".dc .t0 { fill: #ddf0fb; } .dc .t1 { fill: #a3d6f4; } .dc .t2 { fill: #56b4e9; }\n"
    ".dc .hatch { fill: url(#dc-held); } .dc .late { fill: url(#dc-late); }\n"
    ".dc .begun { fill: #00436b; }\n"
    ".dc .mark { fill: #fff; stroke: #111; stroke-width: .75; } .dc .ends { fill: #111; } .dc .passes { fill: #f0e442; }\n"
    ".dc .edge { stroke: #111; stroke-width: 3; } .dc .end { stroke: #111; stroke-width: 2; stroke-dasharray: 4 2; }\n"
    ".dc .axis { stroke: #767d85; stroke-width: .75; } .dc .frame { fill: none; stroke: #111; stroke-width: 1; }\n"
    ".dc .spot { fill: #767d85; }\n"
    "</style>\n"
    "<defs>\n"
    "<pattern id=\"dc-held\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
    "<rect width=\"7\" height=\"7\" fill=\"#fff\"/><rect width=\"3\" height=\"7\" fill=\"#d55e00\"/></pattern>\n"
    "<pattern id=\"dc-late\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-45)\">"
    "<rect width=\"1\" height=\"5\" fill=\"#111\" fill-opacity=\".35\"/></pattern>\n"
    "</defs>\n";
/* clang-format on */

void picture_definitions(const Picture *picture) { fputs(definitions, picture->out); }

/* ---- shapes ---- */

static void draw_box(FILE *out, const char *classes, double x, double y, double width,
                     double height) {
  fprintf(out, "<rect class=\"%s\" x=\"%.4g\" y=\"%.4g\" width=\"%.4g\" height=\"%.4g\"/>", classes,
          x, y, width, height);
}

static void draw_line(FILE *out, const char *classes, double x, double y, double to_x,
                      double to_y) {
  fprintf(out, "<line class=\"%s\" x1=\"%.5g\" y1=\"%.5g\" x2=\"%.5g\" y2=\"%.5g\"/>", classes, x,
          y, to_x, to_y);
}

static void draw_text(FILE *out, const char *classes, double x, double y, const char *text) {
  fprintf(out, "<text class=\"%s\" x=\"%.5g\" y=\"%.5g\">", classes, x, y);
  write_html_text(out, text);
  fputs("</text>", out);
}

/* A number between two texts. */
static void draw_number(FILE *out, const char *classes, double x, double y, const char *before,
                        int64_t number, const char *after) {
  char text[64];
  snprintf(text, sizeof text, "%s%lld%s", before, (long long)number, after);
  draw_text(out, classes, x, y, text);
}

enum { MARK_SIZE = 11, BEGUN_WIDTH = 16 };

/* A letter in a square: E, x, !. */
static void draw_mark(FILE *out, const char *classes, double x, double y, const char *letter) {
  char square[32];
  snprintf(square, sizeof square, "mark %s", classes);
  draw_box(out, square, x, y, MARK_SIZE, MARK_SIZE);
  draw_text(out, strcmp(classes, "ends") == 0 ? "tiny mid white" : "tiny mid bold",
            x + MARK_SIZE / 2.0, y + MARK_SIZE - 2.3, letter);
}

static void draw_begun(FILE *out, double x, double y, int64_t vials) {
  draw_box(out, "begun", x, y, BEGUN_WIDTH, 12);
  draw_number(out, "tiny mid white", x + BEGUN_WIDTH / 2.0, y + 9.2, "", vials, "v");
}

/* ---- a day ---- */

void picture_day_words(FILE *out, const licet_dose_day *day) {
  fprintf(out, "Cycle %u, day %u: ", day->cycle, day->day);
  write_html_text(out, day->kind == LICET_DAY_DOSE   ? amount_shown(day->dose, AMOUNT_DECIMALS).text
                       : day->kind == LICET_DAY_FREE ? "no dose"
                                                     : "interrupted");
  if (day_begins_preparation(day)) {
    fputs("; begin ", out);
    write_html_text(out, day->preparation);
    fprintf(out, ", vials: %lld", (long long)day->vials);
  }
  if (*day->notice) fputs("; ", out);
  write_html_text(out, day->notice);
}

static void draw_ground(const Picture *picture, const licet_dose_day *day, double x, double y) {
  char classes[32] = "cell free";
  if (day->kind == LICET_DAY_INTERRUPTED) snprintf(classes, sizeof classes, "cell hatch");
  if (day->kind == LICET_DAY_DOSE)
    snprintf(classes, sizeof classes, "cell t%d", tint_of(picture, day->dose));
  draw_box(picture->out, classes, x, y, CELL_WIDTH, CELL_HEIGHT);
  if (day_marks(day).is_after_end) draw_box(picture->out, "late", x, y + 15, CELL_WIDTH, 3);
}

static void draw_dose(FILE *out, const licet_dose_day *day, double x, double y) {
  ShownAmount amount = amount_number(day->dose, DOSE_CHARACTERS);
  if (day->kind == LICET_DAY_DOSE)
    draw_text(out, "dose", x + 4, y + 29, *amount.text ? amount.text : "dose");
  if (day->kind == LICET_DAY_INTERRUPTED) draw_text(out, "held", x + 4, y + 29, "hold");
  if (day->kind == LICET_DAY_FREE)
    fprintf(out, "<circle class=\"spot\" cx=\"%g\" cy=\"%g\" r=\"1.4\"/>", x + 8, y + 26);
  if (day_begins_preparation(day)) draw_begun(out, x + 4, y + CELL_HEIGHT - 13.5, day->vials);
}

static void draw_marks(FILE *out, const licet_dose_day *day, double x, double y) {
  DayMarks marks = day_marks(day);
  double at = x + CELL_WIDTH - MARK_SIZE - 1.5;
  if (marks.passes) draw_mark(out, "passes", at, y + 1.5, "!"), at -= MARK_SIZE + 1;
  if (marks.ends) draw_mark(out, "ends", at, y + 1.5, "E"), at -= MARK_SIZE + 1;
  if (marks.is_after_end) draw_mark(out, "after", at, y + 1.5, "x");
}

static void draw_day(const Picture *picture, const licet_dose_day *day, double x, double y,
                     bool begins_cycle) {
  FILE *out = picture->out;
  fputs("<g><title>", out);
  write_html_text(out, day->date);
  fputs(". ", out);
  picture_day_words(out, day);
  fputs("</title>", out);
  draw_ground(picture, day, x, y);
  if (begins_cycle) draw_line(out, "edge", x + 1.5, y, x + 1.5, y + CELL_HEIGHT);
  draw_number(out, day->kind == LICET_DAY_INTERRUPTED ? "small halo" : "small", x + 4, y + 11, "",
              civil_of(civil_number(day->date)).day, "");
  if (begins_cycle) draw_number(out, "small bold", x + 22, y + 11, "C", day->cycle, "");
  draw_dose(out, day, x, y);
  draw_marks(out, day, x, y);
  fputs("</g>\n", out);
}

/* ---- a month ---- */

typedef struct Month {
  int year, month, first, length; /* first: its first day's number */
} Month;

static Month month_of(const Picture *picture, int offset) {
  int index = month_index(picture->first) + offset;
  Month month = {.year = index / MONTHS, .month = index % MONTHS + 1};
  char first[48];
  snprintf(first, sizeof first, "%04d-%02d-01", month.year, month.month);
  month.first = civil_number(first);
  month.length = civil_month_length(month.year, month.month);
  return month;
}

static int month_weeks(Month month) {
  return (civil_weekday(month.first) + month.length + WEEK_DAYS - 1) / WEEK_DAYS;
}

int picture_month_height(const Picture *picture, int offset) {
  return MONTH_TITLE + WEEKDAY_ROW + month_weeks(month_of(picture, offset)) * CELL_HEIGHT +
         MONTH_FOOT;
}

void picture_month_name(const Picture *picture, int offset) {
  Month month = month_of(picture, offset);
  fprintf(picture->out, "%s %d", civil_month_name(month.month), month.year);
}

static void draw_month_head(FILE *out, Month month, int x, int y) {
  char title[48];
  snprintf(title, sizeof title, "%s %d", civil_month_name(month.month), month.year);
  draw_text(out, "head", x, y + 14, title);
  for (int i = 0; i < WEEK_DAYS; i++) {
    snprintf(title, sizeof title, "%.3s", civil_weekday_name(i));
    draw_text(out, "small soft", x + i * CELL_WIDTH + 4, y + MONTH_TITLE + 12, title);
  }
  fputc('\n', out);
}

/* The plan's day of that number, from `*index` on, which moves with it; `date` is NULL where the
 * plan has no such day. */
static licet_dose_day day_on(const licet_dose_plan *plan, int number, size_t *index) {
  licet_dose_day day;
  while ((day = licet_dose_plan_day(plan, *index)).date && civil_number(day.date) < number)
    ++*index;
  if (!day.date || civil_number(day.date) != number) return (licet_dose_day){0};
  return day;
}

int picture_month(const Picture *picture, int offset, int x, int y) {
  Month month = month_of(picture, offset);
  size_t index = 0;
  draw_month_head(picture->out, month, x, y);
  for (int i = 0; i < month.length; i++) {
    int place = civil_weekday(month.first) + i;
    double left = x + place % WEEK_DAYS * CELL_WIDTH,
           top = y + MONTH_TITLE + WEEKDAY_ROW + place / WEEK_DAYS * CELL_HEIGHT;
    licet_dose_day day = day_on(picture->plan, month.first + i, &index);
    bool begins_cycle =
        day.date &&
        (index == 0 || licet_dose_plan_day(picture->plan, index - 1).cycle != day.cycle);
    if (day.date) {
      draw_day(picture, &day, left, top, begins_cycle);
    } else {
      draw_box(picture->out, "out", left, top, CELL_WIDTH, CELL_HEIGHT);
      draw_number(picture->out, "small soft", left + 4, top + 11, "", i + 1, "");
    }
  }
  fputc('\n', picture->out);
  return picture_month_height(picture, offset);
}

/* ---- the overview: all of the plan on one line ---- */

enum { AXIS_HEIGHT = 30, TRACK_HEIGHT = 30, MARKER_HEIGHT = 20, NOTE_HEIGHT = 16 };

static double place_on(const Picture *picture, int number, int x) {
  return x + (double)(number - picture->first) * PICTURE_WIDTH /
                 (picture->span_last - picture->first + 1);
}

static void draw_axis(const Picture *picture, int x, int y) {
  int months = month_index(picture->span_last) - month_index(picture->first) + 1;
  for (int i = 0; i < months; i++) {
    Month month = month_of(picture, i);
    double left = place_on(picture, month.first < picture->first ? picture->first : month.first, x);
    double right = place_on(picture, month.first + month.length, x);
    char name[16];
    snprintf(name, sizeof name, right - left > 28 ? "%.3s" : "%.1s", civil_month_name(month.month));
    draw_line(picture->out, "axis", left, y + 4, left, y + AXIS_HEIGHT);
    if (right - left > 10 && left + 8 < x + PICTURE_WIDTH)
      draw_text(picture->out, "small", left + 3, y + AXIS_HEIGHT - 5, name);
    if ((i == 0 && month.month < MONTHS) || month.month == 1)
      draw_number(picture->out, "small bold", left + 3, y + 13, "", month.year, "");
  }
  fputc('\n', picture->out);
}

/* Days that follow one another and look alike are one box. */
static void draw_track(const Picture *picture, int x, int y) {
  licet_dose_day day, next;
  for (size_t i = 0; (day = licet_dose_plan_day(picture->plan, i)).date; i++) {
    int from = civil_number(day.date), to = from;
    for (; (next = licet_dose_plan_day(picture->plan, i + 1)).date && next.cycle == day.cycle &&
           next.kind == day.kind && strcmp(next.dose, day.dose) == 0;
         i++)
      to = civil_number(next.date);
    double left = place_on(picture, from, x), right = place_on(picture, to + 1, x);
    char classes[8];
    snprintf(classes, sizeof classes, "t%d",
             day.kind == LICET_DAY_DOSE ? tint_of(picture, day.dose) : 0);
    draw_box(picture->out,
             day.kind == LICET_DAY_FREE   ? "free"
             : day.kind == LICET_DAY_DOSE ? classes
                                          : "hatch",
             left, y, right - left, TRACK_HEIGHT);
  }
  fputc('\n', picture->out);
}

static void draw_cycles(const Picture *picture, int x, int y) {
  licet_dose_cycle cycle;
  for (size_t i = 0; (cycle = licet_dose_plan_cycle(picture->plan, i)).title; i++) {
    double left = place_on(picture, civil_number(cycle.start), x),
           right = place_on(picture, civil_number(cycle.end) + 1, x);
    draw_box(picture->out, "frame", left, y, right - left, TRACK_HEIGHT);
    draw_line(picture->out, "edge", left + 1.5, y, left + 1.5, y + TRACK_HEIGHT);
    draw_number(picture->out, "bold", left + 6, y + 19,
                right - left > 70   ? "Cycle "
                : right - left > 24 ? "C"
                                    : "",
                cycle.number, "");
  }
  fputc('\n', picture->out);
}

/* A marker under the track and its line of text below all markers; returns the text's height. */
static int draw_marker(const Picture *picture, const char *classes, const char *letter, int number,
                       const char *text, int x, int y, int note_y) {
  FILE *out = picture->out;
  double at = place_on(picture, number + (strcmp(classes, "ends") == 0), x);
  double mark = at - MARK_SIZE / 2.0 < x                   ? x
                : at + MARK_SIZE / 2.0 > x + PICTURE_WIDTH ? x + PICTURE_WIDTH - MARK_SIZE
                                                           : at - MARK_SIZE / 2.0;
  draw_line(out, "end", at, y - TRACK_HEIGHT - 3, at, y + 4);
  draw_mark(out, classes, mark, y + 4, letter);
  draw_mark(out, classes, x, note_y + 2, letter);
  draw_text(out, "bold", x + 18, note_y + 11.5, civil_text(number).text);
  draw_text(out, "plain", x + 96, note_y + 11.5, text);
  fputc('\n', out);
  return NOTE_HEIGHT;
}

int picture_overview(const Picture *picture, int x, int y) {
  int track = y + AXIS_HEIGHT, markers = track + TRACK_HEIGHT, note = markers + MARKER_HEIGHT;
  licet_dose_limit limit;
  draw_axis(picture, x, y);
  draw_track(picture, x, track);
  draw_cycles(picture, x, track);
  if (picture->authorization_end)
    note += draw_marker(picture, "ends", "E", picture->authorization_end, "the authorization ends",
                        x, markers, note);
  for (size_t i = 0; (limit = licet_dose_plan_limit(picture->plan, i)).text; i++) {
    char text[200];
    if (!*limit.passed || limit.kind == LICET_LIMIT_AUTHORIZATION) continue;
    snprintf(text, sizeof text, "exceeds %s", limit.text);
    note += draw_marker(picture, "passes", "!", civil_number(limit.passed), text, x, markers, note);
  }
  return note - y + 4;
}

/* ---- legend ---- */

/* Entries stand beside one another as long as there is room. */
typedef struct Flow {
  const Picture *picture;
  int left, x, y;
} Flow;

enum { SWATCH_WIDTH = 26, SWATCH_HEIGHT = 14, LEGEND_ROW = 20 };

/* Where the swatch of the next entry goes; its text is set behind it. Widths of text are estimated.
 */
static void flow_entry(Flow *flow, const char *text) {
  int width = SWATCH_WIDTH + 6 + (int)strlen(text) * 31 / 5 + 16;
  if (flow->x > flow->left && flow->x + width > flow->left + PICTURE_WIDTH)
    flow->x = flow->left, flow->y += LEGEND_ROW;
  draw_text(flow->picture->out, "plain", flow->x + SWATCH_WIDTH + 6, flow->y + 11, text);
  flow->x += width;
}

static void legend_box(Flow *flow, const char *classes, const char *text) {
  Flow before = *flow;
  flow_entry(flow, text);
  bool moved = flow->y != before.y;
  draw_box(flow->picture->out, classes, moved ? flow->left : before.x, flow->y, SWATCH_WIDTH,
           SWATCH_HEIGHT);
}

static void legend_mark(Flow *flow, const char *classes, const char *letter, const char *text) {
  Flow before = *flow;
  flow_entry(flow, text);
  draw_mark(flow->picture->out, classes, (flow->y != before.y ? flow->left : before.x) + 8,
            flow->y + 1.5, letter);
}

static void legend_begun(Flow *flow, const char *text) {
  Flow before = *flow;
  flow_entry(flow, text);
  draw_begun(flow->picture->out, (flow->y != before.y ? flow->left : before.x) + 5, flow->y + 1, 2);
}

static void legend_doses(Flow *flow) {
  const Picture *picture = flow->picture;
  for (size_t i = picture->level_count; i-- > 0;) {
    bool is_last = picture->level_count - i == TINTS || i == 0;
    char text[AMOUNT_BYTES + 32], classes[16];
    snprintf(classes, sizeof classes, "cell t%d", tint_of(picture, picture->levels[i]));
    snprintf(text, sizeof text, "%s%s%s", amount_shown(picture->levels[i], AMOUNT_DECIMALS).text,
             picture->is_continuous ? " a day" : "", is_last && i > 0 ? " or less" : "");
    legend_box(flow, classes, text);
    if (is_last) return;
  }
}

int picture_legend(const Picture *picture, int x, int y) {
  Flow flow = {picture, x, x, y};
  bool has_free = false, has_held = false, begins = false, ends = false, after = false,
       passes = false;
  licet_dose_day day;
  for (size_t i = 0; (day = licet_dose_plan_day(picture->plan, i)).date; i++) {
    DayMarks marks = day_marks(&day);
    has_free |= day.kind == LICET_DAY_FREE, has_held |= day.kind == LICET_DAY_INTERRUPTED;
    begins |= day_begins_preparation(&day);
    ends |= marks.ends, after |= marks.is_after_end, passes |= marks.passes;
  }
  legend_doses(&flow);
  if (has_free) legend_box(&flow, "cell free", "no dose");
  if (has_held) legend_box(&flow, "cell hatch", "interrupted (hold)");
  if (begins) legend_begun(&flow, "start of a bag or syringe, with its vials");
  if (ends) legend_mark(&flow, "ends", "E", "authorization ends");
  if (after) legend_mark(&flow, "after", "x", "after the authorization's end");
  if (passes) legend_mark(&flow, "passes", "!", "a limit is exceeded");
  fputc('\n', picture->out);
  return flow.y - y + LEGEND_ROW + 4;
}

/* ---- the whole ---- */

static const char *drug_title(const licet_dose_plan *plan) {
  licet_dose_drug drug = licet_dose_plan_drug(plan);
  return *drug.title ? drug.title : drug.name;
}

void picture_title(const Picture *picture) {
  write_html_text(picture->out, drug_title(picture->plan));
  fprintf(picture->out, ", %s to %s", civil_text(picture->first).text,
          civil_text(picture->last).text);
}

void picture_description(const Picture *picture) {
  licet_dose_cycle cycle;
  for (size_t i = 0; (cycle = licet_dose_plan_cycle(picture->plan, i)).title; i++) {
    fprintf(picture->out, "Cycle %u, %s to %s: %u days with a dose, ", cycle.number, cycle.start,
            cycle.end, cycle.totals.dose_days);
    write_html_text(picture->out, amount_shown(cycle.totals.administered, AMOUNT_DECIMALS).text);
    if (drug_counts(picture->plan).vials)
      fprintf(picture->out, ", vials: %lld", (long long)cycle.totals.vials);
    fputs(". ", picture->out);
  }
}

enum { MARGIN = 16, TITLE_HEIGHT = 34 };

static int pair_height(const Picture *picture, int offset) {
  int first = picture_month_height(picture, offset);
  int second =
      offset + 1 < picture_month_count(picture) ? picture_month_height(picture, offset + 1) : 0;
  return first > second ? first : second;
}

enum { LINE_OCTETS = 96, LINE_HEIGHT = 18 };

/* How many octets of the text stand on its first line: up to the last space that fits, else up to a
 * character's end. */
static size_t line_length(const char *text) {
  size_t length = strlen(text), end = LINE_OCTETS;
  if (length <= LINE_OCTETS) return length;
  while (end > 0 && text[end] != ' ') end--;
  if (end > 0) return end;
  for (end = LINE_OCTETS; end > 1 && ((unsigned char)text[end] & 0xc0) == 0x80;) end--;
  return end;
}

/* Sets the text on as many lines as it takes; returns where the next would stand. */
static int draw_lines(FILE *out, int x, int y, const char *text) {
  for (; *text; y += LINE_HEIGHT) {
    char line[LINE_OCTETS + 1];
    size_t length = line_length(text);
    memcpy(line, text, length);
    line[length] = '\0';
    draw_text(out, "plain", x, y, line);
    text += length + (text[length] == ' ');
  }
  return y;
}

static int draw_nothing(const Picture *picture) {
  licet_dose_finding finding = plan_finding(picture->plan, 0);
  draw_text(picture->out, "bold", MARGIN, 24, "Nothing was calculated.");
  return draw_lines(picture->out, MARGIN, 44, finding.message ? finding.message : "");
}

/* A picture that says why there is none. */
static void write_nothing(FILE *out, const licet_dose_plan *plan) {
  Picture picture = {.out = out, .plan = plan};
  Drawing drawing;
  if (picture_drawn(&picture, draw_nothing, &drawing)) {
    int width = PICTURE_WIDTH + 2 * MARGIN;
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dc\" viewBox=\"0 0 %d %d\" "
            "width=\"%d\" height=\"%d\"",
            width, drawing.height, width, drawing.height);
    fputs(" role=\"img\">\n<title>", out);
    write_html_text(out, drug_title(plan));
    fputs(": nothing was computed</title>\n", out);
    picture_definitions(&picture);
    fprintf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", width, drawing.height);
    fwrite(drawing.text, 1, drawing.length, out);
    fputs("\n</svg>\n", out);
  }
  free(drawing.text);
}

/* Everything below the title; returns where it ends. */
static int draw_whole(const Picture *picture, int y) {
  y += picture_overview(picture, MARGIN, y);
  y += picture_legend(picture, MARGIN, y) + MARGIN;
  for (int i = 0; i < picture_month_count(picture); i++) {
    picture_month(picture, i, MARGIN + i % 2 * (MONTH_WIDTH + MONTH_GAP), y);
    if (i % 2 == 1) y += pair_height(picture, i - 1);
  }
  if (picture_month_count(picture) % 2 == 1)
    y += picture_month_height(picture, picture_month_count(picture) - 1);
  return y;
}

/* Opens the picture, whose height has to be known by then. */
static void write_head(const Picture *picture, int height) {
  FILE *out = picture->out;
  int width = PICTURE_WIDTH + 2 * MARGIN;
  fprintf(out,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dc\" viewBox=\"0 0 %d %d\" "
          "width=\"%d\" height=\"%d\"",
          width, height, width, height);
  fputs(" role=\"img\" aria-labelledby=\"dc-title dc-description\">\n<title id=\"dc-title\">", out);
  picture_title(picture);
  fputs("</title>\n<desc id=\"dc-description\">", out);
  picture_description(picture);
  fputs("</desc>\n", out);
  picture_definitions(picture);
  fprintf(
      out,
      "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n<text class=\"big\" x=\"%d\" y=\"%d\">",
      width, height, MARGIN, MARGIN + 18);
  picture_title(picture);
  fputs("</text>\n", out);
}

/* Not open_memstream: where that cannot grow, it drops what it is given and says nothing. */
static ssize_t keep_drawn(void *cookie, const char *text, size_t length) {
  Drawing *drawing = cookie;
  char *grown = realloc(drawing->text, drawing->length + length);
  if (grown == NULL) return 0; /* an error of the stream */
  memcpy(grown + drawing->length, text, length);
  drawing->text = grown;
  drawing->length += length;
  return (ssize_t)length;
}

bool picture_drawn(const Picture *picture, Draw *draw, Drawing *drawing) {
  Picture in_memory = *picture;
  *drawing = (Drawing){0};
  in_memory.out = fopencookie(drawing, "w", (cookie_io_functions_t){.write = keep_drawn});
  bool fine = in_memory.out != NULL;
  if (fine) {
    drawing->height = draw(&in_memory);
    const bool written = !ferror(in_memory.out);
    fine = fclose(in_memory.out) == 0 && written;
  }
  if (!fine) output_lacks_memory();
  return fine;
}

static int draw_below_title(const Picture *picture) {
  return draw_whole(picture, MARGIN + TITLE_HEIGHT);
}

void dose_svg_write(FILE *out, const licet_dose_plan *plan) {
  if (!licet_dose_plan_cycle(plan, 0).title) {
    write_nothing(out, plan);
    return;
  }
  Picture picture = picture_of(out, plan);
  Drawing drawing;
  if (picture_drawn(&picture, draw_below_title, &drawing)) {
    write_head(&picture, drawing.height);
    fwrite(drawing.text, 1, drawing.length, out);
    fputs("</svg>\n", out);
  }
  free(drawing.text);
}
