package event

import "centralita/firmware/id"

//msgp:vartuple MessagesWaiting
//msgp:limit arrays:4096 maps:256

// MessagesWaiting says how many messages wait for a station from now on; 0 is
// none. Its telephone shows it.
type MessagesWaiting struct {
	Station id.Station `json:"station"`
	Count   int64      `json:"count"`
	Who     id.Person  `json:"who"` // who said so, "" the box
}

func (*MessagesWaiting) Kind() string { return "MessagesWaiting" }
