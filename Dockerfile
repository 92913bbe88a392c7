# One static binary in an image with nothing else but the certificates of public
# authorities, run as a user without privileges. The build stage needs the module proxy
# that Go is configured with. test/operations builds and starts the same
# layout without a container engine.
#
# Images are pinned by the digest of their index, which has all platforms:
# docker buildx imagetools inspect golang:1.26.8-bookworm
FROM golang:1.26.8-bookworm@sha256:a688600ca24f8a4d3ca77f95b0dd40704a9fc787c826660eb7ba0b641b8b175d AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The context has no version control: docker build --build-arg VERSION=$(git describe --tags)
ARG VERSION
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -X github.com/zielstand/zielstand/internal/build.stamped=${VERSION:-}" -o /image/zielstand . && \
    install -D -m 644 /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ca-certificates.crt && \
    mkdir /image-data

FROM scratch
COPY --from=build /image/ /
# Platforms that choose the user id choose group 0.
COPY --from=build --chown=65532:0 --chmod=770 /image-data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
ENV ZIELSTAND_HTTP_ADDRESS=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/zielstand", "healthcheck"]
ENTRYPOINT ["/zielstand"]
