package highway

import "time"

// stream is one direction of the bus as the kernel gives it: every method is one
// system call. Errors are the kernel's numbers (unix.Errno), EPIPE for a stream that
// fell because we came too late, ESTRPIPE for one that slept with the machine.
type stream interface {
	// link makes both start, stop and prepare together.
	link(with stream) error
	prepare() error
	start() error
	drop() error
	// delay is how many frames lie between us and the wire; of capture it grows with
	// every frame that the clock brings.
	delay() (int, error)
	// transfer moves whole frames of hal.SlotCount samples and returns how many;
	// EAGAIN when none can be moved now.
	transfer(samples []int16) (frames int, err error)
	// wait returns true when a period can be moved, or transfer has an error to tell.
	wait(patience time.Duration) (bool, error)
	close() error
}

// card opens both directions of a sound card, with buffers of so many frames, ready to
// be prepared.
type card interface {
	open(buffer int) (play, capture stream, err error)
}
