package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"centralita/firmware/access"
	"centralita/firmware/words"
)

var pathParameter = regexp.MustCompile(`\{([a-z]+)\}`)

// openAPI describes every endpoint (OpenAPI Specification 3.1). The types of the
// page are made from it.
func (d *door) openAPI(list []endpoint) []byte {
	doc := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info:    &huma.Info{Title: "Centralita", Version: d.Version},
		Paths:   map[string]*huma.PathItem{},
		Components: &huma.Components{
			Schemas:         d.schemas.Registry,
			SecuritySchemes: map[string]*huma.SecurityScheme{"session": {Type: "apiKey", In: "cookie", Name: cookieName}},
		},
	}
	refused := d.schemas.Schema(reflect.TypeFor[Refused](), true, "Refused")
	for _, e := range list {
		item := doc.Paths[prefix+e.path]
		if item == nil {
			item = &huma.PathItem{}
			doc.Paths[prefix+e.path] = item
		}
		op := d.operation(e, refused)
		switch e.method {
		case http.MethodGet:
			item.Get = op
		case http.MethodPost:
			item.Post = op
		case http.MethodPut:
			item.Put = op
		case http.MethodDelete:
			item.Delete = op
		}
	}
	b, err := json.Marshal(doc)
	if err != nil {
		panic(fmt.Sprintf("api: the OpenAPI document does not marshal: %v", err))
	}
	return b
}

func (d *door) operation(e endpoint, refused *huma.Schema) *huma.Operation {
	op := &huma.Operation{
		OperationID: strings.ToLower(e.method) + strings.NewReplacer("/", "-", "{", "", "}", "", ".", "-").Replace(e.path),
		Summary:     words.T("en", e.help),
		Tags:        []string{strings.Split(e.path, "/")[1]},
		Responses: map[string]*huma.Response{
			"200":     {Description: "done", Content: content(d.schemaOf(e.out))},
			"default": {Description: "refused", Content: content(refused)},
		},
	}
	if e.role != access.Nobody {
		op.Security = []map[string][]string{{"session": {}}}
		op.Description = "At least " + e.role.String() + "."
	}
	for _, m := range pathParameter.FindAllStringSubmatch(e.path, -1) {
		op.Parameters = append(op.Parameters, &huma.Param{Name: m[1], In: "path", Required: true, Schema: &huma.Schema{Type: "string"}})
	}
	for _, q := range e.query {
		op.Parameters = append(op.Parameters, &huma.Param{Name: q, In: "query", Schema: &huma.Schema{Type: "string"}})
	}
	if e.in != nil {
		op.RequestBody = &huma.RequestBody{Required: true, Content: content(d.schemaOf(e.in))}
	}
	return op
}

func (d *door) schemaOf(t reflect.Type) *huma.Schema {
	if t == nil || t == reflect.TypeFor[json.RawMessage]() {
		return nil
	}
	if t.Kind() == reflect.Struct && t.Name() != "" {
		d.schemas.of(t)
	}
	return d.schemas.Schema(t, true, t.Name())
}

func content(s *huma.Schema) map[string]*huma.MediaType {
	if s == nil {
		return nil
	}
	return map[string]*huma.MediaType{"application/json": {Schema: s}}
}
