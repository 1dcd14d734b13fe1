package clip

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"centralita/firmware/media/g711"
)

// Encoding is the format tag of a WAV file that we read and write.
type Encoding uint16

// The encodings, by their numbers in the format chunk (RFC 2361).
const (
	PCM16 Encoding = 1
	ALaw  Encoding = 6
	MuLaw Encoding = 7
)

func (e Encoding) bytes() int {
	if e == PCM16 {
		return 2
	}
	return 1
}

func (e Encoding) law() g711.Law {
	if e == ALaw {
		return g711.ALaw
	}
	return g711.MuLaw
}

// Header is what a WAV file says about itself.
type Header struct {
	Encoding Encoding
	Channels int   // 1 or 2
	Rate     int   // 8000 or 16000
	Data     int64 // bytes of sound promised; -1 where the writer never said
}

// Why a file is not read.
var (
	errNotWAV = errors.New("not a WAV file")
	errLong   = errors.New("WAV: more than 64 chunks before the sound")
)

// maxChunks bounds the walk to the sound; maxFormat is the format chunk's size
// with every extension known (WAVE_FORMAT_EXTENSIBLE is 40).
const (
	maxChunks = 64
	maxFormat = 64
)

// ReadHeader reads up to the first byte of sound. It takes 16-bit linear, A-law
// and µ-law, one or two channels, 8 or 16 kHz, and refuses the rest by name.
func ReadHeader(r io.Reader) (Header, error) {
	var b [12]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return Header{}, errNotWAV
	}
	if string(b[:4]) != "RIFF" || string(b[8:]) != "WAVE" {
		return Header{}, errNotWAV
	}
	var h Header
	for range maxChunks {
		if _, err := io.ReadFull(r, b[:8]); err != nil {
			return Header{}, errors.New("WAV: no sound in the file")
		}
		size := int64(binary.LittleEndian.Uint32(b[4:8]))
		switch string(b[:4]) {
		case "fmt ":
			if err := h.format(r, size); err != nil {
				return Header{}, err
			}
			continue
		case "data":
			if h.Channels == 0 {
				return Header{}, errors.New("WAV: sound before its format")
			}
			if h.Data = size; size == 0xffffffff {
				h.Data = -1
			}
			return h, nil
		}
		if _, err := io.CopyN(io.Discard, r, size+size&1); err != nil {
			return Header{}, errors.New("WAV: no sound in the file")
		}
	}
	return Header{}, errLong
}

func (h *Header) format(r io.Reader, size int64) error {
	if size < 16 || size > maxFormat {
		return fmt.Errorf("WAV: format chunk of %d bytes", size)
	}
	var b [maxFormat]byte
	if _, err := io.ReadFull(r, b[:size+size&1]); err != nil {
		return errors.New("WAV: cut inside its format")
	}
	tag := binary.LittleEndian.Uint16(b[0:])
	if tag == 0xfffe && size >= 26 { // extensible: the tag opens the GUID
		tag = binary.LittleEndian.Uint16(b[24:])
	}
	bits := binary.LittleEndian.Uint16(b[14:])
	h.Encoding = Encoding(tag)
	h.Channels = int(binary.LittleEndian.Uint16(b[2:]))
	h.Rate = int(min(binary.LittleEndian.Uint32(b[4:]), 1<<20))
	switch {
	case h.Encoding == PCM16 && bits == 16, (h.Encoding == ALaw || h.Encoding == MuLaw) && bits == 8:
	default:
		return fmt.Errorf("WAV: encoding %d with %d bits; 16-bit linear, A-law or µ-law is needed", tag, bits)
	}
	if h.Channels != 1 && h.Channels != 2 {
		return fmt.Errorf("WAV: %d channels; 1 or 2 are needed", h.Channels)
	}
	if h.Rate != 8000 && h.Rate != 16000 {
		return fmt.Errorf("WAV: %d samples a second; 8000 or 16000 are needed", h.Rate)
	}
	return nil
}

// Reader gives the sound of a WAV stream at 8 kHz; 16 kHz is halved.
type Reader struct {
	Header
	r    *bufio.Reader
	left int64 // bytes of sound still promised; -1 unknown
	past [2][10]int16
	raw  [4 * 2 * blockSamples]byte
	side [2][2 * blockSamples]int16
}

// blockSamples is how many output samples are converted at a time.
const blockSamples = 160

// NewReader reads the header. What the header promises beyond the end of the
// stream is not there and not missed: recordings cut by a power loss are read up
// to the cut.
func NewReader(r io.Reader) (*Reader, error) {
	br := bufio.NewReader(r)
	h, err := ReadHeader(br)
	if err != nil {
		return nil, err
	}
	return &Reader{Header: h, r: br, left: h.Data}, nil
}

// Mono fills pcm with the sum of both sides; fewer than len(pcm) is the end.
func (r *Reader) Mono(pcm []int16) int {
	n := 0
	for n < len(pcm) {
		want := min(len(pcm)-n, blockSamples)
		k := r.block(want)
		for i := range k {
			v := int32(r.side[0][i])
			if r.Channels == 2 {
				v += int32(r.side[1][i])
			}
			pcm[n+i] = int16(min(max(v, -32768), 32767))
		}
		n += k
		if k < want {
			break
		}
	}
	return n
}

// Stereo fills left and right, as long as the shorter; the right side of a mono
// file is silent. Fewer is the end.
func (r *Reader) Stereo(left, right []int16) int {
	length := min(len(left), len(right))
	n := 0
	for n < length {
		want := min(length-n, blockSamples)
		k := r.block(want)
		copy(left[n:], r.side[0][:k])
		if r.Channels == 2 {
			copy(right[n:], r.side[1][:k])
		} else {
			clear(right[n : n+k])
		}
		n += k
		if k < want {
			break
		}
	}
	return n
}

// block decodes up to want samples at 8 kHz into side.
func (r *Reader) block(want int) int {
	per := r.Channels * r.Encoding.bytes()
	ratio := r.Rate / 8000
	b := r.raw[:want*ratio*per]
	if r.left >= 0 && int64(len(b)) > r.left {
		b = b[:r.left]
	}
	got, _ := io.ReadFull(r.r, b)
	if r.left >= 0 {
		r.left -= int64(got)
	}
	n := got / per / ratio * ratio
	for c := range r.Channels {
		side := r.side[c][:n]
		if r.Encoding == PCM16 {
			for i := range side {
				side[i] = int16(binary.LittleEndian.Uint16(b[(i*r.Channels+c)*2:]))
			}
		} else {
			for i := range side {
				r.Encoding.law().Decode(side[i:i+1], b[i*r.Channels+c:][:1])
			}
		}
		if ratio == 2 {
			halve(side, &r.past[c])
		}
	}
	return n / ratio
}

// halve filters and takes every second sample, in place: an 11-tap half-band low
// pass, group delay 5 samples of 16 kHz.
func halve(pcm []int16, past *[10]int16) {
	var b [10 + 2*blockSamples]int16
	copy(b[:], past[:])
	copy(b[10:], pcm)
	for i := range len(pcm) / 2 {
		w := b[2*i : 2*i+11]
		v := 16384*int32(w[5]) + 9631*(int32(w[4])+int32(w[6])) -
			1644*(int32(w[2])+int32(w[8])) + 205*(int32(w[0])+int32(w[10]))
		pcm[i] = int16(min(max(v>>15, -32768), 32767))
	}
	copy(past[:], b[len(pcm):len(pcm)+10])
}
