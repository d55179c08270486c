/* contrast: one request under every policy, and what would have been approved, for people. */
#ifndef CLI_CONTRAST_H
#define CLI_CONTRAST_H

#include <licet/contrast.h>

#include "render/terminal.h"

/* `request` is shown above the table; within 80 columns. */
void panel_write(Terminal *terminal, const licet_panel *panel);

/* What came out, and the smallest changes with which it would have been approved. */
void contrast_write(Terminal *terminal, const licet_contrast *contrast);

#endif
