# temporary-server: a PostgreSQL server with the extension, in a folder, for as long as a script runs. To be sourced.
#
#     start_server FOLDER [OPTION...]   a new cluster in FOLDER, with the extension of build/MODE; OPTION as `-c name=value`
#     sql [PSQL OPTION...]              psql on it, without alignment or headers; statements from its input or -c
#     stop_server
#
# Nothing is installed into the system, and nothing is asked of a server that runs there: the tree that the server takes itself to be installed
# in is one of links in FOLDER, with the extension beside them. PostgreSQL does not run as root, so root starts it as the user that its package
# made.

pg_config=${PG_CONFIG:-pg_config}

as_server() {
  if ((EUID != 0)); then "$@"; else runuser -u postgres -- "$@"; fi
}

link_into() { # whatever lies in folder $1, into folder $2
  local file
  mkdir -p "$2"
  for file in "$1"/*; do [[ -e $2/${file##*/} ]] || ln -s "$file" "$2/"; done
}

start_server() {
  server=$1
  shift
  local bin lib share
  bin=$("$pg_config" --bindir) lib=$("$pg_config" --pkglibdir) share=$("$pg_config" --sharedir)
  make --no-print-directory -s MODE="${MODE:-release}" install-extensions DESTDIR="$server/tree" PREFIX=/usr || return 1
  mkdir -p "$server/tree$bin" "$server/socket"
  cp "$bin/postgres" "$server/tree$bin/"
  link_into "$lib" "$server/tree$lib"
  link_into "$share/extension" "$server/tree$share/extension"
  link_into "$share" "$server/tree$share"
  if ((EUID == 0)); then
    chmod -R a+rX "$server"
    chown postgres "$server" "$server/socket"
  fi
  server_bin=$bin
  (cd / && as_server "$bin/initdb" --no-sync -A trust -E UTF8 --locale=C.UTF-8 -U licet -D "$server/data") >"$server/initdb.log" 2>&1 ||
    { cat "$server/initdb.log"; return 1; }
  (cd / && as_server "$bin/pg_ctl" -p "$server/tree$bin/postgres" -D "$server/data" -w -s -l "$server/data/log" start \
    -o "-k $server/socket -c listen_addresses= -c fsync=off -c synchronous_commit=off $*") || { cat "$server/data/log"; return 1; }
}

sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$server/socket" -U licet -d "${DATABASE:-postgres}" "$@"; }

stop_server() {
  [[ -z ${server_bin:-} ]] || (cd / && as_server "$server_bin/pg_ctl" -D "$server/data" -s -m immediate stop)
  server_bin=
}
