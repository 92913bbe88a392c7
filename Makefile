# “make test” runs everything. “make help” lists the parts, which can be run alone.

GOFUMPT     = go run mvdan.cc/gofumpt@v0.12.0
STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2

# Packages whose goroutines share memory. The race detector makes them ten times
# slower and requires a C compiler. -short leaves out tests that only repeat the same
# code many times.
CONCURRENT = ./api ./internal/cache ./internal/cli ./internal/release ./internal/representation ./internal/store

.PHONY: help test check generated go unit race docs operations publish harvest spreadsheets sources openapi shacl browser screenshots build bench install

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

test: install check generated go race openapi shacl browser ## run everything below, about 8 minutes with warm caches

install:
	@.ci/install.sh

check: ## formatting, go vet and staticcheck
	@out=$$($(GOFUMPT) -l .); [ -z "$$out" ] || { echo "not formatted (gofumpt -w):"; echo "$$out"; exit 1; }
	go vet ./...
	$(STATICCHECK) ./...
	cd bench && go vet ./... && $(STATICCHECK) ./...

GENERATED = openapi/openapi.json openapi/openapi.yaml openapi/swagger-ui/swagger-ui-bundle.js \
	openapi/swagger-ui/swagger-ui.css fixtures/datapackage.json

generated: ## generated files are up to date
	@before=$$(cat $(GENERATED) | sha256sum); \
	go generate ./... && go run . check --describe fixtures >/dev/null && \
	[ "$$before" = "$$(cat $(GENERATED) | sha256sum)" ] || \
	{ echo "generated files were out of date: commit what “make generated” wrote"; exit 1; }

go: ## all tests in Go, on SQLite and PostgreSQL
	.ci/postgres.sh go test -timeout 15m -shuffle=on ./...

unit: ## tests of the packages, without the suites in test/
	.ci/postgres.sh go test -shuffle=on . ./api/... ./internal/... ./openapi/...

race: ## the race detector on packages with concurrency
	@if command -v cc >/dev/null; then set -x; CGO_ENABLED=1 .ci/postgres.sh go test -race -short -timeout 10m $(CONCURRENT); \
	else echo "skipped: the race detector (install a C compiler)"; [ "$$ZIELSTAND_TEST_COMPLETE" != true ]; fi

docs: ## commands and examples in the documentation
	.ci/postgres.sh go test ./test/docs

operations: ## kills, outages, full disks, upgrades, containers
	.ci/postgres.sh go test ./test/operations ./test/hostile

publish: ## whatever can be published can be served
	.ci/postgres.sh go test ./test/publish

harvest: ## portals harvest the catalogue
	.ci/postgres.sh go test ./test/harvest

spreadsheets: ## files open in LibreOffice; snippets run in R, pandas and DuckDB
	.ci/postgres.sh go test ./test/spreadsheets

sources: ## figures compared with the documents
	go test ./test/sources

openapi: ## design rules for the OpenAPI description
	.ci/lint-openapi.sh

shacl: ## the catalogue validated with SHACL
	.ci/shacl.sh

browser: ## the pages in Chromium
	.ci/pages.sh

screenshots: ## screenshots of the pages
	.ci/pages.sh screenshots

build: ## the program, without debug information
	CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o zielstand .

# Compares with a reference and a naive server. BENCH=pages (or another part)
# replaces that part of docs/benchmarks.md; BENCH=quick takes a few minutes and only
# prints. DATA is a folder in which the large SQLite databases are kept for the next
# run. PostgreSQL has a quarter of the memory.
bench: export ZIELSTAND_TEST_POSTGRES_OPTIONS = -c shared_buffers=$(shell awk '/MemTotal/ {print int($$2 / 4096)}' /proc/meminfo)MB
bench: ## measure and write docs/benchmarks.md, half an hour
	cd bench && ../.ci/postgres.sh go run . -data "$(DATA)" $(if $(filter quick,$(BENCH)),-quick,-o ../docs/benchmarks.md -only "$(BENCH)")
