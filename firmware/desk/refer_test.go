package desk_test

import (
	"strings"
	"testing"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

const phones = `
office: {name: Refer, country: ES, time_zone: Europe/Madrid, languages: [es]}
trunks: [{name: prov, server: "203.0.113.1", rings: station/201}]
stations:
  - {extension: "201", sip: {secret: a}}
  - {extension: "202", sip: {secret: b}}
  - {extension: "203", sip: {secret: c}, transfer_outside: true}
  - {extension: "101", handset: fxs1}
queues: [{name: sales, agents: [ana], strategy: longest-idle}]
people: [{name: ana, role: agent, station: "101"}]
dial_plan:
  inside: [{dial: "600", to: queue/sales}]
  outside: [{prefix: "0", through: [trunk/prov]}]
`

// refers is an office with three phones there.
func refers(t *testing.T) *paper.Drive {
	d := paper.NewDrive(phones, t.Fatalf)
	for _, s := range []id.Station{"201", "202", "203"} {
		d.At(0, &event.PhoneChanged{Station: s, Registered: true})
	}
	d.At(0, &event.TrunkChanged{Trunk: "prov", Up: true})
	return d
}

// incoming is a call from outside that 201 has answered: the caller's leg and the
// phone's.
func incoming(d *paper.Drive) (x, a id.Leg) {
	x, _ = d.Offer(1, "trunk/prov", "912000001")
	a = d.LegOn("sip/201")
	d.At(2, &event.LegAnswered{Leg: a, By: "sip"})
	d.At(2, &event.LegAnswered{Leg: x, By: "sip"})
	return x, a
}

func has(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, w := range wants {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in:\n%s", w, text)
		}
	}
}

func hasNot(t *testing.T, text string, not ...string) {
	t.Helper()
	for _, w := range not {
		if strings.Contains(text, w) {
			t.Errorf("%q in:\n%s", w, text)
		}
	}
}

func TestBlindReferIsDoneWhenAnswered(t *testing.T) {
	d := refers(t)
	x, a := incoming(d)
	has(t, d.At(3, &event.LegHeld{Leg: a, How: "sendonly"}), "CallHeld", "Play leg=1 ")
	has(t, d.At(4, &event.LegReferred{Leg: a, To: "202"}), "CallBegan", "LegBegan")
	b := d.LegOn("sip/202")
	has(t, d.At(5, &event.LegRinging{Leg: b}), "Transferred leg=3 state=ringing")
	text := d.At(6, &event.LegAnswered{Leg: b, By: "sip"})
	has(t, text, "CallTransferred", "how=attended", "Transferred leg=3 state=done", "Hangup leg=3")
	if strings.Index(text, "state=done") > strings.Index(text, "Hangup leg=3") {
		t.Error("the phone is hung up before it hears that it is done")
	}
	d.At(7, &event.LegEnded{Leg: a, Cause: "normal"})
	if c := d.Book.CallOfLeg(x); c == nil || c.Far(x) != b {
		t.Errorf("the caller speaks with nobody: %+v", c)
	}
	d.At(8, &event.LegEnded{Leg: x, Cause: "normal"})
	d.At(9, &event.LegEnded{Leg: b, Cause: "normal"})
	if n := len(d.Book.Calls()); n != 0 {
		t.Errorf("%d calls left", n)
	}
}

func TestBlindReferThatFailsComesBackToThePhone(t *testing.T) {
	for _, held := range []bool{true, false} {
		d := refers(t)
		x, a := incoming(d)
		if held {
			d.At(3, &event.LegHeld{Leg: a, How: "inactive"})
		}
		d.At(4, &event.LegReferred{Leg: a, To: "202"})
		text := d.At(6, &event.LegEnded{Leg: d.LegOn("sip/202"), Cause: "busy"})
		has(t, text, "Transferred leg=3 state=failed cause=busy")
		if c := d.Book.CallOfLeg(x); c == nil || c.Far(x) != a || c.Held() != held {
			t.Errorf("held %v: the call is lost: %+v", held, c)
		}
		if held {
			has(t, d.At(8, &event.LegResumed{Leg: a}), "CallResumed", "Connect a=1 b=3")
		}
	}
	d := refers(t)
	_, a := incoming(d)
	has(t, d.At(4, &event.LegReferred{Leg: a, To: "299"}), "state=failed cause=unknown-number")
	has(t, d.At(5, &event.LegReferred{Leg: a, To: ""}), "state=failed cause=unknown-number")
}

// A phone that hangs up right behind its REFER leaves the other one ringing; when
// nobody answers there, the call comes back to it.
func TestBlindReferAndGone(t *testing.T) {
	d := refers(t)
	x, a := incoming(d)
	d.At(3, &event.LegHeld{Leg: a, How: "sendonly"})
	d.At(4, &event.LegReferred{Leg: a, To: "202"})
	b := d.LegOn("sip/202")
	has(t, d.At(4.1, &event.LegEnded{Leg: a, Cause: "normal"}), "how=ringing")
	d.At(5, &event.LegRinging{Leg: b})
	has(t, d.At(9, &event.LegEnded{Leg: b, Cause: "no-answer"}), "to=recall/201")
	has(t, d.At(11, &event.Woke{}), "LegBegan", "port=sip/201")
	d.At(12, &event.LegAnswered{Leg: d.LegOn("sip/201"), By: "sip"})
	if c := d.Book.CallOfLeg(x); c == nil || c.Far(x) == 0 {
		t.Error("the caller was lost")
	}
}

func TestReferToAQueueIsDoneAtOnce(t *testing.T) {
	d := refers(t)
	x, a := incoming(d)
	d.At(3, &event.LegHeld{Leg: a, How: "sendonly"})
	has(t, d.At(4, &event.LegReferred{Leg: a, To: "600"}), "Transferred leg=3 state=done", "Hangup leg=3", "how=blind")
	if c := d.Book.CallOfLeg(x); c == nil || c.Where != "queue/sales" {
		t.Errorf("%+v", c)
	}
}

func TestReferTowardsTheOutsideNeedsTheRight(t *testing.T) {
	d := refers(t)
	_, a := incoming(d)
	text := d.At(4, &event.LegReferred{Leg: a, To: "0600111222"})
	has(t, text, "state=failed cause=forbidden")
	hasNot(t, text, "state=done")
}

// attended is a caller held by 201, which talks to 202 in a second dialog.
func attended(d *paper.Drive) (x, a, b, y id.Leg) {
	x, a = incoming(d)
	d.At(3, &event.LegHeld{Leg: a, How: "sendonly"})
	b, _ = d.Offer(4, "sip/201", "202")
	y = d.LegOn("sip/202")
	d.At(5, &event.LegRinging{Leg: y})
	return x, a, b, y
}

func TestAttendedRefer(t *testing.T) {
	for _, from := range []string{"first", "second"} {
		d := refers(t)
		x, a, b, y := attended(d)
		d.At(6, &event.LegAnswered{Leg: y, By: "sip"})
		d.At(6, &event.LegAnswered{Leg: b, By: "sip"})
		by, with := a, b
		if from == "second" {
			by, with = b, a
		}
		has(t, d.At(7, &event.LegReferred{Leg: by, With: with}), "how=attended", "state=done", "Hangup")
		c := d.Book.CallOfLeg(x)
		if c == nil || c.Far(x) != y || c.Held() || !d.Book.Speaks(y, c) {
			t.Errorf("%s: %+v", from, c)
		}
		d.At(8, &event.LegEnded{Leg: a, Cause: "normal"})
		d.At(8, &event.LegEnded{Leg: b, Cause: "normal"})
		if c := d.Book.CallOfLeg(x); c == nil || c.Far(x) != y {
			t.Errorf("%s: the call ended with the phone's legs", from)
		}
	}
}

func TestAttendedReferWhileItRings(t *testing.T) {
	d := refers(t)
	x, a, b, y := attended(d)
	has(t, d.At(7, &event.LegReferred{Leg: a, With: b}), "how=ringing", "state=done")
	d.At(8, &event.LegEnded{Leg: a, Cause: "normal"})
	d.At(8, &event.LegEnded{Leg: b, Cause: "normal"})
	d.At(9, &event.LegAnswered{Leg: y, By: "sip"})
	if c := d.Book.CallOfLeg(x); c == nil || c.Far(x) != y {
		t.Errorf("%+v", c)
	}
}

func TestReferWithAStrangersLegIsRefused(t *testing.T) {
	d := refers(t)
	_, a := incoming(d)
	b, _ := d.Offer(4, "sip/202", "203")
	y := d.LegOn("sip/203")
	d.At(5, &event.LegAnswered{Leg: y, By: "sip"})
	d.At(5, &event.LegAnswered{Leg: b, By: "sip"})
	has(t, d.At(6, &event.LegReferred{Leg: a, With: b}), "state=failed cause=forbidden")
	has(t, d.At(6, &event.LegReferred{Leg: a, With: 999}), "state=failed cause=unknown-number")
}

// A provider that may ask sends a caller to a station, and nowhere else.
func TestReferByAProvider(t *testing.T) {
	d := refers(t)
	b, _ := d.Offer(1, "sip/202", "0600111222")
	x := d.LegOn("trunk/prov")
	d.At(2, &event.LegAnswered{Leg: x, By: "sip"})
	d.At(2, &event.LegAnswered{Leg: b, By: "sip"})
	has(t, d.At(3, &event.LegReferred{Leg: x, To: "0906"}), "state=failed cause=unknown-number")
	has(t, d.At(4, &event.LegReferred{Leg: x, To: "201"}), "state=done", "to=station/201")
	d.At(5, &event.LegEnded{Leg: x, Cause: "normal"})
	d.At(6, &event.LegAnswered{Leg: d.LegOn("sip/201"), By: "sip"})
	if c := d.Book.CallOfLeg(b); c == nil || c.Far(b) != d.LegOn("sip/201") {
		t.Errorf("%+v", c)
	}
}

// Whoever holds by its own keys and hangs up ends the call; the handset's rule, that
// a call on hold rings again, is not for phones that can end one.
func TestHoldByTheWire(t *testing.T) {
	d := refers(t)
	x, a := incoming(d)
	for i := range 3 {
		at := float64(3 + 2*i)
		has(t, d.At(at, &event.LegHeld{Leg: a, How: "zero"}), "CallHeld", "Disconnect a=1 b=3", "Play leg=1 ")
		hasNot(t, d.At(at, &event.LegHeld{Leg: a, How: "zero"}), "CallHeld")
		has(t, d.At(at+1, &event.LegResumed{Leg: a}), "CallResumed", "Connect a=1 b=3", "Stop leg=1")
	}
	hasNot(t, d.At(10, &event.LegHeld{Leg: x, How: "sendonly"}), "CallHeld") // the provider's own music
	d.At(11, &event.LegResumed{Leg: x})
	has(t, d.At(12, &event.LegHeld{Leg: x, How: "inactive"}), "CallHeld", "Play leg=3 ")
	d.At(13, &event.LegResumed{Leg: x})
	d.At(14, &event.LegHeld{Leg: a, How: "inactive"})
	has(t, d.At(15, &event.LegEnded{Leg: a, Cause: "normal"}), "CallEnded")
}

// An INVITE with Replaces moves a talk to another phone of the station, or takes a
// call that rings elsewhere.
func TestReplaces(t *testing.T) {
	d := refers(t)
	x, a := incoming(d)
	n := id.Leg(d.Core.Number())
	has(t, d.At(3, &event.LegOffered{Leg: n, Port: "sip/201", Replaces: a}), "Answer leg=")
	has(t, d.At(4, &event.LegAnswered{Leg: n, By: "sip"}), "how=attended", "Hangup leg=3")
	d.At(5, &event.LegEnded{Leg: a, Cause: "normal"})
	if c := d.Book.CallOfLeg(x); c == nil || c.Far(x) != n {
		t.Fatalf("%+v", c)
	}
	stranger := id.Leg(d.Core.Number())
	has(t, d.At(6, &event.LegOffered{Leg: stranger, Port: "sip/202", Replaces: n}), "CallEnded", "cause=forbidden")
	d.At(7, &event.LegEnded{Leg: stranger, Cause: "forbidden"})

	d = refers(t)
	x, _ = d.Offer(1, "trunk/prov", "912000001")
	a = d.LegOn("sip/201")
	d.At(2, &event.LegRinging{Leg: a})
	n = id.Leg(d.Core.Number())
	has(t, d.At(3, &event.LegOffered{Leg: n, Port: "sip/202", Replaces: a}), "Answer leg=")
	has(t, d.At(4, &event.LegAnswered{Leg: n, By: "sip"}), "CallConnected", "Hangup leg=3")
	d.At(5, &event.LegEnded{Leg: a, Cause: "cancelled"})
	if c := d.Book.CallOfLeg(x); c == nil || c.With != n {
		t.Fatalf("%+v", c)
	}
	d.At(6, &event.LegEnded{Leg: n, Cause: "normal"})
	if len(d.Book.Calls()) != 0 {
		t.Error("calls left")
	}
}
