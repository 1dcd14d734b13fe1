package sip

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// SetDSCP marks our signalling for routers (RFC 2474), from now on and on every
// socket: 24 is class selector 3, which phones and switches expect of it, 0 no mark.
// That a socket refuses it harms nothing.
func (e *Endpoint) SetDSCP(dscp int) {
	e.dscp.Store(int32(dscp))
	mark(e.udp, dscp)
	mark(e.tcp, dscp) // connections taken from now on inherit it
	e.secure.mu.Lock()
	defer e.secure.mu.Unlock()
	mark(e.secure.socket, dscp)
}

// mark sets the upper six bits of the TOS or traffic class byte.
func mark(socket any, dscp int) {
	s, ok := socket.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_TOS, dscp<<2)
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_TCLASS, dscp<<2)
	})
}

// dialer connects to providers.
func (e *Endpoint) dialer(net.Addr) net.Dialer {
	return net.Dialer{Timeout: tcpDial, Control: func(_, _ string, c syscall.RawConn) error {
		_ = c.Control(func(fd uintptr) {
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_TOS, int(e.dscp.Load())<<2)
		})
		return nil
	}}
}
