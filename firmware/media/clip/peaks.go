package clip

import (
	"errors"
	"fmt"
	"io"
)

// MaxColumns is the widest waveform that is drawn.
const MaxColumns = 4000

// Waveform is the outline of a recording: for each column the least and the
// greatest sample of its time, as signed bytes (-128..127), one after the other.
type Waveform struct {
	Seconds     float64
	Left, Right []byte // Right is empty where the file is mono
}

// Peaks draws a WAV file of size bytes in at most columns columns
// (1..MaxColumns), reading it once and keeping one column at a time.
func Peaks(file io.Reader, size int64, columns int) (*Waveform, error) {
	if columns < 1 || columns > MaxColumns {
		return nil, fmt.Errorf("clip: a waveform of %d columns, 1 to %d are possible", columns, MaxColumns)
	}
	r, err := NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("clip: %w", err)
	}
	samples := r.samples(size)
	if samples == 0 {
		return &Waveform{}, nil
	}
	w := &Waveform{Seconds: float64(samples) / 8000}
	per := (samples + int64(columns) - 1) / int64(columns)
	return w, w.draw(r, per)
}

// samples is how many samples at 8 kHz a file of that size can hold, whatever
// its header promises.
func (r *Reader) samples(size int64) int64 {
	if r.Data >= 0 {
		size = min(size, r.Data)
	}
	return size / int64(r.Channels*r.Encoding.bytes()) / int64(r.Rate/8000)
}

func (w *Waveform) draw(r *Reader, per int64) error {
	var left, right [blockSamples]int16
	l, g := newPeak(), newPeak()
	count := int64(0)
	for {
		n := r.Stereo(left[:], right[:])
		for i := range n {
			l.take(left[i])
			g.take(right[i])
			if count++; count%per == 0 {
				w.put(&l, &g, r.Channels)
			}
		}
		if n == len(left) {
			continue
		}
		if count%per != 0 {
			w.put(&l, &g, r.Channels)
		}
		if count == 0 {
			return errors.New("clip: no sound in the file")
		}
		w.Seconds = float64(count) / 8000
		return nil
	}
}

func (w *Waveform) put(l, g *peak, channels int) {
	w.Left = append(w.Left, byte(l.least>>8), byte(l.most>>8))
	if channels == 2 {
		w.Right = append(w.Right, byte(g.least>>8), byte(g.most>>8))
	}
	*l, *g = newPeak(), newPeak()
}

type peak struct{ least, most int16 }

func newPeak() peak { return peak{32767, -32768} }

func (p *peak) take(s int16) {
	p.least = min(p.least, s)
	p.most = max(p.most, s)
}
