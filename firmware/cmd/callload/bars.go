package main

// bar is what a figure has to reach and what a strong peer did: Asterisk 22.10
// with chan_pjsip on one x86 server core, medians of three runs by the same
// method. Compare ratios: the machine is another.
type bar struct {
	Value *float64 `json:"value,omitempty"` // nil: no bar, the peer's figure only
	Most  bool     `json:"most"`            // Value is the most allowed, and less is better
	Peer  float64  `json:"peer,omitempty"`
}

func least(v, peer float64) *bar { return &bar{Value: &v, Peer: peer} }
func most(v, peer float64) *bar  { return &bar{Value: &v, Most: true, Peer: peer} }
func beside(peer float64) *bar   { return &bar{Most: true, Peer: peer} }

// bars by mode and figure. The peer's are of 100 calls where the mode takes them.
var bars = map[string]*bar{
	"calls/processor, % of a core":          beside(22.5),
	"calls/processor, % for 10 calls":       beside(2.25),
	"calls/delay mean, ms":                  beside(0.110),
	"calls/delay p99, ms":                   most(0.5, 0.24),
	"calls/delay p99.9, ms":                 beside(0.79),
	"calls/jitter mean, ms":                 beside(0.012),
	"calls/loss, %":                         most(0, 0),
	"calls/INVITE to 200 p50, ms":           beside(2.7),
	"calls/INVITE to 200 p99, ms":           beside(3.9),
	"calls/resident, MB":                    beside(90),
	"calls/calls dropped":                   most(0, 0),
	"calls/doubled, crossed, strange cells": most(0, 0),

	"mixed/processor, % of a core": beside(34.0), // without its native bridge
	"mixed/delay mean, ms":         beside(0.28),
	"mixed/delay p99, ms":          most(25, 0.43),
	"mixed/loss, %":                beside(0),
	"mixed/calls dropped":          most(0, 0),

	"search/most calls": least(2*362, 362),

	"record/processor, % of a core":    beside(39.7),
	"record/processor, % for 10 calls": beside(3.97),
	"record/delay mean, ms":            beside(0.324),
	"record/delay p99, ms":             most(25, 0.55),
	"record/loss, %":                   most(0, 0),
	"record/frames lost in recordings": most(0, 0),
	"record/calls dropped":             most(0, 0),

	"searchrec/most recorded calls":       least(3*190, 190),
	"searchrec/frames lost in recordings": most(0, 0),

	"rate/20/s: failed":                          most(0, 0),
	"rate/20/s: INVITE in to INVITE out p99, ms": most(3, 4.1), // the peer's by way of its queue
	"rate/20/s: INVITE to 200 p50, ms":           beside(2.3),
	"rate/20/s: INVITE to 200 p99, ms":           beside(4.0),
	"rate/20/s: processor, ms a call":            beside(4),
	"rate/100/s: failed":                         most(0, 0),
	"rate/100/s: INVITE to 200 p50, ms":          beside(2.4),
	"rate/100/s: INVITE to 200 p99, ms":          beside(4.5),
	"rate/100/s: processor, ms a call":           beside(4),

	"register/SHA-256, 401 each time: registrations/s":    least(3500, 0),
	"register/SHA-256, last nonce again: registrations/s": least(3500, 0),
	"register/MD5, 401 each time: registrations/s":        least(3500, 3290),
	"register/MD5, 401 each time: p99, ms":                beside(4.1),
	"register/MD5, last nonce again: registrations/s":     least(3500, 3710),
	"register/MD5, last nonce again: p99, ms":             beside(4.7),

	"flood/growth from the second quarter to the last, MB": most(10, 0),
	"flood/resident at most, MB":                           beside(5700),
	"flood/resident 5 s after, MB":                         beside(5700),

	"queue/served":   least(queueCallers, 100),
	"queue/served/s": least(4.5, 3.7), // 4.9 is all that ten agents can
	"queue/freed agent to its next INVITE p50, ms":                          beside(900),
	"queue/freed agent to its next INVITE p99, ms":                          most(5, 950),
	"queue/agents rung while talking":                                       most(0, 0),
	"queue/with 100 calls/s beside: served":                                 least(queueCallers, 0),
	"queue/with 100 calls/s beside: served/s":                               least(4.5, 0),
	"queue/with 100 calls/s beside: freed agent to its next INVITE p99, ms": most(5, 0),
	"queue/with 100 calls/s beside: agents rung while talking":              most(0, 0),
	"queue/with 100 calls/s beside: failed":                                 most(0, 0),

	"memory/idle, MB":                        most(45, 55),
	"memory/a bridged and recorded call, KB": most(200, 350),

	"storm/telephones":              least(500, 0),
	"storm/all registered after, s": most(5, 0),
}
