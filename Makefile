# The two commands of a newcomer are `go run .` and `make test`.

GOFUMPT     = go run mvdan.cc/gofumpt@v0.12.0
STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2

# The race detector needs a C compiler; without one the tests run without it.
RACE := $(shell command -v cc >/dev/null 2>&1 && echo -race)
CGO  := $(if $(RACE),1,0)

.PHONY: test check go-test generated lint-openapi shacl pages screenshots build bench

test: check generated go-test lint-openapi shacl pages

check:
	@out=$$($(GOFUMPT) -l .); [ -z "$$out" ] || { echo "not formatted (gofumpt -w):"; echo "$$out"; exit 1; }
	go vet ./...
	$(STATICCHECK) ./...

go-test:
	.ci/libreoffice.sh
	.ci/rapper.sh
	.ci/pgbouncer.sh
	CGO_ENABLED=$(CGO) .ci/postgres.sh go test $(RACE) -timeout 15m -shuffle=on ./...

GENERATED = openapi/openapi.json openapi/openapi.yaml openapi/swagger-ui/swagger-ui-bundle.js \
	openapi/swagger-ui/swagger-ui.css fixtures/datapackage.json

# Generated files are in the commit that changes their source.
generated:
	@before=$$(cat $(GENERATED) | sha256sum); \
	go generate ./... && go run . check --describe fixtures >/dev/null && \
	[ "$$before" = "$$(cat $(GENERATED) | sha256sum)" ] || \
	{ echo "generated files were out of date: commit what “make generated” wrote"; exit 1; }

lint-openapi:
	.ci/lint-openapi.sh

shacl:
	.ci/shacl.sh

# The pages in a browser; the pictures are for looking at.
pages:
	.ci/pages.sh

screenshots:
	.ci/pages.sh screenshots

build:
	CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o zielstand .

# Compares with a reference and a naive server, which takes half an hour, and writes
# docs/benchmarks.md. BENCH=pages (or another part) replaces that part; BENCH=quick
# takes a few minutes and only prints. DATA is a folder in which the large SQLite
# databases are kept for the next run. PostgreSQL has a quarter of the memory.
bench: export ZIELSTAND_TEST_POSTGRES_OPTIONS = -c shared_buffers=$(shell awk '/MemTotal/ {print int($$2 / 4096)}' /proc/meminfo)MB
bench:
	cd bench && ../.ci/postgres.sh go run . -data "$(DATA)" $(if $(filter quick,$(BENCH)),-quick,-o ../docs/benchmarks.md -only "$(BENCH)")
