package journal

import (
	"bytes"
	"encoding/binary"
	"io"
)

// windowBytes is what a scanner reads at once; a longer frame makes it grow.
const windowBytes = 128 << 10

// pageBytes is how much is given up where the disk refuses to read.
const pageBytes = 4096

// scanner walks the frames of one segment, going round what is no frame.
type scanner struct {
	r     io.ReaderAt
	salt  uint32
	off   int64 // next byte to look at
	limit int64 // end of what may be read
	base  int64 // file offset of buf[0]
	buf   []byte
	ioErr error // last refusal of the disk
}

// span is a piece of a file that holds no frame.
type span struct{ off, bytes int64 }

func (s *span) add(off, n int64) {
	if s.bytes == 0 {
		s.off = off
	}
	s.bytes += n
}

// next gives the next intact frame and what was skipped before it; ok is false
// at the end, where bad is the rest.
func (s *scanner) next() (f frame, bad span, ok bool) {
	for {
		head := s.peek(frameHead)
		if len(head) < frameHead {
			bad.add(s.off, int64(len(head)))
			s.off += int64(len(head))
			return frame{}, bad, false
		}
		if n := length(head, s.salt); n > 0 {
			if raw := s.peek(n); len(raw) == n && intact(raw, s.salt) {
				f = frame{kind: raw[7], off: s.off, raw: raw, body: raw[frameHead:]}
				s.off += int64(n)
				return f, bad, true
			}
		}
		n := s.skip()
		bad.add(s.off, n)
		s.off += n
	}
}

// skip is how far the next sync word is, at least one byte.
func (s *scanner) skip() int64 {
	var word [4]byte
	binary.LittleEndian.PutUint32(word[:], s.salt)
	b := s.peek(windowBytes / 2)
	if i := bytes.Index(b[1:], word[:]); i >= 0 {
		return int64(i) + 1
	}
	return int64(max(1, len(b)-len(word)+1)) // a word may begin in the last three bytes
}

// peek gives n bytes from off on, or as many as there are.
func (s *scanner) peek(n int) []byte {
	n = int(min(int64(n), s.limit-s.off))
	if n <= 0 {
		return nil
	}
	if s.off < s.base || s.off+int64(n) > s.base+int64(len(s.buf)) {
		s.fill(n)
	}
	from := s.off - s.base
	return s.buf[from:min(from+int64(n), int64(len(s.buf)))]
}

// fill moves the window so that n bytes from off on are in it.
func (s *scanner) fill(n int) {
	want := int(min(int64(max(n, windowBytes)), s.limit-s.off))
	kept := 0
	if s.off >= s.base && s.off < s.base+int64(len(s.buf)) {
		kept = copy(s.buf, s.buf[s.off-s.base:])
	}
	if cap(s.buf) < want {
		s.buf = append(make([]byte, 0, max(want, windowBytes)), s.buf[:kept]...)
	}
	s.buf = s.buf[:want]
	s.base = s.off
	got := kept + s.read(s.buf[kept:], s.off+int64(kept))
	s.buf = s.buf[:got]
}

// read is ReadAt that leaves zeros, which are no frame, where the disk refuses.
func (s *scanner) read(p []byte, off int64) int {
	n, err := s.r.ReadAt(p, off)
	if err == nil || err == io.EOF {
		return n
	}
	s.ioErr = err
	for at := 0; at < len(p); at += pageBytes {
		page := p[at:min(at+pageBytes, len(p))]
		m, err := s.r.ReadAt(page, off+int64(at))
		if err == io.EOF {
			return at + m
		}
		if err != nil {
			clear(page)
		}
	}
	return len(p)
}
