package town

import (
	"fmt"
	"strings"

	"centralita/hal/sim/wire"
)

// Supervision is how a line shows that the far end answered or hung up.
type Supervision struct {
	LoopBreakMS    int     `json:"loop_break_ms"`     // battery off for so long at the far end's hang-up; 0 is off, else 50..2000
	Polarity       bool    `json:"polarity"`          // reversal at the answer of an outgoing call, and a change at the far end's hang-up
	BusyTone       bool    `json:"busy_tone"`         // the country's busy tone after it
	CongestionTone bool    `json:"congestion_tone"`   // its congestion tone instead
	DialToneAfterS float64 `json:"dial_tone_after_s"` // dial tone so long after the hang-up; 0 never
}

func (s Supervision) check() error {
	if s.LoopBreakMS != 0 && (s.LoopBreakMS < 50 || s.LoopBreakMS > 2000) {
		return wrong("out_of_range", "supervision: loop_break_ms %d: 0 for none, or 50 to 2000", s.LoopBreakMS)
	}
	return inRange("supervision: dial_tone_after_s", s.DialToneAfterS)
}

// LineConfig is how the exchange behaves on one line.
type LineConfig struct {
	Country      string      `json:"country"`
	Supervision  Supervision `json:"supervision"`
	DialToneMS   int         `json:"dial_tone_ms"`   // after seizure; 0..60000
	NoDialTone   bool        `json:"no_dial_tone"`   // never gives it, takes no digits
	Wetting      bool        `json:"wetting"`        // tells who calls after a line reversal only where a wetting pulse answers its alert
	Access       string      `json:"access"`         // the line is of a private exchange: these digits first, then a second dial tone
	AccessToneMS int         `json:"access_tone_ms"` // from them to the second dial tone; 0..60000
	RouteMS      int         `json:"route_ms"`       // from the last digit to ringback; 0..60000
	NoBattery    bool        `json:"no_battery"`     // the line is dead
	EchoDB       float64     `json:"echo_db"`        // loss of a far hybrid's echo; 0 is no echo, else 3..60
	EchoMS       int         `json:"echo_ms"`        // its delay, in steps of 10; 10..500
	Wear         Wear        `json:"wear"`           // of the pair and the exchange's tones
	Recall       bool        `json:"recall"`         // a timed break holds the far end for another call, and changes to a waiting one
	Plan         []Rule      `json:"plan"`           // called numbers; the first that matches
	Number       string      `json:"number"`         // of the line itself, for calls from other lines of the town
	Loop         Loop        `json:"loop"`           // what the box sees at voice frequencies; zero is an echo of one reflection
}

// Loop is the cable to the exchange and the exchange's termination: r1 in series
// with r2 and nf in parallel.
type Loop struct {
	Km float64 `json:"km"` // of 0.4 mm cable; 0..20
	R1 float64 `json:"r1"` // ohm; 0..5000
	R2 float64 `json:"r2"`
	NF float64 `json:"nf"` // 0..5000
}

func (l Loop) wire() wire.Loop { return wire.Loop{Km: l.Km, R1: l.R1, R2: l.R2, NF: l.NF} }

// loops are those of the first lines: no two lines of an office are alike.
var loops = [...]Loop{
	{0.5, 270, 750, 150}, // an exchange round the corner, of the harmonised termination
	{2, 270, 750, 150},
	{6, 320, 1050, 230}, // far out
	{0.1, 600, 0, 0},    // a private exchange in the cellar
}

// line is the setup of the line at place n of the town.
func (c Config) line(name string, n int, of *country) LineConfig {
	cfg := defaultConfig(of)
	cfg.Loop = loops[n%len(loops)]
	if cfg.Number = c.Numbers[name]; cfg.Number == "" {
		cfg.Number = fmt.Sprintf("91200%04d", n+1)
	}
	return cfg
}

// accessMax bounds the digits before a second dial tone.
const accessMax = 4

// msMax bounds delays of a configuration given in milliseconds.
const msMax = 60000

func (c LineConfig) check() error {
	for _, f := range []struct {
		name string
		ms   int
	}{{"dial_tone_ms", c.DialToneMS}, {"access_tone_ms", c.AccessToneMS}, {"route_ms", c.RouteMS}} {
		if f.ms < 0 || f.ms > msMax {
			return wrong("out_of_range", "%s %d: 0 to %d", f.name, f.ms, msMax)
		}
	}
	if len(c.Access) > accessMax || strings.Trim(c.Access, "0123456789") != "" {
		return wrong("out_of_range", "access %q: at most %d digits", c.Access, accessMax)
	}
	if c.EchoDB != 0 && !(c.EchoDB >= 3 && c.EchoDB <= 60 && c.EchoMS >= 10 && c.EchoMS <= 500) {
		return wrong("out_of_range", "echo: echo_db 3 to 60 and echo_ms 10 to 500, or echo_db 0 for none")
	}
	if l := c.Loop; !(l.Km >= 0 && l.Km <= 20 && l.R1 >= 0 && l.R1 <= 5000 && l.R2 >= 0 && l.R2 <= 5000 && l.NF >= 0 && l.NF <= 5000) {
		return wrong("out_of_range", "loop: km 0 to 20, r1 and r2 0 to 5000, nf 0 to 5000")
	}
	if len(c.Number) > numberMax || strings.Trim(c.Number, "0123456789") != "" {
		return wrong("bad_number", "number %q: at most %d digits", c.Number, numberMax)
	}
	if len(c.Plan) > rulesMax {
		return wrong("plan_too_long", "plan: at most %d rules", rulesMax)
	}
	if err := c.Wear.check(); err != nil {
		return err
	}
	return c.Supervision.check()
}

// defaultConfig is a healthy line of a country on which everybody answers.
func defaultConfig(c *country) LineConfig {
	return LineConfig{
		Country: c.code, Supervision: c.supervision, DialToneMS: 400, RouteMS: 800,
		Plan: []Rule{{Pattern: "*", Behaviour: answers, AnswerAfterS: 5}},
	}
}

// setup is a LineConfig made ready: immutable.
type setup struct {
	cfg      LineConfig
	country  *country
	plan     []rule
	echoGain float64
	echoBack uint64 // frames
}

func (t *Town) setup(cfg LineConfig) (*setup, error) {
	c, err := countryOf(cfg.Country)
	if err != nil {
		return nil, err
	}
	if err := cfg.check(); err != nil {
		return nil, err
	}
	s := &setup{cfg: cfg, country: c}
	studio := t.studio(c)
	for _, r := range cfg.Plan {
		ready, err := studio.rule(r)
		if err != nil {
			return nil, err
		}
		s.plan = append(s.plan, ready)
	}
	if cfg.EchoDB != 0 {
		s.echoGain, s.echoBack = peakOf(-cfg.EchoDB)/peakOf(0), uint64(frames(cfg.EchoMS))
	}
	return s, nil
}
