package echo

// filters is the adaptive part: two filters on one far end. All signals are in
// parts of full scale.
//
// What is done to each value of each partition is most of the canceller's work. So
// a bin's partitions stand side by side in memory, and what was played stands there
// twice, so that a window on it never wraps: a bin's sums stay in registers.
//
// Partition p holds the echo path's samples 20p … 20p+19 and works on what was
// played p blocks ago (overlap-save; J.-S. Soo and K. K. Pang 1990). The
// foreground is the diagonalised Kalman filter of G. Enzner and P. Vary 2006,
// partitioned as by F. Kuech, E. Mabande and G. Enzner 2014.
type filters struct {
	n     int       // partitions
	at    int       // where the newest of what was played is, 0..n-1; again at at+n
	far   []bin     // what was played: of each bin 2n
	power []float32 // of far
	past  [blockSamples]float32

	front, shadow []bin         // of each bin n
	doubt         []float32     // variance of each value of front
	noise         [bins]float32 // power of everything in the error that is no echo
	turn          int           // which partition is constrained next
	untidy        int           // how many to constrain where nothing is learnt

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
		n: n, far: make([]bin, bins*2*n), power: make([]float32, bins*2*n),
		front: make([]bin, bins*n), shadow: make([]bin, bins*n), doubt: make([]float32, bins*n),
	}
	f.forget()
	return f
}

// silence forgets what was played.
func (f *filters) silence() {
	clear(f.far)
	clear(f.power)
	clear(f.past[:])
}

// forget goes back to knowing nothing of the line; what was played stays.
func (f *filters) forget() {
	clear(f.front)
	clear(f.shadow)
	f.turn, f.untidy = 0, 0
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
	for i := range f.doubt {
		f.doubt[i] = doubtStart / float32(f.n)
	}
	for k := range f.noise {
		f.noise[k] = noiseStart
	}
	f.weighDoubt()
}

// play takes the newest block that goes out.
func (f *filters) play(x *[blockSamples]float32) {
	if f.at--; f.at < 0 {
		f.at = f.n - 1
	}
	pack(&f.work, &f.past, x)
	f.past = *x
	var now spectrum
	forward(&f.work, &now)
	for k, v := range now {
		far, power := f.far[2*k*f.n:][:2*f.n], f.power[2*k*f.n:][:2*f.n]
		far[f.at], far[f.at+f.n] = v, v
		power[f.at], power[f.at+f.n] = v.power(), v.power()
	}
}

// played is the window on what was played, of a bin, from the newest on; its powers
// too.
func (f *filters) played(k int) ([]bin, []float32) {
	i := 2*k*f.n + f.at
	return f.far[i:][:f.n], f.power[i:][:f.n]
}

// expect sums the echo of the foreground; where the filters learn, also that of
// the shadow, and the powers for the steps.
func (f *filters) expect(learns bool) {
	if !learns {
		f.doubtPower, f.playedPower = [bins]float32{}, [bins]float32{}
	}
	for k := range bins {
		x, power := f.played(k)
		i := k * f.n
		f.frontEcho[k] = convolve(x, f.front[i:])
		if learns {
			f.shadowEcho[k] = convolve(x, f.shadow[i:])
			f.doubtPower[k], f.playedPower[k] = weigh(power, f.doubt[i:])
		}
	}
}

// convolve sums what a filter makes of x.
func convolve(x, w []bin) (sum bin) {
	w = w[:len(x)]
	for p, x := range x {
		w := w[p]
		sum.re += x.re*w.re - x.im*w.im
		sum.im += x.re*w.im + x.im*w.re
	}
	return sum
}

// weigh sums the powers of what was played, and those of the doubt in its echo.
func weigh(power, doubt []float32) (doubted, played float32) {
	doubt = doubt[:len(power)]
	for p, v := range power {
		doubted += doubt[p] * v
		played += v
	}
	return doubted, played
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
		if f.untidy > 0 {
			f.untidy--
			f.constrainNext()
		}
		return
	}
	f.spectrumOf(left2, &f.err2)
	for k := range bins {
		f.err1[k].scale(inv[k])
		f.err2[k].scale(shadowStep / (overlap*f.playedPower[k] + shadowTiny*float32(f.n)))
	}
	f.step(&inv)
	f.constrain(0)
	f.constrainNext()
}

// constrainNext does one of the other partitions.
func (f *filters) constrainNext() {
	if n := f.n - 1; n > 0 {
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
	least := doubtLeast / float32(f.n)
	for k := range bins {
		x, power := f.played(k)
		i := k * f.n
		chase(x, f.shadow[i:], f.err2[k])
		learn(x, power, f.front[i:], f.doubt[i:], f.err1[k], overlap*inv[k], least)
	}
}

// chase is the shadow's step in a bin.
func chase(x, w []bin, e bin) {
	w = w[:len(x)]
	for p, x := range x {
		w[p].re += x.re*e.re + x.im*e.im
		w[p].im += x.re*e.im - x.im*e.re
	}
}

// learn is the foreground's, and what it makes of the doubt.
func learn(x []bin, power []float32, w []bin, doubt []float32, e bin, inv, least float32) {
	power, w, doubt = power[:len(x)], w[:len(x)], doubt[:len(x)]
	for p, x := range x {
		d, v := doubt[p], w[p]
		left := 1 - d*inv*power[p]
		if left < 0.05 { // max is a call on arm
			left = 0.05
		}
		doubt[p] = keep2*left*d + (1-keep2)*v.power() + least
		w[p] = bin{v.re + d*(x.re*e.re+x.im*e.im), v.im + d*(x.re*e.im-x.im*e.re)}
	}
}

// constrain takes the circular part out of a partition of both filters: each
// holds 20 samples, not 40. The first partition has most of a hybrid's echo and
// is done each time, the others in turn, which costs half and loses nothing.
func (f *filters) constrain(p int) {
	f.constrainOne(f.front, p)
	f.constrainOne(f.shadow, p)
}

func (f *filters) constrainOne(filter []bin, p int) {
	var w spectrum
	f.partition(filter, p, &w)
	inverse(&w, &f.work)
	clear(f.work[blockSamples/2:])
	forward(&f.work, &w)
	for k, v := range w {
		filter[k*f.n+p] = v
	}
}

// partition gathers a filter's partition.
func (f *filters) partition(filter []bin, p int, to *spectrum) {
	for k := range to {
		to[k] = filter[k*f.n+p]
	}
}

// promote makes the shadow the foreground.
func (f *filters) promote() {
	copy(f.front, f.shadow)
	for i, w := range f.front {
		f.doubt[i] = max(f.doubt[i], doubtFast*w.power()+1e-6)
	}
	f.weighDoubt()
}

// weighDoubt sums the uncertainty of the foreground's echo again after doubt was
// changed between expect and adapt: a step that is larger than its divisor knows
// would throw the filter off.
func (f *filters) weighDoubt() {
	for k := range bins {
		_, power := f.played(k)
		f.doubtPower[k], f.playedPower[k] = weigh(power, f.doubt[k*f.n:])
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
