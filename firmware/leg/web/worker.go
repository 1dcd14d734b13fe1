package web

import (
	"runtime/debug"

	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"

	"github.com/pion/webrtc/v4"
)

// work is the worker: everything of one leg in order, until it has ended.
func (l *Leg) work() {
	defer l.e.work.Done()
	defer l.leave()
	defer func() {
		if x := recover(); x != nil {
			l.e.log.Error("web: a leg broke", "port", l.port, "panic", x, "stack", string(debug.Stack()))
			if l.state != ended {
				l.end(leg.Failure, "internal fault", "box")
			}
		}
	}()
	l.e.pump.add(l.wire)
	l.sound.Start()
	for l.state != ended {
		select {
		case c := <-l.hangup:
			l.end(c, "", "box")
			continue
		default: // a hangup goes before orders that were left earlier
		}
		select {
		case c := <-l.hangup:
			l.end(c, "", "box")
		case do := <-l.orders:
			do()
		case ev := <-l.sound.Events():
			switch {
			case ev.Unheard:
				l.plain()
			case ev.Digit != 0 && l.state == up:
				l.tell(leg.Report{Kind: leg.Digit, Digit: ev.Digit, Event: true})
			}
		case <-l.join.C:
			l.neverJoined()
		case <-l.turning.C:
			l.turned()
		case <-l.lost.C:
			l.end(leg.NoMedia, "the browser did not come back within "+keepFor.String(), "box")
		}
	}
}

// leave gives back what the leg had.
func (l *Leg) leave() {
	l.join.Stop()
	l.lost.Stop()
	l.turning.Stop()
	l.drop()
	l.e.pump.remove(l.wire)
	close(l.gone)
	l.sound.Close()
}

// drop lets the connection go.
func (l *Leg) drop() {
	l.wire.peer.Store(nil)
	if l.peer != nil {
		l.peer.close()
		l.peer = nil
		<-l.e.peers
	}
}

func (l *Leg) tell(r leg.Report) {
	r.Port = l.port
	l.e.cfg.Told(l, r)
}

// show tells the page how the leg stands.
func (l *Leg) show() {
	call := l.call
	l.p.change(func(n *News) { n.Leg, n.Ended = &call, nil })
}

// end tells the end, once, to the page first: its next call finds the phone free.
func (l *Leg) end(c leg.Cause, text, by string) {
	l.state = ended
	l.p.end(l, Ended{Leg: l.number, Cause: string(c), By: by})
	l.tell(leg.Report{Kind: leg.Ended, Cause: c, Text: text})
}

// seen says that it rings where a page shows it.
func (l *Leg) seen() {
	if l.state == ringing && !l.rung && l.p.attended() {
		l.rung = true
		l.tell(leg.Report{Kind: leg.Ringing})
	}
}

// unseen ends what no page is left to answer.
func (l *Leg) unseen() {
	if l.state == ringing || l.state == idle {
		l.end(leg.NotRegistered, "the page was closed", "box")
	}
}

func (l *Leg) answered() {
	was := l.state
	l.state, l.call.State, l.call.Rings, l.answering, l.settled = up, "up", false, false, true
	if was == ringing {
		l.agree(false)
		if other, ok := l.caller.With.(rtp.Mate); ok {
			other.Matched(*l.Speech())
		}
	}
	l.show()
	l.tell(leg.Report{Kind: leg.Answered, By: leg.ByHook, Sure: 100})
	if l.call.Media != "on" && l.call.Media != "joining" {
		l.lost.Reset(keepFor)
	}
}

// take makes a connection the leg's; the one before is dropped.
func (l *Leg) take(p *peer) {
	l.drop()
	l.peer = p
	l.link = *p.mouth.link.Load()
	was := l.opus
	l.opus = l.opus && l.link.passes()
	l.agree(l.state == ringing)
	if was != l.opus {
		l.tell(leg.Report{Kind: leg.Agreed})
	}
	l.call.Media = "joining"
	l.join.Reset(joinWithin)
	if l.state == up {
		l.lost.Reset(keepFor)
	}
	p.adopt(l.wire, func(p *peer, s webrtc.PeerConnectionState) { l.do(func() { l.changed(p, s) }) })
	l.show()
}

// changed follows the state of the connection.
func (l *Leg) changed(p *peer, s webrtc.PeerConnectionState) {
	if p != l.peer || l.state == ended {
		return
	}
	was := l.call.Media
	switch s {
	case webrtc.PeerConnectionStateConnected:
		l.call.Media = "on"
		l.turning.Reset(turnWithin)
		l.join.Stop()
		l.lost.Stop()
		if l.answering && l.state == ringing {
			l.answered()
			return
		}
	case webrtc.PeerConnectionStateDisconnected, webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		if was == "joining" && s == webrtc.PeerConnectionStateDisconnected {
			return // it may still come up
		}
		l.missing()
	}
	if l.call.Media != was {
		l.show()
	}
}

// missing begins to wait for a browser that was lost. A call that it was making
// waits no longer than a talk.
func (l *Leg) missing() {
	l.answering = false
	switch l.call.Media {
	case "lost", "failed":
		return // and it is waited for already
	case "joining":
		l.call.Media = "failed"
	default:
		l.call.Media = "lost"
	}
	l.join.Stop()
	if l.state == up || l.state == offered {
		l.lost.Reset(keepFor)
	}
}

// neverJoined gives up a connection that did not come up. A telephone that rings
// goes on ringing: another may take the call.
func (l *Leg) neverJoined() {
	l.tell(leg.Report{Kind: leg.Trouble, Text: "web: no connection with the browser within " + joinWithin.String() + ": is UDP to the box open?"})
	l.call.Media = "joining"
	l.missing()
	l.drop()
	l.show()
}
