package copper

import (
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/leg/analog"
	"centralita/firmware/media"
)

// TestToneOfTheLineIsHeard: a line that has said a tone into a handset's tone of all
// but the same frequency is given to a caller of the network, who says another tone.
// The caller hears the line at once and for good, through hybrids with echo.
func TestToneOfTheLineIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBox(t, "UK", false)
		defer b.close()
		b.set(analog.Settings{Country: "UK"})
		line := b.incoming("fxo1", town.Party{Voice: "tone:1020"})
		one := b.lifted("fxs1")
		b.must(b.handset("fxs1").Speak(town.Speech{Voice: "tone:1004", Loop: true}))
		b.connect(line, one)
		time.Sleep(6 * time.Second)
		_ = b.engine.Disconnect(b.plug(line), b.plug(one))
		_ = b.engine.Disconnect(b.plug(one), b.plug(line))
		p := b.phone(0)
		says, at := sine(networkHz, said), 0
		stop := p.start(func(_, to []int16) { at += copy(to, says[at%8000:]) })
		defer stop()
		_ = b.engine.Connect(b.plug(p.sound), b.plug(line), media.Unity)
		_ = b.engine.Connect(b.plug(line), b.plug(p.sound), media.Unity)
		time.Sleep(300 * time.Millisecond)
		outside := b.tap("fxo1")
		b.mu.Lock()
		p.arrived = nil
		b.mu.Unlock()
		b.during(4*time.Second, outside)
		b.mu.Lock()
		var heard []int16
		for _, a := range p.arrived {
			heard = append(heard, a.pcm...)
		}
		b.mu.Unlock()
		want := level(outside.town, outsideHz) + 6 // LO of the plan
		if len(heard) < 3*8000 {
			t.Fatalf("only %d samples came", len(heard))
		}
		for i := 0; i+2000 <= len(heard); i += 2000 {
			if got := level(heard[i:i+2000], outsideHz); got < want-1 || got > want+1 {
				t.Errorf("after %.2f s the line is heard at %.1f dBm0, not %.1f", float64(i)/8000, got, want)
			}
		}
	})
}
