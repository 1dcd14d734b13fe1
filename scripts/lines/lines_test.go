package lines

import (
	"testing"
	"time"

	"centralita/board/simboard/town"
)

func (b *box) talks(line int) func() bool {
	return func() bool { return b.lines[line].State().State == "talking" }
}

// TestLineInUse: a line that another telephone uses is left alone and the call goes
// out by the next; with both in use the person hears it at once and the journal
// says why.
func TestLineInUse(t *testing.T) {
	inBox(t, func(b *box) {
		b.wish(b.lines[0].Beside(town.Beside{Lifted: true, Voice: "babble:3"}))
		b.dial("912345678")
		b.until("the call by the second line", 60*time.Second, b.talks(1))
		if s := b.lines[0].State(); s.Dialled != "" || b.book.count("LineChanged", "fxo1", "busy-elsewhere") != 1 {
			t.Errorf("the first line: %+v\n%s", s, b.book)
		}
		b.wish(b.set.Hangup())
		b.until("the end", 5*time.Second, func() bool { return b.book.count("CallEnded") == 1 })
		time.Sleep(5 * time.Second)

		b.wish(b.lines[1].Beside(town.Beside{Lifted: true}))
		time.Sleep(time.Second)
		b.dial("912345678")
		b.until("the refusal", 20*time.Second, func() bool { return b.book.count("CallEnded", "in-use") == 1 })
		b.until("a tone for the person", 5*time.Second, func() bool {
			h := b.set.State().Hears.Sound
			return h == "busy" || h == "congestion"
		})
	})
}

// TestGlare: a caller is put through in the moment in which the line is seized. The
// person who calls out gets the next line; the caller hears ringing, is answered by
// the station that the line rings, and the two never meet.
func TestGlare(t *testing.T) {
	inBox(t, func(b *box) {
		b.wish(b.set.Lift())
		b.wish(b.set.Dial(town.Dial{Digits: "0612345678", WaitDialTone: true}))
		b.until("the dial", 30*time.Second, func() bool { return b.book.count("LegBegan", "fxo1") == 1 })
		b.wish(b.lines[0].Call(town.Call{Number: "934445566", CallerID: town.FSKAlert, Party: town.Party{Voice: "babble:8"}}))
		b.until("the caller is put through", 3*time.Second, b.talks(0))
		b.until("glare", 5*time.Second, func() bool { return b.book.count("LegEnded", "glare") == 1 })
		b.until("the call out by the second line", 60*time.Second, b.talks(1))
		if n := b.book.count("LegOffered", "fxo1"); n != 1 {
			t.Errorf("%d calls were offered on the first line\n%s", n, b.book)
		}
		b.until("the station rings", 5*time.Second, func() bool { return b.other.State().Ringing })
		if s := b.lines[0].State(); s.Hears.Sound != "ringback" || s.Dialled != "" {
			t.Errorf("the caller hears %q; dialled %q", s.Hears.Sound, s.Dialled)
		}
		b.wish(b.other.Lift())
		b.until("the caller's voice", 10*time.Second, func() bool { return b.other.State().Hears.Sound == "speech" })
		if s := b.lines[1].State(); s.State != "talking" || s.Dialled != "612345678" {
			t.Errorf("the call out: %+v", s)
		}
	})
}

// TestOtherTelephoneAnswers: the stations stop ringing when a telephone on the line
// takes the call.
func TestOtherTelephoneAnswers(t *testing.T) {
	inBox(t, func(b *box) {
		b.wish(b.lines[0].Call(town.Call{Number: "934445566", Party: town.Party{Voice: "babble:8"}}))
		b.until("the station rings", 15*time.Second, func() bool { return b.other.State().Ringing })
		b.wish(b.lines[0].Beside(town.Beside{Lifted: true, Voice: "babble:2"}))
		b.until("the end", 2*time.Second, func() bool { return b.book.count("CallEnded", "answered-elsewhere") == 1 })
		time.Sleep(500 * time.Millisecond)
		for range 80 { // longer than any pause of the ringing
			if time.Sleep(100 * time.Millisecond); b.other.State().Bell {
				t.Fatal("the station still rings")
			}
		}
		if !b.talks(0)() {
			t.Errorf("the other telephone was cut off: %+v", b.lines[0].State())
		}
	})
}
