package si3050

import (
	"math"
	"math/cmplx"

	"centralita/hal/sim/wire"
)

// termination is an ac termination that the line side makes: R1 in series with R2
// and C in parallel, or R1 with C alone in series.
type termination struct{ r1, r2, nF float64 }

// terminations by ACIM (register 30). Code 15 is a mean of them all.
var terminations = [16]termination{
	{600, 0, 0}, {900, 0, 0}, {270, 750, 150}, {220, 820, 120},
	{370, 620, 310}, {320, 1050, 230}, {370, 820, 110}, {275, 780, 115},
	{120, 820, 110}, {350, 1000, 210}, {200, 680, 100}, {600, 0, 2160},
	{900, 0, 1000}, {900, 0, 2160}, {600, 0, 1000}, {300, 800, 150},
}

func (t termination) impedance(hz float64) complex128 {
	z, w := complex(t.r1, 0), complex(0, 2*math.Pi*hz*t.nF*1e-9)
	switch {
	case t.r2 > 0:
		z += 1 / (complex(1/t.r2, 0) + w)
	case t.nF > 0:
		z += 1 / w
	}
	return z
}

// balance is what the echo was computed for.
type balance struct {
	loop wire.Loop
	acim byte
	hyb  [8]byte
}

const (
	rHybrid = 45 // ..52
	// codecDelay is how many samples sound takes through the converters, there and
	// back.
	codecDelay = 4
	// leak is what comes back however well the line is matched: 38 dB down.
	leak = 0.0126
	// points of the spectrum that is turned into a response.
	points = 256
)

// stepBalance shapes the echo after the termination in use, the hybrid
// coefficients and the loop, when one of them has changed.
func (c *Chip) stepBalance() {
	if c.opts.Echo == (wire.Echo{}) || c.opts.Pair.Loop == (wire.Loop{}) {
		return
	}
	b := balance{loop: c.opts.Pair.Loop, acim: c.reg[rAC] & 15}
	copy(b.hyb[:], c.reg[rHybrid:])
	if b == c.balanced {
		return
	}
	c.balanced = b
	c.sound.echo.Shape(b.response())
}

// response is the echo as a filter: the mismatch of line and termination as a
// reflection, less what the hybrid coefficients take away, signed 1/128 for each
// sample of delay. The scale of the coefficients is not printed in any page we can
// read; this one gives the published sets the size of the mismatches that they are
// made for.
func (b *balance) response() []float64 {
	var h [points/2 + 1]complex128
	for k := range h {
		hz := math.Max(float64(k)*8000/points, 20)
		line, own := b.loop.Impedance(hz), terminations[b.acim].impedance(hz)
		h[k] = (line-own)/(line+own) + leak
		for n, v := range b.hyb {
			h[k] -= complex(float64(int8(v))/128, 0) * turn(k, n)
		}
		h[k] *= turn(k, codecDelay-1)
	}
	taps := make([]float64, wire.HybridSamples)
	for n := range taps {
		sum := real(h[0])
		for k := 1; k < points/2; k++ {
			sum += 2 * real(h[k]*cmplx.Conj(turn(k, n)))
		}
		sum += real(h[points/2] * cmplx.Conj(turn(points/2, n)))
		taps[n] = sum / points
	}
	return taps
}

// turn is a delay of n samples at point k.
func turn(k, n int) complex128 {
	return cmplx.Rect(1, -2*math.Pi*float64(k*n)/points)
}
