package kernelside

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"centralita/hal"
	"centralita/hal/sysled"
)

// led is an LED of the kernel whose light comes here.
type led struct {
	device  *os.File // nil for one that a lamp does not have
	lit     bool
	changed [2]time.Time // the last time, and the one before
}

// lamp is a green and a red LED.
type lamp struct {
	name string
	leds [2]*led
}

// lamps are LEDs that the kernel has for the names of a board, and an eye for them.
type lamps struct {
	mu    sync.Mutex
	lamps []lamp
}

const (
	ledNameMost = 64 // struct uleds_user_dev: the name, then the brightest
	brightest   = 255
)

func newLamps(named []sysled.Lamp) (*lamps, error) {
	l := &lamps{}
	for _, n := range named {
		made := lamp{name: n.Name}
		for i, name := range [2]string{n.Green, n.Red} {
			made.leds[i] = &led{}
			if name == "" {
				continue
			}
			if len(name) >= ledNameMost {
				return nil, fmt.Errorf("uleds: %q is too long", name)
			}
			f, err := os.OpenFile("/dev/uleds", os.O_RDWR, 0)
			if err != nil {
				return nil, err
			}
			device := make([]byte, ledNameMost, ledNameMost+4)
			copy(device, name)
			if _, err := f.Write(le.AppendUint32(device, brightest)); err != nil {
				return nil, fmt.Errorf("uleds: %s: %w", name, err)
			}
			made.leds[i].device = f
		}
		l.lamps = append(l.lamps, made)
	}
	return l, nil
}

// watch sees what the LEDs do until ctx ends; then they are gone.
func (l *lamps) watch(ctx context.Context) error {
	var all sync.WaitGroup
	for _, x := range l.lamps {
		for _, d := range x.leds {
			if d.device != nil {
				all.Go(func() { l.follow(d) })
				context.AfterFunc(ctx, func() { _ = d.device.Close() })
			}
		}
	}
	all.Wait()
	<-ctx.Done()
	return ctx.Err()
}

func (l *lamps) follow(d *led) {
	b := make([]byte, 4)
	for {
		if _, err := d.device.Read(b); err != nil {
			if errors.Is(err, os.ErrClosed) {
				return
			}
			continue
		}
		l.mu.Lock()
		if lit := le.Uint32(b) > 0; lit != d.lit {
			d.lit, d.changed = lit, [2]time.Time{time.Now(), d.changed[0]}
		}
		l.mu.Unlock()
	}
}

// An eye calls steady what was quiet for longer than half a blink at 1 Hz lasts, and
// blinking what changes by halves of a blink while it looks: a change that it found
// may be the end of a blinking.
const (
	quietIn   = 700 * time.Millisecond
	halfLeast = 300 * time.Millisecond
)

// blinks tells what was seen since an eye began to look.
func (d *led) blinks(since time.Time) bool {
	half := d.changed[0].Sub(d.changed[1])
	return d.changed[1].After(since) && halfLeast < half && half < quietIn
}

// see is what a lamp shows. Of one that has just changed it waits for what comes.
func (l *lamps) see(ctx context.Context, name string) (hal.Lamp, error) {
	for since := time.Now(); ; {
		state, wait, err := l.glimpse(name, since)
		if err != nil || wait <= 0 {
			return state, err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return hal.LampOff, ctx.Err()
		}
	}
}

func (l *lamps) glimpse(name string, since time.Time) (state hal.Lamp, wait time.Duration, _ error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for _, x := range l.lamps {
		if x.name != name {
			continue
		}
		green, red := x.leds[0], x.leds[1]
		switch {
		case green.blinks(since):
			return hal.LampGreenBlink, 0, nil
		case red.blinks(since):
			return hal.LampRedBlink, 0, nil
		}
		wait = max(quietIn-now.Sub(green.changed[0]), quietIn-now.Sub(red.changed[0]))
		return shown[[2]bool{green.lit, red.lit}], wait, nil
	}
	return hal.LampOff, 0, fmt.Errorf("no lamp %q", name)
}

var shown = map[[2]bool]hal.Lamp{{true, false}: hal.LampGreen, {false, true}: hal.LampRed, {true, true}: hal.LampAmber}
