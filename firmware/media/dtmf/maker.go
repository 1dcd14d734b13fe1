package dtmf

import (
	"fmt"
	"math"
	"strings"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// Style is how digits are sent.
type Style struct {
	Low, High float32       // level of the tones, dBm0 (tone.Country has the custom of a country)
	On, Off   time.Duration // 40 ms are the least a receiver must take; 100 suits old exchanges
	Comma     time.Duration // what ',' waits
}

// DefaultStyle is 100 ms on and off at -11 and -9 dBm0, and two seconds for a
// comma, as modems do.
func DefaultStyle() Style {
	return Style{Low: -11, High: -9, On: 100 * time.Millisecond, Off: 100 * time.Millisecond, Comma: 2 * time.Second}
}

// MaxDigits is the longest string of one Maker.
const MaxDigits = 64

// rampSamples is 0.5 ms at both ends of a digit: short enough not to eat from
// its 40 ms, long enough not to click into other channels.
const rampSamples = 4

// Maker makes digits as sound: a source for a clip.Player, and a media.Port. It
// ends with the pause after the last digit.
type Maker struct {
	digits            string
	at                int
	low, high         float32
	on, off, comma    int // samples
	pos               int // sample within the digit and its pause
	lowTurn, highTurn uint32
	lowPhase, hiPhase uint32
	loaded            bool
}

// NewMaker makes the sender of digits ('0'..'9', '*', '#', 'A'..'D', ','). It
// refuses other characters, more than MaxDigits and times over ten seconds.
func NewMaker(digits string, s Style) (*Maker, error) {
	if len(digits) > MaxDigits || !Valid(digits) {
		return nil, fmt.Errorf("dtmf: cannot send %.80q: up to %d of %s, and commas for pauses", digits, MaxDigits, Digits)
	}
	for _, d := range []time.Duration{s.On, s.Off, s.Comma} {
		if d < 0 || d > 10*time.Second {
			return nil, fmt.Errorf("dtmf: a tone or pause of %v", d)
		}
	}
	return &Maker{
		digits: strings.ToUpper(digits), low: peak(s.Low), high: peak(s.High),
		on: samples(s.On), off: samples(s.Off), comma: samples(s.Comma),
	}, nil
}

func peak(dBm0 float32) float32 {
	return float32(16141 * math.Sqrt2 * math.Pow(10, float64(min(dBm0, 0))/20))
}

func samples(d time.Duration) int { return int(d.Microseconds() * 8 / 1000) }

// Duration is how long the whole string takes.
func (m *Maker) Duration() time.Duration {
	n := 0
	for i := range len(m.digits) {
		on, off := m.times(m.digits[i])
		n += on + off
	}
	return time.Duration(n) * time.Second / 8000
}

func (m *Maker) times(digit byte) (on, off int) {
	if digit == ',' {
		return 0, m.comma
	}
	return m.on, m.off
}

// Fill writes at most len(pcm) samples at 8 kHz; fewer is the end.
func (m *Maker) Fill(pcm []int16) int {
	n := 0
	for n < len(pcm) && m.at < len(m.digits) {
		d := m.digits[m.at]
		on, off := m.times(d)
		if !m.loaded {
			m.load(d)
		}
		switch {
		case m.pos < on:
			k := min(on-m.pos, len(pcm)-n)
			m.sound(pcm[n:n+k], on)
			n += k
		case m.pos < on+off:
			k := min(on+off-m.pos, len(pcm)-n)
			clear(pcm[n : n+k])
			m.pos += k
			n += k
		default:
			m.at++
			m.loaded = false
		}
	}
	return n
}

func (m *Maker) load(digit byte) {
	m.pos, m.loaded = 0, true
	m.lowPhase, m.hiPhase = 0, 0
	if i := strings.IndexByte(Digits, digit); i >= 0 {
		m.lowTurn = uint32(float64(rowHz[i/4]) / 8000 * (1 << 32))
		m.highTurn = uint32(float64(colHz[i%4]) / 8000 * (1 << 32))
	}
}

// sound writes samples of the digit from pos on, with ramps at both ends.
func (m *Maker) sound(pcm []int16, on int) {
	for i := range pcm {
		v := m.low*tone.Sine(m.lowPhase) + m.high*tone.Sine(m.hiPhase)
		m.lowPhase += m.lowTurn
		m.hiPhase += m.highTurn
		if edge := min(m.pos+1, on-m.pos); edge < rampSamples {
			v *= float32(edge) / rampSamples
		}
		pcm[i] = int16(min(max(v, -32768), 32767))
		m.pos++
	}
}

// Rate implements media.Port.
func (m *Maker) Rate() media.Rate { return media.Narrow }

// Read implements media.Port.
func (m *Maker) Read(_ uint64, f *media.Frame) bool {
	n := m.Fill(f.PCM())
	clear(f.PCM()[n:])
	return n > 0
}

// Write implements media.Port; a maker hears nothing.
func (m *Maker) Write(uint64, *media.Frame) {}
