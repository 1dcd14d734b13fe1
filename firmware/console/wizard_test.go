package console

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"centralita/firmware/access"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/sheet"

	"github.com/tinylib/msgp/msgp"
)

type testLine struct {
	Port id.Port `json:"port"`
}

type dialled struct {
	Station id.Station `json:"station"`
	To      string     `json:"to"`
	Through id.Port    `json:"through,omitempty"`
}

type opened struct{}

type waiting struct {
	Found []map[string]string `json:"found"`
}

// installing is an office whose lines and handsets do what they should, with one
// telephone that waits.
func installing(t testing.TB) *office {
	o := build(t)
	o.Secret = func(name string) (string, bool) { w, ok := o.words[name]; return w, ok }
	o.Sockets = func() []string { return []string{"fxo1", "fxo2", "fxs1", "fxs2"} }
	o.Features = append(o.Features, feature.Feature{
		Name: "line", Commands: []feature.Command{
			{Name: "test", New: func() core.Command { return &testLine{} }, Role: access.Owner, Help: "help.line.test"},
			{Name: "stop", New: func() core.Command { return &testLine{} }, Role: access.Owner, Help: "help.line.stop"},
		},
		Papers: []feature.Paper{{Name: "acceptance", Only: "box", Role: access.Supervisor, Help: "help.line.acceptance"}},
	}, feature.Feature{Name: "station", Commands: []feature.Command{
		{Name: "dial", New: func() core.Command { return &dialled{} }, Role: access.Owner, Help: "help.station.dial"},
	}}, feature.Feature{Name: "provision", Commands: []feature.Command{
		{Name: "open", New: func() core.Command { return &opened{} }, Role: access.Owner, Help: "help.provision.open"},
	}})
	view := o.View
	o.View = func(ctx context.Context, f, v string) (any, core.Time, error) {
		if f == "provision" {
			return waiting{[]map[string]string{{"mac": "0015651234ab", "vendor": "yealink", "model": "T54W"}}}, core.Time{}, nil
		}
		return view(ctx, f, v)
	}
	o.Papers = func(_ context.Context, _, name, of string) (*sheet.Draft, error) {
		if name != "acceptance" || of != "box" {
			return nil, os.ErrNotExist
		}
		return &sheet.Draft{Title: sheet.Say{Key: "acceptance.title", Args: []string{treeOf(o).Office.Name}}, Rows: []sheet.DraftRow{
			{Name: sheet.Say{Key: "acceptance.line", Args: []string{"fxo1"}}, Values: []sheet.Say{sheet.Plain("912345678")}, Verdict: sheet.Good},
			{Name: sheet.Say{Key: "acceptance.handset", Args: []string{"102", "fxs2"}}, Verdict: sheet.Unknown, Advice: sheet.Say{Key: "acceptance.advice.ring", Args: []string{"fxs2"}}},
		}, Summary: sheet.Say{Key: "acceptance.unknown", Args: []string{"1"}}}, nil
	}
	o.Lab.Follow = func(ctx context.Context) iter.Seq2[*event.Record, error] {
		return func(yield func(*event.Record, error) bool) {
			for _, e := range []event.Event{
				&event.LineTestMoved{Port: "fxo1", Step: "dial", Percent: 10}, &event.LineTestMoved{Port: "fxo1", Step: "sweep", Percent: 60}, &event.LineTestEnded{Port: "fxo1", Result: "done"},
				&event.CallBegan{Call: 7, Leg: 1, From: "101", Port: "fxs1", Direction: "inside"}, &event.LegRinging{Leg: 1}, &event.LegAnswered{Leg: 1}, &event.CallEnded{Call: 7, Cause: "normal"},
			} {
				body, err := e.(msgp.Marshaler).MarshalMsg(nil)
				if !yield(&event.Record{Kind: e.Kind(), Body: body}, err) {
					return
				}
			}
			<-ctx.Done()
		}
	}
	return o
}

// patient is a typist who stays at the terminal until an end is on the screen.
type patient struct {
	typist
	end  string
	seen chan bool
	over bool
}

func (p *patient) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if n == 0 && err != nil {
		<-p.seen
	}
	return n, err
}

func (p *patient) Write(b []byte) (int, error) {
	n, err := p.Buffer.Write(b)
	if !p.over && strings.Contains(p.String(), p.end) {
		p.over = true
		close(p.seen)
	}
	return n, err
}

// The whole wizard, word for word: help, a wrong answer, back and skip, hours,
// a telephone that waited, tests at the end, the sheet. (go test
// ./firmware/console -run Transcript -update)
func TestWizardTranscript(t *testing.T) {
	for lang, c := range map[string]struct{ who, skip, back, hours, all, yes, end string }{
		"es": {"jefe", "saltar", "atrás", "lun-vie 9-14 16:00-19:00; sáb 10-13", "todo", "sí", "en Líneas."},
		"it": {"jefe", "salta", "indietro", "lun-ven 9-13 15:00-19:00; sab 10-12", "tutti", "sì", "in Linee."},
		"en": {"boss", "skip", "back", "mon-fri 9-17:30", "all", "yes", "under Lines."},
	} {
		t.Run(lang, func(t *testing.T) {
			o := installing(t)
			o.Network = func() Machine {
				return Machine{Owned: true, HostName: "centralita", Addresses: []string{"192.0.2.7"}, ByDHCP: true}
			}
			typed := []string{
				c.who, c.who + "-palabra", "wizard",
				lang, "ES", "?Sevilla", c.back, "Sevilla", "Clínica Luna",
				"?192.0.2.10", "192.0.2.10/24 192.0.2.1 192.0.2.1", "", "",
				c.skip, "fxo9", "fxo1 fxo2", "912345678 912345679", "fxo1", "fxs1 fxs2", "fxs1", "1",
				"citas", "101 102 201", "?nunca", c.hours, "ana", c.yes,
				c.yes, "primera-clave", "primera-clave",
			}
			p := &patient{typist: typist{Reader: strings.NewReader(strings.Join(typed, "\r") + "\r")}, end: c.end, seen: make(chan bool)}
			if err := o.Session(t.Context(), p, Serial); err != nil && !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			file, got := filepath.Join("testdata", "wizard."+lang+".txt"), escapes.ReplaceAllString(p.String(), "")
			if *renew {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(file); err != nil || string(want) != got {
				t.Errorf("%s differs (%v):\n%s", file, err, got)
			}
			tree := treeOf(o)
			if tree.Office.Languages[0] != lang || len(tree.Lines) != 2 || tree.Queues[0].Name != "citas" || len(tree.Devices) != 1 || len(o.words["phone-201"]) != 20 {
				t.Errorf("%s", tree.Marshal())
			}
			if len(o.asked) != 3 {
				t.Errorf("%q", o.asked)
			}
		})
	}
}

// Who leaves in the middle leaves nothing, or the answers as uncommitted changes.
func TestWizardLeaving(t *testing.T) {
	o := installing(t)
	sees(t, o.types(t, "boss", "wizard", "en", "IT", "Rome", "quit", "no", "exit"), "Keep the answers", "Nothing was kept.", "boss> ")
	if _, changed := o.repo.Candidate(); changed {
		t.Error("something was kept")
	}
	sees(t, o.types(t, "boss", "wizard", "", "IT"), "1/19 Which language", "3/19 In which town") // the line breaks
	if _, changed := o.repo.Candidate(); changed {
		t.Error("a line that broke kept something")
	}
	sees(t, o.types(t, "boss", "wizard", "quit", "wizard", "", "IT", "quit", "yes", "configure", "compare", "discard"), "Nothing was kept.", "They wait uncommitted", "~ office.country: ES -> IT", "~ office.time_zone: Europe/Madrid -> Europe/Rome")
	sees(t, o.types(t, "boss", "wizard", "en", "IT\x03no", "show version"), "Keep the answers", "Nothing was kept.", "boss> show version")
	if r, _, _ := o.repo.Current(); r.Rev != 1 {
		t.Error(r)
	}
}

// A whole file takes the place of the questions, and the sheet follows.
func TestWizardFile(t *testing.T) {
	o := installing(t)
	doc := []string{"office: {name: Mar, country: ES, time_zone: Europe/Madrid, languages: [es]}", "lines: [{name: fxo1, rings: station/101}]", `stations: [{extension: "101", handset: fxs1}]`, "."}
	wrong := []string{"office: {name: Mar, country: XX, time_zone: Europe/Madrid, languages: [es]}", "."}
	sees(t, o.types(t, "boss", append(append(append([]string{"wizard file"}, wrong...), "wizard file"), append(doc, "no", "wizard x")...)...), "The document has faults", "~ office.name: Oficina -> Mar", "Put this in force?", "Nothing was kept.", "is too much")
	sees(t, o.types(t, "boss", append(append([]string{"wizard file"}, doc...), "yes", "show acceptance")...), "In force as revision 2.", "Acceptance of Mar", "[not measured] handset 102 (fxs2)", "-> Ring and lift it", "under Lines.", "Acceptance of Mar")
}

// A question mark belongs to a password as to any other word.
func TestPasswordWithAQuestionMark(t *testing.T) {
	o := build(t)
	sees(t, o.types(t, "boss", "password", "boss-palabra", "wh?t is it?", "wh?t is it?"), "Done.")
	if _, _, err := o.Gate.SignIn(t.Context(), "boss", "wh?t is it?", "x"); err != nil {
		t.Error(err)
	}
}
