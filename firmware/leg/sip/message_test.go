package sip

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// write sends a MESSAGE with credentials.
func (p *phone) write(to, kind, text string) {
	p.t.Helper()
	uri := "sip:" + to + "@10.0.0.1"
	send := func(extra ...string) {
		p.seq++
		m := p.raw("MESSAGE", uri, "msg-"+token(4), "<"+uri+">", p.seq, "z9hG4bK"+token(6), text, extra...)
		p.send(strings.Replace(m, "Content-Type: application/sdp", "Content-Type: "+kind, 1))
	}
	send()
	send(p.credentials(p.expect("401"), "MESSAGE", uri, 1))
}

func TestMessagesBetweenPhones(t *testing.T) {
	var told []Message
	box(t, func(t *testing.T, b *bench) {
		ana := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		bob := newPhone(t, b.n, "10.0.0.6:5060", "202", "other")
		bob.algo = "MD5"
		ana.write("202", "text/plain", "nobody there")
		ana.expect("480")
		bob.register(600)
		ana.write("202", "text/plain;charset=UTF-8", "¿Comemos a las dos?")
		m := bob.expect("MESSAGE")
		if m.body != "¿Comemos a las dos?" || !strings.HasPrefix(m.get("From"), `"Mina" <sip:201@`) || !strings.HasPrefix(m.get("Content-Type"), "text/plain") {
			t.Errorf("%s", m.text)
		}
		bob.respond(m, 200, "OK", "")
		ana.expect("200")

		ana.write("202", "text/plain", "busy?")
		bob.respond(bob.expect("MESSAGE"), 486, "Busy Here", "")
		ana.expect("486")
		ana.write("202", "text/plain", "asleep?")
		begun := time.Now()
		ana.expect("408")
		if d := time.Since(begun); d > 6*time.Second {
			t.Errorf("the sender waited %v", d)
		}
		ana.write("299", "text/plain", "x")
		ana.expect("404")
		ana.write("202", "text/html", "<b>")
		if m := ana.expect("415"); m.get("Accept") != "text/plain" {
			t.Error(m.text)
		}
		ana.write("202", "text/plain", strings.Repeat("x", 1001))
		ana.expect("413")
		mallory := newPhone(t, b.n, "10.0.0.7:5060", "201", "guess")
		mallory.write("202", "text/plain", "x")
		mallory.expect("401")

		b.e.Message(id.Port("sip/202"), "Sol \"y\" Luna", "owner", "from the page")
		for { // what was not answered is sent again
			m = bob.expect("MESSAGE")
			if m.body == "from the page" {
				break
			}
		}
		if !strings.HasPrefix(m.get("From"), `"Sol y Luna" <sip:centralita@`) {
			t.Errorf("%s", m.text)
		}
		bob.respond(m, 202, "Accepted", "")
		synctest.Wait()
		want := []Message{{"201", "", "202", "nobody there", 480}, {"201", "", "202", "¿Comemos a las dos?", 200}, {"201", "", "202", "busy?", 486}, {"201", "", "202", "asleep?", 408}, {"", "owner", "202", "from the page", 202}}
		if len(told) != len(want) {
			t.Fatalf("%+v", told)
		}
		for i, m := range told {
			if m != want[i] {
				t.Errorf("%d: %+v, want %+v", i, m, want[i])
			}
		}
	}, func(c *Config) { c.Messages = func(m Message) { told = append(told, m) } })
}

func TestIntercomAsksThePhoneToAnswer(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.register(600)
		l, _ := b.e.Make("sip/201")
		l.Ring(leg.Caller{Number: "202", Auto: true, Pattern: leg.RingInternal})
		m := p.expect("INVITE")
		if m.get("Answer-Mode") != "Auto" || !strings.Contains(m.get("Call-Info"), "answer-after=0") || !strings.Contains(m.get("Alert-Info"), "alert-autoanswer") {
			t.Errorf("%s", m.text)
		}
		p.respond(m, 486, "Busy", "")
		p.expect("ACK")
		b.ended(leg.Busy)
	})
}
