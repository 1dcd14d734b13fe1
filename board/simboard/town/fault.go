package town

import (
	"net/http"
	"time"

	"centralita/board/simboard"
)

// Fragile is a Copper on which things can go wrong, as a simulated board is.
type Fragile interface {
	Break(at string, f simboard.Fault) error
	Mend(at string, f simboard.Fault) error
	Heal(at string)
	Wrong() map[string][]simboard.Fault
	Play(simboard.Script) error
	Playing() bool
}

// Faults is the state of what is broken.
type Faults struct {
	Wrong   map[string][]simboard.Fault `json:"wrong"`             // what lasts, by place
	Playing bool                        `json:"playing"`           // a script is not over
	Script  simboard.Script             `json:"script,omitempty"`  // as it was just begun
	Choices []simboard.Trouble          `json:"choices,omitempty"` // of GET
}

// faultBody breaks or mends something.
type faultBody struct {
	Where string         `json:"where"`
	Fault simboard.Fault `json:"fault"`
}

// randomBody asks for a script by seed. Without places everything is at risk.
type randomBody struct {
	Seed   uint64   `json:"seed"`
	Faults int      `json:"faults"` // 1 to 20; 3 without
	OverS  float64  `json:"over_s"` // they begin within; 10 without
	ForS   float64  `json:"for_s"`  // and last at most; 10 without
	Where  []string `json:"where"`
}

// Bounds of a random script asked for.
const (
	faultsMost = 20
	scriptMost = 600 // s
)

// faultRoutes are those of what can be broken.
func (s *server) faultRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /fault", s.fragile(func(f Fragile, _ http.ResponseWriter, _ *http.Request) (Faults, error) {
		return Faults{Choices: simboard.Troubles}, nil
	}))
	m.HandleFunc("POST /fault", s.fragile(func(f Fragile, w http.ResponseWriter, r *http.Request) (_ Faults, err error) {
		var b faultBody
		if err = read(w, r, &b); err == nil {
			err = f.Break(b.Where, b.Fault)
		}
		return Faults{}, err
	}))
	m.HandleFunc("POST /fault/mend", s.fragile(func(f Fragile, w http.ResponseWriter, r *http.Request) (_ Faults, err error) {
		var b faultBody
		if err = read(w, r, &b); err != nil {
			return Faults{}, err
		}
		if b.Fault != "" {
			return Faults{}, f.Mend(b.Where, b.Fault)
		}
		for at := range f.Wrong() {
			if b.Where == "" || b.Where == at {
				f.Heal(at)
			}
		}
		return Faults{}, nil
	}))
	m.HandleFunc("POST /fault/script", s.fragile(func(f Fragile, w http.ResponseWriter, r *http.Request) (_ Faults, err error) {
		var script simboard.Script
		if err = read(w, r, &script); err == nil {
			err = f.Play(script)
		}
		return Faults{Script: script}, err
	}))
	m.HandleFunc("POST /fault/random", s.fragile(func(f Fragile, w http.ResponseWriter, r *http.Request) (Faults, error) {
		var b randomBody
		if err := read(w, r, &b); err != nil {
			return Faults{}, err
		}
		script, err := s.random(b)
		if err == nil {
			err = f.Play(script)
		}
		return Faults{Script: script}, err
	}))
}

// random makes the script that is asked for.
func (s *server) random(b randomBody) (simboard.Script, error) {
	if b.Faults == 0 {
		b.Faults = 3
	}
	if b.OverS == 0 {
		b.OverS = 10
	}
	if b.ForS == 0 {
		b.ForS = 10
	}
	if len(b.Where) == 0 {
		b.Where = append(append([]string{simboard.WholeBoard}, s.town.cfg.Lines...), s.town.cfg.Handsets...)
	}
	if b.Faults < 1 || b.Faults > faultsMost || !(b.OverS > 0 && b.OverS <= scriptMost) || !(b.ForS > 0 && b.ForS <= scriptMost) {
		return nil, wrong("out_of_range", "faults 1 to %d, over_s and for_s up to %d", faultsMost, scriptMost)
	}
	for _, where := range b.Where {
		if !simboard.Place(where) {
			return nil, wrong("no_place", "%s: there is no such place; ports and %q are", where, simboard.WholeBoard)
		}
	}
	seconds := func(v float64) time.Duration { return time.Duration(v * float64(time.Second)) }
	return simboard.Random(b.Seed, b.Faults, b.Where, seconds(b.OverS), seconds(b.ForS)), nil
}

// fragile makes a handler of what is done to a board that can be broken; it answers
// with what is broken after it.
func (s *server) fragile(do func(Fragile, http.ResponseWriter, *http.Request) (Faults, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, ok := s.town.copper.(Fragile)
		if !ok {
			refuse(w, wrong("no_route", "this board cannot be broken"))
			return
		}
		state, err := do(f, w, r)
		if err != nil {
			if _, ours := err.(*Refusal); !ours {
				err = wrong("bad_fault", "%v", err)
			}
			refuse(w, err)
			return
		}
		state.Wrong, state.Playing = f.Wrong(), f.Playing()
		reply(w, http.StatusOK, state)
	}
}
