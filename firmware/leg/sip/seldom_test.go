package sip

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A thousand calls refused in a burst are one line, and the next second's tells how
// many more there were.
func TestRefusalsAreLoggedSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		e := &Endpoint{log: slog.New(slog.NewTextHandler(&out, nil))}
		for range 1000 {
			e.refused("192.0.2.1:5060", errors.New("no free pair of UDP ports"))
		}
		if n := strings.Count(out.String(), "\n"); n != 1 {
			t.Fatalf("%d lines for a burst, want 1:\n%s", n, out.String())
		}
		time.Sleep(time.Second)
		e.refused("192.0.2.1:5060", errors.New("no free pair of UDP ports"))
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != 2 || !strings.Contains(lines[1], "kept_back=999") {
			t.Fatalf("after a second: %q", lines)
		}
	})
}
