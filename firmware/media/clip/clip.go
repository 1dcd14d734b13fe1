// Package clip is prompts, music and recordings: WAV files to frames and back.
//
// Load reads a prompt into memory, Player is the media.Port that plays a list of
// sources without gaps, Open streams a long file, Recorder writes a conversation
// to a file that is decodable at every moment, Peaks draws it. Which clips make a
// sentence ("you are number", "four") is the caller's knowledge, and where files
// live and how long firmware/store's.
package clip

import (
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// Source is sound to be played. Fill writes at most len(pcm) samples at 8 kHz
// and returns how many; fewer than len(pcm) means that the source has ended. It
// is called in the sound thread: no blocking, no allocation. A tone.Generator is
// one.
type Source interface {
	Fill(pcm []int16) int
}

// MaxClip is the longest clip kept in memory: ten minutes of music, 9.6 MB. What
// is longer is streamed (Open).
const MaxClip = 10 * 60 * 8000

// Clip is a prompt in memory, shared by all who play it.
type Clip struct {
	pcm []int16
}

// New makes a clip of samples at 8 kHz; it keeps pcm.
func New(pcm []int16) *Clip { return &Clip{pcm} }

// Load reads a WAV file (see ReadHeader) of at most MaxClip samples into memory.
func Load(path string) (*Clip, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("clip: %w", err)
	}
	defer f.Close()
	c, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("clip: %s: %w", path, err)
	}
	return c, nil
}

// Read reads a WAV stream into memory. Of stereo both sides are summed.
func Read(r io.Reader) (*Clip, error) {
	w, err := NewReader(r)
	if err != nil {
		return nil, err
	}
	var pcm []int16
	var buf [800]int16
	for {
		n := w.Mono(buf[:])
		if len(pcm)+n > MaxClip {
			return nil, fmt.Errorf("longer than %v", time.Duration(MaxClip/8000)*time.Second)
		}
		pcm = append(pcm, buf[:n]...)
		if n < len(buf) {
			return &Clip{slices.Clone(pcm)}, nil // without the room append left
		}
	}
}

// Duration is how long it plays.
func (c *Clip) Duration() time.Duration { return time.Duration(len(c.pcm)) * time.Second / 8000 }

// PCM is the samples; not to be changed.
func (c *Clip) PCM() []int16 { return c.pcm }

// Source plays the clip once.
func (c *Clip) Source() Source { return &cursor{pcm: c.pcm} }

// Loop plays the clip again and again from its beginning; an empty clip ends.
func (c *Clip) Loop() Source { return &cursor{pcm: c.pcm, loop: true} }

// LoopFrom is Loop beginning at a moment, so that not every caller hears the
// same first bars of the music.
func (c *Clip) LoopFrom(at time.Duration) Source {
	s := &cursor{pcm: c.pcm, loop: true}
	if len(c.pcm) > 0 && at > 0 {
		s.at = int(at.Milliseconds()*8) % len(c.pcm)
	}
	return s
}

type cursor struct {
	pcm  []int16
	at   int
	loop bool
}

// Fill implements Source.
func (c *cursor) Fill(pcm []int16) int {
	n := copy(pcm, c.pcm[c.at:])
	c.at += n
	for c.loop && n < len(pcm) && len(c.pcm) > 0 {
		k := copy(pcm[n:], c.pcm)
		c.at = k
		n += k
	}
	return n
}

// Silence is a source of silence.
func Silence(d time.Duration) Source { return &pause{left: int(max(0, d.Milliseconds()) * 8)} }

type pause struct{ left int }

// Fill implements Source.
func (p *pause) Fill(pcm []int16) int {
	n := min(p.left, len(pcm))
	clear(pcm[:n])
	p.left -= n
	return n
}

// For lets a source that would go on for ever, as a dial tone, end after d.
func For(s Source, d time.Duration) Source {
	return &limited{s, int(max(0, d.Milliseconds()) * 8)}
}

type limited struct {
	s    Source
	left int
}

// Fill implements Source.
func (l *limited) Fill(pcm []int16) int {
	n := l.s.Fill(pcm[:min(l.left, len(pcm))])
	l.left -= n
	return n
}
