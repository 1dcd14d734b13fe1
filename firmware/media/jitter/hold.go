package jitter

// Hold has the buffer play in the far end's own time, while a fax machine or modem
// talks: a receiver of theirs that has trained on a signal loses it when a single
// sample is put in or left out. Delay is taken or given back only where nothing is
// said, of which T.30 has 75 ms before every signal; there also the drift of the
// clocks is made up for, 5 ms in a page of 100 s at 50 ppm. What is late is lost, and
// made up in its own length. Once a tick, in the thread that pulls.
func (b *Buffer) Hold(on bool) { b.held = on }

// heldDelay is the least delay in a hold, in samples: 100 ms, so that what comes
// late in the middle of a page is still in time. Machines wait three seconds for
// each other's answers (T.30, timer T4), so that nothing is lost by it.
const heldDelay = 800

// wanted is the delay to play with.
func (b *Buffer) wanted() int32 {
	want := b.delay.want()
	if b.held && b.delay.any {
		want = max(want, int32(b.delay.least())+heldDelay)
	}
	return want
}

// quietMS is the mean square of -50 dBm0, below which machines say nothing.
const quietMS = 16141 * 16141 / 100000

// quiet reports whether nothing is said in what a change of speed works on: a
// period before the next frame and after it.
func (b *Buffer) quiet() bool {
	const n = maxLag + frame + maxLag
	var x [n]int16
	from := b.play - maxLag
	if !b.line.ready(from, n-maxLag) {
		return false
	}
	part := x[:b.line.run(from, n)]
	b.line.read(from, part)
	var sum int64
	for _, v := range part {
		sum += int64(v) * int64(v)
	}
	return sum < quietMS*int64(len(part))
}
