package e2e

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"centralita/scripts/bench/phones"
)

// TestSoundPortsTaken: the ports that the box's calls would be heard on belong to
// another program. A caller is refused, the page says why and the call list has the
// call; when the other program has gone, calls are taken and the page says nothing any
// more.
func TestSoundPortsTaken(t *testing.T) {
	t.Parallel()
	var taken []net.PacketConn
	for port := 28510; port < 28514; port++ {
		c, err := net.ListenPacket("udp4", fmt.Sprintf("0.0.0.0:%d", port))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		taken = append(taken, c)
	}
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "28510-28513")
	b.signIn()
	p, err := phones.New(b.SIP, "1001", "bench")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.Register(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Call(t.Context(), "600"); err == nil || !strings.Contains(err.Error(), "SIP/2.0 503") {
		t.Errorf("a call without a port: %v", err)
	}
	if a := b.raises("sound-ports", 3*time.Second); a.Text != "alarm.sound-ports" || len(a.Args) != 2 || a.Args[0] != "28510" || a.Args[1] != "28513" {
		t.Errorf("%+v", a)
	}
	until(t, 3*time.Second, "the call list has the call that could not be taken", func() (any, bool) {
		var page struct {
			Calls []struct{ From, Cause string }
		}
		b.must("GET", "/api/v1/calls?limit=10", nil, &page)
		return page.Calls, len(page.Calls) == 1 && page.Calls[0].Cause == "congestion" && page.Calls[0].From == "1001"
	})
	for _, c := range taken {
		_ = c.Close()
	}
	c, err := p.Call(t.Context(), "600")
	if err != nil {
		t.Fatal(err)
	}
	until(t, 3*time.Second, "the page says nothing of ports", func() (any, bool) {
		list := b.alarms()
		for _, a := range list {
			if a.Key == "sound-ports" {
				return list, false
			}
		}
		return list, true
	})
	if err := c.Hangup(t.Context()); err != nil {
		t.Error(err)
	}
}
