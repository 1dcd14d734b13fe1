package event

import "centralita/firmware/id"

//msgp:vartuple MessagesWaiting MessageSent ForwardSet
//msgp:limit arrays:4096 maps:256

// MessagesWaiting says how many messages wait for a station from now on; 0 is
// none. Its telephone shows it.
type MessagesWaiting struct {
	Station id.Station `json:"station"`
	Count   int64      `json:"count"`
	Who     id.Person  `json:"who"` // who said so, "" the box
}

// MessageSent says that somebody wrote to a station's telephone, and what its
// telephone answered: a SIP status, 0 none in time.
type MessageSent struct {
	From   id.Station `json:"from"` // "" from the page
	Who    id.Person  `json:"who"`  // from the page
	To     id.Station `json:"to"`
	Text   string     `json:"text"`
	Status int64      `json:"status"`
}

func (*MessageSent) Kind() string { return "MessageSent" }

// ForwardSet says that a person sends the calls of a station elsewhere from now on;
// To "" ends it.
type ForwardSet struct {
	Station id.Station `json:"station"`
	When    string     `json:"when"` // always, busy, no-answer
	To      string     `json:"to"`   // as dialled
	Who     id.Person  `json:"who"`
}

func (*ForwardSet) Kind() string      { return "ForwardSet" }
func (*MessagesWaiting) Kind() string { return "MessagesWaiting" }
