package media

import "testing"

// The box's rated load without legs and detectors, which have benchmarks of
// their own: 32 ports in 16 recorded conversations.
func BenchmarkTick32PortsRecorded(b *testing.B) {
	e := New()
	says := make([]int16, 32)
	for i := range says {
		says[i] = int16(100 * i)
	}
	_, hs := party(b, e, says...)
	var taps []*Tap
	for i := 0; i < 32; i += 2 {
		e.Connect(hs[i], hs[i+1], Unity)
		e.Connect(hs[i+1], hs[i], Unity)
		t := NewTap(4)
		e.Record(t, hs[i], hs[i+1])
		taps = append(taps, t)
	}
	b.ReportAllocs()
	for b.Loop() {
		e.Tick()
		for _, t := range taps {
			t.Drop()
		}
	}
}

// The dearest sum: everybody hears 31 others.
func BenchmarkTickConference32(b *testing.B) {
	e := New()
	_, hs := party(b, e, make([]int16, 32)...)
	for _, x := range hs {
		for _, y := range hs {
			if x != y {
				e.Connect(x, y, Unity)
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		e.Tick()
	}
}
