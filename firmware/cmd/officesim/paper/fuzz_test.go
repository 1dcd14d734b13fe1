package paper

import (
	"math/rand/v2"
	"os"
	"testing"

	"centralita/firmware/acd"
	"centralita/firmware/core"
	"centralita/firmware/desk"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/station"
)

// Any sequence of facts, sensible or not, late, doubled or of legs that never
// were, keeps the invariants, and a twin that only read the journal stays deeply
// equal after each step.
func FuzzSequences(f *testing.F) {
	office, err := os.ReadFile("testdata/office.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{0, 0, 10, 3, 1, 10, 4, 11, 50, 1, 2, 1, 0, 3, 20, 2, 0, 40, 3, 7, 5, 9, 1, 200, 12, 0, 3})
	f.Add([]byte{7, 1, 1, 0, 0, 1, 1, 2, 1, 4, 31, 2, 4, 31, 3, 4, 32, 1, 3, 3, 200, 9, 0, 250, 13, 0, 1, 5, 2, 9})
	f.Add([]byte{0, 2, 1, 0, 3, 2, 3, 1, 5, 0, 0, 9, 0, 1, 3, 8, 1, 1, 6, 2, 200, 11, 3, 7, 10, 2, 1, 2, 6, 30, 5, 1, 90})
	f.Fuzz(func(t *testing.T, script []byte) {
		if len(script) > 600 {
			return // two hundred steps say enough
		}
		z := &fuzzer{t: t, box: New(), twin: New()}
		z.step(&event.SettingsCommitted{Rev: 1, Doc: office})
		z.step(&event.BoxStarted{})
		for ; len(script) >= 3; script = script[3:] {
			z.do(script[0], script[1], int64(script[2]))
		}
	})
}

type fuzzer struct {
	t         *testing.T
	box, twin *Box
	check     Checker
	at        int64
}

var fuzzPorts = []id.Port{"fxo1", "fxo2", "fxs1", "fxs2", "sip/201", "sip/202", "trunk/proveedor", "fxs9"}

func (z *fuzzer) do(what, arg byte, wait int64) {
	z.at += wait * wait * 10 // up to 650 s
	l := id.Leg(arg)
	switch n := int(arg); what % 16 {
	case 0:
		z.step(&event.LegOffered{Leg: id.Leg(z.box.Core.Number()), Port: fuzzPorts[n%8], From: "600", To: []string{"", "112", "101", "0954123001", "600", "3201", "x"}[n%7]})
	case 1:
		z.step(&event.LegAnswered{Leg: l, By: "hook"})
	case 2:
		z.step(&event.LegRinging{Leg: l})
	case 3:
		z.step(&event.LegEnded{Leg: l, Cause: []string{"normal", "busy", "no-answer", "out-of-order"}[wait%4]})
	case 4:
		z.step(&event.DigitPressed{Leg: l / 8, Digit: "0123456789*#!"[n%13 : n%13+1]})
	case 5:
		z.step(&event.PlayEnded{Leg: l / 4, Play: id.Play(wait)})
	case 6:
		z.step(&event.PhoneChanged{Station: id.Station([]string{"201", "202", "999"}[n%3]), Registered: n%2 == 0})
	case 7:
		z.command("acd", &acd.Ready{Agent: id.Agent([]string{"marta", "ana", "nobody"}[n%3])})
	case 8:
		z.command("acd", &acd.Away{Agent: id.Agent([]string{"marta", "ana"}[n%2]), Reason: "tea"})
	case 9:
		z.step(&event.Woke{})
	case 10:
		z.step(&event.LegEarly{Leg: l})
	case 11:
		z.command("station", &station.Dial{Station: id.Station([]string{"101", "201", "7"}[n%3]), To: []string{"102", "112", "0954123001"}[wait%3]})
	case 12:
		z.command("call", &desk.Hangup{Call: id.Call(arg)})
	case 13:
		z.step(&event.LineChanged{Port: fuzzPorts[n%2], State: []string{"ready", "fault"}[wait%2]})
	case 14:
		z.command("acd", &acd.SignOut{Agent: id.Agent([]string{"marta", "ana"}[n%2])})
	case 15:
		z.cut()
	}
}

func (z *fuzzer) now() core.Time { return core.Time{At: z.at, Wall: storyStart + z.at} }

func (z *fuzzer) step(e event.Event) {
	orders, said := z.box.Step(z.now(), e)
	if err := z.check.Check(z.box, said, orders); err != nil {
		z.t.Fatalf("at %d after %s: %v", z.at, Sentence(e), err)
	}
	z.follow(said)
}

func (z *fuzzer) command(feature string, c core.Command) {
	orders, said, err := z.box.Command(z.now(), "fuzz", feature, c)
	if err != nil && len(said)+len(orders) > 0 {
		z.t.Fatalf("refused and spoke: %v", err)
	}
	if err := z.check.Check(z.box, said, orders); err != nil {
		z.t.Fatalf("at %d after %s: %v", z.at, Sentence(c), err)
	}
	z.follow(said)
}

func (z *fuzzer) follow(said []event.Event) {
	for _, e := range said {
		if err := z.twin.Follow(Entry{z.now(), e}); err != nil {
			z.t.Fatal(err)
		}
	}
	if d := z.box.Differs(z.twin); d != "" {
		z.t.Fatalf("at %d the twin differs: %s", z.at, d)
	}
}

func (z *fuzzer) cut() {
	fresh, err := z.box.Replayed()
	if err != nil {
		z.t.Fatal(err)
	}
	z.box = fresh
	z.step(&event.BoxStarted{})
}

// The same with long random scripts, for every run of the tests.
func TestRandomSequences(t *testing.T) {
	office, err := os.ReadFile("testdata/office.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 'f'))
		z := &fuzzer{t: t, box: New(), twin: New()}
		z.step(&event.SettingsCommitted{Rev: 1, Doc: office})
		z.step(&event.BoxStarted{})
		for range 150 {
			// Legs are mostly recent ones, waits mostly short.
			arg := byte(r.IntN(256))
			if r.IntN(4) > 0 {
				arg = byte(max(0, int(z.box.Core.Number())-1-r.IntN(12)))
			}
			z.do(byte(r.IntN(16)), arg, int64(r.IntN(1+r.IntN(60))))
		}
	}
}
