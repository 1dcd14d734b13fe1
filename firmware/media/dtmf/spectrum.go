package dtmf

import "math"

// highPass takes dial tones and hum away: elliptic, 5th order, 0.3 dB ripple,
// 34 dB stop band, edge 645 Hz; 350 to 450 Hz fall by 35 dB and more.
type highPass struct {
	a    float32    // first-order section
	b, c [2]float32 // second-order sections, transposed direct form II
}

func (h *highPass) pass(x float32) float32 {
	y := 0.51209705*x + h.a
	h.a = -0.51209705*x + 0.37889859*y
	x = y
	y = x + h.b[0]
	h.b[0] = -1.91439309*x + 1.38778088*y + h.b[1]
	h.b[1] = x - 0.66780113*y
	x = y
	y = x + h.c[0]
	h.c[0] = -1.8347344*x + 1.70823314*y + h.c[1]
	h.c[1] = x - 0.94060254*y
	return y
}

// spectrum is what one window shows.
type spectrum struct {
	power [8]float32   // mean square of each tone
	phase [8]complex64 // direction of each tone, turning with its frequency
	raw   float32      // mean square of everything
	cut   float32      // mean square without what lies below the digits
}

// hann is the window's shape; hannSum and hannPower the sums that make a tone's
// and a noise's power come out right.
var hann, hannSum, hannPower = func() (w [window]float32, sum, power float32) {
	for i := range w {
		x := 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/window)
		w[i] = float32(x)
		sum += w[i]
		power += w[i] * w[i]
	}
	return w, sum, power
}()

// goertzel holds 2cos(w) and e^-jw of each tone, hopTurn how far a tone of
// exactly its frequency turns from one window to the next, backwards.
var goertzel, shift, hopTurn = func() (c [8]float32, s, h [8]complex64) {
	for k := range c {
		w := 2 * math.Pi * float64(freq(k)) / 8000
		c[k] = float32(2 * math.Cos(w))
		s[k] = complex(float32(math.Cos(w)), float32(-math.Sin(w)))
		h[k] = complex(float32(math.Cos(w*hop)), float32(-math.Sin(w*hop)))
	}
	return c, s, h
}()

func freq(k int) float32 {
	if k < 4 {
		return rowHz[k]
	}
	return colHz[k-4]
}

// measure finds the eight tones by Goertzel's recursion, four at a time to keep
// their states in registers. A window too quiet for a digit is left at that.
func measure(raw, cut *[window]float32) (s spectrum) {
	var x [window]float32
	var r0, r1, c0, c1 float32 // two sums each: an addition need not wait for the last
	for i := 0; i < window; i += 2 {
		u, v := raw[i]*hann[i], raw[i+1]*hann[i+1]
		r0 += u * u
		r1 += v * v
		u, v = cut[i]*hann[i], cut[i+1]*hann[i+1]
		c0 += u * u
		c1 += v * v
		x[i], x[i+1] = u, v
	}
	s.raw = (r0 + r1) / hannPower
	s.cut = (c0 + c1) / hannPower
	if s.cut < minPower {
		return s
	}
	four(&x, &s, 0)
	four(&x, &s, 4)
	return s
}

func four(x *[window]float32, s *spectrum, k int) {
	c0, c1, c2, c3 := goertzel[k], goertzel[k+1], goertzel[k+2], goertzel[k+3]
	var a0, a1, a2, a3, b0, b1, b2, b3 float32
	for i := 0; i < window; i += 2 {
		v := x[i]
		b0 = v + c0*a0 - b0
		b1 = v + c1*a1 - b1
		b2 = v + c2*a2 - b2
		b3 = v + c3*a3 - b3
		v = x[i+1]
		a0 = v + c0*b0 - a0
		a1 = v + c1*b1 - a1
		a2 = v + c2*b2 - a2
		a3 = v + c3*b3 - a3
	}
	s.put(k, a0, b0)
	s.put(k+1, a1, b1)
	s.put(k+2, a2, b2)
	s.put(k+3, a3, b3)
}

// put turns the last two states of a recursion into power and phase.
func (s *spectrum) put(k int, last, before float32) {
	re := last - real(shift[k])*before
	im := -imag(shift[k]) * before
	s.power[k] = 2 * (re*re + im*im) / (hannSum * hannSum)
	s.phase[k] = complex(re, im)
}

// offBy is how far a tone is from its nominal frequency, from the angle by which
// its phase ran ahead in one hop.
func offBy(k int, before, now complex64) float32 {
	d := now * complex(real(before), -imag(before)) * hopTurn[k]
	return angle(imag(d), real(d)) * (8000 / (2 * math.Pi * hop)) / freq(k)
}

// beside is what the power of a tone must be multiplied by when it was measured
// that many Hz beside it: the window's response there, up to 40 Hz (1.3 dB at 30 Hz).
func beside(hz float32) float32 {
	const span = float32(window) / 8000
	x := min(abs(hz), 40) * span
	x *= x
	return 1 + x*(1.2903+x*(0.8941+x*0.6128))
}

// angle is atan2 to 1e-4 rad (0.005 Hz of a tone's frequency).
func angle(y, x float32) float32 {
	ax, ay := abs(x), abs(y)
	if ax+ay == 0 {
		return 0
	}
	q := min(ax, ay) / max(ax, ay)
	q2 := q * q
	a := q * (0.99997726 + q2*(-0.33262347+q2*(0.19354346+q2*(-0.11643287+q2*(0.05265332-q2*0.01172120)))))
	if ay > ax {
		a = math.Pi/2 - a
	}
	if x < 0 {
		a = math.Pi - a
	}
	if y < 0 {
		return -a
	}
	return a
}
