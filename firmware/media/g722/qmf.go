package g722

// taps are the coefficients of the filter (Table 11) that meet the even samples,
// oldest first; the odd ones meet the same in reverse.
var taps = [12]int32{3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11}

// line is the last twelve samples of one phase, oldest first from at on. Each is
// kept twice so that they are always in one piece.
type line struct {
	x  [24]int32
	at int
}

func (l *line) put(x int32) *[12]int32 {
	l.x[l.at], l.x[l.at+12] = x, x
	if l.at++; l.at == 12 {
		l.at = 0
	}
	return (*[12]int32)(l.x[l.at:])
}

// analysis is the transmit filter: 16 kHz to two bands of 8 kHz.
type analysis struct{ even, odd line }

// pass takes two samples and gives one of each band.
func (q *analysis) pass(first, second int16) (low, high int32) {
	even, odd := q.even.put(int32(first)), q.odd.put(int32(second))
	var a, b int32
	for i, t := range taps {
		a += t * even[i]
		b += t * odd[11-i]
	}
	return limit15((a + b) >> 14), limit15((b - a) >> 14)
}

// synthesis is the receive filter: two bands of 8 kHz to 16 kHz.
type synthesis struct{ diff, sum line }

// pass takes one sample of each band and gives two.
func (q *synthesis) pass(low, high int32) (first, second int16) {
	diff, sum := q.diff.put(low-high), q.sum.put(low+high)
	var a, b int32
	for i, t := range taps {
		a += t * diff[11-i]
		b += t * sum[i]
	}
	return int16(sat(a >> 11)), int16(sat(b >> 11))
}
