package event

import "centralita/firmware/id"

//msgp:vartuple LegOffered LegUpdated LegBegan LegRinging LegEarly LegAnswered DigitPressed PlayEnded LegTrouble LegEnded LegDropped LegReferred LegHeld LegResumed Diverted
//msgp:limit arrays:4096 maps:256

// LegOffered is somebody at a port who wants a call: a line rings, a handset was
// lifted, a phone or provider sent an INVITE.
type LegOffered struct {
	Leg  id.Leg  `json:"leg"`
	Port id.Port `json:"port"`
	From string  `json:"from"` // calling number, "" unknown
	Name string  `json:"name"`
	To   string  `json:"to"` // number dialled as far as the wire tells, "" none
	Peer string  `json:"peer"`

	Absent   string `json:"absent"`   // why From is empty, a leg.Absent
	Replaces id.Leg `json:"replaces"` // whose place it asks for (SIP Replaces), 0 nobody's
	Refused  string `json:"refused"`  // the leg.Cause for which its wire refuses it at once, "" not

	Diverted []Diverted `json:"diverted"` // who sent the call on to us, as its wire says, the first first
}

// Diverted is who sent a call on without having taken it, and when: always, busy,
// no-answer, deflected, unreachable, other.
type Diverted struct {
	Number string `json:"number"` // "" withheld
	When   string `json:"when"`
}

// LegUpdated brings caller ID that came after the offer.
type LegUpdated struct {
	Leg    id.Leg `json:"leg"`
	From   string `json:"from"`
	Name   string `json:"name"`
	Absent string `json:"absent"` // why From is empty, a leg.Absent
}

// LegBegan says that the box makes a leg of its own for a call; the order Dial
// goes with it.
type LegBegan struct {
	Leg   id.Leg  `json:"leg"`
	Call  id.Call `json:"call"`
	Port  id.Port `json:"port"`
	To    string  `json:"to"`
	Until int64   `json:"until"` // patience with the ringing ends (core.Time.At); 0 is kept by the call's holder
}

// LegRinging is the far end's word that it rings.
type LegRinging struct {
	Leg id.Leg `json:"leg"`
}

// LegEarly is sound before answer (the far end's own ringback or announcement).
type LegEarly struct {
	Leg id.Leg `json:"leg"`
}

// LegAnswered says how the answer was known (leg.By) and with which certainty in
// percent.
type LegAnswered struct {
	Leg  id.Leg `json:"leg"`
	By   string `json:"by"`
	Sure uint8  `json:"sure"`
}

// DigitPressed is one DTMF digit, or "!" for a hook flash.
type DigitPressed struct {
	Leg   id.Leg `json:"leg"`
	Digit string `json:"digit"`
}

// PlayEnded says that something played came to its end; what was stopped or
// replaced by order tells nothing.
type PlayEnded struct {
	Leg  id.Leg  `json:"leg"`
	Play id.Play `json:"play"`
}

// LegTrouble is a technical remark in English, for the trace.
type LegTrouble struct {
	Leg  id.Leg `json:"leg"`
	Text string `json:"text"`
}

// LegEnded comes exactly once for every leg offered or begun. Cause is a
// leg.Cause; SIP and Q850 are the codes of the far end, 0 where its wire has none.
type LegEnded struct {
	Leg   id.Leg `json:"leg"`
	Cause string `json:"cause"`
	Text  string `json:"text"`
	SIP   int64  `json:"sip"`
	Q850  int64  `json:"q850"`
	To    string `json:"to"` // where the far end sends the call with Cause "redirected"
}

// LegDropped says that the box hangs a leg up by itself while its call goes on or
// has ended: nobody answered in time, or a telephone heard long enough why its
// call ended. LegEnded follows.
type LegDropped struct {
	Leg   id.Leg `json:"leg"`
	Cause string `json:"cause"` // leg.Cause
}

// LegReferred says that the far end of a leg asks the box to connect whom it speaks
// with elsewhere (SIP REFER): to what it would dial, or to the other end of its
// leg With. The leg hears what came of it by order.Transferred.
type LegReferred struct {
	Leg  id.Leg `json:"leg"`
	To   string `json:"to"`   // "" with With
	With id.Leg `json:"with"` // 0 with To
	By   string `json:"by"`   // Referred-By, for the trace
}

// LegHeld says that the far end of a leg does not listen any more. How is
// "sendonly" (it may play music of its own), "inactive" or "zero" (the address
// 0.0.0.0 of RFC 2543).
type LegHeld struct {
	Leg id.Leg `json:"leg"`
	How string `json:"how"`
}

// LegResumed says that it listens again.
type LegResumed struct {
	Leg id.Leg `json:"leg"`
}

func (*LegOffered) Kind() string   { return "LegOffered" }
func (*LegUpdated) Kind() string   { return "LegUpdated" }
func (*LegBegan) Kind() string     { return "LegBegan" }
func (*LegRinging) Kind() string   { return "LegRinging" }
func (*LegEarly) Kind() string     { return "LegEarly" }
func (*LegAnswered) Kind() string  { return "LegAnswered" }
func (*DigitPressed) Kind() string { return "DigitPressed" }
func (*PlayEnded) Kind() string    { return "PlayEnded" }
func (*LegTrouble) Kind() string   { return "LegTrouble" }
func (*LegEnded) Kind() string     { return "LegEnded" }
func (*LegDropped) Kind() string   { return "LegDropped" }
func (*LegReferred) Kind() string  { return "LegReferred" }
func (*LegHeld) Kind() string      { return "LegHeld" }
func (*LegResumed) Kind() string   { return "LegResumed" }
