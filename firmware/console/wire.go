package console

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
)

// queueMax is what a wire keeps of what was sent ahead: several times a whole
// office as text. Beyond it the wire is not read, which the device tells its far
// end (USB does not acknowledge, a UART sends XOFF); nothing is dropped.
const queueMax = 64 << 10

// lineMax bounds a line that is typed, in bytes. The editor holds 4096 runes and
// would leave out what is more.
const lineMax = 4000

// wire reads ahead of a session, so that a paste is taken at the speed of the line
// while its first lines are still carried out. One goroutine reads the device; all
// else is the session's.
type wire struct {
	rw   io.ReadWriter
	over chan struct{} // closed: nobody takes any more
	came chan struct{} // 1: something came, or the end
	room chan struct{} // 1: something was taken

	mu    sync.Mutex
	queue []byte
	err   error

	sift    sifter
	resized func(columns, rows int) // a terminal said how large it is
	typed   int                     // bytes of the line under way
	cut     bool                    // it was too long
	broke   bool                    // it was given up by ^C
}

// newWire begins to read. The reading ends when the device is closed.
func newWire(rw io.ReadWriter) *wire {
	w := &wire{rw: rw, over: make(chan struct{}), came: make(chan struct{}, 1), room: make(chan struct{}, 1)}
	go w.pump()
	return w
}

// close lets the reading goroutine go once the device gives it up.
func (w *wire) close() { close(w.over) }

func (w *wire) pump() {
	b := make([]byte, 4096)
	for {
		n, err := w.rw.Read(b)
		for w.put(b[:n], err) {
			select {
			case <-w.room:
			case <-w.over:
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// put adds what came and reports whether there was no room for it.
func (w *wire) put(b []byte, err error) (full bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(b) > 0 && len(w.queue)+len(b) > queueMax {
		return true
	}
	w.queue = append(w.queue, b...)
	w.err = err
	poke(w.came)
	return false
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// next takes one thing from the queue: a rune, a control character or a whole
// sequence; nil when all that came is looked at. The error is the wire's end.
func (w *wire) next() ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.queue) > 0 {
		n, keep := w.sift.first(w.queue, w.err != nil)
		if n == 0 {
			break
		}
		one := w.queue[:n:n]
		w.queue = w.queue[n:]
		poke(w.room)
		if keep {
			return one, nil
		}
	}
	if len(w.queue) == 0 {
		w.queue = nil // the backing array goes with it
	}
	return nil, w.err
}

// wait is next that waits for it.
func (w *wire) wait(ctx context.Context) ([]byte, error) {
	for {
		one, err := w.next()
		if one != nil || err != nil {
			return one, err
		}
		select {
		case <-w.came:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// ahead reports whether more was sent already, or the far end is gone: then nobody
// sits there to be asked.
func (w *wire) ahead() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.queue) > 0 || w.err != nil
}

// gone reports whether the far end's line has ended and all that came is taken: no ^D
// of somebody who sits there.
func (w *wire) gone() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err != nil && len(w.queue) == 0
}

// Read gives the line editor at most one line at a time, so that what follows it
// can be read otherwise. CR, LF and CR LF end a line alike; ^C empties it.
func (w *wire) Read(p []byte) (int, error) {
	if len(p) < 2*sequenceMax {
		return 0, io.ErrNoProgress
	}
	n := 0
	for n == 0 {
		one, err := w.wait(context.Background()) // a device that is closed ends it
		if err != nil {
			return 0, err
		}
		for ; one != nil; one, _ = w.next() {
			var ended bool
			if n, ended = w.edit(p, n, one); ended || n+sequenceMax > len(p) {
				return n, nil
			}
		}
	}
	return n, nil
}

// edit adds one thing to what the editor gets.
func (w *wire) edit(p []byte, n int, one []byte) (int, bool) {
	switch {
	case one[0] == '\r' || one[0] == '\n':
		w.typed = 0
		p[n] = '\r'
		return n + 1, true
	case one[0] == 3: // to the end, rub out, enter
		w.typed, w.broke = 0, true
		return n + copy(p[n:], "\x05\x15\r"), true
	case w.sized(one):
		return n, false
	}
	if w.typed += len(one); w.typed > lineMax {
		w.cut = true
		return n, false
	}
	return n + copy(p[n:], one), false
}

// tooLong reports, once, that the line before was cut.
func (w *wire) tooLong() bool {
	was := w.cut
	w.cut = false
	return was
}

// sized takes a terminal's word for its size: CSI 8 ; rows ; columns t, as xterm
// and its kin answer CSI 18 t.
func (w *wire) sized(one []byte) bool {
	text, ok := strings.CutPrefix(string(one), "\x1b[8;")
	text, isSize := strings.CutSuffix(text, "t")
	if !ok || !isSize {
		return false
	}
	high, wide, _ := strings.Cut(text, ";")
	rows, err := strconv.Atoi(high)
	columns, wErr := strconv.Atoi(wide)
	if errors.Join(err, wErr) == nil && w.resized != nil {
		w.resized(columns, rows)
	}
	return true
}

// Write implements io.Writer.
func (w *wire) Write(p []byte) (int, error) { return w.rw.Write(p) }
