/* measure: a clock, medians, and figures in columns. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static inline int by_size(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Sorts what it is given. */
static inline double median_of(double *numbers, size_t count) {
  qsort(numbers, count, sizeof *numbers, by_size);
  return numbers[count / 2];
}

/* What reading the clock twice costs: taken off every step that is timed alone. */
static inline double clock_cost_ns(void) {
  enum { INTERPRETATIONS = 10001 };
  static double costs[INTERPRETATIONS];
  for (int i = 0; i < INTERPRETATIONS; i++) {
    const double begin = now_ns();
    costs[i] = now_ns() - begin;
  }
  return median_of(costs, INTERPRETATIONS);
}

/* The same numbers in every run. */
static inline uint64_t random_next(uint64_t *state) {
  *state += UINT64_C(0x9E3779B97F4A7C15);
  uint64_t z = *state;
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static inline uint32_t random_below(uint64_t *state, uint32_t end) {
  return (uint32_t)((random_next(state) >> 32) * end >> 32);
}

#endif
