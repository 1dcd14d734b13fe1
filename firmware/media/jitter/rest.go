package jitter

// RestMax is how much sound a buffer can hold that was not played.
const RestMax = lineSamples

// Rest gives what has come and was not played, in order and with silence for what
// has not come, and the time stamp of what would follow; any is false when nothing
// ever came. It ends the buffer: nothing may be put into it or pulled afterwards.
func (b *Buffer) Rest(pcm *[RestMax]int16) (n int, next uint32, any bool) {
	for p := b.in.Peek(); p != nil; p = b.in.Peek() {
		b.take(p)
		b.in.Drop()
	}
	if !b.began {
		return 0, 0, false
	}
	n = min(max(0, int(int32(b.top-b.play))), RestMax)
	for at := 0; at < n; at += block {
		part := pcm[at:min(at+block, n)]
		if b.line.ready(b.play+uint32(at), len(part)) {
			b.line.read(b.play+uint32(at), part)
		} else {
			clear(part)
		}
	}
	return n, b.top, true
}
