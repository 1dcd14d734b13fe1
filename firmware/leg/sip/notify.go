package sip

import (
	"context"
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"
)

// view is what a notice is written from.
type view struct {
	entity   string // sip: address of the resource as the watcher knows it
	host     string
	state    string // of the station
	number   string
	name     string
	incoming bool
	messages int
	version  int
}

// tellWatchers has the subscriptions that are meant tell what is new, each in a
// goroutine of its own that waits for its turn. What changes while one is being told
// is told by the same goroutine afterwards, as one.
func (e *Endpoint) tellWatchers(meant func(*subscription) bool) {
	select {
	case <-e.stopping:
		return
	default:
	}
	w := e.subs
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.byID {
		if !meant(s) {
			continue
		}
		if s.changed = true; s.sending {
			continue
		}
		s.sending = true
		if !e.enterWork() {
			s.sending = false
			return
		}
		go func() {
			defer e.work.Done()
			e.notifier(s)
		}()
	}
}

// enterWork counts a goroutine in, unless the box is stopping.
func (e *Endpoint) enterWork() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	select {
	case <-e.stopping:
		return false
	default:
	}
	e.work.Add(1)
	return true
}

// notifier tells one watcher until nothing is new.
func (e *Endpoint) notifier(s *subscription) {
	for {
		select {
		case e.subs.turn <- struct{}{}:
		case <-e.stopping:
			return
		}
		more := e.notifyOnce(s)
		<-e.subs.turn
		if !more {
			return
		}
	}
}

// notifyOnce sends one NOTIFY and reports whether there may be more to tell.
func (e *Endpoint) notifyOnce(s *subscription) (more bool) {
	w := e.subs
	w.mu.Lock()
	if !s.changed {
		s.sending = false
		w.mu.Unlock()
		return false
	}
	s.changed = false
	over, left := s.over, int(time.Until(s.end).Seconds())
	v := w.view(s)
	s.version++
	w.mu.Unlock()

	req := e.watchNotice(s, v, over, max(left, 0))
	ctx, cancel := context.WithTimeout(context.Background(), noticeTime)
	defer cancel()
	res, err := e.transact(ctx, req)
	if over == "" && err == nil && res.StatusCode/100 == 2 {
		return true
	}
	// The watcher is gone, wants no more, or was told the end (RFC 6665 section 4.2.2).
	w.mu.Lock()
	s.sending = false
	w.forget(s)
	w.mu.Unlock()
	return false
}

// noticeTime is how long a watcher may take to answer; one that is alive does at once.
const noticeTime = 5 * time.Second

// view is what there is to be seen by a watcher.
func (w *subscriptions) view(s *subscription) view {
	state := w.stations[s.resource]
	return view{
		host: s.d.local.Host, entity: "sip:" + s.resource + "@" + s.d.local.Host,
		state: state.State, number: cleanUser(state.Number), name: clean(state.Name, 80), incoming: state.Incoming,
		messages: w.messages[s.resource], version: s.version,
	}
}

// watchNotice is the NOTIFY of a subscription.
func (e *Endpoint) watchNotice(s *subscription, v view, over string, left int) *sip.Request {
	s.d.localSeq++
	req := e.request(&s.d, sip.NOTIFY, s.d.localSeq)
	req.AppendHeader(e.contact(s.resource, s.d.transport, req.Destination()))
	req.AppendHeader(sip.NewHeader("Event", s.event))
	status := "active;expires=" + strconv.Itoa(left)
	if over != "" {
		status = "terminated;reason=" + over
	}
	req.AppendHeader(sip.NewHeader("Subscription-State", status))
	req.AppendHeader(sip.NewHeader("Content-Type", s.pkg.kind))
	req.SetBody([]byte(s.pkg.write(s, v)))
	return req
}
