package gpioline

import "unsafe"

// What stands in include/uapi/linux/gpio.h: the same on every machine.

const nameMost = 32

// chipInfo is struct gpiochip_info.
type chipInfo struct {
	name, label [nameMost]byte
	lines       uint32
}

// attribute is struct gpio_v2_line_attribute.
type attribute struct {
	id    uint32
	_     uint32
	value uint64
}

// lineInfo is struct gpio_v2_line_info.
type lineInfo struct {
	name, consumer [nameMost]byte
	offset         uint32
	attributes     uint32
	flags          uint64
	_              [10]attribute
	_              [4]uint32
}

// configAttribute is struct gpio_v2_line_config_attribute.
type configAttribute struct {
	attribute
	mask uint64
}

// config is struct gpio_v2_line_config.
type config struct {
	flags      uint64
	attributes uint32
	_          [5]uint32
	attribute  [10]configAttribute
}

// lineRequest is struct gpio_v2_line_request.
type lineRequest struct {
	offsets  [64]uint32
	consumer [nameMost]byte
	config   config
	lines    uint32
	events   uint32
	_        [5]uint32
	fd       int32
}

// values is struct gpio_v2_line_values.
type values struct{ bits, mask uint64 }

// event is struct gpio_v2_line_event.
type event struct {
	nanoseconds uint64
	id          uint32
	offset      uint32
	number      uint32
	lineNumber  uint32
	_           [6]uint32
}

// Flags of a line.
const (
	flagUsed     = 1 << 0
	flagInput    = 1 << 2
	flagOutput   = 1 << 3
	flagRising   = 1 << 4
	flagFalling  = 1 << 5
	flagPullUp   = 1 << 8
	flagPullDown = 1 << 9

	attributeOutput = 2
	eventRising     = 1
)

func request(dir, number, size uintptr) uintptr { return dir<<30 | size<<16 | 0xB4<<8 | number }

const read, write = 2, 1

var (
	ioctlChipInfo  = request(read, 0x01, unsafe.Sizeof(chipInfo{}))
	ioctlLineInfo  = request(read|write, 0x05, unsafe.Sizeof(lineInfo{}))
	ioctlLine      = request(read|write, 0x07, unsafe.Sizeof(lineRequest{}))
	ioctlSetConfig = request(read|write, 0x0D, unsafe.Sizeof(config{}))
	ioctlGetValues = request(read|write, 0x0E, unsafe.Sizeof(values{}))
	ioctlSetValues = request(read|write, 0x0F, unsafe.Sizeof(values{}))
)
