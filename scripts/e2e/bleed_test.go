package e2e

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"centralita/firmware/cmd/callload/ua"
)

// TestStrangersNeitherHearNorSpeak: while two phones talk, and one hears a menu,
// somebody sprays sound and reports at every port of the box: from another machine
// since before the calls began, and from the phones' own address once they speak. Not
// an octet comes back to him, and not one of his is heard.
func TestStrangersNeitherHearNorSpeak(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "27300-27315")
	server := netip.MustParseAddrPort(b.SIP)
	stranger := spray(t, "127.0.9.9", 27300, 27315)

	ana, bruno, menu := newMouth(t, "127.0.0.1", 0x11), newMouth(t, "127.0.0.1", 0x22), newMouth(t, "127.0.0.1", 0x44)
	a, err := ua.New(server, netip.MustParseAddr("127.0.0.1"), func(c *ua.Call) { c.Answer(bruno.at()); bruno.speak(c.Sound) })
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	for _, name := range []string{"1002", "1001", "1003"} {
		if _, err := a.User(name, "bench").Register(ctx, time.Hour, false); err != nil {
			t.Fatal(err)
		}
	}
	call := func(m *mouth, from, to string) *ua.Call {
		c, err := a.User(from, "bench").Call(ctx, to, m.at())
		if err != nil {
			t.Fatal(err)
		}
		m.speak(c.Sound)
		return c
	}
	call(ana, "1001", "1002")
	call(menu, "1003", "600")
	heard := func() (talk, told int) {
		_, fromBruno := ana.heard(0x22)
		_, fromAna := bruno.heard(0x11)
		all, _ := menu.heard(0)
		return min(fromBruno, fromAna), all
	}
	enough := func(more int) func() (any, bool) {
		talk, told := heard()
		return func() (any, bool) {
			x, y := heard()
			return []int{x, y}, x > talk+more && y > told+more
		}
	}
	until(t, 5*time.Second, "sound on all calls", enough(25))
	neighbour := spray(t, "127.0.0.1", 27300, 27315)
	until(t, 10*time.Second, "two seconds more of it", enough(100))

	for name, s := range map[string]*sprayer{"another machine": stranger, "a phone's own machine": neighbour} {
		if n := s.stop(); n != 0 || s.sent < 1000 {
			t.Errorf("%s: %d octets came back to %d packets", name, n, s.sent)
		}
	}
	for name, m := range map[string]*mouth{"ana": ana, "bruno": bruno, "at the menu": menu} {
		if _, his := m.heard(0x33); his != 0 {
			t.Errorf("%s heard %d packets of the stranger", name, his)
		}
	}
}

// mouth is a phone's sound: it says one octet over and over and counts what it hears.
type mouth struct {
	t    *testing.T
	c    *net.UDPConn
	mark byte

	mu   sync.Mutex
	all  int
	seen [256]int // packets of that octet alone
}

func newMouth(t *testing.T, host string, mark byte) *mouth {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	m := &mouth{t: t, c: c, mark: mark}
	go func() {
		var b [2048]byte
		for {
			n, err := c.Read(b[:])
			if err != nil {
				return
			}
			m.mu.Lock()
			if m.all++; n > 12 && bytes.Count(b[12:n], b[12:13]) == n-12 {
				m.seen[b[12]]++
			}
			m.mu.Unlock()
		}
	}()
	return m
}

func (m *mouth) at() netip.AddrPort { return m.c.LocalAddr().(*net.UDPAddr).AddrPort() }

// speak sends packets of 20 ms until the socket is closed.
func (m *mouth) speak(to netip.AddrPort) {
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for n := uint16(1); ; n++ {
			if _, err := m.c.WriteToUDPAddrPort(sound(n, uint32(m.mark), m.mark), to); errors.Is(err, net.ErrClosed) {
				return
			}
			<-tick.C
		}
	}()
}

func (m *mouth) heard(mark byte) (all, those int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.all, m.seen[mark]
}

// sound is a packet of 20 ms of one octet (RFC 3550 section 5.1, PCMU).
func sound(n uint16, ssrc uint32, mark byte) []byte {
	p := append([]byte{0x80, 0}, make([]byte, 10)...)
	binary.BigEndian.PutUint16(p[2:], n)
	binary.BigEndian.PutUint32(p[4:], uint32(n)*160)
	binary.BigEndian.PutUint32(p[8:], ssrc)
	return append(p, bytes.Repeat([]byte{mark}, 160)...)
}

// sprayer sends sound to even ports, as if it were ana's, and reports to odd ones.
type sprayer struct {
	c        *net.UDPConn
	over     chan struct{}
	done     sync.WaitGroup
	sent     int
	received int
}

func spray(t *testing.T, from string, first, last int) *sprayer {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(from)})
	if err != nil {
		t.Fatal(err)
	}
	s := &sprayer{c: c, over: make(chan struct{})}
	t.Cleanup(func() { _ = c.Close() })
	s.done.Go(func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for n := uint16(1); ; n++ {
			for port := first; port <= last; port++ {
				p := sound(n, 0x11, 0x33)
				if port%2 == 1 {
					p = []byte{0x80, 201, 0, 1, 0, 0, 0, 0x11} // an empty receiver report
				}
				_, _ = c.WriteToUDPAddrPort(p, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(port))) // nobody may be there
				s.sent++
			}
			select {
			case <-s.over:
				return
			case <-tick.C:
			}
		}
	})
	s.done.Go(func() {
		var b [2048]byte
		for {
			n, err := c.Read(b[:])
			if err != nil {
				select {
				case <-s.over:
					return
				default: // nobody was at a port
				}
			}
			s.received += n
		}
	})
	return s
}

// stop ends it and gives how many octets came back.
func (s *sprayer) stop() int {
	close(s.over)
	_ = s.c.Close()
	s.done.Wait()
	return s.received
}
