package sip

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// subscribe asks with credentials and gives the final response.
func (p *phone) subscribe(resource, event, callID, toTag string, extra ...string) msg {
	p.t.Helper()
	uri, to := "sip:"+resource+"@10.0.0.1", "<sip:"+resource+"@10.0.0.1>"
	if toTag != "" {
		to += ";tag=" + toTag
	}
	extra = append(extra, "Event: "+event)
	p.send(p.request("SUBSCRIBE", uri, callID, to, extra...))
	m := p.response()
	if m.status() == 401 {
		p.send(p.request("SUBSCRIBE", uri, callID, to, append(extra, p.credentials(m, "SUBSCRIBE", uri, 1))...))
		m = p.response()
	}
	return m
}

// response is the next final response.
func (p *phone) response() msg {
	p.t.Helper()
	var passed []string
	for {
		m, ok := p.next(40 * time.Second)
		if !ok {
			p.t.Fatalf("no response, but %q", passed)
		}
		if m.status() >= 200 {
			return m
		}
		passed = append(passed, m.start)
	}
}

// notified is the next NOTIFY, answered.
func (p *phone) notified() msg {
	p.t.Helper()
	n := p.expect("NOTIFY")
	p.respond(n, 200, "OK", "")
	return n
}

// dialogSeen is what a busy lamp reads.
type dialogSeen struct {
	Version int    `xml:"version,attr"`
	State   string `xml:"state,attr"`
	Entity  string `xml:"entity,attr"`
	Dialog  []struct {
		Direction string `xml:"direction,attr"`
		State     string `xml:"state"`
		Remote    struct {
			Identity struct {
				Display string `xml:"display,attr"`
				URI     string `xml:",chardata"`
			} `xml:"identity"`
		} `xml:"remote"`
	} `xml:"dialog"`
}

func lamp(t *testing.T, n msg) dialogSeen {
	t.Helper()
	var d dialogSeen
	if err := xml.Unmarshal([]byte(n.body), &d); err != nil || n.get("Content-Type") != "application/dialog-info+xml" || d.State != "full" || len(d.Dialog) != 1 {
		t.Fatalf("%v: %s", err, n.text)
	}
	return d
}

// TestBusyLamp: a telephone watches an analog extension and is told of each change
// once, in order, until it wants no more.
func TestBusyLamp(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		b.e.ShowStation(leg.StationState{Station: "101", State: "idle"})
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		res := p.subscribe("101", "dialog;id=7", "watch-1", "", "Expires: 600", "Accept: application/dialog-info+xml")
		if res.status() != 200 || res.get("Expires") != "600" || res.get("Contact") == "" {
			t.Fatalf("%s", res.text)
		}
		n := p.notified()
		if d := lamp(t, n); d.Version != 0 || d.Dialog[0].State != "terminated" || d.Entity != "sip:101@10.0.0.1" {
			t.Errorf("at first %+v", d)
		}
		if n.get("Event") != "dialog;id=7" || !strings.HasPrefix(n.get("Subscription-State"), "active;expires=") || param(n.get("From"), "tag") != param(res.get("To"), "tag") {
			t.Errorf("%s", n.text)
		}
		b.e.ShowStation(leg.StationState{Station: "101", State: "ringing", Number: "912345678", Name: `Casa "Lola" <&>`, Incoming: true})
		if d := lamp(t, p.notified()); d.Version != 1 || d.Dialog[0].State != "early" || d.Dialog[0].Direction != "recipient" ||
			d.Dialog[0].Remote.Identity.URI != "sip:912345678@10.0.0.1" || d.Dialog[0].Remote.Identity.Display != "Casa Lola <&>" {
			t.Errorf("ringing %+v", d)
		}
		b.e.ShowStation(leg.StationState{Station: "101", State: "ringing", Number: "912345678", Name: `Casa "Lola" <&>`, Incoming: true})
		b.e.ShowStation(leg.StationState{Station: "102", State: "talking"})
		if m, ok := p.next(time.Minute); ok {
			t.Errorf("told without news: %s", m.text)
		}
		b.e.ShowStation(leg.StationState{Station: "101", State: "talking"})
		if d := lamp(t, p.notified()); d.Version != 2 || d.Dialog[0].State != "confirmed" {
			t.Errorf("talking %+v", d)
		}
		tag := param(res.get("To"), "tag")
		if res := p.subscribe("101", "dialog;id=7", "watch-1", tag, "Expires: 0"); res.status() != 200 {
			t.Fatalf("%s", res.text)
		}
		if n := p.notified(); !strings.HasPrefix(n.get("Subscription-State"), "terminated") {
			t.Errorf("%s", n.text)
		}
		b.e.ShowStation(leg.StationState{Station: "101", State: "idle"})
		if m, ok := p.next(time.Minute); ok {
			t.Errorf("told after its end: %s", m.text)
		}
		if res := p.subscribe("101", "dialog;id=7", "watch-1", tag); res.status() != 481 {
			t.Errorf("renewing what is over: %s", res.text)
		}
	})
}

// TestManyChangesAreOneNotice: what happens while a watcher has not answered is told
// at once afterwards, as it then is.
func TestManyChangesAreOneNotice(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		b.e.ShowStation(leg.StationState{Station: "101", State: "idle"})
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.subscribe("101", "presence", "watch-1", "")
		first := p.expect("NOTIFY")
		for _, s := range []string{"ringing", "talking", "idle", "unreachable"} {
			b.e.ShowStation(leg.StationState{Station: "101", State: s})
		}
		p.respond(first, 200, "OK", "")
		if n := p.notified(); !strings.Contains(n.body, "<basic>closed</basic>") || n.get("Content-Type") != "application/pidf+xml" {
			t.Errorf("%s", n.text)
		}
		if m, ok := p.next(time.Minute); ok {
			t.Errorf("more: %s", m.text)
		}
	})
}

// TestMessageLamp: the own messages only.
func TestMessageLamp(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.subscribe("201", "message-summary", "mail", "")
		if n := p.notified(); !strings.HasPrefix(n.body, "Messages-Waiting: no\r\n") {
			t.Errorf("%s", n.text)
		}
		b.e.MessageWaiting(id.Port("sip/201"), 3)
		if n := p.notified(); !strings.HasPrefix(n.body, "Messages-Waiting: yes\r\n") || !strings.Contains(n.body, "\r\nVoice-Message: 3/0") {
			t.Errorf("%s", n.text)
		}
		b.e.ShowStation(leg.StationState{Station: "101", State: "idle"})
		if res := p.subscribe("101", "message-summary", "spy", ""); res.status() != 403 {
			t.Errorf("another's messages: %s", res.text)
		}
	})
}

// TestSubscriptionsEnd: by their time, with a last word, and when the watcher does not
// answer or says that it knows nothing of it.
func TestSubscriptionsEnd(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		b.e.ShowStation(leg.StationState{Station: "101", State: "idle"})
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		begun := time.Now()
		p.subscribe("101", "dialog", "short", "", "Expires: 60")
		p.notified()
		time.Sleep(59 * time.Second)
		n := p.notified()
		if after := time.Since(begun); n.get("Subscription-State") != "terminated;reason=timeout" || after < 60*time.Second || after > 62*time.Second {
			t.Errorf("after %v: %s", after, n.text)
		}
		p.subscribe("101", "dialog", "gone", "")
		p.respond(p.expect("NOTIFY"), 481, "Gone", "")
		p.subscribe("101", "dialog", "deaf", "")
		p.expect("NOTIFY")
		time.Sleep(10 * time.Second)
		b.e.subs.mu.Lock()
		left := len(b.e.subs.byID) + len(b.e.subs.ofUser)
		b.e.subs.mu.Unlock()
		if left != 0 {
			t.Errorf("%d left", left)
		}
	})
}

func TestSubscriptionsRefused(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		b.e.ShowStation(leg.StationState{Station: "101", State: "idle"})
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		for _, c := range []struct {
			resource, event string
			status          int
			extra           []string
		}{
			{"999", "dialog", 404, nil}, {"101", "weather", 489, nil}, {"101", "dialog", 423, []string{"Expires: 5"}},
			{"101", "dialog", 400, []string{"Expires: soon"}},
		} {
			if res := p.subscribe(c.resource, c.event, "x"+c.event+c.resource, "", c.extra...); res.status() != c.status {
				t.Errorf("%s of %s: %s", c.event, c.resource, res.start)
			}
		}
		stranger := newPhone(t, b.n, "10.0.0.6:5060", "201", "wrong")
		if res := stranger.subscribe("101", "dialog", "y", ""); res.status() != 401 {
			t.Errorf("wrong password: %s", res.start)
		}
		for i := range subscriptionsOfOne + 1 {
			time.Sleep(100 * time.Millisecond) // or the gate takes it for a flood
			res := p.subscribe("101", "dialog", fmt.Sprint("many", i), "")
			if want := 200; i < subscriptionsOfOne && res.status() != want || i == subscriptionsOfOne && res.status() != 503 {
				t.Fatalf("subscription %d: %s", i, res.start)
			}
			if i < subscriptionsOfOne {
				p.notified()
			}
		}
	})
}
