package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestBrowserOpus has a page in real Chromium and a softphone of another make speak
// Opus with each other, whoever calls, and two pages: the box passes it on, so that
// whoever knows the voice at the far end has had it decoded there. When one holds, both
// go on with G.711 in the same call; one that is recorded is of G.711 from its beginning.
func TestBrowserOpus(t *testing.T) {
	t.Parallel()
	chromium, node := need(t, "chromium", "chromium"), need(t, "node", "nodejs")
	dir := filepath.Join(root(t), "scripts/e2e/browser")
	installNode(t, dir)
	b := startBox(t, "scripts/e2e/testdata/browseropus.yaml", "--rtp", "20900-20949")
	b.signIn()
	for _, who := range []string{"ana", "carla"} {
		b.givePassword(t, who)
	}
	kept := t.TempDir()
	ana, said := voice(t, "es/vm-instructions")[:4*8000], voice(t, "en/vm-instructions")[:4*8000]
	writeWAV(t, filepath.Join(kept, "ana.wav"), ana)
	bruno := startBaresip(t, fmt.Sprintf("<sip:202@%[1]s;transport=udp>;auth_user=202;auth_pass=ana-202;audio_codecs=opus/48000/2,PCMA/8000/1;regint=60", b.SIP),
		"127.0.0.1:0", "21900-21949", said, "module opus.so\n")
	heard := func(name string) check { // what a page heard, kept under a name
		pcm := readWAV(t, filepath.Join(kept, name+".wav"))[0]
		if name == "opus" {
			return check{"the page hears the telephone by Opus", said, ana, pcm, 0.65}
		}
		return check{"a page hears the other, " + name, ana, said, pcm, 0.45}
	}
	far := &farPhone{p: bruno, b: b, heard: heard}
	power := newPowerSwitch(t)
	cmd := exec.Command(node, "--test", "--test-reporter=spec", "opus.test.js")
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "BOX_URL=http://"+b.HTTP, "BOX_PASSWORD=-", "BOX_CONTROL="+power.url,
		"BOX_SHOTS="+filepath.Join(root(t), "build/e2e/opus"), "BOX_VOICE="+filepath.Join(kept, "ana.wav"), "BOX_KEPT="+kept,
		"CHROMIUM="+chromium, "FORCE_COLOR=0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // where the test ends early
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for over := false; !over; {
		select {
		case want := <-power.wants:
			power.done <- far.do(t, want)
		case err := <-ended:
			if err != nil {
				t.Fatalf("the browser's checks: %v", err)
			}
			over = true
		}
	}
	whole := check{"the telephone hears the page by Opus", ana, said, far.kept, 0.65}
	for _, c := range []check{whole, heard("opus"), heard("pages"), heard("pages-plain")} {
		if wrong := c.wrong(t); wrong != "" {
			t.Error(wrong)
		}
	}
	b.passed(t, said, ana)
}

// farPhone is the softphone as the browser's checks move it.
type farPhone struct {
	p    *baresip
	b    *box
	kept []float64 // what it heard in its first call

	heard func(name string) check // of a page
}

func (f *farPhone) do(t *testing.T, want string) error {
	t.Helper()
	what, how, _ := strings.Cut(want, "/")
	switch what {
	case "accept":
		f.p.await(8*time.Second, "CALL_INCOMING", 1)
		f.p.press("accept")
	case "dial":
		f.p.press("dial sip:" + how + "@" + f.b.SIP)
	case "hangup":
		f.p.press("hangup")
	case "keys":
		for i := range how {
			if e := f.p.await(8*time.Second, "CALL_DTMF_START", i+1); e.Param != how[i:i+1] {
				return fmt.Errorf("key %d is %q", i+1, e.Param)
			}
		}
	case "speaks":
		f.p.speaks(how)
	case "judge": // on a busy machine sound breaks on its way: a page may listen again
		if wrong := f.heard(how).wrong(t); wrong != "" {
			return errors.New(wrong)
		}
	case "kept":
		f.p.await(8*time.Second, "CALL_CLOSED", 1)
		f.kept = f.p.heard()
	default:
		return fmt.Errorf("no such wish: %q", want)
	}
	return nil
}

// passed checks what the call list says: the call of Opus alone went past the engine
// from its first second to its last, those that were held ended in G.711, the one that
// was recorded went past it too, and both its voices are in the file.
func (b *box) passed(t *testing.T, telephone, page []float64) {
	t.Helper()
	var list struct{ Calls []struct{ Call int } }
	b.must("GET", "/api/v1/calls", nil, &list)
	var by []string
	recorded := 0
	for _, c := range list.Calls {
		var one soundOf
		b.must("GET", fmt.Sprintf("/api/v1/calls/%d", c.Call), nil, &one)
		var codecs []string
		for _, e := range one.Events {
			if e.Kind == "LegMeasured" {
				codecs = append(codecs, e.Body.Sound.Codec)
			}
		}
		is := strings.Join(codecs, "-")
		by = append(by, is)
		if q := one.Quality; q == nil {
			t.Errorf("call %d, %s: no word of its sound", c.Call, is)
		} else if t.Logf("call %d, %s: %d of %d ms relayed", c.Call, is, q.RelayedMS, q.SoundMS); is == "opus-opus" && q.RelayedMS < q.SoundMS*8/10 {
			t.Errorf("call %d was relayed for %d of its %d ms", c.Call, q.RelayedMS, q.SoundMS)
		}
		if status, raw := b.ask("GET", fmt.Sprintf("/api/v1/calls/%d/recording", c.Call), nil); status == 200 {
			recorded++
			sound := parseWAV(t, "the recording", raw)
			for _, k := range []check{
				{"the recording has the telephone on the left", telephone, page, sound[0], 0.65},
				{"the recording has the page on the right", page, telephone, sound[1], 0.65},
			} {
				if wrong := k.wrong(t); wrong != "" {
					t.Error(wrong)
				}
			}
			if q := one.Quality; q == nil || q.RelayedMS < 4000 {
				t.Errorf("call %d was recorded from the engine: %+v", c.Call, q)
			}
		}
	}
	if recorded != 1 {
		t.Errorf("%d recordings", recorded)
	}
	if got := strings.Join(by, " "); got != "PCMA-PCMA PCMA-PCMA PCMA-PCMA opus-opus" {
		t.Errorf("the calls were spoken in %s", got)
	}
}
