package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// outgoing is the office of TestOutgoing: two analog lines on which somebody
// answers and speaks, a provider that echoes, three handsets and a softphone.
type outgoing struct {
	*box
	t        *testing.T
	provider *sipp
	ana      *baresip
	handset  []float64 // what is said into handsets
	phone    []float64 // and into the softphone
	called   []float64 // and by whoever answers outside
}

// TestOutgoing is calls to the outside, from a handset and from a softphone,
// over analog lines and over a provider: the number arrives whole, both ends
// hear each other. Then, with everything busy, an emergency call goes out.
func TestOutgoing(t *testing.T) {
	t.Parallel()
	o := startOutgoing(t)
	o.dial("fxs1", "0912345678")
	o.dial("fxs2", "9915551234")
	until(t, 20*time.Second, "fxo1 taken", func() (any, bool) {
		l := o.line("fxo1")
		return l, l.OffHook
	})
	o.ana.press("dial sip:0934567890@" + o.SIP)
	t.Logf("handset over the provider")
	o.connected("102", 5*time.Second)
	o.echoed("fxs2")
	o.wish("handset/fxs2/hangup", nil)
	o.connected("102", -1)
	t.Logf("handset over a line")
	o.reaches("fxo1", "912345678", 15*time.Second)
	o.talks("fxs1", "fxo1")
	t.Logf("softphone over a line")
	o.reaches("fxo2", "934567890", 5*time.Second)
	o.ana.await(time.Second, "CALL_PROGRESS", 1) // 183: it hears the exchange
	o.ana.await(4*time.Second, "CALL_ESTABLISHED", 1)
	outside := o.hear(t, "line/fxo2")
	heard := outside.seconds(t, 0, float64(len(o.phone))/8000*1.3+3)
	speech(t, "the called hears the softphone", o.phone, heard, 0)
	o.hangs(1, o.called)
	t.Logf("softphone over the provider")
	o.ana.press("dial sip:9915551234@" + o.SIP)
	o.ana.await(5*time.Second, "CALL_ESTABLISHED", 2)
	t.Logf("everything busy")
	o.dial("fxs2", "0913579246")
	o.reaches("fxo2", "913579246", 20*time.Second)
	o.emergency()
	o.hangs(2, o.phone)
	o.provider.finish(5 * time.Second)
}

func startOutgoing(t *testing.T) *outgoing {
	port := freePort(t, "udp")
	raw, err := os.ReadFile("testdata/trunk.yaml")
	if err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(t.TempDir(), "trunk.yaml")
	if err := os.WriteFile(settings, []byte(strings.ReplaceAll(string(raw), "PROVIDER", fmt.Sprintf("127.0.0.1:%d", port))), 0o644); err != nil {
		t.Fatal(err)
	}
	o := &outgoing{t: t, handset: voice(t, "es/vm-instructions")[:4*8000], phone: voice(t, "en/vm-instructions")[:4*8000], called: voice(t, "it/vm-intro")[:4*8000]}
	o.box = startBox(t, settings, "--rtp", "20200-20299")
	o.signIn()
	o.provider = startSipp(t, "provider", o.SIP, nil, "-p", fmt.Sprint(port), "-m", "2", "-rtp_echo", "-mp", "25100").start()
	o.ana = startBaresip(t, fmt.Sprintf("<sip:201@%s;transport=udp>;auth_user=201;auth_pass=ana-201;audio_codecs=PCMA/8000/1;regint=60", o.SIP),
		"127.0.0.1:0", "21150-21199", o.phone)
	dir := filepath.Join(o.data, "town")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	writeWAV(t, filepath.Join(dir, "handset.wav"), o.handset)
	writeWAV(t, filepath.Join(dir, "called.wav"), o.called)
	for _, line := range []string{"fxo3", "fxo4"} { // nobody pays for them, but an emergency call would try
		o.wish("line/"+line+"/cut", map[string]any{"cut": true})
	}
	for _, line := range []string{"fxo1", "fxo2"} {
		o.wish("line/"+line+"/config", map[string]any{"plan": []map[string]any{{"pattern": "*", "answer_after_s": 5, "voice": "called.wav"}}})
	}
	return o
}

// dial lifts a handset and dials when it hears the tone.
func (o *outgoing) dial(handset, digits string) {
	o.t.Helper()
	o.wish("handset/"+handset+"/lift", nil)
	o.wish("handset/"+handset+"/dial", map[string]any{"digits": digits, "wait_dial_tone": true})
}

// reaches waits until an exchange has put a call through to exactly a number.
func (o *outgoing) reaches(line, number string, limit time.Duration) {
	o.t.Helper()
	until(o.t, limit, line+" talking", func() (any, bool) {
		l := o.line(line)
		return l, l.State == "talking"
	})
	if l := o.line(line); l.Dialled != number {
		o.t.Errorf("the exchange behind %s heard %q; wanted %q", line, l.Dialled, number)
	}
	o.t.Logf("%s: the exchange heard exactly %s", line, number)
}

// connected waits until a station's call is through, or is no more (limit -1).
func (o *outgoing) connected(station string, limit time.Duration) {
	o.t.Helper()
	wanted := limit >= 0
	until(o.t, max(limit, 3*time.Second), fmt.Sprintf("station %s talking: %v", station, wanted), func() (any, bool) {
		all := o.allLive()
		for _, c := range all {
			if c.From == station && c.Direction == "out" && c.State == "talking" {
				return all, wanted
			}
		}
		return all, !wanted
	})
}

// echoed speaks into a handset and knows the voice again as it comes back.
func (o *outgoing) echoed(handset string) {
	o.t.Helper()
	e := o.hear(o.t, "handset/"+handset)
	o.wish("handset/"+handset+"/speak", map[string]any{"file": "handset.wav"})
	heard := e.seconds(o.t, 0, float64(len(o.handset))/8000+1)
	e.close()
	lag := speech(o.t, handset+" hears its echo", o.handset, heard, toHandset)
	o.t.Logf("%s: there and back within %d ms", handset, lag/8)
}

// talks lets handset and called speak and knows each at the other end.
func (o *outgoing) talks(handset, line string) {
	o.t.Helper()
	inside, outside := o.hear(o.t, "handset/"+handset), o.hear(o.t, "line/"+line)
	o.wish("handset/"+handset+"/speak", map[string]any{"file": "handset.wav"})
	speech(o.t, line+" hears "+handset, o.handset, outside.seconds(o.t, 0, float64(len(o.handset))/8000+1), 0)
	speech(o.t, handset+" hears "+line, o.called, inside.seconds(o.t, 0, float64(len(o.called))/8000*1.3+2), toHandset)
	inside.close()
	outside.close()
}

// hangs hangs the softphone's n-th call up and looks for what it should have
// heard in it.
func (o *outgoing) hangs(n int, said []float64) {
	o.t.Helper()
	o.ana.press("hangup")
	o.ana.await(3*time.Second, "CALL_CLOSED", n)
	speech(o.t, fmt.Sprintf("the softphone hears the outside in call %d", n), said, o.ana.heard(), 0)
}

// emergency dials 112 while both lines and the provider are taken: one of the
// three calls gives way, the others go on.
func (o *outgoing) emergency() {
	o.t.Helper()
	if all := o.allLive(); len(all) != 3 {
		o.t.Fatalf("%d calls go on; wanted all three ways out busy: %+v", len(all), all)
	}
	began := time.Now()
	o.dial("fxs3", "112")
	var line string
	until(o.t, 15*time.Second, "112 reached", func() (any, bool) {
		all := o.town().Lines
		for _, l := range all {
			if l.Dialled == "112" && l.State == "talking" {
				line = l.Name
			}
		}
		return all, line != ""
	})
	o.t.Logf("112 answered over %s %v after the handset was lifted, all ways out busy", line, time.Since(began).Round(10*time.Millisecond))
	o.talks("fxs3", line)
	if all := o.allLive(); len(all) != 3 {
		o.t.Errorf("%d calls go on; wanted the emergency call and the two it did not need: %+v", len(all), all)
	}
}
