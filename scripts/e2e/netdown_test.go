package e2e

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"centralita/firmware/cmd/callload/ua"
	"centralita/firmware/event"
)

// TestNetworkDown takes the box's network away for as long as NETDOWN says
// (`make netdown`: 30s). The call of two phones lives on and can be held, another is
// made at once, and provider and phones are registered again. It needs root, for the
// box gets a network of its own.
func TestNetworkDown(t *testing.T) {
	gone, err := time.ParseDuration(os.Getenv("NETDOWN"))
	if err != nil {
		t.Skip("NETDOWN says not how long")
	}
	if os.Getuid() != 0 {
		t.Skip("a network of its own needs root")
	}
	n := newOwnNetwork(t)
	provider := newRegistrar(t, n.ours)
	raw, err := os.ReadFile("testdata/netdown.yaml")
	if err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(t.TempDir(), "netdown.yaml")
	if err := os.WriteFile(settings, []byte(strings.ReplaceAll(string(raw), "PROVIDER", provider.addr)), 0o644); err != nil {
		t.Fatal(err)
	}
	b := startBoxIn(t, []string{"ip", "netns", "exec", n.name}, settings, "--rtp", "27400-27419", "--http", n.theirs+":0", "--sip", n.theirs+":0")
	b.signIn()
	b.trunkIs(t, true, 10*time.Second)

	ana, bruno := newMouth(t, n.ours, 0x11), newMouth(t, n.ours, 0x22)
	a, err := ua.New(netip.MustParseAddrPort(b.SIP), netip.MustParseAddr(n.ours), func(c *ua.Call) { c.Answer(bruno.at()); bruno.speak(c.Sound) })
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, cancel := context.WithTimeout(t.Context(), gone+2*time.Minute)
	defer cancel()
	register := func() {
		t.Helper()
		for _, s := range []string{"201", "202"} {
			if _, err := a.User(s, "ana-"+s).Register(ctx, time.Hour, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	register()
	c, err := a.User("201", "ana-201").Call(ctx, "202", ana.at())
	if err != nil {
		t.Fatal(err)
	}
	ana.speak(c.Sound)
	flows := func(limit time.Duration) {
		t.Helper()
		_, x0 := ana.heard(0x22)
		_, y0 := bruno.heard(0x11)
		until(t, limit, "sound both ways", func() (any, bool) {
			_, x := ana.heard(0x22)
			_, y := bruno.heard(0x11)
			return []int{x - x0, y - y0}, x > x0+50 && y > y0+50
		})
	}
	flows(5 * time.Second)

	n.link(t, "down")
	_, before := ana.heard(0x22)
	time.Sleep(gone) // this is what the check is about
	if _, after := ana.heard(0x22); after > before+25 {
		t.Fatalf("%d packets came through a network that is down", after-before)
	}
	asked := provider.registers.Load()
	n.link(t, "up")
	began := time.Now()
	flows(10 * time.Second)
	t.Logf("sound again %v after the network", time.Since(began).Round(10*time.Millisecond))
	if calls := b.allLive(); len(calls) != 1 || calls[0].State != "talking" {
		t.Fatalf("calls: %+v", calls)
	}
	for _, on := range []bool{true, false} {
		if err := c.Hold(ctx, on); err != nil {
			t.Fatal(err)
		}
	}
	flows(5 * time.Second)
	register()
	b.trunkIs(t, true, 90*time.Second)
	until(t, 90*time.Second, "registered with the provider again", func() (any, bool) {
		return provider.registers.Load(), provider.registers.Load() > asked
	})
	t.Logf("registered again %v after the network", time.Since(began).Round(100*time.Millisecond))
	if _, err := c.Hangup(ctx); err != nil {
		t.Fatal(err)
	}
	if c, err = a.User("202", "ana-202").Call(ctx, "201", ana.at()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Hangup(ctx); err != nil {
		t.Fatal(err)
	}
	b.stop()
	told := map[string]int{}
	b.replay(t, func(r *event.Record) {
		switch e, _ := r.Event(); e := e.(type) {
		case *event.AlarmRaised:
			told["+"+e.Key]++
		case *event.AlarmCleared:
			told["-"+e.Key]++
		}
	})
	if gone > 5*time.Second && (told["+network-cable"] != 1 || told["-network-cable"] != 1) {
		t.Errorf("the cable is told as %v", told)
	}
}

// trunkIs waits until calls can go out by the provider, or cannot.
func (b *box) trunkIs(t *testing.T, ready bool, limit time.Duration) {
	t.Helper()
	until(t, limit, fmt.Sprintf("provider ready: %v", ready), func() (any, bool) {
		var lines struct {
			Trunks []struct {
				Name, Code string
				Up         bool
			}
		}
		b.view("trunk/lines", &lines)
		return lines, len(lines.Trunks) == 1 && lines.Trunks[0].Up == ready
	})
}

// ownNetwork is a network namespace and the cable to it.
type ownNetwork struct{ name, cable, ours, theirs string }

func newOwnNetwork(t *testing.T) *ownNetwork {
	t.Helper()
	id := os.Getpid() % 10000
	n := &ownNetwork{name: fmt.Sprintf("centralita%d", id), cable: fmt.Sprintf("cen%d", id), ours: "10.213.77.1", theirs: "10.213.77.2"}
	need(t, "ip", "iproute2")
	run := func(line string) {
		t.Helper()
		if out, err := exec.Command("ip", strings.Fields(line)...).CombinedOutput(); err != nil {
			t.Skipf("no network of its own: ip %s: %v %s", line, err, out)
		}
	}
	run("netns add " + n.name)
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", n.name).Run() }) // and the cable with it
	run("link add " + n.cable + " type veth peer name eth0 netns " + n.name)
	run("addr add " + n.ours + "/24 dev " + n.cable)
	run("link set " + n.cable + " up")
	run("-n " + n.name + " addr add " + n.theirs + "/24 dev eth0")
	run("-n " + n.name + " link set lo up")
	run("-n " + n.name + " link set eth0 up")
	return n
}

// link pulls the cable out at the box, or puts it back.
func (n *ownNetwork) link(t *testing.T, state string) {
	t.Helper()
	if out, err := exec.Command("ip", "link", "set", n.cable, state).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
}

// registrar is a provider that takes every registration for a minute and is well.
type registrar struct {
	addr      string
	registers atomic.Int64
}

func newRegistrar(t *testing.T, host string) *registrar {
	t.Helper()
	c, err := net.ListenPacket("udp4", host+":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	r := &registrar{addr: c.LocalAddr().String()}
	go func() {
		b := make([]byte, 1<<16)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			text := string(b[:n])
			if strings.HasPrefix(text, "REGISTER ") {
				r.registers.Add(1)
			} else if !strings.HasPrefix(text, "OPTIONS ") {
				continue
			}
			answer := "SIP/2.0 200 OK\r\n"
			for l := range strings.SplitSeq(text, "\r\n") {
				for _, h := range []string{"Via:", "From:", "To:", "Call-ID:", "CSeq:", "Contact:"} {
					if strings.HasPrefix(l, h) {
						answer += l + "\r\n"
					}
				}
			}
			_, _ = c.WriteTo([]byte(answer+"Expires: 60\r\nContent-Length: 0\r\n\r\n"), from) // asked again
		}
	}()
	return r
}
