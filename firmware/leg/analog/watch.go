package analog

import (
	"math"
	"sync/atomic"

	"centralita/firmware/id"
	"centralita/hal"
)

// Watch is somebody's look at the sound levels of a socket.
type Watch struct {
	port *port

	// The sound thread's.
	frames     int
	heard, out float64 // sums of squares

	levels [2]atomic.Uint64 // float64 bits: mean squares of the last stretch, heard and said
}

// watchFrames is how long a level is taken over: 100 ms, as long as an eye sees.
const watchFrames = 10

// Watch looks at what a socket hears and says until Close; one looks at a time, the
// last to ask. nil is no such socket.
func (b *Bank) Watch(name id.Port) *Watch {
	p := b.ports[name]
	if p == nil {
		return nil
	}
	w := &Watch{port: p}
	p.watch.Store(w)
	return w
}

// Close ends the look.
func (w *Watch) Close() { w.port.watch.CompareAndSwap(w, nil) }

// Levels are what comes from the pair and what goes to it, in dBm0 over the last
// 100 ms; silence is LevelFloor.
func (w *Watch) Levels() (heard, said float64) {
	return watchedLevel(math.Float64frombits(w.levels[0].Load())), watchedLevel(math.Float64frombits(w.levels[1].Load()))
}

// LevelFloor is the level of silence in dBm0: one count of noise is no less.
const LevelFloor = -80.0

// watchedLevel is dBm0 of a mean square; a sine of full scale has +3.14 (ITU-T G.711, A-law).
func watchedLevel(square float64) float64 {
	return max(LevelFloor, 10*math.Log10(max(square, 1e-9)/(32768*32768/2))+3.14)
}

func (w *Watch) hear(said, heard *[hal.FrameSamples]int16) {
	for i := range heard {
		w.heard += float64(heard[i]) * float64(heard[i])
		w.out += float64(said[i]) * float64(said[i])
	}
	if w.frames++; w.frames < watchFrames {
		return
	}
	n := float64(watchFrames * hal.FrameSamples)
	w.levels[0].Store(math.Float64bits(w.heard / n))
	w.levels[1].Store(math.Float64bits(w.out / n))
	w.frames, w.heard, w.out = 0, 0, 0
}
