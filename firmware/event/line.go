package event

import "centralita/firmware/id"

//msgp:vartuple LineMeasured Reading
//msgp:limit arrays:4096 maps:256

// LineMeasured is what a call taught about its port, told before the leg's end.
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

func (*LineMeasured) Kind() string { return "LineMeasured" }
