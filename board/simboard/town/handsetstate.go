package town

// HandsetState is one telephone as seen by people and tests.
type HandsetState struct {
	Name        string    `json:"name"`
	Country     string    `json:"country"`
	OffHook     bool      `json:"off_hook"`
	Ringing     bool      `json:"ringing"`      // somebody calls, pauses of the cadence included
	Bell        bool      `json:"bell"`         // ringing voltage at this moment
	Rings       int       `json:"rings"`        // so far in this call
	Cadence     []int     `json:"cadence_ms"`   // of this call's ringing as it came: on, off, on ...; what is running is left out
	Lamp        bool      `json:"message_lamp"` // messages wait
	Alerts      int       `json:"alerts"`       // waiting calls whose alert was answered in this talk
	Telephone   Telephone `json:"telephone"`
	Reversed    bool      `json:"reversed"` // polarity
	Volts       float64   `json:"volts"`
	MilliAmp    float64   `json:"current_ma"`
	Shown       Shown     `json:"shown"` // on the display
	Dialled     string    `json:"dialled"`
	Dialling    bool      `json:"dialling"`
	Speaking    bool      `json:"speaking"`
	AnswerAfter int       `json:"answer_after"` // rings; 0 is a person who waits to be told
	Hears       Hears     `json:"hears"`
	Recording   string    `json:"recording"`
}

// State looks at the telephone.
func (h *Handset) State() HandsetState {
	h.town.mu.Lock()
	defer h.town.mu.Unlock()
	return h.state()
}

func (h *Handset) state() HandsetState {
	s := HandsetState{
		Name: h.name, Country: h.country.code, OffHook: h.lifted,
		Ringing: h.bell.calling, Bell: h.bell.on, Rings: h.bell.rings,
		Cadence: append([]int{}, h.bell.spans[:h.bell.count]...), Lamp: h.lamp, Alerts: h.waiting.alerts, Telephone: h.kind, Reversed: h.meter.reversed,
		Volts: tenth(h.meter.volts), MilliAmp: tenth(h.meter.milliAmp),
		Shown: h.shown, Dialled: string(h.dialled[:h.dialledN]), Dialling: h.busyHand(),
		Speaking: h.voice.playing(), AnswerAfter: h.person.rings, Hears: h.ear.hears(),
	}
	if h.ear.recording != nil {
		s.Recording = h.ear.recording.name
	}
	return s
}
