// Package bus is an SPI bus and the pins beside it, in memory: what chip models
// sit on so that real drivers can speak to them.
//
// Port and Pin fulfil periph's spi.PortCloser, spi.Conn and gpio.PinIO the way
// the kernel's do, with their traps: chip select rises after each packet that
// does not keep it, a port connects once, and an edge wait without a positive
// patience is refused. Boards and driver tests build it. It knows no chip: bytes
// and chip select edges are all it carries.
package bus
