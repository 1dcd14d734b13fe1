package town

// LineState is one line as seen by people and tests.
type LineState struct {
	Name        string      `json:"name"`
	Country     string      `json:"country"`
	State       string      `json:"state"`    // idle, ringing, seized, dial-tone, dialling, routing, ringback, busy, congestion, unknown, talking, released, parked
	SinceMS     int         `json:"since_ms"` // in this state
	OffHook     bool        `json:"off_hook"` // the box has seized or answered
	Ringing     bool        `json:"ringing"`  // ringing voltage at this moment
	Reversed    bool        `json:"reversed"` // polarity
	Cut         bool        `json:"cut"`
	Held        bool        `json:"held"` // a party is held, or joined
	Joined      bool        `json:"joined"`
	Waiting     string      `json:"waiting"`      // the number of a call that waits
	WaitingTold bool        `json:"waiting_told"` // and the box has taken it
	Beside      bool        `json:"beside"`       // the telephone in parallel is off-hook
	Volts       float64     `json:"volts"`        // at the box, signed
	MilliAmp    float64     `json:"current_ma"`
	Number      string      `json:"number"`  // who calls from outside
	Caller      string      `json:"caller"`  // and the name
	Dialled     string      `json:"dialled"` // what the box dialled
	Flashes     int         `json:"flashes"` // recalls of the box in this call
	Hears       Hears       `json:"hears"`   // the outside party
	Recording   string      `json:"recording"`
	Supervision Supervision `json:"supervision"` // of the running call
}

// State looks at the line.
func (l *Line) State() LineState {
	l.town.mu.Lock()
	defer l.town.mu.Unlock()
	return l.state()
}

func (l *Line) state() LineState {
	s := LineState{
		Name: l.name, Country: l.country.code, State: string(l.phase), SinceMS: l.since * 10,
		OffHook: l.loop.closed, Ringing: l.meter.ringing, Reversed: l.meter.reversed, Cut: l.meter.cut, Beside: l.beside.lifted,
		Held: l.recall.active, Joined: l.recall.joined, Waiting: l.waiting.who.number, WaitingTold: l.waiting.sent,
		Volts: tenth(l.meter.volts), MilliAmp: tenth(l.meter.milliAmp),
		Number: l.caller.number, Caller: l.caller.name, Dialled: string(l.dialled[:l.dialledN]), Flashes: l.loop.flashes,
		Hears: l.ear.hears(), Supervision: l.signs,
	}
	if l.ear.recording != nil {
		s.Recording = l.ear.recording.name
	}
	return s
}

// Config is how the exchange behaves on the line now.
func (l *Line) Config() LineConfig {
	l.town.mu.Lock()
	defer l.town.mu.Unlock()
	return l.setup.cfg
}

// Configure changes how the exchange behaves on the line. A running call keeps
// its country and its signs.
func (l *Line) Configure(cfg LineConfig) Pending {
	s, err := l.town.setup(cfg)
	if err != nil {
		return refused(err)
	}
	return l.town.ask(func() error {
		l.setup = s
		if l.phase == phaseIdle {
			l.clear()
		}
		return nil
	})
}

// Cut breaks the pair, or joins it again.
func (l *Line) Cut(cut bool) Pending {
	return l.town.ask(func() error {
		l.pair.Cut = cut
		return nil
	})
}
