package analog

import (
	"sync/atomic"

	items "centralita/firmware/line"
	"centralita/firmware/media"
	"centralita/firmware/media/tone"
	"centralita/hal"
)

// memorySamples of a line are kept while a call is there: 12 s hold a whole cycle of
// every country's ringback and the pause after which it is over. A line's memory is
// 192 kB.
const memorySamples = 12 * 8000

// memory is the last seconds of what a line said, so that a tone that was
// recognised can be measured. All of it is the sound thread's but want.
type memory struct {
	ring [memorySamples]int16
	at   int // where the next sample goes
	n    int // samples that are there
	want atomic.Pointer[excerpt]
}

// excerpt is what was asked of the memory.
type excerpt struct {
	signal tone.Signal
	guess  bool    // nothing was recognised: it counts only where it is much like the signal
	pcm    []int16 // its length is what is wanted; filled to fit
}

// keep remembers one frame, and gives an excerpt where one is wanted.
func (m *memory) keep(said *[hal.FrameSamples]int16) (given *excerpt) {
	copy(m.ring[m.at:], said[:])
	m.at = (m.at + hal.FrameSamples) % memorySamples
	m.n = min(m.n+hal.FrameSamples, memorySamples)
	e := m.want.Load()
	if e == nil {
		return nil
	}
	e.pcm = e.pcm[:min(len(e.pcm), m.n)]
	from := (m.at - len(e.pcm) + memorySamples) % memorySamples
	k := copy(e.pcm, m.ring[from:])
	copy(e.pcm[k:], m.ring[:])
	m.want.Store(nil)
	return e
}

// measureTone asks for the last ms of the line to be measured as a signal. One is
// measured at a time; the next asker in the same 10 ms is passed over.
func (l *line) measureTone(s tone.Signal, ms int) {
	if m := l.port.memory; m.want.Load() == nil {
		m.want.Store(&excerpt{signal: s, pcm: make([]int16, min(8*ms, memorySamples))})
	}
}

// Parts of the past that show a tone: for dial tone a moment, for busy tone some
// bursts, for ringback a cycle.
const (
	dialMS     = 500
	busyMS     = 2600
	ringbackMS = 12000
)

// noteTone asks for a measurement where a tone that was recognised shows best: dial
// tone when it is certain, busy tone when it may release the line at once, ringback
// when it is over.
func (l *line) noteTone(h media.Heard) {
	switch s := tone.Signal(h.Value); {
	case h.Kind == media.ToneBegan && (s == tone.Dial || s == tone.Stutter) && l.state == waiting:
		l.measureTone(s, dialMS)
	case h.Kind == media.ToneBegan && (s == tone.Busy || s == tone.Congestion):
		l.measureTone(s, busyMS)
	case h.Kind == media.ToneEnded && s == tone.Ringback:
		l.measureTone(s, ringbackMS)
	}
}

// guessTone looks whether a call that was talked in ends with a tone that nobody
// recognised: a busy tone far from the country's is learnt by it.
func (l *line) guessTone() {
	if m := l.port.memory; l.state == talking && m.want.Load() == nil {
		m.want.Store(&excerpt{signal: tone.Busy, guess: true, pcm: make([]int16, 8*busyMS)})
	}
}

// measured reads what an excerpt turned out to be.
func (l *line) measured(e *excerpt) {
	m, ok := tone.Measure(e.pcm)
	name := map[tone.Signal]string{
		tone.Dial: items.ToneDial, tone.Stutter: items.ToneDial, tone.Ringback: items.ToneRingback,
		tone.Busy: items.ToneBusy, tone.Congestion: items.ToneCongestion,
	}[e.signal]
	if !ok || name == "" || e.guess && !l.port.bank.plan.Load().Like(e.signal, m) {
		return
	}
	p := l.port
	p.read(name, min(m.Hz[0], orMax(m.Hz[1])), "")
	p.read(name+".level", m.DBm0, "")
	if m.Hz[1] > 0 {
		p.read(name+".second", max(m.Hz[0], m.Hz[1]), "")
	}
	if m.On > 0 {
		p.read(name+".on", float64(m.On.Milliseconds()), "")
	}
	if m.Off > 0 {
		p.read(name+".off", float64(m.Off.Milliseconds()), "")
	}
}

// orMax keeps an absent second frequency from being the lower one.
func orMax(hz float64) float64 {
	if hz == 0 {
		return 4000
	}
	return hz
}
