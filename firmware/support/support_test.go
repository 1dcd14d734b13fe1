package support

import (
	"log/slog"
	"strings"
	"testing"
)

type phone struct{ Secret, Number string }

type office struct {
	Name    string
	Country string
	Rings   string
	Phones  []phone
	ByName  map[string]*phone
	Wait    int
}

func TestMask(t *testing.T) {
	o := &office{Name: "Gestoría Luna", Country: "ES", Rings: "queue/citas", Wait: 20,
		Phones: []phone{{"luna-201", "954 123 001"}}, ByName: map[string]*phone{"Marta": {"x9", "citas"}}}
	m := NewMask(o)
	if o.Country != "ES" || o.Wait != 20 || !strings.HasPrefix(o.Rings, "queue/name-") {
		t.Errorf("%+v", o)
	}
	if !strings.HasPrefix(o.Phones[0].Number, "number-of-9-") {
		t.Errorf("%+v", o.Phones)
	}
	for key, p := range o.ByName {
		if key == "Marta" || "queue/"+p.Number != o.Rings {
			t.Errorf("%s %+v, the same word is another: %+v", key, p, o)
		}
	}
	for said, want := range map[string]string{
		`call from Marta to 954123001`:                   "call from … to #",
		`sip:marta@10.0.0.7 said "hello Pepe"`:           `…@… said "…"`,
		`Martaxx keeps, trunk-citas is down, line fxo1`:  "Martaxx keeps, trunk-… is down, line fxo1",
		"Gestoría Luna (954 123 001) and 192.168.100.20": "… (…) and #.#.#.#",
	} {
		if got := m.Text(said); got != want {
			t.Errorf("%q is %q, want %q", said, got, want)
		}
	}
}

func TestLogKeepsTheLastLines(t *testing.T) {
	var l Log
	log := l.Over(slog.New(slog.DiscardHandler))
	for range logMost {
		log.Info("early")
	}
	log.With("who", "Pepe").Info("a call", "from", "600123456", "err", "no room")
	lines := l.Lines()
	// The discarding handler takes nothing, and what is not logged is not kept.
	if len(lines) != 0 {
		t.Fatalf("%d lines", len(lines))
	}
	log = l.Over(slog.New(slog.NewTextHandler(&strings.Builder{}, nil)))
	for range logMost {
		log.Info("early")
	}
	log.With("who", "Pepe").Info("a call", "from", "600123456", "err", "no room")
	lines = l.Lines()
	last := lines[len(lines)-1]
	if len(lines) != logMost || !strings.HasSuffix(last, "INFO a call who=… from=… err=no room") {
		t.Errorf("%d lines, the last %q", len(lines), last)
	}
}

func FuzzText(f *testing.F) {
	m := NewMask(&office{Name: "Luna", Phones: []phone{{"s3cret", "954"}}})
	f.Add("call Luna 954 \"x")
	f.Fuzz(func(t *testing.T, s string) {
		if got := m.Text(s); digits.MatchString(got) {
			t.Errorf("%q is %q", s, got)
		}
	})
}
