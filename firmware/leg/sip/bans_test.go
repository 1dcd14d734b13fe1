package sip

import (
	"fmt"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"
)

// TestGuessingIsBanned and for whom it is not: neither the phone that is signed on
// at the same address, nor its call, nor a call for help, nor a provider.
func TestGuessingIsBanned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told atomic.Int32
		b := newBench(t, func(c *Config) { c.Banned = func() { told.Add(1) } })
		defer b.stop()
		b.e.Spare(nil, []string{"112"})
		good := newPhone(t, b.n, "10.0.0.7:5060", "201", "secret")
		good.register(300)
		time.Sleep(2 * time.Second)
		thief := newPhone(t, b.n, "10.0.0.7:6060", "201", "wrong")
		for i := range guessesMax {
			thief.send(thief.request("REGISTER", "sip:10.0.0.1", fmt.Sprint("g", i), "<sip:201@10.0.0.1>",
				`Authorization: Digest username="201", realm="centralita", nonce="x", uri="sip:10.0.0.1", response="y", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="z"`))
			thief.expect("401")
		}
		thief.send(thief.request("OPTIONS", "sip:10.0.0.1", "o", "<sip:10.0.0.1>"))
		if m, ok := thief.next(time.Second); ok {
			t.Errorf("a banned address is answered: %s", m.start)
		}
		if list := b.e.Bans(); len(list) != 1 || list[0].Why != Guessing || list[0].Addr.String() != "10.0.0.7" || list[0].Dropped != 1 || told.Load() != 1 {
			t.Errorf("%+v, told %d times", list, told.Load())
		}
		good.send(good.request("OPTIONS", "sip:10.0.0.1", "mine", "<sip:10.0.0.1>"))
		good.expect("200")
		thief.send(thief.request("INVITE", "sip:112@10.0.0.1", "help", "<sip:112@10.0.0.1>"))
		thief.expect("401")
		thief.send(thief.request("INVITE", "sip:113@10.0.0.1", "other", "<sip:113@10.0.0.1>"))
		if m, ok := thief.next(time.Second); ok {
			t.Errorf("a call that is no emergency passes: %s", m.start)
		}
		time.Sleep(banFirst)
		if list := b.e.Bans(); len(list) != 0 || told.Load() != 2 {
			t.Errorf("after its time: %+v, told %d times", list, told.Load())
		}
		thief.send(thief.request("OPTIONS", "sip:10.0.0.1", "o2", "<sip:10.0.0.1>"))
		thief.expect("200")
	})
}

// TestCallOutlivesABan: who is banned in a call ends it in order.
func TestCallOutlivesABan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		p, c, _ := answeredCall(b)
		b.e.flows.set(nil)
		b.e.bans.ban(p.s.addr.Addr(), Flooding, time.Now())
		c.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
		p.send(p.request("OPTIONS", "sip:10.0.0.1", "o", "<sip:10.0.0.1>"))
		if m, ok := p.next(time.Second); ok {
			t.Errorf("outside of a call: %s", m.start)
		}
		if !b.e.Unban(p.s.addr.Addr()) || b.e.Unban(p.s.addr.Addr()) {
			t.Error("lifted once is wanted")
		}
		p.send(p.request("OPTIONS", "sip:10.0.0.1", "o3", "<sip:10.0.0.1>"))
		p.expect("200")
		b.stop()
	})
}

// TestScannersHearNothing, and a tool that hides its name learns nothing from the
// answers: those for a station that is there and one that is not are the same.
func TestScannersHearNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		defer b.stop()
		s := newPhone(t, b.n, "10.0.0.66:5060", "x", "x")
		s.send(s.request("OPTIONS", "sip:100@10.0.0.1", "s", "<sip:100@10.0.0.1>", "User-Agent: friendly-scanner"))
		if m, ok := s.next(time.Second); ok {
			t.Errorf("answered: %s", m.start)
		}
		if list := b.e.Bans(); len(list) != 1 || list[0].Why != Scanning {
			t.Errorf("%+v", list)
		}
		hidden := newPhone(t, b.n, "10.0.0.67:5060", "x", "x")
		shape := func(method, user string) string {
			hidden.user = user
			hidden.send(hidden.request(method, "sip:"+user+"@10.0.0.1", "h"+method+user, "<sip:"+user+"@10.0.0.1>"))
			m, _ := hidden.next(time.Second)
			var names []string
			for line := range strings.SplitSeq(m.text, "\r\n") {
				name, _, _ := strings.Cut(line, ":")
				names = append(names, name)
			}
			return fmt.Sprint(m.start, names)
		}
		for _, method := range []string{"REGISTER", "INVITE", "OPTIONS"} {
			there, not := shape(method, "201"), shape(method, "999")
			if there != not || there != shape(method, "202") {
				t.Errorf("%s tells who exists:\n%s\n%s", method, there, not)
			}
		}
	})
}

// TestFloodLeavesPhonesTheirShare: thousands of strangers use up what all may send
// together, and a phone that is signed on is answered still.
func TestFloodLeavesPhonesTheirShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		defer b.stop()
		good := newPhone(t, b.n, "10.0.0.7:5060", "201", "secret")
		good.register(300)
		time.Sleep(2 * time.Second)
		now := time.Now()
		for i := range 10_000 {
			from := netip.AddrPortFrom(netip.AddrFrom4([4]byte{172, 16, byte(i >> 8), byte(i)}), 5060)
			b.e.gate.admits(from, []byte("x"), now)
		}
		if b.e.gate.admits(netip.MustParseAddrPort("172.30.0.1:5060"), []byte("x"), now) {
			t.Fatal("the flood was none")
		}
		good.send(good.request("OPTIONS", "sip:10.0.0.1", "o", "<sip:10.0.0.1>"))
		good.expect("200")
	})
}

// TestBansAreBounded however many offend.
func TestBansAreBounded(t *testing.T) {
	s := &bans{told: func() {}, never: func(netip.Addr) bool { return false }, passes: func(netip.AddrPort, []byte) bool { return false }}
	now := time.Now()
	for i := range 3 * offendersMax {
		s.note(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), Scanning, now.Add(time.Duration(i)*time.Microsecond))
	}
	if len(s.by) > offendersMax || int(s.active.Load()) > offendersMax {
		t.Errorf("%d remembered, %d active", len(s.by), s.active.Load())
	}
	addr := netip.MustParseAddr("192.0.2.1")
	for want := banFirst; ; want *= 2 {
		s.ban(addr, Flooding, now)
		if got := s.by[addr].Until.Sub(now); got != min(want, banMost) {
			t.Fatalf("ban %d lasts %v", s.by[addr].Times, got)
		}
		if want > banMost {
			break
		}
	}
}
