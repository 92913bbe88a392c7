# The two commands of a newcomer are `go run .` and `make test`.

# What make downloads is in ignored folders, apart from Go's own module cache.
TOOLS = $(CURDIR)/.tools/bin
GOFUMPT_VERSION     = v0.12.0
STATICCHECK_VERSION = v0.8.2
GOVULNCHECK_VERSION = v1.9.0
export npm_config_cache = $(CURDIR)/.tools/npm
export npm_config_logs_max = 0

# The released program is built without cgo, so are the tests without the race
# detector: both share what Go has compiled.
export CGO_ENABLED = 0
# Without the path of this folder in what is compiled, Go can use it again in other clones,
# in the copies that tests make of the repository, and for a release.
export GOFLAGS += -trimpath

# Suites start the program as a process; it is built once for all of them.
BINARY = $(CURDIR)/.cache/zielstand
SUITES = $(notdir $(patsubst %/,%,$(wildcard test/*/)))

# Packages with goroutines or locks of their own. The race detector needs a C compiler
# and slows down code ten times, so -short leaves out tests that do one thing after another
# and, if there is a PostgreSQL, those on SQLite, which is compiled into the program.
HAVE_CC := $(shell command -v cc >/dev/null 2>&1 && echo yes)
RACE     = $(if $(HAVE_CC),CGO_ENABLED=1 go test -race,go test)
RACY     = ./api ./internal/cache ./internal/cli ./internal/release ./internal/representation ./internal/store ./internal/table
# Many tests wait for timers and other programs, so more of a package run at once than
# there are processors.
GO_TEST  = -timeout 15m -parallel 4
# With a random order, Go would also test packages again that have not changed. .ci/run sets
# it; the suites, whose programs Go does not know, always have it.
SHUFFLE  ?=

.PHONY: test help needs check generated unit suites $(SUITES) openapi shacl browser screenshots vulnerabilities fuzz race build binary bench

test: needs check generated unit suites openapi shacl browser ## everything below but vulnerabilities, fuzz, race, screenshots and bench; about 8 minutes

help: ## list the parts
	@sed -nE 's/^([a-z$$()A-Z ]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | sed 's/$$(SUITES)/$(firstword $(SUITES)) …/' | \
	while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done
	@echo "suites, each by itself: $(SUITES)"

needs: ## say what is missing, and install it if root runs make
	@.ci/needs.sh

$(TOOLS)/gofumpt-$(GOFUMPT_VERSION):
	GOBIN=$(TOOLS) go install mvdan.cc/gofumpt@$(GOFUMPT_VERSION)
	touch $@

$(TOOLS)/staticcheck-$(STATICCHECK_VERSION):
	GOBIN=$(TOOLS) go install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION)
	touch $@

check: $(TOOLS)/gofumpt-$(GOFUMPT_VERSION) $(TOOLS)/staticcheck-$(STATICCHECK_VERSION) ## formatting, vet and staticcheck
	@out=$$($(TOOLS)/gofumpt -l .); [ -z "$$out" ] || { echo "not formatted (gofumpt -w):"; echo "$$out"; exit 1; }
	go vet ./...
	$(TOOLS)/staticcheck ./...
	cd bench && go vet ./... && $(TOOLS)/staticcheck ./...

GENERATED = openapi/openapi.json openapi/openapi.yaml openapi/swagger-ui/swagger-ui-bundle.js \
	openapi/swagger-ui/swagger-ui.css internal/build/licenses.txt fixtures/datapackage.json

generated: ## regenerate files; fails if the commit does not contain them
	@before=$$(cat $(GENERATED) | sha256sum); \
	go generate ./... && go run . check --describe fixtures >/dev/null && \
	[ "$$before" = "$$(cat $(GENERATED) | sha256sum)" ] || \
	{ echo "generated files were out of date: commit what “make generated” wrote"; exit 1; }

# Half the work of the garbage collector, for some more memory.
unit: export GOGC = 200
unit: ## the packages' own tests, on SQLite and PostgreSQL, and the race detector
	.ci/snippets.sh
	.ci/postgres.sh sh -c 'go test $(GO_TEST) $(SHUFFLE) . ./api/... ./internal/... ./openapi/... && $(RACE) $(GO_TEST) $(SHUFFLE) -short $(RACY)'

binary:
	@mkdir -p $(dir $(BINARY))
	go build -o $(BINARY) .

suites $(SUITES) shacl browser screenshots: export ZIELSTAND_TEST_BINARY = $(BINARY)

suites: binary ## the whole program: all suites in test/
	.ci/snippets.sh
	.ci/postgres.sh go test $(GO_TEST) -shuffle=on ./test/...

$(SUITES): binary ## one suite of test/
	.ci/postgres.sh go test $(GO_TEST) -shuffle=on ./test/$@ $(SUITE_FLAGS)

# The suites run a short form of it.
chaos: SUITE_FLAGS = -v -args -long -report $(CURDIR)/docs/chaos.md
chaos: ## faults under load; writes the tables of docs/chaos.md, about 8 minutes

openapi: ## the OpenAPI description, by the Dutch API Design Rules
	.ci/openapi.sh

shacl: binary ## the catalogue, by the shapes of DCAT-AP.de
	.ci/shacl.sh

browser: binary ## the pages in Chromium
	.ci/pages.sh

screenshots: binary ## pictures of the pages in screenshots/
	.ci/pages.sh screenshots

# Not part of test: its result changes without a change of ours.
VULNDB = https://vuln.go.dev
vulnerabilities: ## known vulnerabilities in what the program calls; needs vuln.go.dev
	@curl -fsSL -o /dev/null --max-time 30 $(VULNDB)/index/db.json || { echo "nothing was checked: the database of vulnerabilities cannot be reached at $(VULNDB)"; exit 1; }
	go run golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION) -db $(VULNDB) ./...

# The seeds of the targets are part of unit and suites. FUZZ selects targets by a pattern.
FUZZTIME = 30s
fuzz: ## all fuzz targets, each for FUZZTIME (30s)
	.ci/postgres.sh .ci/fuzz.sh $(FUZZTIME) $(FUZZ)

race: ## all Go tests with the race detector, three times as long
	.ci/postgres.sh $(RACE) $(GO_TEST) -shuffle=on ./...

# -trimpath once more, for make GOFLAGS=… would leave it out of a release.
build: ## the program as it is released
	go build -trimpath -ldflags="-s -w" -o zielstand .

# Compares with a reference and a naive server. BENCH=large (or another part) and
# BENCH=quick only print. DATA is a folder in which the large SQLite databases are kept
# for the next run; ZIELSTAND_TEST_POSTGRES_URL names a PostgreSQL that keeps its own.
# A PostgreSQL that is started for the run has a quarter of the memory.
bench: export ZIELSTAND_TEST_POSTGRES_OPTIONS = -c shared_buffers=$(shell awk '/MemTotal/ {print int($$2 / 4096)}' /proc/meminfo)MB
bench: ## measure and write docs/benchmarks.md, about 40 minutes
	cd bench && ../.ci/postgres.sh go run . -data "$(DATA)" $(if $(filter quick,$(BENCH)),-quick,$(if $(BENCH),-only "$(BENCH)",-o ../docs/benchmarks.md))
