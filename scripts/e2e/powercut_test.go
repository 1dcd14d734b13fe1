package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"centralita/scripts/bench/phones"
)

const (
	cuts     = 20
	readyMax = 2 * time.Second
	cutFirst = 400 * time.Millisecond // after the load began
	cutLast  = 2400 * time.Millisecond
)

// TestPowerCuts kills the box twenty times at seeded random moments under calls
// from phones and from the town, on one data folder. Each time it must be ready
// within two seconds with every record that was told before; in the end every call
// has ended exactly once, the call list says the same as the book, and every
// recording can be played. It runs alone: it measures time.
func TestPowerCuts(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 0))
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "24000-24999")
	b.signIn()
	seen := newBook()
	var slowest time.Duration
	for cut := range cuts {
		l := startLoad(t, b, dice.Uint64())
		follower := seen.follow(t, b, 0)
		acked := l.command(b)
		time.Sleep(cutFirst + time.Duration(dice.Int64N(int64(cutLast-cutFirst)))) // the random moment
		b.kill()
		l.end()
		follower.Wait()
		seen.check(t, acked)
		b.start()
		slowest = max(slowest, b.readyIn)
		if b.readyIn > readyMax {
			t.Errorf("cut %d: ready again after %v, wanted %v", cut, b.readyIn, readyMax)
		}
		b.signIn()
	}
	seen.quiet(t, b)
	began, ended := seen.calls(t)
	t.Logf("%d records, %d calls begun and %d ended, %d by a power cut, slowest start %v", seen.Last(), began, ended, seen.Causes["power-cut"], slowest)
	if began < cuts || seen.Causes["power-cut"] == 0 || seen.Causes["normal"] == 0 {
		t.Errorf("the load was none: %d calls, ends %v", began, seen.Causes)
	}
	compareCallList(t, b, seen)
}

// load calls the box until it ends.
type load struct {
	cancel context.CancelFunc
	work   sync.WaitGroup
	phones []*phones.Phone
}

// startLoad registers phones, has them call each other, the recorded numbers and
// the queues, and lets the town call.
func startLoad(t *testing.T, b *box, seed uint64) *load {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l := &load{cancel: cancel}
	for _, n := range []int{2001, 2002, 2003, 2004, 4001, 4002, 4003, 4004} {
		l.register(t, b, n)
	}
	for i := range 6 {
		p := l.register(t, b, 1001+i)
		dice := rand.New(rand.NewPCG(seed, uint64(i)))
		l.work.Go(func() { chatter(ctx, p, dice) })
	}
	b.wish("line/fxo3/call", map[string]any{"number": "912345678", "voice": "babble", "hangup_after_s": 3})
	b.wish("line/fxo4/call", map[string]any{"number": "934567890", "voice": "babble:2", "hangup_after_s": 30})
	return l
}

func (l *load) register(t *testing.T, b *box, n int) *phones.Phone {
	t.Helper()
	p, err := phones.New(b.SIP, fmt.Sprint(n), "bench")
	if err != nil {
		t.Fatal(err)
	}
	l.phones = append(l.phones, p)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := p.Register(ctx); err != nil {
		t.Fatal(err)
	}
	return p
}

// chatter is one phone that calls and hangs up again and again.
func chatter(ctx context.Context, p *phones.Phone, dice *rand.Rand) {
	numbers := []string{"3001", "3002", "3003", "3004", "2001", "700", "701", "701", "600"}
	for ctx.Err() == nil {
		c, err := p.Call(ctx, numbers[dice.IntN(len(numbers))])
		if err != nil {
			select { // busy, or the power is off
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		select {
		case <-ctx.Done():
		case <-c.Ended():
		case <-time.After(time.Duration(50+dice.IntN(700)) * time.Millisecond): // the talk
		}
		_ = c.Hangup(ctx) // the power may be off
	}
}

// command has the owner do something that must last, and gives the number the box
// acknowledged; an agent who is just being rung may not be sent away.
func (l *load) command(b *box) (acked uint64) {
	b.t.Helper()
	for _, c := range []string{"away", "ready"} {
		body := map[string]any{"agent": "4004"}
		if c == "away" {
			body["reason"] = "lunch"
		}
		status, raw := b.ask("POST", "/api/v1/acd/agent/"+c, body)
		var done struct{ Seq uint64 }
		switch {
		case status == 409:
		case status != 200 || json.Unmarshal(raw, &done) != nil:
			b.t.Errorf("agent %s: %d %s", c, status, raw)
		default:
			acked = done.Seq
		}
	}
	return acked
}

func (l *load) end() {
	l.cancel()
	l.work.Wait()
	for _, p := range l.phones {
		p.Close()
	}
}

// compareCallList reads the whole call list against the book, and every recording.
func compareCallList(t *testing.T, b *box, seen *seenBook) {
	t.Helper()
	type row struct {
		Call      uint64
		Cause     string
		Recording *struct {
			State string
			MS    int64
		}
	}
	var rows []row
	before, more := "", true
	for more {
		var page struct {
			Calls []row
			More  bool
		}
		b.must("GET", "/api/v1/calls?limit=200"+before, nil, &page)
		rows = append(rows, page.Calls...)
		more = page.More && len(page.Calls) > 0
		if more {
			before = fmt.Sprintf("&before=%d", page.Calls[len(page.Calls)-1].Call)
		}
	}
	if len(rows) != len(seen.Ended) {
		t.Errorf("the list has %d calls, the book %d", len(rows), len(seen.Ended))
	}
	states := map[string]int{}
	for _, r := range rows {
		if cause := seen.Ended[r.Call]; r.Cause != cause {
			t.Errorf("call %d ended by %q in the list, by %q in the book", r.Call, r.Cause, cause)
		}
		if r.Recording == nil {
			continue
		}
		states[r.Recording.State]++
		path := fmt.Sprintf("/api/v1/calls/%d/recording", r.Call)
		status, raw := b.ask("GET", path, nil)
		switch {
		case r.Recording.State == "running":
			t.Errorf("call %d: its recording still runs", r.Call)
		case status == 404 && r.Recording.MS == 0: // the power went before its first second was on the disk
		case status != 200:
			t.Errorf("%s: %d %s", path, status, raw)
		default:
			if got := parseWAV(t, path, raw); len(got) != 2 || int64(len(got[0])/8) < r.Recording.MS-10 {
				t.Errorf("%s: %d channels, %d samples; the list says %d ms", path, len(got), len(got[0]), r.Recording.MS)
			}
		}
	}
	t.Logf("recordings by state: %v", states)
	if states["ready"] == 0 {
		t.Error("no recording became whole: the load recorded nothing")
	}
}
