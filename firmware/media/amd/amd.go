// Package amd tells after an answer whether a person or an answering machine
// speaks, and hears the end of the machine's beep, when a message may be left.
//
// Listener is a media.Ear that is attached the moment a call is answered. It
// judges by the rhythm alone: a person says a word or two and waits, a greeting
// goes on. “Hello.” and a pause may be either; what was taken for a person is
// corrected if a greeting follows sooner than anybody answers what he was told.
// Nothing in a rhythm is certain, so nobody may be hung up on by it; campaigns use
// it to choose what is said.
package amd

import (
	"centralita/firmware/media"
	"centralita/firmware/media/vad"
)

// Verdict is who answered. It is the Value of media.AnsweredBy.
type Verdict uint8

// The verdicts.
const (
	None    Verdict = iota // none yet
	Human                  // a person waits for us to speak
	Machine                // a greeting is played, or a beep was heard
	Unsure                 // nobody spoke
)

// String names the verdict.
func (v Verdict) String() string {
	switch v {
	case Human:
		return "human"
	case Machine:
		return "machine"
	case Unsure:
		return "unsure"
	}
	return "none"
}

// Listener judges an answer. It tells media.AnsweredBy once, again when a person
// turns out to be a machine, and media.BeepEnded for every beep until it is sure of
// a person.
type Listener struct {
	vad     *vad.Detector
	beep    beep
	verdict Verdict
	sure    bool // of a person

	now    int // frames since the answer
	first  int // frame with which the greeting began
	group  int // frame with which its words began that run together
	last   int // newest frame of speech
	spoken int // frames of speech
	words  int // groups of words
	until  int // frame up to which a person may turn out to be a machine
}

// NewListener makes the ear of one answer.
func NewListener() *Listener { return &Listener{vad: vad.NewDetector()} }

// Hear implements media.Ear.
func (l *Listener) Hear(pcm *[media.Narrow]int16, m media.Mouth) {
	before := l.verdict
	hz := l.Frame(pcm)
	if l.verdict != before {
		m.Tell(media.AnsweredBy, int32(l.verdict))
	}
	if hz != 0 {
		m.Tell(media.BeepEnded, int32(hz))
	}
}

// Frame takes 10 ms and returns the frequency of a beep that ended, 0 mostly.
func (l *Listener) Frame(pcm *[media.Narrow]int16) (hz int) {
	l.now++
	voice := l.vad.Frame(pcm)
	if l.sure {
		return 0
	}
	hz = l.beep.frame(pcm)
	if l.verdict == None || l.verdict == Human {
		l.judge(voice, hz != 0)
	}
	return hz
}

// Verdict is what was judged until now.
func (l *Listener) Verdict() Verdict { return l.verdict }
