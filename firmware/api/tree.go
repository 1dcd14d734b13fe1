package api

import (
	"encoding/json"
	"net/http"
	"reflect"

	"centralita/firmware/access"
	"centralita/firmware/settings"
)

// Tree is the settings in force.
type Tree struct {
	Rev  uint64         `json:"rev"`
	Tree *settings.Tree `json:"tree"`
}

// Candidate is what is being edited, with what is wrong with it.
type Candidate struct {
	Rev     uint64         `json:"rev"` // of the settings in force
	Changed bool           `json:"changed"`
	Tree    *settings.Tree `json:"tree"`
	Errors  []Field        `json:"errors"`
}

// Changes is a comparison.
type Changes struct {
	Changes []settings.Change `json:"changes"`
}

// Rev names a revision.
type Rev struct {
	Rev uint64 `json:"rev"`
}

// Secret is a word for the store; nobody reads it back.
type Secret struct {
	Name  string `json:"name" maxLength:"64"`
	Value string `json:"value" maxLength:"128"`
}

func (d *door) settingsEndpoints() []endpoint {
	if d.Settings == nil {
		return nil
	}
	rev, done, none := reflect.TypeFor[Rev](), reflect.TypeFor[Committed](), reflect.TypeFor[struct{}]()
	get, post := http.MethodGet, http.MethodPost
	list := []endpoint{
		{method: get, path: "/settings", help: "The settings in force.", out: reflect.TypeFor[Tree](), run: d.tree},
		{method: get, path: "/settings/candidate", help: "What is being edited.", out: reflect.TypeFor[Candidate](), run: d.candidate},
		{method: http.MethodPut, path: "/settings/candidate", help: "Replace what is being edited.", document: true,
			in: reflect.TypeFor[json.RawMessage](), out: reflect.TypeFor[Candidate](), run: d.putCandidate},
		{method: get, path: "/settings/compare", help: "What a commit would change.", out: reflect.TypeFor[Changes](),
			run: func(*ask) (any, error) { return Changes{d.Settings.Compare()}, nil }},
		{method: post, path: "/settings/commit", help: "Put the candidate in force, for good or on trial; a change of the box's address is always on trial.", in: reflect.TypeFor[Commit](), out: done, run: d.commit},
		{method: post, path: "/settings/discard", help: "Forget the candidate.", in: none,
			run: func(*ask) (any, error) { d.Settings.Discard(); return struct{}{}, nil }},
		{method: post, path: "/settings/rollback", help: "Put an older revision in force again.", in: rev, out: done, run: d.rollback},
		{method: get, path: "/settings/revisions", help: "The revisions kept, newest first.", out: reflect.TypeFor[[]settings.Revision](),
			run: func(*ask) (any, error) { return d.Settings.Revisions(), nil }},
		{method: get, path: "/settings/export", help: "The settings as YAML; secrets by name only.", raw: d.export},
		{method: post, path: "/settings/secret", help: "Keep a password under a name; it cannot be read back.",
			in: reflect.TypeFor[Secret](), run: d.secret},
	}
	list = append(list, d.trialEndpoints()...)
	for i := range list {
		list[i].role = access.Owner
	}
	return list
}

func (d *door) tree(*ask) (any, error) {
	r, t, _ := d.Settings.Current()
	return Tree{r.Rev, t.Clone()}, nil
}

func (d *door) candidate(a *ask) (any, error) {
	r, _, _ := d.Settings.Current()
	t, changed := d.Settings.Candidate()
	return Candidate{r.Rev, changed, t, Fields(t.Validate(), a.lang)}, nil
}

// putCandidate takes {"tree": {...}}. What cannot even be read is refused; what
// reads but cannot be is kept, and the answer says what is wrong.
func (d *door) putCandidate(a *ask) (any, error) {
	var in struct {
		Tree json.RawMessage `json:"tree"`
	}
	if json.Unmarshal(a.body, &in) != nil || len(in.Tree) == 0 {
		return nil, no(http.StatusBadRequest, "body")
	}
	doc, err := plain(in.Tree)
	if err != nil {
		return nil, no(http.StatusBadRequest, "body")
	}
	t, err := settings.Parse(doc)
	if err != nil {
		return nil, err
	}
	d.Settings.SetCandidate(t)
	return d.candidate(a)
}

// plain writes JSON again without escapes, which YAML knows otherwise.
func plain(doc []byte) ([]byte, error) {
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		return nil, err
	}
	var b jsonBuffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b, err
}

type jsonBuffer []byte

func (b *jsonBuffer) Write(p []byte) (int, error) { *b = append(*b, p...); return len(p), nil }

func (d *door) export(a *ask) error {
	_, _, doc := d.Settings.Current()
	a.w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	a.w.Header().Set("Content-Disposition", `attachment; filename="office.yaml"`)
	a.w.Header().Set("Cache-Control", "no-store")
	_, _ = a.w.Write(doc) // the reader went away
	return nil
}

func (d *door) secret(a *ask) (any, error) {
	in := a.into.(*Secret)
	return struct{}{}, d.Settings.PutSecret(in.Name, in.Value)
}
