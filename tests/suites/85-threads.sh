#!/bin/bash
# threads: eight threads share one library for the same 10,000 requests and must all give the bytes that one thread gave: in the build under test, and,
# for a tenth of them, under ThreadSanitizer, which sees races that happened not to matter.
set -uo pipefail
[[ $MODE == release ]] || { echo "0 passed, 0 failed"; exit 0; }

. tests/checks

program=tests/property/property_test
# The sanitizer wants its own objects; the Makefile builds them like any others.
sanitized() {
  local flags="-O1 -fsanitize=thread"
  make --no-print-directory -s -j"${JOBS:-2}" MODE=debug BUILD=build/thread CFLAGS="$flags" CXXFLAGS="$flags" LDFLAGS=-fsanitize=thread \
    "build/thread/$program"
}

[[ -x $BUILD/$program ]] || make --no-print-directory -s -j"${JOBS:-2}" "$BUILD/$program"
check "eight threads give the same bytes" "$BUILD/$program" --threads 8 --count 10000 policies
check "the test builds with ThreadSanitizer" sanitized
check "no thread races with another" env TSAN_OPTIONS=halt_on_error=1 "build/thread/$program" --threads 8 --count 1000 policies
echo "$passed passed, $failed failed"
((failed == 0))
