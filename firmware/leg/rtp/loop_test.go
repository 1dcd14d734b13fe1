package rtp

import (
	"encoding/binary"
	"net"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/pion/rtp"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

var here = netip.MustParseAddr("127.0.0.1")

// telephone is a far end on a socket of the kernel.
type telephone struct {
	*net.UDPConn
	t    testing.TB
	addr netip.AddrPort
}

func newTelephone(t testing.TB) *telephone {
	t.Helper()
	c, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(here, 0)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return &telephone{c, t, c.LocalAddr().(*net.UDPAddr).AddrPort()}
}

func (p *telephone) say(b []byte, port int) {
	p.t.Helper()
	if _, err := p.WriteToUDPAddrPort(b, netip.AddrPortFrom(here, uint16(port))); err != nil {
		p.t.Fatal(err)
	}
}

// kernelPorts are sockets of the kernel on loopback.
func kernelPorts() *Ports { return &Ports{Host: here, Min: 41000, Max: 41999} }

// call is a started session with its telephone.
func call(t testing.TB, p *Ports) (*Session, *telephone) {
	t.Helper()
	s, err := New(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	far := newTelephone(t)
	r := agreed()
	r.Addr = far.addr
	s.Connect(r)
	return s, far
}

func wait(t testing.TB, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not in 5 s: " + what)
		}
	}
}

func TestOneThreadReadsAllSocketsAndEndsWithThem(t *testing.T) {
	before := goleak.IgnoreCurrent()
	p := kernelPorts()
	var sessions []*Session
	for range 20 {
		s, far := call(t, p)
		sessions = append(sessions, s)
		for i := range 50 {
			far.say(pack(uint16(i), uint32(160*i), 7, PCMA, make([]byte, 160)), s.Port())
		}
		far.say([]byte{0x80, 201, 0, 1, 0, 0, 0, 7}, s.Port()+1)
	}
	for _, s := range sessions {
		wait(t, "50 packets and a report", func() bool { c := s.Counts(); return c.Received == 50 && c.Reports == 1 })
		s.Close()
	}
	goleak.VerifyNone(t, before)
	s, far := call(t, p) // and it begins again
	far.say(pack(1, 1, 7, PCMA, make([]byte, 160)), s.Port())
	wait(t, "a packet", func() bool { return s.Counts().Received == 1 })
}

// The thread may keep a place of its own to run Go code; the collector still stops it
// at once, and it reads as well.
func TestThreadInAPlaceOfItsOwn(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	s, far := call(t, kernelPorts())
	for i := range 50 {
		far.say(pack(uint16(i), uint32(160*i), 7, PCMA, make([]byte, 160)), s.Port())
		began := time.Now()
		runtime.GC()
		if took := time.Since(began); took > time.Second {
			t.Fatalf("a collection took %v", took)
		}
	}
	wait(t, "50 packets", func() bool { return s.Counts().Received == 50 })
}

func TestSoundIsMarkedForRouters(t *testing.T) {
	u, err := openUDP(here, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	if tos, err := unix.GetsockoptInt(u.fd, unix.IPPROTO_IP, unix.IP_TOS); err != nil || tos>>2 != 46 {
		t.Fatalf("DSCP %d, %v; want 46 (EF)", tos>>2, err)
	}
}

func TestClosedSocketIsNobodys(t *testing.T) {
	u, err := openUDP(here, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.Close(); err != nil {
		t.Fatal(err)
	}
	if err := u.WriteTo([]byte{1}, netip.AddrPortFrom(here, 9)); err != unix.EBADF {
		t.Fatalf("write after close: %v", err)
	}
	if n := newBatch().fill(u); n != 0 {
		t.Fatalf("%d datagrams after close", n)
	}
}

func TestReadingAllocatesNothing(t *testing.T) {
	s, err := New(kernelPorts(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	far := newTelephone(t)
	r := agreed()
	r.Addr = far.addr
	s.Connect(r)
	b, p := newBatch(), new(rtp.Packet)
	w := watched{sock: s.sound.(*udp), session: s}
	pk := pack(0, 0, 7, PCMA, make([]byte, 160))
	n := uint16(0)
	next := func() {
		for range 3 {
			n++
			binary.BigEndian.PutUint16(pk[2:], n)
			binary.BigEndian.PutUint32(pk[4:], uint32(n)*160)
			far.say(pk, s.Port())
		}
		w.read(b, p)
	}
	for range 5 { // past the lock, which allocates once
		next()
	}
	if a := testing.AllocsPerRun(200, next); a != 0 {
		t.Fatalf("%v allocations for three packets", a)
	}
	if c := s.Counts(); c.Received != uint64(n) {
		t.Fatalf("%d of %d packets", c.Received, n)
	}
}
