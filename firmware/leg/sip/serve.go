package sip

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// stopPatience is how long far ends have to answer our last BYE.
const stopPatience = 2 * time.Second

// settle is how long messages under way in the library may take at the end.
const settle = 20 * time.Millisecond

// Serve reads the sockets, keeps registrations and runs the legs until ctx ends;
// then it hangs up what is left, signs off from the trunks and closes the
// sockets, within three seconds. It runs once.
func (e *Endpoint) Serve(ctx context.Context) error {
	if e.serving.Swap(true) {
		return fmt.Errorf("sip: %v is served already", e.addr)
	}
	var readers, keepers sync.WaitGroup
	e.turn.Lock() // until the library knows the socket: registrations would go out by another
	readers.Go(e.serveUDP)
	if e.tcp != nil {
		readers.Go(e.serveTCP)
	}
	e.startTLS()
	e.startWeb()
	e.startOutward()
	keep, stop := context.WithCancel(ctx)
	keepers.Go(func() { e.keep(keep) })
	e.trunks.start(e)
	<-ctx.Done()

	e.mu.Lock() // no leg is added behind the closing
	close(e.stopping)
	e.mu.Unlock()
	stop()
	signedOff := make(chan struct{})
	go func() {
		e.trunks.stop()
		e.work.Wait()
		close(signedOff)
	}()
	select {
	case <-signedOff:
	case <-time.After(stopPatience):
	}
	// A message that the library handles while it is closed would make it open a
	// socket of its own, which nobody closes.
	e.shut.Store(true)
	time.Sleep(settle)
	e.stopTLS()
	e.stopWeb()
	e.stopOutward()
	_ = e.ua.Close() // ends transactions, so that whoever waits for them comes back
	_ = e.udp.Close()
	if e.tcp != nil {
		_ = e.tcp.Close()
	}
	<-signedOff
	readers.Wait()
	keepers.Wait()
	return ctx.Err()
}

// keep removes registrations that ran out and answers stray 2xx.
func (e *Endpoint) keep(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			e.phones.expire(now)
			e.flows.set(e.phones.sources())
			e.bans.tick(now)
			e.knocks.forget(func(n Knock) bool { return now.Sub(n.Last) > knockFor })
			if e.subs.expire(now) {
				e.tellWatchers(func(s *subscription) bool { return s.over != "" })
			}
		case s := <-e.strays:
			s.branch.again(s.res)
		}
	}
}
