package analog

import (
	"fmt"
	"testing"

	"centralita/hal"
)

// distant is a highway that keeps frames ahead and loses its thread when told to.
type distant struct {
	ahead   int
	given   []int16 // first sample of slot 0, by exchange
	counted hal.HighwayCounters
}

func (d *distant) Exchange(in, out *hal.Frame) error {
	d.given = append(d.given, out[0][0])
	in[0][0] = 0
	if n := len(d.given) - 1 - d.ahead; n >= 0 { // the echo of what is on the wire now
		in[0][0] = d.given[n]
	}
	return nil
}
func (d *distant) Ahead() int                    { return d.ahead }
func (d *distant) Counters() hal.HighwayCounters { return d.counted }
func (d *distant) Close() error                  { return nil }

// TestEchoIsLaidBesideItsCause: however far ahead a highway writes, what a canceller
// gets as played is what the echo is of; and after a new start of the streams nothing
// of before is taken for it.
func TestEchoIsLaidBesideItsCause(t *testing.T) {
	for ahead := 1; ahead <= hal.AheadMax; ahead++ {
		t.Run(fmt.Sprint(ahead), func(t *testing.T) {
			d := &distant{ahead: ahead}
			b := New(Options{Highway: d})
			tick := func(n int) {
				t.Helper()
				b.out[0][0] = int16(n)
				if err := b.Clock(); err != nil {
					t.Fatal(err)
				}
			}
			for n := range 40 {
				tick(n + 1)
				if b.played[0][0] != b.in[0][0] {
					t.Fatalf("exchange %d: the echo is of %d, laid beside %d", n, b.in[0][0], b.played[0][0])
				}
			}
			d.counted.Realigned++
			d.given = nil
			for n := range 40 {
				tick(n + 100)
				if b.played[0][0] != b.in[0][0] {
					t.Fatalf("exchange %d after a new start: the echo is of %d, laid beside %d", n, b.in[0][0], b.played[0][0])
				}
			}
		})
	}
}
