package sip

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Ban is an address that is not listened to for a while.
type Ban struct {
	Addr    netip.Addr
	Why     Offence
	Since   time.Time
	Until   time.Time
	Times   int    // how often it was banned since it was first noticed
	Dropped uint64 // messages that were not listened to
}

// Offence is what an address was banned for.
type Offence string

// The offences.
const (
	Guessing Offence = "guessing" // wrong passwords
	Asking   Offence = "asking"   // many requests that never proved who asks
	Scanning Offence = "scanning" // a tool that names itself
	Flooding Offence = "flooding" // far more than the limit of one address
)

// How much is too much within banWindow. A phone with a wrong password asks each
// half minute; an office behind one address proves itself with each sign-on, which
// forgives what was before.
const (
	guessesMax   = 20
	unprovedMax  = 200
	overflowMax  = 1000
	banWindow    = 10 * time.Minute
	banFirst     = 5 * time.Minute
	banMost      = time.Hour
	proofWait    = 10 * time.Second // an office whose phones all ask at once, when power comes back, has this long until one has proved itself
	offendersMax = 4096             // beyond it whoever was quiet longest is forgotten
)

// offender is what is known of an address.
type offender struct {
	Ban
	first                      time.Time // of the window
	last                       time.Time
	asked                      time.Time // the first unproved request since the last proof
	guesses, unproved, flooded int
}

// bans are the addresses that are not listened to. A ban never touches a call that
// is there, a phone that is signed on, a provider or an emergency call: those pass,
// whoever shares their address or takes it as his own.
type bans struct {
	passes func(netip.AddrPort, []byte) bool // what a ban does not touch
	never  func(netip.Addr) bool
	told   func()
	active atomic.Int32

	mu sync.Mutex
	by map[netip.Addr]*offender
}

// blocks reports whether a message is not to be listened to.
func (s *bans) blocks(from netip.AddrPort, b []byte, now time.Time) bool {
	if s.active.Load() == 0 {
		return false
	}
	s.mu.Lock()
	o, ok := s.by[from.Addr()]
	banned := ok && now.Before(o.Until)
	if banned {
		o.last = now
		o.Dropped++
	}
	s.mu.Unlock()
	if !banned || !s.passes(from, b) {
		return banned
	}
	s.mu.Lock()
	o.Dropped--
	s.mu.Unlock()
	return false
}

// note counts an offence.
func (s *bans) note(addr netip.Addr, why Offence, now time.Time) {
	s.mu.Lock()
	o := s.offender(addr, now)
	if now.Before(o.Until) {
		s.mu.Unlock()
		return
	}
	if now.Sub(o.first) > banWindow {
		o.first, o.guesses, o.unproved, o.flooded = now, 0, 0, 0
	}
	enough := false
	switch why {
	case Guessing:
		o.guesses++
		enough = o.guesses >= guessesMax
	case Asking:
		if o.unproved++; o.unproved == 1 {
			o.asked = now
		}
		enough = o.unproved >= unprovedMax && now.Sub(o.asked) >= proofWait
	case Flooding:
		o.flooded++
		enough = o.flooded >= overflowMax
	case Scanning:
		enough = true
	}
	s.mu.Unlock()
	if enough && !s.never(addr) {
		s.ban(addr, why, now)
	}
}

// offender is what is known of addr. Under the mutex.
func (s *bans) offender(addr netip.Addr, now time.Time) *offender {
	o, ok := s.by[addr]
	if !ok {
		if len(s.by) >= offendersMax {
			s.forget(now)
		}
		o = &offender{Ban: Ban{Addr: addr}, first: now}
		if s.by == nil {
			s.by = make(map[netip.Addr]*offender)
		}
		s.by[addr] = o
	}
	o.last = now
	return o
}

// forget makes room: first those that did nothing for a window, then the quietest.
// Under the mutex.
func (s *bans) forget(now time.Time) {
	var quietest *offender
	for addr, o := range s.by {
		if now.Sub(o.last) > banWindow && !now.Before(o.Until) {
			delete(s.by, addr)
		} else if quietest == nil || o.last.Before(quietest.last) {
			quietest = o
		}
	}
	if len(s.by) >= offendersMax && quietest != nil {
		delete(s.by, quietest.Addr)
		s.recount(now)
	}
}

func (s *bans) ban(addr netip.Addr, why Offence, now time.Time) {
	s.mu.Lock()
	o := s.offender(addr, now)
	o.Times++
	o.Why, o.Since, o.Dropped = why, now, 0
	o.Until = now.Add(min(banFirst<<min(o.Times-1, 8), banMost))
	o.guesses, o.unproved, o.flooded = 0, 0, 0
	s.recount(now)
	s.mu.Unlock()
	s.told()
}

// forgive forgets what addr did before it proved who it is.
func (s *bans) forgive(addr netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := s.by[addr]; ok {
		o.guesses, o.unproved, o.flooded = 0, 0, 0
	}
}

func (s *bans) recount(now time.Time) {
	n := int32(0)
	for _, o := range s.by {
		if now.Before(o.Until) {
			n++
		}
	}
	s.active.Store(n)
}

// tick ends bans whose time is over.
func (s *bans) tick(now time.Time) {
	was := s.active.Load()
	if was == 0 {
		return
	}
	s.mu.Lock()
	s.recount(now)
	s.mu.Unlock()
	if s.active.Load() != was {
		s.told()
	}
}

// Bans lists who is not listened to now, the latest first.
func (e *Endpoint) Bans() []Ban {
	now := time.Now()
	e.bans.mu.Lock()
	defer e.bans.mu.Unlock()
	list := []Ban{}
	for _, o := range e.bans.by {
		if now.Before(o.Until) {
			list = append(list, o.Ban)
		}
	}
	slices.SortFunc(list, func(a, b Ban) int { return b.Since.Compare(a.Since) })
	return list
}

// Unban listens to an address again and forgets what it did; false where it was not
// banned.
func (e *Endpoint) Unban(addr netip.Addr) bool {
	s := &e.bans
	now := time.Now()
	s.mu.Lock()
	o, ok := s.by[addr]
	ok = ok && now.Before(o.Until)
	if ok {
		delete(s.by, addr)
		s.recount(now)
	}
	s.mu.Unlock()
	if ok {
		s.told()
	}
	return ok
}

// Spare says which networks are never banned, and the numbers of emergency, for
// which nobody is.
func (e *Endpoint) Spare(networks []netip.Prefix, emergency []string) {
	e.spared.Store(&spared{networks, emergency})
}

type spared struct {
	networks  []netip.Prefix
	emergency []string
}

// neverBanned are the networks of the settings and the servers of providers.
func (e *Endpoint) neverBanned(addr netip.Addr) bool {
	if s := e.spared.Load(); s != nil && slices.ContainsFunc(s.networks, func(p netip.Prefix) bool { return p.Contains(addr) }) {
		return true
	}
	return e.trunks.at(addr)
}

// untouched is what passes a ban: the flow of a phone that is signed on, a message
// of a call that is there, and a call to a number of emergency, which must still
// prove who calls.
func (e *Endpoint) untouched(from netip.AddrPort, b []byte) bool {
	if e.flows.know(from) {
		return true
	}
	if id := callIDOf(b); id != "" && e.hasCall(id) {
		return true
	}
	s := e.spared.Load()
	uri, invite := strings.CutPrefix(firstLine(b), "INVITE sip")
	if s == nil || !invite {
		return false
	}
	_, user, _ := strings.Cut(uri, ":")
	user, _, _ = strings.Cut(user, "@")
	return slices.Contains(s.emergency, user)
}

func firstLine(b []byte) string {
	line, _, _ := bytes.Cut(b[:min(len(b), 256)], []byte("\r\n"))
	return string(line)
}

// callIDOf finds the Call-ID without parsing the rest.
func callIDOf(b []byte) string {
	head, _, _ := bytes.Cut(b, []byte("\r\n\r\n"))
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		name, value, ok := bytes.Cut(line, []byte(":"))
		if ok && (len(name) == 1 && (name[0] == 'i' || name[0] == 'I') || bytes.EqualFold(bytes.TrimSpace(name), []byte("Call-ID"))) {
			return string(bytes.TrimSpace(value))
		}
	}
	return ""
}

func (e *Endpoint) hasCall(callID string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for k := range e.legs {
		if k.callID == callID {
			return true
		}
	}
	return false
}

// unproved counts a request that did not prove who asks; wrong ones tried to.
func (e *Endpoint) unproved(req *sip.Request) {
	from, err := netip.ParseAddrPort(req.Source())
	if err != nil {
		return
	}
	why := Asking
	if req.GetHeader("Authorization") != nil {
		why = Guessing
		e.knocks.note(req, e.users, from.Addr().Unmap(), time.Now())
	}
	e.bans.note(from.Addr().Unmap(), why, time.Now())
}

// proved forgives, and gives back what the proof took of the address's limit.
func (e *Endpoint) proved(req *sip.Request) {
	if from, err := netip.ParseAddrPort(req.Source()); err == nil {
		e.bans.forgive(from.Addr().Unmap())
		e.knocks.admitted(req, from.Addr().Unmap())
		e.gate.refund(from.Addr().Unmap())
	}
}
