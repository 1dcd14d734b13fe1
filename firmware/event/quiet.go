package event

import "centralita/firmware/id"

//msgp:vartuple DisturbChanged

// DisturbChanged says that a station wants not to be disturbed, or no longer.
type DisturbChanged struct {
	Station id.Station `json:"station"`
	Off     bool       `json:"off"` // it may not be rung
	Who     id.Person  `json:"who"` // "" by its own telephone
}

func (*DisturbChanged) Kind() string { return "DisturbChanged" }
