package api

import (
	"net/http"
	"reflect"
	"time"

	"centralita/firmware/access"
)

func (d *door) boardEndpoints() []endpoint {
	if d.Board == nil {
		return nil
	}
	return []endpoint{
		{method: http.MethodGet, path: "/board/front", role: access.Agent, help: "Lamps and sockets.", out: reflect.TypeFor[Front](),
			run: func(*ask) (any, error) { return d.Board.Front(), nil }},
		{method: http.MethodPost, path: "/board/button", role: benchRole, help: "Press a button of the simulated board.", in: reflect.TypeFor[Button](),
			run: func(a *ask) (any, error) {
				b := a.into.(*Button)
				return struct{}{}, d.Board.Press(a.r.Context(), b.Button, time.Duration(b.HeldMS)*time.Millisecond)
			}},
	}
}

// bench hands a request to the simulated town, which streams sound for as long as
// somebody listens.
func (d *door) bench(a *ask) error {
	ctl := http.NewResponseController(a.w)
	_ = ctl.SetReadDeadline(time.Time{}) // a writer without deadlines is a test's
	_ = ctl.SetWriteDeadline(time.Time{})
	a.r.Body = http.MaxBytesReader(a.w, a.r.Body, benchMax)
	d.Bench.ServeHTTP(a.w, a.r)
	return nil
}
