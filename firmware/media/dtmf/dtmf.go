// Package dtmf is the digits of ITU-T Q.23: made (Maker) and recognised
// (Detector), and their numbers as RFC 4733 events.
//
// The analog leg dials with a Maker; a Detector is the media.Ear for callers who
// press keys. It knows no line and no menu. Making and recognising run in the
// sound thread and allocate nothing.
package dtmf

// Digits are the sixteen digits, row by row of the keypad.
const Digits = "123A456B789C*0#D"

// rowHz and colHz are the frequencies of Q.23.
var (
	rowHz = [4]float32{697, 770, 852, 941}
	colHz = [4]float32{1209, 1336, 1477, 1633}
)

// Flash is the hook flash among the RFC 4733 events, and as a digit '!'.
const Flash = 16

// eventDigits are the digits in the order of RFC 4733 section 3.2.
const eventDigits = "0123456789*#ABCD!"

// Event is the RFC 4733 event of a digit; false when there is none.
func Event(digit byte) (uint8, bool) {
	if 'a' <= digit && digit <= 'd' {
		digit -= 'a' - 'A'
	}
	for i := range len(eventDigits) {
		if eventDigits[i] == digit {
			return uint8(i), true
		}
	}
	return 0, false
}

// Digit is the digit of an RFC 4733 event; false for events that are none.
func Digit(event uint8) (byte, bool) {
	if int(event) >= len(eventDigits) {
		return 0, false
	}
	return eventDigits[event], true
}

// Valid reports whether every character can be sent as a digit or is the pause
// of Maker (',').
func Valid(digits string) bool {
	for i := range len(digits) {
		if e, ok := Event(digits[i]); digits[i] != ',' && (!ok || e == Flash) {
			return false
		}
	}
	return true
}
