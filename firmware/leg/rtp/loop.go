package rtp

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/pion/rtp"
	"golang.org/x/sys/unix"
)

// loop is the reading thread of the kernel's sockets: one for all sessions of a
// Ports. It waits for all of them at once (epoll(7)), takes what came into memory of
// its own and gives it to the sessions; ten times a second it looks whose report is
// due. It runs while there is a session.
type loop struct {
	life  sync.Mutex // of users and of beginning and ending the thread
	users int
	epoll int
	wake  int // eventfd(2) that ends the thread
	ended chan struct{}

	mu     sync.Mutex // of what follows
	socks  []watched  // by place, which the kernel gives back with an event
	free   []int32
	turn   int32              // tells uses of a place apart
	rounds [rounds][]*Session // whose reports are due
	round  int
}

// watched is a socket and whom its datagrams are for.
type watched struct {
	sock    *udp
	session *Session
	control bool
	turn    int32
}

const (
	// rounds are where the reports of many calls are spread, so that they do not come
	// at once; the furthest is one and a half intervals away.
	rounds     = int(reportEvery*3/2/roundEvery) + 1
	roundEvery = 100 * time.Millisecond
	// eventsAtOnce is how many sockets one look takes: about a millisecond of work.
	eventsAtOnce = 128
	// nothing is the pause after a look that told of something and found nothing, as
	// after an ICMP refusal: a fault that stays must not take the processor.
	nothing = 100 * time.Microsecond
)

// add has the loop read a session's sockets.
func (l *loop) add(s *Session, sound, control *udp) error {
	l.life.Lock()
	defer l.life.Unlock()
	if l.users == 0 {
		if err := l.begin(); err != nil {
			return err
		}
	}
	l.users++
	l.mu.Lock()
	first := l.later(firstReport)
	l.rounds[first] = append(l.rounds[first], s)
	err := errors.Join(l.watch(s, 0, sound), l.watch(s, 1, control))
	l.mu.Unlock()
	if err != nil {
		l.forget(s)
	}
	return err
}

// later is the round of a report that is due in some time, varied.
func (l *loop) later(mean time.Duration) int {
	return (l.round + int(varied(mean)/roundEvery)) % rounds
}

func (l *loop) watch(s *Session, which int, u *udp) error {
	at := int32(len(l.socks))
	if n := len(l.free); n > 0 {
		at, l.free = l.free[n-1], l.free[:n-1]
	} else {
		l.socks = append(l.socks, watched{})
	}
	l.turn++
	l.socks[at] = watched{sock: u, session: s, control: which == 1, turn: l.turn}
	s.places[which] = at
	err := unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, u.fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: at, Pad: l.turn})
	if err != nil {
		return fmt.Errorf("rtp: epoll: %w", err)
	}
	return nil
}

// remove forgets a session that was added. Its sockets are still open.
func (l *loop) remove(s *Session) {
	l.life.Lock()
	defer l.life.Unlock()
	l.forget(s)
}

func (l *loop) forget(s *Session) {
	l.mu.Lock()
	for _, at := range s.places {
		// Before the place is empty: nobody would read what is reported for it, the
		// thread would be told again and again, and whoever is to close the socket
		// would not come to run.
		if sock := l.socks[at].sock; sock != nil {
			_ = unix.EpollCtl(l.epoll, unix.EPOLL_CTL_DEL, sock.fd, nil) // refused when adding it was
		}
		l.socks[at] = watched{}
		l.free = append(l.free, at)
	}
	l.mu.Unlock()
	if l.users--; l.users == 0 {
		l.end()
	}
}

func (l *loop) begin() error {
	var err error
	if l.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return fmt.Errorf("rtp: epoll: %w", err)
	}
	l.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err == nil {
		err = unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, l.wake, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: -1})
	}
	if err != nil {
		_ = unix.Close(l.epoll) // nothing is in it yet
		return fmt.Errorf("rtp: epoll: %w", err)
	}
	l.ended = make(chan struct{})
	go l.run()
	return nil
}

// end stops the thread and waits for it.
func (l *loop) end() {
	_, _ = unix.Write(l.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // cannot be full: it is written once
	<-l.ended
	_ = unix.Close(l.wake)
	_ = unix.Close(l.epoll)
	l.socks, l.free, l.rounds = nil, nil, [rounds][]*Session{}
}

// run is the thread.
func (l *loop) run() {
	defer close(l.ended)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	wait, back := newWaiter(l.epoll)
	defer back()
	var (
		events [eventsAtOnce]unix.EpollEvent
		found  [eventsAtOnce]watched
		packet rtp.Packet
		b      = newBatch()
		due    = time.Now().Add(roundEvery)
	)
	for {
		patience := max(0, time.Until(due)+time.Millisecond-1) / time.Millisecond
		n, err := wait.wait(events[:], int(patience))
		if err != nil {
			time.Sleep(10 * time.Millisecond) // a fault must not take the processor
		}
		ready, end := l.find(events[:n], found[:0])
		if end {
			return
		}
		took := 0
		for i := range ready {
			took += ready[i].read(b, &packet)
		}
		if n > 0 && took == 0 {
			time.Sleep(nothing)
		}
		for now := time.Now(); !now.Before(due); due = due.Add(roundEvery) {
			l.report(now)
		}
	}
}

// find turns events into sockets; those whose place went to another socket
// meanwhile are left out.
func (l *loop) find(events []unix.EpollEvent, found []watched) (_ []watched, end bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range events {
		at := events[i].Fd
		if at < 0 {
			return nil, true
		}
		if int(at) < len(l.socks) && l.socks[at].turn == events[i].Pad && l.socks[at].sock != nil {
			found = append(found, l.socks[at])
		}
	}
	return found, false
}

// read gives a socket's datagrams to its session and returns how many they were.
func (w *watched) read(b *batch, p *rtp.Packet) int {
	n := b.fill(w.sock)
	for i := range n {
		data, from := b.datagram(i)
		if w.control {
			w.session.receiveReport(data, from, time.Now())
		} else {
			w.session.receive(p, data, from, time.Since(w.session.begun))
		}
	}
	return n
}

// report serves the sessions of one round, and forgets those that have ended.
func (l *loop) report(now time.Time) {
	l.mu.Lock()
	due := l.rounds[l.round]
	l.rounds[l.round] = nil
	l.round = (l.round + 1) % rounds
	l.mu.Unlock()
	for _, s := range due {
		if s.closed.Load() {
			continue
		}
		in := s.reportDue(now)
		l.mu.Lock()
		at := l.later(in)
		l.rounds[at] = append(l.rounds[at], s)
		l.mu.Unlock()
	}
}
