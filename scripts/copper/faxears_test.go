package copper

import (
	"testing"
	"testing/synctest"

	"centralita/board/simboard/town"
	"centralita/firmware/line/levels"
	"centralita/firmware/media"
	"centralita/firmware/media/dtmf"
	"centralita/firmware/media/tone"
)

// TestFaxIsNoTone: no country's call-progress listener and no digit detector hears
// anything in a page, with any modem, in either direction; so no fax is hung up.
func TestFaxIsNoTone(t *testing.T) {
	fax := program(t)
	for n, modem := range []string{"v27", "v29", "v17"} {
		var sound [2][]int16
		synctest.Test(t, func(t *testing.T) {
			b := newBox(t, "ES", false)
			defer b.close()
			b.connect(b.incoming("fxo1", town.Party{Voice: "silent"}), b.lifted("fxs1"))
			p := newPage(t, fax, n+100, modem)
			tap := b.tap("fxo1")
			b.sim.Do(func() { tap.on = true })
			b.must(b.line("fxo1").Attach(p.sender))
			b.must(b.handset("fxs1").Attach(p.receiver))
			p.arrived(t, fax, modem)
			b.sim.Do(func() { sound = [2][]int16{tap.town, tap.chip} })
		})
		for i, pcm := range sound {
			for _, c := range levels.Countries() {
				plan, _ := tone.Plan(c.Country)
				for _, h := range listen(t, pcm, tone.NewListener(plan)) {
					t.Errorf("%s, end %d, in %s: %v after %.2f s", modem, i, c.Country, tone.Signal(h.Value), float64(h.Tick)/100)
				}
			}
			for _, h := range listen(t, pcm, dtmf.NewDetector(dtmf.Line()), dtmf.NewDetector(dtmf.Call())) {
				t.Errorf("%s, end %d: digit %c after %.2f s", modem, i, rune(h.Value), float64(h.Tick)/100)
			}
		}
	}
}

// recording is a port that says what was recorded.
type recording struct{ pcm []int16 }

func (*recording) Rate() media.Rate           { return media.Narrow }
func (*recording) Write(uint64, *media.Frame) {}
func (r *recording) Read(_ uint64, f *media.Frame) bool {
	n := copy(f.PCM(), r.pcm)
	r.pcm = r.pcm[n:]
	return n > 0
}

// listen is all that ears tell of a sound.
func listen(t *testing.T, pcm []int16, ears ...media.Ear) (all []media.Heard) {
	t.Helper()
	e := media.New()
	at, err := e.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	_ = e.Plug(at, &recording{pcm})
	for _, ear := range ears {
		_ = e.Attach(at, ear)
	}
	for range len(pcm)/80 + 10 {
		e.Tick()
		for h, ok := e.Next(); ok; h, ok = e.Next() {
			all = append(all, h)
		}
	}
	return all
}
