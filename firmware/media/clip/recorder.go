package clip

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"time"

	"centralita/firmware/media/g711"
)

// headerSize is RIFF, format and data headers of a file that we write.
const headerSize = 44

// MaxSeconds is the longest recording: 12 hours, 1.4 GB of stereo PCM16, below
// the 4 GB that a RIFF size can say.
const MaxSeconds = 12 * 3600

// Writer writes a WAV file whose header is valid from the first moment and never
// promises sound that was not written before it: sizes are patched once a second
// and on Close. Killed at any time it leaves a file that decodes up to the last
// patch.
type Writer struct {
	f        *os.File
	enc      Encoding
	channels int
	data     int64 // bytes written
	patched  int64 // bytes the header speaks of
	buf      []byte
	err      error
}

// Create makes the file (it must not exist) with one or two channels at 8 kHz.
func Create(path string, enc Encoding, channels int) (*Writer, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o640)
	if err != nil {
		return nil, fmt.Errorf("clip: %w", err)
	}
	w, err := NewWriter(f, enc, channels)
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(path))
	}
	return w, nil
}

// NewWriter begins in an empty file that somebody else made, such as a store.
// Close closes it.
func NewWriter(f *os.File, enc Encoding, channels int) (*Writer, error) {
	if channels != 1 && channels != 2 {
		return nil, fmt.Errorf("clip: %d channels", channels)
	}
	w := &Writer{f: f, enc: enc, channels: channels}
	h := w.header()
	if _, err := f.Write(h[:]); err != nil {
		return nil, fmt.Errorf("clip: %w", err)
	}
	return w, nil
}

// header is the whole head of the file at its present length.
func (w *Writer) header() (h [headerSize]byte) {
	le := binary.LittleEndian
	per := w.channels * w.enc.bytes()
	copy(h[0:], "RIFF")
	le.PutUint32(h[4:], uint32(headerSize-8+w.data))
	copy(h[8:], "WAVEfmt ")
	le.PutUint32(h[16:], 16)
	le.PutUint16(h[20:], uint16(w.enc))
	le.PutUint16(h[22:], uint16(w.channels))
	le.PutUint32(h[24:], 8000)
	le.PutUint32(h[28:], uint32(8000*per))
	le.PutUint16(h[32:], uint16(per))
	le.PutUint16(h[34:], uint16(8*w.enc.bytes()))
	copy(h[36:], "data")
	le.PutUint32(h[40:], uint32(w.data))
	return h
}

// Write appends samples, interleaved when there are two channels. After an error
// (a full disk) it keeps returning that error; what was written stays readable.
func (w *Writer) Write(pcm []int16) error {
	if w.err != nil {
		return w.err
	}
	per := int64(8000 * w.channels * w.enc.bytes())
	n := len(pcm) * w.enc.bytes()
	if w.data+int64(n) > MaxSeconds*per {
		w.err = fmt.Errorf("clip: %s: longer than %v", w.f.Name(), MaxSeconds*time.Second)
		return w.err
	}
	if cap(w.buf) < n {
		w.buf = make([]byte, n)
	}
	b := w.buf[:n]
	w.enc.encode(b, pcm)
	k, err := w.f.WriteAt(b, headerSize+w.data)
	w.data += int64(k)
	if err != nil {
		w.data -= w.data % int64(w.channels*w.enc.bytes())
		w.err = errors.Join(fmt.Errorf("clip: %w", err), w.patch())
		return w.err
	}
	if w.data-w.patched >= per {
		w.err = w.patch()
	}
	return w.err
}

func (e Encoding) encode(b []byte, pcm []int16) {
	switch e {
	case ALaw:
		g711.ALaw.Encode(b, pcm)
	case MuLaw:
		g711.MuLaw.Encode(b, pcm)
	default:
		for i, s := range pcm {
			binary.LittleEndian.PutUint16(b[2*i:], uint16(s))
		}
	}
}

func (w *Writer) patch() error {
	h := w.header()
	if _, err := w.f.WriteAt(h[:], 0); err != nil {
		return fmt.Errorf("clip: %w", err)
	}
	w.patched = w.data
	return nil
}

// Sync brings what was written until now to the disk. It may be called while another
// goroutine writes or closes.
func (w *Writer) Sync() error { return w.f.Sync() }

// Duration is how much was written.
func (w *Writer) Duration() time.Duration {
	return time.Duration(w.data/int64(w.channels*w.enc.bytes())) * time.Second / 8000
}

// Close completes the file and brings it to the disk.
func (w *Writer) Close() error {
	err := w.patch()
	if w.data%2 == 1 { // RIFF chunks are padded to even
		_, e := w.f.WriteAt([]byte{0}, headerSize+w.data)
		err = errors.Join(err, e)
	}
	return errors.Join(err, w.f.Sync(), w.f.Close())
}
