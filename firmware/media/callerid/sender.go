package callerid

import (
	"math"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// Modem is one of the two FSK standards, both of 1200 bit/s.
type Modem uint8

// The modems.
const (
	V23     Modem = iota // EN 300 659: mark 1300 Hz, space 2100 Hz
	Bell202              // GR-30: mark 1200 Hz, space 2200 Hz
)

// String is the name in settings and traces.
func (m Modem) String() string {
	if m == Bell202 {
		return "bell202"
	}
	return "v23"
}

func (m Modem) hz() (mark, space float64) {
	if m == Bell202 {
		return 1200, 2200
	}
	return 1300, 2100
}

// baud is the speed of both modems; bit is a bit in samples.
const (
	baud = 1200
	bit  = 8000.0 / baud
)

// Lead is what precedes the bytes, in bits: the channel seizure of alternating
// bits, and the mark signal.
type Lead struct{ Seizure, Marks int }

// The leads. Idle is a line at rest (GR-30, EN 300 659-1), British the shorter
// one after a line reversal (BT SIN 227: 96..315 and 55..90), InCall one within a
// talk, whose telephone was woken by an alerting signal (GR-30 and EN 300 659-2:
// no seizure, 80 marks).
var (
	Idle    = Lead{300, 180}
	British = Lead{180, 72}
	InCall  = Lead{0, 80}
)

// trailer is the marks that end a message.
const trailer = 10

// level is -13.5 dBm0, what an exchange sends.
const level = -13.5

// Sender makes one message as sound: a source for the port of a handset. It ends
// by itself.
type Sender struct {
	frame []byte
	lead  Lead
	turn  [2]uint32 // phase per sample of space and mark
	peak  float32
	phase uint32
	at    float32 // samples into the bit
	n     int     // bit
}

// NewSender makes the sender of a message on an idle line, as between two rings.
func NewSender(modem Modem, m Message) *Sender { return NewSenderOf(modem, Idle, m) }

// NewSenderOf makes the sender of a message with a lead.
func NewSenderOf(modem Modem, lead Lead, m Message) *Sender {
	mark, space := modem.hz()
	turn := func(hz float64) uint32 { return uint32(hz / 8000 * (1 << 32)) }
	return &Sender{
		frame: m.Frame(),
		lead:  lead,
		turn:  [2]uint32{turn(space), turn(mark)},
		peak:  float32(16141 * math.Sqrt2 * math.Pow(10, level/20)),
	}
}

// bits is how many bits are sent in all.
func (s *Sender) bits() int { return s.lead.Seizure + s.lead.Marks + 10*len(s.frame) + trailer }

// value is bit n: 1 is mark.
func (s *Sender) value(n int) int {
	if n < s.lead.Seizure {
		return n & 1
	}
	if n -= s.lead.Seizure + s.lead.Marks; n < 0 || n >= 10*len(s.frame) {
		return 1
	}
	switch k := n % 10; k {
	case 0:
		return 0
	case 9:
		return 1
	default:
		return int(s.frame[n/10]>>(k-1)) & 1
	}
}

// Duration is how long the message takes.
func (s *Sender) Duration() time.Duration { return time.Duration(s.bits()) * time.Second / baud }

// Fill writes at most len(pcm) samples at 8 kHz; fewer is the end. Where a bit
// changes within a sample the phase gets its part of both.
func (s *Sender) Fill(pcm []int16) int {
	for i := range pcm {
		if s.n >= s.bits() {
			return i
		}
		pcm[i] = int16(s.peak * tone.Sine(s.phase))
		turn := s.turn[s.value(s.n)]
		s.at++
		if s.at < bit {
			s.phase += turn
			continue
		}
		s.at -= bit
		s.n++
		s.phase += uint32(float32(turn)*(1-s.at)) + uint32(float32(s.turn[s.value(s.n)])*s.at)
	}
	return len(pcm)
}

// Rate implements media.Port.
func (s *Sender) Rate() media.Rate { return media.Narrow }

// Read implements media.Port.
func (s *Sender) Read(_ uint64, f *media.Frame) bool {
	n := s.Fill(f.PCM())
	clear(f.PCM()[n:])
	return n > 0
}

// Write implements media.Port; a sender hears nothing.
func (s *Sender) Write(uint64, *media.Frame) {}
