package wire

import (
	"math"
	"math/cmplx"
)

// Loop is what a set sees when it looks into its pair at voice frequencies: so much
// cable, and the exchange's termination at its end, R1 in series with R2 and C in
// parallel. The zero Loop is unknown: sets then echo as they are told.
type Loop struct {
	Km float64 // of 0.4 mm cable
	R1 float64 // ohm
	R2 float64 // ohm; 0 is none
	NF float64 // of C
}

// Primary constants of 0.4 mm copper at voice frequencies, both wires (ITU-T G.995,
// common figures): ohm and nanofarad a kilometre. Inductance and leakage do not
// matter below 4 kHz.
const (
	cableOhms = 270
	cableNF   = 45
)

// Impedance is what a set sees at a frequency above zero.
func (l Loop) Impedance(hz float64) complex128 {
	w := complex(0, 2*math.Pi*hz)
	end := complex(l.R1, 0)
	if l.R2 > 0 {
		end += 1 / (complex(1/l.R2, 0) + w*complex(l.NF*1e-9, 0))
	}
	if l.Km == 0 {
		return end
	}
	zy := w * complex(cableNF*1e-9, 0)
	own := cmplx.Sqrt(complex(cableOhms, 0) / zy)
	tanh := cmplx.Tanh(cmplx.Sqrt(complex(cableOhms, 0)*zy) * complex(l.Km, 0))
	return own * (end + own*tanh) / (own + end*tanh)
}
