package db

import (
	"math"

	"centralita/firmware/event"
)

// Quality is how a call sounded at its worst end, in its worse direction.
type Quality struct {
	MOS       float64 `json:"mos"`       // mean opinion score, 1..4.5
	Loss      float64 `json:"loss"`      // part of the sound lost or late, 0..1
	JitterMS  float64 `json:"jitter_ms"` //
	TripMS    float64 `json:"trip_ms"`   // round trip between the box and that end, 0 unknown
	DelayMS   float64 `json:"delay_ms"`  // from mouth to ear, estimated, 0 unknown
	SoundMS   int64   `json:"sound_ms"`
	RelayedMS int64   `json:"relayed_ms"` // of it passed as packets, not mixed
}

// sounded keeps the worst end of a call.
func (c *calls) sounded(e *event.LegMeasured, call uint64) {
	q := e.Sound
	mos, loss, jitter := q.Worst(), q.Loss(), q.JitterMS
	if mos == 0 {
		return
	}
	if mos != q.MOS {
		loss, jitter = q.FarLost, q.FarJitterMS
	}
	c.do(`UPDATE calls SET mos = ?, loss = ?, jitter_ms = ?, trip_ms = ?, delay_ms = ?, sound_ms = ?, relayed_ms = ?
		WHERE call = ? AND (mos = 0 OR mos > ?)`,
		round(mos, 100), round(loss, 10_000), round(jitter, 10), math.Ceil(float64(q.TripMS)*10)/10, round(q.DelayMS, 10), q.MS, q.RelayedMS,
		call, round(mos, 100))
}

// round keeps so many parts of one: what is measured is no better. A round trip is
// rounded up, for none is one that is not known.
func round(v float32, parts float64) float64 { return math.Round(float64(v)*parts) / parts }
