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
	said := voice(t, "en/vm-instructions")
	var phones []*baresip
	for i := range 3 {
		phones = append(phones, startBaresip(t, fmt.Sprintf("<sip:20%d@%s;transport=udp>;auth_user=20%d;auth_pass=ana-20%d;audio_codecs=PCMA/8000/1;regint=60",
			i+1, b.SIP, i+1, i+1), "127.0.0.1:0", fmt.Sprintf("%d-%d", 21700+50*i, 21749+50*i), said))
	}
	ana, bruno, carla := phones[0], phones[1], phones[2]
	for _, p := range phones {
		until(t, 6*time.Second, "registered", func() (any, bool) { return p.said(), strings.Contains(p.said(), "200 OK (Centralita)") })
	}
	talk := func(n int) {
		bruno.press("dial sip:201@" + b.SIP)
		ana.await(3*time.Second, "CALL_INCOMING", n)
		ana.press("accept")
		bruno.await(3*time.Second, "CALL_ESTABLISHED", n)
	}
	gone := func() {
		t.Helper()
		until(t, 3*time.Second, "no call left", func() (any, bool) {
			left := b.allLive()
			return left, len(left) == 0
		})
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
	gone()

	talk(2)
	ana.press("transfer sip:299@" + b.SIP)
	ana.await(3*time.Second, "TRANSFER_FAILED", 1)
	gone() // this make hangs up then
}
