#!/bin/bash
# rooms: a file of src/ includes only its own room and rooms before it; rooms that are clients of the library (those of the command, those of
# the service) know base/, json/ and each other alone; every room has a README; and only base/arena.c jumps.
set -uo pipefail

engine="base json language policy diagram compile dosing library request decide suppose contrast ask coverage prove planes columns vector bulk"
clients="base json render cli"
service="base json clocks store accounts cases serve daemon"

passed=0 failed=0
# rooms_in_order ROOM…: each includes only what stands before it
rooms_in_order() {
  local before="" room wrong
  for room in "$@"; do
    before+="${before:+|}$room"
    wrong=$(grep -nE '^ *# *include "[a-z_]+/' src/"$room"/*.{c,h,cpp} 2>/dev/null | grep -v "_test\.c:" | grep -vE "#include \"($before|licet)/")
    if [[ -z $wrong ]]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED  $room looks ahead:" && echo "$wrong"; fi
  done
}
rooms_in_order $engine
rooms_in_order $clients
rooms_in_order $service

# No room but store/ sees a database, none but serve/ the HTTP library.
doors=$(grep -rnE '#include <(sqlite3|libpq-fe|postgres)' --include='*.[ch]' src | grep -v '^src/store/'; grep -rn '#include <microhttpd' --include='*.[ch]' src | grep -v '^src/serve/http\.c:')
if [[ -z $doors ]]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED  a library is seen outside of its room:" && echo "$doors"; fi

# A jump set by hand can be left behind in a frame that has ended: everything else calls arena_attempt. (Unit tests include <setjmp.h>,
# which cmocka needs.)
jumps=$(grep -rnE '\b(longjmp|setjmp) *\(|ARENA_GUARD|[.>]guarded\b' --include='*.c' --include='*.h' --include='*.cpp' src bench tests extensions | grep -v '^src/base/arena\.c:')
if [[ -z $jumps ]]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED  jumps outside of src/base/arena.c:" && echo "$jumps"; fi

for folder in src/*/; do
  room=$(basename "$folder")
  if [[ " $engine $clients $service " == *" $room "* && -f $folder/README.md ]]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1)) && echo "FAILED  $room is not in the order of rooms, or has no README.md"
  fi
done
echo "$passed passed, $failed failed"
((failed == 0))
