package media

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"
)

// mouthpiece is a port that says a constant and keeps what it heard.
type mouthpiece struct {
	rate   Rate
	says   int16
	silent bool
	asked  Rate
	heard  [Wide]int16
	given  Rate
	reads  int
}

func (p *mouthpiece) Rate() Rate { return p.rate }

func (p *mouthpiece) Read(_ uint64, f *Frame) bool {
	p.asked = f.Rate
	p.reads++
	for i := range f.PCM() {
		f.Buf[i] = p.says
	}
	return !p.silent
}

func (p *mouthpiece) Write(_ uint64, f *Frame) {
	p.given = f.Rate
	clear(p.heard[:])
	copy(p.heard[:], f.PCM())
}

func (p *mouthpiece) last() int16 { return p.heard[Narrow-1] }

func plugged(t testing.TB, e *Engine, p Port) Handle {
	t.Helper()
	h, err := e.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Plug(h, p); err != nil {
		t.Fatal(err)
	}
	return h
}

func party(t testing.TB, e *Engine, says ...int16) ([]*mouthpiece, []Handle) {
	var ps []*mouthpiece
	var hs []Handle
	for _, s := range says {
		p := &mouthpiece{rate: Narrow, says: s}
		ps, hs = append(ps, p), append(hs, plugged(t, e, p))
	}
	return ps, hs
}

func ticks(e *Engine, n int) {
	for range n {
		e.Tick()
	}
}

// In a conference everybody hears the sum of the others and never himself.
func TestConferenceHearsOthers(t *testing.T) {
	e := New()
	ps, hs := party(t, e, 100, 20, 3)
	for _, a := range hs {
		for _, b := range hs {
			if a != b {
				e.Connect(a, b, Unity)
			}
		}
	}
	ticks(e, 2)
	for i, want := range []int16{23, 103, 120} {
		if got := ps[i].last(); got != want {
			t.Errorf("party %d hears %d, want %d", i, got, want)
		}
	}
}

// One voice at unity must pass bit by bit, the extremes included.
func TestUnityIsTransparent(t *testing.T) {
	e := New()
	ps, hs := party(t, e, -32768, 0)
	e.Connect(hs[0], hs[1], Unity)
	ticks(e, 2)
	if got := ps[1].last(); got != -32768 {
		t.Fatalf("hears %d", got)
	}
}

// Loud voices together must not wrap around, and keep their order.
func TestSumSaturates(t *testing.T) {
	e := New()
	ps, hs := party(t, e, 30000, 30000, 30000, 0)
	for _, h := range hs[:3] {
		e.Connect(h, hs[3], MaxGain)
	}
	ticks(e, 2)
	if got := ps[3].last(); got < 32000 {
		t.Fatalf("hears %d", got)
	}
	prev := int16(-32768)
	for v := int32(-300000); v <= 300000; v += 7 {
		if l := limit(v); l < prev {
			t.Fatalf("limit(%d) = %d below %d", v, l, prev)
		} else {
			prev = l
		}
	}
}

// A gain takes 10 ms, in equal steps, and disconnecting as well.
func TestGainRamps(t *testing.T) {
	e := New()
	ps, hs := party(t, e, 8000, 0)
	e.Connect(hs[0], hs[1], Unity)
	e.Tick()
	h := ps[1].heard[:Narrow]
	for i := 1; i < len(h); i++ {
		if d := h[i] - h[i-1]; d < 98 || d > 102 {
			t.Fatalf("step of %d at sample %d", d, i)
		}
	}
	e.Connect(hs[0], hs[1], DB(-6.02))
	ticks(e, 2)
	if got := ps[1].last(); got < 3995 || got > 4005 {
		t.Fatalf("at -6 dB hears %d", got)
	}
	e.Disconnect(hs[0], hs[1])
	e.Tick()
	if first, last := ps[1].heard[0], ps[1].last(); first < 3900 || last > 60 {
		t.Fatalf("ramp from %d to %d", first, last)
	}
	e.Tick()
	if ps[1].last() != 0 {
		t.Fatal("still heard")
	}
}

func TestDB(t *testing.T) {
	for db, want := range map[float64]Gain{0: Unity, 6.0206: 2 * Unity, -200: Mute, 40: MaxGain, math.NaN(): MaxGain, math.Inf(-1): Mute} {
		if got := DB(db); got != want {
			t.Errorf("DB(%g) = %d, want %d", db, got, want)
		}
	}
}

// Every port is read before any is written, whatever the order of plugging: an
// echo port gives back what it was given in the tick before, for all alike.
func TestReadsBeforeWrites(t *testing.T) {
	e := New()
	var log []byte
	for range 5 {
		plugged(t, e, logger{&log})
	}
	e.Tick()
	if string(log) != "RRRRRWWWWW" {
		t.Fatalf("order %s", log)
	}
}

type logger struct{ log *[]byte }

func (logger) Rate() Rate { return Narrow }
func (l logger) Read(uint64, *Frame) bool {
	*l.log = append(*l.log, 'R')
	return false
}
func (l logger) Write(uint64, *Frame) { *l.log = append(*l.log, 'W') }

// The ears of a wide port hear it at 8 kHz, at the same level.
func TestEarsHearNarrow(t *testing.T) {
	e := New()
	h := plugged(t, e, &mouthpiece{rate: Wide, says: 1000})
	ear := &keeper{}
	e.Attach(h, ear)
	ticks(e, 2)
	if got := ear.last; got < 998 || got > 1002 {
		t.Fatalf("hears %d", got)
	}
}

type keeper struct {
	last int16
	n    int
}

func (k *keeper) Hear(pcm *[Narrow]int16, m Mouth) {
	k.last = pcm[Narrow-1]
	k.n++
	m.Tell(DigitBegan, '5')
}

// An ear tells with its port's handle, and no more after it is taken away.
func TestEarTells(t *testing.T) {
	e := New()
	_, hs := party(t, e, 0, 0)
	ear := &keeper{}
	e.Attach(hs[1], ear)
	e.Tick()
	f, ok := e.Next()
	if !ok || f.Handle != hs[1] || f.Kind != DigitBegan || f.Value != '5' || f.Tick != 0 {
		t.Fatalf("heard %+v, %v", f, ok)
	}
	e.Detach(hs[1], ear)
	ticks(e, 3)
	if ear.n != 1 {
		t.Fatalf("fed %d times", ear.n)
	}
}

// When nobody takes the facts the ring fills, drops and counts; ticks go on.
func TestFactsOverflow(t *testing.T) {
	e := New()
	_, hs := party(t, e, 0)
	e.Attach(hs[0], &keeper{})
	ticks(e, heardBound+100)
	if got := e.Counters().HeardLost; got != 100 {
		t.Fatalf("lost %d facts, want 100", got)
	}
}

// The box is full at MaxPorts, refused at once; a place given up is free again
// and its old handle reaches nobody.
func TestFullAndStale(t *testing.T) {
	e := New()
	var hs []Handle
	for range MaxPorts {
		hs = append(hs, plugged(t, e, &mouthpiece{rate: Narrow, says: 7}))
		if len(hs)%1000 == 0 {
			e.Tick()
		}
	}
	if _, err := e.Reserve(); !errors.Is(err, ErrFull) {
		t.Fatalf("port %d: %v", MaxPorts+1, err)
	}
	e.Tick()
	e.Unplug(hs[9])
	p := &mouthpiece{rate: Narrow}
	h := plugged(t, e, p)
	if h == hs[9] || h.slot() != hs[9].slot() {
		t.Fatalf("handle %x after %x", h, hs[9])
	}
	e.Connect(hs[0], hs[9], Unity) // of the past
	ticks(e, 2)
	if p.last() != 0 {
		t.Fatal("a stale handle connected the new port")
	}
	e.Connect(hs[0], h, Unity)
	ticks(e, 2)
	if p.last() != 7 {
		t.Fatal("the new port is deaf")
	}
	if e.Free() != 0 {
		t.Fatalf("%d free", e.Free())
	}
}

// An unplugged port is not read again and nobody hears it.
func TestUnplug(t *testing.T) {
	e := New()
	ps, hs := party(t, e, 5, 0)
	e.Connect(hs[0], hs[1], Unity)
	ticks(e, 2)
	e.Unplug(hs[0])
	n := ps[0].reads
	ticks(e, 2)
	if ps[0].reads != n || ps[1].last() != 0 {
		t.Fatalf("read %d times more, heard %d", ps[0].reads-n, ps[1].last())
	}
}

// A tap holds left what one says and right what the other says; a side that is
// gone is silent; a full tap drops and counts; stopping ends it.
func TestTap(t *testing.T) {
	e := New()
	_, hs := party(t, e, 11, 22, 33)
	tap := NewTap(4)
	e.Record(tap, hs[0], hs[1])
	e.Tick()
	e.Record(tap, hs[0], hs[2]) // another agent took the call
	e.Tick()
	e.Unplug(hs[0])
	ticks(e, 4)
	for i, want := range [][2]int16{{11, 22}, {11, 33}, {0, 33}, {0, 33}} {
		f := tap.Peek()
		if f == nil || f.Left[5] != want[0] || f.Right[79] != want[1] || f.Tick != uint64(i) {
			t.Fatalf("frame %d: %+v", i, f)
		}
		tap.Drop()
	}
	if tap.Lost() != 2 || e.Counters().TapLost != 2 {
		t.Fatalf("lost %d", tap.Lost())
	}
	e.StopRecord(tap)
	e.Tick()
	if tap.Peek() != nil || !tap.Done() {
		t.Fatal("not done")
	}
}

// Orders wait for the sound thread when the ring is full, and say so when it
// stands still.
func TestOrdersStalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New()
		_, hs := party(t, e, 1, 2)
		var err error
		n := 0
		for ; err == nil; n++ {
			err = e.Connect(hs[0], hs[1], Unity)
		}
		if !errors.Is(err, ErrStalled) || n != orderBound-1 {
			t.Fatalf("after %d orders: %v", n, err)
		}
		e.Tick()
		if err := e.Disconnect(hs[0], hs[1]); err != nil {
			t.Fatal(err)
		}
	})
}

// Without a highway the engine ticks by the time of day; when three frames of a
// highway fail to come it goes on and says so, and says when it is back.
func TestServeWithoutClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New()
		ctx, stop := context.WithTimeout(t.Context(), 3005*time.Millisecond)
		defer stop()
		start := time.Now()
		broken := func() bool { s := time.Since(start); return s > time.Second && s < 2*time.Second }
		clock := func() error {
			time.Sleep(Period)
			if broken() {
				time.Sleep(2 * Period) // a highway may take its time to say so
				return errors.New("no clock")
			}
			return nil
		}
		var said []bool
		e.Serve(ctx, clock, func(lost bool) { said = append(said, lost) })
		c := e.Counters()
		if len(said) != 2 || !said[0] || said[1] {
			t.Fatalf("said %v", said)
		}
		if c.Ticks < 290 || c.Ticks > 301 || c.Missing < 30 || c.Missing > 100 {
			t.Fatalf("%+v", c)
		}
	})
}

// A short delay is made up for, a long one skipped; both are counted.
func TestPaceCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New()
		pace := e.Pace()
		start := time.Now()
		pace()
		time.Sleep(40 * time.Millisecond)
		for range 4 {
			pace()
		}
		if d := time.Since(start); d != 50*time.Millisecond {
			t.Fatalf("five frames took %v", d)
		}
		time.Sleep(time.Second)
		pace()
		pace()
		if c := e.Counters(); c.Late < 3 || c.Skipped < 90 || c.Skipped > 100 {
			t.Fatalf("%+v", c)
		}
	})
}

// The tick allocates nothing, with everything in use.
func TestTickAllocatesNothing(t *testing.T) {
	e := New()
	ps, hs := party(t, e, 1, 2, 3, 4)
	for i := range hs {
		e.Connect(hs[i], hs[(i+1)%4], Unity)
		e.Connect(hs[i], hs[(i+2)%4], DB(-3))
		e.Attach(hs[i], NewVoice(300))
		e.Attach(hs[i], &Meter{})
	}
	tap := NewTap(8)
	e.Record(tap, hs[0], hs[1])
	n := 0
	if got := testing.AllocsPerRun(500, func() {
		if n++; n%50 == 0 {
			ps[0].says ^= 0x3000
			e.Connect(hs[0], hs[1], Gain(n))
		}
		e.Tick()
		tap.Drop()
		e.Next()
	}); got != 0 {
		t.Fatalf("%g allocations a tick", got)
	}
}
