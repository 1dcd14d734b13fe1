package event

import "centralita/firmware/id"

//msgp:vartuple MenuAsked MenuChose DialWaited MenuLeft
//msgp:limit arrays:4096 maps:256

// MenuAsked says that a caller hears a menu's question for the Try-th time and
// has until Until (core.Time.At) for a key. While Play, the question itself, is
// not 0, it still plays and Until guards against a prompt that never ends.
type MenuAsked struct {
	Call  id.Call `json:"call"`
	Menu  string  `json:"menu"`
	Try   uint8   `json:"try"`
	Play  id.Play `json:"play"`
	Until int64   `json:"until"`
	Lang  string  `json:"lang"` // the caller's language from here on
}

// MenuChose is the key that was taken; Key is "" when none came in time.
type MenuChose struct {
	Call id.Call `json:"call"`
	Menu string  `json:"menu"`
	Key  string  `json:"key"`
}

// MenuLeft says that a menu gave up and says goodbye; the call ends with the end
// of Play, or at Until.
type MenuLeft struct {
	Call  id.Call `json:"call"`
	Menu  string  `json:"menu"`
	Why   string  `json:"why"` // "no-key", "closed"
	Play  id.Play `json:"play"`
	Until int64   `json:"until"`
}

// DialWaited says that the box collects digits from a handset for this call and
// looks again at Until.
type DialWaited struct {
	Call   id.Call `json:"call"`
	Digits string  `json:"digits"`
	Until  int64   `json:"until"`
}

func (*MenuAsked) Kind() string  { return "MenuAsked" }
func (*MenuChose) Kind() string  { return "MenuChose" }
func (*DialWaited) Kind() string { return "DialWaited" }
func (*MenuLeft) Kind() string   { return "MenuLeft" }
