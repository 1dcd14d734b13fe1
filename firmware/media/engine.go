package media

import (
	"errors"
	"sync/atomic"
	"time"
)

// MaxPorts is how many ports the engine holds: as many as a Handle can name. A call
// in a queue takes two for a leg (itself and the player in front of it). What is not
// plugged, or rests, costs nothing in a tick.
const MaxPorts = 1<<slotBits - 1

// MaxSources is how many ports one port hears at once: a conference of half the
// office. A further one is refused and counted.
const MaxSources = 64

// MaxEars is how many ears listen to one port: digits, tones, voice, level.
const MaxEars = 4

// MaxTaps is how many recordings run at once.
const MaxTaps = 1024

// orderBound is an order for half the ports between two ticks, heardBound a fact for
// a quarter of them. Both are powers of two, as rings are.
const (
	orderBound = 4096
	heardBound = 2048
)

// Why an order is refused.
var (
	ErrFull    = errors.New("media: all ports of the engine are taken")
	ErrStalled = errors.New("media: the sound thread has taken no orders for a second")
)

// Handle names a plugged port. It is not used again when its place is, so that
// a late order or fact never meets the wrong port. The zero Handle names none.
type Handle uint32

// slotBits of a Handle are the place, the others tell uses of it apart.
const slotBits = 13

func (h Handle) slot() int { return int(h & (1<<slotBits - 1)) }

// Engine is the crosspoint matrix. One goroutine (the loop) gives orders and
// takes facts; one thread ticks. They share two rings and nothing else.
type Engine struct {
	orders *Ring[order]
	heard  *Ring[Heard]
	wake   chan struct{}
	beat   *Beat
	count  counts

	handles [MaxPorts + 1]Handle // control side: who holds a slot, 0 is free
	turn    uint32               // control side: distinguishes uses of a slot

	// From here on the sound thread's.
	tick   uint64
	began  time.Time           // of the last tick
	slots  [MaxPorts + 1]*slot // nil is not plugged; 0 is unused: Handle 0 is none
	active [MaxPorts]uint16    // plugged slots
	nact   int
	taps   [MaxTaps]*Tap
	ntap   int
	rates  bool // crosspoints changed: find the rates again
	sum    [Wide]int32
	out    Frame
}

// slot is the place of one port.
type slot struct {
	handle Handle
	port   Port
	best   Rate  // what the port can do
	rate   Rate  // what it is asked for
	wants  Rate  // what settle finds for it
	spoke  bool  // said holds something
	said   Frame // what it said this tick; silent where it did not speak
	clean  bool  // said is known to be silent
	lanes
	from   [MaxSources]crosspoint
	nfrom  int
	ears   [MaxEars]Ear
	near   int
	tapped int // recordings that take this port

	resting bool // left out of the ticks
}

type counts struct {
	ticks, delayed, late, skipped, missing, heardLost, tapLost, refused atomic.Uint64
	longest                                                             atomic.Int64
}

// New makes an engine with nothing plugged.
func New() *Engine {
	return &Engine{
		orders: NewRing[order](orderBound),
		heard:  NewRing[Heard](heardBound),
		wake:   make(chan struct{}, 1),
		beat:   newBeat(),
	}
}

// Beat is the engine's, for those who bring sound to its ports.
func (e *Engine) Beat() *Beat { return e.beat }

// Tick moves one frame of 10 ms: takes the orders, reads every port, sums what
// each hears, writes every port, then feeds ears and taps. One thread only.
func (e *Engine) Tick() {
	e.obey()
	for _, i := range e.active[:e.nact] {
		e.slots[i].read(e.tick)
	}
	for _, i := range e.active[:e.nact] {
		e.write(e.slots[i])
	}
	for _, i := range e.active[:e.nact] {
		e.hear(e.slots[i])
	}
	for _, t := range e.taps[:e.ntap] {
		e.record(t)
	}
	e.tick++
	e.count.ticks.Add(1)
}

func (s *slot) read(tick uint64) {
	s.said.Rate = s.rate
	s.spoke = s.port.Read(tick, &s.said)
	s.said.Rate = s.rate // a port that answers at another rate answers wrongly, but harmlessly
	if s.spoke {
		s.clean = false
	} else {
		s.silence()
	}
	s.convert()
}

// silence has a port say nothing.
func (s *slot) silence() {
	s.spoke = false
	if !s.clean {
		clear(s.said.Buf[:])
		s.clean = true
	}
}

// write gives a port what it hears: one voice at unity passes bit by bit, the
// rest is summed.
func (e *Engine) write(s *slot) {
	if one := e.only(s); one != nil {
		e.out.Rate = s.rate
		copy(e.out.Buf[:], one.at(s.rate))
	} else {
		e.mix(s)
	}
	s.port.Write(e.tick, &e.out)
}

// only is the single voice s hears, if there is one and its gain stands at unity.
func (e *Engine) only(s *slot) *slot {
	var one *slot
	for i := range s.from[:s.nfrom] {
		x := &s.from[i]
		if x.leaving || x.gain != Unity || x.want != Unity {
			return nil
		}
		if from := e.slots[x.from]; from.spoke {
			if one != nil {
				return nil
			}
			one = from
		}
	}
	return one
}

func (e *Engine) mix(s *slot) {
	e.out.Rate = s.rate
	out, sum := e.out.Buf[:s.rate], e.sum[:s.rate]
	clear(sum)
	voices := 0
	for i := 0; i < s.nfrom; {
		x := &s.from[i]
		if from := e.slots[x.from]; from.spoke {
			x.add(&e.sum, from.at(s.rate))
			voices++
		} else {
			x.gain = x.want // nothing was said: no click to avoid
		}
		if x.leaving {
			s.cut(i)
			e.rates = true
			continue
		}
		i++
	}
	if voices == 0 {
		clear(out)
		return
	}
	for i, v := range sum {
		out[i] = limit(v)
	}
}

// hear feeds the ears of one port.
func (e *Engine) hear(s *slot) {
	pcm := s.sound()
	m := Mouth{e, s.handle}
	for _, ear := range s.ears[:s.near] {
		ear.Hear(pcm, m)
	}
}

// sound is what the port said this tick at 8 kHz.
func (s *slot) sound() *[Narrow]int16 { return (*[Narrow]int16)(s.at(Narrow)) }
