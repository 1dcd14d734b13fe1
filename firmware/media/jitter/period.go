package jitter

// The period of a voice is looked for between 5 and 15 ms (66 to 200 Hz).
const (
	minLag = 40
	maxLag = 120
)

// bestLag is the period by which x, shifted forwards (dir 1) or backwards (-1),
// resembles itself best. x begins within whole; when shifting backwards whole
// holds maxLag samples before it and ends with it.
func bestLag(x, whole []int16, dir int) int {
	x = x[:frame]
	zero := 0
	if dir < 0 {
		zero = len(whole) - frame
	}
	best, lag := float32(-1), maxLag
	for l := minLag; l <= maxLag; l += 2 {
		y := whole[zero+dir*l:][:frame]
		var cross, power float32
		for i := 0; i < frame; i += 2 {
			a, b := float32(x[i]), float32(y[i])
			cross += a * b
			power += b * b
		}
		if cross > 0 && cross*cross > best*(power+1) {
			best, lag = cross*cross/(power+1), l
		}
	}
	return lag
}

// fade goes from one sound to another within a frame.
func fade(out *[frame]int16, from, to []int16) {
	from, to = from[:frame], to[:frame]
	for i := range out {
		w := float32(i+1) / float32(frame)
		out[i] = int16((1-w)*float32(from[i]) + w*float32(to[i]))
	}
}
