package wizard_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"centralita/firmware/id"
	"centralita/firmware/settings"
	"centralita/firmware/wizard"
	"centralita/firmware/words"
)

var site = wizard.Site{
	Sockets: []id.Port{"fxo1", "fxo2", "fxs1", "fxs2", "fxs3"}, Person: "owner", MustChange: true,
	Found: []wizard.Phone{{MAC: "0015651234ab", Vendor: "yealink", Model: "T54W", Password: "geheim-12"}},
}

// ask answers questions by their names and keeps all others.
func ask(t *testing.T, i *wizard.Interview, answers map[string]string) (asked []string) {
	t.Helper()
	for {
		q, ok := i.Next()
		if !ok {
			return asked
		}
		asked = append(asked, q.ID)
		if text, ok := answers[q.ID]; ok {
			if err := i.Answer(text); err != nil {
				t.Fatalf("%s: %q: %v", q.ID, text, err)
			}
			continue
		}
		i.Keep()
	}
}

// Whoever keeps everything has the settings of before.
func TestKeepingChangesNothing(t *testing.T) {
	for _, country := range []string{"ES", "GB"} {
		base := settings.Default(country)
		i := wizard.New(base, site)
		asked := ask(t, i, nil)
		if len(asked) > wizard.Max || len(asked) < 15 {
			t.Errorf("%d questions: %v", len(asked), asked)
		}
		if c := settings.Compare(base, i.Tree()); len(c) > 0 {
			t.Errorf("%v", c)
		}
		if d := i.Todo(); len(d.Lines)+len(d.Handsets) > 0 || d.Phones || d.Password {
			t.Errorf("%+v", d)
		}
	}
}

// A whole interview makes an office of two lines and a telephone that was found.
func TestInterview(t *testing.T) {
	base := settings.Default("ES")
	i := wizard.New(base, site)
	ask(t, i, map[string]string{
		"language": "it", "country": "it", "place": "Roma", "name": "Studio Luna", "https": "sì", "public-name": "luna.example.org",
		"lines": "fxo1 fxo2", "numbers": "0612345678 fxo2=0687654321", "test-lines": "fxo2", "handsets": "fxs1, fxs3", "ring": "tutti",
		"phones": "1", "queue": "segreteria", "agents": "101 103 201", "hours": "lun-ven 9-13 15:00-19:00; sab 10-12", "owner": "luigi", "password": "sì",
	})
	tree := i.Tree()
	if faults := tree.Validate().Faults(); len(faults) > 0 {
		t.Fatal(faults)
	}
	doc := string(tree.Marshal())
	for _, want := range []string{
		"name: Studio Luna", "country: IT", "place: Roma", "time_zone: Europe/Rome", "redirect: true", "luna.example.org",
		"number: \"0612345678\"", "number: \"0687654321\"", "rings: menu/entrance", "mac: 0015651234ab", "name: segreteria", "mon-fri:", "09:00-13:00", "name: luigi", "to: queue/segreteria",
	} {
		if !strings.Contains(doc, want) {
			t.Errorf("%q is not in\n%s", want, doc)
		}
	}
	if got := fmt.Sprint(tree.Office.Languages); got != "[it es en]" {
		t.Error(got)
	}
	for _, not := range []string{"fxo3", "fxs2", "reception", "\"102\""} {
		if strings.Contains(doc, not) {
			t.Errorf("%q is still in\n%s", not, doc)
		}
	}
	if got := fmt.Sprint(tree.Queues[0].Agents); got != "[101 103 201]" {
		t.Error(got)
	}
	if got := fmt.Sprintf("%v", i.Todo()); got != "{[fxo2] [fxs1 fxs3] true true luigi}" {
		t.Error(got)
	}
	// Somebody else's edit of meanwhile stays.
	other := settings.Default("ES")
	other.Queues[0].Ring = settings.Duration(20e9)
	if err := i.Apply(other); err != nil || other.Queues[0].Ring.String() != "20s" || other.Queues[0].Name != "segreteria" {
		t.Errorf("%v %+v", err, other.Queues[0])
	}
}

func TestBackSkipAndReplace(t *testing.T) {
	i := wizard.New(settings.Default("ES"), site)
	if i.Back() {
		t.Error("back at the first")
	}
	for _, a := range []string{"en", "IT"} {
		i.Next()
		if err := i.Answer(a); err != nil {
			t.Fatal(err)
		}
	}
	if n, of := i.Place(); n != 3 || of > wizard.Max || of < n {
		t.Error(n, of)
	}
	if !i.Back() {
		t.Fatal("no way back")
	}
	if q, _ := i.Next(); q.ID != "country" || q.Now != "IT" {
		t.Errorf("%+v", q)
	}
	i.Skip()
	if z := i.Tree().Office; z.Country != "ES" || z.TimeZone != "Europe/Madrid" || z.Languages[0] != "en" {
		t.Errorf("%+v", z)
	}
}

// An answer that an earlier one takes the ground from is taken back.
func TestAnswersThatFitNoMore(t *testing.T) {
	i := wizard.New(settings.Default("ES"), site)
	ask(t, i, map[string]string{"lines": "fxo1 fxo2", "numbers": "912345678 912345679", "test-lines": "fxo2", "ring": "fxs1"})
	for i.Back() {
		if q, _ := i.Next(); q.ID == "lines" {
			break
		}
	}
	if err := i.Answer("fxo1"); err != nil {
		t.Fatal(err)
	}
	if q, _ := i.Next(); q.ID != "numbers" || q.Now != "none" {
		t.Errorf("%+v", q)
	}
	if d := i.Todo(); len(d.Lines) != 0 || len(d.Handsets) != 1 {
		t.Errorf("%+v", d)
	}
	if err := i.Apply(settings.Default("ES")); err != nil {
		t.Error(err)
	}
	none := settings.Default("ES")
	none.Lines, none.Stations, none.People, none.Queues = nil, nil, nil, nil // somebody else cleared the box
	if err := i.Apply(none); err == nil {
		t.Error("handsets that are no more are rung")
	}
}

// What cannot be is refused with words, and nothing moves on.
func TestRefusals(t *testing.T) {
	for question, texts := range map[string][]string{
		"language": {"fr", ""}, "country": {"XX", "Spain"}, "time-zone": {"Mars/Base", ""}, "lines": {"fxo9", "fxs1"},
		"numbers": {"1 2 3 4 5 6", "fxo9=912345678", "hello"}, "handsets": {"fxs9"}, "ring": {"fxo1"}, "phones": {"2", "0", "x"}, "public-name": {"localhost", "10.0.0.1"},
		"queue": {"", "a b c/d"}, "agents": {"nobody"}, "hours": {"9-14", "mon", "mon 14-9", "someday 9-10", "mon-tue-wed 9-10", "mon 25-26"}, "owner": {"", "a/b"}, "password": {"perhaps"}, "https": {"maybe"},
		"name": {"", strings.Repeat("x", 3000)},
	} {
		for _, text := range texts {
			i := wizard.New(settings.Default("ES"), site)
			for q, ok := i.Next(); ok && q.ID != question; q, ok = i.Next() {
				i.Keep()
			}
			err := i.Answer(text)
			var own *wizard.No
			var ps settings.Problems
			switch {
			case errors.As(err, &own) && words.Has(own.Key), errors.As(err, &ps) && len(ps) > 0:
			default:
				t.Errorf("%s: %q: %v", question, text, err)
			}
			if q, _ := i.Next(); q.ID != question {
				t.Errorf("%s moved on to %s", question, q.ID)
			}
		}
	}
}

// Numbers may be written with spaces in them.
func TestNumbers(t *testing.T) {
	for lines, numbers := range map[string]string{"fxo1": "954 123 001", "fxo1 fxo2": "954 123 001, fxo2=954 123 002"} {
		i := wizard.New(settings.Default("ES"), site)
		ask(t, i, map[string]string{"lines": lines, "numbers": numbers})
		if l := i.Tree().Lines; l[0].Number != "954 123 001" || len(l) == 2 && l[1].Number != "954 123 002" {
			t.Errorf("%+v", l)
		}
	}
}

// The first queue of an office that had none takes the calls of its lines.
func TestFirstQueue(t *testing.T) {
	base := settings.Default("ES")
	base.Queues, base.DialPlan.Inside = nil, nil
	for i := range base.Lines {
		base.Lines[i].Rings = "station/101"
	}
	i := wizard.New(base, site)
	ask(t, i, map[string]string{"queue": "citas"})
	if tree := i.Tree(); len(tree.Queues) != 1 || fmt.Sprint(tree.Queues[0].Agents) != "[101]" || tree.Lines[0].Rings != "queue/citas" || len(tree.Validate().Faults()) > 0 {
		t.Errorf("%s", tree.Marshal())
	}
}

// Opening hours can be taken out again.
func TestAlwaysOpen(t *testing.T) {
	base := settings.Default("ES")
	i := wizard.New(base, site)
	ask(t, i, map[string]string{"hours": "mon-sun 8-20"})
	shut := i.Tree()
	if len(shut.Menus) != 2 || shut.Lines[0].Rings != "menu/entrance" {
		t.Fatalf("%+v", shut.Menus)
	}
	again := wizard.New(shut, site)
	ask(t, again, map[string]string{"hours": "siempre"})
	if c := settings.Compare(base, again.Tree()); len(c) > 0 {
		t.Error(c)
	}
}

// Every question has its sentence and its help.
func TestWords(t *testing.T) {
	i := wizard.New(settings.Default("ES"), site)
	for _, q := range append(ask(t, i, nil), "test-number") {
		for _, key := range []string{"wizard.ask." + q, "wizard.help." + q} {
			if !words.Has(key) {
				t.Errorf("%s has no words", key)
			}
		}
	}
	for _, w := range wizard.Words {
		if !words.Has("wizard.word." + w) {
			t.Error(w)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	for _, s := range []string{"", "all", "mon-fri 9-14", "fxo1=", "=", "-", "\x00", "101 102", ";;;", "ñ-ñ 9", "mon 9-", "1"} {
		f.Add(s, "x")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		i := wizard.New(settings.Default("IT"), site)
		for n := 0; n < 2*wizard.Max; n++ {
			if _, ok := i.Next(); !ok {
				break
			}
			if i.Answer(a) != nil && i.Answer(b) != nil {
				i.Skip()
			}
		}
		if faults := i.Tree().Validate().Faults(); len(faults) > 0 {
			t.Errorf("%v", faults)
		}
		i.Todo()
	})
}
