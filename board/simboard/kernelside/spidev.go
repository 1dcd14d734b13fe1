package kernelside

import (
	"golang.org/x/sys/unix"
	"periph.io/x/conn/v3/spi"
)

// Requests of spidev, _IO of 'k'.
const (
	magic = 'k'

	requestMessage = 0
	requestMode    = 1
	requestOrder   = 2
	requestBits    = 3
	requestSpeed   = 4
	requestMode32  = 5

	toKernel = 1 // direction of a request: written
)

// Bounds of a message, as the kernel's own driver has them: bytes, and pieces of memory
// that one call may name.
const (
	messageMost  = 4096
	transferSize = 32 // struct spi_ioc_transfer
	piecesMost   = 256
)

// spidev is one chip select of a bus as a device of the kernel's.
type spidev struct {
	chips spi.Conn
	look  func() // before each transfer
	set   map[uint32][]byte
}

func newSpidev(chips spi.Conn, look func()) *spidev {
	return &spidev{chips: chips, look: look, set: map[uint32][]byte{
		requestMode: {0}, requestOrder: {0}, requestBits: {8}, requestSpeed: {0x40, 0x42, 0x0F, 0}, requestMode32: {0, 0, 0, 0},
	}}
}

// ioctl fulfils what CUSE asks.
func (s *spidev) ioctl(c call) answer {
	number, size := c.request&0xFF, c.request>>16&0x3FFF
	if c.request>>8&0xFF != magic {
		return answer{errno: unix.ENOTTY}
	}
	if number == requestMessage {
		return s.message(c, size)
	}
	value, known := s.set[number]
	memory := []span{{c.arg, uint64(size)}}
	switch {
	case !known || size != uint32(len(value)):
		return answer{errno: unix.ENOTTY}
	case c.request>>30 == toKernel && len(c.given) == 0:
		return answer{take: memory}
	case c.request>>30 == toKernel:
		if len(c.given) < len(value) {
			return answer{errno: unix.EFAULT}
		}
		copy(value, c.given)
		switch number { // the same thing in two widths
		case requestMode:
			s.set[requestMode32][0] = value[0]
		case requestMode32:
			s.set[requestMode][0] = value[0]
		}
		return answer{}
	case c.room < size:
		return answer{give: memory}
	}
	return answer{data: value}
}

// transfer is one of a message.
type transfer struct {
	out, in uint64 // where the bytes are in the program; 0 none
	length  int
	lift    bool // chip select rises after it; of the last: stays low
	bits    byte
}

// message does SPI_IOC_MESSAGE. The kernel knows the memory that it names only from us:
// it is asked first for the list of transfers, then for what they write.
func (s *spidev) message(c call, size uint32) answer {
	if size == 0 || size%transferSize != 0 {
		return answer{errno: unix.EINVAL}
	}
	list := span{c.arg, uint64(size)}
	if uint32(len(c.given)) < size {
		if len(c.given) > 0 {
			return answer{errno: unix.EFAULT}
		}
		return answer{take: []span{list}}
	}
	transfers, errno := transfersOf(c.given[:size])
	if errno != 0 {
		return answer{errno: errno}
	}
	take, give, tx, rx := memoryOf(list, transfers)
	if len(take)+len(give) > piecesMost {
		return answer{errno: unix.E2BIG}
	}
	written := c.given[size:]
	if len(written) < tx || int(c.room) < rx {
		if len(written) > 0 {
			return answer{errno: unix.EFAULT} // the list changed while it was read
		}
		return answer{take: take, give: give}
	}
	return s.shift(transfers, written)
}

func transfersOf(list []byte) (transfers []transfer, _ unix.Errno) {
	total := 0
	for b := list; len(b) >= transferSize; b = b[transferSize:] {
		t := transfer{out: le.Uint64(b), in: le.Uint64(b[8:]), lift: b[27] != 0, bits: b[26]}
		n := le.Uint32(b[16:])
		if n > messageMost {
			return nil, unix.EMSGSIZE
		}
		t.length = int(n)
		if total += t.length; total > messageMost {
			return nil, unix.EMSGSIZE
		}
		transfers = append(transfers, t)
	}
	return transfers, 0
}

// memoryOf is what is read and written of the program's memory, and how many bytes.
func memoryOf(list span, transfers []transfer) (take, give []span, tx, rx int) {
	take = []span{list}
	for _, t := range transfers {
		if t.out != 0 && t.length > 0 {
			take = append(take, span{t.out, uint64(t.length)})
			tx += t.length
		}
		if t.in != 0 && t.length > 0 {
			give = append(give, span{t.in, uint64(t.length)})
			rx += t.length
		}
	}
	return take, give, tx, rx
}

// mode3 is clock idle high, sampled on its rising edge: what the line chips need. In
// another they would read garbage, which is refused rather than played.
const mode3 = 3

func (s *spidev) shift(transfers []transfer, written []byte) answer {
	if s.set[requestMode][0]&3 != mode3 || s.set[requestOrder][0] != 0 {
		return answer{errno: unix.EINVAL}
	}
	packets, total := make([]spi.Packet, len(transfers)), 0
	var read []byte
	for i, t := range transfers {
		if bits := t.bits; bits != 0 && bits != 8 || bits == 0 && s.set[requestBits][0]&^8 != 0 {
			return answer{errno: unix.EINVAL}
		}
		p := &packets[i]
		p.W = make([]byte, t.length) // what is not written is zeros on the wire
		if t.out != 0 {
			written = written[copy(p.W, written):]
		}
		if t.in != 0 && t.length > 0 {
			p.R = make([]byte, t.length)
		}
		last := i == len(transfers)-1
		p.KeepCS = t.lift == last
		total += t.length
	}
	s.look()
	if err := s.chips.TxPackets(packets); err != nil {
		return answer{errno: unix.EIO}
	}
	for _, p := range packets {
		read = append(read, p.R...)
	}
	return answer{result: int32(total), data: read}
}
