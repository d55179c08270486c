#!/bin/bash
# header: each public header compiles alone, as C11 and as C++17, without a warning, whichever the compiler.
set -uo pipefail
[[ $MODE == coverage ]] && { echo "0 passed, 0 failed"; exit 0; }

passed=0 failed=0
for header in include/licet/*.h; do
  for compiler in "gcc -x c -std=c11" "g++ -x c++ -std=c++17" "clang -x c -std=c11" "clang++ -x c++ -std=c++17"; do
    command -v "${compiler%% *}" >/dev/null || continue
    # Included rather than compiled itself: a header is no main file. Twice, for its guard.
    if printf '#include <%s>\n#include <%s>\n' "${header#include/}" "${header#include/}" |
      $compiler -Wall -Wextra -Wshadow -pedantic -Werror -Iinclude -fsyntax-only -; then
      passed=$((passed + 1))
    else
      echo "FAILED  $compiler $header"
      failed=$((failed + 1))
    fi
  done
done
echo "$passed passed, $failed failed"
((failed == 0))
