package rtp

import (
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// batchMax is how many datagrams one system call takes from a socket: 160 ms of a
// call, more than wait but after a pause. What is left comes in the next round.
const batchMax = 8

// batch is the memory that datagrams of one socket after the other are read into.
// It is a thread's own.
type batch struct {
	heads [batchMax]mmsghdr
	iov   [batchMax]unix.Iovec
	from  [batchMax]unix.RawSockaddrInet6 // room for either family
	data  [batchMax][datagramMax]byte
}

// mmsghdr is struct mmsghdr of recvmmsg(2): its padding on 64 bits is Go's own.
type mmsghdr struct {
	unix.Msghdr
	size uint32
}

func newBatch() *batch {
	b := new(batch)
	for i := range b.heads {
		b.iov[i].Base = &b.data[i][0]
		b.iov[i].SetLen(datagramMax)
		h := &b.heads[i].Msghdr
		h.Iov = &b.iov[i]
		h.SetIovlen(1)
		h.Name = (*byte)(unsafe.Pointer(&b.from[i]))
	}
	return b
}

// fill reads what waits at a socket and returns how many datagrams that are; 0 also
// when the far end's kernel refused something of ours (ICMP), which clears it.
func (b *batch) fill(u *udp) int {
	u.read.Lock()
	defer u.read.Unlock()
	if u.fd < 0 {
		return 0
	}
	for i := range b.heads {
		b.heads[i].Namelen = unix.SizeofSockaddrInet6
	}
	n, _, err := unix.RawSyscall6(unix.SYS_RECVMMSG, uintptr(u.fd), uintptr(unsafe.Pointer(&b.heads[0])), batchMax, unix.MSG_DONTWAIT, 0, 0)
	if err != 0 {
		return 0
	}
	return int(n)
}

// datagram is one of those read.
func (b *batch) datagram(i int) ([]byte, netip.AddrPort) {
	return b.data[i][:min(b.heads[i].size, datagramMax)], b.sender(i)
}

func (b *batch) sender(i int) netip.AddrPort {
	if a := &b.from[i]; a.Family == unix.AF_INET6 {
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), port(a.Port))
	}
	a := (*unix.RawSockaddrInet4)(unsafe.Pointer(&b.from[i]))
	return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), port(a.Port))
}

// port turns network order.
func port(p uint16) uint16 {
	b := (*[2]byte)(unsafe.Pointer(&p))
	return uint16(b[0])<<8 | uint16(b[1])
}
