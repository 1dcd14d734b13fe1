package si3050

import (
	"fmt"
	"math/bits"

	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// clock of the bus; the data sheet's limit is not known, drivers use up to 9 MHz.
const clock = physic.MegaHertz

// bus carries register accesses. The first error sticks until it is asked for,
// so that a sequence of accesses reads as in the data sheet. Its buffers live as
// long as it does because the kernel's driver keeps only their addresses.
type bus struct {
	conn    spi.Conn
	w       [3]byte
	r       [1]byte
	packets [3]spi.Packet
	err     error
}

// connect prepares one-byte packets: chip select rises after each byte.
func (b *bus) connect(p spi.Port) error {
	conn, err := p.Connect(clock, spi.Mode3, 8)
	if err != nil {
		return fmt.Errorf("si3050: %w", err)
	}
	b.conn = conn
	for i := range b.packets {
		b.packets[i].W = b.w[i : i+1]
	}
	return nil
}

// control is the first byte of an access: 1 in bit 5, and the chip's number with
// its bits reversed.
func control(chip int) byte { return 0x20 | bits.Reverse8(byte(chip))>>4 }

func (b *bus) write(chip int, reg, v byte) { b.access(control(chip), reg, v, false) }

// read returns 0xFF when the bus failed, as a bus without chip would.
func (b *bus) read(chip int, reg byte) byte {
	b.access(control(chip)|0x40, reg, 0xFF, true)
	if b.err != nil {
		return 0xFF
	}
	return b.r[0]
}

// resync ends an access that was cut off: no control byte is zero, so chips that
// wait for one ignore these, and the others get a harmless write to register 0.
func (b *bus) resync() { b.access(0, 0, 0, false) }

func (b *bus) access(control, reg, data byte, reading bool) {
	if b.err != nil {
		return
	}
	b.w = [3]byte{control, reg, data}
	b.packets[2].R = nil
	if reading {
		b.packets[2].R = b.r[:]
	}
	if err := b.conn.TxPackets(b.packets[:]); err != nil {
		b.err = fmt.Errorf("reg %d: %w", reg, err)
	}
}

// Err fulfils chain.Bus.
func (b *bus) Err() error { return b.err }

// Taken fulfils chain.Bus: it returns the error that stuck and forgets it.
func (b *bus) Taken() error {
	err := b.err
	b.err = nil
	return err
}
