#include "bulk/chunk.h"

#include "json/reader.h"

void piece_open(Piece *piece) {
  *piece = (Piece){0};
  arena_open(&piece->arena);
}

void piece_release(Piece *piece) {
  column_segment_close(piece->segment);
  piece->segment = NULL;
  piece->table = NULL;
}

void piece_close(Piece *piece) {
  piece_release(piece);
  arena_close(&piece->arena);
  memory_free(piece->text);
}

bool piece_reserve(Piece *piece, size_t length) {
  if (piece->capacity >= length) return true;
  char *text = memory_resize(piece->text, length + JSON_INDEX_PADDING);
  if (text == NULL) return false;
  piece->text = text;
  piece->capacity = length;
  return true;
}

bool record_is_blank(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r' && text[i] != '\n') return false;
  return true;
}
