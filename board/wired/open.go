package wired

import (
	"errors"
	"fmt"
	"strings"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/spi"

	"centralita/board"
	"centralita/hal"
	"centralita/hal/buttons"
	"centralita/hal/highway"
	"centralita/hal/leds"
	"centralita/hal/powerfail"
	"centralita/hal/relay"
	"centralita/hal/si3050"
	"centralita/hal/si3210"
)

// Options are what the firmware wants of a board. None of the functions may block.
type Options struct {
	Country string          // ISO 3166; "" is ES
	Tell    func(hal.Event) // what the ports see
	Press   func(hal.Press) // what is done to the buttons
	Power   func(hal.Power) // what the supply does; it may take some milliseconds
	Machine Machine         // nil is Linux
}

// wiring is a board on its way.
type wiring struct {
	Description
	Options
	*board.Board

	pins     map[string]gpio.PinIO
	problems []error
}

// Open puts the board together. Its error is a line for each thing that is missing.
// Nothing runs, and no chip is spoken to, before the workers do.
func Open(d Description, o Options) (*board.Board, error) {
	if o.Machine == nil {
		o.Machine = Linux{}
	}
	w := &wiring{Description: d, Options: o, Board: &board.Board{Name: d.Name}}
	var err error
	w.pins, err = o.Machine.Pins(w.pinNames())
	w.failed(err)
	for _, add := range []func() error{
		w.addHighway, w.addLines, w.addHandsets, w.addLifeline, w.addLamps, w.addButtons, w.addSupply, w.addWatchdog, w.addClock,
	} {
		w.failed(add())
	}
	w.readSerial()
	w.tryRandom()
	if err := errors.Join(w.problems...); err != nil {
		if w.Board.Highway != nil {
			_ = w.Board.Highway.Close() // the error that counts is told
		}
		return nil, fmt.Errorf("board %s: this machine does not have what it needs:\n%w", d.Name, err)
	}
	return w.Board, nil
}

func (w *wiring) failed(err error) {
	if err != nil {
		w.problems = append(w.problems, err)
	}
}

// pinNames are all GPIO lines of the description.
func (w *wiring) pinNames() (names []string) {
	all := []string{w.Lines.Reset, w.Lines.Int, w.Handsets.Reset, w.Handsets.Int, w.PowerFail, w.Description.Lifeline.Drive, w.Description.Lifeline.Rest}
	for _, b := range w.Buttons {
		all = append(all, b.Line)
	}
	for _, name := range all {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// have tells that all of these pins were found; those that were not are told already.
func (w *wiring) have(names ...string) bool {
	for _, name := range names {
		if w.pins[name] == nil {
			return false
		}
	}
	return true
}

func (w *wiring) addHighway() error {
	h, err := w.Machine.Highway(highway.Options{Place: w.Description.Highway, Ahead: w.Ahead, Far: w.Far})
	if err == nil {
		w.Board.Highway = h
	}
	return err
}

// spi is the bus of a chain.
func (w *wiring) spi(c Chain) (spi.Port, error) {
	p, err := w.Machine.SPI(c.Bus, c.Select)
	if err == nil && c.Apart {
		p = apart{p}
	}
	return p, err
}

func (w *wiring) addLines() error {
	c := w.Lines
	if len(c.Ports) == 0 {
		return nil
	}
	p, err := w.spi(c)
	if err != nil || !w.have(c.Reset, c.Int) {
		return err
	}
	opts := si3050.Opts{Country: w.Country, Timing: si3050.Brisk, Watchdog: true, Tell: w.Tell}
	if c.Cautious {
		opts.Timing = si3050.Cautious
	}
	for _, x := range c.Ports {
		opts.Ports = append(opts.Ports, si3050.PortOpts{Name: x.Name, Slot: x.Slot})
	}
	chain, err := si3050.New(p, si3050.Pins{Reset: w.pins[c.Reset], Int: w.pins[c.Int]}, opts)
	if err != nil {
		return err
	}
	for _, x := range chain.Ports() {
		w.FXO = append(w.FXO, x)
	}
	w.Workers = append(w.Workers, chain)
	return nil
}

func (w *wiring) addHandsets() error {
	c := w.Handsets
	if len(c.Ports) == 0 {
		return nil
	}
	p, err := w.spi(c)
	if err != nil || !w.have(c.Reset, c.Int) {
		return err
	}
	opts := si3210.Opts{Daisy: true, Country: w.Country, Timing: si3210.Brisk, Tell: w.Tell}
	if c.Cautious {
		opts.Timing = si3210.Cautious
	}
	for _, x := range c.Ports {
		opts.Ports = append(opts.Ports, si3210.PortOpts{Name: x.Name, Slot: x.Slot})
	}
	chain, err := si3210.New(p, si3210.Pins{Reset: w.pins[c.Reset], Int: w.pins[c.Int]}, opts)
	if err != nil {
		return err
	}
	for _, x := range chain.Ports() {
		w.FXS = append(w.FXS, x)
	}
	w.Workers = append(w.Workers, chain)
	return nil
}

func (w *wiring) addLifeline() error {
	l := w.Description.Lifeline
	if l.Drive == "" || !w.have(l.Drive, l.Rest) {
		return nil
	}
	r, err := relay.New(w.pins[l.Drive], w.pins[l.Rest], l.Line, l.Handset)
	if err == nil {
		w.Board.Lifeline = r
	}
	return err
}

func (w *wiring) addLamps() error {
	if c := w.Chips; len(c.Addresses) > 0 {
		bus, err := w.Machine.I2C(c.Bus)
		if err != nil {
			return err
		}
		lamps, err := leds.New(bus, c.Addresses, c.Names)
		if err == nil {
			w.Board.Lamps = lamps
		}
		return err
	}
	lamps, err := w.Machine.LEDs(w.Description.Lamps)
	if err == nil {
		w.Board.Lamps = lamps
		w.Workers = append(w.Workers, lamps)
	}
	return err
}

func (w *wiring) addButtons() error {
	for _, b := range w.Buttons {
		if w.have(b.Line) {
			w.Workers = append(w.Workers, buttons.New(b.Name, w.pins[b.Line], w.Press))
		}
	}
	return nil
}

func (w *wiring) addSupply() error {
	if w.PowerFail != "" && w.have(w.PowerFail) {
		w.Workers = append(w.Workers, powerfail.New(w.pins[w.PowerFail], w.Power))
	}
	return nil
}

func (w *wiring) addWatchdog() error {
	if w.Description.Watchdog.Device == "" {
		return nil
	}
	d, err := w.Machine.Watchdog(w.Description.Watchdog)
	if err == nil {
		w.Board.Watchdog = d
	}
	return err
}

func (w *wiring) addClock() (err error) {
	w.Board.Clock, err = Clock(w.Description, w.Machine)
	return err
}

// Clock is the battery clock of a board alone, before anything else of it is opened;
// nil where it has none. A nil machine is Linux.
func Clock(d Description, m Machine) (hal.Clock, error) {
	if d.Clock == "" {
		return nil, nil
	}
	if m == nil {
		m = Linux{}
	}
	return m.Clock(d.Clock)
}

// serialMost bounds a serial number.
const serialMost = 64

// readSerial takes the serial number if there is one; a box without is one as well.
func (w *wiring) readSerial() {
	if w.Description.Serial == "" {
		return
	}
	b, err := w.Machine.File(w.Description.Serial, serialMost)
	if err != nil {
		return
	}
	text, _, _ := strings.Cut(string(b), "\x00") // device trees end strings so
	w.Board.Serial = strings.TrimSpace(text)
}

// rngCurrent is where the kernel says which hardware makes its random numbers.
const rngCurrent = "/sys/class/misc/hw_random/rng_current"

// tryRandom looks whether the kernel found hardware that makes random numbers; it mixes
// them in by itself, and without them a box of its first start has little to make keys
// of. The device is not read: one that is slow would hold up the start.
func (w *wiring) tryRandom() {
	if w.Random == "" {
		return
	}
	b, err := w.Machine.File(rngCurrent, 64)
	if name := strings.TrimSpace(string(b)); err != nil || name == "" || name == "none" {
		w.Board.Lacking = append(w.Board.Lacking, w.Random)
	}
}
