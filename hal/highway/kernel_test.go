package highway

import (
	"flag"
	"fmt"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"centralita/hal"
)

var (
	loopback = flag.String("card", "", "ALSA loopback card (snd-aloop, pcm_substreams=1) to try the bus on, such as Loopback; none: this test is left out")
	minutes  = flag.Duration("for", 10*time.Second, "how long")
	ahead    = flag.Int("ahead", 0, "frames ahead of the wire; more for a machine that is simulated")
)

// TestKernel tries the bus against a kernel: two highways, one at each end of a
// loopback card, give each other a count on every slot. Every sample must come in its
// slot, in order and in real time, both ways.
//
//	go test -c -o highway.test ./hal/highway     (with GOARCH=arm GOARM=7 for a board)
//	modprobe snd-aloop pcm_substreams=1
//	./highway.test -test.v -test.run TestKernel -card Loopback
func TestKernel(t *testing.T) {
	if *loopback == "" {
		t.Skip("no -card")
	}
	var ends [2]*end
	for i := range ends {
		h, err := Open(Options{Place: Place{Card: *loopback, Play: i, Capture: i}, Ahead: *ahead})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		ends[i] = &end{h: h}
	}
	frames := int(*minutes / Period)
	done := make(chan error, len(ends))
	begun := time.Now()
	for _, e := range ends {
		go func() { done <- e.run(frames) }()
	}
	for range ends {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	took := time.Since(begun)
	for i, e := range ends {
		c := e.h.Counters()
		t.Logf("end %d: linked %t, %d frames in %s (%s in real time), %d samples of each of %d slots, %d silent before, %d wrong, %d jumps, longest wait %s, %+v",
			i, e.h.Linked(), frames, took.Round(time.Millisecond), *minutes, e.heard, hal.SlotCount, e.silent, e.wrong, e.jumps, e.late, c)
		if e.wrong > 0 || e.jumps > 0 || e.heard < frames*hal.FrameSamples*9/10 || c.Realigned > 0 {
			t.Errorf("end %d: the sound is broken", i)
		}
	}
	if off := took - *minutes; off < -100*time.Millisecond || off > *minutes/100+200*time.Millisecond {
		t.Errorf("%s took %s", *minutes, took)
	}
}

// end is one side of the card.
type end struct {
	h       *Highway
	in, out hal.Frame
	sent    uint16
	late    time.Duration // the longest wait for a frame
	next    uint16        // count that should be heard, once any was

	heard, silent, wrong, jumps int
}

// mark is sample count of a slot: the slot in the upper bits, never silence.
func mark(slot int, count uint16) int16 { return int16(uint16(slot)<<12 | count%0xFFF + 1) }

func (e *end) run(frames int) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// As firmware/supervise does; where it is not allowed the test may fail for it.
	_ = unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: 20}, 0)
	for n := range frames {
		for i := range hal.FrameSamples {
			for slot := range e.out {
				e.out[slot][i] = mark(slot, e.sent)
			}
			e.sent = (e.sent + 1) % 0xFFF
		}
		asked := time.Now()
		if err := e.h.Exchange(&e.in, &e.out); err != nil {
			return fmt.Errorf("frame %d: %w", n, err)
		}
		e.late = max(e.late, time.Since(asked))
		for i := range hal.FrameSamples {
			e.listen(i)
		}
	}
	return nil
}

// listen judges one sample of all slots.
func (e *end) listen(i int) {
	first := e.in[0][i]
	if first == 0 && e.in[hal.SlotCount-1][i] == 0 {
		e.silent++
		if e.heard > 0 {
			e.jumps++
		}
		return
	}
	count := uint16(first)&0xFFF - 1
	for slot := range e.in {
		if e.in[slot][i] != mark(slot, count) {
			e.wrong++
			break
		}
	}
	if e.heard > 0 && count != e.next {
		e.jumps++
	}
	e.heard++
	e.next = (count + 1) % 0xFFF
}
