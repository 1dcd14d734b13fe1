package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"centralita/firmware/cmd/callload/sound"
	"centralita/firmware/cmd/callload/ua"
)

// setUp is how long a call may take to come about.
const setUp = 8 * time.Second

// load is what this program keeps at a target: telephones, calls and their sound.
type load struct {
	o       *options
	t       *target
	pump    *sound.Pump
	calling *ua.Agent
	called  *ua.Agent
	callers []*ua.User

	mu     sync.Mutex
	came   map[string]time.Time // caller and called: when the called end's INVITE came
	silent bool                 // calls have no sound
	calls  []*call
	setUps []time.Duration // first INVITE to 200
	passes []time.Duration // INVITE in to INVITE out
	failed []error
}

// call is one that stands, with what its two ends say.
type call struct {
	*ua.Call
	says *sound.Stream
}

// newLoad registers callers and called at a target.
func newLoad(o *options, t *target) (*load, error) {
	l := &load{o: o, t: t, pump: sound.New(o.host), came: map[string]time.Time{}}
	var err error
	if l.calling, err = ua.New(t.addr, o.host, nil); err != nil {
		return nil, err
	}
	if l.called, err = ua.New(t.addr, o.host, l.ring); err != nil {
		return nil, err
	}
	for _, n := range o.numbers(1001, 100) {
		l.callers = append(l.callers, l.calling.User(n, o.passwordOf(n)))
	}
	var phones []*ua.User
	for _, n := range o.numbers(2001, 100) {
		phones = append(phones, l.called.User(n, o.passwordOf(n)))
	}
	if len(phones) == 0 || len(l.callers) == 0 {
		return nil, fmt.Errorf("there are no users 1001… and 2001… to call")
	}
	return l, signOn(append(phones, l.callers...))
}

// signOn registers phones, eight at a time.
func signOn(phones []*ua.User) error {
	turns := make(chan struct{}, 8)
	failed := make(chan error, len(phones))
	var all sync.WaitGroup
	for _, p := range phones {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			ctx, cancel := context.WithTimeout(context.Background(), setUp)
			defer cancel()
			if _, err := p.Register(ctx, time.Hour, false); err != nil {
				failed <- err
			}
		})
	}
	all.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

func (l *load) close() {
	l.hangUpAll()
	l.calling.Close()
	l.called.Close()
	l.pump.Close()
}

// ring answers a call at once, with sound of its own.
func (l *load) ring(c *ua.Call) {
	l.mu.Lock()
	l.came[c.Caller+">"+c.User] = c.Came
	silent := l.silent
	l.mu.Unlock()
	s, err := l.pump.Open()
	if err != nil {
		c.Refuse(503, "No Socket")
		return
	}
	if !silent {
		l.pump.Speak(s, c.Sound)
	}
	c.Answer(s.Addr())
	go func() {
		<-c.Ended()
		l.pump.End(s)
	}()
}

// pair is which caller calls whom: every two calls of up to ten thousand differ.
func (l *load) pair(i int) (*ua.User, string) {
	n := len(l.callers)
	to := l.o.numbers(2001, 100)
	return l.callers[i%n], to[(i+i/n)%len(to)]
}

// recorded is the number that records what goes to another.
func recorded(number string) string { return "3" + number[1:] }

// call makes the i-th call and notes how long it took.
func (l *load) call(ctx context.Context, i int, record bool) (*call, error) {
	from, to := l.pair(i)
	key := from.Name + ">" + to
	l.mu.Lock()
	delete(l.came, key)
	silent := l.silent
	l.mu.Unlock()
	number := to
	if record {
		number = recorded(to)
	}
	s, err := l.pump.Open()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, setUp)
	defer cancel()
	c, err := from.Call(ctx, number, s.Addr())
	if err != nil {
		l.pump.End(s)
		l.mu.Lock()
		l.failed = append(l.failed, err)
		l.mu.Unlock()
		return nil, err
	}
	if !silent {
		l.pump.Speak(s, c.Sound)
	}
	l.mu.Lock()
	l.setUps = append(l.setUps, c.Answered.Sub(c.Sent))
	if at, ok := l.came[key]; ok {
		l.passes = append(l.passes, at.Sub(c.Asked))
	}
	l.mu.Unlock()
	go func() {
		<-c.Ended()
		l.pump.End(s)
	}()
	return &call{c, s}, nil
}

// build adds calls until n stand, at the flag's rate.
func (l *load) build(n int, record bool) error {
	next := time.Now()
	var all sync.WaitGroup
	for i := len(l.calls); i < n; i++ {
		next = next.Add(time.Second / time.Duration(l.o.rate))
		time.Sleep(time.Until(next))
		all.Go(func() {
			c, err := l.call(context.Background(), i, record)
			if err == nil {
				l.mu.Lock()
				l.calls = append(l.calls, c)
				l.mu.Unlock()
			}
		})
	}
	all.Wait()
	if len(l.failed) > 0 {
		return fmt.Errorf("%d of %d calls failed, the first: %w", len(l.failed), n, l.failed[0])
	}
	return nil
}

// hangUpAll ends the calls of build, 200 a second.
func (l *load) hangUpAll() {
	var all sync.WaitGroup
	for _, c := range l.calls {
		time.Sleep(5 * time.Millisecond)
		all.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), setUp)
			defer cancel()
			_, _ = c.Hangup(ctx) // a call that cannot be ended any more is over
		})
	}
	all.Wait()
	l.calls = nil
}

// dropped counts the calls of build that ended by themselves.
func (l *load) dropped() (n int) {
	for _, c := range l.calls {
		select {
		case <-c.Ended():
			n++
		default:
		}
	}
	return n
}

// at is the value that a share of all did not pass, in ms.
func at(d []time.Duration, share float64) float64 {
	if len(d) == 0 {
		return 0
	}
	d = slices.Clone(d)
	slices.Sort(d)
	return ms(d[int(share*float64(len(d)-1))])
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
