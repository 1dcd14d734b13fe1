package town

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

// serve answers one request, stepping whenever the answer waits for a step.
func (s *street) serve(h http.Handler, method, path, body string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.ServeHTTP(rec, httptest.NewRequest(method, path, strings.NewReader(body)))
	}()
	for {
		select {
		case <-done:
			return rec
		default:
			if len(s.wishes) > 0 {
				s.step()
			}
			runtime.Gosched()
		}
	}
}

// page is a person with a browser in front of the town.
type page struct {
	*street
	h http.Handler
}

func (p page) ok(method, path, body string, into any) {
	p.t.Helper()
	rec := p.serve(p.h, method, path, body)
	if rec.Code != 200 {
		p.t.Fatalf("%s %s %s: %d %s", method, path, body, rec.Code, rec.Body)
	}
	if into != nil {
		if err := json.Unmarshal(rec.Body.Bytes(), into); err != nil {
			p.t.Fatal(err)
		}
	}
}

func TestACallOverHTTP(t *testing.T) {
	s := newStreet(t, "ES")
	p := page{s, Handler(s.Town)}
	var l LineState
	p.ok("POST", "/line/fxo1/call", `{"number":"912345678","name":"Casa Lola","voice":"babble","supervision":{"busy_tone":true}}`, &l)
	if l.State != "ringing" || l.Number != "912345678" {
		t.Fatalf("%+v", l)
	}
	s.run(5 * time.Second)
	var all State
	p.ok("GET", "/state", "", &all)
	if h := all.Handsets[0]; !h.Ringing || h.Rings != 2 || h.Shown.Number != "912345678" || h.Shown.Name != "Casa Lola" {
		t.Errorf("handset %+v", h)
	}
	p.ok("POST", "/handset/fxs1/lift", "", nil)
	p.ok("POST", "/handset/fxs1/record", `{"file":"it.wav"}`, nil)
	p.ok("POST", "/handset/fxs1/speak", `{"voice":"babble:2","loop":true}`, nil)
	s.run(3 * time.Second)
	p.ok("GET", "/state", "", &all)
	if l := all.Lines[0]; l.State != "talking" || l.Hears.Sound != "speech" || !l.OffHook || l.MilliAmp < 20 {
		t.Errorf("line %+v", l)
	}
	p.ok("POST", "/handset/fxs1/record/stop", "", nil)
	if v, err := s.readFile("it.wav"); err != nil || len(v) < 2*rate {
		t.Errorf("recorded %d samples, %v", len(v), err)
	}
	p.ok("POST", "/line/fxo1/hangup", "", &l)
	if l.State != "released" {
		t.Errorf("line %+v", l)
	}
	p.ok("POST", "/handset/fxs1/hangup", "", nil)
}

func TestConfigOverHTTP(t *testing.T) {
	s := newStreet(t, "ES")
	p := page{s, Handler(s.Town)}
	p.ok("POST", "/line/fxo1/config", `{"country":"uk","plan":[{"pattern":"20","behaviour":"busy"},{"pattern":"*","voice":"echo"}]}`, nil)
	var cfg LineConfig
	p.ok("GET", "/line/fxo1/config", "", &cfg)
	if cfg.Supervision != (Supervision{LoopBreakMS: 250, BusyTone: true}) || len(cfg.Plan) != 2 || cfg.DialToneMS != 400 {
		t.Errorf("%+v", cfg)
	}
	p.ok("POST", "/line/fxo1/config", `{"dial_tone_ms":900,"supervision":{"polarity":true}}`, nil)
	p.ok("GET", "/line/fxo1/config", "", &cfg)
	if cfg.DialToneMS != 900 || !cfg.Supervision.Polarity || len(cfg.Plan) != 2 || cfg.Plan[0].Behaviour != "busy" {
		t.Errorf("%+v", cfg)
	}
	p.ok("POST", "/line/fxo1/config", `{"plan":[{"pattern":"30"}]}`, nil)
	cfg = LineConfig{}
	p.ok("GET", "/line/fxo1/config", "", &cfg)
	if len(cfg.Plan) != 1 || cfg.Plan[0].Behaviour != "" {
		t.Errorf("a new plan kept something of the old: %+v", cfg.Plan)
	}
	p.ok("POST", "/line/fxo1/cut", `{"cut":true}`, nil)
	if !s.pair.Cut {
		t.Error("not cut")
	}
}

func TestRefusalsOverHTTP(t *testing.T) {
	s := newStreet(t, "ES")
	h := Handler(s.Town)
	for _, c := range []struct {
		method, path, body string
		status             int
		code, text         string
	}{
		{"POST", "/handset/fxs9/lift", "", 404, "no_handset", "fxs9"},
		{"POST", "/line/fxo9/call", "", 404, "no_line", "fxo9"},
		{"GET", "/nowhere", "", 404, "no_route", "/nowhere"},
		{"GET", "/handset/fxs1/lift", "", 404, "no_route", "GET"},
		{"POST", "/handset/fxs2/dial", `{"digits":"1"}`, 409, "on_hook", "fxs2"},
		{"POST", "/handset/fxs2/dial", `{"digits":"hello"}`, 400, "bad_digit", "h"},
		{"POST", "/handset/fxs2/dial", `{"number":"1"}`, 400, "bad_body", "number"},
		{"POST", "/handset/fxs2/dial", `{"digits":"1"} {}`, 400, "bad_body", "more"},
		{"POST", "/handset/fxs2/dial", `[`, 400, "bad_body", ""},
		{"POST", "/handset/fxs2/dial", `{"digits":"` + strings.Repeat("1", bodyMax) + `"}`, 413, "too_large", ""},
		{"POST", "/handset/fxs2/flash", `{"ms":5000}`, 400, "out_of_range", "fxs2"},
		{"POST", "/handset/fxs2/record", `{"file":"../x.wav"}`, 404, "no_file", "../x.wav"},
		{"POST", "/handset/fxs2/record", `{}`, 400, "bad_body", "file"},
		{"POST", "/handset/fxs2/record/stop", ``, 409, "not_recording", "fxs2"},
		{"POST", "/handset/fxs2/speak", `{"file":"none.wav"}`, 404, "no_file", "none.wav"},
		{"POST", "/line/fxo1/hangup", "", 409, "no_call", "fxo1"},
		{"POST", "/line/fxo1/cut", "", 400, "bad_body", "fxo1"},
		{"POST", "/line/fxo1/call", `{"hangup_after_s":1e9}`, 400, "out_of_range", "hangup_after_s"},
		{"POST", "/line/fxo1/call", `{"script":[{"wait_s":1,"digits":"1"}]}`, 400, "bad_act", "exactly one"},
		{"POST", "/line/fxo1/call", `{"supervision":{"loop_break_ms":10}}`, 400, "out_of_range", "loop_break_ms"},
		{"POST", "/line/fxo1/config", `{"plan":[` + strings.Repeat(`{"pattern":"1","script":[{"digits":",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"},{"digits":",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"}]},`, 50) + `{"pattern":"*"}]}`, 400, "too_much_sound", "40 minutes"},
		{"POST", "/line/fxo1/config", `{"country":"SE"}`, 400, "unknown_country", "SE"},
		{"POST", "/line/fxo1/config", `{"plan":[{"pattern":"6*1"}]}`, 400, "bad_pattern", "6*1"},
		{"GET", "/line/fxo1/listen?for_s=x", "", 400, "out_of_range", "for_s"},
		{"GET", "/line/fxo1/sound?after=-1", "", 400, "out_of_range", "after"},
	} {
		rec := s.serve(h, c.method, c.path, c.body)
		var r Refusal
		if err := json.Unmarshal(rec.Body.Bytes(), &r); err != nil {
			t.Errorf("%s %s: %d %q is no JSON", c.method, c.path, rec.Code, rec.Body)
			continue
		}
		if rec.Code != c.status || r.Code != c.code || !strings.Contains(r.Text, c.text) {
			t.Errorf("%s %s %.40s: %d %+v, want %d %s with %q", c.method, c.path, c.body, rec.Code, r, c.status, c.code, c.text)
		}
	}
}

// A listener gets the sound while it is heard, and the stream ends when asked.
func TestListen(t *testing.T) {
	s := newStreet(t, "ES")
	server := httptest.NewServer(Handler(s.Town))
	defer server.Close()
	type answer struct {
		body []byte
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		resp, err := http.Get(server.URL + "/handset/fxs1/listen?for_s=1")
		if err != nil {
			done <- answer{nil, err}
			return
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		done <- answer{b, err}
	}()
	for {
		select {
		case a := <-done:
			if a.err != nil || len(a.body) != wavHeaderSize+2*rate || !bytes.HasPrefix(a.body, []byte("RIFF")) {
				t.Errorf("a second of listening gave %d bytes, %v", len(a.body), a.err)
			}
			return
		default:
			s.step()
			runtime.Gosched()
		}
	}
}

func TestSoundByPolling(t *testing.T) {
	s := newStreet(t, "ES")
	p := page{s, Handler(s.Town)}
	type answer struct {
		First, Next uint64
		Rate        int
		PCM         string
	}
	var a, b answer
	p.ok("GET", "/line/fxo1/sound", "", &a)
	if a.PCM != "" || a.First != a.Next || a.Rate != 8000 {
		t.Errorf("%+v", a)
	}
	s.run(500 * time.Millisecond)
	p.ok("GET", "/line/fxo1/sound?after="+itoa(a.Next), "", &b)
	pcm, err := base64.StdEncoding.DecodeString(b.PCM)
	if err != nil || len(pcm) != 8000 || b.First != a.Next || b.Next != a.Next+50 {
		t.Errorf("%d bytes, %d to %d, %v", len(pcm), b.First, b.Next, err)
	}
}

func itoa(n uint64) string {
	b, _ := json.Marshal(n)
	return string(b)
}

// Whatever is posted, the town answers with a state or a refusal and lives on.
func FuzzBodies(f *testing.F) {
	paths := []string{"/line/fxo1/call", "/line/fxo1/config", "/line/fxo1/cut", "/handset/fxs1/dial", "/handset/fxs1/speak",
		"/handset/fxs1/answer-after", "/handset/fxs1/flash", "/handset/fxs1/lift", "/handset/fxs1/record", "/line/fxo1/hangup"}
	for i, body := range []string{
		`{"number":"9","digits":"1","script":[{"until":"busy"}]}`, `{"plan":[{"pattern":"X*","behaviour":"never"}],"echo_db":6,"echo_ms":30}`,
		`{"cut":null}`, `{"digits":",,1","pulse":true}`, `{"voice":"tone:1e3"}`, `{"rings":1,"voice":"babble:18446744073709551615"}`,
		`{"ms":-1}`, ``, `{"file":"..wav"}`, `null`,
	} {
		f.Add(uint8(i), body)
	}
	c := newCopper()
	tw, err := New(c, Config{Handsets: []string{"fxs1"}, Seed: 1})
	if err != nil {
		f.Fatal(err)
	}
	h := Handler(tw)
	f.Fuzz(func(t *testing.T, i uint8, body string) {
		s := &street{t: t, Town: tw, copper: c}
		rec := s.serve(h, "POST", paths[int(i)%len(paths)], body)
		if rec.Code >= 500 && rec.Code != http.StatusServiceUnavailable {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
		if !json.Valid(rec.Body.Bytes()) {
			t.Errorf("no JSON: %q", rec.Body)
		}
		s.run(100 * time.Millisecond)
	})
}
