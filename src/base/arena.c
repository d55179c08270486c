/* arena: blocks in a list, filled from the front.
 *
 *     blocks → newest ─→ older ─→ oldest          spare → oldest ─→ … (after a reset)
 *              [head|used...|free]
 *                            ^next ^end
 *
 * Invariants: `next` is aligned for any type; only the newest block has a free part; a reset hands
 * the blocks back in the order in which they were taken, so that the same allocations meet the same
 * blocks and ask the system for nothing.
 */
#include "base/arena.h"

#include <assert.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef LICET_FAIL_ALLOCATIONS
#include <limits.h>
#endif

/* Under AddressSanitizer the free part of a block is poisoned, so that an overrun within an arena,
 * or a use after a reset, is caught as one of the heap would be. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#endif

#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#define POISON(memory, size) ASAN_POISON_MEMORY_REGION((memory), (size))
#define UNPOISON(memory, size) ASAN_UNPOISON_MEMORY_REGION((memory), (size))
#else
#define POISON(memory, size) ((void)(memory), (void)(size))
#define UNPOISON(memory, size) ((void)(memory), (void)(size))
#endif

/* The doors to the system. */

static atomic_size_t held;

#ifdef LICET_FAIL_ALLOCATIONS
/* Allocations that still succeed, plus one. "Never" is a number that no run counts down. */
static atomic_long until_failure = LONG_MAX;

void memory_fail_after(long n) { atomic_store(&until_failure, n > 0 ? n : LONG_MAX); }
static bool made_to_fail(void) { return atomic_fetch_sub(&until_failure, 1) <= 1; }
#else
void memory_fail_after(long n) { (void)n; }
static inline bool made_to_fail(void) { return false; }
#endif

/* A larger single block is a mistake of ours, not a need: half a terabyte. */
#define PIECE_MOST ((size_t)1 << 39)

/* The allocator knows the size of every block, so no header of ours has to remember it. */
static size_t size_held_by(void *memory) { return memory ? malloc_usable_size(memory) : 0; }

void *memory_allocate(size_t size) {
  if (size > PIECE_MOST || made_to_fail()) return NULL;
  void *memory = malloc(size ? size : 1);
  atomic_fetch_add_explicit(&held, size_held_by(memory), memory_order_relaxed);
  return memory;
}

void *memory_resize(void *memory, size_t size) {
  if (size > PIECE_MOST || made_to_fail()) return NULL;
  size_t before = size_held_by(memory);
  void *resized = realloc(memory, size ? size : 1);
  if (!resized) return NULL; /* the old block stands */
  atomic_fetch_add_explicit(&held, size_held_by(resized), memory_order_relaxed);
  atomic_fetch_sub_explicit(&held, before, memory_order_relaxed);
  return resized;
}

void memory_clear(void *memory, size_t size) { memset(memory, 0, size); }

void memory_free(void *memory) {
  atomic_fetch_sub_explicit(&held, size_held_by(memory), memory_order_relaxed);
  free(memory);
}

size_t memory_held(void) { return atomic_load_explicit(&held, memory_order_relaxed); }

/* The arena. */

#define ALIGNMENT alignof(max_align_t)
/* Blocks double from a page, which holds a request, to a megabyte, which wastes little of a large
 * library. */
#define BLOCK_LEAST ((size_t)4 << 10)
#define BLOCK_MOST ((size_t)1 << 20)

struct ArenaBlock {
  ArenaBlock *next;
  size_t size; /* of `bytes` */
  alignas(max_align_t) char bytes[];
};

/* Stands in the frame of arenas_attempt, and is pointed to for as long as that frame lives. */
struct ArenaGuard {
  jmp_buf abandoned;
};

struct ArenaRelease {
  void (*release)(void *object);
  void *object;
  ArenaRelease *next;
};

/* A size no allocator serves stands for one that overflows. */
static size_t rounded_up(size_t size) {
  return size > SIZE_MAX / 2 ? SIZE_MAX / 2 - (SIZE_MAX / 2) % ALIGNMENT
                             : (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

void arena_exhaust(Arena *arena) {
  if (arena->guard == NULL) {
    fputs("licet: out of memory in an arena without a guard\n", stderr);
    abort();
  }
  longjmp(arena->guard->abandoned, 1);
}

/* Nothing of this frame changes between setjmp and a jump back. */
static bool run(ArenaGuard *guard, void (*work)(void *context), void *context) {
  if (setjmp(guard->abandoned) != 0) return false;
  work(context);
  return true;
}

bool arenas_attempt(Arena *const *arenas, size_t count, void (*work)(void *context),
                    void *context) {
  assert(count <= ARENAS_AT_ONCE);
  ArenaGuard guard;
  ArenaGuard *before[ARENAS_AT_ONCE];
  for (size_t i = 0; i < count; i++) {
    before[i] = arenas[i]->guard;
    arenas[i]->guard = &guard;
  }
  const bool done = run(&guard, work, context);
  for (size_t i = count; i-- > 0;) arenas[i]->guard = before[i];
  return done;
}

bool arena_attempt(Arena *arena, void (*work)(void *context), void *context) {
  return arenas_attempt(&arena, 1, work, context);
}

bool arena_attempt_within(Arena *arena, void (*work)(void *context), void *context) {
  if (arena->guard == NULL) return arena_attempt(arena, work, context);
  work(context);
  return true;
}

void arena_open(Arena *arena) { memset(arena, 0, sizeof *arena); }

static ArenaBlock *spare_block(Arena *arena, size_t size) {
  for (ArenaBlock **link = &arena->spare; *link; link = &(*link)->next) {
    ArenaBlock *block = *link;
    if (block->size < size) continue;
    *link = block->next;
    return block;
  }
  return NULL;
}

static ArenaBlock *new_block(Arena *arena, size_t size) {
  size_t wanted = arena->blocks ? arena->blocks->size * 2 : BLOCK_LEAST;
  if (wanted > BLOCK_MOST) wanted = BLOCK_MOST;
  if (wanted < size) wanted = size;
  ArenaBlock *block = memory_allocate(sizeof(ArenaBlock) + wanted);
  if (!block) return NULL;
  block->size = wanted;
  POISON(block->bytes, wanted);
  return block;
}

static bool add_block(Arena *arena, size_t size) {
  ArenaBlock *block = spare_block(arena, size);
  if (!block) block = new_block(arena, size);
  if (!block) return false;
  block->next = arena->blocks;
  arena->blocks = block;
  arena->next = block->bytes;
  arena->end = block->bytes + block->size;
  return true;
}

/* NULL when memory has run out. */
static void *try_allocate(Arena *arena, size_t size) {
  size_t taken = rounded_up(size ? size : 1); /* every allocation has its own address */
  if (taken > (size_t)(arena->end - arena->next) && !add_block(arena, taken)) return NULL;
  char *memory = arena->next;
  arena->next += taken;
  UNPOISON(memory, size);
  return memory;
}

void *arena_allocate_raw(Arena *arena, size_t size) {
  void *memory = try_allocate(arena, size);
  if (!memory) arena_exhaust(arena);
  return memory;
}

void *arena_allocate(Arena *arena, size_t size) {
  void *memory = arena_allocate_raw(arena, size);
  return memset(memory, 0, size);
}

/* The newest allocation of the newest block can grow where it is. */
static bool grown_in_place(Arena *arena, char *memory, size_t old_size, size_t new_size) {
  if (!memory || memory + rounded_up(old_size ? old_size : 1) != arena->next) return false;
  size_t taken = rounded_up(new_size);
  if (taken > (size_t)(arena->end - memory)) return false;
  arena->next = memory + taken;
  UNPOISON(memory, new_size);
  return true;
}

void *arena_grow(Arena *arena, void *memory, size_t old_size, size_t new_size) {
  assert(new_size >= old_size);
  if (new_size == old_size && memory) return memory;
  if (grown_in_place(arena, memory, old_size, new_size)) return memory;
  void *grown = arena_allocate_raw(arena, new_size);
  if (old_size) memcpy(grown, memory, old_size);
  return grown;
}

char *arena_copy(Arena *arena, const char *text, size_t length) {
  char *copy = arena_allocate_raw(arena, length + 1);
  if (length) memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

char *arena_format_list(Arena *arena, const char *format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, again);
  va_end(again);
  assert(length >= 0);
  char *text = arena_allocate_raw(arena, (size_t)length + 1);
  vsnprintf(text, (size_t)length + 1, format, arguments);
  return text;
}

char *arena_format(Arena *arena, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *text = arena_format_list(arena, format, arguments);
  va_end(arguments);
  return text;
}

void arena_on_release(Arena *arena, void (*release)(void *), void *object) {
  ArenaRelease *entry = try_allocate(arena, sizeof *entry);
  if (!entry) { /* nobody else will ever release it */
    release(object);
    arena_exhaust(arena);
  }
  *entry = (ArenaRelease){release, object, arena->releases};
  arena->releases = entry;
}

static void run_releases(Arena *arena) {
  while (arena->releases) {
    ArenaRelease *entry = arena->releases;
    arena->releases = entry->next;
    entry->release(entry->object);
  }
}

void arena_reset(Arena *arena) {
  run_releases(arena);
  while (arena->blocks) { /* newest first out, so that the oldest is first in the end */
    ArenaBlock *block = arena->blocks;
    arena->blocks = block->next;
    block->next = arena->spare;
    arena->spare = block;
    POISON(block->bytes, block->size);
  }
  arena->next = arena->end = NULL;
}

static void free_blocks(ArenaBlock *block) {
  while (block) {
    ArenaBlock *next = block->next;
    UNPOISON(block->bytes, block->size);
    memory_free(block);
    block = next;
  }
}

void arena_close(Arena *arena) {
  run_releases(arena);
  free_blocks(arena->blocks);
  free_blocks(arena->spare);
  arena_open(arena);
}

static size_t blocks_size(const ArenaBlock *block) {
  size_t size = 0;
  for (; block; block = block->next) size += sizeof *block + block->size;
  return size;
}

size_t arena_size(const Arena *arena) {
  return blocks_size(arena->blocks) + blocks_size(arena->spare);
}

size_t arena_used(const Arena *arena) { return blocks_size(arena->blocks); }

#define LIST_LEAST 8u

void *list_grow(Arena *arena, void *items, uint32_t count, uint32_t *capacity, size_t item_size) {
  if (*capacity > UINT32_MAX / 2) arena_exhaust(arena);
  uint32_t grown = *capacity ? *capacity * 2 : LIST_LEAST;
  if (grown > SIZE_MAX / 2 / item_size) arena_exhaust(arena);
  assert(count == *capacity);
  items = arena_grow(arena, items, count * item_size, grown * item_size);
  *capacity = grown;
  return items;
}
