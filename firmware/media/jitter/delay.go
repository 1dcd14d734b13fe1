package jitter

// startDelay is what a stream begins with: 20 ms.
const startDelay = 160

// The delay is learnt from the last packets: a histogram of how much later than
// the quickest they came, in frames; share is the part that must be in time.
const (
	bins        = MaxDelay/frame + 1
	forget      = 0.998 // a packet of 500 packets ago (10 s) counts a third
	share       = 0.975
	startWeight = 0.05 // of startDelay: forgotten after some 15 s
	half        = 250  // packets after which the quickest is looked for anew
)

// delay finds out how long to wait.
type delay struct {
	weight  [bins]float32
	quick   [2]uint32 // least delay in the half under way and the one before
	seenNow int
	any     bool
}

func (d *delay) reset() {
	*d = delay{}
	d.weight[startDelay/frame] = startWeight
}

// seen takes the delay of one packet: the clock at the tick that found it there,
// minus its time stamp. Only differences mean something.
func (d *delay) seen(late uint32) {
	if !d.any {
		d.quick, d.any = [2]uint32{late, late}, true
	}
	if int32(late-d.quick[0]) < 0 {
		d.quick[0] = late
	}
	more := min(max(int32(late-d.least()), 0)+int32(frame)-1, MaxDelay) / int32(frame)
	for i := range d.weight {
		d.weight[i] *= forget
	}
	d.weight[more] += 1 - forget
	if d.seenNow++; d.seenNow == half {
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

// want is the delay to play with, on the clock of seen.
func (d *delay) want() int32 {
	if !d.any {
		return startDelay
	}
	var all, sum float32
	for _, w := range d.weight {
		all += w
	}
	for i, w := range d.weight {
		if sum += w; sum >= share*all {
			return int32(d.least()) + int32(i*frame)
		}
	}
	return int32(d.least()) + MaxDelay
}
