package changeover_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard"
	"centralita/board/simboard/town"
	"centralita/firmware/changeover"
	"centralita/firmware/event"
	"centralita/hal"
)

// lifelineBench is a board with a lifeline, its town, and a keeper whose loop
// answers.
type lifelineBench struct {
	t      *testing.T
	sim    *simboard.Sim
	keeper *changeover.Keeper
	line   *town.Line
	set    *town.Handset

	mu     sync.Mutex
	wish   uint64 // how often it was asked for
	wanted bool
	deaf   time.Time // until then the wish is heard although it is fulfilled
	silent time.Time // when the loop stopped answering, zero while it does
	tests  []*event.LifelineTested
	moves  []*event.LifelineMoved
}

// onLifelineBench runs f in virtual time once everything works.
func onLifelineBench(t *testing.T, f func(*lifelineBench)) {
	synctest.Test(t, func(t *testing.T) {
		b := &lifelineBench{t: t}
		var err error
		if b.sim, err = simboard.New(simboard.Options{Paced: true, Lifeline: true}); err != nil {
			t.Fatal(err)
		}
		people, err := town.New(b.sim, town.Config{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		b.line, _ = people.Line("fxo1")
		b.set, _ = people.Handset("fxs1")
		b.keeper = changeover.New(b.sim.Lifeline, b.sim.Port("fxo1"), b.sim.Port("fxs1"), changeover.Hooks{
			Frames: func() uint64 { return b.sim.Highway.Counters().Frames },
			Asked:  b.asked, Wanted: func() uint64 {
				b.mu.Lock()
				defer b.mu.Unlock()
				if b.wanted || time.Now().Before(b.deaf) {
					return b.wish
				}
				return 0
			},
			Free: func() bool { return true }, Told: b.told, Changed: func(bool) {},
		})
		ctx, cancel := context.WithCancel(t.Context())
		var work sync.WaitGroup
		for _, w := range b.sim.Workers {
			work.Go(func() { _ = w.Serve(ctx) })
		}
		work.Go(func() {
			var in, out hal.Frame
			for ctx.Err() == nil {
				if b.sim.Highway.Exchange(&in, &out) != nil {
					time.Sleep(10 * time.Millisecond)
				}
			}
		})
		work.Go(func() {
			for ctx.Err() == nil {
				time.Sleep(changeover.Every)
				b.keeper.Tick(time.Now())
			}
		})
		defer work.Wait()
		defer b.sim.Highway.Close()
		defer cancel()
		f(b)
	})
}

func (b *lifelineBench) asked() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.silent.IsZero() {
		return b.silent
	}
	return time.Now()
}

func (b *lifelineBench) told(e event.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := e.(type) {
	case *event.LifelineTested:
		b.tests, b.wanted, b.deaf = append(b.tests, e), false, time.Now().Add(500*time.Millisecond)
	case *event.LifelineMoved:
		b.moves = append(b.moves, e)
	}
}

// where is the telephone: the box's, as far as the contacts tell.
func (b *lifelineBench) held() bool { return !b.sim.Lifeline.AtRest() }

func (b *lifelineBench) within(most time.Duration, what string, is func() bool) {
	b.t.Helper()
	for range int(most / (10 * time.Millisecond)) {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.t.Fatalf("%s: not within %s; moves %+v", what, most, b.moves)
}

func (b *lifelineBench) ask() { b.mu.Lock(); b.wanted, b.wish = true, b.wish+1; b.mu.Unlock() }

func (b *lifelineBench) last() (e *event.LifelineTested) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.tests); n > 0 {
		e = b.tests[n-1]
	}
	return e
}

func (b *lifelineBench) granted(p town.Pending) {
	b.t.Helper()
	if err := p.Wait(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *lifelineBench) breaks(f simboard.Fault) {
	b.t.Helper()
	if err := b.sim.Break(simboard.LifelineRelay, f); err != nil {
		b.t.Fatal(err)
	}
}

// TestContactsAreWatched: a coil that breaks while it is held is told within a
// second, once, whatever the keeper tries meanwhile; mended, the telephone is the
// box's again within five seconds and a test says that all is well. Contacts that
// stick are told when the relay should have fallen.
func TestContactsAreWatched(t *testing.T) {
	onLifelineBench(t, func(b *lifelineBench) {
		b.within(1500*time.Millisecond, "held after the start", b.held)
		time.Sleep(2 * time.Second)
		b.breaks(simboard.Dead)
		b.within(time.Second, "the dead coil", func() bool { return b.last() != nil })
		time.Sleep(30 * time.Second)
		b.mu.Lock()
		if len(b.tests) != 1 || b.tests[0].Fault != "dead" || len(b.moves) != 2 || b.moves[1].Why != "relay" {
			t.Errorf("tests %+v, moves %+v", b.tests, b.moves)
		}
		b.mu.Unlock()
		b.sim.Heal(simboard.LifelineRelay)
		b.within(5*time.Second, "held again", b.held)
		b.within(5*time.Second, "a good test", func() bool { return b.last().Fault == "" })

		b.breaks(simboard.Welded)
		b.sim.StopClock(true)
		time.Sleep(1300 * time.Millisecond)
		b.within(time.Second, "the contacts that stick", func() bool { return b.last().Fault == "stuck" })
		b.sim.Heal(simboard.LifelineRelay)
		b.within(time.Second, "on the line", func() bool { return !b.held() })
		b.sim.StopClock(false)
		b.within(8*time.Second, "a good test", func() bool { return b.last().Fault == "" })
		time.Sleep(10 * time.Second)
		if !b.held() {
			t.Error("not held in the end")
		}
	})
}

// TestLifelineFollowsHealth: the telephone is the box's soon after its start, and is
// on the line within a second or three of anything that makes the box useless.
func TestLifelineFollowsHealth(t *testing.T) {
	for name, c := range map[string]struct {
		do, undo func(*lifelineBench)
		most     time.Duration
	}{
		"clock": {func(b *lifelineBench) { b.sim.StopClock(true) }, func(b *lifelineBench) { b.sim.StopClock(false) }, 1200 * time.Millisecond},
		"loop": {func(b *lifelineBench) { b.mu.Lock(); b.silent = time.Now(); b.mu.Unlock() },
			func(b *lifelineBench) { b.mu.Lock(); b.silent = time.Time{}; b.mu.Unlock() }, 3700 * time.Millisecond},
		"port": {func(b *lifelineBench) { _ = b.sim.Break("fxs1", simboard.Dead) }, func(b *lifelineBench) { b.sim.Heal("fxs1") }, 3200 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			onLifelineBench(t, func(b *lifelineBench) {
				b.within(1500*time.Millisecond, "held after the start", b.held)
				c.do(b)
				b.within(c.most, "on the line", func() bool { return !b.held() })
				c.undo(b)
				b.within(7*time.Second, "held again", b.held)
			})
		})
	}
}

// TestLifelineWaitsForTheCall: who telephones over the lifeline while the box comes
// back is not cut off, nor by the pulses of a dial, and is taken when done.
func TestLifelineWaitsForTheCall(t *testing.T) {
	onLifelineBench(t, func(b *lifelineBench) {
		b.within(1500*time.Millisecond, "held after the start", b.held)
		b.sim.StopClock(true)
		b.within(2*time.Second, "on the line", func() bool { return !b.held() })
		b.granted(b.set.Lift())
		b.granted(b.set.Dial(town.Dial{Digits: "112", WaitDialTone: true}))
		b.within(15*time.Second, "answer", func() bool { return b.line.State().State == "talking" })
		b.sim.StopClock(false)
		time.Sleep(20 * time.Second)
		if b.held() || b.line.State().State != "talking" {
			t.Errorf("the call was taken from the telephone: held %t, line %s", b.held(), b.line.State().State)
		}
		b.granted(b.set.Hangup())
		b.within(3*time.Second, "held again", b.held)
	})
}

// TestLifelineTest: a sound relay passes, each way of failing is told apart, and who
// lifts meanwhile has the line and no result.
func TestLifelineTest(t *testing.T) {
	for name, c := range map[string]struct {
		fault simboard.Fault
		want  string
	}{"sound": {"", ""}, "welded": {simboard.Welded, "stuck"}} {
		t.Run(name, func(t *testing.T) {
			onLifelineBench(t, func(b *lifelineBench) {
				b.within(1500*time.Millisecond, "held after the start", b.held)
				if c.fault != "" {
					b.breaks(c.fault)
				}
				time.Sleep(2 * time.Second)
				b.ask()
				b.within(4*time.Second, "result", func() bool { return b.last() != nil })
				if got := b.last(); got.Fault != c.want || c.want == "" && (got.Volts < 40 || got.FallMS < 400 || got.PullMS > 200) {
					t.Errorf("%+v", got)
				}
				b.within(time.Second, "held after the test", b.held)
				time.Sleep(3 * time.Second) // the loop is asked for its wish now and then only
				b.mu.Lock()
				if len(b.tests) != 1 {
					t.Errorf("%d tests for one wish", len(b.tests))
				}
				b.mu.Unlock()
			})
		})
	}
	t.Run("asked again at once", func(t *testing.T) {
		onLifelineBench(t, func(b *lifelineBench) {
			b.within(1500*time.Millisecond, "held after the start", b.held)
			time.Sleep(2 * time.Second)
			b.ask()
			b.within(4*time.Second, "result", func() bool { return b.last() != nil })
			b.ask() // while the fulfilled wish is still heard
			b.within(4*time.Second, "second result", func() bool { b.mu.Lock(); defer b.mu.Unlock(); return len(b.tests) == 2 })
		})
	})
	t.Run("no line", func(t *testing.T) {
		onLifelineBench(t, func(b *lifelineBench) {
			b.within(1500*time.Millisecond, "held after the start", b.held)
			b.granted(b.line.Cut(true))
			time.Sleep(3 * time.Second)
			b.ask()
			b.within(2*time.Second, "result", func() bool { return b.last() != nil })
			if b.last().Fault != "no-line" || !b.held() {
				t.Errorf("%+v, held %t", b.last(), b.held())
			}
		})
	})
	t.Run("lifted", func(t *testing.T) {
		onLifelineBench(t, func(b *lifelineBench) {
			b.within(1500*time.Millisecond, "held after the start", b.held)
			time.Sleep(time.Second)
			b.ask()
			b.within(2*time.Second, "on the line for the test", func() bool { return !b.held() })
			b.granted(b.set.Lift())
			time.Sleep(5 * time.Second)
			if b.held() || b.last() != nil || !b.line.State().OffHook {
				t.Errorf("held %t, result %+v, line %+v", b.held(), b.last(), b.line.State())
			}
			b.granted(b.set.Hangup())
			b.within(10*time.Second, "result", func() bool { return b.last() != nil })
			if b.last().Fault != "" {
				t.Errorf("%+v", b.last())
			}
		})
	})
}
