package jitter

// The period of a voice is looked for between 5 and 15 ms (66 to 200 Hz).
const (
	minLag = 40
	maxLag = 120
)

// asGood is the part of the best resemblance that will do where another lag is wanted.
const asGood = 0.8

// bestLag is the period by which x, shifted forwards (dir 1) or backwards (-1),
// resembles itself best, or the lag wanted if that is nearly as good. x begins within
// whole; when shifting backwards whole holds maxLag samples before it and ends with it.
func bestLag(x, whole []int16, dir int, wanted int32) int {
	x = x[:frame]
	zero := 0
	if dir < 0 {
		zero = len(whole) - frame
	}
	best, lag := float32(0), maxLag
	for l := minLag; l <= maxLag; l += 2 {
		if like := alike(x, whole[zero+dir*l:]); like > best {
			best, lag = like, l
		}
	}
	if wanted >= minLag && wanted <= maxLag && alike(x, whole[zero+dir*int(wanted):]) > asGood*best {
		return int(wanted)
	}
	return lag
}

// alike is the power that a frame of y shares with x.
func alike(x, y []int16) float32 {
	x, y = x[:frame], y[:frame]
	var cross, power float32
	for i := 0; i < frame; i += 2 {
		a, b := float32(x[i]), float32(y[i])
		cross += a * b
		power += b * b
	}
	if cross <= 0 {
		return -1
	}
	return cross * cross / (power + 1)
}

// fade goes from one sound to another within a frame.
func fade(out *[frame]int16, from, to []int16) {
	from, to = from[:frame], to[:frame]
	for i := range out {
		w := float32(i+1) / float32(frame)
		out[i] = int16((1-w)*float32(from[i]) + w*float32(to[i]))
	}
}
