// Package sysled shows lamps on the LEDs that the kernel has drivers for
// (/sys/class/leds): each lamp is a green and a red LED, or one of them.
//
// It fulfils hal.Indicator for boards whose LEDs are not behind the chips of hal/leds;
// one board uses one of the two. Blinking is done by Serve, so that lamps blink
// together, whatever triggers the kernel was built with, and a lamp that blinks is one
// whose program lives.
package sysled

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"centralita/hal"
)

// half is half of the rhythm of a blinking lamp, 1 Hz.
const half = 500 * time.Millisecond

// Class is where the kernel has its LEDs.
const Class = "/sys/class/leds"

// Lamp names the LEDs of one lamp, as they are called in the class; "" where it has
// no LED of that colour.
type Lamp struct{ Name, Green, Red string }

// led is one LED of the class.
type led struct {
	file string // brightness
	most string // the brightest, in decimal
}

// lamp is one lamp and what it shows.
type lamp struct {
	colour [2]*led // green, red; nil where there is none
	state  hal.Lamp
	lit    [2]bool
}

// Lamps are the lamps of a board.
type Lamps struct {
	names []string

	mu    sync.Mutex
	lamps map[string]*lamp
	dark  bool // the second half of a blink
}

var (
	_ hal.Indicator = (*Lamps)(nil)
	_ hal.Worker    = (*Lamps)(nil)
)

// New finds the LEDs in a class folder, takes them from the kernel's own triggers and
// puts them out. It says of each that is not there.
func New(class string, lamps []Lamp) (*Lamps, error) {
	l := &Lamps{lamps: map[string]*lamp{}}
	var problems []error
	for _, x := range lamps {
		if _, twice := l.lamps[x.Name]; twice {
			return nil, fmt.Errorf("leds: lamp %q is named twice", x.Name)
		}
		made := &lamp{}
		for i, name := range [2]string{x.Green, x.Red} {
			if name == "" {
				continue
			}
			d, err := open(class, name)
			if err != nil {
				problems = append(problems, fmt.Errorf("leds: %s: %w", x.Name, err))
			}
			made.colour[i] = d
		}
		l.names = append(l.names, x.Name)
		l.lamps[x.Name] = made
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	for _, name := range l.names {
		if err := l.lamps[name].show([2]bool{}, true); err != nil {
			return nil, fmt.Errorf("leds: %s: %w", name, err)
		}
	}
	return l, nil
}

func open(class, name string) (*led, error) {
	folder := filepath.Join(class, name)
	text, err := os.ReadFile(filepath.Join(folder, "max_brightness"))
	if err != nil {
		return nil, fmt.Errorf("the kernel has no LED %q", name)
	}
	most := strings.TrimSpace(string(text))
	if n, err := strconv.ParseUint(most, 10, 31); err != nil || n == 0 {
		return nil, fmt.Errorf("LED %q: max_brightness is %q", name, most)
	}
	// Where there are triggers, ours is none.
	if err := os.WriteFile(filepath.Join(folder, "trigger"), []byte("none"), 0); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("LED %q: %w", name, err)
	}
	return &led{file: filepath.Join(folder, "brightness"), most: most}, nil
}

func (d *led) light(on bool) error {
	if d == nil {
		return nil
	}
	value := "0"
	if on {
		value = d.most
	}
	return os.WriteFile(d.file, []byte(value), 0)
}

func (p *lamp) show(lit [2]bool, anyway bool) error {
	for i, on := range lit {
		if on == p.lit[i] && !anyway {
			continue
		}
		if err := p.colour[i].light(on); err != nil {
			return err
		}
		p.lit[i] = on
	}
	return nil
}

// lit is which LEDs a state lights, in the bright and in the dark half.
func lit(s hal.Lamp, dark bool) ([2]bool, error) {
	switch s {
	case hal.LampOff:
		return [2]bool{}, nil
	case hal.LampGreen:
		return [2]bool{true, false}, nil
	case hal.LampRed:
		return [2]bool{false, true}, nil
	case hal.LampAmber:
		return [2]bool{true, true}, nil
	case hal.LampGreenBlink:
		return [2]bool{!dark, false}, nil
	case hal.LampRedBlink:
		return [2]bool{false, !dark}, nil
	}
	return [2]bool{}, fmt.Errorf("unknown lamp state %d", s)
}

// Names fulfils hal.Indicator.
func (l *Lamps) Names() []string { return append([]string(nil), l.names...) }

// Get fulfils hal.Indicator; unknown lamps are off.
func (l *Lamps) Get(name string) hal.Lamp {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p := l.lamps[name]; p != nil {
		return p.state
	}
	return hal.LampOff
}

// Set fulfils hal.Indicator.
func (l *Lamps) Set(name string, state hal.Lamp) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.lamps[name]
	if p == nil {
		return fmt.Errorf("leds: no lamp %q", name)
	}
	now, err := lit(state, l.dark)
	if err == nil {
		err = p.show(now, false)
	}
	if err != nil {
		return fmt.Errorf("leds: %s: %w", name, err)
	}
	p.state = state
	return nil
}

func (l *Lamps) String() string { return "lamps" }

// Serve fulfils hal.Worker: it blinks until ctx ends.
func (l *Lamps) Serve(ctx context.Context) error {
	tick := time.NewTicker(half)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		if err := l.turn(); err != nil {
			return err
		}
	}
}

// turn begins the other half of the blink.
func (l *Lamps) turn() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dark = !l.dark
	for _, name := range l.names {
		p := l.lamps[name]
		now, _ := lit(p.state, l.dark) // of a state that was taken
		if err := p.show(now, false); err != nil {
			return fmt.Errorf("leds: %s: %w", name, err)
		}
	}
	return nil
}
