package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestBaresipAgent is a call from the town to an agent at a softphone of another
// make: it registers by digest, rings, answers, both voices are known again at
// the other end and in the recording, and a hang-up at either end ends the call
// at the other.
func TestBaresipAgent(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/office.yaml", "--rtp", "20100-20199")
	b.signIn()
	caller, agent := voice(t, "en/vm-instructions"), voice(t, "es/vm-instructions")
	dir := filepath.Join(b.data, "town")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	writeWAV(t, filepath.Join(dir, "caller.wav"), caller)
	phone := startBaresip(t, fmt.Sprintf("<sip:201@%s;transport=udp>;auth_user=201;auth_pass=ana-201;audio_codecs=PCMA/8000/1;regint=60", b.SIP),
		"127.0.0.1:0", "21100-21149", agent)
	until(t, 6*time.Second, "ana ready at her registered phone", func() (any, bool) {
		s := b.agent("ana")
		return s, s == "ready"
	})

	call := b.toAgent(t, "fxo1", "912345678", 1)
	phone.await(2*time.Second, "CALL_INCOMING", 1)
	outside := b.hear(t, "line/fxo1")
	phone.press("accept")
	phone.await(2*time.Second, "CALL_ESTABLISHED", 1)
	heard := outside.seconds(t, 8000, float64(len(agent))/8000*1.3+3)
	speech(t, "the outside hears baresip", agent, heard, 0)
	if s := b.agent("ana"); s != "talking" {
		t.Errorf("ana is %q; wanted talking", s)
	}

	began := time.Now()
	b.wish("line/fxo1/hangup", nil)
	phone.await(4*time.Second, "CALL_CLOSED", 1)
	t.Logf("baresip was told %v after the outside hung up (loop break)", time.Since(began).Round(time.Millisecond))
	speech(t, "baresip hears the outside", caller, phone.heard(), 0)
	b.recorded(t, call, caller, agent)

	// The next call the agent hangs up.
	until(t, 8*time.Second, "ana ready again", func() (any, bool) {
		s := b.agent("ana")
		return s, s == "ready"
	})
	b.toAgent(t, "fxo2", "934567890", 2)
	phone.await(2*time.Second, "CALL_INCOMING", 2)
	phone.press("accept")
	phone.await(2*time.Second, "CALL_ESTABLISHED", 2)
	began = time.Now()
	phone.press("hangup")
	until(t, 2*time.Second, "fxo2 on-hook", func() (any, bool) {
		l := b.line("fxo2")
		return l, !l.OffHook
	})
	t.Logf("fxo2 on-hook %v after baresip hung up", time.Since(began).Round(time.Millisecond))
	until(t, 2*time.Second, "no call left", func() (any, bool) {
		left := b.allLive()
		return left, len(left) == 0
	})
}

// toAgent calls from outside, presses 2 over the menu and waits until the call
// is presented to ana.
func (b *box) toAgent(t *testing.T, line, number string, n int) (call int) {
	t.Helper()
	b.wish("line/"+line+"/call", map[string]any{
		"number": number, "name": "Casa Lola", "country": "ES", "supervision": map[string]any{"loop_break_ms": 600},
		"digits": "2", "digits_after_s": 1, "voice": "caller.wav",
	})
	until(t, 8*time.Second, "call of "+number+" live", func() (any, bool) {
		c, ok := b.live(number)
		call = c.Call
		return b.allLive(), ok
	})
	if at := b.presented(call, 10*time.Second); at.Agent != "ana" {
		t.Errorf("call %d of %s presented to %s; wanted ana", n, number, at.Agent)
	}
	return call
}
