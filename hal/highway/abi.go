package highway

import "unsafe"

// What stands in include/uapi/sound/asound.h. The kernel's unsigned long is Go's uint
// on every machine this runs on: 32 bits on arm, 64 on arm64 and amd64.

// interval is struct snd_interval; flags: 1 openmin, 2 openmax, 4 integer, 8 empty.
type interval struct{ min, max, flags uint32 }

const intervalInteger = 4

type mask struct{ bits [8]uint32 }

// hwParams is struct snd_pcm_hw_params: 604 bytes on arm, 608 on 64 bits.
type hwParams struct {
	flags            uint32
	masks            [3]mask
	_                [5]mask
	intervals        [12]interval
	_                [9]interval
	rmask, cmask     uint32
	info, msbits     uint32
	rateNum, rateDen uint32
	fifoSize         uint
	_                [64]byte
}

// Of masks and intervals.
const (
	maskAccess, maskFormat = 0, 1

	intervalChannels   = 2
	intervalRate       = 3
	intervalPeriodSize = 5
	intervalBufferSize = 9

	accessInterleaved = 3 // by read and write calls
	formatS16LE       = 2
)

// swParams is struct snd_pcm_sw_params: 104 bytes on arm, 136 on 64 bits.
type swParams struct {
	tstampMode       int32
	periodStep       uint32
	sleepMin         uint32
	availMin         uint
	xferAlign        uint
	startThreshold   uint
	stopThreshold    uint
	silenceThreshold uint
	silenceSize      uint
	boundary         uint
	proto            uint32
	tstampType       uint32
	_                [56]byte
}

// xferi is struct snd_xferi. The pointer keeps what it points to alive and in place
// for as long as the struct is.
type xferi struct {
	result int
	buf    unsafe.Pointer
	frames uint
}

// Requests, _IO of 'A'.
const (
	read, write = 2, 1
)

func request(dir, number, size uintptr) uintptr { return dir<<30 | size<<16 | 'A'<<8 | number }

var (
	ioctlHWRefine = request(read|write, 0x10, unsafe.Sizeof(hwParams{}))
	ioctlHWParams = request(read|write, 0x11, unsafe.Sizeof(hwParams{}))
	ioctlSWParams = request(read|write, 0x13, unsafe.Sizeof(swParams{}))
	ioctlDelay    = request(read, 0x21, unsafe.Sizeof(int(0)))
	ioctlPrepare  = request(0, 0x40, 0)
	ioctlStart    = request(0, 0x42, 0)
	ioctlDrop     = request(0, 0x43, 0)
	ioctlWrite    = request(write, 0x50, unsafe.Sizeof(xferi{}))
	ioctlRead     = request(read, 0x51, unsafe.Sizeof(xferi{}))
	ioctlLink     = request(write, 0x60, unsafe.Sizeof(int32(0)))
)
