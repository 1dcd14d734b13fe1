package rtp

import "encoding/binary"

// The packets of RTCP (RFC 3550 section 12.1), and the span of types that tells them
// from sound on a shared port (RFC 5761 section 4).
const (
	typeSR, typeRR, typeSDES, typeBYE = 200, 201, 202, 203

	typeFirst, typeLast = 192, 223
)

const (
	blockSize  = 24 // a reception report
	senderSize = 20 // of a sender report, without header and SSRC
	// reportMax is our longest: a sender report with one block, a name, a goodbye.
	reportMax = 8 + senderSize + blockSize + 8 + 2 + cnameSize + 4 + 8
	lostMax   = 1<<23 - 1 // of the 24 bits with sign for the cumulative loss
)

// reception is a reception report block (RFC 3550 section 6.4.1).
type reception struct {
	ssrc     uint32
	fraction uint8  // lost since the last report, in 1/256
	lost     int32  // in all
	highest  uint32 // extended sequence number
	jitter   uint32 // units of the time stamp
	last     uint32 // middle bits of the NTP time of the last sender report, 0 none
	delay    uint32 // since it came, in 1/65536 s
}

// report is what a datagram of RTCP says, as far as it concerns us.
type report struct {
	sender  uint32 // who reports
	packets int    // sender and receiver reports in it
	sends   bool   // a sender report is among them
	ntp     uint64 // of it
	heard   bool   // there is a block about us
	block   reception
	left    bool // it says goodbye
}

// readReport reads a datagram. It allocates nothing, looks at every byte once and
// reports false for what is no compound packet (RFC 3550 appendix A.2). Packets of
// other types are passed over.
func readReport(b []byte, ours uint32) (r report, ok bool) {
	if len(b) < 8 {
		return r, false
	}
	for len(b) > 0 {
		if len(b) < 4 || b[0]>>6 != 2 || b[1] < typeFirst || b[1] > typeLast {
			return r, false
		}
		size := 4 * (int(binary.BigEndian.Uint16(b[2:])) + 1)
		if size > len(b) {
			return r, false
		}
		one := b[:size]
		b = b[size:]
		if one[0]&0x20 != 0 { // padding, which only the last may have
			pad := int(one[size-1])
			if len(b) > 0 || pad == 0 || pad%4 != 0 || pad > size-4 {
				return r, false
			}
			one = one[:size-pad]
		}
		if !r.take(one, ours) {
			return r, false
		}
	}
	return r, true
}

// take reads one packet, whose header is whole.
func (r *report) take(b []byte, ours uint32) bool {
	count, at := int(b[0]&0x1f), 8
	switch b[1] {
	case typeSR:
		if len(b) < at+senderSize {
			return false
		}
		r.sends, r.ntp = true, binary.BigEndian.Uint64(b[at:])
		at += senderSize
	case typeRR:
	case typeBYE:
		if len(b) < 4+4*count {
			return false
		}
		r.left = r.left || count > 0
		return true
	default:
		return true
	}
	if len(b) < at+count*blockSize {
		return false
	}
	r.sender = binary.BigEndian.Uint32(b[4:])
	r.packets++
	for range count {
		if block := readBlock(b[at:]); block.ssrc == ours {
			r.heard, r.block = true, block
		}
		at += blockSize
	}
	return true
}

func readBlock(b []byte) reception {
	return reception{
		ssrc: binary.BigEndian.Uint32(b), fraction: b[4],
		lost:    int32(binary.BigEndian.Uint32(b[4:])<<8) >> 8,
		highest: binary.BigEndian.Uint32(b[8:]), jitter: binary.BigEndian.Uint32(b[12:]),
		last: binary.BigEndian.Uint32(b[16:]), delay: binary.BigEndian.Uint32(b[20:]),
	}
}

// sending is the sender's part of a report of ours.
type sending struct {
	ntp     uint64
	ts      uint32
	packets uint32
	octets  uint32
}

// writeReport appends a compound packet: a sender report, or a receiver report where
// s is nil, the name of whoever speaks, and a goodbye.
func writeReport(b []byte, ssrc uint32, s *sending, blocks []reception, cname string, bye bool) []byte {
	kind, size := byte(typeRR), 8+len(blocks)*blockSize
	if s != nil {
		kind, size = typeSR, size+senderSize
	}
	b = head(b, byte(len(blocks)), kind, size, ssrc)
	if s != nil {
		b = binary.BigEndian.AppendUint64(b, s.ntp)
		b = binary.BigEndian.AppendUint32(b, s.ts)
		b = binary.BigEndian.AppendUint32(b, s.packets)
		b = binary.BigEndian.AppendUint32(b, s.octets)
	}
	for _, r := range blocks {
		b = binary.BigEndian.AppendUint32(b, r.ssrc)
		b = binary.BigEndian.AppendUint32(b, uint32(r.fraction)<<24|uint32(r.lost)&0xffffff)
		b = binary.BigEndian.AppendUint32(b, r.highest)
		b = binary.BigEndian.AppendUint32(b, r.jitter)
		b = binary.BigEndian.AppendUint32(b, r.last)
		b = binary.BigEndian.AppendUint32(b, r.delay)
	}
	b = name(b, ssrc, cname)
	if bye {
		b = head(b, 1, typeBYE, 8, ssrc)
	}
	return b
}

func head(b []byte, count, kind byte, size int, ssrc uint32) []byte {
	b = append(b, 2<<6|count, kind)
	b = binary.BigEndian.AppendUint16(b, uint16(size/4-1))
	return binary.BigEndian.AppendUint32(b, ssrc)
}

// name appends a source description with a CNAME alone, its list of items ended and
// filled up to whole words (RFC 3550 section 6.5).
func name(b []byte, ssrc uint32, cname string) []byte {
	const item = 1 // CNAME
	fill := 4 - (2+len(cname))%4
	b = head(b, 1, typeSDES, 8+2+len(cname)+fill, ssrc)
	b = append(append(b, item, byte(len(cname))), cname...)
	return append(b, make([]byte, fill)...)
}
