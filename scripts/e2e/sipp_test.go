package e2e

import (
	"fmt"
	"testing"
	"time"

	"centralita/firmware/media/g711"
)

// memoryBack is what the box may hold more after three hundred calls than after
// twenty: what the runtime has not given back yet.
const memoryBack = 8 << 10 // kB

// TestSippLoad is the bench office under load: 300 registrations with digest,
// then 300 calls at 10 a second through menu and queue to ten agents, with sound
// both ways. No call fails, nothing of them is left.
func TestSippLoad(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "22000-23199")
	b.signIn()

	var phones []string
	for i := range 300 {
		phones = append(phones, row(1001+i%100, fmt.Sprintf("%d@127.0.0.1:%d", 1001+i%100, 6000+i)))
	}
	startSipp(t, "register", b.SIP, phones, "-m", "300", "-r", "100", "-l", "300").start().finish(30 * time.Second)

	port := freePort(t, "udp")
	var agents []string
	for i := range 10 {
		agents = append(agents, row(4001+i, fmt.Sprintf("%d@127.0.0.1:%d", 4001+i, port)))
	}
	startSipp(t, "register", b.SIP, agents, "-m", "10", "-r", "100").start().finish(10 * time.Second)
	startSipp(t, "agent", b.SIP, nil, "-p", fmt.Sprint(port), "-rtp_echo", "-mp", "25000").start()
	until(t, 5*time.Second, "ten agents ready", func() (any, bool) {
		ready := b.agents(func(a floorAgent) bool { return a.State == "ready" })
		return ready, len(ready) == 10
	})

	// The same speech from every caller; it comes back from the agent.
	said := voice(t, "en/vm-instructions")
	speech := make([]int16, len(said))
	for i, x := range said {
		speech[i] = int16(x)
	}
	alaw := make([]byte, len(speech))
	g711.ALaw.Encode(alaw, speech)

	calls := func(number string, n int) {
		var rows []string
		for i := range 100 {
			rows = append(rows, row(1001+i, number))
		}
		s := startSipp(t, "caller", b.SIP, rows, "-m", fmt.Sprint(n), "-r", "10", "-l", "300", "-mp", "26000")
		s.write("speech.alaw", alaw)
		began := time.Now()
		s.start().finish(2 * time.Minute)
		t.Logf("%d calls to %s in %v", n, number, time.Since(began).Round(time.Millisecond))
		until(t, 5*time.Second, "no call left", func() (any, bool) {
			left := b.allLive()
			return left, len(left) == 0
		})
	}
	calls("701", 20)
	b.bothSpoke(t, 20)
	before, files := b.status("RssAnon"), b.files()
	calls("601", 300)
	t.Logf("at the end of the calls: %d kB of memory, %d files", b.status("RssAnon"), b.files())
	until(t, 10*time.Second, "sockets closed", func() (any, bool) { return b.files(), b.files() <= files })
	began := time.Now()
	until(t, 80*time.Second, "memory back", func() (any, bool) {
		now := b.status("RssAnon")
		return now, now <= before+memoryBack
	})
	t.Logf("memory: %d kB before, %d kB %v after; files: %d before, %d after", before, b.status("RssAnon"),
		time.Since(began).Round(time.Second), files, b.files())
}

// row is the fields of one call by a user of the bench office.
func row(user int, what string) string {
	return fmt.Sprintf("%d;%s;[authentication username=%d password=bench]", user, what, user)
}

// bothSpoke checks that the last n calls were recorded with sound from both
// ends.
func (b *box) bothSpoke(t *testing.T, n int) {
	t.Helper()
	var page struct{ Calls []bookedCall }
	b.must("GET", fmt.Sprintf("/api/v1/calls?limit=%d", n), nil, &page)
	least := [2]float64{0, 0}
	for _, c := range page.Calls {
		b.booked(t, c.Call)
		_, raw := b.ask("GET", fmt.Sprintf("/api/v1/calls/%d/recording", c.Call), nil)
		for i, side := range parseWAV(t, fmt.Sprintf("recording of call %d", c.Call), raw) {
			least[i] = min(least[i], level(side))
		}
	}
	t.Logf("%d recordings: caller at least %.1f dBm0, agent at least %.1f dBm0", len(page.Calls), least[0], least[1])
	if len(page.Calls) != n || least[0] < -40 || least[1] < -40 {
		t.Errorf("%d recordings of %d, the quietest sides have %.1f and %.1f dBm0; wanted speech on both", len(page.Calls), n, least[0], least[1])
	}
}
