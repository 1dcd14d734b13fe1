package api

import (
	"io"
	"mime"
	"net/http"
	"reflect"
	"time"

	"centralita/firmware/access"
	"centralita/firmware/update"
	"centralita/firmware/words"
)

// UpdateState is a picture of it with its sentences.
type UpdateState struct {
	update.State
	ProblemText string `json:"problem_text"`
	LastText    string `json:"last_text"`
}

// UpdateStick names a bundle on the USB stick.
type UpdateStick struct {
	Name string `json:"name" maxLength:"100" doc:"empty is the only one there"`
}

// bundlePause is how long a browser may send nothing of a bundle, bundleMost how
// long all of it may take.
const (
	bundlePause = 30 * time.Second
	bundleMost  = time.Hour
)

func (d *door) updateEndpoints() []endpoint {
	if d.Updates == nil {
		return nil
	}
	state := reflect.TypeFor[UpdateState]()
	return []endpoint{
		{method: http.MethodGet, path: "/box/update", role: access.Owner, out: state, help: "Where an update is, and how the last one ended.",
			run: func(a *ask) (any, error) { return d.updateState(a.lang), nil }},
		{method: http.MethodPut, path: "/box/update", role: access.Owner, out: state,
			help: "A bundle as body (application/octet-stream): it is kept and checked, and written when installed.", raw: d.bundle},
		{method: http.MethodPost, path: "/box/update/stick", role: access.Owner, in: reflect.TypeFor[UpdateStick](), out: state,
			help: "Fetch and check a bundle of the USB stick.",
			run: d.updating(func(a *ask) error {
				return d.Updates.Take(a.into.(*UpdateStick).Name, false, string(a.who.Person))
			})},
		{method: http.MethodPost, path: "/box/update/install", role: access.Owner, out: state,
			help: "Write the checked bundle; the box starts anew when no call is up.",
			run:  d.updating(func(a *ask) error { return d.Updates.Install(string(a.who.Person)) })},
		{method: http.MethodPost, path: "/box/update/restart", role: access.Owner, out: state,
			help: "Start the written version now; calls end.",
			run:  d.updating(func(*ask) error { return d.Updates.Restart() })},
		{method: http.MethodPost, path: "/box/update/cancel", role: access.Owner, out: state,
			help: "Forget a bundle that was not started yet, or that the box fell back.",
			run:  d.updating(func(a *ask) error { return d.Updates.Cancel(a.r.Context()) })},
	}
}

func (d *door) updating(do func(*ask) error) func(*ask) (any, error) {
	return func(a *ask) (any, error) {
		if err := do(a); err != nil {
			return nil, err
		}
		return d.updateState(a.lang), nil
	}
}

func (d *door) updateState(lang string) UpdateState {
	s := UpdateState{State: d.Updates.State()}
	if p := s.Problem; p != nil {
		s.ProblemText = words.T(lang, p.Key(), p.Args...)
	}
	if l := s.Last; l != nil {
		s.LastText = words.T(lang, l.Key(), l.Version, l.From, l.Detail)
	}
	return s
}

func (d *door) bundle(a *ask) error {
	if kind, _, err := mime.ParseMediaType(a.r.Header.Get("Content-Type")); err != nil || kind != "application/octet-stream" {
		return no(http.StatusUnsupportedMediaType, "content-type")
	}
	ctl := http.NewResponseController(a.w)
	_ = ctl.SetWriteDeadline(time.Now().Add(bundleMost)) // a writer without deadlines is a test's
	body := http.MaxBytesReader(a.w, a.r.Body, update.BundleMax+1)
	if err := d.Updates.Receive(a.r.Context(), &paced{body, ctl, time.Now().Add(bundleMost)}, a.r.ContentLength); err != nil {
		return err
	}
	answer(a.w, http.StatusOK, d.updateState(a.lang))
	return nil
}

// paced gives each part of a long body a time of its own.
type paced struct {
	io.Reader
	ctl  *http.ResponseController
	ends time.Time
}

func (p *paced) Read(b []byte) (int, error) {
	until := time.Now().Add(bundlePause)
	if until.After(p.ends) {
		until = p.ends
	}
	_ = p.ctl.SetReadDeadline(until)
	return p.Reader.Read(b)
}
