package kernelside

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"golang.org/x/sys/unix"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"

	"centralita/hal/sim/bus"
)

// tape writes down edges and bytes and answers each byte with its complement.
type tape struct{ s string }

func (t *tape) Selected(low bool) {
	if low {
		t.s += "["
	} else {
		t.s += "]"
	}
}
func (t *tape) Shift(in byte) byte { t.s += fmt.Sprintf("%02x", in); return ^in }

// program is one that calls the device: its memory, and the kernel between.
type program struct {
	*testing.T
	c      *cuse
	memory []byte
	looked int
	port   *bus.Port
}

func newProgram(t *testing.T, dev bus.Device) *program {
	p := &program{T: t, memory: make([]byte, 1<<14), port: bus.NewPort("SPI0.0", dev)}
	conn, err := p.port.Connect(physic.MegaHertz, spi.Mode3, 8)
	if err != nil {
		t.Fatal(err)
	}
	p.c = &cuse{name: "spidev9.0", ioctl: newSpidev(conn, func() { p.looked++ }).ioctl}
	return p
}

// ioctl does what the kernel does: it asks again with the memory that the device names.
func (p *program) ioctl(request uint32, arg uint64) (int32, error) {
	p.Helper()
	var given []byte
	var give []span
	room := 0
	for range 4 {
		ask := make([]byte, headerIn+ioctlIn, headerIn+ioctlIn+len(given))
		le.PutUint32(ask[4:], opIoctl)
		le.PutUint64(ask[8:], 77)
		le.PutUint32(ask[headerIn+12:], request)
		le.PutUint64(ask[headerIn+16:], arg)
		le.PutUint32(ask[headerIn+24:], uint32(len(given)))
		le.PutUint32(ask[headerIn+28:], uint32(room))
		reply := p.c.reply(append(ask, given...))
		if int(le.Uint32(reply)) != len(reply) || le.Uint64(reply[8:]) != 77 {
			p.Fatalf("reply %x", reply)
		}
		if errno := -int32(le.Uint32(reply[4:])); errno != 0 {
			return 0, unix.Errno(errno)
		}
		body := reply[headerOut:]
		if le.Uint32(body[4:]) != ioctlRetry {
			data := body[16:]
			for _, s := range give {
				data = data[copy(p.memory[s.base:s.base+s.length], data):]
			}
			return int32(le.Uint32(body)), nil
		}
		given, give, room = nil, nil, 0
		takes, spans := int(le.Uint32(body[8:])), body[16:]
		for i := 0; len(spans) > 0; i, spans = i+1, spans[16:] {
			s := span{le.Uint64(spans), le.Uint64(spans[8:])}
			if i < takes {
				given = append(given, p.memory[s.base:s.base+s.length]...)
				continue
			}
			give = append(give, s)
			room += int(s.length)
		}
	}
	p.Fatal("the device never has enough")
	return 0, nil
}

func message(transfers int) uint32 { return toKernel<<30 | uint32(transfers)*32<<16 | magic<<8 }

// transfer writes one into the list at address 1024.
func (p *program) transfer(n int, tx, rx uint64, length uint32, lift byte) {
	b := p.memory[1024+32*n:]
	le.PutUint64(b, tx)
	le.PutUint64(b[8:], rx)
	le.PutUint32(b[16:], length)
	b[26], b[27] = 8, lift
}

func (p *program) mode(m byte) {
	p.Helper()
	p.memory[16] = m
	if _, err := p.ioctl(toKernel<<30|1<<16|magic<<8|requestMode, 16); err != nil {
		p.Fatal(err)
	}
}

// TestMessage: chip select rises where the message lets it, bytes come back in place,
// and the wires are looked at first.
func TestMessage(t *testing.T) {
	dev := &tape{}
	p := newProgram(t, dev)
	p.mode(3)
	copy(p.memory[100:], []byte{1, 2, 3, 4})
	p.transfer(0, 100, 0, 1, 1)   // one byte, chip select rises
	p.transfer(1, 101, 200, 2, 0) // two that stay together with
	p.transfer(2, 0, 300, 1, 0)   // one that is only read
	n, err := p.ioctl(message(3), 1024)
	if err != nil || n != 4 {
		t.Fatalf("%d, %v", n, err)
	}
	if want := "[01][020300]"; dev.s != want {
		t.Errorf("on the wires %s, want %s", dev.s, want)
	}
	if !bytes.Equal(p.memory[200:202], []byte{0xFD, 0xFC}) || p.memory[300] != 0xFF || p.looked != 1 {
		t.Errorf("read % x and % x, looked %d times", p.memory[200:202], p.memory[300], p.looked)
	}
	p.transfer(0, 100, 0, 1, 1)
	if _, err := p.ioctl(message(1), 1024); err != nil {
		t.Fatal(err)
	}
	p.transfer(0, 100, 0, 1, 0)
	if _, err := p.ioctl(message(1), 1024); err != nil {
		t.Fatal(err)
	}
	if want := "[01][020300][0101]"; dev.s != want {
		t.Errorf("on the wires %s, want %s", dev.s, want)
	}
}

// TestSettings: they are kept and read back, the mode in both widths.
func TestSettings(t *testing.T) {
	p := newProgram(t, &tape{})
	p.mode(3)
	if _, err := p.ioctl(2<<30|4<<16|magic<<8|requestMode32, 32); err != nil || p.memory[32] != 3 {
		t.Errorf("mode reads %d, %v", p.memory[32], err)
	}
	le.PutUint32(p.memory[48:], 500_000)
	_, err := p.ioctl(toKernel<<30|4<<16|magic<<8|requestSpeed, 48)
	if _, err2 := p.ioctl(2<<30|4<<16|magic<<8|requestSpeed, 64); err != nil || err2 != nil || le.Uint32(p.memory[64:]) != 500_000 {
		t.Errorf("speed reads %d, %v %v", le.Uint32(p.memory[64:]), err, err2)
	}
}

// TestRefusals: what the chips would read as garbage, and what no kernel does.
func TestRefusals(t *testing.T) {
	p := newProgram(t, &tape{})
	p.transfer(0, 100, 0, 1, 0)
	for _, c := range []struct {
		what    string
		request uint32
		do      func()
		want    unix.Errno
	}{
		{"mode 0", message(1), func() {}, unix.EINVAL},
		{"too long", message(1), func() { p.mode(3); p.transfer(0, 100, 0, messageMost+1, 0) }, unix.EMSGSIZE},
		{"another's ioctl", 0x5401, func() {}, unix.ENOTTY},
		{"no list", message(0), func() {}, unix.EINVAL},
		{"unknown", toKernel<<30 | 4<<16 | magic<<8 | 99, func() {}, unix.ENOTTY},
		{"no bus", message(1), func() { p.transfer(0, 100, 0, 1, 0); p.port.Break(errors.New("broken")) }, unix.EIO},
	} {
		c.do()
		if _, err := p.ioctl(c.request, 1024); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
	}
}

// TestBeginning: the kernel is told the device's name.
func TestBeginning(t *testing.T) {
	c := &cuse{name: "spidev9.1"}
	ask := make([]byte, headerIn+16)
	le.PutUint32(ask[4:], opInit)
	le.PutUint32(ask[headerIn:], protocolMajor)
	le.PutUint32(ask[headerIn+4:], 38)
	reply := c.reply(ask)
	if !bytes.HasSuffix(reply, []byte("DEVNAME=spidev9.1\x00")) || le.Uint32(reply[headerOut+4:]) != 38 || len(reply) != headerOut+initOut+18 {
		t.Errorf("reply %q", reply)
	}
	le.PutUint32(ask[4:], 3)
	if reply = c.reply(ask); -int32(le.Uint32(reply[4:])) != int32(unix.ENOSYS) {
		t.Errorf("an unknown request is answered %x", reply)
	}
}

// FuzzReply: whatever comes, the answer is whole.
func FuzzReply(f *testing.F) {
	ask := make([]byte, headerIn+ioctlIn+64)
	le.PutUint32(ask[4:], opIoctl)
	le.PutUint32(ask[headerIn+12:], message(2))
	f.Add(ask)
	le.PutUint32(ask[headerIn+24:], 64)
	f.Add(ask)
	f.Fuzz(func(t *testing.T, ask []byte) {
		conn, err := bus.NewPort("SPI0.0", &tape{}).Connect(physic.MegaHertz, spi.Mode3, 8)
		if err != nil {
			t.Fatal(err)
		}
		dev := newSpidev(conn, func() {})
		dev.set[requestMode][0] = 3
		c := &cuse{name: "x", ioctl: dev.ioctl}
		if reply := c.reply(ask); reply != nil && int(le.Uint32(reply)) != len(reply) {
			t.Errorf("says %d bytes, has %d", le.Uint32(reply), len(reply))
		}
	})
}
