package highway

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"centralita/hal"
)

// bench is a highway on a card in memory whose slot 0 hears itself.
type bench struct {
	*testing.T
	*Highway
	k       *kernel
	in, out hal.Frame
	sent    int // of the count that is played
}

// onBench runs a test in virtual time.
func onBench(t *testing.T, k *kernel, f func(*bench)) {
	synctest.Test(t, func(t *testing.T) {
		h, err := open(k, "sound card \"test\"", 0)
		if err != nil {
			t.Fatal(err)
		}
		f(&bench{T: t, Highway: h, k: k})
	})
}

// exchange plays a count, sample by sample.
func (b *bench) exchange() error {
	for i := range b.out[0] {
		b.sent++
		b.out[0][i] = int16(b.sent%1000 + 1)
	}
	return b.Exchange(&b.in, &b.out)
}

// heard fails unless this frame has, on every slot, what was given Ahead frames ago.
func (b *bench) heard() {
	b.Helper()
	first := b.sent - (b.Ahead()+1)*hal.FrameSamples
	for i := range hal.FrameSamples {
		for slot := range hal.SlotCount {
			if want := int16((first+i+1)%1000+1) + int16(slot); b.in[slot][i] != want {
				b.Fatalf("sample %d of slot %d is %d, want %d", i, slot, b.in[slot][i], want)
			}
		}
	}
}

// steady exchanges frames that must all come, in time and unbroken from the first
// whose echo can be there.
func (b *bench) steady(frames int) {
	b.Helper()
	begun := time.Now()
	for n := range frames {
		if err := b.exchange(); err != nil {
			b.Fatal(err)
		}
		if n > b.Ahead() {
			b.heard()
		}
	}
	if took, want := time.Since(begun), time.Duration(frames)*Period; took < want-3*Period || took > want+3*Period {
		b.Errorf("%d frames took %s", frames, took)
	}
}

func TestSixteenSlotsUnbroken(t *testing.T) {
	onBench(t, &kernel{}, func(b *bench) {
		b.steady(500)
		if c := b.Counters(); c != (hal.HighwayCounters{Frames: 500}) || !b.Linked() {
			b.Errorf("counted %+v, linked %t", c, b.Linked())
		}
	})
}

func TestWithoutLink(t *testing.T) {
	onBench(t, &kernel{noLink: true}, func(b *bench) {
		b.steady(100)
		if b.Linked() {
			b.Error("called linked")
		}
	})
}

// TestComingTooLate: a program that was held up longer than the buffers last goes on
// with the same distance as before, and says that it lost the thread.
func TestComingTooLate(t *testing.T) {
	for _, noLink := range []bool{false, true} {
		onBench(t, &kernel{noLink: noLink}, func(b *bench) {
			b.steady(50)
			time.Sleep(100 * time.Millisecond)
			b.steady(50)
			c := b.Counters()
			if c.Realigned != 1 || c.Underruns+c.Overruns != 1 || c.Frames != 100 {
				b.Errorf("linked %t: counted %+v", !noLink, c)
			}
		})
	}
}

// TestALittleLate: what the buffers bridge is made up for and costs nothing.
func TestALittleLate(t *testing.T) {
	onBench(t, &kernel{}, func(b *bench) {
		b.steady(50)
		time.Sleep(19 * time.Millisecond)
		for range 10 {
			if err := b.exchange(); err != nil {
				b.Fatal(err)
			}
			b.heard()
		}
		if c := b.Counters(); c != (hal.HighwayCounters{Frames: 60}) {
			b.Errorf("counted %+v", c)
		}
	})
}

func TestSleepingMachine(t *testing.T) {
	onBench(t, &kernel{}, func(b *bench) {
		b.steady(20)
		b.k.capture.asleep = true
		b.steady(20)
		if c := b.Counters(); c.Suspends != 1 || c.Realigned != 1 {
			b.Errorf("counted %+v", c)
		}
	})
}

// TestClockStandsStill: told within 100 ms three times over, which is what the media
// engine asks for before it goes on by itself, then held for about a frame each; and
// taken up within two frames of the clock's return.
func TestClockStandsStill(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		onBench(t, &kernel{deaf: deaf}, func(b *bench) {
			b.steady(20)
			b.k.turn()
			b.k.stopped = true
			begun := time.Now()
			for range 3 {
				if err := b.exchange(); !errors.Is(err, hal.ErrNoClock) {
					b.Fatalf("without clock: %v", err)
				}
			}
			if took := time.Since(begun); took > 100*time.Millisecond {
				b.Errorf("told three times within %s", took)
			}
			for range 300 {
				asked := time.Now()
				if err := b.exchange(); !errors.Is(err, hal.ErrNoClock) {
					b.Fatalf("without clock: %v", err)
				}
				if held := time.Since(asked); held > patience+2*closer {
					b.Fatalf("held for %s", held)
				}
			}
			b.k.turn()
			b.k.stopped = false
			back := time.Now()
			for b.exchange() != nil {
			}
			if most := 4 * Period; time.Since(back) > most && !deaf || time.Since(back) > retry+most {
				b.Errorf("back after %s", time.Since(back))
			}
			b.steady(50)
			if c := b.Counters(); c.NoClock < 303 || c.Realigned == 0 {
				b.Errorf("counted %+v", c)
			}
		})
	}
}

// TestCardTakenOut: it is looked for once a second and taken up again.
func TestCardTakenOut(t *testing.T) {
	onBench(t, &kernel{}, func(b *bench) {
		b.steady(20)
		b.k.gone = true
		begun := time.Now()
		for n := 0; time.Since(begun) < 5*time.Second; n++ {
			if err := b.exchange(); !errors.Is(err, hal.ErrNoClock) {
				b.Fatalf("without card: %v", err)
			}
			if n > 600 {
				b.Fatal("a card that is gone is asked for without pause")
			}
		}
		b.k.gone = false
		back := time.Now()
		for b.exchange() != nil {
		}
		if took := time.Since(back); took > retry+4*Period {
			b.Errorf("back after %s", took)
		}
		b.steady(20)
		if b.k.opened != 2 {
			b.Errorf("opened %d times", b.k.opened)
		}
	})
}

func TestClosed(t *testing.T) {
	onBench(t, &kernel{}, func(b *bench) {
		b.steady(5)
		if err := b.Close(); err != nil {
			b.Fatal(err)
		}
		if err := b.exchange(); !errors.Is(err, ErrClosed) || errors.Is(err, hal.ErrNoClock) {
			b.Errorf("after Close: %v", err)
		}
	})
}

// TestExchangeAllocatesNothing: it is called in the sound thread.
func TestExchangeAllocatesNothing(t *testing.T) {
	var to samples
	var frame hal.Frame
	if n := testing.AllocsPerRun(100, func() { interleave(&to, &frame); separate(&frame, &to) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
