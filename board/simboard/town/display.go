package town

// Message types and parameters of caller ID (ETSI EN 300 659-3, Bellcore GR-30).
const (
	typeSDMF        = 0x04
	typeMDMF        = 0x80
	typeSDMFWaiting = 0x06
	typeMDMFWaiting = 0x82
	paramVisual     = 0x0b
	lampByte        = 0x42 // of SDMF, three times
	paramDate       = 0x01
	paramNumber     = 0x02
	paramNoNumber   = 0x04
	paramName       = 0x07
	paramNoName     = 0x08
	nameMax         = 50 // characters of a name; sets show 15 to 50
	numberMax       = 20 // digits of a number
	reasonPrivate   = "P"
	reasonOutOfArea = "O"
)

// Shown is what a telephone's display says about the caller.
type Shown struct {
	Number string `json:"number"`
	Name   string `json:"name"`
	Date   string `json:"date"`    // MMDDhhmm as received
	Reason string `json:"reason"`  // "O" or "P" when the number is absent
	Error  string `json:"error"`   // "checksum" or "format" when the message was spoilt
	InTalk bool   `json:"in_talk"` // of a waiting caller
}

// decodeMessage reads a caller ID message with its checksum.
func decodeMessage(m []byte) Shown {
	var sum byte
	for _, b := range m {
		sum += b
	}
	if len(m) < 3 || int(m[1])+3 != len(m) {
		return Shown{Error: "format"}
	}
	if sum != 0 {
		return Shown{Error: "checksum"}
	}
	body := m[2 : len(m)-1]
	switch m[0] {
	case typeSDMF:
		if len(body) < 8 {
			return Shown{Error: "format"}
		}
		s := Shown{Date: string(body[:8]), Number: string(body[8:])}
		if s.Number == reasonPrivate || s.Number == reasonOutOfArea {
			s.Number, s.Reason = "", s.Number
		}
		return s
	case typeMDMF:
		return decodeMDMF(body)
	}
	return Shown{Error: "format"}
}

func decodeMDMF(body []byte) (s Shown) {
	for len(body) > 0 {
		if len(body) < 2 || len(body) < 2+int(body[1]) {
			return Shown{Error: "format"}
		}
		value := string(body[2 : 2+int(body[1])])
		switch body[0] {
		case paramDate:
			s.Date = value
		case paramNumber:
			s.Number = value
		case paramNoNumber:
			s.Reason = value
		case paramName:
			s.Name = value
		}
		body = body[2+int(body[1]):]
	}
	return s
}

// displayKeep is for how many frames a message may come before the first ring it
// belongs to.
const displayKeep = 3 * framesPerSecond

// code is a DTMF caller ID: A and the number, or B or D and a reason; C or #.
type code struct {
	digits [numberMax + 2]byte
	n      int
}

// take gathers a digit and tells when the code is complete.
func (c *code) take(d byte) (Shown, bool) {
	switch {
	case d == 'A' || d == 'B' || d == 'D':
		c.digits[0], c.n = d, 1
	case c.n == 0:
	case d == 'C' || d == '#':
		s := c.read(string(c.digits[1:c.n]))
		c.n = 0
		return s, true
	case c.n < len(c.digits):
		c.digits[c.n] = d
		c.n++
	}
	return Shown{}, false
}

func (c *code) read(digits string) Shown {
	switch {
	case c.digits[0] == 'A':
		return Shown{Number: digits}
	case digits == "10":
		return Shown{Reason: reasonPrivate}
	}
	return Shown{Reason: reasonOutOfArea}
}

// display watches an on-hook line for caller ID. The first ring of a call wipes
// what an earlier call left.
func (h *Handset) display(ringBegan bool) {
	if h.kind.NoDisplay {
		return
	}
	h.shownAge++
	if ringBegan && h.bell.rings == 1 && h.shownAge > displayKeep {
		h.shown = Shown{}
	}
	if m := h.fsk.hear(&h.in); m != nil {
		h.take(m, false)
	}
	p := levelOf(energy(&h.in))
	if p < gateDBm0 && h.keypadQuiet > digitsLinger {
		return
	}
	if h.keypadQuiet++; p >= gateDBm0 {
		h.keypadQuiet = 0
	}
	if d := h.keypad.hear(&h.in); d != 0 {
		if s, ok := h.code.take(d); ok {
			h.shown, h.shownAge = s, 0
		}
	}
}

// take shows a message that came by FSK: a caller, or the sign for messages.
func (h *Handset) take(m []byte, inTalk bool) {
	if on, is := lampOf(m); is {
		h.lamp = on
		return
	}
	h.shown, h.shownAge = decodeMessage(m), 0
	h.shown.InTalk = inTalk
}

// lampOf reads a message about messages (GR-1401, EN 300 659-3).
func lampOf(m []byte) (on, is bool) {
	var sum byte
	for _, b := range m {
		sum += b
	}
	if len(m) < 4 || int(m[1])+3 != len(m) || sum != 0 {
		return false, false
	}
	switch m[0] {
	case typeSDMFWaiting:
		return m[2] == lampByte, true
	case typeMDMFWaiting:
		for body := m[2 : len(m)-1]; len(body) >= 3 && len(body) >= 2+int(body[1]); body = body[2+int(body[1]):] {
			if body[0] == paramVisual {
				return body[2] == 0xff, true
			}
		}
	}
	return false, false
}
