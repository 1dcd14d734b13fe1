package main

import (
	"context"
	"sync"
	"time"

	"centralita/firmware/cmd/callload/ua"
)

const (
	queueNumber  = "700"
	queueAgents  = 10
	queueTalk    = 2 * time.Second
	queueRate    = 10  // callers a second, twice what the agents can serve
	queueCallers = 100 // for a run
)

// shift is a queue's work as its agents see it.
type shift struct {
	l *load

	mu     sync.Mutex
	rung   map[string]time.Time // caller: an agent's INVITE came
	free   map[string]time.Time // agent: its BYE left
	gaps   []time.Duration      // a freed agent's BYE to its next INVITE
	served int
	twice  int // calls to an agent that talks
	busy   map[string]bool
	last   time.Time // a call was served
}

// queue lets twice the callers come that ten agents can serve, first alone, then
// with 100 other calls a second beside.
func queue(l *load, r *result) error {
	s := &shift{l: l}
	agents, users, err := phonesAt(l.o, l.t, 4001, queueAgents, s.ring)
	if err != nil {
		return err
	}
	defer agents.Close()
	if err := signOn(users); err != nil {
		return err
	}
	for _, part := range []struct {
		name   string
		beside int
	}{{"", 0}, {"with 100 calls/s beside: ", 100}} {
		s.mu.Lock()
		s.rung, s.free, s.busy = map[string]time.Time{}, map[string]time.Time{}, map[string]bool{}
		s.gaps, s.served, s.twice = nil, 0, 0
		s.mu.Unlock()
		l.failed = nil
		stop, quiet := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(quiet)
			if part.beside > 0 {
				l.silent = true
				l.short(part.beside, 1<<20, stop)
			}
		}()
		began := time.Now()
		waits := s.callers()
		close(stop)
		<-quiet
		s.mu.Lock()
		r.add(part.name+"callers", queueCallers)
		r.add(part.name+"served", float64(s.served))
		r.add(part.name+"served/s", float64(s.served)/s.last.Sub(began).Seconds())
		r.add(part.name+"freed agent to its next INVITE p50, ms", at(s.gaps, .5))
		r.add(part.name+"freed agent to its next INVITE p99, ms", at(s.gaps, .99))
		r.add(part.name+"caller's wait p50, ms", at(waits, .5))
		r.add(part.name+"agents rung while talking", float64(s.twice))
		r.add(part.name+"failed", float64(len(l.failed)))
		if len(l.failed) > 0 {
			r.say("%sthe first failure: %v", part.name, l.failed[0])
		}
		s.mu.Unlock()
	}
	return nil
}

// ring is an agent's telephone: it answers at once and hangs up after a while.
func (s *shift) ring(c *ua.Call) {
	s.mu.Lock()
	s.rung[c.Caller] = c.Came
	if s.busy[c.User] {
		s.twice++
	}
	s.busy[c.User] = true
	if at, ok := s.free[c.User]; ok {
		s.gaps = append(s.gaps, c.Came.Sub(at))
		delete(s.free, c.User)
	}
	s.mu.Unlock()
	sound, err := s.l.pump.Open()
	if err != nil {
		c.Refuse(503, "No Socket")
		return
	}
	s.l.pump.Speak(sound, c.Sound)
	c.Answer(sound.Addr())
	go func() {
		select {
		case <-time.After(queueTalk):
		case <-c.Ended():
		}
		s.mu.Lock()
		s.busy[c.User] = false
		s.free[c.User] = time.Now()
		s.served++
		s.last = time.Now()
		s.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), setUp)
		defer cancel()
		_, _ = c.Hangup(ctx) // the caller sees that it ended
		s.l.pump.End(sound)
	}()
}

// callers come one after the other, listen, speak, and wait until they were
// served. It gives how long each waited for an agent.
func (s *shift) callers() []time.Duration {
	const patience = queueCallers*queueTalk/queueAgents + 20*time.Second
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var all sync.WaitGroup
	var waits []time.Duration
	next := time.Now()
	for i := range queueCallers {
		next = next.Add(time.Second / queueRate)
		time.Sleep(time.Until(next))
		all.Go(func() {
			u := s.l.callers[i%len(s.l.callers)]
			says, err := s.l.pump.Open()
			if err != nil {
				return
			}
			defer s.l.pump.End(says)
			c, err := u.Call(ctx, queueNumber, says.Addr())
			if err != nil {
				s.l.mu.Lock()
				s.l.failed = append(s.l.failed, err)
				s.l.mu.Unlock()
				return
			}
			s.l.pump.Speak(says, c.Sound)
			select {
			case <-c.Ended():
			case <-ctx.Done():
				_, _ = c.Hangup(context.Background()) // served or not is counted by the agents
			}
			s.mu.Lock()
			if at, ok := s.rung[u.Name]; ok {
				waits = append(waits, at.Sub(c.Asked))
			}
			s.mu.Unlock()
		})
	}
	all.Wait()
	return waits
}
