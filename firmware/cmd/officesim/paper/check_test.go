package paper

import (
	"strings"
	"testing"

	"centralita/firmware/event"
	"centralita/firmware/order"
)

// A checker that finds nothing proves nothing: each lie has to be found.
func TestCheckerFindsLies(t *testing.T) {
	began := []event.Event{&event.LegOffered{Leg: 1, Port: "fxo1"}, &event.CallBegan{Call: 2, Leg: 1, Port: "fxo1"}}
	queued := append(began[:2:2], &event.CallRouted{Call: 2, To: "queue/q"}, &event.CallQueued{Call: 2, Queue: "q"})
	for name, c := range map[string]struct {
		said   []event.Event
		orders []order.Order
		want   string
	}{
		"a call in the book only by fact": {began, nil, "the book has"},
		"ended twice":                     {append(began[:2:2], &event.CallEnded{Call: 2, Cause: "normal"}, &event.CallEnded{Call: 2, Cause: "normal"}), nil, "ended twice"},
		"never began":                     {[]event.Event{&event.CallEnded{Call: 9, Cause: "normal"}}, nil, "never began"},
		"unknown cause":                   {append(began[:2:2], &event.CallEnded{Call: 2, Cause: "boredom"}), nil, "cause"},
		"talk without connection":         {append(began[:2:2], &event.CallEnded{Call: 2, Cause: "normal", TalkMS: 5}), nil, "durations"},
		"number used twice":               {append(began[:2:2], &event.LegOffered{Leg: 3}, &event.CallBegan{Call: 2, Leg: 3}), nil, "twice"},
		"old leg number":                  {append(began[:2:2], &event.LegBegan{Leg: 1, Call: 5}), nil, "not open"},
		"leg without a call":              {[]event.Event{&event.LegOffered{Leg: 1, Port: "fxo1"}}, nil, "I3"},
		"queued elsewhere":                {append(began[:2:2], &event.CallQueued{Call: 2, Queue: "q"}), nil, "does not stand"},
		"queued twice":                    {append(queued[:4:4], &event.CallQueued{Call: 2, Queue: "q"}), nil, "waits already"},
		"presented to nobody":             {append(queued[:4:4], &event.CallPresented{Call: 2, Queue: "q", Agent: "a"}), nil, "not presented this call"},
		"returned by a stranger":          {append(queued[:4:4], &event.CallReturned{Call: 2, Agent: "b"}), nil, "was not presented"},
		"connected while waiting":         {append(queued[:4:4], &event.CallConnected{Call: 2, Leg: 1}), nil, "still waits"},
		"recorded before the talk":        {append(began[:2:2], &event.RecordingBegan{Call: 2}), nil, "no talk"},
		"busy with nothing":               {[]event.Event{&event.AgentChanged{Agent: "a", State: "talking", Call: 7}}, nil, "I2"},
		"unknown cause ordered":           {nil, []order.Order{order.Hangup{Leg: 1, Cause: "boredom"}}, "cause"},
	} {
		var k Checker
		err := k.Check(New(), c.said, c.orders)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: found %v, want %q", name, err, c.want)
		}
	}
}

// Being overtaken is found: the second caller is presented while the first waits.
func TestCheckerFindsOvertaking(t *testing.T) {
	var k Checker
	said := []event.Event{
		&event.LegOffered{Leg: 1, Port: "fxo1"}, &event.CallBegan{Call: 2, Leg: 1}, &event.CallRouted{Call: 2, To: "queue/q"}, &event.CallQueued{Call: 2, Queue: "q"},
		&event.LegOffered{Leg: 3, Port: "fxo2"}, &event.CallBegan{Call: 4, Leg: 3}, &event.CallRouted{Call: 4, To: "queue/q"}, &event.CallQueued{Call: 4, Queue: "q"},
		&event.AgentChanged{Agent: "a", State: "presented", Call: 4}, &event.CallPresented{Call: 4, Queue: "q", Agent: "a"},
	}
	if err := k.Check(New(), said, nil); err == nil || !strings.Contains(err.Error(), "waits longer") {
		t.Errorf("found %v", err)
	}
}
