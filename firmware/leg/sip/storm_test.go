package sip

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// When power comes back, 500 phones of an office that the box sees behind one
// address register at once: all are known within 5 s, by the limits of every box.
func TestStormOfOneAddress(t *testing.T) {
	const phones = 500
	box(t, func(t *testing.T, b *bench) {
		var users []User
		for i := range phones {
			users = append(users, User{Name: fmt.Sprint(1000 + i), Password: "secret"})
		}
		b.e.SetUsers(users)
		began := time.Now()
		done := make(chan time.Duration, phones)
		for i := range phones {
			p := newPhone(t, b.n, fmt.Sprintf("10.0.0.7:%d", 20000+i), fmt.Sprint(1000+i), "secret")
			go func() {
				p.registerPatiently()
				done <- time.Since(began)
			}()
		}
		synctest.Wait()
		var last time.Duration
		for range phones {
			select {
			case d := <-done:
				last = max(last, d)
			case <-time.After(40 * time.Second):
				t.Fatal("not all registered in 40 s")
			}
		}
		if last > 5*time.Second {
			t.Errorf("the last registered after %v", last)
		}
		if bans := b.e.Bans(); len(bans) > 0 {
			t.Errorf("the office is banned: %+v", bans)
		}
	}, func(c *Config) { c.Packets.(*sock).in = make(chan packet, 2*phones); c.Phones = func(Phone) {} })
}

// registerPatiently registers and repeats what is not answered as RFC 3261 asks.
func (p *phone) registerPatiently() {
	to := "<sip:" + p.user + "@10.0.0.1>"
	cred := []string{"Expires: 600"}
	for {
		text := p.request("REGISTER", "sip:10.0.0.1", "r"+p.user, to, cred...)
		p.send(text)
		m, ok := p.next(500 * time.Millisecond)
		for wait := time.Second; !ok && wait < 32*time.Second; wait = min(2*wait, 4*time.Second) {
			p.send(text)
			m, ok = p.next(wait)
		}
		if !ok || m.status() == 200 {
			return
		}
		cred = []string{"Expires: 600", p.credentials(m, "REGISTER", "sip:10.0.0.1", 1)}
	}
}
