package highway

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"centralita/hal"
)

// kernel is a sound card in memory, in virtual time: a clock that brings a frame
// every 125 µs, a buffer each way, and the kernel's rules for streams. What is played
// is captured echo frames of a period later than it is on the wire.
type kernel struct {
	noLink  bool // it refuses to link
	gone    bool // the card was taken out
	stopped bool // the clock of the bus
	deaf    bool // the bus waits at its start for a clock, and for ever if there is none

	opened, begun int
	buffer        int
	at            int       // frames of the clock so far
	seen          time.Time // when at was true
	play, capture *fake
	wire          []int16 // slot 0 as it was on the wire, by frame
}

// fake is one direction. It fulfils stream.
type fake struct {
	k       *kernel
	capture bool
	state   int
	app     int // frames moved by the program since prepare
	held    []int16
	with    *fake
	closed  bool
	fell    error
	asleep  bool
}

const (
	setup = iota
	prepared
	running
)

func (k *kernel) open(buffer int) (stream, stream, error) {
	if k.gone {
		return nil, nil, errors.New("no such card")
	}
	k.opened++
	k.buffer = buffer
	k.play, k.capture = &fake{k: k}, &fake{k: k, capture: true}
	return k.play, k.capture, nil
}

// turn lets the clock catch up with the time, and streams fall that were late.
func (k *kernel) turn() {
	now := time.Now()
	if k.seen.IsZero() {
		k.seen = now
	}
	n := int(now.Sub(k.seen) / (time.Second / rate))
	k.seen = k.seen.Add(time.Duration(n) * (time.Second / rate))
	if k.stopped {
		return
	}
	for range n {
		k.step()
	}
}

// step is one frame of the bus.
func (k *kernel) step() {
	v := int16(0)
	if p := k.play; p != nil && p.state == running {
		if len(p.held) == 0 {
			p.fall(unix.EPIPE)
		} else {
			v, p.held = p.held[0], p.held[1:]
		}
	}
	k.wire = append(k.wire, v)
	k.at++
	if c := k.capture; c != nil && c.state == running {
		if len(c.held) == k.buffer {
			c.fall(unix.EPIPE)
			return
		}
		c.held = append(c.held, v)
	}
}

// fall ends a stream and the one it is linked to.
func (f *fake) fall(why error) {
	f.state, f.fell = setup, why
	if f.with != nil && f.with.state == running {
		f.with.state, f.with.fell = setup, why
	}
}

func (f *fake) link(with stream) error {
	if f.k.noLink {
		return unix.ENOSYS
	}
	f.with = with.(*fake)
	f.with.with = f
	return nil
}

func (f *fake) gone() error {
	switch {
	case f.closed:
		return unix.EBADF
	case f.k.gone:
		return unix.ENODEV
	}
	return nil
}

func (f *fake) prepare() error {
	f.k.turn()
	if err := f.gone(); err != nil {
		return err
	}
	f.state, f.fell, f.held, f.app = prepared, nil, nil, 0
	if f.with != nil {
		f.with.state, f.with.fell, f.with.held, f.with.app = prepared, nil, nil, 0
	}
	return nil
}

func (f *fake) start() error {
	f.k.turn()
	if err := f.gone(); err != nil {
		return err
	}
	for _, s := range []*fake{f, f.with} {
		if s == nil {
			continue
		}
		if s.state != prepared || !s.capture && len(s.held) == 0 {
			return unix.EPIPE
		}
		s.state = running
		f.k.begun++
		if f.k.stopped && f.k.deaf {
			s.state = prepared
		}
	}
	return nil
}

func (f *fake) drop() error {
	f.k.turn()
	if f.state == running {
		f.fall(nil)
	}
	return f.gone()
}

func (f *fake) delay() (int, error) {
	f.k.turn()
	if err := f.trouble(); err != nil {
		return 0, err
	}
	return len(f.held), nil
}

// trouble is what every call on a fallen stream is told.
func (f *fake) trouble() error {
	if err := f.gone(); err != nil {
		return err
	}
	if f.asleep {
		f.asleep = false
		f.fall(unix.ESTRPIPE)
	}
	return f.fell
}

func (f *fake) transfer(s []int16) (int, error) {
	f.k.turn()
	if err := f.trouble(); err != nil {
		return 0, err
	}
	n := len(s) / hal.SlotCount
	if f.capture {
		if n = min(n, len(f.held)); n == 0 {
			return 0, unix.EAGAIN
		}
		for i := range n {
			for slot := range hal.SlotCount {
				s[i*hal.SlotCount+slot] = f.held[i] + int16(slot)
			}
		}
		f.held = f.held[n:]
		return n, nil
	}
	if n = min(n, f.k.buffer-len(f.held)); n == 0 {
		return 0, unix.EAGAIN
	}
	for i := range n {
		f.held = append(f.held, s[i*hal.SlotCount])
	}
	return n, nil
}

func (f *fake) wait(patience time.Duration) (bool, error) {
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		f.k.turn()
		if f.trouble() != nil || f.capture && len(f.held) >= period {
			return true, nil
		}
		if !time.Now().Before(end) {
			return false, nil
		}
	}
}

func (f *fake) close() error {
	f.closed = true
	return nil
}
