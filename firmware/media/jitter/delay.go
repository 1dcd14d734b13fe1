package jitter

// A stream begins without waiting, as most networks are even. In its first young
// packets a frame that has not come is rather late than lost, and waited for until
// the delay is 20 ms.
const (
	startDelay = 160
	young      = 100
)

// The delay is learnt from the last packets: a histogram of how much later than
// the quickest they came, in frames; share is the part that must be in time. Of
// the packets that are not, most still sound, because the buffer waits for them
// where it has too little delay anyway.
const (
	bins    = MaxDelay/frame + 1
	forget  = 0.996 // a packet of 250 packets ago (5 s) counts a third
	share   = 0.98
	half    = 250 // packets after which the quickest is looked for anew
	quarter = 125 // and the latest
	far     = 3   // frames
	slip    = 1   // frame by which packets may come later from one to the next, as clocks drift apart
)

// delay finds out how long to wait.
type delay struct {
	weight  [bins]float32
	base    uint32    // delay of the first bin: the quickest packet's
	quick   [2]uint32 // least delay in the half under way and the one before
	most    [2]uint32 // greatest delay in the quarter under way and the one before
	seenNow int
	age     int // packets, at most young
	any     bool
}

func (d *delay) reset() { *d = delay{} }

// seen takes the delay of one packet: the clock at the tick that found it there,
// minus its time stamp. Only differences mean something. A near one might as well
// have come a tick later.
func (d *delay) seen(late uint32, near bool) {
	d.age = min(d.age+1, young)
	if !d.any {
		d.quick, d.most, d.base, d.any = [2]uint32{late, late}, [2]uint32{late, late}, late, true
	}
	if int32(late-d.quick[0]) < 0 {
		d.quick[0] = late
	}
	if int32(late-d.most[0]) > 0 {
		d.most[0] = late
	}
	d.move(d.least())
	more := min(max(int32(late-d.base), 0)+int32(frame)-1, MaxDelay) / int32(frame)
	if near {
		more = max(more, slip)
	}
	for i := range d.weight {
		d.weight[i] *= forget
	}
	d.weight[more] += 1 - forget
	if d.seenNow++; d.seenNow%quarter == 0 {
		d.most = [2]uint32{late, d.most[0]}
	}
	if d.seenNow == half {
		d.seenNow = 0
		d.quick = [2]uint32{late, d.quick[0]}
	}
}

func (d *delay) least() uint32 {
	if int32(d.quick[1]-d.quick[0]) < 0 {
		return d.quick[1]
	}
	return d.quick[0]
}

// cap takes delay back at once where a slow route has become quick again: when
// no packet of the last seconds came nearly as late as that.
func (d *delay) cap(want int32) int32 {
	latest := d.most[0]
	if int32(d.most[1]-latest) > 0 {
		latest = d.most[1]
	}
	if enough := int32(latest) + slip*int32(frame); want-enough >= far*int32(frame) {
		return enough
	}
	return want
}

// move begins the histogram at another quickest delay, by whole bins: after a
// change of route, or as the clocks drift, what was learnt stays true.
func (d *delay) move(least uint32) {
	by := int(int32(least-d.base)) / frame
	if by == 0 {
		return
	}
	d.base += uint32(by * frame)
	old := d.weight
	d.weight = [bins]float32{}
	for i, w := range old {
		d.weight[min(max(i-by, 0), bins-1)] += w
	}
}

// young reports that little is known yet.
func (d *delay) young() bool { return d.age < young }

// want is the delay to play with, on the clock of seen.
func (d *delay) want() int32 {
	var all, sum float32
	for _, w := range d.weight {
		all += w
	}
	for i, w := range d.weight {
		if sum += w; sum >= share*all {
			return d.cap(int32(d.base) + int32(i*frame))
		}
	}
	return int32(d.base) + MaxDelay
}
