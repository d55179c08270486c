/* report: the diagnostics of one opening, with the texts that they quote. */
#ifndef LIBRARY_REPORT_H
#define LIBRARY_REPORT_H

#include "library/library.h"

/* NULL where memory runs out. Its arena is under no guard yet. */
licet_report *report_open(void);
/* In the order of files and lines, as text. */
void report_write(licet_report *report);
/* After this, the report owns the sources that it quotes. */
void report_keep(licet_report *report);

#endif
