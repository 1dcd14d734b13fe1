// Package logtail keeps the last lines that the program logged, and hands new ones to
// who watches. firmware/app lays it over the logger, an owner's console reads it. It
// writes nothing anywhere, and never makes who logs wait: a watcher that is too slow
// misses lines, and is told how many.
package logtail

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
)

const (
	// linesMax is some screens of a console.
	linesMax = 200
	// lineMax bounds one line, in bytes: errors quote what came from outside.
	lineMax = 1000
	// waitMax is how many lines a watcher may be behind: a start's worth.
	waitMax = 64
)

// Line is one that was logged: At, how grave, and what with its values.
type Line struct {
	At    time.Time
	Level slog.Level
	Text  string
}

// Tail is the end of a log. The zero value is ready; all methods may be called from
// any goroutine.
type Tail struct {
	mu       sync.Mutex
	buf      bytes.Buffer // of the line that is being written
	last     []Line
	at       int // where the oldest stands once it is full
	watchers map[*Watcher]bool
}

// Watcher hears new lines until Close.
type Watcher struct {
	C    <-chan Line
	tail *Tail
	in   chan Line

	missed uint64
}

// Over is a logger that writes to next and is kept here.
func (t *Tail) Over(next *slog.Logger) *slog.Logger {
	values := slog.NewTextHandler(&t.buf, &slog.HandlerOptions{
		Level: slog.LevelDebug, // next decides what is logged
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey || a.Key == slog.MessageKey) {
				return slog.Attr{}
			}
			return a
		},
	})
	return slog.New(&handler{next.Handler(), values, t})
}

// Watch gives the last lines, the oldest first, and those that come after them.
func (t *Tail) Watch() ([]Line, *Watcher) {
	t.mu.Lock()
	defer t.mu.Unlock()
	w := &Watcher{tail: t, in: make(chan Line, waitMax)}
	w.C = w.in
	if t.watchers == nil {
		t.watchers = map[*Watcher]bool{}
	}
	t.watchers[w] = true
	return append(append([]Line{}, t.last[t.at:]...), t.last[:t.at]...), w
}

// Missed is how many lines did not fit so far.
func (w *Watcher) Missed() uint64 {
	w.tail.mu.Lock()
	defer w.tail.mu.Unlock()
	return w.missed
}

// Close ends the watching; C stays open.
func (w *Watcher) Close() {
	w.tail.mu.Lock()
	defer w.tail.mu.Unlock()
	delete(w.tail.watchers, w)
}

func (t *Tail) keep(values slog.Handler, r slog.Record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf.Reset()
	text := r.Message
	if err := values.Handle(context.Background(), r); err == nil {
		text = strings.TrimSpace(text + " " + t.buf.String())
	}
	if len(text) > lineMax {
		text = text[:lineMax] + " ..."
	}
	l := Line{r.Time, r.Level, strings.ToValidUTF8(text, "?")}
	if len(t.last) < linesMax {
		t.last = append(t.last, l)
	} else {
		t.last[t.at] = l
		t.at = (t.at + 1) % linesMax
	}
	for w := range t.watchers {
		select {
		case w.in <- l:
		default:
			w.missed++
		}
	}
}

// handler writes to another one, and the values alone to the tail's buffer.
type handler struct {
	slog.Handler
	values slog.Handler
	tail   *Tail
}

// Handle implements slog.Handler.
func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	h.tail.keep(h.values, r)
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h *handler) WithAttrs(list []slog.Attr) slog.Handler {
	return &handler{h.Handler.WithAttrs(list), h.values.WithAttrs(list), h.tail}
}

// WithGroup implements slog.Handler.
func (h *handler) WithGroup(name string) slog.Handler {
	return &handler{h.Handler.WithGroup(name), h.values.WithGroup(name), h.tail}
}
