#include "cli/nearest.h"

#include "base/text.h"

#include <string.h>

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static int same(char a, char b) { return ascii_lower(a) == ascii_lower(b); }

/* Edits (insert, delete, replace, swap neighbours) from a to b, letters compared without case: the
 * optimal string alignment, three rows kept. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length) {
  size_t rows[3][NEAREST_LENGTH_MAX + 1];
  for (size_t j = 0; j <= b_length; j++) rows[0][j] = j;
  for (size_t i = 1; i <= a_length; i++) {
    size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
      row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + !same(a[i - 1], b[j - 1]));
      if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
        row[j] = least(row[j], two_above[j - 2] + 1);
    }
  }
  return rows[a_length % 3][b_length];
}

Nearest nearest_to(const char *word) {
  return (Nearest){.word = word, .best = NULL, .distance = (size_t)-1};
}

void nearest_consider(Nearest *nearest, const char *candidate) {
  size_t word_length = strlen(nearest->word), length = strlen(candidate);
  if (word_length > NEAREST_LENGTH_MAX || length > NEAREST_LENGTH_MAX) return;
  size_t found = distance(nearest->word, word_length, candidate, length);
  if (found >= nearest->distance) return;
  nearest->distance = found;
  nearest->best = candidate;
}

const char *nearest_found(const Nearest *nearest) {
  size_t third = strlen(nearest->word) / 3;
  return nearest->distance <= (third > 1 ? third : 1) ? nearest->best : NULL;
}
