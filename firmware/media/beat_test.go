package media

import (
	"testing"
	"time"
)

// A moment between two ticks is placed between them, whatever single ticks are late;
// a clock that drifts and one that gave ticks up are followed.
func TestBeat(t *testing.T) {
	b := newBeat()
	if _, ok := b.At(b.epoch); ok {
		t.Fatal("known before the first tick")
	}
	begin := b.epoch.Add(3 * time.Millisecond)
	near := func(what string, at time.Time, want uint32) {
		t.Helper()
		if got, ok := b.At(at); !ok || int32(got-want) > 8 || int32(got-want) < -8 {
			t.Errorf("%s: %d samples, want %d within 1 ms", what, got, want)
		}
	}
	due := begin
	for n := range uint64(1000) {
		at := due
		if n%7 == 3 {
			at = at.Add(4 * time.Millisecond)
		}
		b.ticked(n, at)
		due = due.Add(Period)
	}
	b.ticked(1000, due)
	near("5 ms after a tick", due.Add(5*time.Millisecond), 1000*80+40)
	for n := uint64(1001); n < 7001; n++ {
		due = due.Add(Period + 2*time.Microsecond) // 200 ppm slow
		b.ticked(n, due)
	}
	near("after a minute of drift", due.Add(5*time.Millisecond), 7000*80+40)
	due = due.Add(20 * Period) // of which 19 are given up
	b.ticked(7001, due)
	near("after a pause", due.Add(2*time.Millisecond), 7001*80+16)
}
