package media

import "math"

// Gain is a factor in steps of 1/4096, 0 (mute) to 8 (+18 dB).
type Gain int32

// Mute, Unity and the largest gain.
const (
	Mute    Gain = 0
	Unity   Gain = 1 << 12
	MaxGain Gain = 8 << 12
)

// DB is the gain of so many decibels, limited to MaxGain.
func DB(db float64) Gain {
	g := math.Round(float64(Unity) * math.Pow(10, db/20))
	if !(g < float64(MaxGain)) { // a NaN, too, must not become a factor
		return MaxGain
	}
	return Gain(g)
}

func (g Gain) clamp() Gain { return min(max(g, Mute), MaxGain) }

// crosspoint lets one port be heard by another. Its gain moves to the wanted one
// in a straight line over one frame of 10 ms, so that nobody hears a click.
type crosspoint struct {
	from    uint16 // slot of who is heard
	leaving bool   // removed when it is silent
	gain    Gain   // where the last frame ended
	want    Gain
}

// add sums said into sum at the crosspoint's gain and arrives at the gain wanted.
func (x *crosspoint) add(sum *[Wide]int32, said []int16) {
	switch {
	case x.gain != x.want:
		x.ramp(sum, said)
	case x.gain == Unity:
		for i, s := range said {
			sum[i] += int32(s)
		}
	case x.gain != Mute:
		g := int32(x.gain)
		for i, s := range said {
			sum[i] += (int32(s) * g) >> 12
		}
	}
}

// ramp counts the gain in 1/2^20, so that steps of a small change do not vanish.
func (x *crosspoint) ramp(sum *[Wide]int32, said []int16) {
	g := int32(x.gain) << 8
	step := (int32(x.want)<<8 - g) / int32(len(said))
	for i, s := range said {
		g += step
		sum[i] += (int32(s) * (g >> 8)) >> 12
	}
	x.gain = x.want
}

// knee is where the limiter of a sum of several voices begins, -2.5 dB below
// full scale.
const knee = 24576

// limit bends sums above the knee towards full scale instead of cutting them.
func limit(v int32) int16 {
	switch {
	case v > knee:
		return int16(bend(v))
	case v < -knee:
		return int16(-bend(-v))
	}
	return int16(v)
}

// bend maps knee..infinity to knee..32767 with slope 1 at the knee.
func bend(v int32) int32 {
	const room = 32767 - knee
	over := min(v-knee, 1<<17)
	return knee + over*room/(over+room)
}
