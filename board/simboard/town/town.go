package town

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"time"

	"centralita/hal/sim/wire"
)

// Copper is what the town hangs on: a simulated board's pairs and its step.
type Copper interface {
	// Line is the pair of an FXO port; the town feeds it.
	Line(name string) *wire.Pair
	// Handset is the pair of an FXS port; the town draws from it.
	Handset(name string) *wire.Pair
	// OnStep has a function called every 10 ms, before the chips step, on the
	// goroutine that owns the pairs.
	OnStep(func(frame uint64))
}

// wishesMax bounds the wishes waiting for the next step; a page and a test
// together never have more than a few. Further ones are refused.
const wishesMax = 64

// wishPatience is how long a wish from HTTP waits for a step. A board that does
// not step within it stands still.
const wishPatience = 2 * time.Second

// Config is how a town is founded. The zero value of each field has a default.
type Config struct {
	Lines    []string          // fxo1..fxo4
	Numbers  map[string]string // of the lines; 91200000N without
	Handsets []string          // fxs1..fxs4
	Country  string            // of the lines and handsets: "ES"
	Seed     uint64            // of everything that varies
	Dir      string            // folder of sound files; none without
	Shelf    *Shelf            // of voices, shared with other towns; one of its own without
	Now      func() time.Time  // the date a caller ID message shows: time.Now
}

func (c Config) withDefaults() Config {
	if c.Lines == nil {
		c.Lines = []string{"fxo1", "fxo2", "fxo3", "fxo4"}
	}
	if c.Handsets == nil {
		c.Handsets = []string{"fxs1", "fxs2", "fxs3", "fxs4"}
	}
	if c.Country == "" {
		c.Country = "ES"
	}
	if c.Shelf == nil {
		c.Shelf = &Shelf{}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Town is the world around one simulated board.
type Town struct {
	cfg    Config
	copper Copper
	root   *os.Root

	wishes chan wish

	mu       sync.Mutex // held for each step and each look from outside
	frame    uint64
	lines    []*Line
	handsets []*Handset
}

// wish is a command on its way to the next step.
type wish struct {
	apply func() error
	done  chan<- error
}

// Pending is the answer to a wish: nil or a *Refusal, once the next step has
// tried it.
type Pending <-chan error

// Wait waits for the answer.
func (p Pending) Wait(ctx context.Context) error {
	select {
	case err := <-p:
		return err
	case <-ctx.Done():
		return wrong("no_step", "the simulated board did not step: %v", context.Cause(ctx))
	}
}

// New founds a town on a board and lives with its steps from then on.
func New(c Copper, cfg Config) (*Town, error) {
	cfg = cfg.withDefaults()
	country, err := countryOf(cfg.Country)
	if err != nil {
		return nil, fmt.Errorf("town: %w", err)
	}
	t := &Town{cfg: cfg, copper: c, wishes: make(chan wish, wishesMax)}
	if cfg.Dir != "" {
		if t.root, err = os.OpenRoot(cfg.Dir); err != nil {
			return nil, fmt.Errorf("town: folder of sound files: %w", err)
		}
	}
	for i, name := range cfg.Lines {
		p := c.Line(name)
		if p == nil {
			return nil, fmt.Errorf("town: the board has no line %s", name)
		}
		l, err := newLine(t, name, p, cfg.line(name, i, country))
		if err != nil {
			return nil, fmt.Errorf("town: %w", err)
		}
		t.lines = append(t.lines, l)
	}
	for i, name := range cfg.Handsets {
		p := c.Handset(name)
		if p == nil {
			return nil, fmt.Errorf("town: the board has no handset %s", name)
		}
		t.handsets = append(t.handsets, newHandset(t, name, p, country, rand.New(rand.NewPCG(cfg.Seed, uint64(i)))))
	}
	c.OnStep(t.step)
	return t, nil
}

// Close ends the recordings and lets go of the folder. The board must not step
// any more.
func (t *Town) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var first error
	for _, e := range t.ears() {
		if r := e.recording; r != nil {
			e.recording = nil
			if err := r.finish(); first == nil {
				first = err
			}
		}
	}
	if t.root != nil {
		if err := t.root.Close(); first == nil {
			first = err
		}
	}
	return first
}

func (t *Town) ears() (ears []*ear) {
	for _, l := range t.lines {
		ears = append(ears, &l.ear)
	}
	for _, h := range t.handsets {
		ears = append(ears, &h.ear)
	}
	return ears
}

// step lives for 10 ms.
func (t *Town) step(frame uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.frame = frame
	t.fulfil()
	for _, l := range t.lines {
		l.step()
	}
	for _, h := range t.handsets {
		h.step()
	}
}

func (t *Town) fulfil() {
	for range wishesMax {
		select {
		case w := <-t.wishes:
			w.done <- w.apply()
		default:
			return
		}
	}
}

// ask puts a wish before the next step.
func (t *Town) ask(apply func() error) Pending {
	done := make(chan error, 1)
	select {
	case t.wishes <- wish{apply, done}:
	default:
		done <- wrong("too_many_wishes", "%d wishes wait for the board's next step already", wishesMax)
	}
	return done
}

// refused is a wish that cannot even be put.
func refused(err error) Pending {
	done := make(chan error, 1)
	done <- err
	return done
}

// Line finds the exchange end of an FXO port.
func (t *Town) Line(name string) (*Line, error) {
	for _, l := range t.lines {
		if l.name == name {
			return l, nil
		}
	}
	return nil, wrong("no_line", "line %s: there is no such line; there are %s", name, strings.Join(t.cfg.Lines, ", "))
}

// Handset finds the telephone of an FXS port.
func (t *Town) Handset(name string) (*Handset, error) {
	for _, h := range t.handsets {
		if h.name == name {
			return h, nil
		}
	}
	return nil, wrong("no_handset", "handset %s: there is no such handset; there are %s", name, strings.Join(t.cfg.Handsets, ", "))
}

// State is the whole town at one step.
type State struct {
	Frame    uint64         `json:"frame"` // 10 ms steps since the board began
	Lines    []LineState    `json:"lines"`
	Handsets []HandsetState `json:"handsets"`
}

// State looks at everything at once.
func (t *Town) State() State {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := State{Frame: t.frame, Lines: make([]LineState, len(t.lines)), Handsets: make([]HandsetState, len(t.handsets))}
	for i, l := range t.lines {
		s.Lines[i] = l.state()
	}
	for i, h := range t.handsets {
		s.Handsets[i] = h.state()
	}
	return s
}
