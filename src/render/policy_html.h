/* html: a policy as one page that needs nothing else: no scripts, no fonts, no other files. */
#ifndef RENDER_POLICY_HTML_H
#define RENDER_POLICY_HTML_H

#include <stdio.h>

#include "render/outline.h"

void html_write(FILE *out, View view);

#endif
