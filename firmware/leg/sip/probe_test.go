package sip

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"testing"
	"time"

	"centralita/firmware/leg"
)

// TestProbe: the box answers itself through its real socket, also while a flood has
// used up what everybody may send, and is found out when it does not read.
func TestProbe(t *testing.T) {
	e, err := New(Config{
		Listen: "127.0.0.1:0", Ports: newNetwork().ports("127.0.0.1"), Told: func(leg.Leg, leg.Report) {},
		Limits: Limits{PerSecond: 10}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	short, done := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer done()
	if err := e.Probe(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a box that does not read is well: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = e.Serve(ctx)
	}()
	defer func() {
		cancel()
		<-over
	}()
	flood := netip.MustParseAddrPort("192.0.2.7:5060")
	for e.gate.admits(flood, []byte("OPTIONS"), time.Now()) {
	}
	long, end := context.WithTimeout(t.Context(), 5*time.Second)
	defer end()
	for range 3 {
		if err := e.Probe(long); err != nil {
			t.Fatal(err)
		}
	}
	if e.gate.own.Load() != nil {
		t.Error("the gate stays open for a socket that is closed")
	}
}
