package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"centralita/firmware/words"
)

// textMax bounds every text of a command that names no bound of its own, so that
// none makes the journal fat.
const textMax = 200

// schemas makes JSON Schema of Go types and checks bodies against it (huma's
// registry and validator, used as a library).
type schemas struct {
	mu sync.Mutex // huma's registry has none
	huma.Registry
}

func newSchemas() *schemas {
	return &schemas{Registry: huma.NewMapRegistry("#/components/schemas/", func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Name() == "" {
			return huma.DefaultSchemaNamer(t, hint)
		}
		return strings.ToUpper(path.Base(t.PkgPath())[:1]) + path.Base(t.PkgPath())[1:] + t.Name()
	})}
}

// of gives the schema of a type with the bounds put in.
func (s *schemas) of(t reflect.Type) *huma.Schema {
	s.mu.Lock()
	defer s.mu.Unlock()
	schema := s.Schema(t, false, t.Name())
	for _, p := range schema.Properties {
		if p.Type == "string" && p.MaxLength == nil {
			most := textMax
			p.MaxLength = &most
		}
	}
	schema.PrecomputeMessages()
	return schema
}

// decode checks a body and fills into. Problems come as a denial with the path,
// the reason and the remedy of each.
func (s *schemas) decode(body []byte, into any, lang string) error {
	var raw any
	dec := json.NewDecoder(bytes.NewReader(body))
	if dec.Decode(&raw) != nil || dec.More() {
		return no(http.StatusBadRequest, "body")
	}
	t := reflect.TypeOf(into).Elem()
	schema := s.of(t)
	var found huma.ValidateResult
	s.mu.Lock()
	huma.Validate(s.Registry, schema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, raw, &found)
	s.mu.Unlock()
	if len(found.Errors) > 0 {
		return bodyProblems(found.Errors, schema, lang)
	}
	if err := json.Unmarshal(body, into); err != nil { // a number beyond its Go type
		n := no(http.StatusUnprocessableEntity, "invalid")
		n.fields = []Field{{Reason: words.T(lang, "body.problem.number"), Remedy: words.T(lang, "body.remedy.number")}}
		return n
	}
	return nil
}

func bodyProblems(errs []error, schema *huma.Schema, lang string) error {
	n := no(http.StatusUnprocessableEntity, "invalid")
	for _, err := range errs {
		d, ok := err.(*huma.ErrorDetail)
		if !ok || len(n.fields) == 20 {
			continue
		}
		n.fields = append(n.fields, fieldOf(d, schema, lang))
	}
	return n
}

// bodyWords maps what huma says to the word catalogue.
var bodyWords = []struct{ begins, code string }{
	{"expected required property", "missing"},
	{validation.MsgUnexpectedProperty, "unknown"},
	{validation.MsgExpectedString, "text"},
	{"expected number >", "range"},
	{"expected number <", "range"},
	{validation.MsgExpectedNumber, "number"},
	{validation.MsgExpectedInteger, "number"},
	{validation.MsgExpectedBoolean, "truth"},
	{validation.MsgExpectedArray, "list"},
	{validation.MsgExpectedObject, "group"},
	{"expected length <=", "long"},
}

func fieldOf(d *huma.ErrorDetail, schema *huma.Schema, lang string) Field {
	code := ""
	for _, w := range bodyWords {
		if strings.HasPrefix(d.Message, w.begins) {
			code = w.code
			break
		}
	}
	at := d.Location
	args := []string{at}
	switch code {
	case "":
		return Field{Path: at, Value: short(d.Value), Reason: d.Message}
	case "missing":
		name, _, _ := strings.Cut(strings.TrimPrefix(d.Message, "expected required property "), " ")
		at = strings.TrimPrefix(at+"."+name, ".")
		return Field{Path: at, Reason: words.T(lang, "body.problem.missing"), Remedy: words.T(lang, "body.remedy.missing", at)}
	case "unknown":
		args = append(args, strings.Join(properties(schema), ", "))
	case "long", "range":
		args = append(args, bounds(schema.Properties[at])...)
	}
	return Field{Path: at, Value: short(d.Value), Reason: words.T(lang, "body.problem."+code, args...), Remedy: words.T(lang, "body.remedy."+code, args...)}
}

func bounds(s *huma.Schema) []string {
	switch {
	case s == nil:
		return nil
	case s.MaxLength != nil:
		return []string{fmt.Sprint(*s.MaxLength)}
	case s.Minimum != nil && s.Maximum != nil:
		return []string{fmt.Sprint(*s.Minimum), fmt.Sprint(*s.Maximum)}
	case s.Minimum != nil:
		return []string{fmt.Sprint(*s.Minimum), "…"}
	}
	return nil
}

func short(v any) string {
	s := fmt.Sprint(v)
	if _, isMap := v.(map[string]any); isMap || v == nil {
		return ""
	}
	if r := []rune(s); len(r) > 60 {
		return string(r[:57]) + "..."
	}
	return s
}

// properties lists the fields of a body by name.
func properties(s *huma.Schema) []string {
	var names []string
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
