package api

import (
	"net/http"
	"reflect"
	"strconv"
	"time"

	"centralita/firmware/access"
	"centralita/firmware/id"
)

const (
	pageDefault = 50
	pageMax     = 200
	queryMax    = 64   // bytes of a search
	columnsMax  = 1000 // of a drawing
)

func (d *door) callEndpoints() []endpoint {
	var list []endpoint
	if d.Calls != nil {
		list = append(list,
			endpoint{method: http.MethodGet, path: "/calls", role: access.Agent, query: []string{"before", "limit", "q"},
				help: "Calls, newest first.", out: reflect.TypeFor[CallPage](), run: d.callList},
			endpoint{method: http.MethodGet, path: "/calls/{call}", role: access.Agent, help: "One call with its story.",
				out: reflect.TypeFor[CallStory](), run: d.callStory})
	}
	if d.Sound != nil { // who may hear others is the supervisor's step, not the agent's
		list = append(list,
			endpoint{method: http.MethodGet, path: "/calls/{call}/recording", role: access.Supervisor,
				help: "The recording (audio/wav, with Range): left is outside, right the agent.", raw: d.recording},
			endpoint{method: http.MethodGet, path: "/calls/{call}/peaks", role: access.Supervisor,
				help: "A drawing of the recording.", out: reflect.TypeFor[Peaks](), run: d.peaks})
	}
	return list
}

func (d *door) callList(a *ask) (any, error) {
	v := a.r.URL.Query()
	q := CallQuery{Limit: pageDefault, Text: v.Get("q")}
	if n, err := strconv.Atoi(v.Get("limit")); err == nil {
		q.Limit = min(max(n, 1), pageMax)
	}
	if n, err := strconv.ParseUint(v.Get("before"), 10, 63); err == nil {
		q.Before = id.Call(n)
	}
	if len(q.Text) > queryMax {
		return nil, no(http.StatusUnprocessableEntity, "invalid")
	}
	page, err := d.Calls.List(a.r.Context(), q)
	if page.Calls == nil {
		page.Calls = []CallRow{}
	}
	return page, err
}

func callOf(r *http.Request) (id.Call, error) {
	n, err := strconv.ParseUint(r.PathValue("call"), 10, 63)
	if err != nil || n == 0 {
		return 0, ErrNotFound
	}
	return id.Call(n), nil
}

func (d *door) callStory(a *ask) (any, error) {
	call, err := callOf(a.r)
	if err != nil {
		return nil, err
	}
	story, err := d.Calls.Story(a.r.Context(), call)
	if story.Events == nil {
		story.Events = []Told{}
	}
	return story, err
}

func (d *door) recording(a *ask) error {
	call, err := callOf(a.r)
	if err != nil {
		return err
	}
	f, made, err := d.Sound.Open(call)
	if err != nil {
		return err
	}
	defer f.Close()
	_ = http.NewResponseController(a.w).SetWriteDeadline(time.Now().Add(soundMax)) // a writer without deadlines is a test's
	a.w.Header().Set("Content-Type", "audio/wav")
	a.w.Header().Set("Cache-Control", "private, no-cache")
	http.ServeContent(a.w, a.r, "", made, f)
	return nil
}

func (d *door) peaks(a *ask) (any, error) {
	call, err := callOf(a.r)
	if err != nil {
		return nil, err
	}
	p, err := d.Sound.Peaks(a.r.Context(), call, columnsMax)
	if p.Left == nil {
		p.Left = [][2]int8{}
	}
	if p.Right == nil {
		p.Right = [][2]int8{}
	}
	return p, err
}
