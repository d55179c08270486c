/* dose_svg: the calendar's pictures, for one picture of its own or for a page that sets them one by
 * one. Colors are Okabe and Ito's, distinguished in grey too; whatever a color says, a number, a
 * letter or a pattern says as well. */
#ifndef RENDER_DOSE_SVG_H
#define RENDER_DOSE_SVG_H

#include <licet/dose.h>
#include <stdbool.h>
#include <stdio.h>

enum { PICTURE_WIDTH = 760, MONTH_WIDTH = 364, TINTS = 3, TINT_LEVELS_MAX = 12 };

/* What the plan's pictures have in common; made once. */
typedef struct Picture {
  FILE *out;
  const licet_dose_plan *plan;
  int first, last;       /* the plan's days, as day numbers */
  int span_last;         /* of the overview: the authorization's end where that is later */
  int authorization_end; /* 0 where none */
  const char *levels[TINT_LEVELS_MAX]; /* different doses, smallest first */
  size_t level_count;
  bool is_continuous; /* every dose runs through its day */
} Picture;

/* The plan has cycles. */
Picture picture_of(FILE *out, const licet_dose_plan *plan);

/* A drawing made before its frame is written, which says its height. `text` is to be freed, also
 * on failure. */
typedef int Draw(const Picture *picture); /* draws; returns the height */
typedef struct Drawing {
  char *text;
  size_t length;
  int height;
} Drawing;
/* False where memory runs out, which output_failure says then. */
bool picture_drawn(const Picture *picture, Draw *draw, Drawing *drawing);

/* Styles and patterns, which the pictures below refer to: once in a document, inside an <svg>. */
void picture_definitions(const Picture *picture);
/* Each draws with its left upper corner at (x, y) and returns its height. */
int picture_overview(const Picture *picture, int x, int y);
int picture_legend(const Picture *picture, int x, int y);
/* The month `offset` months after the plan's first. */
int picture_month(const Picture *picture, int offset, int x, int y);
int picture_month_height(const Picture *picture, int offset);
int picture_month_count(const Picture *picture);
/* "November 2026" */
void picture_month_name(const Picture *picture, int offset);
/* "Blinatumomab, 2026-11-09 to 2027-03-21", and the cycles in words. */
void picture_title(const Picture *picture);
void picture_description(const Picture *picture);

/* "Cycle 2, day 8: 28 mcg; begin 48-hour bag, vials: 2; authorization ends" */
void picture_day_words(FILE *out, const licet_dose_day *day);

#endif
