#include "bulk/piece.h"

void piece_open(Piece *piece) {
  *piece = (Piece){0};
  arena_open(&piece->arena);
}

void piece_close(Piece *piece) {
  arena_close(&piece->arena);
  memory_free(piece->text);
}

bool piece_reserve(Piece *piece, size_t length) {
  char *text = memory_resize(piece->text, length + 64);
  if (text != NULL) piece->text = text;
  return text != NULL;
}
