package simboard

import (
	"fmt"

	"centralita/board"
	"centralita/hal"
	"centralita/hal/buttons"
	"centralita/hal/leds"
	"centralita/hal/powerfail"
	"centralita/hal/relay"
	"centralita/hal/si3050"
	"centralita/hal/si3210"
)

// Lines and handsets of the box.
const (
	Lines    = 4 // fxo1..4 in slots 0..3
	Handsets = 4 // fxs1..4 in slots 4..7
)

// Options of a simulated board.
type Options struct {
	Country string // ISO 3166; "" is ES
	Paced   bool   // a ticker steps the board; else Step does
	Seed    uint64 // scatters what differs from chip to chip

	Tell  func(hal.Event) // what the ports see; must not block
	Press func(hal.Press) // what is done to the buttons; must not block
	Power func(hal.Power) // what the supply does

	NoEcho bool // perfect hybrids

	// Lifeline fits the relay between fxo1 and fxs1. At rest, as it is until it is
	// held, the telephone of fxs1 is on the line of fxo1.
	Lifeline bool

	// Cautious makes the drivers wait as long as careful ones in the field do,
	// instead of as long as the data sheets ask.
	Cautious bool
}

// Sim is the board and the back doors to its simulated side.
type Sim struct {
	*board.Board
	*Hardware
}

// New builds the board. Nothing runs before its workers do.
func New(o Options) (*Sim, error) {
	if o.Country == "" {
		o.Country = "ES"
	}
	s := &Sim{Hardware: NewHardware(HardwareOptions{Seed: o.Seed, NoEcho: o.NoEcho, Lifeline: o.Lifeline})}
	s.Board = &board.Board{Name: "simboard", Serial: "SIM-0001", Highway: s.highway}
	for _, add := range []func(Options) error{s.addLifeline, s.addLines, s.addHandsets, s.addLamps} {
		if err := add(o); err != nil {
			return nil, err
		}
	}
	s.Workers = append(s.Workers, buttons.New("factory", s.button, o.Press), powerfail.New(s.supply, o.Power))
	if o.Paced {
		s.Workers = append(s.Workers, s.highway)
	}
	return s, nil
}

func (s *Sim) addLines(o Options) error {
	opts := si3050.Opts{Country: o.Country, Timing: si3050.Brisk, Watchdog: true, Tell: o.Tell}
	if o.Cautious {
		opts.Timing = si3050.Cautious
	}
	for n := range Lines {
		opts.Ports = append(opts.Ports, si3050.PortOpts{Name: fmt.Sprintf("fxo%d", n+1), Slot: n})
	}
	chain, err := si3050.New(s.spi[0], si3050.Pins{Reset: s.resets[0], Int: s.ints[0]}, opts)
	if err != nil {
		return err
	}
	for _, p := range chain.Ports() {
		s.FXO = append(s.FXO, p)
	}
	s.Workers = append(s.Workers, chain)
	return nil
}

func (s *Sim) addHandsets(o Options) error {
	opts := si3210.Opts{Daisy: true, Country: o.Country, Timing: si3210.Brisk, Tell: o.Tell}
	if o.Cautious {
		opts.Timing = si3210.Cautious
	}
	for n := range Handsets {
		opts.Ports = append(opts.Ports, si3210.PortOpts{Name: fmt.Sprintf("fxs%d", n+1), Slot: Lines + n})
	}
	chain, err := si3210.New(s.spi[1], si3210.Pins{Reset: s.resets[1], Int: s.ints[1]}, opts)
	if err != nil {
		return err
	}
	for _, p := range chain.Ports() {
		s.FXS = append(s.FXS, p)
	}
	s.Workers = append(s.Workers, chain)
	return nil
}

func (s *Sim) addLifeline(o Options) (err error) {
	if o.Lifeline {
		s.Lifeline, err = relay.New(s.drive, s.rest, "fxo1", "fxs1")
	}
	return err
}

func (s *Sim) addLamps(Options) error {
	lamps, err := leds.New(s.i2c, lampChips, s.lamps)
	if err != nil {
		return err
	}
	s.Lamps = lamps
	return nil
}
