package main

import (
	"bufio"
	"encoding/binary"
	"errors"
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

// stdin is read where a file is named "-", and stdout written.
var (
	stdin  io.Reader = os.Stdin
	stdout io.Writer = os.Stdout
)

// open opens a file to be read.
func open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(stdin), nil
	}
	return os.Open(name)
}

// slurp reads a file that is no sound, to its end but never more than most bytes.
func slurp(name string, most int) ([]byte, error) {
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	case len(b) > most:
		return nil, fmt.Errorf("%s has more than %d bytes", name, most)
	}
	return b, nil
}

// load reads a sound at 8 kHz, as read does.
func load(name string) ([]int16, error) {
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	pcm, _, err := read(name, f)
	return pcm, err
}

// read takes a sound: a WAV file by its header, anything else as raw samples. cut
// tells that a WAV file has less than its header promises, as one has that was being
// written when the power failed; what is there is given.
func read(name string, f io.Reader) (pcm []int16, cut bool, err error) {
	r := bufio.NewReader(f)
	head, _ := r.Peek(12)
	switch {
	case len(head) == 12 && string(head[:4]) == "RIFF":
		pcm, cut, err = readWAV(r)
	case strings.EqualFold(filepath.Ext(name), ".wav"):
		err = errors.New("it is no WAV file")
	case foreign(head) != "":
		err = fmt.Errorf("it is %s; WAV or raw samples are needed", foreign(head))
	default:
		pcm, err = readRaw(r)
	}
	switch {
	case err != nil:
		return nil, false, fmt.Errorf("%s cannot be read: %w", name, err)
	case len(pcm) == 0:
		return nil, false, fmt.Errorf("%s has no sound in it", name)
	}
	return pcm, cut, nil
}

var errLong = errors.New("it is longer than a day")

func readRaw(r io.Reader) ([]int16, error) {
	b, err := io.ReadAll(io.LimitReader(r, 2*maxSound+2))
	if err != nil {
		return nil, err
	}
	if len(b) > 2*maxSound {
		return nil, errLong
	}
	if len(b)%2 == 1 {
		return nil, fmt.Errorf("raw samples have 16 bits, and %d bytes are no whole number of them", len(b))
	}
	pcm := make([]int16, len(b)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return pcm, nil
}

func readWAV(r io.Reader) ([]int16, bool, error) {
	w, err := clip.NewReader(r)
	if err != nil {
		return nil, false, err
	}
	promised := w.Data / int64(w.Channels*bytesOf(w.Encoding)*w.Rate/rate)
	var pcm []int16
	var block [rate]int16
	for len(pcm) <= maxSound {
		n := w.Mono(block[:])
		pcm = append(pcm, block[:n]...)
		if n < len(block) {
			return pcm, int64(len(pcm)) < promised, nil
		}
	}
	return nil, false, errLong
}

func bytesOf(e clip.Encoding) int {
	if e == clip.PCM16 {
		return 2
	}
	return 1
}

// foreign names the kinds of sound files that would be noise if they were taken
// as samples; they begin with letters, which samples hardly do.
func foreign(head []byte) string {
	for magic, name := range map[string]string{
		"OggS": "an Ogg file", "fLaC": "a FLAC file", "FORM": "an AIFF file", ".snd": "an AU file",
		"RIFX": "a WAV file of the other byte order", "RF64": "a WAV file for more than 4 GB", "caff": "a CAF file",
	} {
		if strings.HasPrefix(string(head), magic) {
			return name
		}
	}
	if strings.HasPrefix(string(head), "ID3") {
		return "an MP3 file"
	}
	return ""
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
	return write(name, b)
}

// write writes a file.
func write(name string, b []byte) error {
	if name == "-" {
		_, err := stdout.Write(b)
		return err
	}
	return os.WriteFile(name, b, 0o666)
}

// each loads files one after the other, prints the line that names each one and
// gives its sound to do. A file that cannot be read does not keep the others from
// being heard; it is complained of at the end.
func each(files []string, out io.Writer, do func(name string, pcm []int16, w *bufio.Writer)) error {
	w := bufio.NewWriter(out)
	var bad []error
	for _, name := range files {
		if err := one(name, w, do); err != nil {
			bad = append(bad, err)
		}
	}
	return errors.Join(append(bad, w.Flush())...)
}

func one(name string, w *bufio.Writer, do func(name string, pcm []int16, w *bufio.Writer)) error {
	f, err := open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	pcm, cut, err := read(name, f)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "# %s %.3f", name, float64(len(pcm))/rate)
	if cut {
		fmt.Fprint(w, " cut")
	}
	fmt.Fprintln(w)
	do(name, pcm, w)
	return nil
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
