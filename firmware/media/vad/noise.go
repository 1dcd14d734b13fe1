package vad

// noise follows the background in each band. It falls at once to the least that
// was heard in the last seconds, rises slowly towards it, and jumps to what has
// been still for a while: a fan that starts is background after 0.2 s, a sung
// note never, because it is as loud as the voice was.
type noise struct {
	dB     [bands]float32 // the background in dBm0
	recent [still][bands]float32
	n      int // frames taken, up to a bound
	at     int // in recent
	stills int // frames for which it has been still

	least [bands]float32            // of the span that runs
	spans [spansKept][bands]float32 // least of spans before
	span  int
	left  int // frames until the span ends
}

const (
	still     = 18    // frames in which still noise varies little
	stillDB   = 9.0   // from the least to the most in every band
	stillLoud = 60    // frames for which something loud must be still as well
	smoothed  = 4     // frames of which the mean is a candidate for the least
	spanLong  = 40    // frames
	spansKept = 8     // with the one that runs 3.2 to 3.6 s
	rise      = 0.05  // dB a frame
	falls     = 0.2   // of the way, a frame
	opening   = 6     // frames that begin a call: taken for background
	loudest   = -34.0 // dBm0 of a band that the opening is taken for
	forever   = 1 << 20
	unknown   = 99 // dBm0 of a least that nothing was heard of
)

// How noise varies in a band, in dB: the narrower the band, the more. leastUnder is
// how far the least of 3 s lies under the mean, nine tenths of it, for the least is
// lifted after still noise; varies is the standard deviation of 20 ms.
var (
	leastUnder = [bands]float32{2.4, 2.0, 1.5, 1.3, 1.5}
	varies     = [bands]float32{1.46, 1.17, 0.88, 0.78, 0.94}
)

// follow takes the levels of a frame; loud says that it may be the voice itself. It
// reports whether the noise has been still and was taken for background.
func (n *noise) follow(l *[bands]float32, loud bool) bool {
	n.recent[n.at] = *l
	n.at = (n.at + 1) % still
	if n.n < forever {
		n.n++
	}
	if n.n <= opening {
		n.open(l)
	}
	n.floor(l)
	mean, ok := n.calm()
	if !ok || loud && n.stills <= stillLoud {
		return false
	}
	for i, m := range mean {
		n.dB[i] += (m - n.dB[i]) / 2
		n.lift(i, m-2)
	}
	return true
}

// open begins with what is heard first, if it may be noise.
func (n *noise) open(l *[bands]float32) {
	for i, x := range l {
		x = min(x, loudest)
		if n.n == 1 {
			n.dB[i] = x
			for k := range n.spans {
				n.spans[k][i] = unknown
			}
		}
		n.dB[i] = max(n.dB[i], x)
	}
}

// floor moves the background towards the least of the last seconds.
func (n *noise) floor(l *[bands]float32) {
	fresh := n.left == 0
	if fresh {
		n.left = spanLong
	}
	for i := range n.dB {
		x := n.smooth(i, l)
		if n.n == 1 {
			x = unknown // half as long as the others, it varies too much
		}
		if fresh {
			n.least[i] = x
		}
		n.least[i] = min(n.least[i], x)
		m := n.least[i]
		for _, s := range n.spans {
			m = min(m, s[i])
		}
		if m += leastUnder[i]; m < n.dB[i] {
			n.dB[i] += falls * (m - n.dB[i])
		} else {
			n.dB[i] += min(rise, m-n.dB[i])
		}
	}
	if n.left--; n.left == 0 {
		n.spans[n.span] = n.least
		n.span = (n.span + 1) % spansKept
	}
}

// smooth is the mean of a band over the last frames.
func (n *noise) smooth(band int, l *[bands]float32) float32 {
	if n.n < smoothed {
		return l[band]
	}
	var sum float32
	for k := 1; k <= smoothed; k++ {
		sum += n.recent[(n.at+still-k)%still][band]
	}
	return sum / smoothed
}

// calm reports whether no band has varied much of late, and their means.
func (n *noise) calm() (mean [bands]float32, ok bool) {
	ok = n.n >= still
	for i := 0; i < bands && ok; i++ {
		lo, hi := n.recent[0][i], n.recent[0][i]
		for k := range n.recent {
			x := n.recent[k][i]
			lo, hi = min(lo, x), max(hi, x)
			mean[i] += x / still
		}
		ok = hi-lo < stillDB
	}
	n.stills++
	if !ok {
		n.stills = 0
	}
	return mean, ok
}

// lift forgets what was less than the still noise of now.
func (n *noise) lift(band int, least float32) {
	n.least[band] = max(n.least[band], least)
	for k := range n.spans {
		n.spans[k][band] = max(n.spans[k][band], least)
	}
}

// excess is how far a frame stands over the background: the mean of all bands in
// dB, the greatest in standard deviations of the noise, and the level of the loudest
// band that stands clearly over it.
func (n *noise) excess(l *[bands]float32) (mean, greatest, loudest float32) {
	loudest = nothing
	for i, x := range l {
		over := min(max(x-n.dB[i], 0), most)
		mean += over / bands
		over /= varies[i]
		greatest = max(greatest, over)
		if over > 2 {
			loudest = max(loudest, x)
		}
	}
	return mean, greatest, loudest
}

// total is the level of the background over all bands.
func (n *noise) total() float32 {
	var sum float32
	for _, x := range n.dB {
		sum += meanSquare(x)
	}
	return decibel(sum)
}
