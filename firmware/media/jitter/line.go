package jitter

// lineSamples is half a second of sound: the longest delay, a burst, and the
// past that a change of speed looks back to.
const lineSamples = 4096

// block is the unit in which the line knows what it has: 1 ms, of which the
// packets of all senders are whole multiples.
const block = 8

// line is the sound of a stream by its time stamps: order of arrival, doubles
// and lengths of packets make no difference to it.
type line struct {
	base   uint32 // time stamp of the first packet, so that blocks fall together
	pcm    [lineSamples]int16
	stamps [lineSamples / block]uint32 // number of the block held, 0 for none
}

func (l *line) reset(ts uint32) {
	l.base = ts - lineSamples // so that no block has the number 0 for long
	clear(l.stamps[:])
}

func (l *line) number(ts uint32) uint32 { return (ts-l.base)/block + 1 }

// write puts samples in their place. A start between two blocks is moved by less
// than a millisecond.
func (l *line) write(ts uint32, pcm []int16) {
	n := l.number(ts)
	for len(pcm) >= block {
		i := (n % (lineSamples / block))
		copy(l.pcm[i*block:][:block], pcm)
		l.stamps[i] = n
		pcm = pcm[block:]
		n++
	}
}

// has reports whether the sample of a time stamp is there.
func (l *line) has(ts uint32) bool {
	n := l.number(ts)
	return l.stamps[n%(lineSamples/block)] == n
}

// ready reports whether all n samples from ts on are there.
func (l *line) ready(ts uint32, n int) bool {
	for k, end := l.number(ts), l.number(ts+uint32(n)-1); k <= end; k++ {
		if l.stamps[k%(lineSamples/block)] != k {
			return false
		}
	}
	return true
}

// read copies what ready found.
func (l *line) read(ts uint32, to []int16) {
	at := (ts - l.base + block) % lineSamples
	n := copy(to, l.pcm[at:])
	copy(to[n:], l.pcm[:])
}

// run is how many samples from ts on are there, at most n.
func (l *line) run(ts uint32, n int) int {
	return l.same(ts, n, true)
}

// gap is how many samples from ts on are missing; more than most when there are
// more.
func (l *line) gap(ts uint32, most int) int {
	return l.same(ts, most+block, false)
}

// same is how many samples from ts on, at most n, are all there or all missing.
func (l *line) same(ts uint32, n int, there bool) int {
	for k := 0; k < n; {
		if l.has(ts+uint32(k)) != there {
			return k
		}
		k += block - int((ts+uint32(k)-l.base)%block)
	}
	return n
}
