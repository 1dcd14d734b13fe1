package event

import "centralita/firmware/id"

//msgp:vartuple LifelineMoved LifelineTestDue LifelineTested

// LifelineMoved says that the lifeline's relay was held (the telephone is on its
// handset port) or let go (it is on the line), and why: "" when all is well, else
// "starting", "stopping", "in-use", "testing", "no-clock", "no-answer", "port",
// "relay".
type LifelineMoved struct {
	Line    id.Port `json:"line"`
	Handset id.Port `json:"handset"`
	Held    bool    `json:"held"`
	Why     string  `json:"why"`
}

// LifelineTestDue asks for a test of the relay as soon as line and telephone are
// idle: by plan, or because somebody wants it.
type LifelineTestDue struct {
	Who id.Person `json:"who"` // "" by plan
}

// LifelineTested is the result of a test, or what is seen of the contacts without
// one: "" when the relay fell and pulled again
// and the line kept its voltage, else "no-line", "stuck" (does not fall), "dead"
// (does not pull), "lost" (no voltage while at rest).
type LifelineTested struct {
	Fault  string  `json:"fault"`
	Volts  float64 `json:"volts"`   // of the line with the telephone on it
	FallMS int64   `json:"fall_ms"` // until it lay at rest
	PullMS int64   `json:"pull_ms"` // until it was pulled again
}

func (*LifelineMoved) Kind() string   { return "LifelineMoved" }
func (*LifelineTestDue) Kind() string { return "LifelineTestDue" }
func (*LifelineTested) Kind() string  { return "LifelineTested" }
