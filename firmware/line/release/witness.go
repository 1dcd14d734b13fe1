package release

import "time"

// Witness is a sign that the far end has hung up.
type Witness uint8

// The witnesses.
const (
	LoopBreak   Witness = iota // the exchange took its battery away for a moment
	Polarity                   // it turned the battery round
	CurrentDrop                // it feeds much less than during talk
	Busy                       // busy tone
	Congestion                 // congestion tone, also called reorder
	Dial                       // dial tone
	SIT                        // special information tone, before an announcement
	Silence                    // nothing from either side for as long as the line's settings allow
	Witnesses                  // how many there are
)

var names = [Witnesses]string{"loop-break", "polarity", "current-drop", "busy", "congestion", "dial-tone", "sit", "silence"}

// String is the name in readings.
func (w Witness) String() string {
	if w >= Witnesses {
		return "none"
	}
	return names[w]
}

var words = [Witnesses]string{"loop open", "polarity reversed", "loop current down", "busy tone", "congestion tone", "dial tone",
	"special information tone", "silence"}

// Words is the witness in an explanation.
func (w Witness) Words() string {
	if w >= Witnesses {
		return "nothing"
	}
	return words[w]
}

// named finds a witness by its name.
func named(name string) (Witness, bool) {
	for w, n := range names {
		if n == name {
			return Witness(w), true
		}
	}
	return 0, false
}

// tone reports whether the witness is a tone that lasts.
func (w Witness) tone() bool { return w == Busy || w == Congestion || w == Dial || w == SIT }

// Kind says what a Fact is about.
type Kind uint8

// The facts.
const (
	Opened    Kind = 1 + iota // off-hook and no loop current; For is how long already
	Closed                    // current flows again; For is how long it did not
	Reversed                  // polarity changed
	Current                   // MilliAmp of the loop, some times a second
	ToneBegan                 // Witness is certain; For is how long it has sounded already
	ToneEnded                 // Witness is over
	Spoke                     // the far end speaks; For is how long already
	Hushed                    // it has stopped; For is how long already
	Near                      // our side made a sound
)

// Fact is one thing that was seen or heard on the line.
type Fact struct {
	Kind     Kind
	At       time.Duration // since the call was answered
	For      time.Duration
	Witness  Witness // of a tone
	DBm0     float32 // of a tone, 0 where not measured
	MilliAmp float32 // of Current
}
