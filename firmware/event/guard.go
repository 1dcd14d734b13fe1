package event

import "centralita/firmware/id"

//msgp:limit arrays:4096 maps:256
//msgp:vartuple CallBarred LimitNeared

// CallBarred says that the guard keeps a call from going out, and why: Rule is
// "kind" (What is not allowed: international, premium, other ...), "hours" (not at
// this hour) or "limit" (Limit of Of is spent). The caller is told by Play.
type CallBarred struct {
	Call    id.Call    `json:"call"`
	Station id.Station `json:"station"` // who would pay, "" nobody of the office
	Number  string     `json:"number"`
	Rule    string     `json:"rule"`
	What    string     `json:"what"`  // kind of the number
	Of      string     `json:"of"`    // station/201, fxo1, trunk/prov; "" the office's rule
	Limit   string     `json:"limit"` // minutes_day, minutes_month, money_day, money_month
	Play    id.Play    `json:"play"`  // what tells the caller, 0 nothing
}

// LimitNeared says that a limit of calls to the outside is spent to so many percent:
// 80, or 100, when calls under way end.
type LimitNeared struct {
	Of      string `json:"of"` // station/201, fxo1, trunk/prov
	Limit   string `json:"limit"`
	Percent int64  `json:"percent"`
	Most    string `json:"most"` // with its unit
}

func (*CallBarred) Kind() string  { return "CallBarred" }
func (*LimitNeared) Kind() string { return "LimitNeared" }
