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
	"centralita/hal/sim/bus"
	"centralita/hal/sim/highway"
	simleds "centralita/hal/sim/leds"
	simrelay "centralita/hal/sim/relay"
	sim3050 "centralita/hal/sim/si3050"
	sim3210 "centralita/hal/sim/si3210"
	"centralita/hal/sim/wire"
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

	highway  *highway.Highway
	lines    [Lines]*wire.Pair
	handsets [Handsets]*wire.Pair // of the chips
	jacks    [Handsets]*wire.Pair // of the telephones: the same but behind a lifeline
	fxo      sim3050.Chain
	fxs      sim3210.Chain
	relay    *simrelay.Relay // nil without lifeline
	spi      [2]*bus.Port    // lines, handsets
	ints     [2]*bus.Pin     // interrupt wires, likewise
	wrong    *wrongs
	player   player
	seed     uint64
	i2c      *simleds.Bus
	button   *bus.Pin
	supply   *bus.Pin
}

// i2c addresses of the two lamp drivers.
var lampChips = []uint16{0x60, 0x61}

// New builds the board. Nothing runs before its workers do.
func New(o Options) (*Sim, error) {
	if o.Country == "" {
		o.Country = "ES"
	}
	s := &Sim{highway: highway.New(), button: bus.NewPin("FACTORY_BTNn"), supply: bus.NewPin("PWRFAILn"), wrong: newWrongs(), seed: o.Seed}
	s.Board = &board.Board{Name: "simboard", Serial: "SIM-0001", Highway: s.highway}
	for n := range Handsets {
		s.handsets[n] = &wire.Pair{}
		s.jacks[n] = s.handsets[n]
	}
	for n := range Lines {
		s.lines[n] = &wire.Pair{}
	}
	spoil := newSpoiler(s)
	s.highway.Attach(spoil)
	if o.Lifeline {
		if err := s.addLifeline(); err != nil {
			return nil, err
		}
	}
	s.highway.Attach(extension{spoil})
	if err := s.addLines(o); err != nil {
		return nil, err
	}
	if err := s.addHandsets(o); err != nil {
		return nil, err
	}
	if s.relay != nil {
		s.highway.Attach(s.relay.After())
		s.highway.Attach(extension{spoil})
	}
	if err := s.addLamps(); err != nil {
		return nil, err
	}
	s.Workers = append(s.Workers, buttons.New("factory", s.button, o.Press), powerfail.New(s.supply, o.Power))
	if o.Paced {
		s.Workers = append(s.Workers, s.highway)
	}
	return s, nil
}

func (o *Options) echo() wire.Echo {
	if o.NoEcho {
		return wire.Echo{}
	}
	return wire.Line
}

func (s *Sim) addLines(o Options) error {
	interrupt, reset := bus.NewPin("FXO_INTn"), bus.NewPin("FXO_RESETn")
	s.ints[0] = interrupt
	opts := si3050.Opts{Country: o.Country, Timing: si3050.Brisk, Watchdog: true, Tell: o.Tell}
	if o.Cautious {
		opts.Timing = si3050.Cautious
	}
	for n := range Lines {
		chip := sim3050.New(sim3050.Options{
			Pair: s.lines[n], Seed: o.Seed + uint64(n), Echo: o.echo(),
			Int: func(low bool) { interrupt.PullLow(n, low) },
		})
		s.fxo = append(s.fxo, chip)
		s.highway.Attach(chip)
		opts.Ports = append(opts.Ports, si3050.PortOpts{Name: fmt.Sprintf("fxo%d", n+1), Slot: n})
	}
	reset.Watch(func(high bool) {
		for _, c := range s.fxo {
			c.Reset(!high)
		}
	})
	s.spi[0] = bus.NewPort("SPI0.0", s.fxo)
	chain, err := si3050.New(s.spi[0], si3050.Pins{Reset: reset, Int: interrupt}, opts)
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
	interrupt, reset := bus.NewPin("FXS_INTn"), bus.NewPin("FXS_RESETn")
	s.ints[1] = interrupt
	opts := si3210.Opts{Daisy: true, Country: o.Country, Timing: si3210.Brisk, Tell: o.Tell}
	if o.Cautious {
		opts.Timing = si3210.Cautious
	}
	for n := range Handsets {
		chip := sim3210.New(sim3210.Options{
			Pair: s.handsets[n], Seed: o.Seed + uint64(n), Echo: o.echo(),
			Int: func(low bool) { interrupt.PullLow(n, low) },
		})
		s.fxs = append(s.fxs, chip)
		s.highway.Attach(chip)
		opts.Ports = append(opts.Ports, si3210.PortOpts{Name: fmt.Sprintf("fxs%d", n+1), Slot: Lines + n})
	}
	reset.Watch(func(high bool) {
		for _, c := range s.fxs {
			c.Reset(!high)
		}
	})
	s.spi[1] = bus.NewPort("SPI0.1", s.fxs)
	chain, err := si3210.New(s.spi[1], si3210.Pins{Reset: reset, Int: interrupt}, opts)
	if err != nil {
		return err
	}
	for _, p := range chain.Ports() {
		s.FXS = append(s.FXS, p)
	}
	s.Workers = append(s.Workers, chain)
	return nil
}

// addLifeline puts the relay between line and handset; it passes what is on the
// wires before the chips step and after.
func (s *Sim) addLifeline() error {
	pin, rest := bus.NewPin("LIFELINE"), bus.NewPin("LIFELINE_RESTn")
	s.jacks[0] = &wire.Pair{}
	s.relay = simrelay.New(wire.Changeover{Line: s.lines[0], Set: s.jacks[0], Port: s.handsets[0]},
		func(low bool) { rest.PullLow(0, low) })
	pin.Watch(s.relay.Drive)
	s.highway.Attach(s.relay)
	var err error
	s.Lifeline, err = relay.New(pin, rest, "fxo1", "fxs1")
	return err
}

func (s *Sim) addLamps() error {
	names := []string{}
	for _, p := range s.Ports() {
		names = append(names, p.Name())
	}
	names = append(names, "power", "status")
	s.i2c = simleds.NewBus(lampChips...)
	lamps, err := leds.New(s.i2c, lampChips, names)
	if err != nil {
		return err
	}
	s.Lamps = lamps
	return nil
}
