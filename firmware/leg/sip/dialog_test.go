package sip

import (
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"
)

// answeredCall is a call of 201 that was answered.
func answeredCall(b *bench) (*phone, *call, leg.Leg) {
	b.t.Helper()
	p := newPhone(b.t, b.n, "10.0.0.5:5060", "201", "secret")
	c := p.dial("600", p.sdp)
	w := b.hears(leg.Offered)
	w.l.Answer()
	c.ack(c.expect("200"))
	b.hears(leg.Answered)
	return p, c, w.l
}

func TestLostAckEndsTheCall(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("600", p.sdp)
		w := b.hears(leg.Offered)
		w.l.Answer()
		b.hears(leg.Answered)
		begun, times := time.Now(), 0
		for {
			m, ok := p.next(10 * time.Second)
			if !ok {
				t.Fatal("no BYE")
			}
			if m.status() == 200 {
				c.to = m.get("To")
				times++
			}
			if m.method() == "BYE" {
				p.respond(m, 200, "OK", "")
				break
			}
		}
		if d := time.Since(begun); times < 8 || d < 31*time.Second || d > 36*time.Second {
			t.Errorf("%d times 200, BYE after %v", times, d)
		}
		b.ended(leg.Timeout)
	})
}

func TestHoldAndResume(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, c, l := answeredCall(b)
		for _, step := range []struct{ offer, answer string }{
			{"a=sendonly\r\n", "a=recvonly"}, {"a=inactive\r\n", "a=inactive"}, {"a=sendrecv\r\n", "a=sendrecv"},
		} {
			c.in("INVITE", p.sdp+step.offer)
			m := p.expect("200")
			if !strings.Contains(m.body, step.answer) {
				t.Errorf("offer %q, answer:\n%s", step.offer, m.body)
			}
			c.seq = p.seq
			c.ack(m)
			synctest.Wait()
		}
		c.in("UPDATE", p.sdp+"a=sendonly\r\n")
		if m := p.expect("200"); !strings.Contains(m.body, "a=recvonly") || m.get("CSeq") == "" {
			t.Errorf("UPDATE: %s", m.text)
		}
		c.in("INVITE", strings.Replace(p.sdp, "RTP/AVP 8 0", "RTP/AVP 18 3", 1))
		m := p.expect("488")
		c.seq = p.seq
		c.ack(m)
		b.hears(leg.Held)
		b.hears(leg.Resumed)
		b.hears(leg.Held)
		b.quiet() // the call goes on
		l.Hangup(leg.Normal)
		p.expect("BYE")
		b.ended(leg.Normal)
	})
}

func TestRequestsOutOfOrderAreRefused(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, c, _ := answeredCall(b)
		p.send(p.raw("INFO", c.uri, c.id, c.to, c.seq, "z9hG4bKlow", ""))
		if m := p.expect("500"); !strings.Contains(m.start, "CSeq") {
			t.Error(m.start)
		}
		c.in("INVITE", p.sdp) // not acknowledged
		p.expect("200")
		c.in("INVITE", p.sdp)
		if m := p.expect("500"); m.get("Retry-After") == "" {
			t.Error(m.text)
		}
		c.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
	})
}

func TestInfoDigits(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, c, _ := answeredCall(b)
		info := func(kind, body string) {
			p.seq++
			text := p.raw("INFO", c.uri, c.id, c.to, p.seq, "z9hG4bK"+token(6), body)
			p.send(strings.Replace(text, "application/sdp", kind, 1))
		}
		info("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n")
		p.expect("200")
		info("application/dtmf", "11")
		p.expect("200")
		info("text/plain", "5")
		p.expect("415")
		for _, want := range "5#" {
			if w := b.hears(leg.Digit); w.r.Digit != byte(want) {
				t.Errorf("digit %c, want %c", w.r.Digit, want)
			}
		}
		c.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
	})
}

func TestLateOfferIsAnsweredInTheAck(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("600", "")
		w := b.hears(leg.Offered)
		w.l.Answer()
		m := c.expect("200")
		if !contains(m.body, "RTP/AVP 8 0 9 101", "a=sendrecv") {
			t.Errorf("offer:\n%s", m.body)
		}
		c.ack(m, p.sdp)
		b.hears(leg.Answered)
		synctest.Wait()
		c.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
	})
}

func TestSessionTimerIsKeptByTheCaller(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("600", p.sdp, "Supported: timer", "Session-Expires: 120")
		w := b.hears(leg.Offered)
		w.l.Answer()
		m := c.expect("200")
		if m.get("Session-Expires") != "120;refresher=uac" {
			t.Fatalf("%s", m.text)
		}
		c.ack(m)
		b.hears(leg.Answered)
		time.Sleep(100 * time.Second)
		c.in("UPDATE", "", "Supported: timer", "Session-Expires: 120;refresher=uac")
		p.expect("200")
		time.Sleep(100 * time.Second)
		b.quiet()
		time.Sleep(25 * time.Second)
		p.expect("BYE")
		b.ended(leg.Timeout)
	})
}

func TestCallerIsRefusedClearly(t *testing.T) {
	t.Run("no codec of ours", func(t *testing.T) {
		box(t, func(t *testing.T, b *bench) {
			p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
			p.dial("600", strings.Replace(p.sdp, "RTP/AVP 8 0", "RTP/AVP 18 3", 1))
			if m := p.expect("488"); !strings.Contains(m.get("Warning"), "G.711") || m.get("Reason") != "Q.850;cause=65" {
				t.Error(m.text)
			}
			if w := b.hears(leg.Offered); w.r.Cause != leg.NoCodec || w.r.To != "600" { // for the call list
				t.Errorf("%+v", w.r)
			}
			b.ended(leg.NoCodec)
		})
	})
	t.Run("wrong password", func(t *testing.T) {
		box(t, func(t *testing.T, b *bench) {
			p := newPhone(t, b.n, "10.0.0.5:5060", "201", "guess")
			p.dial("600", p.sdp)
			p.expect("401")
			b.quiet()
		})
	})
	t.Run("full", func(t *testing.T) {
		box(t, func(t *testing.T, b *bench) {
			_, _, l := answeredCall(b)
			p := newPhone(t, b.n, "10.0.0.6:5060", "202", "other")
			p.algo = "MD5"
			p.dial("600", p.sdp)
			if m := p.expect("503"); m.get("Retry-After") == "" {
				t.Error(m.text)
			}
			if w := b.hears(leg.Offered); w.r.Cause != leg.Congestion || w.r.From != "202" || w.r.To != "600" { // for the call list
				t.Errorf("%+v", w.r)
			}
			b.ended(leg.Congestion)
			l.Hangup(leg.Normal)
			b.ended(leg.Normal)
		}, func(c *Config) { c.Limits.Dialogs = 1 })
	})
	t.Run("by the loop", func(t *testing.T) {
		for cause, status := range map[leg.Cause]string{leg.Busy: "486", leg.UnknownNumber: "404", leg.NoAnswer: "480", leg.Rejected: "603", leg.LoopBreak: "480"} {
			box(t, func(t *testing.T, b *bench) {
				p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
				c := p.dial("999", p.sdp)
				b.hears(leg.Offered).l.Hangup(cause)
				c.ack(p.expect(status))
				b.ended(cause)
			})
		}
	})
}

func TestFirstOfTwoPhonesWins(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		one := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		two := newPhone(t, b.n, "10.0.0.6:5060", "201", "secret")
		two.tag = "two"
		one.register(600)
		two.register(600)
		l, refused := b.e.Make("sip/201")
		if refused != nil {
			t.Fatal(refused.Why)
		}
		l.Ring(leg.Caller{Number: "1"})
		a, c := one.rung(), two.rung()
		one.respond(a.invite, 180, "Ringing", "")
		two.respond(c.invite, 180, "Ringing", "")
		b.hears(leg.Ringing)
		one.respond(a.invite, 200, "OK", one.sdp)
		one.expect("ACK")
		b.hears(leg.Answered)
		cancel := two.expect("CANCEL")
		two.respond(cancel, 200, "OK", "")
		two.respond(c.invite, 200, "OK", two.sdp) // it was lifted at the same moment
		two.expect("ACK")
		two.respond(two.expect("BYE"), 200, "OK", "")
		b.quiet()
		l.Hangup(leg.Normal)
		one.respond(one.expect("BYE"), 200, "OK", "")
		b.ended(leg.Normal)
	})
}

func TestCancelWaitsForTheFirstSign(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.register(600)
		l, _ := b.e.Make("sip/201")
		l.Ring(leg.Caller{Number: "1"})
		c := p.rung()
		l.Hangup(leg.NoAnswer)
		b.ended(leg.NoAnswer)
		if m, ok := p.next(100 * time.Millisecond); ok && m.method() == "CANCEL" {
			t.Fatal("CANCEL before any response")
		}
		p.respond(c.invite, 180, "Ringing", "")
		m := p.expect("CANCEL")
		if m.get("CSeq") != "1 CANCEL" || m.get("Via") != c.invite.get("Via") {
			t.Errorf("%s", m.text)
		}
		p.respond(m, 200, "OK", "")
		p.respond(c.invite, 487, "Request Terminated", "")
		p.expect("ACK")
		b.quiet()
	})
}

func TestRepeatedAndForkedAnswers(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.register(600)
		l, _ := b.e.Make("sip/201")
		l.Ring(leg.Caller{Number: "1"})
		c := p.rung()
		p.respond(c.invite, 200, "OK", p.sdp)
		p.expect("ACK")
		b.hears(leg.Answered)
		p.respond(c.invite, 200, "OK", p.sdp) // our ACK was lost
		p.expect("ACK")
		p.tag = "fork"
		p.respond(c.invite, 200, "OK", p.sdp) // another phone behind the same contact
		if m := p.expect("ACK"); !strings.Contains(m.get("To"), "tag=fork") {
			t.Error(m.get("To"))
		}
		m := p.expect("BYE")
		if !strings.Contains(m.get("To"), "tag=fork") {
			t.Error(m.get("To"))
		}
		p.respond(m, 200, "OK", "")
		b.quiet()
		l.Hangup(leg.Normal)
		p.respond(p.expect("BYE"), 200, "OK", "")
		b.ended(leg.Normal)
	})
}

func TestPhonesRefusals(t *testing.T) {
	for status, cause := range map[int]leg.Cause{486: leg.Busy, 603: leg.Rejected, 404: leg.UnknownNumber, 480: leg.NoAnswer, 503: leg.Congestion} {
		box(t, func(t *testing.T, b *bench) {
			p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
			p.register(600)
			l, _ := b.e.Make("sip/201")
			l.Ring(leg.Caller{Number: "1"})
			p.respond(p.rung().invite, status, "No", "")
			p.expect("ACK")
			b.ended(cause)
		})
	}
}

func TestLossIsRepaired(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.register(600)
		lost := 0
		b.n.mu.Lock()
		b.n.lose = func(_, to netip.AddrPort, _ []byte) bool {
			if to == p.s.addr && lost < 2 {
				lost++
				return true
			}
			return false
		}
		b.n.mu.Unlock()
		begun := time.Now()
		l, _ := b.e.Make("sip/201")
		l.Ring(leg.Caller{Number: "1"})
		c := p.rung()
		if d := time.Since(begun).Round(10 * time.Millisecond); d != 1500*time.Millisecond {
			t.Errorf("third INVITE after %v, want 1.5s", d)
		}
		p.respond(c.invite, 200, "OK", p.sdp)
		p.expect("ACK")
		b.hears(leg.Answered)
		l.Hangup(leg.Normal)
		p.respond(p.expect("BYE"), 200, "OK", "")
		b.ended(leg.Normal)
	})
}

func TestStopEndsCallsWithinThreeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		p, _, _ := answeredCall(b)
		begun := time.Now()
		b.stop()
		if d := time.Since(begun); d > 3*time.Second {
			t.Errorf("stopped after %v", d)
		}
		p.expect("BYE")
		b.ended(leg.BoxStopped)
		if _, refused := b.e.Make("sip/201"); refused == nil {
			t.Error("a leg was made after the stop")
		}
		time.Sleep(time.Minute)
	})
}

func TestFloodIsCut(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		answered := 0
		for range 400 {
			p.send(p.request("OPTIONS", "sip:10.0.0.1", "flood", "<sip:10.0.0.1>"))
			synctest.Wait()
			if _, ok := p.next(0); ok {
				answered++
			}
		}
		if answered < 150 || answered > 250 {
			t.Errorf("%d of 400 at once were answered, want 200: two seconds' worth", answered)
		}
		q := newPhone(t, b.n, "10.0.0.6:5060", "202", "other")
		q.send(q.request("OPTIONS", "sip:10.0.0.1", "other", "<sip:10.0.0.1>"))
		q.expect("200")
	})
}
