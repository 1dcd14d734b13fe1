package e2e

import (
	"testing"
	"time"
)

// TestForwardsBySoftphone has somebody forward the calls of a softphone of another make
// by what she dials on it: those unanswered, those refused as busy, all of them, and
// none any more.
func TestForwardsBySoftphone(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--rtp", "28200-28299")
	b.signIn()
	phones := b.softphones(t, "201", "202", "203")
	ana, bruno, carla := phones[0], phones[1], phones[2]
	dialled := 0
	dials := func(code string) {
		t.Helper()
		dialled++
		ana.press("dial sip:" + code + "@" + b.SIP)
		ana.await(3*time.Second, "CALL_ESTABLISHED", dialled) // and hears what is set
		ana.press("hangup")
		b.rest(t)
	}
	ringsCarla := func(n int) {
		t.Helper()
		carla.await(8*time.Second, "CALL_INCOMING", n)
		carla.press("accept")
		b.talks(t, "202", "203")
		bruno.press("hangup")
		carla.await(2*time.Second, "CALL_CLOSED", n)
		b.rest(t)
	}
	calls := func() { bruno.press("dial sip:201@" + b.SIP) }

	dials("*92203")
	calls()
	ana.await(3*time.Second, "CALL_INCOMING", 1)
	ringsCarla(1)
	dials("*93")

	dials("*90203")
	calls()
	ana.await(3*time.Second, "CALL_INCOMING", 2)
	ana.press("hangup") // this make says busy then
	ringsCarla(2)

	dials("*72203")
	calls()
	ringsCarla(3)
	dials("*73")

	dials("*91")
	calls()
	ana.await(3*time.Second, "CALL_INCOMING", 3)
	ana.press("accept")
	b.talks(t, "202", "201")
	bruno.press("hangup")
	b.rest(t)
}
