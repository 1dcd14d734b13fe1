package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestIPv6 is a call between two softphones of another make in a network that has no
// IPv4: they register, one calls the other, each knows the other's voice again.
func TestIPv6(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--sip", "[::1]:0", "--rtp", "27500-27519")
	b.signIn()
	said := [2][]float64{voice(t, "en/vm-instructions")[:4*8000], voice(t, "es/vm-instructions")[:4*8000]}
	var phones [2]*baresip
	for i := range phones {
		phones[i] = startBaresip(t, fmt.Sprintf("<sip:20%d@%s;transport=udp>;auth_user=20%d;auth_pass=ana-20%d;audio_codecs=PCMA/8000/1;regint=60",
			i+1, b.SIP, i+1, i+1), "[::1]:0", fmt.Sprintf("%d-%d", 21900+50*i, 21949+50*i), said[i])
		until(t, 6*time.Second, "registered", func() (any, bool) {
			return phones[i].said(), strings.Contains(phones[i].said(), "200 OK (Centralita)")
		})
	}
	ana, bruno := phones[0], phones[1]
	bruno.press("dial sip:201@" + b.SIP)
	ana.await(3*time.Second, "CALL_INCOMING", 1)
	ana.press("accept")
	bruno.await(3*time.Second, "CALL_ESTABLISHED", 1)
	time.Sleep(5 * time.Second) // of talk: all that each says
	bruno.press("hangup")
	ana.await(3*time.Second, "CALL_CLOSED", 1)
	bruno.await(3*time.Second, "CALL_CLOSED", 1)
	speech(t, "ana hears bruno", said[1], ana.heard(), 0)
	speech(t, "bruno hears ana", said[0], bruno.heard(), 0)
}
