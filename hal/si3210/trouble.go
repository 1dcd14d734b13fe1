package si3210

import (
	"errors"
	"fmt"
	"time"

	"centralita/hal"
	"centralita/hal/chain"
)

// Faults of the pair, not of the box. The port stays open while they last and
// looks again every lineRecheck.
var (
	errLeak    = &hal.Trouble{Reason: hal.LeakyPair, Text: "the pair loads the battery while open: short or low resistance on the line"}
	errForeign = &hal.Trouble{Reason: hal.ForeignVoltage, Text: "foreign voltage on the line: it is connected to another exchange or to the mains"}
	errGround  = &hal.Trouble{Reason: hal.GroundedPair, Text: "a wire of the pair touches ground"}
	errShort   = &hal.Trouble{Reason: hal.ShortPair, Text: "the two wires of the pair touch each other"}
)

const (
	lineRecheck = 3 * time.Second

	leakVolts    = 2.3
	foreignVolts = 4
	// groundAmps flow from one wire alone only where it has a way to ground: some 10
	// kilohm with 48 V.
	groundAmps = 4.0
	// shortVolts is less than any telephone leaves across the pair at shortAmps: 200
	// ohm, the least of ITU-T's sets, are 4 V.
	shortVolts, shortAmps = 2.0, 15.0
	// shortAudits in a row, at least 0.3 s, tell a short from a lifting set.
	shortAudits = 4
	// deadVolts is a battery that the converter does not hold any more; no state of
	// the feed needs so little. At rest and ringing it stands at 75 V and more, so
	// that weakVolts tell sooner. It must last deadAudits.
	deadVolts, weakVolts, deadAudits = 15.0, 60.0, 3
)

// lineFault reports whether an error is of the pair.
func lineFault(err error) bool {
	return errors.Is(err, errLeak) || errors.Is(err, errForeign) || errors.Is(err, errGround) || errors.Is(err, errShort)
}

// recheck is when a failed initialisation is tried again, 0 for the customary.
func (p *Port) recheck(err error) time.Duration {
	switch {
	case lineFault(err):
		return lineRecheck
	case errors.Is(err, errPowerAlarm):
		return overloadPause
	}
	return 0
}

// trouble counts audits that saw one.
type trouble struct{ short, dead int }

// lookForTrouble is the part of an audit that watches pair and battery.
func (p *Port) lookForTrouble(volts, amps float64, now time.Time) {
	t := &p.trouble
	if p.hook.lifted && !p.parked && max(volts, -volts) < shortVolts && max(amps, -amps) >= shortAmps {
		t.short++
	} else {
		t.short = 0
	}
	least := deadVolts
	if !p.hook.lifted && !p.parked {
		least = weakVolts
	}
	if battery := p.read(regVBATSense); p.chain.bus.err == nil && float64(battery)*senseStep < least {
		t.dead++
	} else {
		t.dead = 0
	}
	switch {
	case t.short >= shortAudits:
		p.giveUp(errShort, now)
	case t.dead >= deadAudits:
		p.service.Recover(errNoVoltage, p.bringUp, now)
	}
}

// giveUp opens the pair and looks again after a while.
func (p *Port) giveUp(err error, now time.Time) {
	p.write(regLinefeed, lfOpen)
	p.trouble, p.suspect = trouble{}, true
	p.service.Suspend(err, p.recheck(err), now)
}

// foreign is the voltage that somebody else puts on the open pair.
func (p *Port) foreign() error {
	for _, reg := range []byte{regTipVolts, regRingVolts} {
		if v := float64(p.read(reg)) * senseStep; v > foreignVolts && p.chain.bus.err == nil {
			return fmt.Errorf("%w: %.0f V", errForeign, v)
		}
	}
	return nil
}

// testPair feeds each wire alone, which must draw nothing, and then both, which
// must not touch. The battery is up and the chip calibrated.
func (p *Port) testPair(wait chain.Pause) error {
	if p.saved != nil && !p.suspect {
		return nil // it has shown all this before
	}
	for _, state := range []byte{lfTipOpen, lfRingOpen} {
		p.write(regLinefeed, state)
		if !wait(p.timing().Pair) {
			return chain.ErrBus
		}
		if amps := signedValue(p.read(regLoopAmps), ampStep); max(amps, -amps) >= groundAmps {
			return errGround
		}
	}
	p.write(regLinefeed, lfActive)
	if !wait(p.timing().Pair) {
		return chain.ErrBus
	}
	volts, amps := signedValue(p.read(regLoopVolts), voltStep), signedValue(p.read(regLoopAmps), ampStep)
	if max(volts, -volts) < shortVolts && max(amps, -amps) >= shortAmps {
		return errShort
	}
	p.suspect = false
	return nil
}
