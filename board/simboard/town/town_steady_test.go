package town

import (
	"testing"
	"time"
)

// A step allocates nothing, at rest and with every line talking.
func TestStepDoesNotAllocate(t *testing.T) {
	s := newStreet(t, "ES")
	if n := testing.AllocsPerRun(500, s.step); n != 0 {
		t.Errorf("%v allocations in a step at rest", n)
	}
	s.dialTo("912345678", false)
	s.until("answer", 20*time.Second, s.phaseIs(phaseTalking))
	s.must(s.set.Speak(Speech{Voice: "babble:4", Loop: true}))
	if n := testing.AllocsPerRun(500, s.step); n != 0 {
		t.Errorf("%v allocations in a step with a conversation", n)
	}
}

// The same seed gives the same town.
func TestSeed(t *testing.T) {
	hear := func() []int16 {
		s := newStreet(t, "ES")
		s.dialTo("112", false)
		s.run(10 * time.Second)
		out, _ := s.set.Heard(0, ringFrames, nil)
		said, _ := s.line.Heard(0, ringFrames, nil)
		return append(out, said...)
	}
	a, b := hear(), hear()
	if len(a) != len(b) {
		t.Fatal("two lengths")
	}
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("sample %d differs", i)
		}
	}
}

func BenchmarkStepAtRest(b *testing.B) {
	c := newCopper()
	if _, err := New(c, Config{Lines: []string{"fxo1", "fxo2", "fxo3", "fxo4"}, Handsets: []string{"fxs5", "fxs6"}}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := range b.N {
		c.step(uint64(i))
	}
}

func BenchmarkStepTalking(b *testing.B) {
	c := newCopper()
	t, err := New(c, Config{})
	if err != nil {
		b.Fatal(err)
	}
	for i, h := range t.handsets {
		t.lines[i].Call(Call{CallerID: NoCallerID, Party: Party{Voice: "babble"}})
		c.step(0)
		h.lift()
		h.voice = tape{samples: Babble(1), loop: true}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		c.step(uint64(i))
	}
}
