// Package supervise says who owns which worker, on top of thejerf/suture: what
// starts first and ends last, who is started again and whose fall ends the box.
//
// firmware/app lists its workers in stages and calls Run. Edge workers (a door, a
// fold, a sweep) are started again with back-off, each on its own account, so that
// one that keeps falling slows down nobody else. Vital workers (the loop, the
// sound, the journal) are not: a wrong book is worse than none, so their fall ends
// the program in order, and init brings it back. The package knows no worker by
// name and raises no alarm itself; it tells.
package supervise

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/thejerf/suture/v4"
)

// Worker is one blocking call: it returns when its context ends, and its caller
// owns it. String names it in notes.
type Worker interface {
	Serve(ctx context.Context) error
	String() string
}

// Named makes a worker of a function.
func Named(name string, serve func(ctx context.Context) error) Worker { return named{name, serve} }

type named struct {
	name  string
	serve func(ctx context.Context) error
}

func (n named) Serve(ctx context.Context) error { return n.serve(ctx) }
func (n named) String() string                  { return n.name }

// Stage is a group of workers that start and end together. Stages start in order
// and end in the opposite one, so what a worker needs outlives it.
type Stage struct {
	Name     string
	Vital    []Worker
	Edge     []Worker
	Patience time.Duration // for an orderly end; 0 is 2 s
}

const patience = 2 * time.Second

// Options say who is told.
type Options struct {
	// Tell hears of every fall, at once and from any goroutine; it must not wait.
	Tell func(Note)
	// CrashDir keeps a file for each of the last falls by panic; "" keeps none.
	CrashDir string

	backoff time.Duration // tests
}

// What happened to a worker.
const (
	Fell    = "fell"    // ended or panicked; started again at once when it is an edge worker
	Waiting = "waiting" // fell too often: rests before the next start
	Resumed = "resumed" // started again after a rest
	Stuck   = "stuck"   // did not end in its patience
)

// Note is one remark about a worker.
type Note struct {
	Worker string
	What   string
	Vital  bool
	Text   string // the error or the panic
	Stack  string // of a panic
}

// Run runs the stages until ctx ends or a vital worker falls, then ends them in
// order and returns why: nil when ctx ended and everybody came to an end in time.
// started, when not nil, is called when all have been started.
func Run(ctx context.Context, o Options, stages []Stage, started func()) error {
	r := &run{opts: o, fallen: make(chan error, 1)}
	var up []*running
	for _, s := range stages {
		up = append(up, r.start(s))
	}
	if started != nil {
		started()
	}
	var why error
	select {
	case <-ctx.Done():
	case why = <-r.fallen:
	}
	for i := len(up) - 1; i >= 0; i-- {
		why = errors.Join(why, r.end(up[i]))
	}
	select {
	case late := <-r.fallen: // a journal that could not write its last group
		why = errors.Join(why, late)
	default:
	}
	return why
}

type run struct {
	opts   Options
	fallen chan error // 1: the first vital fall; later ones are its consequence
}

type running struct {
	Stage
	cancel context.CancelFunc
	done   chan struct{}

	mu   sync.Mutex
	busy map[string]int // workers that have not ended
}

func (r *run) start(s Stage) *running {
	if s.Patience == 0 {
		s.Patience = patience
	}
	ctx, cancel := context.WithCancel(context.Background())
	u := &running{Stage: s, cancel: cancel, done: make(chan struct{}), busy: map[string]int{}}
	var all sync.WaitGroup
	for _, w := range s.Vital {
		u.count(w, 1)
		all.Go(func() { r.vital(ctx, w); u.count(w, -1) })
	}
	for _, w := range s.Edge {
		u.count(w, 1)
		all.Go(func() { r.edge(ctx, w, s.Patience); u.count(w, -1) })
	}
	go func() { all.Wait(); close(u.done) }()
	return u
}

func (u *running) count(w Worker, by int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.busy[w.String()] += by
}

// end cancels a stage and waits for it; a worker that does not end is named and
// left behind.
func (r *run) end(u *running) error {
	u.cancel()
	t := time.NewTimer(u.Patience + u.Patience/4) // suture's own patience runs out first
	defer t.Stop()
	select {
	case <-u.done:
		return nil
	case <-t.C:
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	var err error
	for name, n := range u.busy {
		if n > 0 {
			r.tell(Note{Worker: name, What: Stuck, Text: "did not end in time"})
			err = errors.Join(err, fmt.Errorf("%s: %s did not end within %v", u.Name, name, u.Patience))
		}
	}
	return err
}

// vital runs a worker whose fall ends the box.
func (r *run) vital(ctx context.Context, w Worker) {
	defer func() {
		if p := recover(); p != nil {
			r.fall(w, fmt.Errorf("panic: %v", p), string(debug.Stack()))
		}
	}()
	err := w.Serve(ctx)
	if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
		return
	}
	if err == nil {
		err = errors.New("ended by itself")
	}
	r.fall(w, err, "")
}

func (r *run) fall(w Worker, err error, stack string) {
	r.tell(Note{Worker: w.String(), What: Fell, Vital: true, Text: err.Error(), Stack: stack})
	select {
	case r.fallen <- fmt.Errorf("%s: %w", w, err):
	default:
	}
}

// edge runs a worker that is started again, under a supervisor of its own.
func (r *run) edge(ctx context.Context, w Worker, patience time.Duration) {
	s := suture.New(w.String(), suture.Spec{
		EventHook:        func(e suture.Event) { r.heard(ctx, w, e) },
		FailureThreshold: 3,
		FailureBackoff:   r.opts.rest(),
		Timeout:          patience,
	})
	s.Add(w)
	s.Serve(ctx)
}

// rest is how long a worker that fell too often waits.
func (o Options) rest() time.Duration {
	if o.backoff > 0 {
		return o.backoff
	}
	return 5 * time.Second
}

func (r *run) heard(ctx context.Context, w Worker, e suture.Event) {
	n := Note{Worker: w.String()}
	switch e := e.(type) {
	case suture.EventServicePanic:
		n.What, n.Text, n.Stack = Fell, "panic: "+e.PanicMsg, e.Stacktrace
	case suture.EventServiceTerminate:
		if ctx.Err() != nil {
			return
		}
		n.What, n.Text = Fell, fmt.Sprint(e.Err)
	case suture.EventBackoff:
		n.What = Waiting
	case suture.EventResume:
		n.What = Resumed
	case suture.EventStopTimeout:
		n.What, n.Text = Stuck, "did not end in time"
	default:
		return
	}
	r.tell(n)
}

func (r *run) tell(n Note) {
	if n.Stack != "" && r.opts.CrashDir != "" {
		keep(r.opts.CrashDir, n, time.Now())
	}
	if r.opts.Tell != nil {
		r.opts.Tell(n)
	}
}
