package app

import (
	"math"

	"centralita/firmware/desk"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// sounding is how a leg sounds at the moment. In the loop only.
func (a *App) sounding(l id.Leg) desk.Sounding {
	q, relayed, ok := a.switchboard.Sounding(l)
	if !ok {
		return desk.Sounding{}
	}
	s := desk.Sounding{Path: "mixed", MOS: parts(q.Worst(), 100), Word: event.QualityWord(q.Worst()), Loss: parts(q.Loss(), 1000), JitterMS: parts(q.JitterMS, 10), TripMS: math.Ceil(float64(q.TripMS)*10) / 10}
	if relayed {
		s.Path = "relayed"
	}
	return s
}

// parts rounds to so many parts of one.
func parts(v float32, n float64) float64 { return math.Round(float64(v)*n) / n }
