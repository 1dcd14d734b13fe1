package trial

import "time"

// Side is one of the two lines of a trial.
type Side uint8

// The sides; with an outside number there is only A.
const (
	A Side = iota
	B
)

func (s Side) other() Side { return 1 - s }

// Act is one thing to do. Its sides' lines are busy with nothing else.
type Act struct {
	Do   Do
	Side Side
	Hz   float64 // of Tone
	N    int     // of Match: which way to match the line
}

// Do says what.
type Do uint8

// The acts.
const (
	Dial   Do = 1 + iota // seize the line and dial the other's number
	Answer               // take the call that rings
	Hangup               // put the line down
	Call                 // make a sound that no tone is, so that the far end knows of the answer
	Hush                 // stop it
	Tone                 // send a tone from Side, measure it at the other: Heard follows
	Match                // match Side in way N, send noise, measure what comes back: Heard follows
	Settle               // keep way N of Side
)

// Fact is something that happened.
type Fact struct {
	Kind Kind
	Side Side
	DB   float64 // Heard: level against what was sent
}

// Kind says what.
type Kind uint8

// The facts.
const (
	Tick     Kind = iota // time has passed
	Offered              // the line rings and shows who calls
	Early                // the number is dialled
	Answered             // the line is through
	Ended                // the call of the line is over
	Heard                // what a Tone or Match measured
)

// Step names what is being done, as "test.step." in the catalogue of words.
type Step string

// The steps.
const (
	Dialling  Step = "dial"
	Ringing   Step = "ring"
	Answering Step = "answer"
	Quiet     Step = "quiet"
	Sweeping  Step = "sweep"
	Matching  Step = "match"
	HangingUp Step = "hangup"
	Pausing   Step = "pause"
	Over      Step = "over"
)

// Results, as "test.result." in the catalogue.
const (
	Done       = "done"
	NoAnswer   = "no-answer"   // nobody answered, or the other line did not ring
	NotThrough = "not-through" // the two lines do not hear each other
	Failed     = "failed"      // a line gave up: no dial tone, busy, congestion
	Cancelled  = "cancelled"
	Needed     = "line-needed" // a call wanted one of the lines
	TooLong    = "too-long"
)

// Patience with each step, and with the whole. The longest step of a healthy line
// is a hang-up that only dial tone tells.
const (
	dialMost    = 25 * time.Second
	ringFor     = 5 * time.Second // after the offer: a second burst shows the pause between
	answerMost  = 10 * time.Second
	quietFor    = 1500 * time.Millisecond
	hangupMost  = 13 * time.Second
	pauseFor    = 2500 * time.Millisecond
	talkFor     = 3 * time.Second // of the second call
	wholeMost   = 90 * time.Second
	throughLoss = 35.0 // dB: more, and it is not the other line that is heard
	// betterBy is how much another way has to be better than the country's own.
	betterBy = 1.0
)

// Frequencies of the sweep: the reference, and the edges of the telephone band.
var sweep = [...]float64{1004, 404, 2804}

// Trial is one guided test; New makes it.
type Trial struct {
	pair bool   // with another own line
	back bool   // that can dial this one
	ways [2]int // to match each side
	now  time.Duration

	step   Step
	since  time.Duration // of the step
	caller Side          // of the running call
	second bool          // the running call is the second
	up     [2]bool       // answered in this call
	early  bool          // the number is dialled

	at     int             // of sweep or match
	side   Side            // that is being measured
	order  []int           // in which the ways are tried
	lossOf map[int]float64 // dB with each so far, the least where measured twice

	result Results
}

// Results is what a trial found.
type Results struct {
	Result string
	Loss   [2][3]float64 // dB from the side to the other, by frequency of the sweep
	Swept  [2]bool
	Way    [2]int     // chosen to match the side
	Return [2]float64 // dB of echo return loss with it
	Before [2]float64 // with the country's own
	Tuned  [2]bool
	Unseen [2]bool // the far end hung up and the line did not show it
}

// New begins a trial: ways are how many ways there are to match A and B.
func New(pair, back bool, ways [2]int) *Trial {
	return &Trial{pair: pair, back: pair && back, ways: ways}
}

// Start is the first act.
func (t *Trial) Start() []Act { return t.dial(A) }

// Step is what is being done, and how much of the whole is behind, in percent.
func (t *Trial) Step() (Step, uint8) {
	done := map[Step]int{Dialling: 2, Ringing: 12, Answering: 22, Quiet: 26, Sweeping: 30, Matching: 36, HangingUp: 62, Pausing: 68, Over: 100}[t.step]
	switch {
	case t.step == Matching && t.ways[t.side] > 0:
		done += 13*int(t.side) + 13*t.at/(t.ways[t.side]+finalists+1)
	case t.second && t.step != Over:
		done = 70 + done*27/62
	}
	return t.step, uint8(min(done, 100))
}

// Results is what was found so far; Result is "" while it runs.
func (t *Trial) Results() Results { return t.result }

// Stop ends it early.
func (t *Trial) Stop(result string) []Act {
	if t.step == Over {
		return nil
	}
	t.enter(Over)
	t.result.Result = result
	return t.all(Act{Do: Hush}, Act{Do: Hangup})
}

// all gives acts for both sides.
func (t *Trial) all(acts ...Act) (list []Act) {
	for _, a := range acts {
		list = append(list, a)
		if t.pair {
			a.Side = B
			list = append(list, a)
		}
	}
	return list
}

func (t *Trial) enter(s Step) { t.step, t.since = s, t.now }

func (t *Trial) dial(from Side) []Act {
	t.caller, t.up, t.early = from, [2]bool{}, false
	t.enter(Dialling)
	return []Act{{Do: Dial, Side: from}}
}

// Expects reports whether a call that is offered at a side is the trial's own.
func (t *Trial) Expects(s Side) bool {
	return t.pair && t.step == Dialling && t.early && s == t.caller.other()
}
