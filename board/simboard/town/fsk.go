package town

import "math"

// fskStandard is the pair of frequencies of a 1200 bit/s modem.
type fskStandard struct{ mark, space float64 }

// ITU-T V.23 and Bell 202, both at 1200 bit/s.
var (
	v23     = fskStandard{mark: 1300, space: 2100}
	bell202 = fskStandard{mark: 1200, space: 2200}
)

const (
	baud     = 1200
	fskLevel = -13.5 // dBm0, Bellcore GR-30 at the sending end
)

// modem sends bits with continuous phase.
type modem struct {
	standard fskStandard
	out      []int16
	phase    float64
	bits     int // sent so far
}

func (m *modem) bit(one bool) {
	hz := m.standard.space
	if one {
		hz = m.standard.mark
	}
	m.bits++
	for end := m.bits * rate / baud; len(m.out) < end; {
		m.out = append(m.out, clip(peakOf(fskLevel)*math.Sin(m.phase)))
		m.phase = math.Mod(m.phase+2*math.Pi*hz/rate, 2*math.Pi)
	}
}

// octet sends a start bit, eight bits with the least significant first, a stop bit.
func (m *modem) octet(b byte) {
	m.bit(false)
	for i := range 8 {
		m.bit(b>>i&1 == 1)
	}
	m.bit(true)
}

// modulate sends a message after seizure (alternating bits) and mark bits.
func modulate(message []byte, standard fskStandard, seizure, mark int) []int16 {
	m := modem{standard: standard}
	for i := range seizure {
		m.bit(i%2 == 1)
	}
	for range mark {
		m.bit(true)
	}
	for _, b := range message {
		m.octet(b)
	}
	for range 8 { // so that the last stop bit is heard through the receiver's filter
		m.bit(true)
	}
	return m.out
}
