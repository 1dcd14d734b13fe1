package desk

import "centralita/firmware/id"

// Sounding is how a leg sounds at the moment, which no fact tells: who shows the
// picture fills it in.
type Sounding struct {
	Path     string  `json:"path"` // "relayed" from socket to socket, or "mixed"; "" for legs without packets
	MOS      float64 `json:"mos"`  // mean opinion score of the last seconds, the worse direction; 0 not rated
	Word     string  `json:"word"` // good, fair, poor, "" not rated
	Loss     float64 `json:"loss"` // 0..1
	JitterMS float64 `json:"jitter"`
	TripMS   float64 `json:"trip"` // 0 unknown
}

// Sounds is the picture with what is heard at the moment.
func (p Picture) Sounds(of func(id.Leg) Sounding) Picture {
	for i := range p.Calls {
		row := &p.Calls[i]
		for j := range row.Legs {
			l := &row.Legs[j]
			l.Sound = of(l.Leg)
			row.take(l.Sound)
		}
	}
	return p
}

// take keeps the worst end's score, and "mixed" where any end is.
func (r *Row) take(s Sounding) {
	if s.Path == "" {
		return
	}
	if r.Path == "" || s.Path == "mixed" {
		r.Path = s.Path
	}
	if s.MOS > 0 && (r.MOS == 0 || s.MOS < r.MOS) {
		r.MOS = s.MOS
	}
}
