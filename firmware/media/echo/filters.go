package echo

// filters is the adaptive part: two filters on one far end. All signals are in
// parts of full scale.
//
// Partition p holds the echo path's samples 20p … 20p+19 and works on what was
// played p blocks ago (overlap-save; J.-S. Soo and K. K. Pang 1990). The
// foreground is the diagonalised Kalman filter of G. Enzner and P. Vary 2006,
// partitioned as by F. Kuech, E. Mabande and G. Enzner 2014.
type filters struct {
	far  []spectrum // what was played; at is the newest
	at   int
	past [blockSamples]float32 // the block before, for the next transform

	front, shadow []spectrum
	doubt         [][bins]float32 // variance of each value of front
	noise         [bins]float32   // power of everything in the error that is no echo
	turn          int             // which partition is constrained next

	// Sums over the partitions, of this block.
	frontEcho, shadowEcho   spectrum
	doubtPower, playedPower [bins]float32
	work                    signal
	err1, err2              spectrum
}

// Parameters of the foreground, of blocks of 2.5 ms.
const (
	keep       = 0.99999 // A: how far the line is taken to stay the same from block to block
	keep2      = keep * keep
	doubtStart = 0.1  // of all partitions together
	doubtLeast = 1e-9 // grown each block, of all partitions
	doubtFast  = 0.2  // least fraction of the value's power after the shadow was taken
	noiseSlow  = 0.877
	noiseStart = 1e-7 * transform
	tiny       = 1e-10 * transform
	// overlap is the share of a transform that is new error.
	overlap = 0.5
)

// Parameters of the shadow.
const (
	shadowStep = 0.4
	shadowTiny = 1e-6 * transform
)

func newFilters(taps int) filters {
	n := (taps + blockSamples - 1) / blockSamples
	f := filters{
		far: make([]spectrum, n), front: make([]spectrum, n), shadow: make([]spectrum, n),
		doubt: make([][bins]float32, n),
	}
	f.forget()
	return f
}

// forget goes back to knowing nothing of the line; what was played stays.
func (f *filters) forget() {
	clear(f.front)
	clear(f.shadow)
	f.turn = 0
	f.distrust()
}

// drop lets the echo through and keeps the certainty, with which both filters find
// the new line from zero rather than from a wrong one.
func (f *filters) drop() {
	clear(f.front)
	clear(f.shadow)
}

// distrust makes the foreground as uncertain as at the start.
func (f *filters) distrust() {
	for p := range f.doubt {
		for k := range f.doubt[p] {
			f.doubt[p][k] = doubtStart / float32(len(f.doubt))
		}
	}
	for k := range f.noise {
		f.noise[k] = noiseStart
	}
	f.weighDoubt()
}

// play takes the newest block that goes out.
func (f *filters) play(x *[blockSamples]float32) {
	if f.at--; f.at < 0 {
		f.at = len(f.far) - 1
	}
	pack(&f.work, &f.past, x)
	f.past = *x
	forward(&f.work, &f.far[f.at])
}

// expect sums the echo of the foreground; where the filters learn, also that of
// the shadow, and the powers for the steps.
func (f *filters) expect(learns bool) {
	f.frontEcho, f.shadowEcho = spectrum{}, spectrum{}
	f.doubtPower, f.playedPower = [bins]float32{}, [bins]float32{}
	at := f.at
	for p := range f.front {
		x := &f.far[at]
		f.frontEcho.add(x, &f.front[p])
		if learns {
			f.shadowEcho.add(x, &f.shadow[p])
			f.weigh(x, &f.doubt[p])
		}
		if at++; at == len(f.far) {
			at = 0
		}
	}
}

// add adds what a partition makes of x.
func (s *spectrum) add(x, w *spectrum) {
	for k := range bins {
		xr, xi, wr, wi := x[k].re, x[k].im, w[k].re, w[k].im
		s[k].re += xr*wr - xi*wi
		s[k].im += xr*wi + xi*wr
	}
}

// weigh adds the powers of a partition.
func (f *filters) weigh(x *spectrum, doubt *[bins]float32) {
	for k := range bins {
		power := x[k].power()
		f.doubtPower[k] += doubt[k] * power
		f.playedPower[k] += power
	}
}

// uncertain is the mean square of the echo that the foreground may be wrong by, of
// this block.
func (f *filters) uncertain() float32 {
	sum := -(f.doubtPower[0] + f.doubtPower[bins-1]) / 2
	for _, p := range f.doubtPower {
		sum += p
	}
	return 2 * overlap * sum / (transform * blockSamples)
}

// subtract gives what is left of the line's sound after a filter's echo.
func (f *filters) subtract(echo *spectrum, line, left *[blockSamples]float32) {
	inverse(echo, &f.work)
	for i := range blockSamples / 2 {
		left[2*i] = line[2*i] - f.work[blockSamples/2+i].re
		left[2*i+1] = line[2*i+1] - f.work[blockSamples/2+i].im
	}
}

// adapt learns from what both filters left; where it may not, the foreground still
// follows how loud the near end is, so that it begins again with care.
func (f *filters) adapt(left1, left2 *[blockSamples]float32, may bool) {
	f.spectrumOf(left1, &f.err1)
	var inv [bins]float32 // 1/variance of the error
	for k := range bins {
		e := f.err1[k].power()
		own := overlap * f.doubtPower[k]
		f.noise[k] = noiseSlow*f.noise[k] + (1-noiseSlow)*max(e-own, 0.1*e)
		inv[k] = 1 / (own + f.noise[k] + tiny)
	}
	if !may {
		return
	}
	f.spectrumOf(left2, &f.err2)
	for k := range bins {
		f.err1[k].scale(inv[k])
		f.err2[k].scale(shadowStep / (overlap*f.playedPower[k] + shadowTiny*float32(len(f.front))))
	}
	f.step(&inv)
	f.constrain(0)
	if n := len(f.front) - 1; n > 0 {
		f.constrain(1 + f.turn%n)
		f.turn = (f.turn + 1) % n
	}
}

// spectrumOf transforms an error, which overlap-save puts after a block of nothing.
func (f *filters) spectrumOf(left *[blockSamples]float32, to *spectrum) {
	var nothing [blockSamples]float32
	pack(&f.work, &nothing, left)
	forward(&f.work, to)
}

// step changes both filters along their gradients; err1 and err2 are errors by
// their step sizes.
func (f *filters) step(inv *[bins]float32) {
	least := doubtLeast / float32(len(f.front))
	at := f.at
	for p := range f.front {
		x, w, v, q := &f.far[at], &f.front[p], &f.shadow[p], &f.doubt[p]
		for k := range bins {
			xr, xi := x[k].re, x[k].im
			e, s, d := &f.err1[k], &f.err2[k], q[k]
			v[k].re += xr*s.re + xi*s.im
			v[k].im += xr*s.im - xi*s.re
			wr, wi := w[k].re, w[k].im
			left := max(1-overlap*d*inv[k]*(xr*xr+xi*xi), 0.05)
			q[k] = keep2*left*d + (1-keep2)*(wr*wr+wi*wi) + least
			w[k].re = wr + d*(xr*e.re+xi*e.im)
			w[k].im = wi + d*(xr*e.im-xi*e.re)
		}
		if at++; at == len(f.far) {
			at = 0
		}
	}
}

// constrain takes the circular part out of a partition of both filters: each
// holds 20 samples, not 40. The first partition has most of a hybrid's echo and
// is done each time, the others in turn, which costs half and loses nothing.
func (f *filters) constrain(p int) {
	for _, w := range [...]*spectrum{&f.front[p], &f.shadow[p]} {
		inverse(w, &f.work)
		clear(f.work[blockSamples/2:])
		forward(&f.work, w)
	}
}

// promote makes the shadow the foreground.
func (f *filters) promote() {
	copy(f.front, f.shadow)
	for p := range f.front {
		for k, w := range f.front[p] {
			f.doubt[p][k] = max(f.doubt[p][k], doubtFast*(w.re*w.re+w.im*w.im)+1e-6)
		}
	}
	f.weighDoubt()
}

// weighDoubt sums the uncertainty of the foreground's echo again after doubt was
// changed between expect and adapt: a step that is larger than its divisor knows
// would throw the filter off.
func (f *filters) weighDoubt() {
	f.doubtPower, f.playedPower = [bins]float32{}, [bins]float32{}
	at := f.at
	for p := range f.doubt {
		f.weigh(&f.far[at], &f.doubt[p])
		if at++; at == len(f.far) {
			at = 0
		}
	}
}

// follow lets the shadow begin again from the foreground.
func (f *filters) follow() { copy(f.shadow, f.front) }

// pack puts two blocks one after the other.
func pack(s *signal, first, second *[blockSamples]float32) {
	for i := range blockSamples / 2 {
		s[i] = bin{first[2*i], first[2*i+1]}
		s[blockSamples/2+i] = bin{second[2*i], second[2*i+1]}
	}
}
