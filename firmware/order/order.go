// Package order holds what the box wants done, in the imperative: plain values
// that reactors give to the core and firmware/switchboard carries out.
//
// An order returns nothing; what came of it arrives later as an event. Orders
// name legs and ports, never pointers, so that they could cross a socket between
// a deciding and a speaking process.
package order

import "centralita/firmware/id"

//go:generate go tool msgp -io=false -tests=false -file order.go

//msgp:limit arrays:4096 maps:256

// Order is one wish.
type Order interface{ Order() string }

// Dial makes leg Leg on Port and rings it. To is the number to dial over an
// outside line or provider, "" for a station. LegRinging, LegAnswered, LegEnded
// tell the rest; a port that is busy or unknown ends at once.
type Dial struct {
	Leg    id.Leg
	Port   id.Port
	To     string
	From   string // shown to the called end
	Name   string
	As     string // extension or account on whose behalf
	RingMS int64  // patience of the far end's ringing in ms; 0 the kind's own. Due times stay with the core

	Absent  string // why From is empty: "private" (withheld), "unavailable", "" not known
	Pattern string // how a handset is to ring, a leg.Pattern; "" as for a call from outside

	With  id.Leg // who is to be connected with it, 0 nobody yet
	Taped bool   // they will be recorded

	Auto     bool       // the telephone is asked to take it by itself (intercom)
	Diverted []Diverted // stations that sent the call on, oldest first
}

// Diverted is a station that sent a call on, and when: always, busy, no-answer,
// deflected.
type Diverted struct {
	Number string
	When   string
}

// Transferred tells a leg whose far end asked for a transfer (event.LegReferred) what
// comes of it: "ringing", any number of times, then "done" or "failed" once, with
// the leg.Cause why.
type Transferred struct {
	Leg   id.Leg
	State string
	Cause string
}

// Alert tells a leg in a talk that somebody else calls: a handset hears the call
// waiting tone and shows From where it can. AlertOver follows when that caller was
// taken or has gone; the tone is repeated until then. Legs that know no call
// waiting do nothing.
type Alert struct {
	Leg     id.Leg
	From    string
	Name    string
	Absent  string
	Pattern string
}

// AlertOver ends what Alert began.
type AlertOver struct{ Leg id.Leg }

// MessageWaiting has a telephone show that so many messages wait, 0 none. Telling
// the same count twice is harmless.
type MessageWaiting struct {
	Port  id.Port
	Count int
}

// ShowStation has the telephones that watch a station show what it does. Telling the
// same twice is harmless.
type ShowStation struct {
	Station  id.Station
	State    string // idle ringing dialling talking unreachable
	Number   string // who calls it, or whom it speaks with; "" not known or withheld
	Name     string
	Incoming bool // the other called
}

// Message writes to a station's telephone; event.MessageSent tells what came of it.
type Message struct {
	Port id.Port
	Name string // shown as the sender
	Who  string // the person's sign-in name
	Text string
}

// TestLine begins a guided test of an outside line: with another of the box, where
// each dials the other, or with an outside number. Facts tell its progress and end.
type TestLine struct {
	Port   id.Port
	With   id.Port // "" with an outside number
	Number string  // that Port dials
	Back   string  // that With dials
}

// TestTrunk begins a test of a provider's account. TrunkTested tells what it finds.
type TestTrunk struct{ Trunk string }

// StopTest ends the guided test of a line.
type StopTest struct{ Port id.Port }

// TuneLine sets a line as a guided test chose; with all else zero as its country
// wants it.
type TuneLine struct {
	Port      id.Port
	Impedance uint8
	Hybrid    string
	Capture   float64
}

// KnowLine tells a line what its profile knows, so that it is listened to as it is.
type KnowLine struct {
	Port     id.Port
	DialTone bool  // it gives dial tone
	DelayMS  int64 // which takes so long at most; 0 unknown
	Tones    []LineTone
	Habits   []byte // what its signs of a hang-up are worth: a release.Habits in JSON
}

// LineTone is a tone as a line's exchange sends it; times of 0 are the country's.
type LineTone struct {
	Signal string // dial, ringback, busy, congestion
	Hz     float64
	Second float64 // 0 none
	OnMS   int64
	OffMS  int64
}

// Progress tells an offered leg that the other side rings or, with Sound, lets it
// hear what is connected to it before it is answered.
type Progress struct {
	Leg   id.Leg
	Sound bool
}

// Answer takes an offered leg's call. LegAnswered follows once its sound is
// valid, also for an offered leg; prompts wait for it. Asking twice is harmless.
type Answer struct{ Leg id.Leg }

// Hangup ends a leg; Cause is a leg.Cause.
type Hangup struct {
	Leg   id.Leg
	Cause string
}

// Connect lets two legs hear each other. Asking twice is harmless.
type Connect struct{ A, B id.Leg }

// Disconnect ends it.
type Disconnect struct{ A, B id.Leg }

// Listen lets Leg hear To, who does not hear Leg by it. Asking twice is harmless.
type Listen struct{ Leg, To id.Leg }

// Echo lets a leg hear itself (a test service) until it ends.
type Echo struct{ Leg id.Leg }

// Play lets a leg hear Clips one after the other, in place of what it was played
// before. PlayEnded follows at the end, never with Loop.
// A clip is "prompt/NAME", "music/NAME", "tone/NAME" (dial, ringback, busy,
// congestion, ... of the country), "number/N" (spoken), "digits/N" (digit by
// digit) or "silence/MS".
type Play struct {
	Leg   id.Leg
	Play  id.Play
	Lang  string // es, it, en
	Clips []string
	Loop  bool
}

// Stop silences what Play began.
type Stop struct{ Leg id.Leg }

// Send gives digits to the far end of an answered leg.
type Send struct {
	Leg    id.Leg
	Digits string
}

// Flash is a hook flash on an outside line.
type Flash struct{ Leg id.Leg }

// Record writes the sound of two legs, left and right, until StopRecord or the
// end of both; Third, of a conference, is on the right too. Said again it changes
// the legs, 0 is silence. RecordingEnded follows.
type Record struct {
	Call        id.Call
	File        string
	Left, Right id.Leg
	Third       id.Leg
}

// StopRecord closes the recording of a call.
type StopRecord struct{ Call id.Call }

// Wake asks for event.Woke at core.Time.At (ms), or soon after. Asking twice is
// harmless; a wake means nothing by itself.
type Wake struct{ At int64 }

// Order names the order for traces and stories.
func (Dial) Order() string           { return "Dial" }
func (Transferred) Order() string    { return "Transferred" }
func (Alert) Order() string          { return "Alert" }
func (AlertOver) Order() string      { return "AlertOver" }
func (MessageWaiting) Order() string { return "MessageWaiting" }
func (ShowStation) Order() string    { return "ShowStation" }
func (Message) Order() string        { return "Message" }
func (TestLine) Order() string       { return "TestLine" }
func (TestTrunk) Order() string      { return "TestTrunk" }
func (StopTest) Order() string       { return "StopTest" }
func (TuneLine) Order() string       { return "TuneLine" }
func (KnowLine) Order() string       { return "KnowLine" }
func (Progress) Order() string       { return "Progress" }
func (Answer) Order() string         { return "Answer" }
func (Hangup) Order() string         { return "Hangup" }
func (Connect) Order() string        { return "Connect" }
func (Disconnect) Order() string     { return "Disconnect" }
func (Listen) Order() string         { return "Listen" }
func (Echo) Order() string           { return "Echo" }
func (Play) Order() string           { return "Play" }
func (Stop) Order() string           { return "Stop" }
func (Send) Order() string           { return "Send" }
func (Flash) Order() string          { return "Flash" }
func (Record) Order() string         { return "Record" }
func (StopRecord) Order() string     { return "StopRecord" }
func (Wake) Order() string           { return "Wake" }
