package switchboard

import (
	"encoding/json"
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/media/tone"
	"centralita/firmware/order"
)

// known is what a line's profile knows in the words of the sound.
func known(o order.KnowLine) leg.Known {
	k := leg.Known{DialTone: o.DialTone, Delay: time.Duration(o.DelayMS) * time.Millisecond}
	if len(o.Habits) > 0 {
		_ = json.Unmarshal(o.Habits, &k.Habits) // what cannot be read is not known
	}
	for _, t := range o.Tones {
		for _, s := range []tone.Signal{tone.Dial, tone.Ringback, tone.Busy, tone.Congestion} {
			if s.String() == t.Signal {
				k.Tones = append(k.Tones, tone.Learned{
					Signal: s, Hz: [2]float32{float32(t.Hz), float32(t.Second)}, OnMS: uint16(t.OnMS), OffMS: uint16(t.OffMS),
				})
			}
		}
	}
	return k
}
