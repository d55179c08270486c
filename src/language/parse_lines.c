/* parse_lines.c: blocks whose lines each begin with a keyword. A table says which keywords, how
 * often, who reads the line and what may stand under it; this file does the rest, so that a new
 * kind of line is one table row and one function. */
#include <assert.h>
#include <string.h>

#include "language/parse_internal.h"

/* ---- Keywords ---- */

/* How many words the keyword has if the line begins with it, else 0. */
static uint32_t keyword_length_here(const Parser *parser, const char *keyword) {
  const char *space = strchr(keyword, ' ');
  if (!space) return parser_at_word(parser, keyword) ? 1 : 0;
  const Token *first = parser_peek(parser);
  Text written = parser_text(parser, first);
  bool first_fits = first->kind == TOKEN_WORD &&
                    text_equal(written, (Text){keyword, (uint32_t)(space - keyword)});
  return first_fits && parser_look_is(parser, 1, space + 1) ? 2 : 0;
}

const LineRule *line_rule_here(const Parser *parser, const LineRules *rules) {
  for (uint32_t i = 0; i < rules->count; i++) {
    if (keyword_length_here(parser, rules->items[i].keyword) > 0) return &rules->items[i];
  }
  return NULL;
}

static uint32_t collect_keywords(const LineRules *rules, Text keywords[LINE_RULES_MAX]) {
  assert(rules->count <= LINE_RULES_MAX);
  for (uint32_t i = 0; i < rules->count; i++) keywords[i] = text_of(rules->items[i].keyword);
  return rules->count;
}

const LineRule *line_rule_nearest(const Parser *parser, const LineRules *rules) {
  if (!parser_at(parser, TOKEN_WORD)) return NULL;
  Text keywords[LINE_RULES_MAX];
  uint32_t count = collect_keywords(rules, keywords);
  int nearest = text_nearest(parser_text(parser, parser_peek(parser)), keywords, count);
  return nearest >= 0 ? &rules->items[nearest] : NULL;
}

/* "`ask`, `range`, `note`" */
static const char *list_keywords(const Parser *parser, const LineRules *rules) {
  Buffer out;
  buffer_open(&out, parser->arena, 128);
  for (uint32_t i = 0; i < rules->count; i++)
    buffer_format(&out, "%s`%s`", i > 0 ? ", " : "", rules->items[i].keyword);
  return buffer_finish(&out);
}

static void report_unknown_keyword(Parser *parser, const LineRules *rules) {
  const Token *token = parser_peek(parser);
  if (token->kind == TOKEN_BROKEN) {
    parser_fail_expecting(parser, DIAGNOSTIC_UNEXPECTED, "");
    return;
  }
  Text written = parser_text(parser, token), keywords[LINE_RULES_MAX];
  uint32_t count = collect_keywords(rules, keywords);
  Diagnostic *diagnostic =
      diagnose(parser->diagnostics, DIAGNOSTIC_UNKNOWN_LINE, parser_token_span(parser, token),
               "`%.*s` is not a valid line in %s", (int)written.length, written.at, rules->of);
  diagnostic_expect(parser->diagnostics, diagnostic, "%s", list_keywords(parser, rules));
  if (token->kind == TOKEN_WORD)
    diagnostic_nearest(parser->diagnostics, diagnostic, written, keywords, count);
  parser->broken = true; /* the line is still read, so that what it names is known, but nothing more
                            is reported for it */
}

/* ---- One line ---- */

static void check_repetition(Parser *parser, const LineRules *rules, const LineRule *rule,
                             SourceSpan here, LinesSeen *seen) {
  SourceSpan *first = &seen->spans[rule - rules->items];
  bool may_repeat = rule->count == LINE_ANY || rule->count == LINE_REQUIRED_MANY;
  bool is_slip = parser->broken; /* reported already */
  if (first->end > 0 && !may_repeat && !is_slip) {
    Diagnostic *diagnostic = diagnose(parser->diagnostics, DIAGNOSTIC_DUPLICATE_LINE, here,
                                      "duplicate `%s` in %s", rule->keyword, rules->of);
    diagnostic_note(parser->diagnostics, diagnostic, *first, "first stated here");
  }
  if (first->end == 0) *first = here;
}

static void read_block_beneath(Parser *parser, const LineRule *rule, void *made,
                               SourceSpan header) {
  if (rule->beneath) {
    parse_block(parser, rule->beneath, made, header);
  } else {
    parser_refuse_block(parser, arena_format(parser->arena, "a `%s` line", rule->keyword));
  }
}

void parse_line(Parser *parser, const LineRules *rules, const LineRule *rule, void *owner,
                LinesSeen *seen) {
  uint32_t start = parser_start(parser), words = keyword_length_here(parser, rule->keyword);
  parser->at += words > 0 ? words : 1; /* a slip of the keyword counts as its first word */
  check_repetition(parser, rules, rule, parser_span(parser, start), seen);
  void *made = rule->read(parser, owner);
  SourceSpan header = parser_span(parser, start);
  parser_end_line(parser);
  read_block_beneath(parser, rule, made, header);
}

/* ---- Blocks ---- */

void parse_lines(Parser *parser, const LineRules *rules, void *owner, LinesSeen *seen) {
  while (parser_in_block(parser)) {
    const LineRule *rule = line_rule_here(parser, rules);
    if (!rule) {
      rule = line_rule_nearest(parser, rules);
      report_unknown_keyword(parser, rules);
    }
    if (rule) {
      parse_line(parser, rules, rule, owner, seen);
    } else {
      parser_give_line_up(parser);
      parser_end_line(parser);
      parser_skip_block(parser);
    }
  }
}

static bool is_missing(const LineRule *rule, SourceSpan seen) {
  return (rule->count == LINE_REQUIRED || rule->count == LINE_REQUIRED_MANY) && seen.end == 0;
}

/* One diagnostic names them all, since all are missing at one place. */
void check_required_lines(Parser *parser, const LineRules *rules, const LinesSeen *seen,
                          SourceSpan header) {
  Buffer missing;
  buffer_open(&missing, parser->arena, 64);
  for (uint32_t i = 0; i < rules->count; i++) {
    if (!is_missing(&rules->items[i], seen->spans[i])) continue;
    buffer_format(&missing, "%s`%s`", missing.length > 0 ? ", " : "", rules->items[i].keyword);
  }
  if (missing.length == 0) return;
  Diagnostic *diagnostic = diagnose(parser->diagnostics, DIAGNOSTIC_MISSING_LINE, header,
                                    "required lines are missing from %s", rules->of);
  diagnostic_expect(parser->diagnostics, diagnostic, "%s, one level deeper",
                    buffer_finish(&missing));
}

void parse_block(Parser *parser, const LineRules *rules, void *owner, SourceSpan header) {
  LinesSeen seen = {0};
  if (parser_open_block(parser)) {
    parse_lines(parser, rules, owner, &seen);
    parser_close_block(parser);
  }
  check_required_lines(parser, rules, &seen, header);
}
