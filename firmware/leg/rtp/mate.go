package rtp

import "slices"

// Two far ends that speak the same need nobody to translate: their packets are passed.
// So whoever is called is asked to speak as the caller does, and the caller, where it
// was not answered yet, as the called end does.

// Format is a codec as a far end names it.
type Format struct {
	Codec   Codec
	Payload uint8
	Fmtp    string // of Opus: what who wrote it likes to be sent (RFC 7587 section 6.1)
}

// Speech is what a far end speaks.
type Speech struct {
	Settled bool     // Formats is the one in use; else those that it offered, best first
	Formats []Format // never empty
	Comfort bool     // it may tell what noise is to be heard while it says nothing
}

// Knows reports whether a codec is among them.
func (s Speech) Knows(c Codec) bool {
	return slices.ContainsFunc(s.Formats, func(f Format) bool { return f.Codec == c })
}

// Mate is a leg whose packets can be passed to those of another. Its methods may be
// called by any goroutine.
type Mate interface {
	Speech() *Speech // nil is not known yet; not to be changed
	Matched(Speech)  // the end that is to be connected with it took the first of these
	Sound() *Session // to be relayed with; nil is none yet
}
