package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestBaresipTransfers has three softphones of another make hold and hand over a
// call by their own keys: to the third, and to a number that nobody has.
func TestBaresipTransfers(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--rtp", "20700-20799")
	b.signIn()
	phones := b.softphones(t, "201", "202", "203")
	ana, bruno, carla := phones[0], phones[1], phones[2]
	talk := func(n int) {
		bruno.press("dial sip:201@" + b.SIP)
		ana.await(3*time.Second, "CALL_INCOMING", n)
		ana.press("accept")
		bruno.await(3*time.Second, "CALL_ESTABLISHED", n)
	}

	talk(1)
	ana.press("hold")
	until(t, 2*time.Second, "held", func() (any, bool) {
		calls := b.allLive()
		return calls, len(calls) == 1 && calls[0].State == "held"
	})
	ana.press("transfer sip:203@" + b.SIP)
	carla.await(3*time.Second, "CALL_INCOMING", 1)
	carla.press("accept")
	ana.await(3*time.Second, "CALL_CLOSED", 1)
	until(t, 2*time.Second, "Bruno talks to Carla", func() (any, bool) {
		calls := b.allLive()
		return calls, len(calls) == 1 && calls[0].State == "talking" && calls[0].Station == "203"
	})
	bruno.press("hangup")
	carla.await(2*time.Second, "CALL_CLOSED", 1)
	b.rest(t)

	talk(2)
	ana.press("transfer sip:299@" + b.SIP)
	ana.await(3*time.Second, "TRANSFER_FAILED", 1)
	b.rest(t) // this make hangs up then
}

// softphones are registered ones of another make, each speaking.
func (b *box) softphones(t *testing.T, users ...string) (phones []*baresip) {
	t.Helper()
	said := voice(t, "en/vm-instructions")
	for _, user := range users {
		phones = append(phones, startBaresip(t, fmt.Sprintf("<sip:%[1]s@%[2]s;transport=udp>;auth_user=%[1]s;auth_pass=ana-%[1]s;audio_codecs=PCMA/8000/1;regint=60", user, b.SIP),
			"127.0.0.1:0", "21700-21849", said))
	}
	for _, p := range phones {
		until(t, 6*time.Second, "registered", func() (any, bool) { return p.said(), strings.Contains(p.said(), "200 OK (Centralita)") })
	}
	return phones
}

// rest waits until no call is left.
func (b *box) rest(t *testing.T) {
	t.Helper()
	until(t, 3*time.Second, "no call left", func() (any, bool) {
		left := b.allLive()
		return left, len(left) == 0
	})
}

// talks waits until the one call there is connects two stations.
func (b *box) talks(t *testing.T, from, station string) {
	t.Helper()
	until(t, 4*time.Second, from+" talks to "+station, func() (any, bool) {
		calls := b.allLive()
		return calls, len(calls) == 1 && calls[0].State == "talking" && calls[0].From == from && calls[0].Station == station
	})
}

// TestLinphoneAttendedTransfer: somebody called by softphone asks a third person first
// and then joins the two (REFER with Replaces), who hear each other; the softphone is
// out of it.
func TestLinphoneAttendedTransfer(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--rtp", "28100-28199")
	b.signIn()
	ana := signedLinphone(t, b.SIP, "201", "ana-201")
	phones := b.softphones(t, "202", "203")
	bruno, carla := phones[0], phones[1]
	b.registered(t, "201")
	ana.press("soundcard use files")

	bruno.press("dial sip:201@" + b.SIP)
	until(t, 4*time.Second, "Ana rings", func() (any, bool) { return ana.said(), strings.Contains(ana.said(), "Receiving new incoming call") })
	ana.press("answer")
	b.talks(t, "202", "201")
	ana.press("pause")
	until(t, 4*time.Second, "Bruno waits", func() (any, bool) {
		calls := b.allLive()
		return calls, len(calls) == 1 && calls[0].State == "held"
	})
	ana.press("call 203")
	carla.await(4*time.Second, "CALL_INCOMING", 1)
	carla.press("accept")
	until(t, 4*time.Second, "Ana asks Carla meanwhile", func() (any, bool) {
		calls := b.allLive()
		states := ""
		for _, c := range calls {
			states += c.State + " "
		}
		return calls, len(calls) == 2 && strings.Contains(states, "held") && strings.Contains(states, "talking")
	})
	ana.press("transfer 1 --to-call 2")
	b.talks(t, "202", "203")
	bruno.hears(bruno.kept() + 4*16000)
	bruno.press("hangup")
	carla.await(3*time.Second, "CALL_CLOSED", 1)
	b.rest(t)
	said, heard := voice(t, "en/vm-instructions"), bruno.heard()
	last := heard[max(0, len(heard)-3*8000):max(0, len(heard)-8000)] // two seconds of the four
	if c := find(last, append(said, said...)).correlation; level(last) > -45 && c < 0.9 {
		t.Errorf("Bruno hears Carla with correlation %.3f", c)
	} else {
		t.Logf("Bruno hears Carla at %.0f dB, correlation %.3f", level(last), c)
	}
}

// registered waits until the telephone of an extension is there.
func (b *box) registered(t *testing.T, extension string) {
	t.Helper()
	until(t, 8*time.Second, extension+" registered", func() (any, bool) {
		var now struct {
			Stations []struct {
				Extension string
				State     string
			}
		}
		b.view("station/stations", &now)
		for _, s := range now.Stations {
			if s.Extension == extension {
				return now, s.State == "idle"
			}
		}
		return now, false
	})
}
