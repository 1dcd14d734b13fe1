package event

import "centralita/firmware/id"

//msgp:limit arrays:4096 maps:256
//msgp:vartuple PageBegan PageSkipped PageOpened

// PageBegan says that the caller of a call speaks through the telephones of a group
// (settings pages): those of Stations are rung to answer by themselves, those of
// Skipped left alone.
type PageBegan struct {
	Call     id.Call       `json:"call"`
	Group    string        `json:"group"`
	Stations []id.Station  `json:"stations"`
	Skipped  []PageSkipped `json:"skipped"`
}

// PageSkipped is a telephone that is left alone, and why: "handset" (cannot answer by
// itself), "busy", "quiet" (wants not to be disturbed), "unreachable", "many" (beyond
// the bound).
type PageSkipped struct {
	Station id.Station `json:"station"`
	Why     string     `json:"why"`
}

// PageOpened says that the caller may speak, and that so many telephones listen.
type PageOpened struct {
	Call      id.Call `json:"call"`
	Listening int64   `json:"listening"`
	Play      id.Play `json:"play"` // what tells the caller
}

func (*PageBegan) Kind() string  { return "PageBegan" }
func (*PageOpened) Kind() string { return "PageOpened" }
