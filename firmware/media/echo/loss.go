package echo

import "math"

// loss measures how much quieter the line became.
type loss struct{ line, left float32 }

// add takes the mean squares of one block before and after.
func (l *loss) add(line, left float32) {
	const slow = 0.99 // 250 ms in blocks of 2.5
	l.line += (1 - slow) * (line - l.line)
	l.left += (1 - slow) * (left - l.left)
}

func (l *loss) dB() float32 {
	if l.line <= 0 {
		return 0
	}
	return float32(10 * math.Log10(float64(l.line/max(l.left, 1e-12))))
}
