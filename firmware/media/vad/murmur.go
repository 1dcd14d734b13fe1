package vad

// murmur hears what no single frame shows: an s, an f or a breath with which a word
// begins raises the upper bands by a decibel or two, but for a tenth of a second.
// It sums up how far all bands are over their mean (Page's cumulative sum), which
// noise brings back to nothing.
type murmur struct {
	mean [bands]float32 // the background in dBm0; noise.dB moves in steps too coarse
	n    float32        // frames that the mean is of, up to a bound
	sum  float32
}

const (
	allowed = 0.75      // dB over the mean that a frame may have
	summed  = 2.9       // dB over that are no noise
	jump    = 5         // dB that a band counts at most
	steady  = 64        // frames of the mean
	slow    = 1.0 / 256 // of the way, a frame, that a murmur becomes background
	quick   = 0.1       // while the noise is still
	nearby  = 4         // dB over the background that the mean may be
)

// telling is the part of a band in the sum: as the inverse of its noise's variance.
var telling = [bands]float32{0.09, 0.14, 0.25, 0.31, 0.21}

// heard takes the levels of 10 ms and reports whether they are of a murmur.
func (m *murmur) heard(l, background *[bands]float32) bool {
	if m.n == 0 {
		m.mean = *l
	}
	var over float32
	for i, x := range l {
		m.mean[i] = min(m.mean[i], background[i]+nearby)
		over += telling[i] * min(max(x-m.mean[i], -jump), jump)
	}
	m.sum = min(max(0, m.sum+over-allowed), 2*summed)
	return m.sum > summed
}

// follow moves the mean after a frame, unless that is voice.
func (m *murmur) follow(l *[bands]float32, calm, voice, murmur bool) {
	part := float32(slow)
	switch {
	case calm:
		part = quick
	case m.n < opening:
		m.n++
		part = 1 / m.n
	case voice:
		return
	case !murmur:
		m.n = min(m.n+1, steady)
		part = 1 / m.n
	}
	for i, x := range l {
		m.mean[i] += part * (x - m.mean[i])
	}
}
