/* Bit slicing: a question is one bit a row, and a step answers it for a tile of rows in wide
 * registers. program_tile.h is the step, included for each width of registers.
 */
#include "planes/program.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAS_WIDE_REGISTERS 1
#else
#define HAS_WIDE_REGISTERS 0
#endif

/* ---- Running ---- */

/* Planes of a column file need not be aligned to more than words. */
typedef uint64_t Lane16 __attribute__((vector_size(16), aligned(8), may_alias));
typedef uint64_t Lane32 __attribute__((vector_size(32), aligned(8), may_alias));
typedef uint64_t Lane64 __attribute__((vector_size(64), aligned(8), may_alias));

#define FOUR_LANES(what) what(0) what(1) what(2) what(3)
#define EIGHT_LANES(what) FOUR_LANES(what) what(4) what(5) what(6) what(7)
#define TWO_LANES(what) what(0) what(1)
#define ONE_LANE(what) what(0)

#define TILE_NAME run_portable
#define TILE_TARGET
#define TILE_LANE Lane16
#define TILE_EACH EIGHT_LANES
#define TILE_WORDS 16
#include "planes/program_tile.h"

#define TILE_NAME run_portable_rest
#define TILE_TARGET
#define TILE_LANE Lane16
#define TILE_EACH FOUR_LANES
#define TILE_WORDS 8
#include "planes/program_tile.h"

#if HAS_WIDE_REGISTERS
#define TILE_NAME run_avx2
#define TILE_TARGET __attribute__((target("avx2")))
#define TILE_LANE Lane32
#define TILE_EACH EIGHT_LANES
#define TILE_WORDS 32
#include "planes/program_tile.h"

#define TILE_NAME run_avx2_rest
#define TILE_TARGET __attribute__((target("avx2")))
#define TILE_LANE Lane32
#define TILE_EACH TWO_LANES
#define TILE_WORDS 8
#include "planes/program_tile.h"

#define TILE_NAME run_avx512
#define TILE_TARGET __attribute__((target("avx512f,avx512bw")))
#define TILE_LANE Lane64
#define TILE_EACH EIGHT_LANES
#define TILE_WORDS 64
#include "planes/program_tile.h"

#define TILE_NAME run_avx512_rest
#define TILE_TARGET __attribute__((target("avx512f,avx512bw")))
#define TILE_LANE Lane64
#define TILE_EACH ONE_LANE
#define TILE_WORDS 8
#include "planes/program_tile.h"
#endif

typedef struct Runner {
  void (*whole)(const Program *program, uint64_t *const *planes, const uint64_t *const *ahead,
                uint32_t first, uint32_t end);
  void (*rest)(const Program *program, uint64_t *const *planes, const uint64_t *const *ahead,
               uint32_t first, uint32_t end);
  uint32_t words; /* of a whole tile */
} Runner;

static const Runner runners[PROGRAM_PATHS] = {
    [PROGRAM_PORTABLE] = {run_portable, run_portable_rest, 16},
#if HAS_WIDE_REGISTERS
    [PROGRAM_AVX2] = {run_avx2, run_avx2_rest, 32},
    [PROGRAM_AVX512] = {run_avx512, run_avx512_rest, 64},
#endif
};

void program_run(const Program *program, ProgramPath path, uint64_t *const *planes,
                 const uint64_t *const *ahead, uint32_t words) {
  const Runner *runner = &runners[path];
  const uint32_t whole = words / runner->words * runner->words;
  if (program->step_count == 0) return; /* nothing is asked of any column */
  runner->whole(program, planes, ahead, 0, whole);
  runner->rest(program, planes, ahead, whole, words);
}

/* ---- Planes and numbers ---- */

/* byte → its bits as eight bytes of 0 and 1, lowest first */
static inline uint64_t spread(uint64_t byte) {
  const uint64_t picked = (byte * UINT64_C(0x0101010101010101)) & UINT64_C(0x8040201008040201);
  return ((picked + UINT64_C(0x7f7f7f7f7f7f7f7f)) | picked) >> 7 & UINT64_C(0x0101010101010101);
}

static inline uint64_t little_endian(uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_bswap64(word);
#else
  return word;
#endif
}

typedef uint8_t Bytes __attribute__((vector_size(8), aligned(1), may_alias));
typedef uint16_t Numbers __attribute__((vector_size(16), aligned(2), may_alias));

static void number_portable(const uint64_t *const *planes, uint32_t count, uint32_t words,
                            uint16_t *numbers) {
  for (uint32_t w = 0; w < words; w++) {
    uint64_t rows[8] = {0};
    for (uint32_t p = 0; p < count; p++)
      for (uint32_t i = 0; i < 8; i++) rows[i] |= spread((planes[p][w] >> (8 * i)) & 255) << p;
    for (uint32_t i = 0; i < 8; i++) {
      rows[i] = little_endian(rows[i]);
      *(Numbers *)(void *)(numbers + 64 * (size_t)w + 8 * i) =
          __builtin_convertvector(*(const Bytes *)(const void *)&rows[i], Numbers);
    }
  }
}

/* Eight rows of eight bits, turned. */
static inline uint64_t turn(uint64_t x) {
  uint64_t t = (x ^ (x >> 7)) & UINT64_C(0x00AA00AA00AA00AA);
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & UINT64_C(0x0000CCCC0000CCCC);
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & UINT64_C(0x00000000F0F0F0F0);
  return x ^ t ^ (t << 28);
}

static void split_portable(const uint8_t *bytes, uint32_t count, uint32_t words,
                           uint64_t *const *planes) {
  for (uint32_t w = 0; w < words; w++) {
    uint64_t sum[8] = {0}, rows;
    for (uint32_t i = 0; i < 8; i++) {
      memcpy(&rows, bytes + 64 * (size_t)w + 8 * i, 8);
      rows = turn(little_endian(rows));
      for (uint32_t p = 0; p < count; p++) sum[p] |= ((rows >> (8 * p)) & 255) << (8 * i);
    }
    for (uint32_t p = 0; p < count; p++) planes[p][w] = sum[p];
  }
}

#if HAS_WIDE_REGISTERS

__attribute__((target("avx2"))) static void number_avx2(const uint64_t *const *planes,
                                                        uint32_t count, uint32_t words,
                                                        uint16_t *numbers) {
  const __m256i which = _mm256_setr_epi64x(0, 0, 0x0101010101010101, 0x0101010101010101);
  const __m256i bits = _mm256_setr_epi64x(0x0008000400020001, 0x0080004000200010,
                                          0x0008000400020001, 0x0080004000200010);
  for (uint32_t quarter = 0; quarter < 4 * words; quarter++) { /* sixteen rows */
    __m256i sum = _mm256_setzero_si256();
    for (uint32_t p = 0; p < count; p++) {
      const int16_t rows = (int16_t)(planes[p][quarter / 4] >> (16 * (quarter % 4)));
      const __m256i picked =
          _mm256_and_si256(_mm256_shuffle_epi8(_mm256_set1_epi16(rows), which), bits);
      sum = _mm256_or_si256(sum, _mm256_and_si256(_mm256_cmpeq_epi16(picked, bits),
                                                  _mm256_set1_epi16((int16_t)(1 << p))));
    }
    _mm256_storeu_si256((__m256i *)(void *)(numbers + 16 * (size_t)quarter), sum);
  }
}

__attribute__((target("avx512f,avx512bw"))) static void number_avx512(const uint64_t *const *planes,
                                                                      uint32_t count,
                                                                      uint32_t words,
                                                                      uint16_t *numbers) {
  for (uint32_t w = 0; w < words; w++) {
    __m512i low = _mm512_setzero_si512(), high = low;
    for (uint32_t p = 0; p < count; p++) {
      low =
          _mm512_or_si512(low, _mm512_maskz_set1_epi16((__mmask32)planes[p][w], (int16_t)(1 << p)));
      high = _mm512_or_si512(
          high, _mm512_maskz_set1_epi16((__mmask32)(planes[p][w] >> 32), (int16_t)(1 << p)));
    }
    _mm512_storeu_si512(numbers + 64 * (size_t)w, low);
    _mm512_storeu_si512(numbers + 64 * (size_t)w + 32, high);
  }
}

__attribute__((target("avx2"))) static void split_avx2(const uint8_t *bytes, uint32_t count,
                                                       uint32_t words, uint64_t *const *planes) {
  for (uint32_t half = 0; half < 2 * words; half++) {
    const __m256i rows =
        _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32 * (size_t)half));
    for (uint32_t p = 0; p < count; p++) {
      const uint32_t bits =
          (uint32_t)_mm256_movemask_epi8(_mm256_sll_epi16(rows, _mm_cvtsi32_si128((int)(7 - p))));
      memcpy((char *)(planes[p] + half / 2) + 4 * (half % 2), &bits, 4);
    }
  }
}

__attribute__((target("avx512f,avx512bw"))) static void split_avx512(const uint8_t *bytes,
                                                                     uint32_t count, uint32_t words,
                                                                     uint64_t *const *planes) {
  for (uint32_t w = 0; w < words; w++) {
    const __m512i rows = _mm512_loadu_si512(bytes + 64 * (size_t)w);
    for (uint32_t p = 0; p < count; p++)
      planes[p][w] = _mm512_test_epi8_mask(rows, _mm512_set1_epi8((char)(1 << p)));
  }
}
#endif

typedef struct Converter {
  void (*number)(const uint64_t *const *planes, uint32_t count, uint32_t words, uint16_t *numbers);
  void (*split)(const uint8_t *bytes, uint32_t count, uint32_t words, uint64_t *const *planes);
} Converter;

static const Converter converters[PROGRAM_PATHS] = {
    [PROGRAM_PORTABLE] = {number_portable, split_portable},
#if HAS_WIDE_REGISTERS
    [PROGRAM_AVX2] = {number_avx2, split_avx2},
    [PROGRAM_AVX512] = {number_avx512, split_avx512},
#endif
};

void program_number(ProgramPath path, const uint64_t *const *planes, uint32_t count, uint32_t words,
                    uint16_t *numbers) {
  converters[path].number(planes, count, words, numbers);
}

void program_split(ProgramPath path, const uint8_t *bytes, uint32_t count, uint32_t words,
                   uint64_t *const *planes) {
  converters[path].split(bytes, count, words, planes);
}

/* ---- Which registers ---- */

bool program_path_available(ProgramPath path) {
#if HAS_WIDE_REGISTERS
  __builtin_cpu_init();
  if (path == PROGRAM_AVX512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
  if (path == PROGRAM_AVX2) return __builtin_cpu_supports("avx2");
#endif
  return path == PROGRAM_PORTABLE;
}

const char *program_path_name(ProgramPath path) {
  static const char *const names[] = {"portable", "avx2", "avx512"};
  return names[path];
}

ProgramPath program_path_best(void) {
  return program_path_available(PROGRAM_AVX512) ? PROGRAM_AVX512
         : program_path_available(PROGRAM_AVX2) ? PROGRAM_AVX2
                                                : PROGRAM_PORTABLE;
}
