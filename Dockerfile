# One static binary in an image without anything else, run by a user without
# rights. The build stage needs the module proxy that Go is configured with.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /zielstand . && mkdir /data

FROM scratch
COPY --from=build /zielstand /zielstand
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
ENV ZIELSTAND_HTTP_ADDRESS=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/zielstand", "healthcheck"]
ENTRYPOINT ["/zielstand"]
