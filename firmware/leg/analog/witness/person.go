package witness

import (
	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// Person hears whether somebody speaks on a line that was just seized, where a
// dial tone should be. It must never be mistaken: a dial tone of another country
// is no person. A person is loud, is not of the plan's tones, and is not steady as
// tones are, even in cadence.
type Person struct {
	speech *speech
	began  bool
	level  [personFrames]float32 // energy of the last frames
	talk   [personFrames]bool
	n      int
	told   bool
}

// Of personFrames (800 ms), talkLeast are loud and not tonal, and betweenLeast are
// between a tenth and a half of the loudest: tones have one such frame per edge.
const (
	personFrames = 80
	talkLeast    = 20
	betweenLeast = 14
	// personMS is the mean square of -40 dBm0.
	personMS = 16141 * 16141 * 1e-4
)

// NewPerson makes the ear for a line of a country's plan.
func NewPerson(plan *tone.Country) *Person { return &Person{speech: newSpeech(plan)} }

// Hear takes 10 ms. It tells once that the line began to sound, and once that a
// person speaks.
func (p *Person) Hear(pcm *[media.Narrow]int16) (began, person bool) {
	var energy float32
	for _, x := range pcm {
		energy += float32(x) * float32(x)
	}
	loud := energy > personMS*float32(len(pcm))
	i := p.n % personFrames
	p.n++
	p.level[i] = energy
	p.talk[i] = loud && p.speech.tonal(pcm) < toneShare*energy
	switch {
	case !p.began && loud:
		p.began = true
		return true, false
	case !p.told && p.n >= personFrames && p.judge():
		p.told = true
		return false, true
	}
	return false, false
}

func (p *Person) judge() bool {
	peak, talk, between := float32(0), 0, 0
	for _, e := range p.level {
		peak = max(peak, e)
	}
	for i, e := range p.level {
		if p.talk[i] {
			talk++
		}
		if e > peak/10 && e < peak/2 {
			between++
		}
	}
	return talk >= talkLeast && between >= betweenLeast
}
