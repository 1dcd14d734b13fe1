package main

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"centralita/firmware/cmd/callload/sound"
)

// tapes reads every recording below a folder and counts the frames of 10 ms that
// are missing between the first and the last mark of each voice; where upto is
// given, up to that packet of its stream.
func (r *result) tapes(dir string, upto map[int]uint32) error {
	files, missing, heard := 0, 0, 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".wav") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		voices, err := channels(raw)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		files++
		for _, v := range voices {
			n, lost := wholeness(v, upto)
			heard += n
			missing += lost
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.add("recordings", float64(files))
	r.add("frames in recordings", float64(heard))
	r.add("frames lost in recordings", float64(missing))
	return nil
}

// wholeness counts the frames with marks, and those missing or cut between.
func wholeness(codes []byte, upto map[int]uint32) (heard, lost int) {
	seen := map[int]uint16{} // cells by frame: five are one
	first, last := -1, -1
	sound.Read(codes, func(m sound.Mark) {
		if upto != nil && m.Packet >= upto[m.Stream] {
			return
		}
		cell := int(m.Packet)*sound.Cells + m.Cell
		if first < 0 {
			first = cell
		}
		last = max(last, cell)
		seen[cell/5] |= 1 << (cell % 5)
	})
	if first < 0 {
		return 0, 0
	}
	for f := (first + 4) / 5; f <= last/5-1; f++ {
		if seen[f] != 1<<5-1 {
			lost++
		}
	}
	return len(seen), lost
}

// channels are the voices of a WAV file as µ-law codes: the marks are such.
func channels(b []byte) ([][]byte, error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return nil, fmt.Errorf("no WAV file")
	}
	format, n := 0, 0
	for b = b[12:]; len(b) >= 8; {
		name, size := string(b[:4]), int(binary.LittleEndian.Uint32(b[4:]))
		body := b[8:min(8+size, len(b))]
		switch name {
		case "fmt ":
			if len(body) < 16 {
				return nil, fmt.Errorf("short format")
			}
			format, n = int(binary.LittleEndian.Uint16(body)), int(binary.LittleEndian.Uint16(body[2:]))
		case "data":
			return split(body, format, n)
		}
		b = b[min(8+size+size&1, len(b)):]
	}
	return nil, fmt.Errorf("no sound in it")
}

const (
	wavPCM   = 1
	wavMuLaw = 7
)

func split(data []byte, format, n int) ([][]byte, error) {
	if n < 1 || format != wavPCM && format != wavMuLaw {
		return nil, fmt.Errorf("format %d with %d channels is not known", format, n)
	}
	voices := make([][]byte, n)
	if format == wavMuLaw {
		for i, x := range data {
			voices[i%n] = append(voices[i%n], x)
		}
		return voices, nil
	}
	for i := 0; i+1 < len(data); i += 2 {
		x := int16(binary.LittleEndian.Uint16(data[i:]))
		voices[i/2%n] = append(voices[i/2%n], codes[uint16(x)])
	}
	return voices, nil
}

// codes are the µ-law codes of the values they stand for (G.711); every other
// value is code 0, which is no mark.
var codes = func() *[1 << 16]byte {
	m := new([1 << 16]byte)
	for c := range 256 {
		x := ^byte(c)
		v := (int(x&15)<<3 + 0x84) << (x >> 4 & 7)
		v -= 0x84
		if x&0x80 != 0 {
			v = -v
		}
		m[uint16(v)] = byte(c)
	}
	return m
}()
