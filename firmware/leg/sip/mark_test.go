package sip

import (
	"net"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func marked(t *testing.T, socket any) (tos int) {
	t.Helper()
	raw, err := socket.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	_ = raw.Control(func(fd uintptr) { tos, err = unix.GetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_TOS) })
	if err != nil {
		t.Fatal(err)
	}
	return tos
}

// TestSignallingIsMarked on every socket, the later ones too.
func TestSignallingIsMarked(t *testing.T) {
	e, _, _ := tlsBox(t, nil)
	for _, dscp := range []int{24, 40, 0} {
		e.SetDSCP(dscp)
		for name, s := range map[string]any{"UDP": e.udp, "TCP": e.tcp, "TLS": e.secure.socket} {
			if got := marked(t, s); got != dscp<<2 {
				t.Errorf("%s: TOS %#x, want DSCP %d", name, got, dscp)
			}
		}
	}
	e.SetDSCP(24)
	if err := e.ListenTLS("127.0.0.3:0"); err != nil {
		t.Fatal(err)
	}
	if got := marked(t, e.secure.socket); got != 24<<2 {
		t.Errorf("a door that moved has TOS %#x", got)
	}
	d := e.dialer(nil)
	c, err := d.Dial("tcp", e.addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got := marked(t, c.(*net.TCPConn)); got != 24<<2 {
		t.Errorf("a connection of ours has TOS %#x", got)
	}
}
