package campaign

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"centralita/board/simboard/bare"
	"centralita/board/simboard/town"
	"centralita/firmware/leg/analog/witness"
	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// Options of a campaign.
type Options struct {
	Countries []string
	Kinds     []string // all without
	Calls     int      // of each country and kind
	Lines     int      // they are spread over so many lines, which learn; 5 without
	TalkS     float64  // how long a conversation is, at least; 20 without
	Seed      uint64
	Sounds    string // folder of prompts and music; synthetic voices alone without
	Tell      func(Result)
	Log       func(string) // each mistake

	shelf *town.Shelf
}

// tally counts calls.
type tally struct {
	conversations, cuts int
	released_, late     int
	missed, early       int
	held                time.Duration
	talked              time.Duration
}

// Result is what a kind of supervision came to in a country.
type Result struct {
	Country, Kind string
	Conversations int           // that were not cut, and those that were
	Cuts          int           // a verdict while the far end talked
	Releases      int           // hang-ups with a sign
	Late          int           // held longer than five seconds after it, or for ever
	Held          time.Duration // mean from the first sign to the release
	Talked        time.Duration // in all
}

// Add sums results up; Held becomes the mean of both.
func (r *Result) Add(o Result) {
	if n := r.Releases + o.Releases; n > 0 {
		r.Held = (r.Held*time.Duration(r.Releases) + o.Held*time.Duration(o.Releases)) / time.Duration(n)
	}
	r.Conversations += o.Conversations
	r.Cuts += o.Cuts
	r.Releases += o.Releases
	r.Late += o.Late
	r.Talked += o.Talked
}

// Run runs a campaign in one goroutine and tells each result as it comes.
func Run(o Options) (all Result, err error) {
	o.shelf = &town.Shelf{}
	for i, c := range o.Countries {
		for k := range kinds {
			if len(o.Kinds) > 0 && !slices.Contains(o.Kinds, kinds[k].name) {
				continue
			}
			r, err := o.run(c, k, o.Seed*1000+uint64(100*i+k))
			if err != nil {
				return all, err
			}
			all.Add(r)
			if o.Tell != nil {
				o.Tell(r)
			}
		}
	}
	return all, nil
}

// exchange is the lines of one country and kind, with the engine of their ears.
type exchange struct {
	board  *bare.Board
	engine *media.Engine
	subs   []*subscriber
	places map[media.Handle]*subscriber
}

func (o *Options) run(country string, k int, seed uint64) (Result, error) {
	x, err := o.found(country, k, seed)
	if err != nil {
		return Result{}, err
	}
	for x.busy() {
		if err := x.step(); err != nil {
			return Result{}, err
		}
	}
	sum := Result{Country: country, Kind: kinds[k].name}
	for _, s := range x.subs {
		r := Result{Conversations: s.conversations + s.cuts, Cuts: s.cuts, Releases: s.released_ + s.missed, Late: s.late + s.missed, Talked: s.talked}
		if s.released_ > 0 {
			r.Held = s.held / time.Duration(s.released_)
		}
		sum.Add(r)
	}
	return sum, nil
}

func (o *Options) found(country string, k int, seed uint64) (*exchange, error) {
	lines := o.Lines
	if lines == 0 {
		lines = 5
	}
	plan, ok := tone.Plan(country)
	if !ok {
		return nil, fmt.Errorf("campaign: there is no country %q", country)
	}
	x := &exchange{board: bare.New(lines), engine: media.New(), places: map[media.Handle]*subscriber{}}
	cfg := town.Config{Lines: x.board.Names(), Handsets: []string{}, Country: plan.Code, Seed: seed % seeds, Dir: o.Sounds, Shelf: o.shelf}
	t, err := town.New(x.board, cfg)
	if err != nil {
		return nil, fmt.Errorf("campaign: %w", err)
	}
	files, music := prompts(o.Sounds, plan.Code)
	for i := range lines {
		s := &subscriber{set: x.board.Set(i), plan: plan, calls: o.Calls / lines, talk: o.TalkS}
		if i < o.Calls%lines {
			s.calls++
		}
		if s.talk == 0 {
			s.talk = 20
		}
		s.talker = &talker{r: rand.New(rand.NewPCG(seed, uint64(i))), files: files, music: music}
		s.signs, s.wear = kinds[k].signs(s.talker.r), s.talker.wear()
		if kinds[k].low {
			s.wear.LowCurrentPct = 40 + 40*s.talker.r.Float64()
		}
		s.log = func(format string, args ...any) {
			if o.Log != nil {
				o.Log(fmt.Sprintf("%s %s line %d: ", plan.Code, kinds[k].name, i) + fmt.Sprintf(format, args...))
			}
		}
		if s.line, err = t.Line(bare.Name(i)); err != nil {
			return nil, fmt.Errorf("campaign: %w", err)
		}
		h, err := x.engine.Reserve()
		if err != nil {
			return nil, fmt.Errorf("campaign: %w", err)
		}
		if err := x.engine.Plug(h, s); err != nil {
			return nil, fmt.Errorf("campaign: %w", err)
		}
		for _, ear := range witness.Ears(plan) {
			if err := x.engine.Attach(h, ear); err != nil {
				return nil, fmt.Errorf("campaign: %w", err)
			}
		}
		x.subs = append(x.subs, s)
		x.places[h] = s
	}
	return x, nil
}

func (x *exchange) busy() bool {
	return slices.ContainsFunc(x.subs, func(s *subscriber) bool { return s.calls > 0 || s.stage != resting })
}

// step is 10 ms: the town, the sound, what was heard, the judges.
func (x *exchange) step() error {
	x.board.Step()
	for _, s := range x.subs {
		if err := s.step(); err != nil {
			return err
		}
	}
	x.engine.Tick()
	for h, ok := x.engine.Next(); ok; h, ok = x.engine.Next() {
		x.places[h.Handle].heard(h)
	}
	return nil
}

// prompts lists what people of a country say, and music, in a folder of sounds.
func prompts(dir, country string) (files, music []string) {
	if dir == "" {
		return nil, nil
	}
	language := "en"
	switch country {
	case "ES", "MX", "AR":
		language = "es"
	case "IT":
		language = "it"
	}
	long := func(of string, least int64) (names []string) {
		found, _ := filepath.Glob(filepath.Join(dir, of, "*.wav")) // the pattern is good
		for _, f := range found {
			if st, err := os.Stat(f); err == nil && st.Size() > least {
				names = append(names, of+"/"+filepath.Base(f))
			}
		}
		return names
	}
	return long(language, 32000), long("music", 0)
}
