package echo

// tonal notices that what is played is one or two steady tones: dial tone, busy
// tone, a digit. They tell of two frequencies only, and in the rest of the band the
// filters would learn from whatever is said at the near end, as digits dialled over
// dial tone are (ITU-T G.168, tests 6 and 8).
type tonal struct {
	frames int // in a row
	last   fit // of the last frame
}

const (
	tonalHold = 3 // 30 ms: no sound of a voice is steady for so long
	// After 80 ms it is a tone indeed, of which nothing is learnt, and how wrong the
	// filters may be about it tells nothing: nobody at the near end is muted for it.
	tonalSure  = 8
	tonalLeft  = 0.003 // of the energy, what two tones cannot explain
	tonalLevel = 2     // most change of energy in a frame; two tones beat
)

// hear tells whether tones are played.
func (t *tonal) hear(x *[FrameSamples]float32) bool {
	last := t.last.energy
	t.last = fitTo(x, 1)
	energy := t.last.energy
	count(&t.frames, energy > audible*FrameSamples && t.last.within(tonalLeft) &&
		energy < last*tonalLevel && last < energy*tonalLevel)
	return t.frames >= tonalHold
}

// fit is sums over a frame by which two steady tones are fitted to it. They fulfil
// x[n]+x[n-4] = a(x[n-1]+x[n-3]) + b x[n-2]; a and b are fitted by least squares.
type fit struct{ uu, uv, vv, yu, yv, yy, energy float32 }

// fitTo takes every so many samples.
func fitTo(x *[FrameSamples]float32, every int) (t fit) {
	for n := 4; n < FrameSamples; n += every {
		y, u, v := x[n]+x[n-4], x[n-1]+x[n-3], x[n-2]
		t.uu, t.uv, t.vv = t.uu+u*u, t.uv+u*v, t.vv+v*v
		t.yu, t.yv, t.yy = t.yu+y*u, t.yv+y*v, t.yy+y*y
	}
	t.energy = t.vv
	return t
}

// fade makes t a sum over the frames of late; share is what is left of the old.
func (t *fit) fade(share float32, now *fit) {
	t.uu, t.uv, t.vv = share*t.uu+now.uu, share*t.uv+now.uv, share*t.vv+now.vv
	t.yu, t.yv, t.yy = share*t.yu+now.yu, share*t.yv+now.yv, share*t.yy+now.yy
	t.energy = share*t.energy + now.energy
}

// solve gives a and b.
func (t *fit) solve() (a, b float32) {
	if det := t.uu*t.vv - t.uv*t.uv; det > 1e-6*t.uu*t.vv {
		return (t.yu*t.vv - t.yv*t.uv) / det, (t.yv*t.uu - t.yu*t.uv) / det
	} else if t.vv > 0 { // one tone: u and v say the same
		return 0, t.yv / t.vv
	}
	return 0, 0
}

// unexplained is the energy that the two tones of a and b leave.
func (t *fit) unexplained(a, b float32) float32 {
	return t.yy - 2*(a*t.yu+b*t.yv) + a*a*t.uu + 2*a*b*t.uv + b*b*t.vv
}

// within tells whether two tones, those that fit best, explain all but a share.
func (t *fit) within(share float32) bool { return t.unexplained(t.solve()) < share*t.energy }
