package simboard

import (
	"centralita/hal/sim/bus"
	"centralita/hal/sim/highway"
	simleds "centralita/hal/sim/leds"
	simrelay "centralita/hal/sim/relay"
	sim3050 "centralita/hal/sim/si3050"
	sim3210 "centralita/hal/sim/si3210"
	"centralita/hal/sim/wire"
)

// Hardware is all of the box that is no program: chips, buses, pins and wires. New puts
// drivers on it; board/simboard/kernelside gives it to a kernel.
type Hardware struct {
	highway  *highway.Highway
	lines    [Lines]*wire.Pair
	handsets [Handsets]*wire.Pair // of the chips
	jacks    [Handsets]*wire.Pair // of the telephones: the same but behind a lifeline
	fxo      sim3050.Chain
	fxs      sim3210.Chain
	relay    *simrelay.Relay // nil without lifeline
	spi      [2]*bus.Port    // lines, handsets
	ints     [2]*bus.Pin     // interrupt wires, likewise
	resets   [2]*bus.Pin     // reset wires, likewise
	drive    *bus.Pin        // of the lifeline's relay; nil without
	rest     *bus.Pin        // its contact; nil without
	wrong    *wrongs
	player   player
	seed     uint64
	i2c      *simleds.Bus
	lamps    []string // in the order of their pins
	button   *bus.Pin
	supply   *bus.Pin
}

// HardwareOptions are how it is made.
type HardwareOptions struct {
	Seed   uint64 // scatters what differs from chip to chip
	NoEcho bool   // perfect hybrids

	// Lifeline fits the relay between fxo1 and fxs1. At rest, as it is until it is
	// held, the telephone of fxs1 is on the line of fxo1.
	Lifeline bool
}

func (o *HardwareOptions) echo() wire.Echo {
	if o.NoEcho {
		return wire.Echo{}
	}
	return wire.Line
}

// i2c addresses of the two lamp drivers.
var lampChips = []uint16{0x60, 0x61}

// NewHardware solders it. Chips stand in reset until somebody drives their pins.
func NewHardware(o HardwareOptions) *Hardware {
	h := &Hardware{highway: highway.New(), button: bus.NewPin("FACTORY_BTNn"), supply: bus.NewPin("PWRFAILn"), wrong: newWrongs(), seed: o.Seed}
	for n := range Handsets {
		h.handsets[n] = &wire.Pair{}
		h.jacks[n] = h.handsets[n]
	}
	for n := range Lines {
		h.lines[n] = &wire.Pair{}
	}
	spoil := newSpoiler(h)
	h.highway.Attach(spoil)
	if o.Lifeline {
		h.solderLifeline()
	}
	h.highway.Attach(extension{spoil})
	h.solderLines(o)
	h.solderHandsets(o)
	if h.relay != nil {
		h.highway.Attach(h.relay.After())
		h.highway.Attach(extension{spoil})
	}
	h.i2c = simleds.NewBus(lampChips...)
	h.lamps = append(append(append(h.lamps, lineNames...), handsetNames...), "power", "status")
	return h
}

func (h *Hardware) solderLines(o HardwareOptions) {
	interrupt, reset := bus.NewPin("FXO_INTn"), bus.NewPin("FXO_RESETn")
	h.ints[0], h.resets[0] = interrupt, reset
	for n := range Lines {
		chip := sim3050.New(sim3050.Options{
			Pair: h.lines[n], Seed: o.Seed + uint64(n), Echo: o.echo(),
			Int: func(low bool) { interrupt.PullLow(n, low) },
		})
		h.fxo = append(h.fxo, chip)
		h.highway.Attach(chip)
	}
	reset.Watch(func(high bool) {
		for _, c := range h.fxo {
			c.Reset(!high)
		}
	})
	h.spi[0] = bus.NewPort("SPI0.0", h.fxo)
}

func (h *Hardware) solderHandsets(o HardwareOptions) {
	interrupt, reset := bus.NewPin("FXS_INTn"), bus.NewPin("FXS_RESETn")
	h.ints[1], h.resets[1] = interrupt, reset
	for n := range Handsets {
		chip := sim3210.New(sim3210.Options{
			Pair: h.handsets[n], Seed: o.Seed + uint64(n), Echo: o.echo(),
			Int: func(low bool) { interrupt.PullLow(n, low) },
		})
		h.fxs = append(h.fxs, chip)
		h.highway.Attach(chip)
	}
	reset.Watch(func(high bool) {
		for _, c := range h.fxs {
			c.Reset(!high)
		}
	})
	h.spi[1] = bus.NewPort("SPI0.1", h.fxs)
}

// solderLifeline puts the relay between line and handset; it passes what is on the
// wires before the chips step and after.
func (h *Hardware) solderLifeline() {
	h.drive, h.rest = bus.NewPin("LIFELINE"), bus.NewPin("LIFELINE_RESTn")
	h.jacks[0] = &wire.Pair{}
	h.relay = simrelay.New(wire.Changeover{Line: h.lines[0], Set: h.jacks[0], Port: h.handsets[0]},
		func(low bool) { h.rest.PullLow(0, low) })
	h.drive.Watch(h.relay.Drive)
	h.highway.Attach(h.relay)
}

// Bus is the SPI bus at a chip select: 0 the lines, 1 the handsets.
func (h *Hardware) Bus(sel int) *bus.Port { return h.spi[sel] }

// PCM is the bus whose slots the chips speak in. Who steps it owns the wires.
func (h *Hardware) PCM() *highway.Highway { return h.highway }

// Driven are the wires that a program drives, Seen those that it reads, by their names.
func (h *Hardware) Driven() []*bus.Pin { return fitted(h.resets[0], h.resets[1], h.drive) }

// Seen: see Driven.
func (h *Hardware) Seen() []*bus.Pin {
	return fitted(h.ints[0], h.ints[1], h.button, h.supply, h.rest)
}

func fitted(pins ...*bus.Pin) (list []*bus.Pin) {
	for _, p := range pins {
		if p != nil {
			list = append(list, p)
		}
	}
	return list
}
