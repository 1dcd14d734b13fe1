package analog

import (
	"time"

	"centralita/firmware/leg"
)

// reversalWait is how long a voice or the end of ringback must stand on a line
// whose exchange reverses at the answer: what comes before the reversal is an
// announcement, unless the reversal has been lost.
const reversalWait = 10 * time.Second

// Certainties of an answer in percent: a reversal is the exchange's word, a voice
// may be an announcement, silence after ringback a bad line, and after a time
// without any sound nothing is known.
const (
	surePolarity = 100
	sureVoice    = 85
	sureRingback = 70
	sureTimer    = 20
	lessSure     = 30 // where the reversal did not come
)

// voiced takes a voice on an outgoing call that is not answered yet.
func (l *line) voiced() {
	if l.state != proceeding {
		return
	}
	if !l.reverses.Load() {
		l.answered(leg.ByVoice, sureVoice)
		return
	}
	if l.voiceAt.IsZero() {
		l.voiceAt = time.Now()
		l.wait(reversalWait)
	}
}

// answerDue looks whether an outgoing call has been answered by now. While it rings
// it has not, however long that takes.
func (l *line) answerDue(now time.Time) {
	patience, ringback := voiceAfter, uint8(sureRingback)
	if l.reverses.Load() {
		patience, ringback = reversalWait, sureRingback-lessSure
	}
	switch gone := l.ringbackGone; {
	case !l.voiceAt.IsZero() && now.Sub(l.voiceAt) >= reversalWait:
		l.answered(leg.ByVoice, sureVoice-lessSure)
	case !gone.IsZero() && now.Sub(gone) >= patience:
		l.answered(leg.ByRingback, ringback)
	case !l.voiceAt.IsZero():
		l.port.wake(l.voiceAt.Add(reversalWait))
	case !gone.IsZero():
		l.port.wake(gone.Add(patience))
	case !l.isRinging && l.over(now, answerAssumed):
		l.answered(leg.ByTimer, sureTimer)
	}
}
