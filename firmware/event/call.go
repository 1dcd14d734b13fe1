package event

import "centralita/firmware/id"

//msgp:vartuple CallBegan CallRouted CallConnected CallHeld CallResumed CallEnded RecordingBegan RecordingEnded LineSeized
//msgp:limit arrays:4096 maps:256

// CallBegan opens a call in the book. Direction is "in" (from outside), "out"
// (a station to the outside) or "inside"; it begins as "in" or "inside" and
// becomes "out" when a route leads outside.
type CallBegan struct {
	Call      id.Call `json:"call"`
	Leg       id.Leg  `json:"leg"` // the caller's
	Port      id.Port `json:"port"`
	Direction string  `json:"direction"`
	From      string  `json:"from"`
	Name      string  `json:"name"`
	To        string  `json:"to"`

	Diverted []Diverted `json:"diverted"` // who sent the call on to us, as its wire says, the first first
}

// CallRouted hands the call to a destination; its feature holds it from now on.
// Why is a word for the trace: "line", "menu", "dialled", "overflow", ...
type CallRouted struct {
	Call id.Call        `json:"call"`
	To   id.Destination `json:"to"`
	Why  string         `json:"why"`
	// For destinations of a dial plan: what was dialled, the ports that may be used
	// in their order, whether it must go out whatever happens, whether to record.
	Dialled   string    `json:"dialled,omitempty"`
	Through   []id.Port `json:"through,omitempty"`
	Emergency bool      `json:"emergency,omitempty"`
	Record    bool      `json:"record,omitempty"`
}

// CallConnected says that the caller's leg and Leg hear each other.
type CallConnected struct {
	Call    id.Call    `json:"call"`
	Leg     id.Leg     `json:"leg"` // the answering leg
	Port    id.Port    `json:"port"`
	Station id.Station `json:"station"` // "" when outside
	Agent   id.Agent   `json:"agent"`   // "" when nobody of a queue
	WaitMS  int64      `json:"wait_ms"` // since the call began
}

// CallHeld parks the far end on music; By is the leg that asked.
type CallHeld struct {
	Call id.Call `json:"call"`
	By   id.Leg  `json:"by"`
}

// CallResumed ends it.
type CallResumed struct {
	Call id.Call `json:"call"`
	By   id.Leg  `json:"by"`
}

// CallEnded closes the call in the book, exactly once. TalkMS, WaitMS and HeldMS
// are of the loop's clock; time on hold is no talk.
type CallEnded struct {
	Call   id.Call `json:"call"`
	Cause  string  `json:"cause"` // leg.Cause
	By     id.Leg  `json:"by"`    // the leg that ended it, 0 the box
	TalkMS int64   `json:"talk_ms"`
	WaitMS int64   `json:"wait_ms"`
	HeldMS int64   `json:"held_ms"`
	SIP    int64   `json:"sip"`  // the SIP status that ended it, or that stands for the cause
	Q850   int64   `json:"q850"` // the cause value of ITU-T Q.850, likewise
}

// RecordingBegan says that a call's sound is being written: left is the outside
// (or the caller), right the agent.
type RecordingBegan struct {
	Call  id.Call `json:"call"`
	File  string  `json:"file"` // name in the store, without folder tricks
	Left  id.Leg  `json:"left"`
	Right id.Leg  `json:"right"`
}

// RecordingEnded says what became of it; LostMS is sound that could not be
// written, Error is "" or why.
type RecordingEnded struct {
	Call   id.Call `json:"call"`
	File   string  `json:"file"`
	MS     int64   `json:"ms"`
	LostMS int64   `json:"lost_ms"`
	Error  string  `json:"error"`
}

// LineSeized says that an emergency call takes a port from another call, whose
// leg on it is being hung up.
type LineSeized struct {
	Call id.Call `json:"call"` // the emergency call
	Port id.Port `json:"port"`
	From id.Call `json:"from"` // the call that loses it
	Leg  id.Leg  `json:"leg"`
}

func (*LineSeized) Kind() string     { return "LineSeized" }
func (*CallBegan) Kind() string      { return "CallBegan" }
func (*CallRouted) Kind() string     { return "CallRouted" }
func (*CallConnected) Kind() string  { return "CallConnected" }
func (*CallHeld) Kind() string       { return "CallHeld" }
func (*CallResumed) Kind() string    { return "CallResumed" }
func (*CallEnded) Kind() string      { return "CallEnded" }
func (*RecordingBegan) Kind() string { return "RecordingBegan" }
func (*RecordingEnded) Kind() string { return "RecordingEnded" }
