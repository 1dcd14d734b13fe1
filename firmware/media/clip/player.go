package clip

import (
	"fmt"
	"sync/atomic"

	"centralita/firmware/media"
)

// MaxList is the most sources of one list: a long number with the words around
// it takes about twenty.
const MaxList = 64

// Player is a port that plays lists of sources. The control plane calls Play and
// Stop, the engine everything else. When a list has come to its end the engine
// tells media.ClipEnded with the list's tag; a list that was replaced or stopped
// ends without a word.
type Player struct {
	next atomic.Pointer[list]
	// From here on the sound thread's.
	mouth   media.Mouth
	playing *list
	at      int
}

type list struct {
	tag     int32
	sources []Source
}

// NewPlayer makes a player with nothing to play.
func NewPlayer() *Player { return &Player{} }

// Play plays the sources one after the other, without a gap and in place of what
// is playing. The sources are the player's from then on. A list longer than
// MaxList is refused and changes nothing.
func (p *Player) Play(tag int32, sources ...Source) error {
	if len(sources) > MaxList {
		return fmt.Errorf("clip: a list of %d sources, at most %d", len(sources), MaxList)
	}
	p.next.Store(&list{tag, sources})
	return nil
}

// Stop ends what is playing; ClipEnded is not told.
func (p *Player) Stop() { p.next.Store(&stopped) }

var stopped list

// Plugged implements media.Teller.
func (p *Player) Plugged(m media.Mouth) { p.mouth = m }

// Rate implements media.Port.
func (p *Player) Rate() media.Rate { return media.Narrow }

// Write implements media.Port; a player hears nothing.
func (p *Player) Write(uint64, *media.Frame) {}

// Read implements media.Port.
func (p *Player) Read(_ uint64, f *media.Frame) bool {
	if l := p.next.Swap(nil); l != nil {
		p.playing, p.at = l, 0
		if l == &stopped {
			p.playing = nil
		}
	}
	if p.playing == nil {
		return false
	}
	pcm := f.PCM()
	n := 0
	for n < len(pcm) && p.at < len(p.playing.sources) {
		n += p.playing.sources[p.at].Fill(pcm[n:])
		if n < len(pcm) {
			p.at++
		}
	}
	clear(pcm[n:])
	if n < len(pcm) {
		p.mouth.Tell(media.ClipEnded, p.playing.tag)
		p.playing = nil
	}
	return n > 0
}
