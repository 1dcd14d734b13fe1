package console

import (
	"io"
	"unicode/utf8"
)

// clean stands between a wire and the line editor: a serial line makes noise, and
// bytes that are no UTF-8 would stay in the editor for ever. They are dropped, and
// a control sequence longer than the editor's buffer ends the session.
type clean struct {
	io.ReadWriter
	rest [utf8.UTFMax]byte // an unfinished rune
	n    int
}

// Read implements io.Reader.
func (c *clean) Read(p []byte) (int, error) {
	if len(p) < 2*utf8.UTFMax {
		return 0, io.ErrNoProgress
	}
	n := copy(p, c.rest[:c.n])
	got, err := c.ReadWriter.Read(p[n:])
	in := p[:n+got]
	out := p[:0]
	c.n = 0
	for len(in) > 0 {
		if !utf8.FullRune(in) && err == nil {
			c.n = copy(c.rest[:], in)
			break
		}
		r, size := utf8.DecodeRune(in)
		if r != utf8.RuneError {
			out = append(out, in[:size]...)
		}
		in = in[size:]
	}
	return len(out), err
}
