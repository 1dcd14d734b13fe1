package sip

import (
	"fmt"
	"net/netip"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Who tries to sign on and is refused is in the list with the reason; who then proves
// itself is not, and neither is who comes no more.
func TestRefusedPhones(t *testing.T) {
	var told atomic.Int32
	box(t, func(t *testing.T, b *bench) {
		sign := func(p *phone, want int) {
			t.Helper()
			if m := p.register(600); m.status() != want {
				t.Errorf("%s", m.start)
			}
		}
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "wrong")
		for range knockOften {
			sign(p, 401)
		}
		synctest.Wait() // it is told after the answer
		if told.Load() != 1 {
			t.Errorf("told %d times", told.Load())
		}
		name := "299" // one that is challenged as the test's phone can answer
		for b.e.guard.algorithm(name) != "SHA-256" {
			name += "9"
		}
		stranger := newPhone(t, b.n, "10.0.0.6:5060", name, "wrong")
		time.Sleep(time.Second)
		sign(stranger, 401)
		list := b.e.Knocks()
		if len(list) != 2 || list[0].User != name || list[0].Why != UnknownUser || list[0].Often() ||
			list[1].User != "201" || list[1].Addr != netip.MustParseAddr("10.0.0.5") || list[1].Why != WrongPassword || list[1].Count != knockOften || !list[1].Often() {
			t.Errorf("%+v", list)
		}
		p.pass = "secret"
		sign(p, 200)
		synctest.Wait()
		if list := b.e.Knocks(); len(list) != 1 || list[0].User != name || told.Load() != 2 {
			t.Errorf("told %d times: %+v", told.Load(), list)
		}
		time.Sleep(knockFor + 2*time.Second)
		if list := b.e.Knocks(); len(list) != 0 {
			t.Errorf("%+v", list)
		}
	}, func(c *Config) { c.Knocked = func() { told.Add(1) } })
}

// Whoever tries all names fills eight places of the list, and many of those leave the
// office's own telephones in it.
func TestRefusedPhonesAreBounded(t *testing.T) {
	k := knockers{told: func() {}}
	now := time.Now()
	own := Knock{User: "201", Addr: netip.MustParseAddr("10.0.0.5"), Why: WrongPassword, Count: 1, Last: now}
	k.count(own)
	for i := range 1000 {
		a := netip.AddrFrom4([4]byte{192, 0, byte(i / 20), 1})
		k.count(Knock{User: fmt.Sprint(i), Addr: a, Why: UnknownUser, Count: 1, Last: now.Add(time.Duration(i) * time.Second)})
	}
	each := map[netip.Addr]int{}
	kept := false
	for _, n := range k.list {
		each[n.Addr]++
		kept = kept || n == own
	}
	if len(k.list) > knocksMax || !kept {
		t.Errorf("%d in the list, the office's own in it: %v", len(k.list), kept)
	}
	for a, n := range each {
		if n > knockEach {
			t.Errorf("%d of %s", n, a)
		}
	}
}
