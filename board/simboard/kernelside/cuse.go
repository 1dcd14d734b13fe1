package kernelside

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Requests of the kernel that a character device gets.
const (
	opOpen, opRelease, opInterrupt, opDestroy, opIoctl, opInit = 14, 18, 36, 38, 39, 4096

	headerIn, headerOut = 40, 16 // bytes before a request and an answer
	ioctlIn             = 32     // and before what an ioctl gives
	initOut             = 72
	ioctlRetry          = 4 // "ask again, with this memory"
	unrestricted        = 1 // the ioctls say themselves what memory they mean
	protocolMajor       = 7
)

// requestMost bounds one request: a message of spidev is some kilobytes.
const requestMost = 1 << 16

// span is memory of the program that called.
type span struct{ base, length uint64 }

// call is an ioctl of a program on the device.
type call struct {
	request uint32
	arg     uint64
	given   []byte // what was asked for of the program's memory
	room    uint32 // bytes that may be put there
}

// answer is what becomes of a call: an error, or first the memory that is needed to
// answer, or a result and what is put into the program's memory.
type answer struct {
	errno      unix.Errno
	take, give []span
	result     int32
	data       []byte
}

// cuse is a character device that this process answers for.
type cuse struct {
	fd, quit int
	name     string
	ioctl    func(call) answer
	out      []byte
}

var le = binary.LittleEndian

// newCUSE makes the device /dev/name; it is there once served.
func newCUSE(name string, ioctl func(call) answer) (*cuse, error) {
	const path = "/dev/cuse"
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	quit, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	return &cuse{fd: fd, quit: quit, name: name, ioctl: ioctl}, nil
}

// serve answers until ctx ends; the device is gone then. It waits in system calls of
// its own and not with Go's poller, which takes longer than the answers.
func (c *cuse) serve(ctx context.Context) error {
	defer func() { _ = errors.Join(unix.Close(c.fd), unix.Close(c.quit)) }()
	stop := context.AfterFunc(ctx, func() { _, _ = unix.Write(c.quit, []byte{1, 0, 0, 0, 0, 0, 0, 0}) })
	defer stop()
	fds := []unix.PollFd{{Fd: int32(c.fd), Events: unix.POLLIN}, {Fd: int32(c.quit), Events: unix.POLLIN}}
	request := make([]byte, 2*requestMost) // the kernel refuses less than a whole write and its headers
	for {
		if _, err := unix.Poll(fds, -1); err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("cuse: %s: %w", c.name, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		n, err := unix.Read(c.fd, request)
		switch {
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN), errors.Is(err, unix.ENOENT):
			continue // ENOENT: the program gave its call up
		case err != nil:
			return fmt.Errorf("cuse: %s: %w", c.name, err)
		}
		reply := c.reply(request[:n])
		if reply == nil {
			continue
		}
		if _, err := unix.Write(c.fd, reply); err != nil && !errors.Is(err, unix.ENOENT) {
			return fmt.Errorf("cuse: %s: %w", c.name, err)
		}
	}
}

// reply answers one request; nil where none is wanted.
func (c *cuse) reply(request []byte) []byte {
	if len(request) < headerIn {
		return nil
	}
	op, body := le.Uint32(request[4:]), request[headerIn:]
	c.out = append(c.out[:0], make([]byte, headerOut)...)
	copy(c.out[8:], request[8:16]) // which request this answers
	errno := unix.Errno(0)
	switch op {
	case opInit:
		errno = c.begin(body)
	case opOpen:
		c.out = append(c.out, make([]byte, 16)...)
	case opRelease, opDestroy:
	case opInterrupt:
		return nil
	case opIoctl:
		errno = c.control(body)
	default:
		errno = unix.ENOSYS
	}
	if errno != 0 {
		c.out = c.out[:headerOut]
	}
	le.PutUint32(c.out, uint32(len(c.out)))
	le.PutUint32(c.out[4:], uint32(-int32(errno)))
	return c.out
}

// begin tells the kernel the device's name and ways.
func (c *cuse) begin(body []byte) unix.Errno {
	if len(body) < 8 {
		return unix.EPROTO
	}
	at := len(c.out)
	c.out = append(c.out, make([]byte, initOut)...)
	b := c.out[at:]
	le.PutUint32(b, protocolMajor)
	copy(b[4:8], body[4:8]) // the kernel's own minor version
	le.PutUint32(b[12:], unrestricted)
	le.PutUint32(b[16:], requestMost)
	le.PutUint32(b[20:], requestMost)
	c.out = append(c.out, "DEVNAME="+c.name+"\x00"...)
	return 0
}

func (c *cuse) control(body []byte) unix.Errno {
	if len(body) < ioctlIn {
		return unix.EPROTO
	}
	given := body[ioctlIn:]
	if n := le.Uint32(body[24:]); uint64(n) < uint64(len(given)) {
		given = given[:n]
	}
	a := c.ioctl(call{request: le.Uint32(body[12:]), arg: le.Uint64(body[16:]), given: given, room: le.Uint32(body[28:])})
	if a.errno != 0 {
		return a.errno
	}
	at := len(c.out)
	c.out = append(c.out, make([]byte, 16)...)
	b := c.out[at:]
	if len(a.take)+len(a.give) == 0 {
		le.PutUint32(b, uint32(a.result))
		c.out = append(c.out, a.data...)
		return 0
	}
	le.PutUint32(b[4:], ioctlRetry)
	le.PutUint32(b[8:], uint32(len(a.take)))
	le.PutUint32(b[12:], uint32(len(a.give)))
	for _, list := range [][]span{a.take, a.give} {
		for _, s := range list {
			c.out = le.AppendUint64(le.AppendUint64(c.out, s.base), s.length)
		}
	}
	return 0
}
