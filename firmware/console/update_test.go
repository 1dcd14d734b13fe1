package console

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"centralita/firmware/update"
)

// slots is an installer that takes every bundle.
type slots struct{}

func (slots) Status(context.Context) (update.Status, error) {
	return update.Status{Compatible: "centralita-rev1", Booted: "A"}, nil
}
func (slots) Info(context.Context, string) (update.Bundle, error) {
	return update.Bundle{Version: "1.5.0", Compatible: "centralita-stm32mp1"}, nil
}
func (slots) Install(context.Context, string, func(int)) error { return nil }
func (slots) MarkGood(context.Context) error                   { return nil }
func (slots) Stay(context.Context) error                       { return nil }

// A bundle on the stick is named by completion, fetched and refused in words; a box
// without an installer says how it is updated.
func TestUpdateByConsole(t *testing.T) {
	stick := t.TempDir()
	if err := os.WriteFile(filepath.Join(stick, "v1.5.raucb"), []byte("bundle"), 0o600); err != nil {
		t.Fatal(err)
	}
	k, err := update.New(update.Options{Dir: t.TempDir(), Stick: stick, Installer: slots{}, Version: "1.4.2", Alarm: func(*update.Outcome) {}})
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
	o := build(t)
	o.Updates = k
	seen := o.types(t, "boss", "show update", "update install nothing.raucb", "update restart", "update install usb")
	for _, want := range []string{"Version 1.4.2, board centralita-rev1, slot A.", "On the USB stick: v1.5.raucb", "not on the USB stick", "no update to do that with"} {
		if !strings.Contains(seen, want) {
			t.Errorf("no %q in\n%s", want, seen)
		}
	}
	for k.State().Problem == nil {
		runtime.Gosched()
	}
	if seen = o.types(t, "boss", "show update"); !strings.Contains(seen, "another board (centralita-stm32mp1); this one is centralita-rev1") {
		t.Error(seen)
	}
	if o.Updates, err = update.New(update.Options{Version: "dev"}); err != nil {
		t.Fatal(err)
	}
	if seen = o.types(t, "boss", "show update"); !strings.Contains(seen, "not installed as an image") {
		t.Error(seen)
	}
}
