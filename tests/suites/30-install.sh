#!/bin/bash
# install: what `make install` leaves behind serves a stranger: a program against the shared and against the static library, the command,
# its policies; the libraries export the public names and no other; and `make uninstall` leaves nothing.
set -uo pipefail
[[ $MODE == release ]] || { echo "0 passed, 0 failed"; exit 0; }

. tests/checks

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
prefix=/opt/licet
there=$root$prefix
quietly() { "$@" >"$root/log" 2>&1 || { cat "$root/log"; return 1; }; }

cat >"$root/client.c" <<'END'
#include <licet/licet.h>
#include <stdio.h>
int main(void) {
  printf("%s\n", licet_version());
  return 0;
}
END

# The .pc file names where the files will be; the sysroot says where they are now.
pc() { PKG_CONFIG_PATH=$there/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root pkg-config "$@" licet; }
links_shared() { gcc -std=c11 -Wall -Wextra -Werror "$root/client.c" $(pc --cflags --libs) -o "$root/shared"; }
links_static() { # licet alone from its archive; the system's libraries as they are
  gcc -std=c11 "$root/client.c" $(pc --cflags) "$there/lib/liblicet.a" $(PKG_CONFIG_PATH=$there/lib/pkgconfig pkg-config --static --libs-only-l licet |
    sed 's/-llicet//') -o "$root/static"
}
runs_shared() { [[ $(LD_LIBRARY_PATH=$there/lib "$root/shared") == "$(pc --modversion)" ]]; }
runs_static() { [[ $("$root/static") == "$(pc --modversion)" ]]; }
asks_for_soname() { objdump -p "$root/shared" | grep -q 'NEEDED *liblicet\.so\.[0-9]'; }
exports_only_public() { ! nm -D --defined-only "$there/lib/liblicet.so" | awk '$2 != "A" && $3 !~ /^licet_/ { print "exported:", $3; found = 1 } END { exit !found }'; }
has_policies() { [[ -n $(ls "$there/share/licet/policies") ]]; }
command_runs() { "$there/bin/licet" --version; }
nothing_is_left() { local left; left=$(find "$there" ! -type d); [[ -z $left ]] || { echo "$left"; return 1; }; }
command_uses_only_public() {
  local objects=()
  for object in "$BUILD"/src/{base,json,render,cli}/*.o; do [[ $object == *_test.o ]] || objects+=("$object"); done
  gcc "${objects[@]}" -L"$there/lib" -llicet $(pkg-config --libs simdjson libsodium) -lstdc++ -pthread -lm -o "$root/command"
}

check "make install works" quietly make --no-print-directory -s install DESTDIR="$root" PREFIX=$prefix
((failed == 0)) || { echo "$passed passed, $failed failed"; exit 1; } # nothing to look at
check "a program links with the shared library through pkg-config" links_shared
check "it runs" runs_shared
check "it asks for the library by its soname" asks_for_soname
check "a program links with the static library through pkg-config" links_static
check "it runs without the shared one" runs_static
check "the shared library exports licet_* and nothing else" exports_only_public
check "the command needs base, json, render and what the library exports" command_uses_only_public
check "the command runs from where it is installed" command_runs
check "the policies are installed" has_policies
# Where there is a folder of policies that happens to be called so, too.
mkdir -p "$root/here/policies" && cp "$there"/share/licet/policies/*.licet "$root/here/policies"
listed() { (cd "$1" && shift && env -u LICET_POLICIES "$@" "$there/bin/licet" policies 2>&1 >/dev/null); }
check "the installed policies are used in silence" test -z "$(listed "$root")"
check "a folder in front of them is named" grep -q "policies (in the current folder), not the installed ones in $there" <<<"$(listed "$root/here")"
check "unless it was chosen" test -z "$(listed "$root/here" LICET_POLICIES=policies)"
rm -r "$root/here"
check "make uninstall works" quietly make --no-print-directory -s uninstall DESTDIR="$root" PREFIX=$prefix
check "nothing is left behind" nothing_is_left
echo "$passed passed, $failed failed"
((failed == 0))
