package main

import (
	"encoding/json"
	"os"

	"github.com/swaggo/swag"
	"log"
	"io"
	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
)

func main() {
	p := swag.New(swag.SetUseStructName(true), swag.SetDebugger(log.New(io.Discard, "", 0)))
	p.ParseInternal = true
	p.RequiredByDefault = true
	if err := p.ParseAPIMultiSearchDir([]string{"../api", "../internal/representation"}, "server.go", 0); err != nil {
		panic(err)
	}
	b, _ := json.Marshal(p.GetSwagger())
	var d openapi2.T
	if err := json.Unmarshal(b, &d); err != nil { panic(err) }
	v3, err := openapi2conv.ToV3(&d)
	if err != nil { panic(err) }
	b, _ = json.MarshalIndent(v3, "", "  ")
	os.Stdout.Write(b)
}
