package sip

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"
)

// bench is a box in a network of memory with two stations.
type bench struct {
	t    testing.TB
	n    *network
	e    *Endpoint
	told chan word
	news chan Phone
	line chan TrunkState
	stop func()
}

type word struct {
	l leg.Leg
	r leg.Report
}

func newBench(t testing.TB, change ...func(*Config)) *bench {
	t.Helper()
	b := &bench{t: t, n: newNetwork(), told: make(chan word, 256), news: make(chan Phone, 256), line: make(chan TrunkState, 64)}
	cfg := Config{
		Packets: b.n.listen(t, boxAddr), Ports: b.n.ports("10.0.0.1"),
		Told:   func(l leg.Leg, r leg.Report) { b.told <- word{l, r} },
		Phones: func(p Phone) { b.news <- p },
		Trunks: func(s TrunkState) { b.line <- s },
		Log:    slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	for _, c := range change {
		c(&cfg)
	}
	e, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b.e = e
	e.SetUsers([]User{{Name: "201", Password: "secret", DisplayName: "Mina"}, {Name: "202", Password: "other", MD5: true}})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = e.Serve(ctx)
	}()
	synctest.Wait()
	b.stop = func() {
		cancel()
		<-done
	}
	return b
}

// box runs a test inside a bubble of virtual time.
func box(t *testing.T, test func(t *testing.T, b *bench), change ...func(*Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, change...)
		defer func() {
			b.stop()
			time.Sleep(time.Minute) // the library's transactions run out
		}()
		test(t, b)
	})
}

// hears is the next report, which must be of this kind.
func (b *bench) hears(kind leg.ReportKind) word {
	b.t.Helper()
	select {
	case w := <-b.told:
		if w.r.Kind != kind {
			b.t.Fatalf("report %d %q, want %d", w.r.Kind, w.r.Cause, kind)
		}
		return w
	case <-time.After(40 * time.Second):
		b.t.Fatalf("no report, want %d", kind)
		return word{}
	}
}

func (b *bench) ended(want leg.Cause) {
	b.t.Helper()
	if w := b.hears(leg.Ended); w.r.Cause != want {
		b.t.Fatalf("ended as %q (%s), want %q", w.r.Cause, w.r.Text, want)
	}
}

// quiet asserts that nothing more is told.
func (b *bench) quiet() {
	b.t.Helper()
	synctest.Wait()
	select {
	case w := <-b.told:
		b.t.Fatalf("unexpected report %+v", w.r)
	default:
	}
}

func TestPhoneCallsAndHangsUp(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("600", p.sdp)
		w := b.hears(leg.Offered)
		if w.r.Port != "sip/201" || w.r.From != "201" || w.r.Name != "Mina" || w.r.To != "600" {
			t.Fatalf("offered %+v", w.r)
		}
		w.l.Progress(false)
		c.expect("180")
		w.l.Answer()
		m := c.expect("200")
		if !contains(m.body, "m=audio 10000 RTP/AVP 8 101\r\n", "c=IN IP4 10.0.0.1\r\n", "a=sendrecv") {
			t.Fatalf("answer:\n%s", m.body)
		}
		c.ack(m)
		if w := b.hears(leg.Answered); w.r.By != leg.BySIP {
			t.Fatalf("answered %+v", w.r)
		}
		c.in("BYE", "")
		c.expect("200")
		b.ended(leg.Normal)
		b.quiet()
	})
}

// TestEarlySound: a phone hears what is connected to its call before the answer,
// by a description that the answer repeats.
func TestEarlySound(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("0912345678", p.sdp)
		w := b.hears(leg.Offered)
		w.l.Progress(true)
		early := c.expect("183")
		if !contains(early.body, "m=audio 10000 RTP/AVP 8 101\r\n", "a=sendrecv") {
			t.Fatalf("early description:\n%s", early.body)
		}
		w.l.Progress(false) // the exchange's ringback is heard; a 180 would cover it
		w.l.Answer()
		m := c.expect("200")
		if m.body != early.body {
			t.Errorf("the answer differs from the early description:\n%s\n%s", early.body, m.body)
		}
		c.ack(m)
		b.hears(leg.Answered)
		w.l.Hangup(leg.Normal)
		b.ended(leg.Normal)
	})
}

func TestBoxCallsPhone(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		if m := p.register(300); m.status() != 200 {
			t.Fatalf("register: %s", m.start)
		}
		l, refused := b.e.Make("sip/201")
		if refused != nil {
			t.Fatal(refused.Why)
		}
		l.Ring(leg.Caller{Number: "0911222333", Name: "Ana \"la de\" arriba\r\nX: y"})
		c := p.rung()
		if from := c.invite.get("From"); !contains(from, `"Ana la de arribaX: y"`, "<sip:0911222333@10.0.0.1>") {
			t.Fatalf("From: %s", from)
		}
		p.respond(c.invite, 180, "Ringing", "")
		b.hears(leg.Ringing)
		p.respond(c.invite, 200, "OK", p.sdp)
		ack := p.expect("ACK")
		if ack.get("CSeq") != "1 ACK" {
			t.Fatalf("ACK: %s", ack.text)
		}
		b.hears(leg.Answered)
		l.Hangup(leg.Normal)
		bye := p.expect("BYE")
		p.respond(bye, 200, "OK", "")
		b.ended(leg.Normal)
		b.quiet()
	})
}

func TestSilentPhoneIsNotRegistered(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		if _, refused := b.e.Make("sip/201"); refused == nil || refused.Cause != leg.NotRegistered {
			t.Fatalf("refused %+v", refused)
		}
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.register(300)
		_ = p.s.Close()
		l, _ := b.e.Make("sip/201")
		l.Ring(leg.Caller{Number: "1"})
		b.ended(leg.NotRegistered)
	})
}

func TestPortInUse(t *testing.T) {
	n := newNetwork()
	cfg := Config{Listen: "127.0.0.1:0", Ports: n.ports("10.0.0.1"), Told: func(leg.Leg, leg.Report) {}}
	first, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer first.udp.Close()
	defer first.tcp.Close()
	cfg.Listen = first.Addr().String()
	_, err = New(cfg)
	if err == nil || !contains(err.Error(), cfg.Listen, "in use", "choose another") {
		t.Fatalf("error %v", err)
	}
}

func contains(text string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}
