package rtp

import (
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

var errWouldWait = errors.New("rtp: socket buffer is full, packet dropped")

// udp is a socket of the kernel that never waits. Its system calls go past Go's
// scheduler: none of them blocks, and telling the scheduler would cost as much
// again. Both directions have a lock, for a descriptor that is closed is at once
// somebody else's.
type udp struct {
	port  int
	read  sync.Mutex
	write sync.Mutex
	fd    int  // -1 is closed; Close takes both locks
	six   bool // of IPv6, and of IPv4 too where it is bound to no address

	to4 unix.RawSockaddrInet4
	to6 unix.RawSockaddrInet6
}

// dscpEF is expedited forwarding (RFC 3246) in the upper six bits of the TOS
// byte, the customary mark of voice (RFC 4594).
const dscpEF = 46 << 2

// bufferBytes is what the kernel may hold for a socket: 200 packets, four seconds
// of one call, for the moments in which the reading thread does not come to run.
const bufferBytes = 200 * 1024

func openUDP(host netip.Addr, port int) (*udp, error) {
	domain, at := unix.AF_INET6, unix.Sockaddr(&unix.SockaddrInet6{Port: port, Addr: host.As16()})
	if host.Is4() {
		domain, at = unix.AF_INET, &unix.SockaddrInet4{Port: port, Addr: host.As4()}
	}
	fd, err := unix.Socket(domain, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("rtp: socket: %w", err)
	}
	// Marks for routers and room for a pause: a refusal of either harms nothing.
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_TOS, dscpEF)
	if domain == unix.AF_INET6 {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_TCLASS, dscpEF)
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0)
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, bufferBytes)
	if err := unix.Bind(fd, at); err != nil {
		_ = unix.Close(fd) // nothing was sent on it
		return nil, fmt.Errorf("rtp: port %d: %w", port, err)
	}
	u := &udp{port: port, fd: fd, six: domain == unix.AF_INET6}
	u.to4.Family, u.to6.Family = unix.AF_INET, unix.AF_INET6
	return u, nil
}

// WriteTo sends b or drops it.
func (u *udp) WriteTo(b []byte, to netip.AddrPort) error {
	if len(b) == 0 {
		return nil
	}
	u.write.Lock()
	defer u.write.Unlock()
	if u.fd < 0 {
		return unix.EBADF
	}
	at, size := u.place(to)
	for {
		_, _, err := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(u.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)),
			unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, uintptr(at), size)
		switch err {
		case 0:
			return nil
		case unix.EINTR:
		case unix.EAGAIN:
			return errWouldWait
		default:
			return err
		}
	}
}

// place writes an address as the kernel reads it; the port stands in network order.
func (u *udp) place(to netip.AddrPort) (unsafe.Pointer, uintptr) {
	if a := to.Addr(); !u.six && (a.Is4() || a.Is4In6()) {
		u.to4.Addr = a.As4()
		putPort(&u.to4.Port, to.Port())
		return unsafe.Pointer(&u.to4), unix.SizeofSockaddrInet4
	} else {
		u.to6.Addr = a.As16()
		putPort(&u.to6.Port, to.Port())
		return unsafe.Pointer(&u.to6), unix.SizeofSockaddrInet6
	}
}

func putPort(p *uint16, port uint16) {
	b := (*[2]byte)(unsafe.Pointer(p))
	b[0], b[1] = byte(port>>8), byte(port)
}

// Close ends the socket; nothing is read or written afterwards.
func (u *udp) Close() error {
	u.read.Lock()
	defer u.read.Unlock()
	u.write.Lock()
	defer u.write.Unlock()
	if u.fd < 0 {
		return nil
	}
	fd := u.fd
	u.fd = -1
	return unix.Close(fd)
}
