// Package leg says what may be asked of any end of a call, whatever wire it is
// on, and what it reports.
//
// firmware/leg/analog, leg/sip and leg/legtest make legs; firmware/switchboard
// owns them. Nobody above switches on the kind of a leg: differences are data
// (Can, By, Cause). A leg never decides where a call goes.
package leg

import (
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/line/release"
	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// Leg is one end of one call. All methods return at once and may be called from
// one goroutine only (the loop); what came of them is told later as a Report.
// After Ended was reported, methods do nothing.
type Leg interface {
	media.Port // its ear and its mouth, used by the tick only
	Can() Can
	Ring(Caller)         // an outgoing leg: an FXS rings, SIP invites, FXO seizes and dials Caller.To
	Progress(sound bool) // an offered leg: tell the far end that it rings (SIP 180) or let it hear us before answer (183 with a description); a telephone line knows neither
	Answer()             // an offered leg: take the call (FXO off-hook, SIP 200; an FXS that lifted is answered already)
	Send(digits string)  // dial after answer: tones in band or RFC 4733
	Flash()              // hook flash where Can().Flash
	Hangup(Cause)        // ends it; Ended follows, always
}

// Listener is a leg that wants recognisers on its own sound, such as an analog
// line that must hear busy tone to know a hang-up. The switchboard attaches the
// ears when it plugs the leg and passes on every fact of its port but digits.
type Listener interface {
	Ears() []media.Ear
	Heard(media.Heard)
}

// Modem is a leg that knows whether a fax machine or modem talks in its call. What
// sounds like a digit meanwhile is none, and the switchboard takes it for none.
type Modem interface {
	Modem() bool // may be asked by any goroutine
}

// Maker makes outgoing legs and tells of offered ones. One per kind of wire:
// analog lines and handsets, SIP.
type Maker interface {
	// Make prepares an outgoing leg on port; nothing rings before Ring.
	// It is refused at once when the port is unknown, busy or out of order.
	Make(port id.Port) (Leg, *Refused)
}

// Refused says why Make made nothing.
type Refused struct {
	Cause Cause
	Why   string // English, for the log and the trace: thing, place, reason
}

// Caller is what the far end is shown, and what to dial.
type Caller struct {
	Number string // of the calling party; "" is withheld or unknown
	Name   string
	To     string // digits to dial over an outside line; the user for a phone
	From   string // extension or account on whose behalf

	Absent  Absent  // why there is no Number
	Pattern Pattern // how a handset is to ring

	With  Leg  // who is to be connected with whoever answers, nil nobody yet: the same codec needs no translation
	Mixed bool // what they say goes through the engine: it is recorded, say

	Auto     bool       // the telephone is to take it by itself and speak aloud, where it can
	Diverted []Diverted // who sent the call on, oldest first
}

// Diverted is who sent a call on without having taken it, and when: always, busy,
// no-answer, deflected, unreachable or other. Number "" is withheld.
type Diverted struct {
	Number string
	When   string
}

// Absent is why a number is not known.
type Absent string

// The reasons (ETSI EN 300 659-3, 5.4.4); "" is none given, or a number is there.
const (
	Private     Absent = "private"     // withheld by the caller
	Unavailable Absent = "unavailable" // the network does not know it
)

// Pattern is why a telephone rings, which it may show by the way it rings.
type Pattern string

// The patterns; "" rings as RingExternal.
const (
	RingExternal Pattern = "external"
	RingInternal Pattern = "internal"
	RingQueue    Pattern = "queue"
	RingRecall   Pattern = "recall" // a call comes back: from hold, from a failed transfer
	RingAlarm    Pattern = "alarm"
)

// Waiter is a leg that can be told in its talk that somebody else calls (call
// waiting). Waiting begins the alert and WaitingOver ends it; both return at once.
type Waiter interface {
	Waiting(Caller)
	WaitingOver()
}

// Transferor is a leg whose far end may ask for a transfer (Referred), and is told
// what comes of it: ringing any number of times, then the end of it once.
type Transferor interface {
	Transferred(TransferState, Cause)
}

// TransferState is where a transfer stands.
type TransferState string

// The states; the cause goes with TransferFailed.
const (
	TransferRings  TransferState = "ringing"
	TransferDone   TransferState = "done"
	TransferFailed TransferState = "failed"
)

// TrunkTester is a Maker whose trunks can be tested: facts tell what comes of it.
type TrunkTester interface {
	TestTrunk(name string)
}

// Minder is a Maker whose ports can show that messages wait.
type Minder interface {
	MessageWaiting(port id.Port, count int)
}

// Shower is a Maker whose telephones can show what a station does (busy lamps).
type Shower interface {
	ShowStation(StationState)
}

// StationState is what a station does.
type StationState struct {
	Station  id.Station
	State    string // idle ringing dialling talking unreachable
	Number   string // of the other, "" not known
	Name     string
	Incoming bool // the other called
}

// Messenger is a Maker whose ports can be written to. What came of it is told as a
// fact.
type Messenger interface {
	Message(port id.Port, name, who, text string)
}

// Examiner is a maker of legs whose lines can be tested and matched.
type Examiner interface {
	// TestLine begins a guided test of a line: with another line, where both dial
	// each other, or with an outside number. Facts tell what comes of it.
	TestLine(port, with id.Port, number, back string)
	StopTest(port id.Port)
	Tune(port id.Port, t Tuning)
	Know(port id.Port, k Known)
}

// Known is what a line's profile knows, for listening to it; the zero Known is
// nothing.
type Known struct {
	DialTone bool          // the line gives dial tone
	Delay    time.Duration // which takes so long at most; 0 unknown
	Tones    []tone.Learned
	Habits   release.Habits // what its signs of a hang-up are worth
}

// Tuning is what a guided test chose for a line, in the codes of its chip; the zero
// Tuning is the country's own.
type Tuning struct {
	Impedance uint8
	Hybrid    string  // eight coefficients
	Capture   float64 // dB added to what comes in
}

// Can says what this end is able to do.
type Can struct {
	Flash       bool
	Name        bool // shows a caller name
	Supervision bool // tells answer for certain (SIP 200, off-hook)
	EarlySound  bool // is heard before answer (in-band ringback)
	Transfer    bool // understands REFER
	DTMFOutBand bool // sends digits beside the sound (RFC 4733)
}

// Report is what a leg tells, each once in its place; Ended always comes, and
// last. It is delivered through the Told given at construction.
type Report struct {
	Kind  ReportKind
	Port  id.Port
	From  string // Offered: calling number, "" unknown
	Name  string // Offered: calling name
	To    string // Offered: number dialled as far as known (SIP: user part; DID)
	By    By     // Answered
	Digit byte   // Digit: '0'..'9' '*' '#' 'A'..'D'; '!' is a hook flash
	Event bool   // Digit: it came in a packet of the sound (RFC 4733), and passes with the others in a relay
	Cause Cause  // Ended
	Text  string // Trouble, Ended: detail for the trace
	Peer  string // Offered: signalling address or line, for the trace
	Sure  uint8  // Answered: percent of certainty

	Readings []event.Reading // Measured: what the call taught about its wire, items of firmware/line
	Absent   Absent          // Offered, Updated: why there is no From
	SIP      int             // Ended: the SIP status that ended it, 0 none
	Q850     int             // Ended: the cause value that the far end told, 0 none
	Diverted []Diverted      // Offered: who sent the call on to us, as its wire says, the first first
	Other    Leg             // Offered: whose place it asks for; Referred: whose far end it is to be connected with; nil none
}

// ReportKind orders the life of a leg.
type ReportKind uint8

// Offered begins an incoming leg; Updated completes it (caller ID after the
// first ring); the others follow in order.
const (
	Offered ReportKind = 1 + iota
	Updated
	Ringing
	EarlySound
	Answered
	Digit
	Trouble
	Ended
	Measured // any time before Ended
	Held     // the far end listens no more; Text is how, as event.LegHeld has it
	Resumed  // it listens again
	Agreed   // its sound was agreed anew: what was not possible before may be now
	Referred // it asks for a transfer: to To, or to the far end of Other; Text is who asked for it
)

// Told receives reports of one leg. It never blocks for long: it puts the report
// in the bounded inbox of the loop. l is the leg that speaks (the first time an
// offered leg is seen is its Offered report).
type Told func(l Leg, r Report)

// By says how an answer was known.
type By string

// The ways of knowing an answer.
const (
	ByHook     By = "hook"     // a handset was lifted, or we went off-hook
	BySIP      By = "sip"      // 200 OK
	ByPolarity By = "polarity" // the exchange reversed the line
	ByVoice    By = "voice"    // somebody spoke
	ByRingback By = "ringback" // ringback stopped
	ByTimer    By = "timer"    // assumed after a time
)

// Cause says why a leg or a call ended; a closed list.
type Cause string

// The causes, with Q.850 number and SIP status in causes.go.
const (
	Normal        Cause = "normal"
	Busy          Cause = "busy"
	NoAnswer      Cause = "no-answer"
	Rejected      Cause = "rejected"
	Cancelled     Cause = "cancelled" // the caller gave up before answer
	UnknownNumber Cause = "unknown-number"
	OutOfOrder    Cause = "out-of-order"
	NoLine        Cause = "no-line" // all lines busy
	NotRegistered Cause = "not-registered"
	Congestion    Cause = "congestion"
	Forbidden     Cause = "forbidden"
	Timeout       Cause = "timeout"
	NoCodec       Cause = "no-codec"
	BadSound      Cause = "bad-description" // of the sound: it cannot be read or names no place
	Unsealed      Cause = "encryption"      // one side wants encrypted sound, the other does not
	NoMedia       Cause = "no-media"        // sound stopped for too long
	LoopBreak     Cause = "loop-break"      // far end hung up, seen as open loop
	PolarityBack  Cause = "polarity"        // far end hung up, seen as reversal
	BusyTone      Cause = "busy-tone"       // far end hung up, heard as busy or congestion
	DialTone      Cause = "dial-tone"       // far end hung up, heard as dial tone
	Silence       Cause = "silence"
	Preempted     Cause = "preempted"          // an emergency call took the line
	InUse         Cause = "in-use"             // another telephone on the line is off-hook
	Redirected    Cause = "redirected"         // its telephone says where the call is to go
	Elsewhere     Cause = "answered-elsewhere" // another telephone on the line took the call
	Glare         Cause = "glare"              // a call came in as the line was seized
	NoDialTone    Cause = "no-dial-tone"       // the exchange does not listen
	BoxStopped    Cause = "box-stopped"
	PowerCut      Cause = "power-cut" // found open after a restart
	Failure       Cause = "failure"
)
