package kernelside

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"

	"centralita/board/simboard"
	"centralita/board/wired"
	"centralita/hal"
	"centralita/hal/highway"
	"centralita/hal/sim/bus"
)

// Side is the far side of a kernel's devices.
type Side struct {
	hardware *simboard.Hardware
	place    highway.Place
	ahead    int
	lines    *lines
	lamps    *lamps
	buses    []*cuse

	mu     sync.Mutex
	frames uint64
	lost   hal.HighwayCounters
}

// New makes the devices that a board's description names, but the sound card, of which
// it takes the other half: PCM device 1 where the description has 0, and the other way
// round. Nothing is answered before Serve.
func New(d wired.Description, h *simboard.Hardware) (*Side, error) {
	s := &Side{hardware: h, place: highway.Place{Card: d.Highway.Card, Play: 1 - d.Highway.Capture, Capture: 1 - d.Highway.Play}, ahead: d.Far}
	var err error
	if s.lines, err = newLines(pins(h.Driven()), pins(h.Seen())); err != nil {
		return nil, err
	}
	for i, c := range []wired.Chain{d.Lines, d.Handsets} {
		// As fast as the models allow: the speed is the program's to set.
		conn, err := h.Bus(i).Connect(physic.MegaHertz, spi.Mode3, 8)
		if err != nil {
			return nil, err
		}
		b, err := newCUSE(fmt.Sprintf("spidev%d.%d", c.Bus, c.Select), newSpidev(conn, s.lines.look).ioctl)
		if err != nil {
			return nil, err
		}
		s.buses = append(s.buses, b)
	}
	s.lamps, err = newLamps(d.Lamps)
	return s, err
}

func pins(wires []*bus.Pin) (list []gpio.PinIO) {
	for _, w := range wires {
		list = append(list, w)
	}
	return list
}

// Lamp is what an eye sees of a lamp; it may have to look for a second.
func (s *Side) Lamp(ctx context.Context, name string) (hal.Lamp, error) {
	return s.lamps.see(ctx, name)
}

// Sound is how many frames went over the card, and what it counted.
func (s *Side) Sound() (uint64, hal.HighwayCounters) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.frames, s.lost
}

// Serve answers for all devices until ctx ends or one fails.
func (s *Side) Serve(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	parts := []func(context.Context) error{s.sound, s.lines.show, s.lamps.watch}
	for _, b := range s.buses {
		parts = append(parts, b.serve)
	}
	ended := make(chan error, len(parts))
	for _, part := range parts {
		go func() { ended <- part(ctx) }()
	}
	var first error
	for range parts {
		if err := <-ended; first == nil {
			first = err
			stop()
		}
	}
	return first
}

// sound moves the hardware at the card's clock.
func (s *Side) sound(ctx context.Context) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	turns := &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: urgency, Flags: unix.SCHED_FLAG_RESET_ON_FORK}
	if err := unix.SchedSetAttr(0, turns, 0); err != nil {
		return fmt.Errorf("real-time turns: %w", err)
	}
	card, err := highway.Open(highway.Options{Place: s.place, Ahead: s.ahead})
	if err != nil {
		return err
	}
	defer func() { _ = card.Close() }()
	var played, captured hal.Frame
	for ctx.Err() == nil {
		if err := card.Exchange(&played, &captured); err != nil {
			if !errors.Is(err, hal.ErrNoClock) {
				return err
			}
			played = hal.Frame{} // the card is taken up again by itself
		}
		s.lines.look()
		s.hardware.PCM().Pass(&captured, &played)
		s.mu.Lock()
		s.frames, s.lost = s.frames+1, card.Counters()
		s.mu.Unlock()
	}
	return ctx.Err()
}

// urgency is above the program's own sound: on a board this is a crystal.
const urgency = 30

// Press holds a button down; of "supply" it is the wire by which the power supply says
// that it is going.
func (s *Side) Press(button string, held time.Duration) error {
	return s.hardware.Press(button, held)
}
