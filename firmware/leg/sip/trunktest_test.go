package sip

import (
	"strings"
	"testing"
	"time"
)

// A test of a trunk asks its servers anew and says of each how it does, whether we are
// registered and what sound is shared.
func TestTestOfATrunk(t *testing.T) {
	var found chan TrunkTest
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.8:5060", "prov", "")
		k := provider()
		k.More = []string{"10.0.0.9:5060"}
		k.NoProbe = true
		b.e.SetTrunks([]Trunk{k})
		signOn(t, b, p)
		b.e.TestTrunk("prov")
		b.e.TestTrunk("prov") // one at a time
		p.respond(p.expect("OPTIONS"), 200, "OK", p.sdp)
		said := func() string {
			var lines []string
			for _, s := range (<-found).Steps {
				word := "good"
				if !s.Good {
					word = s.Code
				}
				lines = append(lines, s.Step+" "+word+" "+s.Text)
			}
			return strings.Join(lines, "; ")
		}
		want := "name good 10.0.0.8:5060, 10.0.0.9:5060; server good 10.0.0.8:5060 200 OK; server silent 10.0.0.9:5060 ; register good acc@voice.example; codecs good PCMA · PCMA PCMU"
		if got := said(); got != want {
			t.Errorf("%s", got)
		}
		b.e.TestTrunk("nobody")
		if got := said(); got != "name removed " {
			t.Errorf("%s", got)
		}
		time.Sleep(time.Minute)
		if len(found) != 0 {
			t.Error("a second test was told")
		}
	}, func(c *Config) {
		found = make(chan TrunkTest, 1) // of the bubble
		c.Tested = func(r TrunkTest) { found <- r }
	})
}
