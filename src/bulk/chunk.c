/* Memory of a chunk is kept from one part of the input to the next. */
#include "bulk/chunk.h"

#include "json/reader.h"

void chunk_open(Chunk *chunk) {
  *chunk = (Chunk){0};
  arena_open(&chunk->arena);
}

void chunk_release(Chunk *chunk) {
  column_segment_close(chunk->segment);
  chunk->segment = NULL;
  chunk->table = NULL;
}

void chunk_close(Chunk *chunk) {
  chunk_release(chunk);
  arena_close(&chunk->arena);
  memory_free(chunk->text);
}

bool chunk_reserve(Chunk *chunk, size_t length) {
  if (chunk->capacity >= length) return true;
  char *text = memory_resize(chunk->text, length + JSON_INDEX_PADDING);
  if (text == NULL) return false;
  chunk->text = text;
  chunk->capacity = length;
  return true;
}

bool record_is_blank(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r' && text[i] != '\n') return false;
  return true;
}
