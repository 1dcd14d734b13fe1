package journal

import (
	"encoding/binary"
	"hash/crc32"

	"centralita/firmware/event"
)

const (
	frameHead = 12
	// MaxBody bounds one record. The largest is a settings document, far below.
	MaxBody = 4 << 20
	// leastRecord is no longer than the shortest frame a record can have: that
	// many bytes of damage hid at most one record.
	leastRecord = frameHead + 8
)

const (
	kindRecord = 1 // msgp event.Record
	kindSeal   = 2 // last u64 | SHA-256
	kindGap    = 3 // first u64 | last u64
)

const (
	sealBody = 8 + 32
	gapBody  = 8 + 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum covers the kind and length too, so that a flipped length is found.
func checksum(salt uint32, frame []byte) uint32 {
	sum := crc32.Update(salt, castagnoli, frame[4:8])
	return crc32.Update(sum, castagnoli, frame[frameHead:])
}

// closeFrame writes the head for the body already standing in b from start on.
func closeFrame(b []byte, start int, salt uint32, kind byte) []byte {
	frame := b[start:]
	binary.LittleEndian.PutUint32(frame, salt)
	binary.LittleEndian.PutUint32(frame[4:], uint32(kind)<<24|uint32(len(frame)-frameHead))
	binary.LittleEndian.PutUint32(frame[8:], checksum(salt, frame))
	return b
}

var noHead [frameHead]byte

func appendRecord(b []byte, salt uint32, r *event.Record) ([]byte, error) {
	start := len(b)
	b, err := r.MarshalMsg(append(b, noHead[:]...))
	if err != nil {
		return b[:start], err
	}
	return closeFrame(b, start, salt, kindRecord), nil
}

func appendSeal(b []byte, salt uint32, last uint64, sum []byte) []byte {
	start := len(b)
	b = append(b, noHead[:]...)
	b = binary.LittleEndian.AppendUint64(b, last)
	return closeFrame(append(b, sum...), start, salt, kindSeal)
}

func appendGap(b []byte, salt uint32, first, last uint64) []byte {
	start := len(b)
	b = append(b, noHead[:]...)
	b = binary.LittleEndian.AppendUint64(b, first)
	b = binary.LittleEndian.AppendUint64(b, last)
	return closeFrame(b, start, salt, kindGap)
}

// frame is one intact frame; raw and body are valid until the scanner moves on.
type frame struct {
	kind byte
	off  int64
	raw  []byte
	body []byte
}

// length reads a head: the whole frame's length, or 0 when this is no frame.
func length(b []byte, salt uint32) int {
	if len(b) < frameHead || binary.LittleEndian.Uint32(b) != salt {
		return 0
	}
	word := binary.LittleEndian.Uint32(b[4:])
	n := int(word & 0xff_ffff)
	switch word >> 24 {
	case kindRecord:
		if n > MaxBody {
			return 0
		}
	case kindSeal:
		if n != sealBody {
			return 0
		}
	case kindGap:
		if n != gapBody {
			return 0
		}
	default:
		return 0
	}
	return frameHead + n
}

func intact(raw []byte, salt uint32) bool {
	return binary.LittleEndian.Uint32(raw[8:]) == checksum(salt, raw)
}
