package rtp

import (
	"net"
	"net/netip"
	"testing"
)

// A session at "::" hears far ends of both families, each from its own address, and
// sends back to them.
func TestSoundOfBothFamilies(t *testing.T) {
	p := &Ports{Host: netip.IPv6Unspecified(), Min: 42000, Max: 42099}
	for _, far := range []string{"::1", "127.0.0.1"} {
		s, err := New(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		addr := netip.MustParseAddr(far)
		c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(addr, 0)))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		phone := &telephone{c, t, c.LocalAddr().(*net.UDPAddr).AddrPort()}
		r := agreed()
		r.Addr = phone.addr
		s.Connect(r)
		for i := range 10 {
			if _, err := c.WriteToUDPAddrPort(pack(uint16(i), uint32(160*i), 7, PCMA, make([]byte, 160)), netip.AddrPortFrom(addr, uint16(s.Port()))); err != nil {
				t.Fatal(err)
			}
		}
		wait(t, "ten packets of "+far, func() bool { return s.Counts().Received == 10 })
		if err := s.sound.WriteTo(pack(1, 160, 7, PCMA, make([]byte, 160)), phone.addr); err != nil {
			t.Fatal(err)
		}
		var b [2048]byte
		n, from, err := c.ReadFromUDPAddrPort(b[:])
		if want := netip.AddrPortFrom(addr, uint16(s.Port())); err != nil || n != 172 || from != want {
			t.Errorf("%d bytes of %v, %v; want 172 of %v", n, from, err, want)
		}
	}
}
