package town

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
)

// wavMax bounds a voice file: ten minutes.
const wavMax = 10*60*rate*2 + 64<<10

// wavHeaderSize is the size of the plain header that we write.
const wavHeaderSize = 44

// wavHeader is that of a mono file with the given number of sound bytes.
func wavHeader(data uint32) []byte {
	h := make([]byte, 0, wavHeaderSize)
	h = append(h, "RIFF"...)
	h = binary.LittleEndian.AppendUint32(h, data+min(wavHeaderSize-8, ^uint32(0)-data))
	h = append(h, "WAVEfmt "...)
	h = binary.LittleEndian.AppendUint32(h, 16)
	h = binary.LittleEndian.AppendUint16(h, 1) // PCM
	h = binary.LittleEndian.AppendUint16(h, 1) // mono
	h = binary.LittleEndian.AppendUint32(h, rate)
	h = binary.LittleEndian.AppendUint32(h, rate*2)
	h = binary.LittleEndian.AppendUint16(h, 2)
	h = binary.LittleEndian.AppendUint16(h, 16)
	h = append(h, "data"...)
	return binary.LittleEndian.AppendUint32(h, data)
}

// appendPCM appends samples as little-endian 16-bit sound.
func appendPCM(b []byte, samples []int16) []byte {
	for _, s := range samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

// decodeWAV reads a mono 16-bit file at 8 kHz.
func decodeWAV(name string, b []byte) ([]int16, error) {
	bad := func(what string) ([]int16, error) {
		return nil, wrong("bad_wav", "file %s: %s; the town speaks mono 16-bit PCM at 8000 Hz", name, what)
	}
	if len(b) < 12 || !bytes.Equal(b[:4], []byte("RIFF")) || !bytes.Equal(b[8:12], []byte("WAVE")) {
		return bad("not a WAV file")
	}
	known := false
	for b = b[12:]; len(b) >= 8; {
		id, size := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:]))
		b = b[8:]
		body := b[:min(size, int64(len(b)))]
		switch id {
		case "fmt ":
			if len(body) < 16 || binary.LittleEndian.Uint16(body) != 1 || binary.LittleEndian.Uint16(body[2:]) != 1 ||
				binary.LittleEndian.Uint32(body[4:]) != rate || binary.LittleEndian.Uint16(body[14:]) != 16 {
				return bad("another sound format")
			}
			known = true
		case "data":
			if !known {
				return bad("sound before its format")
			}
			out := make([]int16, len(body)/2)
			for i := range out {
				out[i] = int16(binary.LittleEndian.Uint16(body[2*i:]))
			}
			return out, nil
		}
		b = b[min(size+size%2, int64(len(b))):]
	}
	return bad("no sound in it")
}

// readFile reads a WAV file of the town's folder, and of nowhere else.
func (t *Town) readFile(name string) ([]int16, error) {
	if t.root == nil {
		return nil, wrong("no_folder", "file %s: the town was given no folder for sound files", name)
	}
	f, err := t.root.Open(name)
	if err != nil {
		return nil, wrong("no_file", "file %s: cannot be opened in the town's folder: %v", name, pathCause(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, wavMax+1))
	if err != nil {
		return nil, wrong("no_file", "file %s: %v", name, pathCause(err))
	}
	if len(b) > wavMax {
		return nil, wrong("bad_wav", "file %s: longer than ten minutes", name)
	}
	return decodeWAV(name, b)
}

// pathCause leaves the machine's paths out of an error.
func pathCause(err error) error {
	if pe, ok := err.(*os.PathError); ok {
		return pe.Err
	}
	return err
}
