package highway

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"centralita/hal"
)

// Geometry of both streams.
const (
	rate   = 8000
	period = hal.FrameSamples // frames: 10 ms
)

// bufferFor is how many frames each buffer holds: twice what is kept ahead, so that as
// much may wait on the way in as on the way out.
func bufferFor(ahead int) int { return 2 * ahead * period }

// never is a start threshold that no amount of sound reaches.
const never = 1 << 30

// protocol is the version of the kernel's interface that is spoken here, 2.0.15.
const protocol = 2<<16 | 15

// pcm is an open PCM device. It fulfils stream.
type pcm struct {
	path    string
	fd      int
	buffer  int // frames
	capture bool
}

// openPCM opens a device and has it agree to the geometry.
func openPCM(path string, buffer int, capture bool) (*pcm, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	p := &pcm{path: path, fd: fd, buffer: buffer, capture: capture}
	if err := p.agree(); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// wanted are the parameters in which nothing is left open but what does not matter.
func wanted(buffer int) *hwParams {
	h := &hwParams{rmask: ^uint32(0)}
	for i := range h.masks {
		for j := range h.masks[i].bits {
			h.masks[i].bits[j] = ^uint32(0)
		}
	}
	for i := range h.intervals {
		h.intervals[i].max = ^uint32(0)
	}
	h.masks[maskAccess] = mask{bits: [8]uint32{1 << accessInterleaved}}
	h.masks[maskFormat] = mask{bits: [8]uint32{1 << formatS16LE}}
	for at, v := range map[int]uint32{
		intervalChannels: hal.SlotCount, intervalRate: rate, intervalPeriodSize: period, intervalBufferSize: uint32(buffer),
	} {
		h.intervals[at] = interval{v, v, intervalInteger}
	}
	return h
}

func (p *pcm) agree() error {
	h := wanted(p.buffer)
	if err := p.ioctl(ioctlHWParams, unsafe.Pointer(h)); err != nil {
		if errors.Is(err, unix.EINVAL) {
			return p.refusal()
		}
		return fmt.Errorf("parameters: %w", err)
	}
	s := &swParams{
		periodStep: 1, availMin: period, xferAlign: 1, startThreshold: never, stopThreshold: uint(p.buffer), proto: protocol,
	}
	if err := p.ioctl(ioctlSWParams, unsafe.Pointer(s)); err != nil {
		return fmt.Errorf("thresholds: %w", err)
	}
	return nil
}

// refusal says what the device could do instead.
func (p *pcm) refusal() error {
	h := wanted(p.buffer)
	for i := range h.intervals {
		h.intervals[i] = interval{max: ^uint32(0)}
	}
	if err := p.ioctl(ioctlHWRefine, unsafe.Pointer(h)); err != nil {
		return errors.New("takes no interleaved 16-bit samples at all")
	}
	c, r, n := h.intervals[intervalChannels], h.intervals[intervalRate], h.intervals[intervalBufferSize]
	return fmt.Errorf("does not take %d channels of 16 bits at %d Hz in %d periods of %d frames; it has %d..%d channels, %d..%d Hz, buffers of %d..%d frames",
		hal.SlotCount, rate, p.buffer/period, period, c.min, c.max, r.min, r.max, n.min, n.max)
}

// ioctl is one call; what p points to stays where it is meanwhile, since it is reached
// by a pointer of this frame.
func (p *pcm) ioctl(request uintptr, with unsafe.Pointer) error {
	for {
		_, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(p.fd), request, uintptr(with))
		switch e {
		case 0:
			return nil
		case unix.EINTR:
			continue
		}
		return e
	}
}

func (p *pcm) link(with stream) error {
	other, ok := with.(*pcm)
	if !ok {
		return unix.EINVAL
	}
	// The argument is the other's descriptor itself, not a pointer to it.
	_, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(p.fd), ioctlLink, uintptr(other.fd))
	if e != 0 {
		return e
	}
	return nil
}

func (p *pcm) prepare() error { return p.ioctl(ioctlPrepare, nil) }
func (p *pcm) start() error   { return p.ioctl(ioctlStart, nil) }
func (p *pcm) drop() error    { return p.ioctl(ioctlDrop, nil) }

func (p *pcm) delay() (int, error) {
	var frames int
	err := p.ioctl(ioctlDelay, unsafe.Pointer(&frames))
	return frames, err
}

func (p *pcm) transfer(samples []int16) (int, error) {
	x := xferi{buf: unsafe.Pointer(unsafe.SliceData(samples)), frames: uint(len(samples) / hal.SlotCount)}
	request := ioctlWrite
	if p.capture {
		request = ioctlRead
	}
	err := p.ioctl(request, unsafe.Pointer(&x))
	runtime.KeepAlive(samples)
	if err != nil {
		return 0, err
	}
	return x.result, nil
}

func (p *pcm) wait(patience time.Duration) (bool, error) {
	events := int16(unix.POLLOUT)
	if p.capture {
		events = unix.POLLIN
	}
	fds := [1]unix.PollFd{{Fd: int32(p.fd), Events: events}}
	limit := unix.NsecToTimespec(int64(patience))
	n, err := unix.Ppoll(fds[:], &limit, nil)
	if errors.Is(err, unix.EINTR) { // the caller looks at the time anyway
		return false, nil
	}
	return n > 0, err
}

func (p *pcm) close() error { return unix.Close(p.fd) }
