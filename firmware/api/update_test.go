package api

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"centralita/firmware/update"
)

// slots is an installer that finds every bundle signed by a stranger.
type slots struct{}

func (slots) Status(context.Context) (update.Status, error) {
	return update.Status{Compatible: "centralita-rev1", Booted: "A"}, nil
}
func (slots) Info(context.Context, string) (update.Bundle, error) {
	return update.Bundle{}, update.ErrSignature
}
func (slots) Install(context.Context, string, func(int)) error { return nil }
func (slots) MarkGood(context.Context) error                   { return nil }
func (slots) Stay(context.Context) error                       { return nil }

// Only the owner brings new versions, in the one form there is; a refused bundle is
// told in the reader's language.
func TestUpdateDoor(t *testing.T) {
	f := build(t)
	k, err := update.New(update.Options{Dir: t.TempDir(), Installer: slots{}, Version: "1.4.2", Alarm: func(*update.Outcome) {}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { _ = k.Serve(ctx); close(over) }()
	defer func() { cancel(); <-over }()
	for !k.State().Offered {
		runtime.Gosched()
	}
	h := New(Options{Gate: f.gate, Updates: k})
	nobody := &person{t: t, h: h}
	for _, at := range []string{"GET /api/v1/box/update", "POST /api/v1/box/update/install", "POST /api/v1/box/update/restart"} {
		method, path, _ := strings.Cut(at, " ")
		nobody.says(method, path, "{}", http.StatusUnauthorized, "")
	}
	owner := f.in(t, "owner")
	owner.h = h
	owner.says("GET", "/api/v1/box/update", "", 200, `"phase":"idle"`)
	owner.says("POST", "/api/v1/box/update/install", "{}", 422, "update-nothing")
	owner.says("POST", "/api/v1/box/update/stick", `{"name":"../x.raucb"}`, 422, "update-stick")
	put := func(kind string) (int, string) {
		w := owner.do("PUT", "/api/v1/box/update", "bundle", "Content-Type", kind)
		return w.Code, w.Body.String()
	}
	if status, text := put("application/json"); status != http.StatusUnsupportedMediaType {
		t.Errorf("%d %s", status, text)
	}
	if status, text := put("application/octet-stream"); status != 422 || !strings.Contains(text, "update-signature") {
		t.Errorf("%d %s", status, text)
	}
	owner.says("GET", "/api/v1/box/update", "", 200, "problem_text")
}
