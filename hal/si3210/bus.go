package si3210

import (
	"fmt"

	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// clock of the bus. Chip select must stay high for 220 ns between bytes (table
// 10); hosts make it half a clock, which 1 MHz leaves room for.
const clock = physic.MegaHertz

// bus carries register accesses. The first error sticks until it is asked for,
// so that a sequence of accesses reads as in the data sheet. Its buffers live as
// long as it does because the kernel's driver keeps only their addresses.
type bus struct {
	conn    spi.Conn
	daisy   bool
	w       [3]byte
	r       [1]byte
	packets [3]spi.Packet
	err     error
}

// connect prepares one-byte packets, so that chip select rises after each byte
// (section 2.10).
func (b *bus) connect(p spi.Port, daisy bool) error {
	conn, err := p.Connect(clock, spi.Mode3, 8)
	if err != nil {
		return fmt.Errorf("si3210: %w", err)
	}
	b.conn, b.daisy = conn, daisy
	for i := range b.packets {
		b.packets[i].W = b.w[i : i+1]
	}
	return nil
}

// write puts v into a register of a chip.
func (b *bus) write(chip int, reg, v byte) { b.access(chip, reg, v, false) }

// read returns 0xFF when the bus failed, as a bus without chip would.
func (b *bus) read(chip int, reg byte) byte {
	b.access(chip, reg|0x80, 0xFF, true)
	if b.err != nil {
		return 0xFF
	}
	return b.r[0]
}

// access is mask, address, data; without daisy chain there is no mask.
func (b *bus) access(chip int, address, data byte, reading bool) {
	if b.err != nil {
		return
	}
	b.w = [3]byte{1 << chip, address, data}
	b.packets[2].R = nil
	if reading {
		b.packets[2].R = b.r[:]
	}
	packets := b.packets[:]
	if !b.daisy {
		packets = b.packets[1:]
	}
	if err := b.conn.TxPackets(packets); err != nil {
		b.err = fmt.Errorf("reg %d: %w", address&0x7F, err)
	}
}

// enterDaisy is the two-byte write that reaches every chip of a chain that was
// just reset, since all pass SDI through (section 2.10).
func (b *bus) enterDaisy() {
	b.w = [3]byte{0, regSPIMode, spiDaisy}
	b.packets[2].R = nil
	if err := b.conn.TxPackets(b.packets[1:]); err != nil && b.err == nil {
		b.err = fmt.Errorf("reg 0: %w", err)
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
