package simboard

import (
	"errors"
	"fmt"

	"centralita/hal/sim/si3050"
	"centralita/hal/sim/si3210"
)

// Fault is something that goes wrong on a port, on the bus or on the board.
type Fault string

// Faults of chips and their supply. The marked ones last until they are healed;
// the others happen once.
const (
	ResetItself      Fault = "reset"             // the chip falls back to its reset state
	Corrupted        Fault = "corrupt register"  // one of the chip's registers changes by itself
	LinkLost         Fault = "link lost"         // line: the isolation link breaks once
	LinkBroken       Fault = "link broken"       // line, lasts: the isolation link stays down
	Dead             Fault = "dead"              // lasts: the chip does not answer
	NoHighVoltage    Fault = "no high voltage"   // handset, lasts: the converter makes none
	StuckCalibration Fault = "stuck calibration" // handset, lasts
	Leak             Fault = "leak"              // handset, lasts: low resistance on the pair
	ForeignVoltage   Fault = "foreign voltage"   // handset, lasts: battery from elsewhere
	PowerAlarm       Fault = "power alarm"       // handset: too much power in the feed once
	GroundFault      Fault = "ground fault"      // handset, lasts: a wire lies on earth, power alarms without end
)

// Faults of the wires; all last.
const (
	Cut        Fault = "cut"          // a wire is broken
	Short      Fault = "short"        // the two wires touch
	NoBattery  Fault = "no battery"   // line: the exchange feeds nothing
	HighFeed   Fault = "high voltage" // line: more than any exchange gives, as from a power line
	Overload   Fault = "overload"     // line: a feed without any limit
	Flutter    Fault = "flutter"      // line: the polarity changes again and again
	BadJoint   Fault = "bad joint"    // line: the loop opens for moments
	Spikes     Fault = "spikes"       // line: bursts too short for ringing
	Extension  Fault = "extension"    // line: a telephone in parallel is off-hook
	ManyBells  Fault = "many bells"   // handset: far more bells than five
	HookBounce Fault = "hook bounce"  // handset: its contacts chatter at each change
)

// Faults of the whole board; at WholeBoard.
const (
	BusNoise   Fault = "bus noise"     // lasts: one byte in ten thousand has a wrong bit
	BusBroken  Fault = "bus broken"    // lasts: no transfer gets through
	NoClock    Fault = "no clock"      // lasts: PCLK and FSYNC are missing
	FramesLost Fault = "frames lost"   // the host misses twenty frames both ways
	StuckFXO   Fault = "stuck fxo int" // lasts: the interrupt wire of the lines stays low
	StuckFXS   Fault = "stuck fxs int" // lasts: that of the handsets
)

// Faults of the lifeline's relay, where one is fitted; at LifelineRelay, where Dead
// is a broken coil: the contacts stay at rest.
const Welded Fault = "welded" // lasts: the contacts stay pulled

// Places of faults that are of no port.
const (
	WholeBoard    = "board"
	LifelineRelay = "lifeline"
)

const (
	busNoise     = 1e-4 // per byte
	framesLost   = 20   // 0.2 s, as long as a restart of both streams takes
	stuckInt     = 31   // the model number that pulls a stuck wire
	foreignVolts = 48   // a telephone line of somebody else
)

var (
	errNoFault = errors.New("no such fault here")
	errNotOver = errors.New("happens once: there is nothing to heal")
	errBroken  = errors.New("bus broken")
)

// Trouble is an entry of the catalogue of faults.
type Trouble struct {
	Fault Fault  `json:"fault"`
	On    string `json:"on"`    // "line", "handset", "board", "lifeline"
	Lasts bool   `json:"lasts"` // until it is healed
}

// Troubles is the catalogue.
var Troubles = []Trouble{
	{ResetItself, "line", false}, {Corrupted, "line", false}, {LinkLost, "line", false}, {LinkBroken, "line", true}, {Dead, "line", true},
	{Cut, "line", true}, {Short, "line", true}, {NoBattery, "line", true}, {HighFeed, "line", true}, {Overload, "line", true},
	{Flutter, "line", true}, {BadJoint, "line", true}, {Spikes, "line", true}, {Extension, "line", true},
	{ResetItself, "handset", false}, {Corrupted, "handset", false}, {Dead, "handset", true}, {NoHighVoltage, "handset", true},
	{StuckCalibration, "handset", true}, {Leak, "handset", true}, {ForeignVoltage, "handset", true}, {PowerAlarm, "handset", false},
	{GroundFault, "handset", true}, {Cut, "handset", true}, {Short, "handset", true}, {ManyBells, "handset", true}, {HookBounce, "handset", true},
	{BusNoise, WholeBoard, true}, {BusBroken, WholeBoard, true}, {NoClock, WholeBoard, true}, {FramesLost, WholeBoard, false}, {StuckFXO, WholeBoard, true}, {StuckFXS, WholeBoard, true},
	{Welded, LifelineRelay, true}, {Dead, LifelineRelay, true},
}

// trouble finds the entry for a fault at a place.
func trouble(at string, f Fault) (Trouble, error) {
	on := placeOf(at)
	if on == "" {
		return Trouble{}, fmt.Errorf("simboard: no port %q", at)
	}
	for _, t := range Troubles {
		if t.Fault == f && t.On == on {
			return t, nil
		}
	}
	return Trouble{}, fmt.Errorf("simboard: %s: %s: %w", at, f, errNoFault)
}

// placeOf is what a fault of the catalogue is on, "" for a place that is not there.
func placeOf(at string) string {
	if _, ok := index(at, "fxo", Lines); ok {
		return "line"
	}
	if _, ok := index(at, "fxs", Handsets); ok {
		return "handset"
	}
	if at == WholeBoard || at == LifelineRelay {
		return at
	}
	return ""
}

// Break makes a fault happen at a port or, as "board", to all. Faults of one port
// add up. Any goroutine may call it, the stepping one too.
func (s *Hardware) Break(at string, f Fault) error {
	t, err := trouble(at, f)
	if err != nil {
		return err
	}
	if at == LifelineRelay && s.relay == nil {
		return errNoLifeline
	}
	if t.Lasts {
		s.wrong.set(at, f, true)
	}
	s.happen(at, f)
	return nil
}

// Mend ends one lasting fault.
func (s *Hardware) Mend(at string, f Fault) error {
	t, err := trouble(at, f)
	if err != nil {
		return err
	}
	if !t.Lasts {
		return fmt.Errorf("simboard: %s: %s: %w", at, f, errNotOver)
	}
	s.wrong.set(at, f, false)
	s.happen(at, "")
	return nil
}

// Heal ends all lasting faults of a port or of the board.
func (s *Hardware) Heal(at string) {
	s.wrong.clear(at)
	s.happen(at, "")
}

// happen does what a fault does at once and brings what lasts up to date.
func (s *Hardware) happen(at string, f Fault) {
	if n, ok := index(at, "fxo", Lines); ok {
		s.breakLine(s.fxo[n], at, f)
	} else if n, ok := index(at, "fxs", Handsets); ok {
		s.breakHandset(s.fxs[n], at, f)
	} else if at == WholeBoard {
		s.breakBoard(f)
	} else if s.relay != nil {
		s.breakRelay()
	}
}

func (s *Hardware) breakLine(c *si3050.Chip, at string, f Fault) {
	switch f {
	case ResetItself:
		c.ResetItself()
	case Corrupted:
		c.Corrupt()
	case LinkLost:
		c.LoseLink()
	}
	c.SetFaults(si3050.Faults{NoLink: s.wrong.is(at, LinkBroken), Dead: s.wrong.is(at, Dead)})
}

func (s *Hardware) breakHandset(c *si3210.Chip, at string, f Fault) {
	switch f {
	case ResetItself:
		c.ResetItself()
	case Corrupted:
		c.Corrupt()
	case PowerAlarm:
		c.PowerAlarm(1)
	}
	faults := si3210.Faults{
		Dead: s.wrong.is(at, Dead), NoHighVoltage: s.wrong.is(at, NoHighVoltage),
		StuckCalibration: s.wrong.is(at, StuckCalibration), Leak: s.wrong.is(at, Leak), Grounded: s.wrong.is(at, GroundFault),
	}
	if s.wrong.is(at, ForeignVoltage) {
		faults.ForeignVolts = foreignVolts
	}
	c.SetFaults(faults)
}

func (s *Hardware) breakBoard(f Fault) {
	if f == FramesLost {
		s.highway.Lose(framesLost)
	}
	s.StopClock(s.wrong.is(WholeBoard, NoClock))
	noise, broken := 0.0, error(nil)
	if s.wrong.is(WholeBoard, BusNoise) {
		noise = busNoise
	}
	if s.wrong.is(WholeBoard, BusBroken) {
		broken = errBroken
	}
	s.Noise(noise, s.seed)
	s.BreakBus(broken)
	for i, stuck := range []Fault{StuckFXO, StuckFXS} {
		s.ints[i].PullLow(stuckInt, s.wrong.is(WholeBoard, stuck))
	}
}

// StopClock takes the PCM clock away from the whole board, or gives it back.
func (s *Hardware) StopClock(stop bool) { s.highway.StopClock(stop) }

// Noise disturbs the SPI bus: each byte has one bit flipped with the given
// probability.
func (s *Hardware) Noise(perByte float64, seed uint64) {
	for i, p := range s.spi {
		p.Noise(perByte, seed+uint64(i))
	}
}

// BreakBus makes every SPI transfer fail with err until it is called with nil.
func (s *Hardware) BreakBus(err error) {
	for _, p := range s.spi {
		p.Break(err)
	}
}

// Converter tells whether a handset port's converter is on.
func (s *Hardware) Converter(port string) bool {
	n, ok := index(port, "fxs", Handsets)
	return ok && s.fxs[n].Register(14)&0x10 == 0
}

// Wrong is every lasting fault, by place.
func (s *Hardware) Wrong() map[string][]Fault { return s.wrong.all() }
