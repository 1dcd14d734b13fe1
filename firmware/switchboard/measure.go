package switchboard

import (
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/media/quality"
)

// sampleEvery is how often the sound of all legs is looked at for who watches: as
// often as their far ends report.
const sampleEvery = 5 * time.Second

// sampled is what was last seen of a leg's sound.
type sampled struct {
	whole  event.Quality // since the beginning
	lately event.Quality // of the last interval
	known  bool
}

// Sounding is how a leg sounded in the last seconds, and whether its packets pass by
// the engine; ok is false where they have not been looked at, or there are none. In
// the loop only, as in what Look runs.
func (s *Switchboard) Sounding(l id.Leg) (q event.Quality, relayed, ok bool) {
	e := s.legs[l]
	if e == nil || !e.sampled.known {
		return q, false, false
	}
	return e.sampled.lately, e.relay != nil, true
}

// sample looks at all legs.
func (s *Switchboard) sample() {
	for _, e := range s.legs {
		if q, ok := measured(e.leg); ok {
			e.sampled = sampled{whole: q, lately: lately(q, e.sampled.whole), known: true}
		}
	}
}

// measured is how a leg's sound went so far.
func measured(l leg.Leg) (event.Quality, bool) {
	if m, ok := l.(leg.Measurer); ok {
		return m.Quality()
	}
	return event.Quality{}, false
}

// tellMeasured writes down how an ended leg sounded.
func (s *Switchboard) tellMeasured(e *end) {
	if q, ok := measured(e.leg); ok {
		s.step(&event.LegMeasured{Leg: e.id, Port: e.port, Sound: q})
	}
}

// lately is what came between two looks, rated by itself. Jitter, delay and what the
// far end says are what they are now.
func lately(now, before event.Quality) event.Quality {
	q := now
	q.MS, q.RelayedMS = now.MS-before.MS, now.RelayedMS-before.RelayedMS
	q.Sent, q.Received = now.Sent-before.Sent, now.Received-before.Received
	q.Lost, q.Late = max(0, now.Lost-before.Lost), max(0, now.Late-before.Late)
	q.R, q.MOS = 0, 0
	if q.Received+q.Lost > 0 {
		r, mos := quality.Rate(quality.Line{Codec: quality.Of(q.Codec), Loss: float64(q.Loss()), Delay: float64(q.DelayMS)})
		q.R, q.MOS = float32(r), float32(mos)
	}
	return q
}
