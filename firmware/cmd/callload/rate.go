package main

import (
	"context"
	"sync"
	"time"
)

// talkShort is how long the calls of mode rate last, without sound.
const talkShort = 100 * time.Millisecond

// rate makes 20 calls a second, then a burst of 100 a second.
func rate(l *load, r *result) error {
	l.silent = true
	for _, part := range []struct {
		name  string
		rate  int
		calls int
	}{{"20/s: ", 20, 20 * l.o.seconds}, {"100/s: ", 100, 1000}} {
		l.setUps, l.passes, l.failed = nil, nil, nil
		repeats := l.calling.Repeats.Load() + l.called.Repeats.Load()
		began := time.Now()
		cpu := l.t.using(func() { l.short(part.rate, part.calls, nil) })
		r.add(part.name+"calls", float64(part.calls))
		r.add(part.name+"failed", float64(len(l.failed)))
		if len(l.failed) > 0 {
			r.say("%sthe first failure: %v", part.name, l.failed[0])
		}
		r.add(part.name+"INVITE in to INVITE out p50, ms", at(l.passes, .5))
		r.add(part.name+"INVITE in to INVITE out p99, ms", at(l.passes, .99))
		r.add(part.name+"INVITE to 200 p50, ms", at(l.setUps, .5))
		r.add(part.name+"INVITE to 200 p99, ms", at(l.setUps, .99))
		r.add(part.name+"processor, ms a call", cpu/100*ms(time.Since(began))/float64(part.calls))
		r.add(part.name+"repeated by the load", float64(l.calling.Repeats.Load()+l.called.Repeats.Load()-repeats))
	}
	return nil
}

// short makes calls that end after a moment, so many a second, until stop is
// closed or all are made.
func (l *load) short(rate, most int, stop <-chan struct{}) {
	var all sync.WaitGroup
	next := time.Now()
	for i := range most {
		select {
		case <-stop:
			all.Wait()
			return
		default:
		}
		next = next.Add(time.Second / time.Duration(rate))
		time.Sleep(time.Until(next))
		all.Go(func() {
			c, err := l.call(context.Background(), i, false)
			if err != nil {
				return
			}
			time.Sleep(talkShort)
			ctx, cancel := context.WithTimeout(context.Background(), setUp)
			defer cancel()
			if _, err := c.Hangup(ctx); err != nil {
				l.mu.Lock()
				l.failed = append(l.failed, err)
				l.mu.Unlock()
			}
		})
	}
	all.Wait()
}
