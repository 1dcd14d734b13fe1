package api

import (
	"context"
	"strings"
	"testing"

	"centralita/firmware/access"
	"centralita/firmware/feature"
	"centralita/firmware/sheet"
)

// A document of a feature is said in the reader's language, and is a PDF at its
// address; who may not see it and what there is no document about are refused.
func TestPapers(t *testing.T) {
	f := build(t)
	f.h = New(Options{
		Features: []feature.Feature{{Name: "line", Papers: []feature.Paper{{Name: "certificate", Role: access.Supervisor, Help: "help.line.certificate"}}}},
		Box:      f.box, Gate: f.gate, Settings: f.repo, Version: "1",
		Papers: func(_ context.Context, feature, paper, of string) (*sheet.Draft, error) {
			if feature != "line" || paper != "certificate" || of != "fxo1" {
				return nil, ErrNotFound
			}
			return &sheet.Draft{
				Title: sheet.Say{Key: "certificate.title", Args: []string{of}}, Verdict: sheet.Bad, Summary: sheet.Say{Key: "certificate.bad", Args: []string{"1"}},
				Rows: []sheet.DraftRow{{ID: "hum", Name: sheet.Say{Key: "item.hum"}, Values: []sheet.Say{sheet.Plain("-31 dBm0")}, Sure: 86, Verdict: sheet.Bad, Advice: sheet.Say{Key: "advice.hum"}}},
			}, nil
		},
	})
	marta := f.in(t, "marta")
	marta.says("GET", "/api/v1/line/certificate/fxo1", "", 200, `"title":"Certificado de la línea fxo1"`)
	marta.says("GET", "/api/v1/line/certificate/fxo1", "", 200, `"says":"mal"`)
	marta.says("GET", "/api/v1/line/certificate/fxo9", "", 404, "")
	w := marta.do("GET", "/api/v1/line/certificate/fxo1/pdf", "")
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/pdf" || !strings.HasPrefix(w.Body.String(), "%PDF-") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	f.in(t, "ana").says("GET", "/api/v1/line/certificate/fxo1/pdf", "", 403, "")
}
