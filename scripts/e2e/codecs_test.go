package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// startSpeakers registers softphones of another make, of the stations from 201 on,
// that speak these codecs.
func startSpeakers(t *testing.T, n int, codecs, ports string, say []float64) (b *box, phones []*baresip) {
	b = startBox(t, "scripts/e2e/testdata/wide.yaml", "--rtp", ports)
	b.signIn()
	for i := range n {
		phones = append(phones, startBaresip(t, fmt.Sprintf("<sip:20%[1]d@%[2]s;transport=udp>;auth_user=20%[1]d;auth_pass=ana-20%[1]d;audio_codecs=%[3]s;regint=60", i+1, b.SIP, codecs),
			"127.0.0.1:0", "21800-21899", say, "module g722.so\nmodule opus.so\n"))
	}
	for _, p := range phones {
		until(t, 6*time.Second, "registered", func() (any, bool) { return p.said(), strings.Contains(p.said(), "200 OK (Centralita)") })
	}
	return b, phones
}

// speaks waits until a softphone says that it sends by a codec.
func (p *baresip) speaks(codec string) {
	p.t.Helper()
	until(p.t, 6*time.Second, "baresip speaks "+codec, func() (any, bool) {
		said := p.said()
		last := said[max(0, strings.LastIndex(said, "Set audio encoder: ")):]
		return said, strings.HasPrefix(last, "Set audio encoder: "+codec)
	})
}

// hears waits until a softphone has kept so many octets of sound.
func (p *baresip) hears(octets int64) {
	p.t.Helper()
	until(p.t, 20*time.Second, "baresip has heard enough", func() (any, bool) {
		kept := p.kept()
		return kept, kept >= octets
	})
}

// kept is how many octets of sound a softphone has kept of its last call.
func (p *baresip) kept() int64 {
	files, _ := filepath.Glob(filepath.Join(p.dir, "heard", "*-dec.wav"))
	if len(files) == 0 {
		return 0
	}
	f, err := os.Stat(files[len(files)-1])
	if err != nil {
		return 0
	}
	return f.Size()
}

// TestBaresipWide: softphones of another make speak G.722 with each other and with a
// handset, and every voice is known again.
func TestBaresipWide(t *testing.T) {
	t.Parallel()
	said, answer := voice(t, "en/vm-instructions")[:4*8000], voice(t, "es/vm-instructions")[:4*8000]
	b, phones := startSpeakers(t, 3, "G722/16000/1,PCMA/8000/1", "20400-20449", said)
	ana, bruno, carla := phones[0], phones[1], phones[2]
	dir := filepath.Join(b.data, "town")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	writeWAV(t, filepath.Join(dir, "answer.wav"), answer)

	carla.press("dial sip:101@" + b.SIP)
	bruno.press("dial sip:201@" + b.SIP)
	ana.await(3*time.Second, "CALL_INCOMING", 1)
	ana.press("accept")
	bruno.await(3*time.Second, "CALL_ESTABLISHED", 1)
	b.sees("fxs1", "ringing", 8*time.Second, func(h telephone) bool { return h.Ringing })
	b.do("fxs1", "lift", nil)
	ear := b.hear(t, "handset/fxs1")
	b.do("fxs1", "speak", map[string]any{"file": "answer.wav", "loop": true})
	for _, p := range phones {
		p.speaks("G722")
	}
	voiced(t, "the handset hears G.722", said, ear.seconds(t, 0, 5))
	carla.hears(10 * 16000)
	bruno.press("hangup")
	carla.press("hangup")
	ana.await(3*time.Second, "CALL_CLOSED", 1)
	carla.await(3*time.Second, "CALL_CLOSED", 1)
	voiced(t, "Ana hears Bruno", said, ana.heard())
	voiced(t, "Bruno hears Ana", said, bruno.heard())
	voiced(t, "Carla hears the handset", answer, carla.heard())
}

// TestBaresipOpus: two softphones of another make speak Opus with each other, which
// the box passes on; when one holds, both speak what the box understands: the other
// hears music, and then the voice again.
func TestBaresipOpus(t *testing.T) {
	t.Parallel()
	said := voice(t, "en/vm-instructions")[:4*8000]
	b, phones := startSpeakers(t, 2, "opus/48000/2,PCMA/8000/1", "20450-20499", said)
	ana, bruno := phones[0], phones[1]
	bruno.press("dial sip:201@" + b.SIP)
	ana.await(3*time.Second, "CALL_INCOMING", 1)
	ana.press("accept")
	bruno.await(3*time.Second, "CALL_ESTABLISHED", 1)
	ana.speaks("opus")
	bruno.speaks("opus")
	bruno.hears(10 * 2 * 48000)
	bruno.press("hangup")
	ana.await(3*time.Second, "CALL_CLOSED", 1)
	voiced(t, "Bruno hears Ana", said, bruno.heard())
	voiced(t, "Ana hears Bruno", said, ana.heard())

	bruno.press("dial sip:201@" + b.SIP)
	ana.await(3*time.Second, "CALL_INCOMING", 2)
	ana.press("accept")
	bruno.await(3*time.Second, "CALL_ESTABLISHED", 2)
	bruno.speaks("opus")
	ana.press("hold")
	bruno.speaks("PCMA")
	ana.press("resume")
	ana.speaks("PCMA")
	until(t, 5*time.Second, "both talk", func() (any, bool) {
		calls := b.allLive()
		return calls, len(calls) == 1 && calls[0].State == "talking"
	})
	bruno.press("hangup")
	ana.await(3*time.Second, "CALL_CLOSED", 2)
}

// voiced checks that a voice is known again as a whole, though a busy machine, and a
// program that keeps no time of its own, stretch and squeeze it here and there.
func voiced(t *testing.T, what string, said, heard []float64) {
	t.Helper()
	l := identify(t, said, heard)
	t.Logf("%s: correlation %.3f (worst two seconds %.3f), level %+.2f dB", what, l.whole, l.worst, l.gain)
	if l.whole < 0.8 {
		t.Errorf("%s: correlation %.3f; wanted at least 0.8", what, l.whole)
	}
}
