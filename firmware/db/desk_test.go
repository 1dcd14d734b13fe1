package db

import (
	"slices"
	"testing"

	"centralita/firmware/event"
	"centralita/firmware/id"
)

// A customer is held, a colleague asked, and the customer handed over: both calls
// tell it, the customer's has the colleague's station, and what a leg does is told
// of the call that it is in at that time.
func TestTransferIsTold(t *testing.T) {
	o := newOffice(t)
	o.say(
		&event.BoxStarted{Version: "1"},
		&event.CallBegan{Call: 2, Leg: 1, Port: "fxo1", Direction: "in", From: "612345678"},
		&event.LegBegan{Leg: 3, Call: 2, Port: "fxs1"},
		&event.CallConnected{Call: 2, Leg: 3, Port: "fxs1", Station: "101", Agent: "mina", WaitMS: 7000},
		&event.CallHeld{Call: 2, By: 3},
		&event.CallBegan{Call: 4, Leg: 3, Port: "fxs1", Direction: "inside", From: "101"},
		&event.DigitPressed{Leg: 3, Digit: "1"},
		&event.LegBegan{Leg: 5, Call: 4, Port: "fxs2"},
		&event.CallConnected{Call: 4, Leg: 5, Port: "fxs2", Station: "102"},
		&event.CallHeld{Call: 4, By: 3},
		&event.CallResumed{Call: 2, By: 3},
		&event.DigitPressed{Leg: 3, Digit: "2"},
		&event.ConferenceBegan{Call: 2, Other: 4, By: 3},
		&event.LegEnded{Leg: 3, Cause: "normal"},
		&event.ConferenceEnded{Call: 2, Other: 4, By: 3, Why: "left"},
		&event.CallTransferred{Call: 2, Via: 4, By: 3, Station: "101", How: "attended", Leg: 5, Port: "fxs2", Taken: "102"},
		&event.CallEnded{Call: 4, Cause: "normal", By: 3, TalkMS: 9000},
		&event.DigitPressed{Leg: 5, Digit: "7"},
		&event.CallEnded{Call: 2, Cause: "loop-break", By: 1, TalkMS: 62_000, WaitMS: 7000, HeldMS: 12_000},
	)
	o.fold()
	kinds := func(n id.Call) (call Call, list []string) {
		call, story, found, err := o.db.Story(t.Context(), n)
		if err != nil || !found {
			t.Fatal(n, found, err)
		}
		for _, e := range story {
			k := e.Kind
			if d, ok := e.Body.(*event.DigitPressed); ok {
				k += d.Digit
			}
			list = append(list, k)
		}
		return call, list
	}
	c, list := kinds(2)
	if c.Station != "102" || c.Agent != "mina" || c.HeldMS != 12_000 || c.TalkMS != 62_000 {
		t.Errorf("the customer's call: %+v", c)
	}
	want := []string{"CallBegan", "LegBegan", "CallConnected", "CallHeld", "CallResumed", "DigitPressed2", "ConferenceBegan", "LegEnded",
		"ConferenceEnded", "CallTransferred", "DigitPressed7", "CallEnded"}
	if !slices.Equal(list, want) {
		t.Errorf("the customer's story: %v", list)
	}
	_, list = kinds(4)
	want = []string{"CallBegan", "DigitPressed1", "LegBegan", "CallConnected", "CallHeld", "ConferenceBegan", "ConferenceEnded", "CallTransferred", "CallEnded"}
	if !slices.Equal(list, want) {
		t.Errorf("the other story: %v", list)
	}
}
