package quality

import "math"

// Codec is what the E-model needs to know of one.
type Codec struct {
	Ie   float64 // impairment without loss
	Bpl  float64 // robustness against loss
	Wide bool    // rated on the scale of ITU-T G.107.1, to 129
}

// The codecs. G711 is with concealment, by ITU-T G.113 Appendix I. The impairment of
// G722 at 64 kbit/s is from G.113 Appendix IV; its robustness is taken to be that of
// G711, for it is concealed the same way.
var (
	G711 = Codec{Ie: 0, Bpl: 25.1}
	G722 = Codec{Ie: 13, Bpl: 25.1, Wide: true}
)

// Of is the codec by its encoding name in RTP (RFC 3551). Opus is taken to be as good
// as G.722: it is better at most bit rates, and no figure of a standard says by how
// much. Every other one is taken for G.711.
func Of(name string) Codec {
	switch name {
	case "G722", "opus":
		return G722
	}
	return G711
}

// The transmission rating of a connection without fault: ITU-T G.107 with all
// parameters at their defaults, and G.107.1 likewise.
const (
	narrowBest = 93.2
	wideBest   = 129.0
)

// Line is a connection in one direction.
type Line struct {
	Codec Codec
	Loss  float64 // part of the sound lost or late, 0..1
	Burst float64 // mean length of a loss in packets; 0 is as chance makes it
	Delay float64 // from mouth to ear, one way, ms
}

// Rate is the rating factor R and the mean opinion score, 1.0..4.5, that the E-model
// predicts with everything but delay and loss at its default: R = best - Id - Ie,eff.
// Delay impairs by the piecewise line that is customary for G.107's Id, loss by
// Ie,eff of its section 7.5.
func Rate(l Line) (r, mos float64) {
	best, scale := narrowBest, 1.0
	if l.Codec.Wide {
		best, scale = wideBest, 1.29
	}
	r = best - delayImpairment(l.Delay) - l.lossImpairment()
	if math.IsNaN(r) || r < 0 {
		r = 0
	}
	return r, opinion(r / scale)
}

// lossImpairment is Ie,eff. BurstR is how much longer the gaps are than those that
// chance would make of the same loss.
func (l Line) lossImpairment() float64 {
	p := min(max(l.Loss, 0), 1)
	if !(p > 0) {
		return l.Codec.Ie
	}
	burst := max(1, l.Burst*(1-p))
	return l.Codec.Ie + (95-l.Codec.Ie)*100*p/(100*p/burst+l.Codec.Bpl)
}

func delayImpairment(ms float64) float64 {
	if !(ms > 0) {
		return 0
	}
	d := 0.024 * ms
	if ms > 177.3 {
		d += 0.11 * (ms - 177.3)
	}
	return d
}

// opinion turns a rating R into an opinion score (G.107 annex B).
func opinion(r float64) float64 {
	switch {
	case !(r > 0):
		return 1
	case r >= 100:
		return 4.5
	}
	return max(1, 1+0.035*r+r*(r-60)*(100-r)*7e-6)
}
