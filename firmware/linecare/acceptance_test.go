package linecare_test

import (
	"bytes"
	"strings"
	"testing"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/linecare"
	"centralita/firmware/sheet"
	"centralita/firmware/words"
)

const accepted = "office: {name: Luna, place: Sevilla, country: ES, time_zone: Europe/Madrid, languages: [es]}\n" +
	"lines: [{name: fxo1, number: \"954123001\", rings: station/1}, {name: fxo3, number: \"954123003\", rings: station/1}]\n" +
	"trunks: [{name: voz, server: sip.example.com, user: u, secret: s, numbers: [\"954000001\"]}]\n" +
	"stations: [{extension: \"1\", name: Ana, handset: fxs1}, {extension: \"2\", handset: fxs2}, {extension: \"3\", sip: {secret: x}}]\n"

func (b *box) acceptance() *sheet.Draft {
	return linecare.Feature.Papers[1].Draw(b.core.Part("line"), b.now, "box")
}

func (b *box) verdicts() map[string]sheet.DraftRow {
	rows := map[string]sheet.DraftRow{}
	for _, r := range b.acceptance().Rows {
		rows[r.ID] = r
	}
	return rows
}

func (b *box) lifts(leg uint64, port string) {
	b.step(&event.LegBegan{Leg: id.Leg(leg), Port: id.Port(port), To: "1"})
	b.step(&event.LegAnswered{Leg: id.Leg(leg)})
	b.step(&event.LegEnded{Leg: id.Leg(leg), Cause: "normal"})
}

// A new box has everything still to be tried; each fault has one thing to do; a box
// that was tried whole can be handed over, also after a new start.
func TestAcceptance(t *testing.T) {
	b := newBox(t).at("2026-11-17 14:10")
	b.step(&event.SettingsCommitted{Rev: 2, Doc: []byte(accepted)})
	if b.acceptance() == nil || linecare.Feature.Papers[1].Draw(b.core.Part("line"), b.now, "fxo1") != nil {
		t.Fatal("an acceptance is of the box")
	}
	want := func(row string, v sheet.Verdict, advice string) {
		t.Helper()
		if r, ok := b.verdicts()[row]; !ok || r.Verdict != v || r.Advice.Key != advice {
			t.Errorf("%s: %+v, want %s %q", row, r, v, advice)
		}
	}
	want("fxo1", sheet.Unknown, "acceptance.advice.test")
	want("fxs1", sheet.Unknown, "acceptance.advice.ring")
	want("phones", sheet.Bad, "acceptance.advice.phone")
	b.step(&event.LineChanged{Port: "fxo1", State: "no-battery"})
	want("fxo1", sheet.Bad, "acceptance.advice.no-battery")
	b.step(&event.LineChanged{Port: "fxo1", State: "ready"})
	b.step(&event.LineChanged{Port: "fxs2", State: "off-hook"})
	want("fxs2", sheet.Bad, "acceptance.advice.off-hook")
	b.step(&event.LineTestBegan{Port: "fxo1", Number: "1"})
	b.step(&event.LineTestEnded{Port: "fxo1", Result: "no-answer"})
	want("fxo1", sheet.Bad, "test.result.no-answer")
	b.lifts(5, "fxs1")
	want("fxs1", sheet.Good, "")
	for _, lang := range words.Languages {
		s := b.acceptance().In(lang)
		golden(t, "acceptance."+lang+".txt", s.Text())
		var pdf bytes.Buffer
		if err := s.PDF(&pdf); err != nil || strings.Count(pdf.String(), "/Type /Page\n") != 1 {
			t.Errorf("%s: no page of paper: %v", lang, err)
		}
	}

	for _, port := range []string{"fxo1", "fxo3"} {
		b.step(&event.LineTestBegan{Port: id.Port(port), Number: "1"})
		b.step(&event.LineTestEnded{Port: id.Port(port), Result: "done"})
	}
	b.step(&event.LineChanged{Port: "fxs2", State: "ready"})
	b.lifts(6, "fxs2")
	b.step(&event.PhoneChanged{Station: "3", Registered: true})
	b.step(&event.TrunkChanged{Trunk: "voz", Up: true})
	if d := b.acceptance(); d.Verdict != sheet.Good {
		s := d.In("en")
		t.Errorf("%s", s.Text())
	}
	b.restart()
	b.step(&event.PhoneChanged{Station: "3", Registered: true})
	b.step(&event.TrunkChanged{Trunk: "voz", Up: true})
	if d := b.acceptance(); d.Verdict != sheet.Good {
		s := d.In("en")
		t.Errorf("after a new start:\n%s", s.Text())
	}
	b.measured(reading("hum", -31, ""), reading("noise", -30, ""))
	b.measured(reading("hum", -31, ""), reading("noise", -30, ""))
	want("fxo3", sheet.Bad, "advice.noise")
}
