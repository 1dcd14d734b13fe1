package event

import "centralita/firmware/id"

//msgp:vartuple LineMeasured Reading LineAccepted LineForgotten LineTuned LineTestBegan LineTestMoved LineTestEnded
//msgp:limit arrays:4096 maps:256

// LineMeasured is what a call taught about its port, told before the leg's end.
// Leg is 0 for readings of a guided test.
type LineMeasured struct {
	Port     id.Port   `json:"port"`
	Leg      id.Leg    `json:"leg"`
	Readings []Reading `json:"readings"`
}

// Reading is one measured item of firmware/line: its value in the item's unit, or
// a word in Text.
type Reading struct {
	Item  string  `json:"item"`
	Value float64 `json:"value"`
	Text  string  `json:"text"`
}

// LineAccepted says that a person takes what an item of a line is now for normal.
type LineAccepted struct {
	Port id.Port   `json:"port"`
	Item string    `json:"item"`
	Who  id.Person `json:"who"`
}

// LineForgotten says that a line's profile begins anew: another line is in the
// socket.
type LineForgotten struct {
	Port id.Port   `json:"port"`
	Who  id.Person `json:"who"`
}

// LineTuned is what a guided test chose for a line.
type LineTuned struct {
	Port      id.Port `json:"port"`
	Impedance uint8   `json:"impedance"` // code of the line chip
	Hybrid    string  `json:"hybrid"`    // coefficients of the line chip, "0 254 0 1 255 1 0 0"
	Loss      float64 `json:"loss"`      // dB of echo return loss with them
	Play      float64 `json:"play"`      // dB added to what goes out
	Capture   float64 `json:"capture"`   // dB added to what comes in
}

// LineTestBegan opens a guided test of a line with another of the box or with an
// outside number.
type LineTestBegan struct {
	Port   id.Port   `json:"port"`
	With   id.Port   `json:"with"`   // "" with an outside number
	Number string    `json:"number"` // dialled on Port
	Back   string    `json:"back"`   // dialled on With, "" none
	Who    id.Person `json:"who"`
}

// LineTestMoved is its progress; Step is a word of "test.step." in the catalogue.
type LineTestMoved struct {
	Port    id.Port `json:"port"`
	Step    string  `json:"step"`
	Percent uint8   `json:"percent"`
}

// LineTestEnded is its end; Result is a word of "test.result." in the catalogue,
// "done" when everything was measured.
type LineTestEnded struct {
	Port   id.Port `json:"port"`
	Result string  `json:"result"`
	Text   string  `json:"text"` // English, for the trace
}

func (*LineMeasured) Kind() string  { return "LineMeasured" }
func (*LineAccepted) Kind() string  { return "LineAccepted" }
func (*LineForgotten) Kind() string { return "LineForgotten" }
func (*LineTuned) Kind() string     { return "LineTuned" }
func (*LineTestBegan) Kind() string { return "LineTestBegan" }
func (*LineTestMoved) Kind() string { return "LineTestMoved" }
func (*LineTestEnded) Kind() string { return "LineTestEnded" }
