package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"centralita/firmware/access"
	"centralita/firmware/access/gate"
	"centralita/firmware/core"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/settings"
	"centralita/firmware/sheet"
)

type away struct {
	Agent  id.Agent `json:"agent"`
	Reason string   `json:"reason"`
}

type hangup struct {
	Call id.Call `json:"call"`
}

type floor struct {
	Queues []queueRow `json:"queues"`
	Agents []agentRow `json:"agents"`
}

type queueRow struct {
	Queue   string   `json:"queue"`
	Waiting []string `json:"waiting"`
	Longest int64    `json:"longest_since_at"`
	Offered int      `json:"offered"`
}

type agentRow struct {
	Agent string `json:"agent"`
	State string `json:"state"`
	Since int64  `json:"since_at"`
	Until int64  `json:"until_at"`
}

type alarms struct {
	Alarms []alarm `json:"alarms"`
}

type alarm struct {
	Severity string   `json:"severity"`
	Text     string   `json:"text"`
	Args     []string `json:"args"`
}

// office is a console with one person of each role; the password is the name
// with "-palabra".
type office struct {
	*Console
	repo  *settings.Repo
	words secrets
	asked []string
}

func build(t testing.TB) *office {
	t.Helper()
	o := &office{}
	dir := t.TempDir()
	file := filepath.Join(dir, "a")
	if err := os.WriteFile(file, accounts(), 0o600); err != nil {
		t.Fatal(err)
	}
	g, err := gateOn(file)
	if err != nil {
		t.Fatal(err)
	}
	o.words = secrets{}
	o.repo, err = settings.Open(settings.Options{Dir: filepath.Join(dir, "s"), Secrets: o.words, Now: func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	o.Console = New(Options{
		Version: "1", Gate: g, Settings: o.repo,
		Features: []feature.Feature{{Name: "acd",
			Commands: []feature.Command{
				{Name: "agent.away", New: func() core.Command { return &away{} }, Role: access.Agent, Own: true, Help: "help.acd.away"},
				{Name: "hangup", New: func() core.Command { return &hangup{} }, Role: access.Supervisor, Help: "help.call.hangup"},
			},
			Views: []feature.View{{Name: "floor", Role: access.Agent, Help: "help.acd.floor"}},
		}, {Name: "alarm", Views: []feature.View{{Name: "list", Role: access.Agent, Help: "help.alarm.list"}}},
			{Name: "line", Papers: []feature.Paper{{Name: "certificate", Role: access.Supervisor, Help: "help.line.certificate"}}}},
		Papers: func(_ context.Context, _, _, of string) (*sheet.Draft, error) {
			if of != "fxo1" {
				return nil, fs.ErrNotExist
			}
			return &sheet.Draft{Title: sheet.Say{Key: "certificate.title", Args: []string{of}}, Rows: []sheet.DraftRow{{
				Name: sheet.Say{Key: "item.hum"}, Values: []sheet.Say{sheet.Plain("-31 dBm0")}, Verdict: sheet.Bad, Advice: sheet.Say{Key: "advice.hum"},
			}}}, nil
		},
		Command: func(_ context.Context, who id.Person, f string, c core.Command) error {
			if h, ok := c.(*hangup); ok && h.Call == 9 {
				return core.Refuse("no-such-call", "9")
			}
			o.asked = append(o.asked, fmt.Sprintf("%s %s %+v", who, f, c))
			return nil
		},
		View: func(_ context.Context, f, v string) (any, core.Time, error) {
			if f == "alarm" {
				return alarms{[]alarm{{"major", "alarm.line-no-battery", []string{"fxo2"}}}}, core.Time{}, nil
			}
			return floor{
				[]queueRow{{"citas", []string{"a", "b"}, 5_000, 12}},
				[]agentRow{{"ana\x1b[2J", "away", 6_000, 0}, {"luis", "wrap-up", 60_000, 95_000}},
			}, core.Time{At: 65_000}, nil
		},
	})
	return o
}

func gateOn(file string) (*gate.Gate, error) {
	g, _, err := gate.Open(gate.Options{File: file, People: func(p id.Person) (gate.Profile, bool) {
		role, ok := map[id.Person]access.Role{"ana": access.Agent, "jefe": access.Owner, "boss": access.Owner, "capo": access.Owner}[p]
		return gate.Profile{Role: role, Language: map[id.Person]string{"boss": "en", "capo": "it"}[p]}, ok
	}})
	return g, err
}

// accounts are those of the office, made once: a password is slow to hash by design.
var accounts = sync.OnceValue(func() []byte {
	dir, err := os.MkdirTemp("", "console")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "a")
	g, err := gateOn(file)
	for _, p := range []id.Person{"ana", "jefe", "boss", "capo"} {
		err = errors.Join(err, g.GivePassword(context.Background(), p, string(p)+"-palabra"))
	}
	doc, rErr := os.ReadFile(file)
	if err = errors.Join(err, rErr); err != nil {
		panic(err)
	}
	return doc
})

type secrets map[string]string

func (s secrets) Put(name, value string) error { s[name] = value; return nil }

// typist is what a person types and sees.
type typist struct {
	io.Reader
	bytes.Buffer
}

func (s *typist) Read(p []byte) (int, error) { return s.Reader.Read(p) }

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*[A-Za-z]|\r")

// types runs one session of the lines and gives what was seen.
func (o *office) types(t *testing.T, name string, lines ...string) string {
	t.Helper()
	return o.typesFrom(t, Serial, name, lines...)
}

func (o *office) typesFrom(t *testing.T, from, name string, lines ...string) string {
	t.Helper()
	typed := strings.Join(append([]string{name, name + "-palabra"}, lines...), "\r") + "\r"
	s := &typist{Reader: strings.NewReader(typed)}
	if err := o.Session(t.Context(), s, from); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return escapes.ReplaceAllString(s.String(), "")
}

func sees(t *testing.T, screen string, parts ...string) {
	t.Helper()
	rest := screen
	for _, p := range parts {
		_, after, ok := strings.Cut(rest, p)
		if !ok {
			t.Errorf("%q is not on the screen (after what came before):\n%s", p, screen)
			return
		}
		rest = after
	}
}

func TestSignInAndOut(t *testing.T) {
	o := build(t)
	s := &typist{Reader: strings.NewReader("ana\rfalsa-clave\r\rana\rana-palabra\rexit\rnever")}
	if err := o.Session(t.Context(), s, "serial"); err != nil {
		t.Fatal(err)
	}
	seen := escapes.ReplaceAllString(s.String(), "")
	sees(t, seen, "Centralita 1", "Nombre: ana", "El nombre o la contraseña no son correctos.", "Hola, ana (agente).", "ana> ")
	if strings.Contains(seen, "palabra") || strings.Contains(seen, "falsa") {
		t.Errorf("a password is on the screen: %s", seen)
	}
}

// A line that echoes until its person's program is ready sends the greeting back,
// and what it sent back stands before the name: no password is asked for it.
func TestSignInOverAnEcho(t *testing.T) {
	o := build(t)
	s := &typist{Reader: strings.NewReader("Centralita 1\r\nNombre: \r\nCentral\r\nNombre: Nombre: ana\rana-palabra\rexit\r")}
	if err := o.Session(t.Context(), s, "serial"); err != nil {
		t.Fatal(err)
	}
	seen := escapes.ReplaceAllString(s.String(), "")
	sees(t, seen, "Hola, ana (agente).", "ana> ")
	if n := strings.Count(seen, "Contraseña"); n != 1 {
		t.Errorf("%d passwords are asked for:\n%s", n, seen)
	}
}

func TestCommands(t *testing.T) {
	o := build(t)
	sees(t, o.types(t, "ana", "agent away", "agent away ana café", `agent away "de descanso"`, "agent away luis x", "agent away agent=luis", "hangup 3", "ag aw"),
		"Hecho.", "Hecho.", "Hecho.", "Solo puede cambiar su propio estado.", "Solo puede cambiar", "No hay ninguna orden «hangup»", "Hecho.")
	want := "[ana acd &{Agent:ana Reason:} ana acd &{Agent:ana Reason:café} ana acd &{Agent:ana Reason:de descanso} ana acd &{Agent:ana Reason:}]"
	if got := fmt.Sprint(o.asked); strings.Replace(got, "101", "ana", 1) != want {
		t.Errorf("%s", got)
	}
	o.asked = nil
	sees(t, o.types(t, "boss", "acd hangup", "acd hangup x", "acd hangup 3 4", "acd hangup 9", "acd hangup call=3", `say "x`),
		"“call” is missing. It is written: <call>", "“call” cannot be “x”.", "“4” is too much", "There is no call 9 any more.", "Done.", "A quote is not closed.")
	if got := fmt.Sprint(o.asked); got != "[boss acd &{Call:3}]" {
		t.Error(got)
	}
}

// A line's certificate is a page of text.
func TestPapers(t *testing.T) {
	o := build(t)
	sees(t, o.types(t, "jefe", "show certificate fxo1", "show certificate", "show certificate fxo9"),
		"Certificado de la línea fxo1", "[mal] zumbido de red  -31 dBm0", "-> Revisar toma de tierra", "Diga de cuál", "No existe.")
}

func TestViewsAreTables(t *testing.T) {
	o := build(t)
	screen := o.types(t, "jefe", "show floor", "show alarm", "show version")
	sees(t, screen,
		"colas (1)", "  cola   esperando  espera mayor  recibidas", "  citas  2          1:00          12",
		"agentes (2)", "  agente   estado    desde hace  hasta dentro de", "  ana?[2J  en pausa  0:59", "  luis     anotando  0:05        0:30",
		"grave     La línea fxo2 no tiene tensión.", "Centralita 1")
}

func TestCompletionAndHelp(t *testing.T) {
	o := build(t)
	sees(t, o.types(t, "jefe", "sh\tfl\t", "?\x15", "show ?\x15", "conf\t", "set q\tre\tri\t20s", "set queues reception agents ?\x15", "set office colour ?\x15",
		"set lines fxo1 rings que\t", "compare", `set office name "¿Qué?"`, "show office name"),
		"show floor", "colas (1)",
		"configure", "cambiar los ajustes", "agent away", "ponerse en pausa",
		"show floor", "colas y agentes ahora",
		"jefe(settings)> ", "set queues reception ring 20s",
		"101  102  103  104", "<Intro>", "set lines fxo1 rings queue/reception",
		"~ queues[reception].ring: 15s -> 20s", "¿Qué?")
}

func TestSettingsFromTheConsole(t *testing.T) {
	o := build(t)
	screen := o.types(t, "boss", "configure", "set queues reception ring soon", "edit queues reception", "set ring 20s", "set agents 101 eva", "exit",
		"commit", "check", "set queues reception agents 101", "compare", "commit less people", "commit", "exit",
		"show settings queues reception ring", "show revisions", "configure", "set office name Luna", "discard", "compare", "rollback 77", "rollback 1", "rollback x",
		"load", "office: {name: Mar, country: ES, time_zone: Europe/Madrid, languages: [es]}", ".", "compare", "load", "office: [", ".", "exit")
	sees(t, screen,
		"queues[reception].ring: “soon” is no duration. Write 15s, 10m, 2h or 90d.",
		"boss(settings queues reception)> ", "boss(settings)> ",
		"queues[reception].agents[1]: There is no person “eva”. Choose one of the people there are (101, 102, 103, 104), or add “eva” first.",
		"queues[reception].agents[1]",
		"~ queues[reception].agents: 101, 102, 103, 104 -> 101", "~ queues[reception].ring: 15s -> 20s",
		"In force as revision 2.", "There is nothing to commit.", "20s", "less people",
		"There is nothing to commit.", "There is no such thing.", "In force as revision 3.", "“rev” is missing",
		"Paste the document", "Read: 1 lines", "~ office.name: Oficina -> Mar", "The text cannot be read", "The changes stay uncommitted.")
	if r, tree, _ := o.repo.Current(); r.Rev != 3 || r.Who != "boss" || tree.Queues[0].Ring.String() != "15s" {
		t.Errorf("%+v", r)
	}
}

func TestAgentsHaveNoSettings(t *testing.T) {
	o := build(t)
	screen := o.types(t, "ana", "configure", "show settings", "export", "password jefe")
	sees(t, screen, "«configure»", "«show»", "«export»", "Para esto hace falta el papel «dueño».")
}

func TestPasswordAndLanguage(t *testing.T) {
	o := build(t)
	screen := o.types(t, "boss", "language it", "language fr", "password", "boss-palabra", "una parola nuova", "un'altra", "password", "boss-palabra", "una parola nuova", "una parola nuova", "password ana", "12345678", "12345678", "exit")
	sees(t, screen, "Fatto.", "La lingua «fr» non c'è", "Le due non sono uguali.", "Fatto.", "Fatto.")
	for who, word := range map[id.Person]string{"boss": "una parola nuova", "ana": "12345678"} {
		if _, _, err := o.Gate.SignIn(t.Context(), who, word, "x"); err != nil {
			t.Errorf("%s: %v", who, err)
		}
	}
}

// A password that is set on a line is not called back with the arrow key.
func TestHistoryKeepsNoPasswords(t *testing.T) {
	h := &history{}
	for _, l := range []string{"a", "a", " ", "set stations 205 sip password x", "b"} {
		h.Add(l)
	}
	if h.Len() != 2 || h.At(0) != "b" || h.At(1) != "a" {
		t.Errorf("%v", h.lines)
	}
	for i := range 3 * historyMax {
		h.Add(fmt.Sprint(i))
	}
	if h.Len() != historyMax {
		t.Error(h.Len())
	}
}

func FuzzSession(f *testing.F) {
	for _, s := range []string{"show floor\r", "configure\rset queues reception ri\t?\r", "\xff\xfe\x1b[200~", "\x1b[" + strings.Repeat("0", 400), "ñ\xc3", "load\r{\r.\r", "load merge\rqueues: null\r\x04", "\x1b[8;1;1t\x1b]0;", "configure\rcommit confirmed 99999999999999999999\r", "terminal width 20\r" + strings.Repeat("é", 5000), `set "" "" ?`} {
		f.Add(s)
	}
	o := build(f)
	f.Fuzz(func(t *testing.T, typed string) {
		if len(typed) > 4096 {
			return
		}
		s := &typist{Reader: strings.NewReader(typed)}
		one := newSession(t.Context(), o.Console, s, Serial)
		defer one.close()
		one.who = gate.Session{Person: "boss", Role: access.Installer}
		one.verbs = one.grammar()
		for {
			line, err := one.line()
			if err != nil {
				return
			}
			one.screen.fresh()
			if words, err := split(line); err == nil && len(words) > 0 && words[0] != "password" {
				if err := one.do(words); err != nil {
					one.complain(err)
				}
			}
		}
	})
}
