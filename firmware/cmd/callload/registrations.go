package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"centralita/firmware/cmd/callload/ua"
)

// underWay is how many phones register at the same time, as in the peer's figures.
const underWay = 8

// phonesAt makes n users with a phone each at one agent.
func phonesAt(o *options, t *target, first, n int, called func(*ua.Call)) (*ua.Agent, []*ua.User, error) {
	a, err := ua.New(t.addr, o.host, called)
	if err != nil {
		return nil, nil, err
	}
	var list []*ua.User
	for _, name := range o.numbers(first, n) {
		list = append(list, a.User(name, o.passwordOf(name)))
	}
	if len(list) == 0 {
		a.Close()
		return nil, nil, fmt.Errorf("there are no users from %d on", first)
	}
	return a, list, nil
}

// rounds lets phones register over and over as fast as they are answered, until
// most of it is done or the time is over. A phone registers anew when it was answered
// (RFC 3261 section 10.2), so each belongs to one of those who work.
func rounds(phones []*ua.User, last time.Duration, most int64, again bool) (n int64, took []time.Duration, err error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	var done atomic.Int64
	end := time.Now().Add(last)
	for w := range underWay {
		all.Go(func() {
			mine := make([]time.Duration, 0, 1<<14)
			for i := w; w < len(phones) && time.Now().Before(end) && done.Add(1) <= most; i += underWay {
				if i >= len(phones) {
					i = w
				}
				ctx, cancel := context.WithTimeout(context.Background(), setUp)
				d, failed := phones[i].Register(ctx, time.Hour, again)
				cancel()
				if failed != nil {
					mu.Lock()
					err = failed
					mu.Unlock()
					break
				}
				mine = append(mine, d)
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	all.Wait()
	return int64(len(took)), took, err
}

// register measures registrations a second: with a challenge each time, and again
// with the nonce of the last one.
func register(o *options, t *target, r *result) error {
	for _, kind := range []struct {
		name  string
		first int
	}{{"SHA-256", 5001}, {"MD5", 1001}} {
		a, phones, err := phonesAt(o, t, kind.first, 100, nil)
		if err != nil {
			return err
		}
		defer a.Close()
		if err := signOn(phones); err != nil {
			return err
		}
		for _, again := range []bool{false, true} {
			name := kind.name + map[bool]string{false: ", 401 each time", true: ", last nonce again"}[again]
			began := time.Now()
			var n int64
			var took []time.Duration
			cpu := t.using(func() { n, took, err = rounds(phones, o.span()/2, 1<<40, again) })
			if err != nil {
				return err
			}
			r.add(name+": registrations/s", float64(n)/time.Since(began).Seconds())
			r.add(name+": p50, ms", at(took, .5))
			r.add(name+": p99, ms", at(took, .99))
			r.add(name+": processor, ms each", cpu/100*ms(time.Since(began))/float64(max(n, 1)))
		}
	}
	return nil
}

// floodMost bounds the time of a flood.
const floodMost = 10 * time.Minute

// flood registers very often and watches the memory.
func flood(o *options, t *target, r *result) error {
	a, phones, err := phonesAt(o, t, 5001, 100, nil)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := signOn(phones); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	before := resident(t.pid)
	var seconds []float64 // resident, each second
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for n := 1; ; n++ {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			now := resident(t.pid)
			seconds = append(seconds, now)
			if n%15 == 0 {
				r.say("after %3d s: %.1f MB", n, now)
			}
		}
	}()
	began := time.Now()
	n, _, err := rounds(phones, floodMost, int64(o.floods), false)
	took := time.Since(began)
	close(stop)
	<-stopped
	if err != nil {
		return err
	}
	time.Sleep(5 * time.Second)
	r.add("registrations", float64(n))
	r.add("registrations/s", float64(n)/took.Seconds())
	r.add("resident before, MB", before)
	if len(seconds) == 0 {
		return fmt.Errorf("%d registrations took less than a second: too few to see the memory", n)
	}
	r.add("resident at most, MB", slices.Max(seconds))
	r.add("resident 5 s after, MB", resident(t.pid))
	quarter := max(len(seconds)/4, 1) // the first finds the level
	r.add("growth from the second quarter to the last, MB", mean(seconds[len(seconds)-quarter:])-mean(seconds[min(quarter, len(seconds)-1):min(2*quarter, len(seconds))]))
	return nil
}

func mean(v []float64) (m float64) {
	for _, x := range v {
		m += x / float64(len(v))
	}
	return m
}

// storm lets 500 telephones register at the same moment, each from a socket of its
// own.
func storm(o *options, t *target, r *result) error {
	const n = 500
	var phones []*ua.User
	for _, name := range o.numbers(6001, n) {
		a, err := ua.New(t.addr, o.host, nil)
		if err != nil {
			return err
		}
		defer a.Close()
		phones = append(phones, a.User(name, o.passwordOf(name)))
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	begin := make(chan struct{})
	for _, p := range phones {
		all.Go(func() {
			<-begin
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			d, err := p.Register(ctx, time.Hour, false)
			mu.Lock()
			defer mu.Unlock()
			took = append(took, d)
			if err != nil {
				failed = err
			}
		})
	}
	began := time.Now()
	close(begin)
	all.Wait()
	if failed != nil {
		return failed
	}
	r.add("telephones", float64(len(phones)))
	r.add("all registered after, s", time.Since(began).Seconds())
	r.add("one p50, ms", at(took, .5))
	r.add("one p99, ms", at(took, .99))
	return nil
}
