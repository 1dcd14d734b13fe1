package si3050

import (
	"math"
	"testing"

	"centralita/hal/sim/wire"
)

// returnLoss is what comes back of a tone, in dB, with a termination.
func returnLoss(b *board, acim byte, hz float64) float64 {
	b.set(30, acim)
	var sent, back float64
	for n := range 60 {
		for i := range b.out[0] {
			b.out[0][i] = int16(8000 * math.Sin(2*math.Pi*hz*float64(n*80+i)/8000))
		}
		b.steps(1)
		if n > 20 {
			for i, v := range b.in[0] {
				sent += float64(b.out[0][i]) * float64(b.out[0][i])
				back += float64(v) * float64(v)
			}
		}
	}
	return 10 * math.Log10(sent/back)
}

// What comes back is the mismatch of the pair's impedance and the termination: a
// 600 ohm exchange next door is matched by 600 ohm, and 900 ohm return a fifth of
// the voltage (14 dB).
func TestReturnLossFollowsTermination(t *testing.T) {
	b := linked()
	b.Chain[0].opts.Echo = wire.Line
	b.pair.Loop = wire.Loop{R1: 600}
	b.set(5, 1)
	b.steps(100)
	if db := returnLoss(b, 0, 1000); db < 30 {
		t.Errorf("600 on 600 ohm: %.1f dB", db)
	}
	if db := returnLoss(b, 1, 1000); math.Abs(db-14) > 1 {
		t.Errorf("900 on 600 ohm: %.1f dB, want 14", db)
	}
	b.pair.Loop = wire.Loop{Km: 6, R1: 600}
	if db := returnLoss(b, 0, 3000); db > 8 {
		t.Errorf("600 ohm at the end of 6 km of cable: %.1f dB at 3 kHz", db)
	}
}
