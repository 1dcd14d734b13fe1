package sound

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// socket is the UDP socket of one end of a call, not blocking. Each end has its
// own, as telephones have.
type socket struct {
	fd   int
	addr netip.AddrPort
	to   unix.RawSockaddrInet4
}

// openSocket binds a port of an address; 0 is any.
func openSocket(host netip.Addr, port int) (*socket, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("sound: socket: %w", err)
	}
	s := &socket{fd: fd}
	if err := s.prepare(host, port); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("sound: %v:%d: %w", host, port, err)
	}
	return s, nil
}

func (s *socket) prepare(host netip.Addr, port int) error {
	if err := unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err != nil {
		return err
	}
	if err := unix.Bind(s.fd, &unix.SockaddrInet4{Addr: host.As4(), Port: port}); err != nil {
		return err
	}
	sa, err := unix.Getsockname(s.fd)
	if err != nil {
		return err
	}
	s.addr = netip.AddrPortFrom(host, uint16(sa.(*unix.SockaddrInet4).Port))
	return nil
}

func (s *socket) close() { unix.Close(s.fd) }

// aim says where write sends to.
func (s *socket) aim(to netip.AddrPort) {
	s.to = unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: to.Addr().As4()}
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&s.to.Port))[:], to.Port())
}

// write sends one datagram; a refusal is a loss, which the other end sees.
func (s *socket) write(b []byte) {
	_, _, _ = unix.RawSyscall6(unix.SYS_SENDTO, uintptr(s.fd), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)),
		unix.MSG_DONTWAIT, uintptr(unsafe.Pointer(&s.to)), unix.SizeofSockaddrInet4)
}

// batch is how many datagrams one call of the kernel takes. A stream has one
// every 20 ms and is read as often.
const batch = 4

// reader receives datagrams with their times.
type reader struct {
	heads   [batch]mmsghdr
	vectors [batch]unix.Iovec
	names   [batch]unix.RawSockaddrInet4
	bytes   [batch][512]byte
	control [batch][64]byte
}

// mmsghdr is struct mmsghdr of recvmmsg(2).
type mmsghdr struct {
	head unix.Msghdr
	len  uint32
}

func newReader() *reader {
	r := &reader{}
	for i := range r.heads {
		h := &r.heads[i].head
		r.vectors[i].Base = &r.bytes[i][0]
		r.vectors[i].SetLen(len(r.bytes[i]))
		h.Name = (*byte)(unsafe.Pointer(&r.names[i]))
		h.Iov = &r.vectors[i]
		h.SetIovlen(1)
		h.Control = &r.control[i][0]
	}
	return r
}

// read gives what has come: bytes, the kernel's time in ns and the sender's port.
func (r *reader) read(s *socket, see func(b []byte, at int64, from uint16)) {
	for {
		for i := range r.heads {
			r.heads[i].head.Namelen = unix.SizeofSockaddrInet4
			r.heads[i].head.SetControllen(len(r.control[i]))
		}
		n, _, e := unix.RawSyscall6(unix.SYS_RECVMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&r.heads[0])), batch, unix.MSG_DONTWAIT, 0, 0)
		if e != 0 {
			return // nothing there, or the word that nobody listens at the other end yet
		}
		for i := range int(n) {
			h := &r.heads[i]
			port := (*[2]byte)(unsafe.Pointer(&r.names[i].Port))
			see(r.bytes[i][:min(int(h.len), len(r.bytes[i]))], stamp(r.control[i][:h.head.Controllen]), binary.BigEndian.Uint16(port[:]))
		}
		if n < batch {
			return
		}
	}
}

// stamp is the time in a control message of SO_TIMESTAMPNS, which stands alone.
func stamp(control []byte) int64 {
	if len(control) < unix.CmsgLen(int(unsafe.Sizeof(unix.Timespec{}))) {
		return now()
	}
	ts := (*unix.Timespec)(unsafe.Pointer(&control[unix.CmsgLen(0)]))
	return ts.Nano()
}

// now is the clock that the kernel stamps with.
func now() int64 {
	var ts unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_REALTIME, &ts) // it does not fail
	return ts.Nano()
}
