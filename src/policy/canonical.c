/* canonical: works on tokens, not on the model, so that a new kind of line is part of the text
 * without a word here. What must be named is what to leave out.
 *
 * Both files become pages: their lines in force, as rows of tokens. Declarations are gathered from
 * both, and those that are read are found by walking from the policy's lines from name to name
 * (reachability by a work list):
 *
 *     the policy's lines ──words──> derive, set, codes ──words──> fact …
 *     drugs that are read ─────────> their preparations and regimens
 *     whatever dosing takes ───────> facts with a `dosing` line
 *     a never about a fact that is read ──words──> the other facts it relates
 *
 * A word counts as a name wherever it stands. Invariant: a declaration that is read is always
 * there; one that is not may be there if a value is spelled like it.
 */
#include "policy/canonical.h"

#include "language/lex.h"

/* ---- Pages ---- */

typedef struct Line {
  const Token *first, *end; /* end: its NEWLINE */
  uint32_t depth;
  uint32_t beneath; /* how many of the lines after it stand under it */
} Line;

/* What of a file is in force on a day. */
typedef struct Page {
  const Source *source;
  const DateMarkList *dates;
  const char *const *declares; /* the words that its declarations begin with; NULL-terminated */
  Date day;
  LIST(Line) lines;
} Page;

static Text token_text(const Page *page, const Token *token) {
  return (Text){page->source->text.at + token->start, token->end - token->start};
}

static bool line_begins(const Page *page, const Line *line, const char *word) {
  return text_is(token_text(page, line->first), word);
}

/* The day that is written at this place, or NULL. */
static const DateMark *mark_at(const Page *page, uint32_t place) {
  uint32_t low = 0, high = page->dates->count; /* the first that does not end before the place */
  while (low < high) {
    const uint32_t middle = (low + high) / 2;
    if (page->dates->items[middle].span.end <= place) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const DateMark *mark = low < page->dates->count ? &page->dates->items[low] : NULL;
  return mark != NULL && mark->span.start <= place ? mark : NULL;
}

static bool is_in_force(const Page *page, const Token *first, const Token *end) {
  for (const Token *token = first; token < end; token++) {
    const DateMark *mark = mark_at(page, token->start);
    if (mark != NULL && !in_force_on(mark->in_force, page->day)) return false;
  }
  return true;
}

static void count_beneath(Page *page) {
  for (uint32_t i = 0; i < page->lines.count; i++) {
    uint32_t next = i + 1;
    while (next < page->lines.count && page->lines.items[next].depth > page->lines.items[i].depth)
      next++;
    page->lines.items[i].beneath = next - i - 1;
  }
}

/* The file was read without an error before, so that nothing is reported now. */
static void read_page(Page *page, Arena *arena) {
  Diagnostics passing;
  diagnostics_open(&passing, arena);
  const TokenList tokens = lex(page->source, arena, &passing);
  uint32_t depth = 0, absent_from = UINT32_MAX; /* lines at this depth or deeper are not in force */
  for (const Token *token = tokens.items; token->kind != TOKEN_END; token++) {
    if (token->kind == TOKEN_INDENT) depth++;
    if (token->kind == TOKEN_DEDENT) depth--;
    if (token->kind == TOKEN_INDENT || token->kind == TOKEN_DEDENT || token->kind == TOKEN_NEWLINE)
      continue;
    const Token *first = token;
    while (token->kind != TOKEN_NEWLINE) token++;
    if (depth >= absent_from) continue;
    absent_from = UINT32_MAX;
    if (is_in_force(page, first, token)) {
      LIST_PUSH(arena, page->lines, ((Line){first, token, depth, 0}));
    } else {
      absent_from = depth + 1;
    }
  }
  count_beneath(page);
}

/* ---- What is for readers ---- */

typedef enum Section { SECTION_HEAD, SECTION_OUTLINE, SECTION_VOCABULARY } Section;

static bool is_for_readers(const Page *page, const Line *line, Section section) {
  static const char *const words[][5] = {
      [SECTION_HEAD] = {"source", "reviewed", "version", "until", NULL},
      [SECTION_OUTLINE] = {"note", "cite", NULL},
      [SECTION_VOCABULARY] = {"ask", "note", "ndc", NULL},
  };
  for (const char *const *word = words[section]; *word != NULL; word++)
    if (line_begins(page, line, *word)) return true;
  return false;
}

/* ---- Declarations ---- */

typedef struct Declaration Declaration;
struct Declaration {
  const Page *page;
  const Line *line;
  Text name;               /* empty: of a `never` */
  Declaration *next_alike; /* of those whose names fall into the same slot */
  bool is_read;
  uint32_t walk; /* the last walk that came by, and whether a fact that is read lay on its way */
  bool touches;
};

typedef struct Reading {
  Arena *arena;
  Page policy, vocabulary;
  LIST(Declaration *) declarations; /* in the order of the files */
  Declaration **slots;
  uint32_t slot_mask;
  LIST(Declaration *) work; /* read, and its words not yet followed */
  uint32_t walk;
} Reading;

static const char *const policy_declares[] = {"derive", "set", "codes", NULL};
static const char *const vocabulary_declares[] = {
    "fact", "derive", "set", "codes", "never", "drug", "preparation", "regimen", NULL};

static bool is_declaration(const Page *page, const Line *line) {
  for (const char *const *word = page->declares; *word != NULL; word++)
    if (line_begins(page, line, *word)) return true;
  return false;
}

static Declaration **slot_of(const Reading *reading, Text name) {
  uint32_t hash = UINT32_C(2166136261); /* FNV-1a */
  for (uint32_t i = 0; i < name.length; i++)
    hash = (hash ^ (unsigned char)name.at[i]) * UINT32_C(16777619);
  return &reading->slots[hash & reading->slot_mask];
}

static void gather(Reading *reading, const Page *page) {
  for (uint32_t i = 1; i < page->lines.count && page->lines.items[i].depth > 0;
       i += page->lines.items[i].beneath + 1) {
    const Line *line = &page->lines.items[i];
    if (!is_declaration(page, line)) continue;
    Declaration *declaration = ARENA_NEW(reading->arena, Declaration);
    declaration->page = page;
    declaration->line = line;
    if (!line_begins(page, line, "never")) declaration->name = token_text(page, line->first + 1);
    LIST_PUSH(reading->arena, reading->declarations, declaration);
  }
}

static void index_names(Reading *reading) {
  uint32_t size = 16;
  while (size < 2 * reading->declarations.count) size *= 2;
  reading->slots = ARENA_ARRAY(reading->arena, Declaration *, size);
  reading->slot_mask = size - 1;
  for (uint32_t i = 0; i < reading->declarations.count; i++) {
    Declaration *declaration = reading->declarations.items[i], **slot;
    if (declaration->name.length == 0) continue;
    slot = slot_of(reading, declaration->name);
    declaration->next_alike = *slot;
    *slot = declaration;
  }
}

/* ---- What is read ---- */

static void read_declaration(Reading *reading, Declaration *declaration) {
  if (declaration->is_read) return;
  declaration->is_read = true;
  LIST_PUSH(reading->arena, reading->work, declaration);
}

static void read_name(Reading *reading, Text name) {
  for (Declaration *d = *slot_of(reading, name); d != NULL; d = d->next_alike)
    if (text_equal(d->name, name)) read_declaration(reading, d);
}

/* `prior_therapies.outcome` names a list. */
static Text list_named(Text word) {
  const char *dot = memchr(word.at, '.', word.length);
  return dot == NULL ? word : (Text){word.at, (uint32_t)(dot - word.at)};
}

static void read_words(Reading *reading, const Page *page, const Line *line) {
  for (const Token *token = line->first; token < line->end; token++) {
    if (token->kind != TOKEN_WORD) continue;
    const Text word = token_text(page, token);
    read_name(reading, word);
    if (list_named(word).length < word.length) read_name(reading, list_named(word));
  }
}

static void read_lines(Reading *reading, const Page *page, const Line *line, Section section) {
  for (const Line *end = line + line->beneath; line <= end; line++) {
    if (is_for_readers(page, line, section)) {
      line += line->beneath;
    } else {
      read_words(reading, page, line);
    }
  }
}

static void follow(Reading *reading) {
  while (reading->work.count > 0) {
    const Declaration *d = reading->work.items[--reading->work.count];
    read_lines(reading, d->page, d->line, SECTION_VOCABULARY);
  }
}

static bool has_line(const Declaration *declaration, const char *word) {
  const Line *line = declaration->line;
  for (uint32_t i = 1; i <= line->beneath; i++)
    if (line_begins(declaration->page, &line[i], word)) return true;
  return false;
}

/* Preparations and regimens `of` a drug that is read. */
static bool is_of_read_drug(const Reading *reading, const Declaration *declaration) {
  for (const Token *token = declaration->line->first; token + 1 < declaration->line->end; token++) {
    if (!text_is(token_text(declaration->page, token), "of")) continue;
    const Text drug = token_text(declaration->page, token + 1);
    for (const Declaration *d = *slot_of(reading, drug); d != NULL; d = d->next_alike)
      if (d->is_read && text_equal(d->name, drug) && line_begins(d->page, d->line, "drug"))
        return true;
  }
  return false;
}

static bool touches_read_fact(Reading *reading, Declaration *declaration);

static bool words_touch_read_fact(Reading *reading, const Page *page, const Line *line) {
  for (const Token *token = line->first; token < line->end; token++) {
    if (token->kind != TOKEN_WORD) continue;
    const Text word = token_text(page, token);
    for (Declaration *d = *slot_of(reading, word); d != NULL; d = d->next_alike)
      if (text_equal(d->name, word) && touches_read_fact(reading, d)) return true;
  }
  return false;
}

/* Through derivations: a never may speak of what they stand for. Their depth is bounded by
 * LIMIT_NESTING, and each is walked once. */
static bool touches_read_fact(Reading *reading, Declaration *declaration) {
  if (line_begins(declaration->page, declaration->line, "fact")) return declaration->is_read;
  if (declaration->walk == reading->walk) return declaration->touches;
  declaration->walk = reading->walk;
  declaration->touches = false;
  declaration->touches = words_touch_read_fact(reading, declaration->page, declaration->line);
  return declaration->touches;
}

static bool is_read_unnamed(Reading *reading, Declaration *d) {
  if (line_begins(d->page, d->line, "never")) return touches_read_fact(reading, d);
  if (line_begins(d->page, d->line, "fact")) return has_line(d, "dosing");
  if (line_begins(d->page, d->line, "preparation") || line_begins(d->page, d->line, "regimen"))
    return is_of_read_drug(reading, d);
  return false;
}

static bool is_head(const Line *line) { return line->depth > 0; }

static void find_read(Reading *reading) {
  const Page *page = &reading->policy;
  for (uint32_t i = 1; i < page->lines.count; i += page->lines.items[i].beneath + 1) {
    const Line *line = &page->lines.items[i];
    if (is_head(line) && (is_declaration(page, line) || is_for_readers(page, line, SECTION_HEAD)))
      continue;
    read_lines(reading, page, line, SECTION_OUTLINE);
  }
  for (bool grew = true; grew;) {
    grew = false;
    follow(reading);
    reading->walk++;
    for (uint32_t i = 0; i < reading->declarations.count; i++) {
      Declaration *d = reading->declarations.items[i];
      if (d->is_read || !is_read_unnamed(reading, d)) continue;
      read_declaration(reading, d);
      grew = true;
    }
  }
}

/* ---- Writing ---- */

static bool is_shown(const Page *page, const Line *line, const Token *token) {
  if (mark_at(page, token->start) != NULL) return false;
  return token->kind != TOKEN_TEXT || line_begins(page, line, "payer");
}

static void write_line(Buffer *out, const Page *page, const Line *line) {
  const char *blank = "";
  for (uint32_t i = 0; i < line->depth; i++) buffer_string(out, "  ");
  for (const Token *token = line->first; token < line->end; token++) {
    if (!is_shown(page, line, token)) continue;
    buffer_string(out, blank);
    buffer_text(out, token_text(page, token));
    blank = " ";
  }
  buffer_character(out, '\n');
}

static void write_lines(Buffer *out, const Page *page, const Line *line, Section section) {
  for (const Line *end = line + line->beneath; line <= end; line++) {
    if (is_for_readers(page, line, section)) {
      line += line->beneath;
    } else {
      write_line(out, page, line);
    }
  }
}

static const Declaration *declaration_at(const Reading *reading, const Line *line) {
  for (uint32_t i = 0; i < reading->declarations.count; i++)
    if (reading->declarations.items[i]->line == line) return reading->declarations.items[i];
  return NULL;
}

static void write_policy(Buffer *out, const Reading *reading, const Version *version) {
  const Page *page = &reading->policy;
  write_line(out, page, &page->lines.items[0]);
  buffer_format(out, "  version %s\n", version->text);
  for (uint32_t i = 1; i < page->lines.count; i += page->lines.items[i].beneath + 1) {
    const Line *line = &page->lines.items[i];
    if (!is_head(line)) {
      write_lines(out, page, line, SECTION_OUTLINE);
    } else if (is_declaration(page, line)) {
      if (declaration_at(reading, line)->is_read) write_lines(out, page, line, SECTION_VOCABULARY);
    } else if (!is_for_readers(page, line, SECTION_HEAD)) {
      write_lines(out, page, line, SECTION_OUTLINE);
    }
  }
}

static void write_vocabulary(Buffer *out, const Reading *reading) {
  const Page *page = &reading->vocabulary;
  write_line(out, page, &page->lines.items[0]);
  for (uint32_t i = 0; i < reading->declarations.count; i++) {
    const Declaration *d = reading->declarations.items[i];
    if (d->page == page && d->is_read) write_lines(out, page, d->line, SECTION_VOCABULARY);
  }
}

Text canonical_text(const Policy *policy, const Version *version, Arena *arena) {
  const Vocabulary *vocabulary = policy->vocabulary;
  Reading *reading = ARENA_NEW(arena, Reading);
  reading->arena = arena;
  reading->policy = (Page){.source = policy->source,
                           .dates = &policy->syntax->dates,
                           .declares = policy_declares,
                           .day = version->date};
  reading->vocabulary = (Page){.source = vocabulary->source,
                               .dates = &vocabulary->syntax->dates,
                               .declares = vocabulary_declares,
                               .day = version->date};
  read_page(&reading->policy, arena);
  read_page(&reading->vocabulary, arena);
  gather(reading, &reading->policy);
  gather(reading, &reading->vocabulary);
  index_names(reading);
  find_read(reading);
  Buffer out;
  buffer_open(&out, arena, 4096);
  write_policy(&out, reading, version);
  write_vocabulary(&out, reading);
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

void canonical_digest(const Policy *policy, const Version *version, Arena *scratch,
                      char digest[DIGEST_SIZE]) {
  const Text text = canonical_text(policy, version, scratch);
  digest_text(digest, &text, 1);
}
