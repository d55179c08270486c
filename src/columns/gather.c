/* Rows are copied by number: an entry of one table is looked up once in the other and remembered.
 */
#include "columns/gather.h"

#include "columns/builder_internal.h"

typedef struct GatherColumn {
  uint32_t into;   /* the builder's column + 1; 0: not met yet */
  uint32_t *codes; /* by number here, the number there; 0: not met yet */
  uint32_t count;
} GatherColumn;

struct Gather {
  Builder *builder;
  Arena arena;
  uint64_t from, into; /* the generations that the numbers are of */
  GatherColumn *columns;
};

Gather *gather_open(Builder *builder) {
  Gather *g = memory_allocate(sizeof *g);
  if (g == NULL) return NULL;
  memset(g, 0, sizeof *g);
  g->builder = builder;
  arena_open(&g->arena);
  return g;
}

void gather_close(Gather *g) {
  if (g == NULL) return;
  arena_close(&g->arena);
  memory_free(g);
}

static void begin_anew(Gather *g, const BulkTable *table) {
  arena_reset(&g->arena);
  g->columns = ARENA_ARRAY(&g->arena, GatherColumn, BUILDER_COLUMNS_MOST);
  g->from = table->generation;
  g->into = g->builder->generation;
}

static void widen(Gather *g, GatherColumn *at, uint32_t count) {
  const uint32_t wanted = count + count / 2 + 64;
  uint32_t *codes = ARENA_ARRAY(&g->arena, uint32_t, wanted);
  if (at->count > 0) memcpy(codes, at->codes, at->count * sizeof *codes);
  at->codes = codes;
  at->count = wanted;
}

/* False where there are too many columns. */
static bool gather_value(Gather *g, GatherColumn *at, const Column *column, uint32_t code) {
  Builder *b = g->builder;
  if (at->into == 0) at->into = builder_column(b, column->name, column->place) + 1;
  if (at->into == 0) return false;
  if (code >= at->count) widen(g, at, column->entry_count);
  if (at->codes[code] == 0)
    at->codes[code] =
        dictionary_find(&b->columns.items[at->into - 1].dictionary, column->entries[code]);
  return builder_set(b, at->into - 1, at->codes[code]);
}

static bool gather_values(Gather *g, const BulkTable *table, uint32_t row) {
  for (uint32_t i = 0; i < table->column_count; i++) {
    const uint32_t code = column_code(&table->columns[i], row);
    if (code != 0 && !gather_value(g, &g->columns[i], &table->columns[i], code)) return false;
  }
  return true;
}

typedef struct Row {
  Gather *g;
  const BulkTable *table;
  uint32_t row;
  GatherStatus status;
} Row;

static void gather_one(void *context) {
  Row *one = context;
  Gather *g = one->g;
  if (g->from != one->table->generation || g->into != g->builder->generation)
    begin_anew(g, one->table);
  if (!gather_values(g, one->table, one->row)) {
    builder_forget_row(g->builder);
    one->status = GATHER_FULL;
  } else if (!builder_end_row(g->builder, table_id(one->table, one->row))) {
    one->status = GATHER_NO_MEMORY;
  }
}

GatherStatus gather_row(Gather *g, const BulkTable *table, uint32_t row) {
  Arena *const arenas[] = {&g->builder->entries, &g->arena};
  Row one = {g, table, row, GATHER_DONE};
  return arenas_attempt(arenas, 2, gather_one, &one) ? one.status : GATHER_NO_MEMORY;
}
