/* The page: a head with the policy's particulars, the interpretations that concern the whole, then
 * the outline as nested lists. Every labelled line has its label path as its id, so that
 * page.html#I.A.5.b leads there. Nothing is said by color alone: an interpretation says "Adopted"
 * and "Literal", an authorization has its arrow. */
#include "render/policy_html.h"

#include <string.h>

#include "render/output.h"
#include "render/page.h"

/* ---- head ---- */

static void write_terms(FILE *out, const char *term, const licet_policy *policy,
                        const char *(*at)(const licet_policy *, size_t)) {
  fprintf(out, "<dt>%s</dt><dd>", term);
  for (size_t i = 0; at(policy, i); i++) {
    if (i > 0) fputs(", ", out);
    write_html_text(out, at(policy, i));
  }
  fputs("</dd>\n", out);
}

static void write_head(FILE *out, View view) {
  const char *const title[] = {licet_policy_id(view.policy), licet_policy_title(view.policy), NULL};
  page_open(out, title, "");
  fputs("<header>\n", out);
  write_element(out, "h1", "", licet_policy_title(view.policy));
  write_element(out, "p", "id", licet_policy_id(view.policy));
  fputs("\n<dl>\n", out);
  write_term(out, "Payer", licet_policy_payer(view.policy));
  write_terms(out, "Lines of business", view.policy, licet_policy_line);
  write_terms(out, "Drugs", view.policy, licet_policy_drug);
  write_term(out, "Until", licet_policy_until(view.policy));
  write_term(out, "Source", licet_policy_source(view.policy));
  if (view.on) write_term(out, "In force on", view.on);
  if (view.kind != LICET_ANY_KIND) write_term(out, "Requests", licet_request_kind_name(view.kind));
  fputs("</dl>\n</header>\n", out);
}

static void write_versions(FILE *out, View view) {
  licet_policy_version version,
      in_force = view.on ? shown_version_on(view.policy, view.on) : (licet_policy_version){0};
  fputs(
      "<section aria-labelledby=\"versions-title\">\n<h2 id=\"versions-title\">Versions</h2>\n"
      "<table>\n<thead><tr><th scope=\"col\">In force from</th><th scope=\"col\">What "
      "changed</th></tr></thead>\n<tbody>\n",
      out);
  for (size_t i = 0; (version = licet_policy_version_at(view.policy, i)).date; i++) {
    bool is_shown = in_force.date && strcmp(in_force.date, version.date) == 0;
    fputs("<tr><td>", out);
    write_element(out, is_shown ? "strong" : "span", "", version.date);
    if (is_shown) fputs(" (shown)", out);
    fputs("</td><td>", out);
    write_html_text(out, version.note);
    if (version.reconstructed) fputs(" <span class=\"mark\">reconstructed</span>", out);
    fputs("</td></tr>\n", out);
  }
  fputs("</tbody>\n</table>\n</section>\n", out);
}

/* ---- interpretations ---- */

static void write_interpretation(FILE *out, const licet_interpretation *interpretation) {
  fputs("<div class=\"interpretation\"><p><strong>Interpretation ", out);
  write_html_text(out, interpretation->id);
  fputs("</strong></p><p>Adopted: ", out);
  write_html_text(out, interpretation->text);
  fputs("</p>", out);
  if (*interpretation->literal) {
    fputs("<p>Literal: ", out);
    write_element(out, "code", "", interpretation->literal);
    fputs("</p>", out);
  }
  fputs("</div>\n", out);
}

static void write_general_interpretations(FILE *out, View view) {
  licet_interpretation interpretation;
  bool any = false;
  for (size_t i = 0; (interpretation = licet_policy_interpretation(view.policy, i)).id; i++) {
    if (!interpretation_is_general(&interpretation)) continue;
    if (!any)
      fputs(
          "<section aria-labelledby=\"interpretations-title\">\n<h2 "
          "id=\"interpretations-title\">Interpretations of the whole policy</h2>\n",
          out);
    any = true;
    write_interpretation(out, &interpretation);
  }
  if (any) fputs("</section>\n", out);
}

/* ---- outline ---- */

/* The label, as the link to its path. */
static void write_label(FILE *out, const licet_criterion *criterion) {
  if (!criterion_has_label(criterion)) return;
  fputs("<a class=\"label\" href=\"#", out);
  write_html_text(out, criterion->path);
  fputs("\">", out);
  write_html_text(out, criterion->label);
  fputs("</a>", out);
}

static void write_mark(FILE *out, const char *before, const char *text) {
  if (!*text) return;
  fprintf(out, " <span class=\"mark\">%s", before);
  write_html_text(out, text);
  fputs("</span>", out);
}

static void write_line(FILE *out, const licet_criterion *criterion) {
  fputs("<div class=\"line\">", out);
  write_label(out, criterion);
  write_html_text(out, criterion->title);
  const ConnectiveWords connective = criterion_connective(criterion);
  if (*criterion->title && *connective.text) fputs(" ", out);
  write_element(out, "span", "how", connective.text);
  write_mark(out, "for ", licet_request_kind_name(criterion->kind));
  write_mark(out, "from ", criterion->from);
  write_mark(out, "until ", criterion->until);
  write_mark(out, "", criterion->prerequisite ? "prerequisite" : "");
  write_mark(out, "", criterion->is_pathway ? "pathway" : "");
  fputs("</div>\n", out);
}

static void write_condition(FILE *out, const char *before, const char *condition) {
  if (!*condition) return;
  fprintf(out, "<div class=\"condition\">%s", before);
  write_element(out, "code", "", condition);
  fputs("</div>\n", out);
}

static void write_paragraphs(FILE *out, const char *class_name, const char *before,
                             const char *const *texts) {
  for (; *texts; texts++) {
    fprintf(out, "<p class=\"%s\">%s", class_name, before);
    write_html_text(out, *texts);
    fputs("</p>\n", out);
  }
}

/* The line's list item, left open: its children stand within. */
static void open_item(FILE *out, View view, const licet_criterion *criterion, size_t index) {
  licet_interpretation interpretation;
  bool is_anchor = criterion_has_label(criterion) && criterion_is_first(view, criterion, index);
  fputs("<li", out);
  if (is_anchor) write_attribute(out, "id", criterion->path);
  fputs(">", out);
  write_line(out, criterion);
  write_condition(out, "If ", criterion->guard);
  write_condition(out, "", criterion->condition);
  for (size_t i = 0; (interpretation = licet_policy_interpretation(view.policy, i)).id; i++)
    if (interpretation_concerns(&interpretation, criterion))
      write_interpretation(out, &interpretation);
  write_paragraphs(out, "note", "", criterion->notes);
  write_paragraphs(out, "cite", "Source: ", criterion->citations);
  write_paragraphs(out, "authorization", "→ ", criterion->outcomes);
  const char *const dosed_as[] = {criterion->dosed_as, NULL};
  if (*criterion->dosed_as) write_paragraphs(out, "authorization", "→ dosed as ", dosed_as);
}

static void write_outline(FILE *out, View view) {
  Outline outline = outline_of(view);
  licet_criterion criterion;
  uint32_t open = 0; /* lists that are open; each but the outermost stands in an open item */
  fputs("<main>\n<h2>Criteria</h2>\n", out);
  while (outline_next(&outline, &criterion)) {
    if (criterion.depth >= open) {
      fputs(open == 0 ? "<ul class=\"outline\">\n" : "<ul>\n", out);
      open++;
    } else {
      for (; open > criterion.depth + 1; open--) fputs("</li>\n</ul>\n", out);
      fputs("</li>\n", out);
    }
    open_item(out, view, &criterion, outline.next - 1);
  }
  for (; open > 0; open--) fputs("</li>\n</ul>\n", out);
  fputs("</main>\n", out);
}

static void write_foot(FILE *out, View view) {
  fprintf(out, "<footer>\n<p>Written by licet %s from ", licet_version());
  write_html_text(out, licet_policy_file(view.policy));
  fputs(", ", out);
  write_html_text(out, licet_policy_digest(view.policy));
  fputs(
      ". The engine approves, asks, or sends to clinical review; it never denies.</p>\n</footer>\n",
      out);
  page_close(out);
}

void html_write(FILE *out, View view) {
  write_head(out, view);
  write_versions(out, view);
  write_general_interpretations(out, view);
  write_outline(out, view);
  write_foot(out, view);
}
