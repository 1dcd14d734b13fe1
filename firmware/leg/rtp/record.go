package rtp

import (
	"sync/atomic"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/media/quality"
)

// span is how long sound was agreed, and how much of it was relayed. Any goroutine
// may read it.
type span struct {
	agreed  atomic.Int64 // when, in ns since the session was made; 0 not yet
	closed  atomic.Int64 // 0 not yet
	relay   atomic.Int64 // when the relay under way began, 0 none
	relayed atomic.Int64 // ns of those before
}

// relaying notes that a relay begins or ends, under pairing.
func (s *Session) relaying(begins bool, now time.Time) {
	at := int64(now.Sub(s.begun))
	if began := s.span.relay.Swap(0); began > 0 {
		s.span.relayed.Add(at - began)
	}
	if begins {
		s.span.relay.Store(max(at, 1))
	}
}

// lengths are how long sound has been agreed, and relayed.
func (s *Session) lengths() (whole, relayed time.Duration) {
	agreed, end := s.span.agreed.Load(), s.span.closed.Load()
	if agreed == 0 {
		return 0, 0
	}
	if end == 0 {
		end = int64(time.Since(s.begun))
	}
	relayed = time.Duration(s.span.relayed.Load())
	if began := s.span.relay.Load(); began > 0 {
		relayed += time.Duration(end - began)
	}
	whole = time.Duration(end - agreed)
	return whole, min(relayed, whole) // a relay may begin with sound before the answer
}

// Parts of the delay from mouth to ear that are not measured.
const (
	tickMS = 10 // the engine's, where it mixes
	// leastPlayout is what the play-out buffer of a far end is taken to hold at least;
	// beyond that it is taken to hold twice the jitter.
	leastPlayout = 20
)

// Quality is how the sound goes, and at the end how it went. It may be called at any
// time by any goroutine; ok is false while nothing was agreed, or no packet came or went.
func (s *Session) Quality() (q event.Quality, ok bool) {
	r, c := s.remote.Load(), s.Counts()
	if r == nil || c.Received+c.Sent == 0 || s.span.agreed.Load() == 0 {
		return q, false
	}
	st := s.receiver.account()
	whole, relayed := s.lengths()
	q = event.Quality{
		Codec: r.codec().String(), MS: whole.Milliseconds(), RelayedMS: relayed.Milliseconds(),
		Sent: int64(c.Sent), Received: int64(st.totals.Received), Lost: int64(st.totals.Lost()),
		Late: int64(c.Played.Late) + int64(c.Played.Overflow), Burst: float32(st.totals.Burst()),
		JitterMS: ms(st.jitter), JitterMaxMS: ms(st.jitterMost),
		TripMS: float32(st.far.mean().Seconds() * 1000), TripMaxMS: float32(st.far.most.Seconds() * 1000),
		PlayoutMS: int64(c.Played.DelayMs),
	}
	codec := quality.Of(q.Codec)
	network := float64(q.TripMS)/2 + float64(r.Ptime)
	if q.Received > 0 {
		delay := network + playout(q.JitterMS)
		if c.Played.Frames > 0 {
			delay = network + float64(q.PlayoutMS) + tickMS
		}
		rating, mos := quality.Rate(quality.Line{Codec: codec, Loss: float64(q.Loss()), Burst: float64(q.Burst), Delay: delay})
		q.R, q.MOS, q.DelayMS = float32(rating), float32(mos), float32(delay)
	}
	if st.far.known && c.Sent > 0 {
		missed := st.far.lost - int64(max(0, s.talker.skipped.Load())) // what was lost on the way to us is another leg's
		q.FarLost = float32(min(max(float64(missed)/float64(c.Sent), 0), 1))
		q.FarJitterMS = ms(float64(st.far.jitter))
		_, mos := quality.Rate(quality.Line{Codec: codec, Loss: float64(q.FarLost), Delay: network + playout(q.FarJitterMS)})
		q.FarMOS = float32(mos)
	}
	return q, true
}

// ms turns units of the time stamp.
func ms(units float64) float32 { return float32(units * 1000 / clockRate) }

// playout is what a buffer is taken to hold for a jitter.
func playout(jitterMS float32) float64 { return max(leastPlayout, 2*float64(jitterMS)) }

// account is what the receiver knows for the record.
type account struct {
	totals             quality.Totals
	jitter, jitterMost float64
	far                farSide
}

func (r *receiver) account() (a account) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a.totals, a.far = r.stream.Totals(), r.far
	a.jitter, a.jitterMost = r.stream.Jitters()
	return a
}
