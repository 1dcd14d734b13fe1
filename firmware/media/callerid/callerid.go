// Package callerid is the caller's number and name over the copper: FSK after
// Bell 202 (GR-30) and V.23 (EN 300 659), made (Sender) and received (Receiver),
// and the digits that some countries send instead (ParseDigits).
//
// leg/analog sends to handsets and listens on outside lines. The package knows
// no ring and no line: when to send and to listen is the leg's. Sending and
// receiving run in the sound thread; only a message that was verified allocates.
package callerid

import (
	"fmt"
	"time"
)

// Kind is the message type.
type Kind byte

// The message types of GR-30 and EN 300 659-3.
const (
	Single         Kind = 0x04 // SDMF: time and number in fixed places
	SingleWaiting  Kind = 0x06 // SDMF: message waiting
	Call           Kind = 0x80 // MDMF: call set-up
	MessageWaiting Kind = 0x82 // MDMF: message waiting
)

// known reports whether a message of this type is understood.
func (k Kind) known() bool {
	return k == Single || k == SingleWaiting || k == Call || k == MessageWaiting
}

// Absence is why a number or a name is not shown.
type Absence byte

// The reasons of GR-30.
const (
	Shown       Absence = 0
	Private     Absence = 'P' // withheld by the caller
	Unavailable Absence = 'O' // out of area
)

// The longest number and name of a message; more is cut off.
const (
	MaxNumber = 24
	MaxName   = 32
)

// Message is what a handset shows.
type Message struct {
	Kind     Kind      // 0 is Call
	Time     time.Time // the minute; of the year nothing is sent
	Number   string    // digits, * # and +
	Name     string    // sent as printable ASCII (Plain); what is left becomes '?'
	NoNumber Absence
	NoName   Absence
	Waiting  bool // of the two waiting kinds: the lamp is on
	CallType byte // EN 300 659-3 call type, 0 when not said
}

// The parameters of MDMF.
const (
	paramTime     = 0x01
	paramNumber   = 0x02
	paramNoNumber = 0x04
	paramName     = 0x07
	paramNoName   = 0x08
	paramVisual   = 0x0b
	paramCallType = 0x11
	paramWaiting  = 0x13
)

// Frame is the message as bytes: type, length, content, checksum.
func (m Message) Frame() []byte {
	kind := m.Kind
	if kind == 0 {
		kind = Call
	}
	b := []byte{byte(kind), 0}
	switch kind {
	case Single:
		b = append(b, m.stamp()...)
		if m.NoNumber != Shown {
			b = append(b, byte(m.NoNumber))
		} else {
			b = append(b, clean(m.Number, MaxNumber, dialled)...)
		}
	case SingleWaiting:
		lamp := byte(0x6f) // three times, GR-1401
		if m.Waiting {
			lamp = 0x42
		}
		b = append(b, lamp, lamp, lamp)
	case MessageWaiting:
		b = param(b, paramVisual, []byte{lampByte(m.Waiting)})
	default:
		b = m.call(b)
	}
	b[1] = byte(len(b) - 2)
	return append(b, checksum(b))
}

func lampByte(on bool) byte {
	if on {
		return 0xff
	}
	return 0
}

// call appends the parameters of a call set-up.
func (m Message) call(b []byte) []byte {
	if m.CallType != 0 {
		b = param(b, paramCallType, []byte{m.CallType})
	}
	b = param(b, paramTime, []byte(m.stamp()))
	number := clean(m.Number, MaxNumber, dialled)
	switch {
	case m.NoNumber != Shown:
		b = param(b, paramNoNumber, []byte{byte(m.NoNumber)})
	case len(number) == 0:
		b = param(b, paramNoNumber, []byte{byte(Unavailable)})
	default:
		b = param(b, paramNumber, number)
	}
	name := clean(Plain(m.Name), MaxName, printable)
	switch {
	case m.NoName != Shown:
		b = param(b, paramNoName, []byte{byte(m.NoName)})
	case len(name) > 0:
		b = param(b, paramName, name)
	}
	return b
}

func param(b []byte, kind byte, value []byte) []byte {
	return append(append(b, kind, byte(len(value))), value...)
}

// stamp is the time as MMDDhhmm.
func (m Message) stamp() string { return m.Time.Format("01021504") }

// checksum makes the sum of all bytes 0 modulo 256.
func checksum(b []byte) byte {
	var sum byte
	for _, c := range b {
		sum += c
	}
	return -sum
}

// Parse reads a frame with its checksum. What is not understood in a valid frame
// is passed over; texts are cleaned, so they can be shown and compared.
func Parse(frame []byte) (Message, error) {
	if len(frame) < 3 || int(frame[1]) != len(frame)-3 {
		return Message{}, fmt.Errorf("callerid: a frame of %d bytes with a wrong length", len(frame))
	}
	if checksum(frame) != 0 {
		return Message{}, fmt.Errorf("callerid: wrong checksum")
	}
	m := Message{Kind: Kind(frame[0])}
	body := frame[2 : len(frame)-1]
	switch m.Kind {
	case Single:
		m.single(body)
	case SingleWaiting:
		m.Waiting = len(body) > 0 && body[0] == 0x42
	case Call, MessageWaiting:
		if err := m.params(body); err != nil {
			return Message{}, err
		}
	default:
		return Message{}, fmt.Errorf("callerid: message type %#x", frame[0])
	}
	return m, nil
}

func (m *Message) single(body []byte) {
	if len(body) < 8 {
		return
	}
	m.setTime(body[:8])
	rest := body[8:]
	if len(rest) == 1 && (rest[0] == byte(Private) || rest[0] == byte(Unavailable)) {
		m.NoNumber = Absence(rest[0])
		return
	}
	m.Number = string(clean(string(rest), MaxNumber, dialled))
}

func (m *Message) params(body []byte) error {
	for len(body) > 0 {
		if len(body) < 2 || int(body[1]) > len(body)-2 {
			return fmt.Errorf("callerid: parameter %#x is longer than its message", body[0])
		}
		m.param(body[0], body[2:2+int(body[1])])
		body = body[2+int(body[1]):]
	}
	return nil
}

func (m *Message) param(kind byte, v []byte) {
	switch kind {
	case paramTime:
		m.setTime(v)
	case paramNumber:
		m.Number = string(clean(string(v), MaxNumber, dialled))
	case paramName:
		m.Name = string(clean(string(v), MaxName, printable))
	}
	if len(v) == 0 {
		return
	}
	switch kind {
	case paramNoNumber:
		m.NoNumber = absence(v[0])
	case paramNoName:
		m.NoName = absence(v[0])
	case paramCallType:
		m.CallType = v[0]
	case paramVisual, paramWaiting:
		m.Waiting = v[0] != 0
	}
}

func absence(b byte) Absence {
	if b == byte(Private) {
		return Private
	}
	return Unavailable
}

// setTime takes MMDDhhmm; what is no date is left out.
func (m *Message) setTime(v []byte) {
	if len(v) < 8 {
		return
	}
	if t, err := time.Parse("2006 01021504", "2000 "+string(v[:8])); err == nil {
		m.Time = t
	}
}

// clean keeps up to most characters of s that keep allows; 0 drops one.
func clean(s string, most int, keep func(rune) byte) []byte {
	var b []byte
	for _, r := range s {
		if c := keep(r); c != 0 && len(b) < most {
			b = append(b, c)
		}
	}
	return b
}

func dialled(r rune) byte {
	if r >= '0' && r <= '9' || r == '*' || r == '#' || r == '+' {
		return byte(r)
	}
	return 0
}

func printable(r rune) byte {
	switch {
	case r >= ' ' && r <= '~':
		return byte(r)
	case r < ' ' || r == 0x7f, r >= 0x300 && r <= 0x36f: // controls, accents by themselves
		return 0
	}
	return '?'
}
