package vad

import "centralita/firmware/media"

// Marker decides as Detector does, but MarkerDelay frames later, and therefore
// better: a voice may begin so far below the noise that no frame shows it, but what
// came before the first loud one does (Page's cumulative sum, run backwards, with the
// place of its maximum as the time of the change); a pause too short to be one is
// filled; a blip with no voice near it is none. It is for whoever can wait: marks on
// a recording, measurements of files. NewMarker makes it.
type Marker struct {
	d     *Detector
	marks [MarkerDelay]mark
	at, n int // place of the next frame; frames taken, up to a bound
	since int // frames since the newest firm one, up to a bound
	tail  int // frames for which that stays voice
}

// mark is what is known of a frame.
type mark struct {
	voice  bool           // for certain
	likely bool           // by the detector
	dBm0   [bands]float32 // its levels
}

// MarkerDelay is by how many frames of 10 ms a Marker is late.
const MarkerDelay = 40

// Frames by clarity: the hang-over, the longest pause that is filled, and what is
// added before every beginning.
var (
	markedTail  = [3]int{clear: 16, middle: 20, noisy: 24}
	markedPause = [3]int{clear: 14, middle: 23, noisy: 25}
	markedHead  = [3]int{clear: 1, middle: 0, noisy: 1}
)

const (
	after   = 10   // frames after a voice in which a blip is its echo or last breath
	before  = 20   // frames before a voice in which a blip is its beginning
	search  = 14   // frames before a voice that the sum goes back
	settled = 100  // frames after which the background is known well enough for it
	drift   = 0.25 // dB over the background that a frame may have
	changed = 2    // sum in dB that is no noise
	loudMax = 2.5  // dB that one frame counts: a loud one tells nothing of those before it

	splitLeast = 6    // frames that can be split
	splitFirst = 4    // frames that are surely before the beginning
	splitSure  = 9.0  // square of standard deviations between both parts
	variance   = 0.64 // of the weighted level of 10 ms of noise, dB squared
)

// NewMarker makes a marker that knows nothing of its line yet.
func NewMarker() *Marker {
	m := &Marker{d: NewDetector(), since: forever}
	m.d.tails = &markedTail
	return m
}

// Frame takes 10 ms and reports whether those MarkerDelay frames before were voice;
// ok is false as long as there were none.
func (m *Marker) Frame(pcm *[media.Narrow]int16) (voice, ok bool) {
	now := &m.marks[m.at]
	voice, ok = now.voice, m.n >= MarkerDelay
	now.likely = m.d.Frame(pcm)
	now.dBm0 = m.d.brief
	if m.d.firm {
		m.tail = m.d.hang
		m.look()
		m.since = 0
	} else {
		m.tail = max(0, m.tail-1)
		m.since = min(m.since+1, forever)
	}
	now.voice = m.tail > 0 || now.likely && m.since < after
	m.n = min(m.n+1, forever)
	m.at = (m.at + 1) % MarkerDelay
	return voice, ok
}

// Rest ends it: the frames of which Frame has not told yet, MarkerDelay at most.
func (m *Marker) Rest() []bool {
	rest := make([]bool, 0, MarkerDelay)
	for k := min(m.n, MarkerDelay); k > 0; k-- {
		rest = append(rest, m.back(k).voice)
	}
	return rest
}

// back is the frame k before the one at, 1..MarkerDelay-1.
func (m *Marker) back(k int) *mark { return &m.marks[(m.at+MarkerDelay-k)%MarkerDelay] }

// look marks what a firm frame tells of those before it.
func (m *Marker) look() {
	kept := min(m.n, MarkerDelay-1)
	for k := 1; k <= min(before, kept); k++ {
		if f := m.back(k); f.likely {
			f.voice = true
		}
	}
	for k := 1; k <= min(m.head(), kept); k++ {
		m.back(k).voice = true
	}
}

// head is for how many frames before the firm one now taken there was voice.
func (m *Marker) head() int {
	c := m.d.clarity()
	switch {
	case m.since <= markedPause[c]:
		return m.since
	case c == clear:
		return markedHead[c]
	case m.n >= settled:
		return max(markedHead[c], m.change())
	case m.since == forever:
		return max(markedHead[c], m.split())
	}
	return markedHead[c]
}

// change goes back from the firm frame as long as what is over the background sums
// up, and is the number of frames to where the sum was greatest.
func (m *Marker) change() (frames int) {
	var sum float32
	most := float32(changed)
	for k := 1; k < min(search, m.since); k++ {
		var over float32
		for i, x := range m.back(k).dBm0 {
			over += telling[i] * min(max(x-m.d.murmur.mean[i], -jump), jump)
		}
		if sum += min(over, loudMax) - drift; sum > most {
			most, frames = sum, k
		}
	}
	return frames
}

// split is change for a voice that begins before any background is known: it finds
// the two parts of what was heard so far whose means differ most for their lengths.
func (m *Marker) split() (frames int) {
	n := min(MarkerDelay, m.n+1) - 2 // the first frame of all is the bands' own beginning
	if n < splitLeast {
		return 0
	}
	level, all := m.levels(n)
	most, late := float32(splitSure*variance), float32(0)
	for k := 1; k <= n-3; k++ {
		late += level[k]
		a, b := late/float32(k), (all-late)/float32(n-k)
		if s := (a - b) * (a - b) * float32(k*(n-k)) / float32(n); a > b && s > most {
			most, frames = s, k
		}
	}
	return frames
}

// levels are the weighted levels of the last n frames in dB over the first of them,
// and their sum.
func (m *Marker) levels(n int) (level [MarkerDelay]float32, all float32) {
	var first float32
	for k := n; k >= 1; k-- {
		for i, x := range m.back(k).dBm0 {
			level[k] += telling[i] * x
		}
		if k > n-splitFirst {
			first += level[k] / splitFirst
		}
	}
	for k := 1; k <= n; k++ {
		level[k] = min(level[k]-first, loudMax)
		all += level[k]
	}
	return level, all
}
