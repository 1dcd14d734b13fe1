package amd

// The rhythm of answers, in frames. Persons say up to a second in one breath and
// wait, or greet, pause and name themselves; a greeting of a machine begins so
// seldom and goes on for longer than either.
const (
	joined   = 14  // a pause as long parts groups of words; a closed consonant is shorter
	breath   = 110 // words that run together for as long are read out
	greeting = 197 // nobody who waits for an answer speaks as long, pauses included
	click    = 6   // speech of fewer frames is a noise of the line
	noise    = 16  // after which a click is forgotten
	nobody   = 400 // nothing was said
	reply    = 40  // after a verdict nobody has heard us and answers as soon
	latest   = 600 // after the answer a conversation is not judged

	// How long a person waits: the more was said, the more likely a pause is that
	// between two sentences of a machine, which is longer in slow speech too.
	waitShort = 25 // after a word of at most
	word      = 30
	waitMore  = 0.11 // for each frame above that
	waitLong  = 60

	// spokenUnder is how far under the voice's peak it still speaks: weak consonants
	// belong to a word, its reverberation to the pause. spokenOver is as much over the
	// noise, which has its clicks.
	spokenUnder, spokenOver = 24.6, 13
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
	switch {
	case l.words > 0:
	case l.verdict == Human:
		l.sure = l.now >= l.until
	case l.verdict == None && l.now >= nobody:
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
	if quiet >= noise && l.spoken < click {
		l.words = 0
		return
	}
	if quiet >= min(waitLong, waitShort+int(waitMore*float32(max(0, long-word))+0.99)) {
		l.verdict = Human
		l.words, l.until = 0, min(l.now+reply, latest)
	}
}
