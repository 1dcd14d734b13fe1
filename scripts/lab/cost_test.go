package main

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"centralita/firmware/media"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/conceal"
	"centralita/firmware/media/dtmf"
	"centralita/firmware/media/echo"
	"centralita/firmware/media/soundtest"
	"centralita/firmware/media/tone"
)

// work is what is done to 10 ms of speech, and its bar in µs on a machine of 2024.
type work struct {
	name string
	most float64
	do   func(f *[media.Narrow]int16)
}

func works() []work {
	plan, _ := tone.Plan("US")
	d, l, r := dtmf.NewDetector(dtmf.Line()), tone.NewListener(plan), callerid.NewReceiver(callerid.Bell202)
	e, s := echo.New(256, echo.Options{}), echo.New(256, echo.Options{Suppress: true})
	var good, alone, between conceal.Concealer
	var out [media.Narrow]int16
	behind := soundtest.Line(soundtest.NewVoice(9).Talk(0.1, -20, 0.1, 0.2))[:conceal.Behind]
	half := 0
	return []work{
		{"echo, 256 taps", 30, func(f *[media.Narrow]int16) { out = *f; e.Process(f, &out) }},
		{"echo, suppressing", 30, func(f *[media.Narrow]int16) { out = *f; s.Process(f, &out) }},
		{"digits", 8, func(f *[media.Narrow]int16) { d.Process(f[:]) }},
		{"tones", 6, func(f *[media.Narrow]int16) { l.Hear(f, media.Mouth{}) }},
		{"caller ID", 6, func(f *[media.Narrow]int16) { r.Hear(f) }},
		{"sound that came", 0.5, func(f *[media.Narrow]int16) { good.Good(f[:]) }},
		{"sound that did not", 10, func(f *[media.Narrow]int16) { alone.Good(f[:]); alone.Lost(out[:], nil, 80) }},
		{"a packet between two", 10, func(f *[media.Narrow]int16) {
			if half++; half%2 == 1 {
				between.Good(f[:])
				between.Lost(out[:], behind, 160)
			} else {
				between.Lost(out[:], behind, 80)
			}
		}},
	}
}

// The median of many runs over a second of speech each is within its bar, and
// nothing allocates. It is the processor's time of this thread alone, since others
// may be at work on the machine. A slower machine, or the race detector, needs -short.
func TestCost(t *testing.T) {
	if testing.Short() {
		t.Skip("the bars are those of a PC")
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	pcm := soundtest.Line(soundtest.NewVoice(5).Talk(2, -18, 0.05, 0.1))[:160*80]
	for _, w := range works() {
		pass := func() {
			for i := 0; i < len(pcm); i += 80 {
				w.do((*[media.Narrow]int16)(pcm[i:]))
			}
		}
		var runs []float64
		for range 31 {
			began := used(t)
			pass()
			runs = append(runs, float64((used(t)-began).Nanoseconds())/1000/float64(len(pcm)/80))
		}
		slices.Sort(runs)
		median := runs[len(runs)/2]
		allocations := testing.AllocsPerRun(1, pass)
		t.Logf("%-24s %6.2f µs of %g, quickest %.2f", w.name, median, w.most, runs[0])
		// Who shares the processor's caches takes half of its speed at worst.
		if runs[0] > w.most || allocations > 0 {
			t.Errorf("%s: %.2f µs, at most %g; %g allocations", w.name, runs[0], w.most, allocations)
		}
	}
}

// used is the processor time of the thread.
func used(t *testing.T) time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts); err != nil {
		t.Fatal(err)
	}
	return time.Duration(ts.Nano())
}

func BenchmarkCost(b *testing.B) {
	pcm := soundtest.Line(soundtest.NewVoice(5).Talk(2, -18, 0.05, 0.1))
	for _, w := range works() {
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i = (i + 80) % (len(pcm) - 80) {
				w.do((*[media.Narrow]int16)(pcm[i:]))
			}
		})
	}
}
