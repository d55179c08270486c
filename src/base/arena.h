/* arena: memory that lives and dies together.
 *
 * Everything licet builds belongs to an arena, and an arena to a lifetime: ARCHITECTURE.md lists
 * them. Nothing in an arena is freed alone. `arena_reset` forgets the contents and keeps the
 * blocks, so a request's arena stops asking the system for memory once it has seen its largest
 * request.
 *
 * Running out of memory is an error of the world and can happen at any allocation. So that no
 * caller has to check a thousand times, the public entry point runs its work under a guard: an
 * arena that cannot grow abandons the work, and `arena_attempt` returns false. The guard ends with
 * the call that set it, and the one that stood before it stands again: none can be left behind.
 * Work may own nothing but arena memory; what else it must own, it registers with
 * `arena_on_release`.
 *
 *     static void greet(void *context) {
 *       Greeting *greeting = context;
 *       greeting->text = arena_format(&greeting->arena, "Good morning, %s", greeting->name);
 *     }
 *
 *     arena_open(&greeting.arena);
 *     if (!arena_attempt(&greeting.arena, greet, &greeting)) return LICET_NO_MEMORY;
 *     puts(greeting.text);
 *     arena_close(&greeting.arena);
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The only way to the system's memory in licet. `memory_allocate` and `memory_resize` return NULL
 * when there is none; `memory_resize` then leaves the old memory as it was. A build with
 * LICET_FAIL_ALLOCATIONS can make them fail (`memory_fail_after`); `memory_held` counts the bytes
 * now held, for the memory report. Any thread may call them. */
void *memory_allocate(size_t size);
void *memory_resize(void *memory, size_t size);
void memory_free(void *memory);
/* All zeros. Out of line, where memset knows the machine: for a structure of some hundred bytes,
 * what the compiler puts in place of an assignment takes several times as long. */
void memory_clear(void *memory, size_t size);
size_t memory_held(void);
/* n = 0: never. n > 0: the n-th allocation from now fails, and every one after it until called
 * again. Does nothing in a build without LICET_FAIL_ALLOCATIONS. */
void memory_fail_after(long n);

typedef struct ArenaBlock ArenaBlock;
typedef struct ArenaRelease ArenaRelease;
typedef struct ArenaGuard ArenaGuard;

/* Only base/arena.c looks inside. */
typedef struct Arena {
  ArenaBlock *blocks;     /* newest first */
  ArenaBlock *spare;      /* kept by arena_reset for reuse */
  char *next, *end;       /* the free part of the newest block */
  ArenaRelease *releases; /* run, newest first, by reset and close */
  ArenaGuard *guard;      /* of the innermost attempt; NULL: none stands */
} Arena;

/* Runs `work(context)` under a guard. False: memory ran out in the arena, and the work was left
 * where it stood; what it had built in the arena is still there. The arena must outlive the call:
 * work may reset it, but not close or free it. Attempts nest, and each has the guard of its own. */
bool arena_attempt(Arena *arena, void (*work)(void *context), void *context);
/* The same for work that allocates from several arenas: at most ARENAS_AT_ONCE. */
#define ARENAS_AT_ONCE 4
bool arenas_attempt(Arena *const *arenas, size_t count, void (*work)(void *context), void *context);
/* For what is called both by itself and by work of the same arena: under a guard that stands
 * already, running out abandons that work instead, and this call does not return. */
bool arena_attempt_within(Arena *arena, void (*work)(void *context), void *context);
/* Abandons the innermost attempt of the arena, for what ran out of memory elsewhere. Outside of any
 * attempt the program ends: a bug of ours. */
void arena_exhaust(Arena *arena) __attribute__((noreturn));

void arena_open(Arena *arena);
void arena_reset(Arena *arena);
void arena_close(Arena *arena);

/* Zeroed, aligned for any type, never NULL: where there is no memory, the innermost attempt is
 * abandoned, and outside of any the program ends. A size of 0 is allowed. */
void *arena_allocate(Arena *arena, size_t size);
/* Same without zeroing. */
void *arena_allocate_raw(Arena *arena, size_t size);
/* `memory`, an allocation of `old_size` bytes of this arena (or NULL and 0), at `new_size` >=
 * old_size: where it is if it is the newest, else copied. What is added is not zeroed. */
void *arena_grow(Arena *arena, void *memory, size_t old_size, size_t new_size);
/* A copy of `length` bytes with a zero byte behind it. */
char *arena_copy(Arena *arena, const char *text, size_t length);
/* printf into the arena. */
char *arena_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_format_list(Arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
/* `release(object)` is called when the arena is reset or closed, newest first; at once if there is
 * no memory to remember it. */
void arena_on_release(Arena *arena, void (*release)(void *), void *object);
/* Bytes the arena holds from the system. */
size_t arena_size(const Arena *arena);
/* Of these, what was taken since the last reset: without the blocks kept for reuse. */
size_t arena_used(const Arena *arena);

#define ARENA_NEW(arena, Type) ((Type *)arena_allocate((arena), sizeof(Type)))
#define ARENA_ARRAY(arena, Type, count) \
  ((Type *)arena_allocate((arena), sizeof(Type) * (size_t)(count)))

/* A growing array in an arena:  LIST_PUSH(arena, list, value)  with  struct { T *items; uint32_t
 * count, capacity; }. */
void *list_grow(Arena *arena, void *items, uint32_t count, uint32_t *capacity, size_t item_size);
#define LIST(Type)            \
  struct {                    \
    Type *items;              \
    uint32_t count, capacity; \
  }
#define LIST_PUSH(arena, list, value)                                                           \
  ((list).count == (list).capacity                                                              \
       ? (void)((list).items = list_grow((arena), (list).items, (list).count, &(list).capacity, \
                                         sizeof *(list).items))                                 \
       : (void)0,                                                                               \
   (list).items[(list).count++] = (value))

#endif
