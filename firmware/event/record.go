package event

import "github.com/tinylib/msgp/msgp"

//msgp:vartuple Record
//msgp:limit arrays:4096 maps:256

// Record is the journal's envelope of one event.
type Record struct {
	Seq  uint64   `json:"seq"`  // 1, 2, 3 ... without gaps
	At   int64    `json:"at"`   // ms of the loop's clock, never going back
	Wall int64    `json:"wall"` // Unix ms of the wall clock
	Kind string   `json:"kind"`
	Body msgp.Raw `json:"-"`
}

// Event decodes the body.
func (r *Record) Event() (Event, error) { return Decode(r.Kind, r.Body) }
