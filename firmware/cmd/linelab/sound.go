package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"centralita/firmware/media"
	"centralita/firmware/media/clip"
)

// rate is the sample rate of everything read and written.
const rate = 8000

// maxSound is the longest file taken: a day, 1.4 GB of memory.
const maxSound = 24 * 3600 * rate

// frames is how many samples the functions of the box get at a time.
const frame = int(media.Narrow)

// load reads a sound at 8 kHz: a WAV file by its header, anything else as raw
// samples.
func load(name string) ([]int16, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := bufio.NewReader(f)
	if head, _ := r.Peek(12); len(head) == 12 && string(head[:4]) == "RIFF" {
		return loadWAV(name, r)
	}
	if strings.EqualFold(filepath.Ext(name), ".wav") {
		return nil, fmt.Errorf("%s is no WAV file", name)
	}
	b, err := io.ReadAll(io.LimitReader(r, 2*maxSound+2))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	if len(b) > 2*maxSound {
		return nil, fmt.Errorf("%s is longer than a day", name)
	}
	pcm := make([]int16, len(b)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return pcm, nil
}

func loadWAV(name string, r io.Reader) ([]int16, error) {
	w, err := clip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	var pcm []int16
	var block [rate]int16
	for len(pcm) < maxSound {
		n := w.Mono(block[:])
		pcm = append(pcm, block[:n]...)
		if n < len(block) {
			return pcm, nil
		}
	}
	return nil, fmt.Errorf("%s is longer than a day", name)
}

// save writes a sound: a WAV file when the name says so, raw samples otherwise.
func save(name string, pcm []int16) error {
	b := make([]byte, 0, 44+2*len(pcm))
	if strings.EqualFold(filepath.Ext(name), ".wav") {
		b = append(b, "RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"...)
		binary.LittleEndian.PutUint32(b[4:], uint32(36+2*len(pcm)))
		b = binary.LittleEndian.AppendUint32(b, rate)
		b = binary.LittleEndian.AppendUint32(b, 2*rate)
		b = append(b, 2, 0, 16, 0, 'd', 'a', 't', 'a')
		b = binary.LittleEndian.AppendUint32(b, uint32(2*len(pcm)))
	}
	for _, s := range pcm {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return os.WriteFile(name, b, 0o666)
}

// each loads files one after the other, prints the line that names each one and
// gives its sound to do.
func each(files []string, out io.Writer, do func(pcm []int16, w *bufio.Writer)) error {
	w := bufio.NewWriter(out)
	defer w.Flush()
	for _, name := range files {
		pcm, err := load(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "# %s %.3f\n", name, float64(len(pcm))/rate)
		do(pcm, w)
	}
	return w.Flush()
}

// ticks gives a sound to do in frames of 10 ms, the last filled up with silence;
// ms is the time at the end of the frame, which is when the box knows it.
func ticks(pcm []int16, do func(f *[media.Narrow]int16, ms int)) {
	var f [media.Narrow]int16
	for at := 0; at < len(pcm); at += frame {
		n := copy(f[:], pcm[at:])
		clear(f[n:])
		do(&f, at/8+10)
	}
}
