package web

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"
)

// pair is a browser that calls another, both at the same box.
type pair struct {
	*bench
	tick  *engine
	told  chan leg.Report
	pages [2]*Page
	legs  [2]*Leg // who calls, who is called
	are   [2]*browser
	begin [2]string // the answer's m= line to each
}

func newPair(t *testing.T, mixed bool) *pair {
	k := &pair{told: make(chan leg.Report, 256), tick: newEngine(t)}
	called := make(chan leg.Leg, 1)
	k.bench = newBench(t, func(l leg.Leg, r leg.Report) {
		if r.Kind == leg.Offered {
			called <- l
		}
		k.told <- r
	}, "202")
	k.pages = [2]*Page{k.attach("201", "one"), k.attach("202", "two")}
	k.are = [2]*browser{newBrowser(t), newBrowser(t)}
	j, err := k.e.Call("201", "one", "202", k.are[0].offer(), true, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	k.are[0].accept(j.SDP)
	k.begin[0] = soundLine(j.SDP)
	k.legs[0] = (<-called).(*Leg)
	l, refused := k.e.Make("web/202")
	if refused != nil {
		t.Fatal(refused.Why)
	}
	k.legs[1] = l.(*Leg)
	l.Ring(leg.Caller{Number: "201", With: k.legs[0], Mixed: mixed})
	n := news(t, k.pages[1], "it rings", func(n News) bool { return n.Leg != nil && n.Leg.State == "ringing" })
	j, err = k.e.Answer("202", "two", n.Leg.Leg, k.are[1].offer(), true)
	if err != nil {
		t.Fatal(err)
	}
	k.are[1].accept(j.SDP)
	k.begin[1] = soundLine(j.SDP)
	k.is(t, 1, "up", "")
	k.legs[0].Answer()
	k.is(t, 0, "up", "")
	for i, l := range k.legs {
		k.tick.plug(l, 440+float64(220*i))
	}
	return k
}

func soundLine(sdp string) string {
	_, rest, _ := strings.Cut(sdp, "\nm=audio ")
	line, _, _ := strings.Cut(rest, "\r\n")
	return line
}

// is waits until a page is told a state and a codec, "" any.
func (k *pair) is(t *testing.T, i int, state, codec string) *Call {
	t.Helper()
	if n := k.pages[i].News(); n.Leg != nil && n.Leg.State == state && n.Leg.Media == "on" && (codec == "" || n.Leg.Codec == codec) {
		return n.Leg
	}
	return news(t, k.pages[i], state+" "+codec, func(n News) bool {
		return n.Leg != nil && n.Leg.State == state && n.Leg.Media == "on" && (codec == "" || n.Leg.Codec == codec)
	}).Leg
}

// pack is a packet of Opus that nobody here could decode.
func pack(n byte) []byte { return append([]byte{0x78, n}, bytes.Repeat([]byte{n}, 60)...) }

// passes has a browser say Opus until the other one hears it.
func (k *pair) passes(t *testing.T, from int) {
	t.Helper()
	b, to := k.are[from], k.are[1-from]
	for n := byte(0); n < 100; n++ {
		b.seq, b.ts = b.seq+1, b.ts+960
		b.send(111, b.seq, b.ts, pack(n))
		time.Sleep(20 * time.Millisecond) // as long as its sound lasts
		to.mu.Lock()
		heard := len(to.opus)
		to.mu.Unlock()
		if heard >= 10 {
			break
		}
	}
	to.mu.Lock()
	defer to.mu.Unlock()
	if len(to.opus) < 10 {
		t.Fatalf("browser %d heard %d packets of Opus", 1-from, len(to.opus))
	}
	for i, p := range to.opus {
		if !bytes.Equal(p, pack(p[1])) || i > 0 && p[1] <= to.opus[i-1][1] {
			t.Errorf("packet %d: % x", i, p)
		}
	}
}

// Two browsers that both know Opus speak it with each other as soon as the call is
// answered: the called one at once, the one that calls when its page has heard of it.
// The packets go through the box as they are. Where the box must hear them they speak
// G.711, in the same call.
func TestBrowsersSpeakOpusWithEachOther(t *testing.T) {
	k := newPair(t, false)
	if want := "9 UDP/TLS/RTP/SAVPF 8 "; !strings.HasPrefix(k.begin[0], want) || !strings.Contains(k.begin[0], " 111") {
		t.Errorf("the one that calls is answered %q; it begins with G.711 and has Opus", k.begin[0])
	}
	if want := "9 UDP/TLS/RTP/SAVPF 111 8 0 "; !strings.HasPrefix(k.begin[1], want) {
		t.Errorf("the called one is answered %q; it begins with Opus", k.begin[1])
	}
	if c := k.is(t, 0, "up", codecOpus); c.Fmtp != "minptime=10;useinbandfec=1" {
		t.Errorf("the called browser's wishes are told as %q", c.Fmtp)
	}
	k.is(t, 1, "up", codecOpus)
	if !k.legs[0].Relay(k.legs[1], leg.Relay{}) {
		t.Fatal("no relay of Opus")
	}
	k.are[0].send(8, k.are[0].seq, k.are[0].ts, make([]byte, 160)) // said before it turned
	k.passes(t, 0)
	k.passes(t, 1)
	for i, l := range k.legs {
		if q, ok := l.Quality(); !ok || q.Codec != "opus" || q.RelayedMS == 0 {
			t.Errorf("leg %d: %+v", i, q)
		}
	}

	k.legs[0].Mix() // music on hold, say
	for i, b := range k.are {
		k.is(t, i, "up", codecPlain)
		b.speak(700 + float64(300*i))
	}
	for i, l := range k.legs {
		if !k.are[i].hears(440+float64(220*i), 10*time.Second) {
			t.Errorf("browser %d does not hear the box", i)
		}
		if !k.tick.hears(l, 700+float64(300*i), 10*time.Second) {
			t.Errorf("the box does not hear browser %d", i)
		}
	}
	if !k.legs[0].Relay(k.legs[1], leg.Relay{}) {
		t.Fatal("no relay of G.711")
	}
	for i, b := range k.are {
		if !b.hears(700+float64(300*(1-i)), 10*time.Second) {
			t.Errorf("browser %d does not hear the other by packets", i)
		}
	}
}

// A page that is loaded again comes back to a call of Opus with Opus.
func TestReloadInACallOfOpus(t *testing.T) {
	k := newPair(t, false)
	call := k.is(t, 0, "up", codecOpus)
	if !k.legs[0].Relay(k.legs[1], leg.Relay{Ended: func() { t.Error("the relay ended") }}) {
		t.Fatal("no relay of Opus")
	}
	k.passes(t, 0)
	k.are[0].close()
	k.are[0] = newBrowser(t)
	j, err := k.e.Media("201", "one", call.Leg, k.are[0].offer(), true)
	if err != nil {
		t.Fatal(err)
	}
	if line := soundLine(j.SDP); !strings.HasPrefix(line, "9 UDP/TLS/RTP/SAVPF 111 8 0 ") {
		t.Errorf("answered %q", line)
	}
	k.are[0].accept(j.SDP)
	k.is(t, 0, "up", codecOpus)
	k.are[1].mu.Lock()
	k.are[1].opus = nil
	k.are[1].mu.Unlock()
	k.passes(t, 0)
	k.passes(t, 1)
}

// Every browser has its own numbers; these are of Firefox.
func TestOpusByAnotherNumber(t *testing.T) {
	b := newBench(t, func(leg.Leg, leg.Report) {})
	b.attach("201", "tab")
	other := slices.Clone(codecs)
	other[0].PayloadType, other[4].PayloadType = 109, 101
	j, err := b.e.Call("201", "tab", "600", newBrowser(t, other...).offer(), true, "")
	if err != nil {
		t.Fatal(err)
	}
	if line := soundLine(j.SDP); line != "9 UDP/TLS/RTP/SAVPF 8 0 109 101" {
		t.Errorf("answered %q", line)
	}
	s := b.e.phones["201"].leg.Speech()
	if s == nil || s.Settled || s.Formats[0] != (rtp.Format{Codec: rtp.Opus, Payload: 109, Fmtp: "minptime=10;useinbandfec=1"}) {
		t.Errorf("it speaks %+v", s)
	}
}

// A call that is recorded, or a browser that has no events, stays with G.711.
func TestOpusOnlyWhereItIsPassed(t *testing.T) {
	k := newPair(t, true)
	if strings.HasPrefix(k.begin[1], "9 UDP/TLS/RTP/SAVPF 111") {
		t.Errorf("answered with Opus though the call is recorded: %q", k.begin[1])
	}
	k.is(t, 0, "up", codecPlain)
	k.is(t, 1, "up", codecPlain)
	if a := (&link{law: rtp.PCMA, opus: 111}); a.passes() {
		t.Error("Opus would be passed though digits are no events")
	}
}

// A page that does not follow has its call in G.711: of it nothing else is understood.
func TestPageThatDoesNotTurn(t *testing.T) {
	k := newPair(t, false)
	k.is(t, 0, "up", codecOpus)
	if !k.legs[0].Relay(k.legs[1], leg.Relay{}) {
		t.Fatal("no relay of Opus")
	}
	k.are[0].speak(700) // in G.711
	if !within(5*time.Second, func() bool { return k.legs[0].wire.spoken.Load() == uint32(rtp.PCMA) }) {
		t.Fatal("the box does not notice what it speaks")
	}
	if err := k.legs[0].ask(func() error { k.legs[0].turned(); return nil }); err != nil { // the time is over
		t.Fatal(err)
	}
	k.is(t, 0, "up", codecPlain)
	if !k.tick.hears(k.legs[0], 700, 10*time.Second) {
		t.Error("the box does not hear the browser")
	}
	k.is(t, 1, "up", codecPlain) // nobody understands its Opus any more
}

// A page that goes on with Opus where G.711 is wanted loses its connection, and comes
// back with one that begins with G.711.
func TestPageThatStaysWithOpus(t *testing.T) {
	k := newPair(t, false)
	k.is(t, 1, "up", codecOpus)
	k.legs[1].sound.Mix()
	call := k.is(t, 1, "up", codecPlain)
	b := k.are[1]
	if !within(5*time.Second, func() bool {
		b.seq, b.ts = b.seq+1, b.ts+960
		b.send(111, b.seq, b.ts, pack(1))
		return k.legs[1].wire.spoken.Load() == 111
	}) {
		t.Fatal("the box does not notice what it speaks")
	}
	if err := k.legs[1].ask(func() error { k.legs[1].turned(); return nil }); err != nil {
		t.Fatal(err)
	}
	news(t, k.pages[1], "the connection is lost", func(n News) bool { return n.Leg != nil && n.Leg.Media == "lost" })
	w := newBrowser(t)
	j, err := k.e.Media("202", "two", call.Leg, w.offer(), true)
	if err != nil {
		t.Fatal(err)
	}
	if line := soundLine(j.SDP); !strings.HasPrefix(line, "9 UDP/TLS/RTP/SAVPF 8 ") {
		t.Errorf("answered %q", line)
	}
	w.accept(j.SDP)
	w.speak(900)
	if !k.tick.hears(k.legs[1], 900, 10*time.Second) {
		t.Error("the box does not hear it")
	}
}

func TestPreferredPayloadType(t *testing.T) {
	const head = "v=0\r\ns=-\r\n"
	for have, want := range map[string]string{
		head + "m=audio 9 X 111 8 0\r\na=x\r\n": head + "m=audio 9 X 8 111 0\r\na=x\r\n",
		head + "m=audio 9 X 8 111\r\na=x\r\n":   head + "m=audio 9 X 8 111\r\na=x\r\n",
		head + "m=audio 8 X 111 0 8\r\n":        head + "m=audio 8 X 8 111 0\r\n",
		head + "m=audio 9 X 111\r\n":            head + "m=audio 9 X 111\r\n",
		head:                                    head,
		"\nm=8":                                 "\nm=8",
	} {
		if got := prefer(have, 8); got != want {
			t.Errorf("%q: %q", have, got)
		}
	}
}
