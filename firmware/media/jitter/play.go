package jitter

import "centralita/firmware/media/conceal"

// next makes one frame: as it came, or with the speed changed to arrive at the
// delay wanted, or made up.
func (b *Buffer) next(out *[frame]int16) bool {
	b.count.frames.Add(1)
	from := b.play
	have := int32(b.now - b.play)
	want := b.wanted()
	quiet := (b.held || have != want) && b.quiet()
	if b.rest > 0 {
		b.rest--
	}
	b.played.TS = from
	heard := true
	switch {
	case !b.line.ready(b.play, frame):
		heard = b.missing(out, b.waits(have, want))
	case quiet && have != want && b.slide(out, have-want):
		b.conceal.Good(out[:])
	case b.held && !quiet:
		b.real(out[:])
	case want-have > tooShort && b.rest == 0 && b.stretch(out, want-have):
		b.played.Stretched = true
		b.conceal.Good(out[:])
	case have-want > tooLong && b.rest == 0 && b.squeeze(out, have-want):
		b.played.Squeezed = true
		b.conceal.Good(out[:])
	default:
		b.real(out[:])
	}
	b.played.Samples = int(int32(b.play - from))
	return heard
}

// waits reports whether a frame that has not come is waited for: where the delay is
// to grow, and while little is known of the network and nothing behind it has come.
func (b *Buffer) waits(have, want int32) bool {
	if b.held {
		return false
	}
	return have < want || b.delay.young() && have < int32(b.delay.base)+startDelay && int32(b.play+uint32(frame)-b.top) > 0
}

// Up to 7.5 ms too long the delay is left alone, because a period of a voice is
// that long and every change is a little heard.
const (
	tooShort = 0
	tooLong  = 60
)

// real plays what has come.
func (b *Buffer) real(out []int16) {
	b.line.read(b.play, out)
	b.play += uint32(len(out))
	b.conceal.Good(out)
}

// missing makes up what has not come of a frame. Where the delay is to grow, or
// the far end has nothing to say, standing still loses nothing; else the frame
// may begin or end with what has come.
func (b *Buffer) missing(out *[frame]int16, wait bool) bool {
	head := b.line.run(b.play, frame)
	if head > 0 {
		b.real(out[:head])
	}
	rest := out[head:]
	if b.comfort.covers(b.play) {
		b.hush(rest)
		return true
	}
	b.played.MadeAt = head
	if wait && !b.conceal.Leads() {
		b.played.Made = len(rest)
		return b.made(rest, nil, 0) || head > 0
	}
	gap := b.line.gap(b.play, conceal.MaxGap)
	made := min(len(rest), gap)
	if made < len(rest) && !b.line.ready(b.play+uint32(gap), len(rest)-gap) {
		made = len(rest)
	}
	var behind []int16
	if gap <= conceal.MaxGap && b.line.ready(b.play+uint32(gap), conceal.Behind) {
		behind = b.behind[:]
		b.line.read(b.play+uint32(gap), behind)
	}
	heard := b.made(rest[:made], behind, gap)
	b.played.Made = made
	b.play += uint32(made)
	if made < len(rest) {
		b.real(rest[made:])
		return true
	}
	return heard || head > 0
}

// made makes sound up and counts the frame.
func (b *Buffer) made(out, behind []int16, gap int) bool {
	heard := b.conceal.Lost(out, behind, gap)
	if heard {
		b.count.concealed.Add(1)
	}
	return heard
}

// restTicks lets 60 ms pass between two changes of speed.
const restTicks = 6

// stretch plays a frame and steps back by one period of the voice, so that the
// frame is longer than the time it took: 5 to 15 ms more delay, just what is wanted
// where that is nearly as good.
func (b *Buffer) stretch(out *[frame]int16, least int32) bool {
	var x [maxLag + frame]int16
	if !b.line.ready(b.play-maxLag, maxLag+frame) {
		return false
	}
	b.line.read(b.play-maxLag, x[:])
	lag := bestLag(x[maxLag:], x[:], -1, least)
	fade(out, x[maxLag:], x[maxLag-lag:])
	b.play += uint32(frame - lag)
	b.rest = restTicks
	b.count.stretched.Add(1)
	return true
}

// squeeze leaves one period of the voice out: 5 to 15 ms less delay, but at most
// what there is too much, so that no stretch follows.
func (b *Buffer) squeeze(out *[frame]int16, most int32) bool {
	var x [maxLag + frame]int16
	if !b.line.ready(b.play, maxLag+frame) {
		return false
	}
	b.line.read(b.play, x[:])
	lag := bestLag(x[:], x[:], 1, most)
	b.rest = restTicks
	if int32(lag) > most {
		return false
	}
	fade(out, x[:], x[lag:])
	b.play += uint32(frame + lag)
	b.count.squeezed.Add(1)
	return true
}

// slide goes to the delay wanted where nothing is said, by at most 15 ms in a frame:
// there a jump in time is not heard, whatever its length.
func (b *Buffer) slide(out *[frame]int16, over int32) bool {
	by := min(max(int(over), -maxLag), maxLag)
	var x [frame + maxLag]int16
	first := b.play
	if by < 0 {
		first += uint32(by)
	}
	part := x[:frame+max(by, -by)]
	if !b.line.ready(first, len(part)) {
		return false
	}
	b.line.read(first, part)
	if by < 0 {
		fade(out, part[-by:], part)
		b.played.Stretched = true
		b.count.stretched.Add(1)
	} else {
		fade(out, part, part[by:])
		b.played.Squeezed = true
		b.count.squeezed.Add(1)
	}
	b.play += uint32(frame + by)
	return true
}
