# licet: coverage policies as code
#
#     make run                  install what is missing (apt, with sudo where not root), build, decide real requests under all five policies
#     make test                 the same, then every test; the last line is "N passed, N failed"
#     make check                the inner loop, in under a minute: what a change most often breaks, in the release build alone
#     make                      build/licet and build/licetd, and build/release/ with liblicet.a and liblicet.so
#     make bench                measure, side by side in one run; `make bench-json` only the JSON readers; BENCH="name ..." chooses
#     make coverage             line coverage of src/ by the tests; fails below COVERAGE_MIN (95)
#     make fuzz                 every target of tests/fuzz for FUZZ_SECONDS (60) each; FUZZ="name ..." chooses
#     make extensions           licet inside databases: build/MODE/extensions/ for PostgreSQL 15 and SQLite, of those installed
#     make install-extensions   into the places pg_config names, and PREFIX/lib/sqlite3; `make uninstall-extensions` takes them away
#     make bench-peers          the same policy in other engines (bench/peers), side by side in one run; installs them with npm
#     make bench-scale          what docs/scale.md is calculated from: the extension on many rows in a PostgreSQL server of its own
#     make install              into PREFIX (/usr/local) under DESTDIR; without DESTDIR, ldconfig makes the library known to the loader.
#                               `make uninstall` removes it again
#     make format               clang-format over everything; `make format-check` only looks
#     make clean
#
# MODE says how to build, each mode in its own directory build/MODE; `make MODE=asan test` runs the tests with that build.
#
#     release    -O2, the default; its command is also build/licet
#     debug      -O0, for the debugger
#     asan       address and undefined-behavior sanitizers; any finding ends the program
#     fail       as asan, with LICET_FAIL_ALLOCATIONS: a test can make the n-th allocation fail
#     tiny       as asan, with LICET_TINY_LIMITS: every limit is small enough to be met by a test
#     coverage   as debug, counting lines; with LICET_FAIL_ALLOCATIONS, so that the paths after a failed allocation count
#     fuzz       clang with libFuzzer and the sanitizers
#
# WERROR=1 makes warnings errors (as in CI). SUITES="10-unit 20-header" runs only those suites of tests/suites.
#
# Nothing is listed by hand: a source belongs to the library because it lies in src/ROOM/, to the command because it lies in src/cli/
# or src/render/, to the service because it lies in one of SERVICE_ROOMS, and is a test program because its name ends in _test.c (beside its
# subject in src/ROOM/, or in tests/FOLDER/ where a suite runs it).
# The command is a client of the library like any other; of src/ it includes base/, json/, render/ and cli/ alone (tests/suites/20-header.sh).

# The version has one home, the public header.
VERSION := $(shell sed -n 's/^\#define LICET_VERSION "\(.*\)"/\1/p' include/licet/licet.h 2>/dev/null)
SONAME  := liblicet.so.$(firstword $(subst ., ,$(VERSION)) 0)

MODE    ?= release
PREFIX  ?= /usr/local
DESTDIR ?=
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)

COVERAGE_MIN ?= 95
FUZZ_SECONDS ?= 60

# What `make run` shows: each request with its whole explanation, then the ten outcomes in a line each.
define DEMO
build/licet decide --policies policies --ndjson --tree examples/requests.ndjson
@echo && echo 'In short:'
@build/licet decide --policies policies --ndjson --json examples/requests.ndjson | \
  sed -E 's/^\{"request":"([^"]*)".*"outcome":"([a-z_]*)","reason":"?([a-z_]*)"?,.*/  \1  \2  \3/; s/  null$$//'
endef

# ---------------------------------------------------------------------------------------------------------------------------- flags

WARNINGS     = -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2 \
               $(if $(filter 1,$(WERROR)),-Werror)
C_WARNINGS   = $(WARNINGS) -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
CXX_WARNINGS = $(WARNINGS)

SANITIZE       = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_release  = -O2 -g -D_FORTIFY_SOURCE=2 -fno-semantic-interposition
FLAGS_debug    = -O0 -g3
FLAGS_asan     = $(SANITIZE)
FLAGS_fail     = $(SANITIZE) -DLICET_FAIL_ALLOCATIONS
FLAGS_tiny     = $(SANITIZE) -DLICET_TINY_LIMITS
FLAGS_coverage = -O0 -g --coverage -fprofile-update=atomic -DLICET_FAIL_ALLOCATIONS
FLAGS_fuzz     = $(SANITIZE) -fsanitize=fuzzer-no-link
MODE_FLAGS    := $(FLAGS_$(MODE))
$(if $(MODE_FLAGS),,$(error MODE=$(MODE) is not one of release, debug, asan, fail, tiny, coverage, fuzz))

# A compiler named by the caller (CC=clang-14) stands; the fuzzer is clang's.
ifeq ($(origin CC),default)
CC := $(if $(filter fuzz,$(MODE)),clang,gcc)
endif
ifeq ($(origin CXX),default)
CXX := $(if $(filter fuzz,$(MODE)),clang++,g++)
endif

# Before tools/setup has run there may be no pkg-config; the targets that install call make again afterwards.
LIBRARIES    = simdjson libsodium
LIB_CFLAGS  := $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null)
LIB_LIBS    := $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) -lstdc++ -lm -pthread
TEST_LIBS   := $(shell pkg-config --libs cmocka 2>/dev/null)
# The service's own: HTTP, and the database of one machine.
SERVICE_LIBS := $(shell pkg-config --libs libmicrohttpd sqlite3 2>/dev/null)
READER_LIBS := $(shell pkg-config --libs json-c jansson 2>/dev/null)

BUILD = build/$(MODE)
DEPEND = -MMD -MP
DEFINE = -D_DEFAULT_SOURCE
C_COMPILE   = $(CC) -std=c11 $(DEFINE) $(C_WARNINGS) $(MODE_FLAGS) -fPIC -fvisibility=hidden $(DEPEND) $(CPPFLAGS) $(CFLAGS)
# simdjson reports by status; nothing in the shim throws, and nothing may throw through C.
CXX_COMPILE = $(CXX) -std=c++17 $(DEFINE) $(CXX_WARNINGS) $(MODE_FLAGS) -fPIC -fno-exceptions -fno-rtti $(DEPEND) $(CPPFLAGS) $(CXXFLAGS)
LINK        = $(CC) $(MODE_FLAGS) $(LDFLAGS)
INSIDE      = -Iinclude -Isrc

# Overridable: a machine may have several servers.
PG_CONFIG   ?= pg_config
PG_INCLUDE  := $(shell $(PG_CONFIG) --includedir-server 2>/dev/null)
SQLITE_CFLAGS := $(shell pkg-config --cflags sqlite3 2>/dev/null)

# -------------------------------------------------------------------------------------------------------------------------- sources

TEST_SOURCES  := $(wildcard src/*/*_test.c)
CHECK_SOURCES := $(wildcard tests/*/*_test.c)
CLI_SOURCES   := $(filter-out $(TEST_SOURCES),$(wildcard src/render/*.c src/cli/*.c))
# The service, a client of the library too: its rooms, in their order.
SERVICE_ROOMS   := clocks store accounts cases serve daemon
SERVICE_SOURCES := $(filter-out $(TEST_SOURCES),$(wildcard $(SERVICE_ROOMS:%=src/%/*.c)))
LIB_SOURCES   := $(filter-out $(TEST_SOURCES) $(CLI_SOURCES) $(SERVICE_SOURCES),$(wildcard src/*/*.c)) $(wildcard src/*/*.cpp)
BENCH_SOURCES := $(wildcard bench/*.c bench/*.cpp)
FUZZ_SOURCES  := $(wildcard tests/fuzz/*.c)

objects  = $(addprefix $(BUILD)/,$(addsuffix .o,$(basename $1)))
programs = $(addprefix $(BUILD)/,$(basename $1))

LIB_OBJECTS := $(call objects,$(LIB_SOURCES))
CLI_OBJECTS := $(call objects,$(CLI_SOURCES))
# What a test of the command may link: all of it but main.
CLI_PARTS   := $(filter-out $(BUILD)/src/cli/main.o,$(CLI_OBJECTS))
TESTS       := $(call programs,$(TEST_SOURCES))
SERVICE_OBJECTS := $(call objects,$(SERVICE_SOURCES))
SERVICE_PARTS   := $(filter-out $(BUILD)/src/daemon/main.o,$(SERVICE_OBJECTS))
SERVICE_TESTS   := $(filter $(SERVICE_ROOMS:%=$(BUILD)/src/%/%_test),$(TESTS))
CLI_TESTS   := $(filter $(BUILD)/src/cli/% $(BUILD)/src/render/%,$(TESTS))
CHECKS      := $(call programs,$(CHECK_SOURCES))
# What the property tests share, and the test of bulk with them.
PROPERTY_CHECKS := $(filter $(BUILD)/tests/property/% $(BUILD)/tests/bulk/%,$(CHECKS))
PROPERTY_PARTS  := $(call objects,$(filter-out $(CHECK_SOURCES),$(wildcard tests/property/*.c)))
BENCHES     := $(call programs,$(BENCH_SOURCES))
# What a bench measures against, and the requests that the property tests make up.
BENCH_PARTS := $(call objects,$(wildcard bench/reference/*.c)) $(PROPERTY_PARTS)
FUZZERS     := $(call programs,$(FUZZ_SOURCES))

STATIC  = $(BUILD)/liblicet.a
SHARED  = $(BUILD)/liblicet.so
COMMAND = $(if $(CLI_SOURCES),$(BUILD)/licet)
SERVICE = $(if $(SERVICE_SOURCES),$(BUILD)/licetd)

# -------------------------------------------------------------------------------------------------------------------------- building

.PHONY: all tests checks run check test bench bench-json bench-peers bench-scale benches coverage fuzz fuzzers install uninstall format format-check clean
.DELETE_ON_ERROR:
.SECONDARY:

all: $(STATIC) $(SHARED) $(COMMAND) $(SERVICE) $(if $(filter release,$(MODE)),$(COMMAND:$(BUILD)/%=build/%) $(SERVICE:$(BUILD)/%=build/%))
tests: $(TESTS)
checks: $(CHECKS)
benches: $(BENCHES)
fuzzers: $(FUZZERS)

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(C_COMPILE) $(INSIDE) $(LIB_CFLAGS) -c -o $@ $<

$(BUILD)/%.o: %.cpp $(BUILD)/flags
	@mkdir -p $(@D)
	$(CXX_COMPILE) $(INSIDE) $(LIB_CFLAGS) -c -o $@ $<

# Changes only when the compiler or its flags do, and then everything is compiled again.
$(BUILD)/flags: always
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(C_COMPILE) $(CXX_COMPILE) $(LINK))' | cmp -s - $@ || \
	  printf '%s\n' '$(subst ','\'',$(C_COMPILE) $(CXX_COMPILE) $(LINK))' >$@
.PHONY: always

# Made again each time, so that the object of a source that is gone does not stay inside.
$(STATIC): $(LIB_OBJECTS) $(BUILD)/members
	rm -f $@
	$(AR) rcs $@ $(LIB_OBJECTS)

$(BUILD)/members: always
	@mkdir -p $(@D)
	@echo '$(LIB_OBJECTS)' | cmp -s - $@ || echo '$(LIB_OBJECTS)' >$@

# The public names are licet_*; every other is the library's own. A sanitized library leaves its runtime to the program.
$(SHARED): $(LIB_OBJECTS) $(BUILD)/members
	@echo '{ global: licet_*; local: *; };' >$(BUILD)/exports
	$(LINK) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=$(BUILD)/exports \
	  $(if $(filter release debug,$(MODE)),-Wl$(comma)-z$(comma)defs) -o $@ $(LIB_OBJECTS) $(LIB_LIBS)
	@ln -sf liblicet.so $(BUILD)/$(SONAME)
comma = ,

# The command carries the library inside, so that it runs from wherever it is copied.
$(BUILD)/licet: $(CLI_OBJECTS) $(STATIC)
	$(LINK) -o $@ $^ $(LIB_LIBS)

build/licet: $(BUILD)/licet
	@ln -sf release/licet $@

$(BUILD)/licetd: $(SERVICE_OBJECTS) $(STATIC)
	$(LINK) -o $@ $^ $(SERVICE_LIBS) $(LIB_LIBS)

build/licetd: $(BUILD)/licetd
	@ln -sf release/licetd $@

$(CLI_TESTS): %: %.o $(CLI_PARTS) $(STATIC)
	$(LINK) -o $@ $^ $(TEST_LIBS) $(LIB_LIBS)

$(SERVICE_TESTS): %: %.o $(SERVICE_PARTS) $(STATIC)
	$(LINK) -o $@ $^ $(TEST_LIBS) $(SERVICE_LIBS) $(LIB_LIBS)

$(PROPERTY_CHECKS): %: %.o $(PROPERTY_PARTS) $(STATIC)
	$(LINK) -o $@ $^ $(TEST_LIBS) $(LIB_LIBS)

$(filter-out $(CLI_TESTS) $(SERVICE_TESTS),$(TESTS)) $(filter-out $(PROPERTY_CHECKS),$(CHECKS)): %: %.o $(STATIC)
	$(LINK) -o $@ $^ $(TEST_LIBS) $(LIB_LIBS)

$(BENCHES): %: %.o $(BENCH_PARTS) $(STATIC)
	$(LINK) -o $@ $^ $(if $(filter %/json_readers,$@),$(READER_LIBS)) $(LIB_LIBS)

$(BUILD)/bench/peers/licet: %: %.o $(STATIC)
	$(LINK) -o $@ $^ $(LIB_LIBS)

$(FUZZERS): %: %.o $(STATIC)
	$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIB_LIBS)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# An extension is a client of the library too, and carries it inside; all that it shows is what its database looks for. A server's
# headers are not ours to warn about, and a sanitized extension finds its runtime in the program that loads it.
POSTGRESQL_SOURCES := $(if $(wildcard $(PG_INCLUDE)/postgres.h),$(wildcard extensions/postgresql/*.c))
SQLITE_SOURCES     := $(if $(shell pkg-config --exists sqlite3 2>/dev/null && echo yes),$(wildcard extensions/sqlite/*.c))
POSTGRESQL = $(if $(POSTGRESQL_SOURCES),$(BUILD)/extensions/postgresql/licet.so)
SQLITE     = $(if $(SQLITE_SOURCES),$(BUILD)/extensions/sqlite/licet.so)

.PHONY: extensions install-extensions uninstall-extensions
extensions: $(POSTGRESQL) $(SQLITE)

$(BUILD)/extensions/postgresql/%.o: extensions/postgresql/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(C_COMPILE) -fvisibility=default -Wno-undef -isystem $(PG_INCLUDE) -Iinclude -c -o $@ $<

$(BUILD)/extensions/sqlite/%.o: extensions/sqlite/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(C_COMPILE) $(SQLITE_CFLAGS) -Iinclude -c -o $@ $<

EXPORTS_postgresql = Pg_magic_func; _PG_init; licet_sql_*; pg_finfo_licet_sql_*;
EXPORTS_sqlite     = sqlite3_licet_init;
$(BUILD)/extensions/%/licet.so: $(STATIC)
	@echo '{ global: $(EXPORTS_$*) local: *; };' >$(@D)/exports
	$(LINK) -shared -Wl,--version-script=$(@D)/exports -o $@ $(filter %.o,$^) $(STATIC) $(LIB_LIBS)
$(POSTGRESQL): $(call objects,$(POSTGRESQL_SOURCES))
$(SQLITE): $(call objects,$(SQLITE_SOURCES))

# --------------------------------------------------------------------------------------------------------------- running and testing

# make again, now that what was missing is installed; -j unless the caller chose.
AGAIN = +$(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$(JOBS))

run:
	@tools/setup build
	$(AGAIN) MODE=release all
	$(DEMO)

test:
	@tools/setup build test extensions
	$(AGAIN) all tests checks
	@MODE=$(MODE) JOBS=$(JOBS) WERROR=$(WERROR) FUZZ_SECONDS=$(if $(filter file,$(origin FUZZ_SECONDS)),,$(FUZZ_SECONDS)) tests/run $(SUITES)

CHECK_SUITES = 10-unit 15-rooms 16-words 20-header 40-transcripts 41-documented 45-language
check:
	@tools/setup build test
	$(AGAIN) MODE=release all tests
	@QUICK=1 MODE=release JOBS=$(JOBS) tests/run $(CHECK_SUITES)

# The suites leave their counts in build/coverage; a suite that tests another build than MODE's has nothing to add and says so.
coverage:
	@tools/setup build test coverage
	@find build/coverage -name '*.gcda' -delete 2>/dev/null || true
	$(AGAIN) MODE=coverage all tests checks
	@MODE=coverage JOBS=$(JOBS) tests/run $(SUITES)
	gcovr --root . --object-directory build/coverage --filter 'src/' --exclude '.*_test\.c' --exclude-throw-branches \
	  --print-summary --fail-under-line $(COVERAGE_MIN) build/coverage

BENCH ?= $(notdir $(basename $(BENCH_SOURCES)))
bench:
	@tools/setup build bench
	$(AGAIN) MODE=release all benches
	@uname -srm; grep -m1 'model name' /proc/cpuinfo || true; echo "cores: $(shell nproc)"
	@$(CC) --version | head -1; echo "flags: $(FLAGS_release)"
	@set -e; for name in $(BENCH); do echo; echo "== $$name"; build/release/bench/$$name; done

bench-peers:
	@tools/setup build extensions
	@command -v npm >/dev/null || tools/setup peers
	$(AGAIN) MODE=release all extensions build/release/bench/peers/licet
	@bench/peers/run

bench-scale:
	@tools/setup build test extensions
	$(AGAIN) MODE=release all extensions
	@bench/scale

bench-json:
	$(AGAIN) BENCH=json_readers BENCH_SOURCES=bench/json_readers.cpp bench

FUZZ ?= $(notdir $(basename $(FUZZ_SOURCES)))
# A target's seeds lie in tests/fuzz/corpus/NAME; what the run adds goes to build/fuzz/corpus/NAME, a crash to build/fuzz/NAME-crash-*.
fuzz:
	@tools/setup build test
	$(AGAIN) MODE=fuzz fuzzers
	@set -e; for name in $(FUZZ); do \
	  seeds=tests/fuzz/corpus/$$name; found=build/fuzz/corpus/$$name; mkdir -p $$found; [ -d $$seeds ] || seeds=; \
	  dictionary=tests/fuzz/$$name.dict; [ -f $$dictionary ] && dictionary=-dict=$$dictionary || dictionary=; \
	  echo "== $$name, $(FUZZ_SECONDS) s"; \
	  build/fuzz/tests/fuzz/$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
	    -artifact_prefix=build/fuzz/$$name- $$dictionary $$found $$seeds; \
	done

# ------------------------------------------------------------------------------------------------------------------------ installing

AT = $(DESTDIR)$(PREFIX)
PUBLIC = $(wildcard include/licet/*.h include/licet/*.def)
MAN_PAGES = $(wildcard docs/man/*.1)
# name of a completion here → where its shell looks for it
BASH_COMPLETION = share/bash-completion/completions
ZSH_COMPLETION  = share/zsh/site-functions
FISH_COMPLETION = share/fish/vendor_completions.d

install: all
	install -d $(AT)/bin $(AT)/include/licet $(AT)/lib/pkgconfig $(AT)/share/licet/policies
	$(if $(COMMAND),install -m 755 $(COMMAND) $(AT)/bin/licet)
	$(if $(SERVICE),install -m 755 $(SERVICE) $(AT)/bin/licetd)
	$(if $(PUBLIC),install -m 644 $(PUBLIC) $(AT)/include/licet/)
	install -m 644 $(STATIC) $(AT)/lib/liblicet.a
	install -m 755 $(SHARED) $(AT)/lib/liblicet.so.$(VERSION)
	ln -sf liblicet.so.$(VERSION) $(AT)/lib/$(SONAME)
	ln -sf $(SONAME) $(AT)/lib/liblicet.so
	$(if $(DESTDIR),,-ldconfig)
	sed -e 's|@prefix@|$(PREFIX)|' -e 's|@version@|$(VERSION)|' licet.pc.in >$(AT)/lib/pkgconfig/licet.pc
	cp -R policies/. $(AT)/share/licet/policies/
	$(if $(MAN_PAGES),install -d $(AT)/share/man/man1 && install -m 644 $(MAN_PAGES) $(AT)/share/man/man1/)
	$(if $(wildcard tools/completions/licet.bash),install -D -m 644 tools/completions/licet.bash $(AT)/$(BASH_COMPLETION)/licet)
	$(if $(wildcard tools/completions/licet.zsh),install -D -m 644 tools/completions/licet.zsh $(AT)/$(ZSH_COMPLETION)/_licet)
	$(if $(wildcard tools/completions/licet.fish),install -D -m 644 tools/completions/licet.fish $(AT)/$(FISH_COMPLETION)/licet.fish)

uninstall:
	rm -f $(AT)/bin/licet $(AT)/bin/licetd $(AT)/lib/liblicet.a $(AT)/lib/liblicet.so $(AT)/lib/$(SONAME) $(AT)/lib/liblicet.so.$(VERSION)
	rm -f $(AT)/lib/pkgconfig/licet.pc $(addprefix $(AT)/share/man/man1/,$(notdir $(MAN_PAGES)))
	rm -f $(AT)/$(BASH_COMPLETION)/licet $(AT)/$(ZSH_COMPLETION)/_licet $(AT)/$(FISH_COMPLETION)/licet.fish
	rm -rf $(AT)/include/licet $(AT)/share/licet

PG_LIB   = $(DESTDIR)$(shell $(PG_CONFIG) --pkglibdir 2>/dev/null)
PG_SHARE = $(DESTDIR)$(shell $(PG_CONFIG) --sharedir 2>/dev/null)/extension
PG_FILES = extensions/postgresql/licet.control $(wildcard extensions/postgresql/licet--*.sql)

install-extensions: extensions
	$(if $(POSTGRESQL),install -d $(PG_LIB) $(PG_SHARE))
	$(if $(POSTGRESQL),install -m 755 $(POSTGRESQL) $(PG_LIB)/licet.so)
	$(if $(POSTGRESQL),install -m 644 $(PG_FILES) $(PG_SHARE)/)
	$(if $(SQLITE),install -D -m 755 $(SQLITE) $(AT)/lib/sqlite3/licet.so)

uninstall-extensions:
	$(if $(POSTGRESQL),rm -f $(PG_LIB)/licet.so $(addprefix $(PG_SHARE)/,$(notdir $(PG_FILES))))
	rm -f $(AT)/lib/sqlite3/licet.so

# ------------------------------------------------------------------------------------------------------------------------ housekeeping

FORMATTED = $(sort $(wildcard include/*/*.h src/*/*.[ch] src/*/*.cpp tests/*/*.[ch] bench/*.[ch] bench/*.cpp bench/*/*.[ch] extensions/*/*.[ch]))
format:
	@tools/setup format
	clang-format -i $(FORMATTED)

format-check:
	@tools/setup format
	clang-format --dry-run --Werror $(FORMATTED)

clean:
	rm -rf build
