package copper

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
)

// The longest one-way delays, in ms: between two pairs, and between a pair and the
// network, beside the play-out buffer.
const (
	copperMost  = 35
	networkMost = 45
)

// mostLag bounds the search for a delay: 200 ms.
const mostLag = 1600

func ms(d time.Duration) float64 { return float64(d) / 1e6 }

// TestDelayOfHandsetAndLine: from one pair to the other, each way.
func TestDelayOfHandsetAndLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox(t, "ES", true)
		defer b.close()
		line := b.incoming("fxo1", town.Party{Voice: "babble:5"})
		set := b.lifted("fxs1")
		b.must(b.handset("fxs1").Speak(town.Speech{Voice: "babble:9", Loop: true}))
		b.connect(line, set)
		outside, inside := b.tap("fxo1"), b.tap("fxs1")
		time.Sleep(2 * time.Second)
		b.during(3*time.Second, outside, inside)
		for _, way := range []struct {
			name        string
			said, heard *probe
		}{{"line to handset", outside, inside}, {"handset to line", inside, outside}} {
			k, like := lag(way.said.town, way.heard.chip, mostLag)
			took := float64(k-80) / 8 // the chip's sound is seen a step later
			t.Logf("%-16s %5.1f ms (likeness %.3f)", way.name, took, like)
			if like < 0.95 || took > copperMost || took <= 0 {
				t.Errorf("%s: %.1f ms, likeness %.3f; wanted at most %d ms", way.name, took, like, copperMost)
			}
		}
	})
}

// TestDelayOfLineAndSIP: from a pair to the packet that leaves and from the packet
// that comes to the pair. A sample is spoken when its place in the board's frame
// passes; a packet has all of its sound when it is sent.
func TestDelayOfLineAndSIP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox(t, "ES", true)
		defer b.close()
		line := b.incoming("fxo1", town.Party{Voice: "babble:5"})
		p := b.phone(0)
		voice, at := town.Babble(3), 0
		var said []int16 // from began on
		var began time.Duration
		stop := p.start(func(_, says []int16) {
			if at == 0 {
				began = time.Since(b.begun)
			}
			at += copy(says, voice[at%(len(voice)-phoneFrame):])
			said = append(said, says...)
		})
		b.connect(line, p.sound)
		outside := b.tap("fxo1")
		time.Sleep(5 * time.Second)
		b.during(3*time.Second, outside)
		stop()
		b.mu.Lock()
		defer b.mu.Unlock()

		// A frame's sound was spoken in the 10 ms before the step of its number.
		spoken := time.Duration(outside.first)*10*time.Millisecond - 10*time.Millisecond
		first := slices.IndexFunc(p.arrived, func(a arrival) bool { return a.at > spoken+300*time.Millisecond })
		var heard []int16
		for _, a := range p.arrived[first:] {
			heard = append(heard, a.pcm...)
		}
		k, like := lag(heard, outside.town, 2*mostLag)
		out := ms(p.arrived[first].at-spoken) - float64(k)/8
		t.Logf("line to SIP      %5.1f ms, 20 of them gathering the packet (likeness %.3f)", out, like)
		if like < 0.95 || out > networkMost || out <= 0 {
			t.Errorf("line to SIP: %.1f ms, likeness %.3f; wanted at most %d", out, like, networkMost)
		}

		// The phone sends a packet as it has said it: its first sample is 20 ms old.
		in := said[8*(spoken-began+20*time.Millisecond).Milliseconds():]
		const late = 2 * 8000 // by then the buffer has settled
		k, like = lag(in[late:], outside.chip[late:], mostLag)
		total := float64(k-80) / 8 // the chip's sound is seen a step later
		buffer := float64(p.sound.Counts().Played.DelayMs)
		t.Logf("SIP to line      %5.1f ms, %.0f of them in the play-out buffer, 20 gathering the packet (likeness %.3f)", total, buffer, like)
		if like < 0.95 || total-buffer > networkMost || total <= 0 {
			t.Errorf("SIP to line: %.1f ms beside the buffer, likeness %.3f; wanted at most %d", total-buffer, like, networkMost)
		}
	})
}
