package event

import "centralita/firmware/id"

//msgp:vartuple MenuAsked MenuChose DialWaited
//msgp:limit arrays:4096 maps:256

// MenuAsked says that a caller hears a menu's question for the Try-th time and
// has until Until (core.Time.At) for a key; 0 while the prompt still plays.
type MenuAsked struct {
	Call  id.Call `json:"call"`
	Menu  string  `json:"menu"`
	Try   uint8   `json:"try"`
	Play  id.Play `json:"play"`
	Until int64   `json:"until"`
}

// MenuChose is the key that was taken; Key is "" when none came in time.
type MenuChose struct {
	Call id.Call `json:"call"`
	Menu string  `json:"menu"`
	Key  string  `json:"key"`
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
