package vad

import "centralita/firmware/media"

// begin is how many frames of voice in a row are somebody who speaks.
const begin = 6

// Listener is the ear: media.VoiceStarted after 60 ms of voice, with its level,
// and media.VoiceStopped when a pause has become longer than what is allowed,
// with how long the voice was.
type Listener struct {
	d     *Detector
	pause int // frames that do not end a voice
	on    bool
	run   int // frames of voice before it is told, then of the pause
	long  int // frames since it began
}

// NewListener makes the ear; pauses up to pauseMS, the detector's own hang-over
// of 0.2 s included, do not end a voice. 300 ms is customary between words.
func NewListener(pauseMS int) *Listener {
	return &Listener{d: NewDetector(), pause: max(1, pauseMS/10)}
}

// Hear implements media.Ear.
func (l *Listener) Hear(pcm *[media.Narrow]int16, m media.Mouth) {
	voice := l.d.Frame(pcm)
	if l.on {
		l.long++
	}
	if l.on != (voice && (l.on || l.d.Voiced())) {
		l.run++
	} else {
		l.run = 0
	}
	switch {
	case !l.on && l.run >= begin:
		l.on, l.long, l.run = true, begin, 0
		m.Tell(media.VoiceStarted, int32(10*l.d.Level()))
	case l.on && l.run >= max(1, l.pause-hangs[middle]):
		m.Tell(media.VoiceStopped, int32(l.long-l.run)*10)
		l.on, l.run = false, 0
	}
}
