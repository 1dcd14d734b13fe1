package e2e

import (
	"encoding/json"
	"testing"
	"time"
)

// telephone is what a check reads of a telephone of the town.
type telephone struct {
	OffHook  bool `json:"off_hook"`
	Ringing  bool
	Reversed bool
	Dialling bool
	Cadence  []int `json:"cadence_ms"`
	Lamp     bool  `json:"message_lamp"`
	Shown    struct {
		Number, Name, Reason, Error string
		InTalk                      bool `json:"in_talk"`
	}
	Hears struct{ Sound string }
}

func (b *box) telephone(name string) (found telephone) {
	b.t.Helper()
	var state struct{ Handsets []json.RawMessage }
	b.must("GET", "/bench/state", nil, &state)
	for _, raw := range state.Handsets {
		var is struct{ Name string }
		if json.Unmarshal(raw, &is) == nil && is.Name == name {
			if err := json.Unmarshal(raw, &found); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	return found
}

// sees waits until a telephone is as it should be.
func (b *box) sees(name, what string, limit time.Duration, is func(telephone) bool) {
	b.t.Helper()
	until(b.t, limit, name+": "+what, func() (any, bool) {
		h := b.telephone(name)
		return h, is(h)
	})
}

func (b *box) do(name, what string, body map[string]any) {
	b.t.Helper()
	if body == nil {
		body = map[string]any{}
	}
	b.wish("handset/"+name+"/"+what, body)
}

// TestHandsets is an office on telephones of every kind: one dials by pulses,
// each is told in its own way who calls, inside calls ring otherwise than those
// from outside, a second caller is shown in a talk, and messages are shown.
func TestHandsets(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/handsets.yaml", "--rtp", "20600-20699")
	b.signIn()

	// 101 has a dial and calls 102, which rings twice in a burst.
	b.do("fxs1", "lift", nil)
	b.do("fxs1", "dial", map[string]any{"digits": "102", "pulse": true, "wait_dial_tone": true})
	b.sees("fxs2", "shows 101 before it rings", 30*time.Second, func(h telephone) bool {
		return h.Shown.Number == "101" && h.Shown.Name == "Recepcion" && len(h.Cadence) == 0
	})
	b.sees("fxs2", "rings as for a call from inside", 20*time.Second, func(h telephone) bool {
		return len(h.Cadence) >= 3 && near(h.Cadence[0], 400) && near(h.Cadence[1], 200) && near(h.Cadence[2], 400)
	})
	b.do("fxs2", "lift", nil)
	until(t, 5*time.Second, "101 talks to 102", func() (any, bool) {
		c, ok := b.live("101")
		return c, ok && c.State == "talking" && c.Station == "102"
	})

	// 103 calls 101, which is in its talk.
	b.do("fxs3", "lift", nil)
	b.do("fxs3", "dial", map[string]any{"digits": "101", "wait_dial_tone": true})
	b.sees("fxs1", "shows the second caller", 30*time.Second, func(h telephone) bool {
		return h.Shown.InTalk && h.Shown.Number == "103" && h.Shown.Name == "Almacen" && h.Shown.Error == ""
	})
	b.do("fxs3", "hangup", nil)
	b.do("fxs1", "hangup", nil)
	b.sees("fxs2", "hears that 101 has gone", 5*time.Second, func(h telephone) bool { return h.Hears.Sound == "busy" })
	b.do("fxs2", "hangup", nil)

	// A caller from outside withholds the number; 102 rings as the exchange does.
	b.wish("line/fxo1/call", map[string]any{"number": "912345678", "withheld": "P", "country": "ES", "caller_id": "fsk-after-ring", "ring_for_s": 40})
	b.sees("fxs2", "shows that the number is withheld", 30*time.Second, func(h telephone) bool { return h.Shown.Reason == "P" && h.Shown.Number == "" })
	b.sees("fxs2", "rings as from outside", 20*time.Second, func(h telephone) bool { return len(h.Cadence) >= 1 && near(h.Cadence[0], 1500) })
	b.wish("line/fxo1/hangup", map[string]any{})
	b.sees("fxs2", "stops ringing", 20*time.Second, func(h telephone) bool { return !h.Ringing })

	// Reception says that two messages wait for 102.
	b.must("POST", "/api/v1/station/messages", map[string]any{"station": "102", "count": 2}, nil)
	b.sees("fxs2", "shows messages", 10*time.Second, func(h telephone) bool { return h.Lamp && h.Reversed })
	b.must("POST", "/api/v1/station/messages", map[string]any{"station": "102", "count": 0}, nil)
	b.sees("fxs2", "shows none", 10*time.Second, func(h telephone) bool { return !h.Lamp && !h.Reversed })
}

// near allows for the 10 ms steps of the town.
func near(ms, want int) bool { return ms >= want-30 && ms <= want+30 }
