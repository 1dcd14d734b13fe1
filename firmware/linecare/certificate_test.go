package linecare_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"centralita/firmware/event"
	"centralita/firmware/line"
	"centralita/firmware/linecare"
	"centralita/firmware/sheet"
	"centralita/firmware/words"
)

var update = flag.Bool("update", false, "write the golden certificates")

func reading(item string, v float64, text string) event.Reading {
	return event.Reading{Item: item, Value: v, Text: text}
}

// healthy is what a good Spanish line shows.
var healthy = []event.Reading{
	reading(line.CallWay, 0, "in"), reading(line.IdleVoltage, 49, ""), reading(line.LoopCurrent, 24, ""), reading(line.EchoLoss, 19.3, ""),
	reading(line.Noise, -66, ""), reading(line.Hum, -72, ""), reading(line.DialToneDelay, 410, ""), reading(line.ToneDial, 425, ""),
	reading(line.ToneBusy, 425, ""), reading(line.ToneBusyOn, 200, ""), reading(line.ToneBusyOff, 200, ""), reading(line.RingHz, 25, ""),
	reading(line.RingOn, 1500, ""), reading(line.RingOff, 3000, ""), reading(line.CallerIDStyle, 0, "v23 after-ring"),
	reading(line.CallerIDLevel, -14, ""), reading(line.ReleaseBreak, 620, ""), reading(line.Impedance, 0, "220 Ω + 820 Ω // 120 nF"),
}

func (b *box) certificate(of string) *sheet.Draft {
	return linecare.Feature.Papers[0].Draw(b.core.Part("line"), b.now, of)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || string(want) != got {
		t.Errorf("%s differs (%v):\n%s", name, err, got)
	}
}

// A fresh line's certificate says what is still to be measured, a good line's that
// it is in order, and one that hums and gives no sign of hang-up what to do.
func TestCertificate(t *testing.T) {
	b := newBox(t).at("2026-11-17 14:10")
	if d := b.certificate("fxo3"); d == nil || d.Verdict != sheet.Unknown {
		t.Fatalf("a fresh line: %+v", d)
	}
	if b.certificate("fxs1") != nil || b.certificate("fxo9") != nil {
		t.Error("a certificate of no line")
	}
	for range 6 {
		b.measured(healthy...)
	}
	good := b.certificate("fxo3")
	if good.Verdict != sheet.Good {
		t.Errorf("a healthy line: %s", good.Summary.In("en"))
	}
	for _, lang := range words.Languages {
		s := good.In(lang)
		golden(t, "good."+lang+".txt", s.Text())
	}
	for range 6 {
		b.step(&event.LineMeasured{Port: "fxo1", Readings: []event.Reading{
			reading(line.Hum, -31, ""), reading(line.Noise, -30, ""), reading(line.ReleaseMissed+"busy", 0, ""), reading(line.ReleaseSilence, 40_000, ""),
		}})
		b.step(&event.LineMeasured{Port: "fxo1", Readings: []event.Reading{reading(line.ReleaseMissed+"silence", 0, "")}})
	}
	bad := b.certificate("fxo1")
	for _, want := range []string{"hum", "noise", "supervision"} {
		found := false
		for _, r := range bad.Rows {
			found = found || r.ID == want && r.Verdict == sheet.Bad && r.Advice.Key != ""
		}
		if !found {
			t.Errorf("%s is not found bad with an advice", want)
		}
	}
	s := bad.In("es")
	golden(t, "bad.es.txt", s.Text())
}

// On paper it is one page in every language.
func TestCertificatePDF(t *testing.T) {
	b := newBox(t).at("2026-11-17 14:10")
	for range 6 {
		b.measured(healthy...)
	}
	for _, lang := range words.Languages {
		s := b.certificate("fxo3").In(lang)
		var pdf bytes.Buffer
		if err := s.PDF(&pdf); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(pdf.String(), "/Type /Page\n"); n != 1 || !strings.HasPrefix(pdf.String(), "%PDF-") {
			t.Errorf("%s: %d pages", lang, n)
		}
	}
}
