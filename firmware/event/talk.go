package event

import "centralita/firmware/id"

//msgp:vartuple CallTransferred CallWaits ConferenceBegan ConferenceEnded KeyAwaited RecallWaited TransferAsked CallForwarded
//msgp:limit arrays:4096 maps:256

// CallTransferred says that By leaves the call and the other end stays. How tells
// with whom:
//
//	"attended"  with Leg, the far end of the call Via, which is over
//	"ringing"   with whoever answers what the call Via had dialled: its legs ring on
//	            for this call, which now stands at To; Via is over
//	"blind"     with the destination that the next CallRouted names; Via is over
//	"recall"    with nobody yet: the telephone of By is rung for it
type CallTransferred struct {
	Call    id.Call        `json:"call"`
	Via     id.Call        `json:"via"`
	By      id.Leg         `json:"by"`
	Station id.Station     `json:"station"` // of By, where the call comes back to
	How     string         `json:"how"`
	To      id.Destination `json:"to"`
	Leg     id.Leg         `json:"leg"`
	Port    id.Port        `json:"port"`  // of Leg
	Taken   id.Station     `json:"taken"` // of Leg, "" when outside
	Agent   id.Agent       `json:"agent"` // who spoke at Leg, "" when nobody of a queue
}

// CallWaits says that the station's telephone is in a talk by Leg and is told of
// this call there (call waiting); patience ends at Until.
type CallWaits struct {
	Call  id.Call `json:"call"`
	Leg   id.Leg  `json:"leg"`
	Until int64   `json:"until"`
}

// ConferenceBegan joins two calls of one person: all three hear each other.
type ConferenceBegan struct {
	Call  id.Call `json:"call"`
	Other id.Call `json:"other"`
	By    id.Leg  `json:"by"`
}

// ConferenceEnded parts them; what becomes of each call is said apart.
type ConferenceEnded struct {
	Call  id.Call `json:"call"`
	Other id.Call `json:"other"`
	By    id.Leg  `json:"by"`
	Why   string  `json:"why"` // "flash", "left"
}

// KeyAwaited says that a telephone in a call hears a tone instead of it until
// Until. For is "menu" (a key chooses between two calls), "wrong" (the key was
// none of them), "return" (a second call failed; the held one comes back), or ""
// when it is over.
type KeyAwaited struct {
	Leg   id.Leg `json:"leg"`
	For   string `json:"for"`
	Until int64  `json:"until"`
}

// RecallWaited says that a call that comes back to a station is tried again at
// Next and given up at Until.
type RecallWaited struct {
	Call  id.Call `json:"call"`
	Next  int64   `json:"next"`
	Until int64   `json:"until"`
}

// TransferAsked says that Leg leaves its held call as soon as the second, Call, has
// found somebody to ring, or, where When is "answered", somebody who answers. Call 0
// takes it back.
type TransferAsked struct {
	Call id.Call `json:"call"`
	Leg  id.Leg  `json:"leg"`
	When string  `json:"when"`
}

// CallForwarded says that a station sends a call on without having taken it; where to
// is told by the CallRouted that follows.
type CallForwarded struct {
	Call    id.Call    `json:"call"`
	Station id.Station `json:"station"`
	When    string     `json:"when"` // always, busy, no-answer, deflected (its telephone said so)
	To      string     `json:"to"`
}

func (*CallForwarded) Kind() string   { return "CallForwarded" }
func (*CallTransferred) Kind() string { return "CallTransferred" }
func (*CallWaits) Kind() string       { return "CallWaits" }
func (*ConferenceBegan) Kind() string { return "ConferenceBegan" }
func (*ConferenceEnded) Kind() string { return "ConferenceEnded" }
func (*KeyAwaited) Kind() string      { return "KeyAwaited" }
func (*RecallWaited) Kind() string    { return "RecallWaited" }
func (*TransferAsked) Kind() string   { return "TransferAsked" }
