package leg

import "centralita/firmware/event"

// Measurer is a leg whose sound comes in packets and can be judged.
type Measurer interface {
	// Quality is how the sound goes, and after the end how it went; ok is false where
	// no packet came or went. Any goroutine may ask.
	Quality() (q event.Quality, ok bool)
}
