package soak

import "centralita/board/simboard"

// effect is what a fault may and must do.
type effect struct {
	seenIdle bool // an alarm or a word of the port's health within a second, port at rest
	seenBusy bool // the same, or the end of its call, port in a call
	spares   bool // a call on the port goes on
}

// effects of the catalogue. What is not seen at rest shows only in a call (a feed
// without limit), when the bell rings (too many bells), or never harms.
var effects = map[simboard.Fault]effect{
	simboard.ResetItself:      {true, true, false},
	simboard.Corrupted:        {false, false, false},
	simboard.LinkLost:         {true, true, false},
	simboard.LinkBroken:       {true, true, false},
	simboard.Dead:             {true, true, false},
	simboard.Cut:              {false, true, false},
	simboard.Short:            {false, false, false},
	simboard.NoBattery:        {true, true, false},
	simboard.HighFeed:         {true, false, false},
	simboard.Overload:         {false, true, false},
	simboard.Flutter:          {false, false, false},
	simboard.BadJoint:         {false, false, true},
	simboard.Spikes:           {false, false, true},
	simboard.Extension:        {true, false, true},
	simboard.NoHighVoltage:    {true, true, false},
	simboard.StuckCalibration: {false, false, true},
	simboard.Leak:             {false, false, true},
	simboard.ForeignVoltage:   {true, true, false},
	simboard.PowerAlarm:       {false, false, true},
	simboard.GroundFault:      {true, true, false},
	simboard.ManyBells:        {false, false, true},
	simboard.HookBounce:       {false, false, true},
	simboard.BusNoise:         {false, false, false},
	simboard.BusBroken:        {true, true, false},
	simboard.NoClock:          {true, true, false},
	simboard.FramesLost:       {false, false, true},
	simboard.StuckFXO:         {false, false, true},
	simboard.StuckFXS:         {false, false, true},
	simboard.Welded:           {false, false, true},
}

// effectOf a step: the same fault means another thing on the other side.
func effectOf(s simboard.Step) effect {
	e := effects[s.Fault]
	line := s.Where[2] == 'o'
	switch {
	case s.Fault == simboard.Cut && line:
		e.seenIdle = true
	case s.Fault == simboard.Short && line:
		e.seenIdle, e.seenBusy = true, true
	case s.Fault == simboard.Cut:
		e.seenBusy = true // as if hung up
	}
	return e
}
