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

# Measures beside a reference and a naive server, half an hour long, and writes
# docs/benchmarks.md; BENCH=pages, or another part, replaces that part of it.
# BENCH=quick takes a few minutes and only prints.
# A PostgreSQL that it starts has a quarter of the memory.
bench: export ZIELSTAND_TEST_POSTGRES_OPTIONS = -c shared_buffers=$(shell awk '/MemTotal/ {print int($$2 / 4096)}' /proc/meminfo)MB
bench:
	.ci/postgres.sh go run ./bench $(if $(filter quick,$(BENCH)),-quick,-o docs/benchmarks.md -only "$(BENCH)")
