package amd

// The rhythm of answers, in frames. Persons say up to a second in one breath and
// wait, or greet, pause and name themselves; a greeting of a machine begins so
// seldom and goes on for longer than either.
const (
	joined   = 16  // a pause as long parts groups of words; a closed consonant is shorter
	breath   = 104 // words that run together for as long are read out
	greeting = 192 // nobody who waits for an answer speaks as long, pauses included
	click    = 6   // speech of fewer frames is a noise of the line
	nobody   = 400 // nothing was said

	// How long a person waits after words of a length. Short ones are over when
	// a comma would be; long ones may be a machine's first sentence.
	short, waitShort   = 60, 31
	middle, waitMiddle = 130, 42
	waitLong           = 50

	// spoken lies less than 18 dB under the voice's peak: a word's reverberation
	// is part of the pause; and as much over the noise, which has its clicks.
	spokenUnder, spokenOver = 18, 8
)

// judge takes a frame.
func (l *Listener) judge(voice, beep bool) {
	switch {
	case beep:
		l.verdict = Machine
		return
	case voice && l.vad.Voiced() && l.vad.Level() > max(l.vad.Peak()-spokenUnder, l.vad.Background()+spokenOver):
		l.speech()
	case l.words > 0:
		l.pause()
	}
	if l.verdict == None && l.words == 0 && l.now >= nobody {
		l.verdict = Unsure
	}
}

// speech takes a frame in which somebody speaks.
func (l *Listener) speech() {
	if l.words == 0 {
		l.first, l.group = l.now, l.now
		l.words, l.spoken = 1, 0
	} else if l.now-l.last >= joined {
		l.group = l.now
		l.words++
	}
	l.last = l.now
	l.spoken++
	if l.now-l.group >= breath || l.now-l.first >= greeting {
		l.verdict = Machine
	}
}

// pause takes a frame after speech in which nobody speaks.
func (l *Listener) pause() {
	quiet, long := l.now-l.last, l.last-l.first
	if quiet >= joined && l.spoken < click {
		l.words = 0
		return
	}
	wait := waitLong
	switch {
	case long < short:
		wait = waitShort
	case long < middle:
		wait = waitMiddle
	}
	if quiet >= wait {
		l.verdict = Human
	}
}
