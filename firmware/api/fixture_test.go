package api

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"centralita/firmware/access"
	"centralita/firmware/access/gate"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/settings"
	"centralita/firmware/trust"
)

// away is a command of the test's own feature.
type away struct {
	Agent  id.Agent `json:"agent"`
	Reason string   `json:"reason,omitempty"`
}

type hangup struct {
	Call id.Call `json:"call"`
}

// fakeBox remembers what was asked and tells what the test says.
type fakeBox struct {
	mu    sync.Mutex
	asked []string
	tell  chan *event.Record
	from  uint64
}

func (b *fakeBox) Command(_ context.Context, who id.Person, feature string, c core.Command) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if h, ok := c.(*hangup); ok && h.Call == 404 {
		return 0, core.Refuse("not-found")
	} else if ok && h.Call == 500 {
		return 0, io.ErrUnexpectedEOF
	} else if ok && h.Call == 666 {
		panic("the sky fell")
	}
	b.asked = append(b.asked, fmt.Sprintf("%s %s %+v", who, feature, c))
	return 7, nil
}

func (b *fakeBox) View(context.Context, string, string) (Picture, error) {
	return Picture{5, core.Time{At: 10, Wall: 20}, map[string]any{"agents": []string{"<ana>"}}}, nil
}

func (b *fakeBox) Now() (uint64, core.Time) { return 5, core.Time{At: 10, Wall: 20} }

func (b *fakeBox) Follow(ctx context.Context, from uint64) iter.Seq2[*event.Record, error] {
	b.mu.Lock()
	b.from = from
	b.mu.Unlock()
	return func(yield func(*event.Record, error) bool) {
		for {
			select {
			case r, ok := <-b.tell:
				if !ok || !yield(r, nil) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// features is one feature as any other.
var features = []feature.Feature{{
	Name: "acd",
	Commands: []feature.Command{
		{Name: "agent.away", New: func() core.Command { return &away{} }, Role: access.Agent, Own: true, Help: "help.acd.away"},
		{Name: "hangup", New: func() core.Command { return &hangup{} }, Role: access.Supervisor, Help: "help.call.hangup"},
	},
	Views: []feature.View{{Name: "floor", Role: access.Agent, Help: "help.acd.floor"}},
}}

type fixture struct {
	h     http.Handler
	net   *fakeNetwork
	box   *fakeBox
	gate  *gate.Gate
	repo  *settings.Repo
	once  string
	trust *trust.Keeper
}

func build(t testing.TB) *fixture {
	t.Helper()
	dir := t.TempDir()
	f := &fixture{net: &fakeNetwork{owned: true}, box: &fakeBox{tell: make(chan *event.Record)}}
	var err error
	f.gate, f.once, err = gate.Open(gate.Options{File: filepath.Join(dir, "accounts"), People: func(p id.Person) (gate.Profile, bool) {
		roles := map[id.Person]access.Role{"ana": access.Agent, "marta": access.Supervisor, "tecnico": access.Installer}
		return gate.Profile{Role: roles[p], Language: "es"}, roles[p] > 0
	}})
	if err != nil {
		t.Fatal(err)
	}
	f.repo, err = settings.Open(settings.Options{Dir: filepath.Join(dir, "settings"), Secrets: secrets{}})
	if err != nil {
		t.Fatal(err)
	}
	f.h = New(Options{Features: features, Box: f.box, Gate: f.gate, Settings: f.repo, Calls: calls{}, Sound: sound{}, Board: board{},
		About: func() About { return About{Version: "1"} }, Version: "1", Network: f.net,
		Bench: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "town") }),
		Page:  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "page") })})
	return f
}

type secrets map[string]string

func (s secrets) Put(name, value string) error { s[name] = value; return nil }

type board struct{}

func (board) Front() Front { return Front{Name: "sim", Lamps: map[string]string{"fxo1": "green"}} }

func (board) Press(_ context.Context, b string, held time.Duration) error {
	if b != "reset" {
		return ErrNotFound
	}
	return nil
}

type calls struct{}

func (calls) List(_ context.Context, q CallQuery) (CallPage, error) {
	return CallPage{Calls: []CallRow{{Call: q.Before, WaitMS: int64(q.Limit), Name: q.Text}}}, nil
}

func (calls) Story(_ context.Context, c id.Call) (CallStory, error) {
	if c != 9 {
		return CallStory{}, ErrNotFound
	}
	return CallStory{CallRow: CallRow{Call: 9}}, nil
}

type sound struct{}

func (sound) Open(c id.Call) (io.ReadSeekCloser, time.Time, error) {
	if c != 9 {
		return nil, time.Time{}, ErrNotFound
	}
	return nopCloser{bytes.NewReader([]byte("RIFF0123456789"))}, time.Unix(1e9, 0), nil
}

func (sound) Peaks(context.Context, id.Call, int) (Peaks, error) {
	return Peaks{MS: 20, Left: [][2]int8{{-128, 127}}}, nil
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }

// person is a client with a cookie.
type person struct {
	t      testing.TB
	h      http.Handler
	cookie string
}

// in signs in, giving people of the settings a password first.
func (f *fixture) in(t testing.TB, name string) *person {
	t.Helper()
	word := f.once
	if name != "owner" {
		word = "una palabra"
		if err := f.gate.GivePassword(t.Context(), id.Person(name), word); err != nil {
			t.Fatal(err)
		}
	}
	p := &person{t: t, h: f.h}
	w := p.do("POST", "/api/v1/session", fmt.Sprintf(`{"user":%q,"password":%q}`, name, word))
	if w.Code != 200 {
		t.Fatalf("%s: %s", name, w.Body)
	}
	c := w.Result().Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Name != "centralita_session" {
		t.Errorf("cookie %v", c)
	}
	p.cookie = c.Value
	return p
}

func (p *person) do(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if p.cookie != "" {
		r.AddCookie(&http.Cookie{Name: cookieName, Value: p.cookie})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.h.ServeHTTP(w, r)
	return w
}

// says checks status and, where given, a part of the body.
func (p *person) says(method, path, body string, status int, part string) string {
	p.t.Helper()
	w := p.do(method, path, body)
	if w.Code != status || !strings.Contains(w.Body.String(), part) {
		p.t.Errorf("%s %s %.80s: %d %s; want %d %s", method, path, body, w.Code, w.Body, status, part)
	}
	return w.Body.String()
}
