package web

import (
	"errors"
	"strings"
	"testing"
	"time"

	"centralita/firmware/leg"
)

// talk is a call that is up, with a browser that says 700 Hz and hears 440 Hz.
type talk struct {
	*bench
	g     *Page
	l     leg.Leg
	tick  *engine
	told  chan leg.Report
	call  uint64
	first *browser
}

func newTalk(t *testing.T) *talk {
	k := &talk{told: make(chan leg.Report, 64)}
	k.bench = newBench(t, func(_ leg.Leg, r leg.Report) { k.told <- r })
	k.g, k.tick = k.attach("201", "tab"), newEngine(t)
	l, refused := k.e.Make("web/201")
	if refused != nil {
		t.Fatal(refused.Why)
	}
	k.l = l
	k.tick.plug(l, 440)
	l.Ring(leg.Caller{Number: "954123001", Name: "Lola", Pattern: leg.RingQueue})
	n := news(t, k.g, "it rings", func(n News) bool { return n.Leg != nil && n.Leg.State == "ringing" })
	if n.Leg.From != "954123001" || n.Leg.Name != "Lola" || n.Leg.Pattern != "queue" {
		t.Fatalf("the page shows %+v", n.Leg)
	}
	k.call = n.Leg.Leg
	k.first = newBrowser(t)
	j, err := k.e.Answer("201", "tab", k.call, k.first.offer(), true)
	if err != nil {
		t.Fatal(err)
	}
	k.first.accept(j.SDP)
	k.first.speak(700)
	news(t, k.g, "it is up", func(n News) bool { return n.Leg != nil && n.Leg.State == "up" && n.Leg.Media == "on" })
	return k
}

func (k *talk) sounds(t *testing.T, w *browser, hz float64) {
	t.Helper()
	if !w.hears(440, 10*time.Second) {
		t.Fatal("the browser does not hear the box")
	}
	if !k.tick.hears(k.l, hz, 10*time.Second) {
		t.Fatalf("the box does not hear the browser's %v Hz", hz)
	}
}

func TestBothHearEachOther(t *testing.T) {
	k := newTalk(t)
	k.sounds(t, k.first, 700)
	if c := k.l.(*Leg).Counts(); c.Received == 0 || c.Sent == 0 || c.Malformed+c.Foreign+c.UnknownPayload != 0 {
		t.Errorf("counts %+v", c)
	}
}

// A page that was loaded again has a new connection; the talk goes on in it.
func TestTalkSurvivesAReload(t *testing.T) {
	k := newTalk(t)
	k.sounds(t, k.first, 700)
	k.g.Leave()
	k.first.close()
	began := time.Now()
	k.g = k.attach("201", "tab")
	n := news(t, k.g, "the talk", func(n News) bool { return n.Leg != nil })
	if n.Leg.Leg != k.call || n.Leg.State != "up" {
		t.Fatalf("the page finds %+v", n.Leg)
	}
	w := newBrowser(t)
	j, err := k.e.Media("201", "tab", k.call, w.offer(), true)
	if err != nil {
		t.Fatal(err)
	}
	w.accept(j.SDP)
	w.speak(1000)
	k.sounds(t, w, 1000)
	t.Logf("sound both ways %v after the reload", time.Since(began).Round(time.Millisecond))
	for len(k.told) > 0 {
		if r := <-k.told; r.Kind == leg.Ended {
			t.Fatalf("the call ended: %+v", r)
		}
	}
	for _, p := range k.presence()[1:] {
		t.Errorf("the station was told as %+v", p)
	}
}

// Digits come by RFC 4733 too, as from a page or program that sends them in RTP.
func TestDigitsInPackets(t *testing.T) {
	k := newTalk(t)
	k.sounds(t, k.first, 700)
	k.first.press(5)
	for limit := time.After(5 * time.Second); ; {
		select {
		case r := <-k.told:
			if r.Kind == leg.Digit {
				if r.Digit != '5' {
					t.Fatalf("digit %q", r.Digit)
				}
				return
			}
		case <-limit:
			t.Fatal("no digit was told")
		}
	}
}

func TestWhoElseCallsIsShown(t *testing.T) {
	k := newTalk(t)
	w := k.l.(leg.Waiter)
	w.Waiting(leg.Caller{Number: "600", Name: "Luis"})
	news(t, k.g, "who waits", func(n News) bool { return n.Waiting != nil && n.Waiting.Name == "Luis" && n.Leg.State == "up" })
	w.WaitingOver()
	news(t, k.g, "that nobody waits", func(n News) bool { return n.Waiting == nil })
	w.Waiting(leg.Caller{Number: "600"})
	k.l.Hangup(leg.Normal)
	n := news(t, k.g, "the end", func(n News) bool { return n.Leg == nil })
	if n.Waiting != nil || n.Ended == nil || n.Ended.Cause != "normal" || n.Ended.By != "box" {
		t.Errorf("after the end the page is told %+v", n)
	}
}

func TestOnlyOnePageIsTheTelephone(t *testing.T) {
	b := newBench(t, func(leg.Leg, leg.Report) {})
	first := b.attach("201", "one")
	if _, err := b.e.Attach("201", "two", false, ""); !errors.Is(err, ErrElsewhere) {
		t.Fatalf("a second page: %v", err)
	}
	second, err := b.e.Attach("201", "two", true, "")
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-first.Taken():
	default:
		t.Error("the first page was not told")
	}
	if _, err := b.e.Call("201", "one", "600", "", true, ""); !errors.Is(err, ErrElsewhere) {
		t.Errorf("the first page calls: %v", err)
	}
	first.Leave() // its link ends behind the taking
	if !b.e.phones["201"].attended() {
		t.Error("the first page's end took the second away")
	}
	b.e.SetUsers(nil)
	select {
	case <-second.Taken():
	default:
		t.Error("a station that is no more kept its page")
	}
	if p := b.presence(); len(p) != 2 || !p[0].Here || p[1].Here {
		t.Errorf("presence %+v", p)
	}
	if _, err := b.e.Attach("201", "two", true, ""); !errors.Is(err, ErrStation) {
		t.Errorf("a page of no station: %v", err)
	}
}

func TestBadOffersAreRefusedAndCostNothing(t *testing.T) {
	b := newBench(t, func(leg.Leg, leg.Report) {})
	b.attach("201", "tab")
	video := strings.Replace(newBrowser(t).offer(), "m=audio", "m=video", 1)
	opus := newBrowser(t, codecs[0]).offer()
	for name, sdp := range map[string]string{
		"nothing": "", "not SDP": "hello", "no codec": opus, "video": video,
		"two sections": newBrowser(t).offer() + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n",
		"long":         strings.Repeat("a=x\r\n", offerMax),
	} {
		if _, err := b.e.Call("201", "tab", "600", sdp, true, ""); !errors.Is(err, ErrOffer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(b.e.peers); n != 0 {
		t.Errorf("%d connections are counted", n)
	}
	for range 20 {
		if _, err := b.e.Call("201", "tab", "600", opus, true, ""); errors.Is(err, ErrFull) {
			return
		}
	}
	t.Error("a page may offer without end")
}

func FuzzOffer(f *testing.F) {
	socket := newBench(f, func(leg.Leg, leg.Report) {})
	f.Add(newBrowser(f).offer())
	f.Add(newBrowser(f, codecs[0]).offer())
	f.Add("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n")
	f.Fuzz(func(t *testing.T, sdp string) {
		p, answer, err := socket.e.connect.answer(sdp, true)
		if err != nil {
			return
		}
		if !strings.Contains(answer, "a=ice-lite") {
			t.Errorf("answer %q", answer)
		}
		_ = p.pc.Close()
	})
}
