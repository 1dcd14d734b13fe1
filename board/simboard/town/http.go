package town

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// bodyMax bounds a request: a plan of 64 rules with scripts stays well below.
const bodyMax = 64 << 10

// server is the town's HTTP surface; its routes are in the package comment.
type server struct {
	town      *Town
	listeners chan struct{} // a place for each, so that they are bounded
	machines  chan struct{}
}

// Handler is the town over HTTP, to be mounted at any prefix that the caller
// strips. The caller decides who may reach it; what it wraps the writer in must
// let Flush through, or nobody can listen.
func Handler(t *Town) http.Handler {
	s := &server{town: t, listeners: make(chan struct{}, listenersMax), machines: make(chan struct{}, machinesMax)}
	m := http.NewServeMux()
	m.HandleFunc("GET /state", s.state)
	m.HandleFunc("GET /choices", s.choices)

	m.HandleFunc("POST /handset/{name}/lift", handset(s, func(h *Handset, _ empty) Pending { return h.Lift() }))
	m.HandleFunc("POST /handset/{name}/hangup", handset(s, func(h *Handset, _ empty) Pending { return h.Hangup() }))
	m.HandleFunc("POST /handset/{name}/dial", handset(s, (*Handset).Dial))
	m.HandleFunc("POST /handset/{name}/speak", handset(s, (*Handset).Speak))
	m.HandleFunc("POST /handset/{name}/replace", handset(s, (*Handset).replaceBody))
	m.HandleFunc("POST /handset/{name}/answer-after", handset(s, (*Handset).Attend))
	m.HandleFunc("POST /handset/{name}/flash", handset(s, func(h *Handset, b flashBody) Pending { return h.Flash(b.MS) }))

	m.HandleFunc("POST /line/{name}/call", line(s, (*Line).Call))
	m.HandleFunc("POST /line/{name}/hangup", line(s, func(l *Line, _ empty) Pending { return l.Hangup() }))
	m.HandleFunc("POST /line/{name}/wait", line(s, (*Line).Wait))
	m.HandleFunc("POST /line/{name}/beside", line(s, (*Line).Beside))
	m.HandleFunc("POST /line/{name}/cut", line(s, (*Line).cutBody))
	m.HandleFunc("GET /line/{name}/config", s.config)
	m.HandleFunc("POST /line/{name}/config", line(s, (*Line).configure))

	for _, kind := range []string{"line", "handset"} {
		m.HandleFunc("GET /"+kind+"/{name}/listen", s.onEnd(kind, s.listen))
		m.HandleFunc("GET /"+kind+"/{name}/sound", s.onEnd(kind, s.sound))
		m.HandleFunc("POST /"+kind+"/{name}/attach", s.onEnd(kind, s.attach))
		m.HandleFunc("POST /"+kind+"/{name}/record", s.onEnd(kind, s.record))
		m.HandleFunc("POST /"+kind+"/{name}/record/stop", s.onEnd(kind, s.stopRecord))
	}
	s.faultRoutes(m)
	m.HandleFunc("/", s.nothing)
	return m
}

// empty is the body of a wish without particulars.
type empty struct{}

type flashBody struct {
	MS int `json:"ms"`
}

// handset makes a handler of a wish to a handset: it answers with the handset's
// state once the next step has tried it.
func handset[B any](s *server, wish func(*Handset, B) Pending) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h, err := s.town.Handset(r.PathValue("name"))
		if err != nil {
			refuse(w, err)
			return
		}
		fulfil(w, r, func(b B) Pending { return wish(h, b) }, func() any { return h.State() })
	}
}

// line is as handset, for a line.
func line[B any](s *server, wish func(*Line, B) Pending) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		l, err := s.town.Line(r.PathValue("name"))
		if err != nil {
			refuse(w, err)
			return
		}
		fulfil(w, r, func(b B) Pending { return wish(l, b) }, func() any { return l.State() })
	}
}

func fulfil[B any](w http.ResponseWriter, r *http.Request, wish func(B) Pending, state func() any) {
	var body B
	if err := read(w, r, &body); err != nil {
		refuse(w, err)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), wishPatience)
	defer cancel()
	if err := wish(body).Wait(ctx); err != nil {
		refuse(w, err)
		return
	}
	reply(w, http.StatusOK, state())
}

func (s *server) state(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, s.town.State())
}

func (s *server) config(w http.ResponseWriter, r *http.Request) {
	l, err := s.town.Line(r.PathValue("name"))
	if err != nil {
		refuse(w, err)
		return
	}
	reply(w, http.StatusOK, l.Config())
}

func (s *server) nothing(w http.ResponseWriter, r *http.Request) {
	refuse(w, wrong("no_route", "%s %s: the town does not know this", r.Method, r.URL.Path))
}

// cutBody is Cut with its body.
func (l *Line) cutBody(b struct {
	Cut *bool `json:"cut"`
}) Pending {
	if b.Cut == nil {
		return refused(wrong("bad_body", "line %s: cut: true or false is missing", l.name))
	}
	return l.Cut(*b.Cut)
}

// configure changes what the body names of a line's configuration. Another
// country brings its own supervision along unless the body has one.
func (l *Line) configure(body json.RawMessage) Pending {
	cfg := l.Config()
	var named struct {
		Country           *string
		Supervision, Plan json.RawMessage
	}
	if err := json.Unmarshal(body, &named); err != nil {
		return refused(wrong("bad_body", "the body is not what is asked for: %v", err))
	}
	if named.Country != nil && named.Supervision == nil {
		c, err := countryOf(*named.Country)
		if err != nil {
			return refused(err)
		}
		if c.code != cfg.Country {
			cfg.Supervision = c.supervision
		}
	}
	if named.Plan != nil {
		cfg.Plan = nil // the new plan is whole; decoding must not write into the one in force
	}
	if err := decode(body, &cfg); err != nil {
		return refused(err)
	}
	return l.Configure(cfg)
}

// read decodes a bounded JSON body; none is an empty object.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMax))
	if tooBig := (*http.MaxBytesError)(nil); errors.As(err, &tooBig) {
		return wrong("too_large", "the body is larger than %d bytes", bodyMax)
	}
	if err != nil {
		return wrong("bad_body", "the body could not be read")
	}
	if len(b) == 0 {
		b = []byte("{}")
	}
	return decode(b, into)
}

// decode reads one JSON value without fields the town does not know.
func decode(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return wrong("bad_body", "the body is not what is asked for: %v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return wrong("bad_body", "the body has more than one JSON value")
	}
	return nil
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}

// statusOf maps a refusal's code to HTTP.
var statusOf = map[string]int{
	"no_route": http.StatusNotFound, "no_line": http.StatusNotFound, "no_handset": http.StatusNotFound, "no_file": http.StatusNotFound,
	"line_busy": http.StatusConflict, "no_call": http.StatusConflict, "on_hook": http.StatusConflict, "off_hook": http.StatusConflict,
	"still_dialling": http.StatusConflict, "recording": http.StatusConflict, "not_recording": http.StatusConflict,
	"too_large":       http.StatusRequestEntityTooLarge,
	"too_many_wishes": http.StatusServiceUnavailable, "no_step": http.StatusServiceUnavailable, "too_many_listeners": http.StatusServiceUnavailable,
	"attached": http.StatusConflict, "too_many_programs": http.StatusServiceUnavailable,
}

func refuse(w http.ResponseWriter, err error) {
	r := (*Refusal)(nil)
	if !errors.As(err, &r) {
		r = &Refusal{Code: "failed", Text: err.Error()}
		reply(w, http.StatusInternalServerError, r)
		return
	}
	status, ok := statusOf[r.Code]
	if !ok {
		status = http.StatusBadRequest
	}
	reply(w, status, r)
}
