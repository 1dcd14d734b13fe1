package api

import (
	"bytes"
	"net/http"
	"reflect"

	"centralita/firmware/feature"
	"centralita/firmware/sheet"
)

// papers publishes a document of a feature: as JSON said in the reader's language,
// and as PDF.
func (d *door) papers(f feature.Feature, p feature.Paper) []endpoint {
	path := "/" + f.Name + "/" + p.Name + "/{of}"
	return []endpoint{
		{method: http.MethodGet, path: path, role: p.Role, help: p.Help, out: reflect.TypeFor[sheet.Sheet](), run: func(a *ask) (any, error) {
			return d.paper(a, f.Name, p.Name)
		}},
		{method: http.MethodGet, path: path + "/pdf", role: p.Role, help: p.Help, raw: func(a *ask) error {
			s, err := d.paper(a, f.Name, p.Name)
			if err != nil {
				return err
			}
			var b bytes.Buffer
			if err := s.PDF(&b); err != nil {
				return err
			}
			a.w.Header().Set("Content-Type", "application/pdf")
			a.w.Header().Set("Content-Disposition", `inline; filename="`+p.Name+"-"+a.r.PathValue("of")+`.pdf"`)
			a.w.Header().Set("Cache-Control", "no-store")
			_, _ = a.w.Write(b.Bytes()) // the reader went away
			return nil
		}},
	}
}

func (d *door) paper(a *ask, of, name string) (*sheet.Sheet, error) {
	if d.Papers == nil {
		return nil, ErrNotFound
	}
	draft, err := d.Papers(a.r.Context(), of, name, a.r.PathValue("of"))
	if err != nil {
		return nil, err
	}
	s := draft.In(a.lang)
	return &s, nil
}
