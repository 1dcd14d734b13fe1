package desk_test

import (
	"testing"

	"centralita/firmware/event"
)

// ringing is an office where a caller from outside rings 201.
func TestPickup(t *testing.T) {
	d := refers(t)
	x, _ := d.Offer(1, "trunk/prov", "912000001")
	a := d.LegOn("sip/201")
	d.At(2, &event.LegRinging{Leg: a})
	// 202 dials the code of the group; its phone is answered before it gets the call.
	b, text := d.Offer(3, "sip/202", "*8")
	has(t, text, "Answer leg=")
	has(t, d.At(4, &event.LegAnswered{Leg: b, By: "sip"}), "CallConnected", "Hangup leg=3 cause=answered-elsewhere", "Answer leg=1")
	d.At(5, &event.LegEnded{Leg: a, Cause: "elsewhere"})
	d.At(5, &event.LegAnswered{Leg: x, By: "sip"})
	if c := d.Book.CallOfLeg(x); c == nil || c.Far(x) != b || c.Station != "202" {
		t.Fatalf("the caller speaks with nobody: %+v", c)
	}
	if n := len(d.Book.Calls()); n != 1 {
		t.Errorf("%d calls", n)
	}
}

// TestPickupOf: the extension that is named and no other; nothing where nothing rings;
// what a queue presents is its agent's.
func TestPickupOf(t *testing.T) {
	d := refers(t)
	d.Offer(1, "trunk/prov", "912000001")
	d.At(2, &event.LegRinging{Leg: d.LegOn("sip/201")})
	_, text := d.Offer(3, "sip/202", "**203")
	has(t, text, "CallEnded", "unknown-number")
	b, _ := d.Offer(4, "sip/203", "**201")
	has(t, d.At(5, &event.LegAnswered{Leg: b, By: "sip"}), "CallConnected")
	_, text = d.Offer(6, "sip/202", "*8")
	has(t, text, "CallEnded", "unknown-number")
}

// TestPark: a phone transfers its call to the code, is told that it is done, and
// anybody fetches the call by its place.
func TestPark(t *testing.T) {
	d := refers(t)
	x, a := incoming(d)
	d.At(3, &event.LegHeld{Leg: a, How: "sendonly"})
	has(t, d.At(4, &event.LegReferred{Leg: a, To: "*50"}), "to=park/1", "Transferred leg=3 state=done", "Hangup leg=3")
	d.At(5, &event.LegEnded{Leg: a, Cause: "normal"})
	if c := d.Book.CallOfLeg(x); c == nil || c.Where != "park/1" || c.With != 0 {
		t.Fatalf("%+v", c)
	}
	_, text := d.Offer(6, "sip/203", "*52")
	has(t, text, "CallEnded", "unknown-number")
	b, _ := d.Offer(7, "sip/202", "*51")
	has(t, d.At(8, &event.LegAnswered{Leg: b, By: "sip"}), "CallConnected")
	if c := d.Book.CallOfLeg(x); c == nil || c.Far(x) != b {
		t.Errorf("%+v", c)
	}
}

// TestParkedComesBack: who is left in a place for two minutes comes back.
func TestParkedComesBack(t *testing.T) {
	d := refers(t)
	x, a := incoming(d)
	d.At(3, &event.LegHeld{Leg: a, How: "sendonly"})
	d.At(4, &event.LegReferred{Leg: a, To: "*50"})
	d.At(5, &event.LegEnded{Leg: a, Cause: "normal"})
	hasNot(t, d.At(123, &event.Woke{}), "recall/")
	has(t, d.At(125, &event.Woke{}), "to=recall/201")
	if c := d.Book.CallOfLeg(x); c == nil || c.Where != "recall/201" {
		t.Errorf("%+v", c)
	}
	d.At(126, &event.LegEnded{Leg: x, Cause: "normal"})
	if n := len(d.Book.Calls()); n != 0 {
		t.Errorf("%d calls", n)
	}
}
