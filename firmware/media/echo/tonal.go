package echo

// tonal notices that what is played is one or two steady tones: dial tone, busy
// tone, a digit. They tell of two frequencies only, and in the rest of the band the
// filters would learn from whatever is said at the near end, as digits dialled over
// dial tone are (ITU-T G.168, tests 6 and 8).
type tonal struct {
	frames int     // in a row
	energy float32 // of the last
}

const (
	tonalHold  = 3     // 30 ms: no sound of a voice is steady for so long
	tonalLeft  = 0.003 // of the energy, what two tones cannot explain
	tonalLevel = 2     // most change of energy in a frame; two tones beat
)

// hear tells whether tones are played. Two steady tones fulfil
// x[n]+x[n-4] = a(x[n-1]+x[n-3]) + b x[n-2]; a and b are fitted by least squares.
func (t *tonal) hear(pcm *[FrameSamples]int16) bool {
	var uu, uv, vv, yu, yv, yy, energy float32
	for n := 4; n < FrameSamples; n++ {
		y := float32(pcm[n]) + float32(pcm[n-4])
		u := float32(pcm[n-1]) + float32(pcm[n-3])
		v := float32(pcm[n-2])
		uu, uv, vv = uu+u*u, uv+u*v, vv+v*v
		yu, yv, yy = yu+y*u, yv+y*v, yy+y*y
		energy += v * v
	}
	last := t.energy
	t.energy = energy
	left := yy
	if det := uu*vv - uv*uv; det > 1e-6*uu*vv {
		a, b := (yu*vv-yv*uv)/det, (yv*uu-yu*uv)/det
		left -= a*yu + b*yv
	} else if vv > 0 { // one tone: u and v say the same
		left -= yv / vv * yv
	}
	count(&t.frames, energy > audible*(FrameSamples/(fine*fine)) && left < tonalLeft*energy &&
		energy < last*tonalLevel && last < energy*tonalLevel)
	return t.frames >= tonalHold
}
