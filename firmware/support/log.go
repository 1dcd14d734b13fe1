package support

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
)

// logMost is how many lines are kept, lineMost how long each may be.
const (
	logMost  = 500
	lineMost = 1000
)

// told are the values of a log line that are about the machine; the others are left
// out, for they are about people and calls.
var told = map[string]bool{"err": true, "worker": true, "what": true, "stage": true, "failing": true, "why": true,
	"result": true, "version": true, "slot": true, "signal": true, "done_after": true, "beats": true}

// Log keeps the last lines that were logged.
type Log struct {
	mu   sync.Mutex
	last []string
	at   int // where the oldest stands once it is full
}

// Over is a logger that writes to next and is kept here.
func (l *Log) Over(next *slog.Logger) *slog.Logger {
	return slog.New(&handler{Handler: next.Handler(), log: l})
}

// Lines are those kept, the oldest first; they are not masked yet.
func (l *Log) Lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append(append([]string{}, l.last[l.at:]...), l.last[:l.at]...)
}

func (l *Log) keep(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.last) < logMost {
		l.last = append(l.last, line)
		return
	}
	l.last[l.at] = line
	l.at = (l.at + 1) % logMost
}

type handler struct {
	slog.Handler
	log  *Log
	with string
}

// Handle implements slog.Handler.
func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s%s", r.Level, r.Message, h.with)
	r.Attrs(func(a slog.Attr) bool {
		b.WriteString(attr(a))
		return true
	})
	// The time is no matter of a mask: it goes before.
	h.log.keep(r.Time.UTC().Format("2006-01-02T15:04:05.000Z") + "\t" + strings.ToValidUTF8(b.String()[:min(b.Len(), lineMost)], ""))
	return h.Handler.Handle(ctx, r)
}

func attr(a slog.Attr) string {
	if !told[a.Key] {
		return " " + a.Key + "=…"
	}
	return " " + a.Key + "=" + a.Value.Resolve().String()
}

// WithAttrs implements slog.Handler.
func (h *handler) WithAttrs(list []slog.Attr) slog.Handler {
	with := h.with
	for _, a := range list {
		with += attr(a)
	}
	return &handler{h.Handler.WithAttrs(list), h.log, with}
}

// WithGroup implements slog.Handler.
func (h *handler) WithGroup(name string) slog.Handler {
	return &handler{h.Handler.WithGroup(name), h.log, h.with}
}

// Masked are the lines with their times.
func (m *Mask) Masked(lines []string) []byte {
	var b strings.Builder
	for _, l := range lines {
		at, text, _ := strings.Cut(l, "\t")
		b.WriteString(at + " " + m.Text(text) + "\n")
	}
	return []byte(b.String())
}
