package callerid

// Digits is the message as DTMF digits, as countries without FSK send it to a
// telephone (EN 300 659-1 annex B): A, the number and C; B10C where the caller
// withheld it, B00C where it is not available. Names have no digits.
func (m Message) Digits() string {
	number := clean(m.Number, MaxNumber, onlyDigits)
	switch {
	case m.NoNumber == Private:
		return "B10C"
	case m.NoNumber != Shown || len(number) == 0:
		return "B00C"
	}
	return "A" + string(number) + "C"
}

// onlyDigits leaves out what a display of this kind cannot tell from its codes.
func onlyDigits(r rune) byte {
	if r >= '0' && r <= '9' {
		return byte(r)
	}
	return 0
}
