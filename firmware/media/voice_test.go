package media

import (
	"math"
	"math/rand/v2"
	"testing"
)

// talker says noise at a level in dBm0, changed by the test.
type talker struct {
	level float64
	r     *rand.Rand
}

func (*talker) Rate() Rate           { return Narrow }
func (*talker) Write(uint64, *Frame) {}
func (p *talker) Read(_ uint64, f *Frame) bool {
	for i := range f.PCM() {
		f.Buf[i] = int16(p.r.NormFloat64() * 16141 * math.Pow(10, p.level/20))
	}
	return true
}

// A voice over line noise is told once when it begins and once when it ends; a
// short pause and the noise alone tell nothing.
func TestVoice(t *testing.T) {
	e := New()
	p := &talker{level: -55, r: rand.New(rand.NewPCG(1, 1))}
	h := plugged(t, e, p)
	e.Attach(h, NewVoice(300))
	say := func(level float64, n int) {
		p.level = level
		ticks(e, n)
	}
	say(-55, 300)
	say(-20, 50)
	say(-55, 20) // a pause between words
	say(-20, 50)
	say(-55, 300)
	began, ok := e.Next()
	if !ok || began.Kind != VoiceStarted || began.Tick < 300 || began.Tick > 310 || began.Value < -230 || began.Value > -170 {
		t.Fatalf("%+v, %v", began, ok)
	}
	ended, _ := e.Next()
	if ended.Kind != VoiceStopped || ended.Value < 1150 || ended.Value > 1250 {
		t.Fatalf("%+v", ended)
	}
	if more, ok := e.Next(); ok {
		t.Fatalf("%+v", more)
	}
}

// The meter tells the level once a second, exactly.
func TestMeter(t *testing.T) {
	e := New()
	_, hs := party(t, e, 16141)
	e.Attach(hs[0], &Meter{})
	ticks(e, 250)
	for range 2 {
		if f, ok := e.Next(); !ok || f.Kind != Level || f.Value != 0 {
			t.Fatalf("%+v, %v", f, ok)
		}
	}
	if _, ok := e.Next(); ok {
		t.Fatal("more than once a second")
	}
}
