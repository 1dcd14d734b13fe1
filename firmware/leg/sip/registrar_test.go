package sip

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func (b *bench) phoneNews(gone bool) Phone {
	b.t.Helper()
	select {
	case p := <-b.news:
		if p.Gone != gone {
			b.t.Fatalf("news %+v", p)
		}
		return p
	case <-time.After(2 * time.Hour):
		b.t.Fatal("no news of a phone")
		return Phone{}
	}
}

func TestRegistrationsComeAndGo(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		begun := time.Now()
		m := p.register(600)
		var left int
		if _, err := fmt.Sscanf(param(m.get("Contact"), "expires"), "%d", &left); err != nil || left < 540 || left > 600 {
			t.Fatalf("granted %q", m.get("Contact"))
		}
		if n := b.phoneNews(false); n.User != "201" || n.Contact != "sip:201@10.0.0.5:5060" || n.Source != "UDP 10.0.0.5:5060" {
			t.Fatalf("%+v", n)
		}
		b.phoneNews(true)
		if d := time.Since(begun); d < time.Duration(left)*time.Second || d > time.Duration(left+2)*time.Second {
			t.Fatalf("gone after %v of %d s", d, left)
		}
		p.register(600)
		b.phoneNews(false)
		if m := p.register(0); m.status() != 200 || m.get("Contact") != "" {
			t.Fatalf("leaving: %s", m.text)
		}
		b.phoneNews(true)
	})
}

func TestRegistrarRefuses(t *testing.T) {
	to := "<sip:201@10.0.0.1>"
	ask := func(p *phone, contact string, expires string, extra ...string) msg {
		text := p.request("REGISTER", "sip:10.0.0.1", "r", to, append(extra, expires)...)
		old := fmt.Sprintf("Contact: <sip:%s@%s>\r\n", p.user, p.s.addr)
		p.send(strings.Replace(text, old, contact, 1))
		m, ok := p.next(time.Second)
		if !ok {
			p.t.Fatal("no answer")
		}
		return m
	}
	full := func(p *phone, contact, expires string) msg {
		p.t.Helper()
		m := ask(p, contact, expires)
		return ask(p, contact, expires, p.credentials(m, "REGISTER", "sip:10.0.0.1", 1))
	}
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		if m := full(p, "Contact: <sip:1@10.0.0.5>\r\n", "Expires: 5"); m.status() != 423 || m.get("Min-Expires") != "60" {
			t.Errorf("too short: %s", m.text)
		}
		if m := full(p, "Contact: *\r\n", "Expires: 60"); m.status() != 400 {
			t.Errorf("star that is no leave: %s", m.start)
		}
		if m := full(p, "Contact: <tel:5>\r\n", "Expires: 60"); m.status() != 400 {
			t.Errorf("telephone number as contact: %s", m.start)
		}
		if m := full(p, "Contact: <sip:a@10.0.0.5?Route=x>\r\n", "Expires: 60"); m.status() != 400 {
			t.Errorf("contact with headers: %s", m.start)
		}
		for i := range contactsMax {
			if m := full(p, fmt.Sprintf("Contact: <sip:%d@10.0.0.5>\r\n", i), "Expires: 600"); m.status() != 200 || len(m.head["contact"]) != i+1 {
				t.Fatalf("contact %d: %s", i, m.text)
			}
		}
		if m := full(p, "Contact: <sip:more@10.0.0.5>\r\n", "Expires: 600"); m.status() != 403 {
			t.Errorf("eleventh contact: %s", m.start)
		}
		if m := full(p, "Contact: *\r\n", "Expires: 0"); m.status() != 200 || len(m.head["contact"]) != 0 {
			t.Errorf("leaving with all: %s", m.text)
		}
		q := newPhone(t, b.n, "10.0.0.6:5060", "202", "other")
		q.algo = "MD5"
		if m := full(q, "Contact: <sip:202@10.0.0.6>\r\n", "Expires: 600"); m.status() != 403 {
			t.Errorf("202 registers for 201: %s", m.start)
		}
	})
}

func TestStrangersLearnNothing(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		answer := func(addr, user, pass string) msg {
			p := newPhone(t, b.n, addr, user, pass)
			p.send(p.request("REGISTER", "sip:10.0.0.1", "r", "<sip:x@10.0.0.1>", "Expires: 60"))
			m := p.expect("401")
			p.algo = param(strings.ReplaceAll(m.get("WWW-Authenticate"), ",", ";"), "algorithm")
			p.send(p.request("REGISTER", "sip:10.0.0.1", "r", "<sip:x@10.0.0.1>", "Expires: 60", p.credentials(m, "REGISTER", "sip:10.0.0.1", 1)))
			return p.expect("401")
		}
		wrong, nobody := answer("10.0.0.5:5060", "201", "guess"), answer("10.0.0.6:5060", "nobody", "guess")
		if wrong.start != nobody.start || len(wrong.head) != len(nobody.head) {
			t.Errorf("a wrong password is told from an unknown user:\n%s\n%s", wrong.text, nobody.text)
		}
	})
}

func TestNonceIsUsedOnceAndGrowsOld(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		ask := func(extra ...string) msg {
			p.send(p.request("REGISTER", "sip:10.0.0.1", "r", "<sip:201@10.0.0.1>", append(extra, "Expires: 60")...))
			m, _ := p.next(time.Second)
			return m
		}
		first := ask()
		if m := ask(p.credentials(first, "REGISTER", "sip:10.0.0.1", 1)); m.status() != 200 {
			t.Fatal(m.start)
		}
		replayed := ask(p.credentials(first, "REGISTER", "sip:10.0.0.1", 1))
		if replayed.status() != 401 || !strings.Contains(replayed.get("WWW-Authenticate"), "stale=true") {
			t.Errorf("the same count again: %s", replayed.text)
		}
		if m := ask(p.credentials(first, "REGISTER", "sip:10.0.0.1", 2)); m.status() != 200 {
			t.Errorf("the next count: %s", m.start)
		}
		time.Sleep(nonceLife + time.Second)
		old := ask(p.credentials(first, "REGISTER", "sip:10.0.0.1", 3))
		if old.status() != 401 || !strings.Contains(old.get("WWW-Authenticate"), "stale=true") {
			t.Errorf("an old nonce: %s", old.text)
		}
		forged := ask(strings.Replace(p.credentials(old, "REGISTER", "sip:10.0.0.1", 1), `nonce="A`, `nonce="B`, 1))
		if forged.status() != 401 || strings.Contains(forged.get("WWW-Authenticate"), "stale") {
			t.Errorf("a forged nonce: %s", forged.text)
		}
	})
}

func TestRemovedUserLosesItsPhones(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.register(600)
		b.phoneNews(false)
		b.e.SetUsers([]User{{Name: "202", Password: "other"}})
		b.phoneNews(true)
	})
}
