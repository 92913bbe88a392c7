// SPDX-License-Identifier: EUPL-1.2

// Package mcp answers questions about the releases over the Model Context Protocol: tools
// that programs with language models call. The tools only read, and what they return
// comes with its source, its permanent address and what contradicts it. Their arguments
// are those of the API, and so are the errors. The package knows nothing of the routes
// and limits of the service it is mounted in.
package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/plainjson"
	"github.com/zielstand/zielstand/internal/release"
)

// Options describe the service to clients.
type Options struct {
	// PublicURL is the address of the service for its users, without a trailing slash.
	PublicURL string
	// Version is the version of the API.
	Version string
	// License is the IRI of the licence of the data, Attribution the text that it requires.
	License, Attribution string
	// Logger receives the causes of internal errors.
	Logger *slog.Logger
}

// MaxBody is the maximum size of a request in bytes.
const MaxBody = 64 << 10

// maxResult is the maximum size of the JSON of a result in bytes. A response has it twice,
// as text and as a structure.
const maxResult = 1 << 20

const instructions = `Zielstand publishes the digital strategy of North Rhine-Westphalia as open data: goals, indicators with observations, counts of online public services, and what contradicts what. Start with search, or with describe to see the datasets and their columns. Quote a value together with its source and its link, and mention the contradictions that a result names. A null means that no source reports anything; never fill it in. Most texts are in German; members that end with En are in English.`

// service answers the calls of tools.
type service struct {
	releases   *release.Releases
	options    Options
	maxResult  int
	comparison comparison
}

// Handler returns the handler of POST requests (streamable HTTP, stateless, JSON
// responses). It neither limits the rate of requests nor checks their origin.
func Handler(releases *release.Releases, o Options) http.Handler {
	server := newServer(newService(releases, o))
	return mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, MaxRequestBodyBytes: MaxBody, PropagateRequestCancellation: true,
		// Behind a proxy on the same machine, every request would be refused. What the check
		// protects is public here.
		DisableLocalhostProtection: true,
		Logger:                     slog.New(slog.DiscardHandler), // of mistakes of clients
	})
}

func newService(releases *release.Releases, o Options) *service {
	return &service{releases: releases, options: o, maxResult: maxResult, comparison: comparison{place: make(chan struct{}, 1)}}
}

func newServer(s *service) *mcp.Server {
	server := mcp.NewServer(&mcp.Implementation{
		Name: "zielstand", Title: "Zielstand", Version: s.options.Version, WebsiteURL: s.options.PublicURL + "/",
	}, &mcp.ServerOptions{Instructions: instructions, Capabilities: &mcp.ServerCapabilities{Tools: &mcp.ToolCapabilities{}}, Logger: slog.New(slog.DiscardHandler)})
	server.AddReceivingMiddleware(onlyKnown)
	for _, t := range tools {
		server.AddTool(t.describe(), func(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return s.call(ctx, t, r.Params.Arguments)
		})
	}
	return server
}

// methods are the methods of the protocol that are served. The SDK would serve others,
// too, one of which, subscriptions/listen, answers with a stream.
var methods = []string{"initialize", "notifications/initialized", "notifications/cancelled", "ping", "server/discover", "tools/call", "tools/list"}

func onlyKnown(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, r mcp.Request) (mcp.Result, error) {
		if !slices.Contains(methods, method) {
			return nil, &jsonrpc.Error{Code: jsonrpc.CodeMethodNotFound, Message: "method not found"} // the SDK adds the name
		}
		if p, ok := r.GetParams().(*mcp.CallToolParamsRaw); ok && !slices.Contains(names(), p.Name) {
			err := domain.NotOneOf("name", domain.Shorten(p.Name), "is not a tool", names())
			return nil, &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: err.Error()}
		}
		return next(ctx, method, r)
	}
}

// call answers a call. Whatever is wrong becomes a result, so that the model reads it.
func (s *service) call(ctx context.Context, t tool, raw json.RawMessage) (*mcp.CallToolResult, error) {
	result, err := s.answer(ctx, t, raw)
	if err == nil {
		return &mcp.CallToolResult{
			Content: []mcp.Content{&mcp.TextContent{Text: string(result)}}, StructuredContent: result,
		}, nil
	}
	p := s.problem(ctx, t, err)
	structured, err := plainjson.Marshal(map[string]any{"error": p})
	if err != nil {
		return nil, err
	}
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: p.Detail}}, StructuredContent: json.RawMessage(structured), IsError: true}, nil
}

// timeout is the maximum time for a call.
const timeout = 10 * time.Second

// answer returns the JSON of the result of a call.
func (s *service) answer(ctx context.Context, t tool, raw json.RawMessage) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	args, err := parseArguments(t, raw)
	if err != nil {
		return nil, err
	}
	snapshot, err := s.releases.Current()
	if err != nil {
		return nil, err
	}
	document, err := t.run(s, ctx, snapshot, args)
	if err != nil {
		return nil, err
	}
	result, err := plainjson.Marshal(document)
	if err == nil && len(result) > s.maxResult {
		return nil, &domain.Invalid{Name: t.bound, Rule: fmt.Sprintf("gives a result of %d bytes; at most %d are allowed. Ask for less, such as fewer rows", len(result), s.maxResult)}
	}
	return result, err
}

// problem is the structured form of an error.
type problem struct {
	Detail    string   `json:"detail"`
	Parameter string   `json:"parameter,omitempty"`
	Value     string   `json:"value,omitempty"`
	Allowed   []string `json:"allowed,omitempty"`
	Nearest   string   `json:"nearest,omitempty"`
}

// gone is a domain.ErrGone with the argument whose value names what is gone.
type gone struct {
	error
	name, value string
}

// Unwrap returns the error without the argument.
func (g *gone) Unwrap() error { return g.error }

// goneAt adds the argument to the error if it is a domain.ErrGone.
func goneAt(name, value string, err error) error {
	if errors.Is(err, domain.ErrGone) {
		return &gone{err, name, value}
	}
	return err
}

// problem describes an error to a client. The causes of internal errors go to the log.
func (s *service) problem(ctx context.Context, t tool, err error) problem {
	var invalid *domain.Invalid
	var gone *gone
	switch {
	case errors.As(err, &gone):
		return problem{Detail: err.Error(), Parameter: gone.name, Value: domain.Shorten(gone.value)}
	case errors.As(err, &invalid):
		short := invalid.Shortened()
		return problem{short.Error(), short.Name, short.Value, short.Allowed, short.Nearest}
	case errors.Is(err, domain.ErrNotFound), errors.Is(err, domain.ErrGone):
		return problem{Detail: err.Error()}
	case errors.Is(err, release.ErrNotLoaded):
		return problem{Detail: "no release is loaded yet: it is still being read, or there is none; try again in a few seconds"}
	case errors.Is(err, domain.ErrUnavailable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return problem{Detail: "the data cannot be read at the moment; try again in a few seconds"}
	}
	s.options.Logger.ErrorContext(ctx, "tool failed", slog.String("tool", t.name), slog.Any("error", err))
	return problem{Detail: "internal error; the log of the service has details"}
}
