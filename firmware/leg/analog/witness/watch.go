package witness

import (
	"time"

	"centralita/firmware/line/release"
	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// Line is what a Watch is to know of its line.
type Line struct {
	Plan     *tone.Country
	Reverses bool // the exchange reverses polarity on answer and release
	Silence  time.Duration
	Habits   *release.Habits
}

// Watch follows one line. The zero Watch is ready; it judges between Begin and End
// and otherwise only remembers whether somebody speaks. All times are since the
// call was answered.
type Watch struct {
	plan   *tone.Country
	judge  *release.Judge
	speaks bool
	level  float32 // of the tone that is told next
}

// Begin starts to judge: the call has just been answered.
func (w *Watch) Begin(l Line) {
	w.plan = l.Plan
	w.judge = release.New(l.Habits, release.For(release.Line{Country: l.Plan.Code, Reverses: l.Reverses}),
		release.Options{Silence: l.Silence})
	if w.speaks {
		w.judge.Take(release.Fact{Kind: release.Spoke})
	}
}

// Heard takes what the line's ears told.
func (w *Watch) Heard(h media.Heard, at time.Duration) {
	switch h.Kind {
	case media.VoiceStarted:
		w.speaks = true
		w.Take(release.Fact{Kind: release.Spoke, At: at, For: 10 * speechOnset * time.Millisecond})
	case media.VoiceStopped:
		w.speaks = false
		w.Take(release.Fact{Kind: release.Hushed, At: at, For: speechTail})
	case media.ToneLevel:
		w.level = float32(h.Value) / 10
	case media.ToneBegan:
		if s, ok := sign(tone.Signal(h.Value)); ok && w.judge != nil {
			w.Take(release.Fact{Kind: release.ToneBegan, At: at, For: sounded(w.plan, tone.Signal(h.Value)), Witness: s, DBm0: w.level})
		}
	case media.ToneEnded:
		if s, ok := sign(tone.Signal(h.Value)); ok {
			w.Take(release.Fact{Kind: release.ToneEnded, At: at, Witness: s})
		}
	}
}

// Take takes what the wire showed.
func (w *Watch) Take(f release.Fact) {
	if w.judge != nil {
		w.judge.Take(f)
	}
}

// Look judges; next is how long after it another look is due, 0 for none.
func (w *Watch) Look(at time.Duration) (v release.Verdict, gone bool, next time.Duration) {
	if w.judge == nil {
		return v, false, 0
	}
	v, gone = w.judge.Look(at)
	return v, gone, w.judge.Next(at)
}

// End stops to judge and tells what the call has taught; judged says that a verdict
// ended it. The call may have been none: then there is nothing to learn.
func (w *Watch) End(at time.Duration, judged bool) (e release.Episode, ok bool) {
	if w.judge == nil {
		return e, false
	}
	e = w.judge.End(at, judged)
	w.judge, w.speaks = nil, false
	return e, true
}
