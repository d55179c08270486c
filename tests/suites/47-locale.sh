#!/bin/bash
# locale: nothing in src/ asks the locale of the program it is part of, and the cases of policies/ are answered alike in locales
# where "I" is not the capital of "i" (tr_TR, az_AZ) and where the decimal point is a comma (de_DE). The locales are made here, from
# what Debian's package `locales` describes.
set -uo pipefail
[[ $MODE == coverage ]] && { echo "0 passed, 0 failed"; exit 0; }

passed=0 failed=0
asked=$(grep -nE '\b(tolower|toupper|isalnum|isalpha|isspace|isdigit|isxdigit|isupper|islower|isprint|ispunct|strn?casecmp|strcoll|setlocale)\(|<(ctype|strings|wctype)\.h>' \
  src/*/*.c src/*/*.h src/*/*.cpp include/licet/*.h)
if [[ -z $asked ]]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED  asks the locale:" && echo "$asked"; fi

# The library writes no binary fraction, whose decimal point would be the locale's.
rooms=$(ls -d src/*/ | grep -vE '/(cli|render)/')
asked=$(grep -nE '%[-+ 0-9.*]*[fgeFGE]\b|\b(strtod|strtof|atof)\(' $(printf '%s*.c ' $rooms) | grep -v '_test\.c:')
if [[ -z $asked ]]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED  the decimal point is the locale's:" && echo "$asked"; fi

LOCPATH=$(mktemp -d)
export LOCPATH
trap 'rm -rf "$LOCPATH"' EXIT
for locale in C tr_TR.UTF-8 az_AZ.UTF-8 de_DE.UTF-8; do
  if [[ $locale != C ]] && ! localedef -i "${locale%.*}" -f UTF-8 "$LOCPATH/$locale" 2>/dev/null; then
    failed=$((failed + 1)) && echo "FAILED  $locale cannot be made: is the package 'locales' installed?"
    continue
  fi
  if said=$("$BUILD/tests/locale/locale_test" "$locale" 2>&1); then
    passed=$((passed + 1))
  else
    failed=$((failed + 1)) && echo "FAILED  $locale" && echo "$said"
  fi
done
echo "$passed passed, $failed failed"
((failed == 0))
