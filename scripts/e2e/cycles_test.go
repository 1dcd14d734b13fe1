package e2e

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"centralita/firmware/cmd/callload/ua"
)

// deaf is where nobody hears: these calls are about their signalling.
var deaf = netip.MustParseAddrPort("127.0.0.1:9")

// TestCycles holds and resumes one call again and again, and hands calls over again
// and again, every second time to a call that is there (attended); what the box holds
// afterwards is what it held before. CYCLES=10000 holds that often, and transfers a
// tenth of it (`make cycles`).
func TestCycles(t *testing.T) {
	t.Parallel()
	holds := 200
	if s := os.Getenv("CYCLES"); s != "" {
		if _, err := fmt.Sscan(s, &holds); err != nil || holds < 10 {
			t.Fatalf("CYCLES is %q", s)
		}
	}
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "27200-27299")
	b.signIn()
	o := newTrio(t, b)
	o.holds(4)
	o.transfers(2)
	before := b.kept()
	o.holds(holds)
	o.transfers(holds / 10)
	least := 0
	if holds > 1000 { // 32 s the box remembers what it answered (RFC 3261 timers H and J); its memory is looked through each two minutes when idle
		least = before.goroutines + 4
	}
	until(t, 4*time.Minute, "all back at its level", func() (any, bool) {
		now := b.kept()
		return fmt.Sprintf("%+v, before %+v", now, before), now.calls == 0 && now.files <= before.files &&
			now.heap < before.heap+heapMore && (least == 0 || now.goroutines <= least)
	})
	t.Logf("before %+v, after %+v", before, b.kept())
}

// kept is what the box holds.
type kept struct {
	calls, files, goroutines int
	heap                     uint64
}

func (b *box) kept() kept {
	b.t.Helper()
	var h struct {
		Memory struct {
			HeapBytes  uint64 `json:"heap_bytes"`
			Goroutines int
		}
	}
	b.must("GET", "/api/v1/health", nil, &h)
	return kept{len(b.allLive()), b.files(), h.Memory.Goroutines, h.Memory.HeapBytes}
}

// trio is three phones; calls to them are answered and handed out.
type trio struct {
	t   *testing.T
	b   *box
	u   [3]*ua.User
	got chan *ua.Call
}

func newTrio(t *testing.T, b *box) *trio {
	t.Helper()
	o := &trio{t: t, b: b, got: make(chan *ua.Call, 4)}
	a, err := ua.New(netip.MustParseAddrPort(b.SIP), netip.MustParseAddr("127.0.0.1"), func(c *ua.Call) { c.Answer(deaf); o.got <- c })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	for i := range o.u {
		o.u[i] = a.User(fmt.Sprint(1001+i), "bench")
		ctx, cancel := o.soon()
		_, err := o.u[i].Register(ctx, time.Hour, false)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func (o *trio) soon() (context.Context, context.CancelFunc) {
	return context.WithTimeout(o.t.Context(), 10*time.Second)
}

// talk is a call between two, by both its ends.
func (o *trio) talk(from int, number string) (here, there *ua.Call) {
	o.t.Helper()
	ctx, cancel := o.soon()
	defer cancel()
	here, err := o.u[from].Call(ctx, number, deaf)
	if err != nil {
		o.t.Fatal(err)
	}
	return here, o.answered(number)
}

// answered is the call that came to a number.
func (o *trio) answered(number string) *ua.Call {
	o.t.Helper()
	select {
	case c := <-o.got:
		if c.User != number {
			o.t.Fatalf("%s was called, not %s", c.User, number)
		}
		return c
	case <-time.After(10 * time.Second):
		o.t.Fatalf("%s was not called", number)
		return nil
	}
}

func (o *trio) over(what string, calls ...*ua.Call) {
	o.t.Helper()
	for _, c := range calls {
		select {
		case <-c.Ended():
		case <-time.After(10 * time.Second):
			o.t.Fatalf("%s: the call of %s goes on", what, c.User)
		}
	}
}

func (o *trio) hangup(c *ua.Call) {
	o.t.Helper()
	ctx, cancel := o.soon()
	defer cancel()
	if _, err := c.Hangup(ctx); err != nil {
		o.t.Fatal(err)
	}
}

// state waits until the one call there is stands so.
func (o *trio) state(want string) {
	o.t.Helper()
	until(o.t, 3*time.Second, "the call "+want, func() (any, bool) {
		calls := o.b.allLive()
		return calls, len(calls) == 1 && calls[0].State == want
	})
}

// holds changes one call n times to and fro.
func (o *trio) holds(n int) {
	o.t.Helper()
	here, there := o.talk(0, "1002")
	began := time.Now()
	for i := range n {
		for _, on := range []bool{true, false} {
			ctx, cancel := o.soon()
			err := here.Hold(ctx, on)
			cancel()
			if err != nil {
				o.t.Fatalf("cycle %d: %v", i, err)
			}
			if i == 0 || i == n-1 {
				o.state(map[bool]string{true: "held", false: "talking"}[on])
			}
		}
	}
	o.t.Logf("%d holds in %v", n, time.Since(began).Round(time.Millisecond))
	o.hangup(here)
	o.over("after the holds", there)
}

// transfers hands n calls over, in turn blindly and attended.
func (o *trio) transfers(n int) {
	o.t.Helper()
	began := time.Now()
	for i := range n {
		here, there := o.talk(0, "1002")
		var asked, third *ua.Call
		if i%2 == 1 {
			asked, third = o.talk(1, "1003")
		}
		ctx, cancel := o.soon()
		err := there.Transfer(ctx, "1003", asked)
		cancel()
		if err != nil {
			o.t.Fatalf("transfer %d: %v", i, err)
		}
		if asked == nil {
			third = o.answered("1003")
		} else {
			o.over("attended", asked)
		}
		o.over("handed over", there)
		if i == 0 || i == n-1 {
			o.state("talking")
			if at := o.b.allLive()[0]; !strings.HasSuffix(at.Station, "1003") {
				o.t.Errorf("handed over to %+v, not 1003", at)
			}
		}
		o.hangup(here)
		o.over("after the transfer", third)
	}
	o.t.Logf("%d transfers in %v", n, time.Since(began).Round(time.Millisecond))
}
