package console

import (
	"bytes"
	"context"
	"io"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"centralita/firmware/event"

	"github.com/tinylib/msgp/msgp"
)

// watched is a screen that tells when something has come to stand on it.
type watched struct {
	io.Reader
	mu   sync.Mutex
	text bytes.Buffer
	more *sync.Cond
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.more.Broadcast()
	return w.text.Write(p)
}

func (w *watched) shows(part string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for !strings.Contains(w.text.String(), part) {
		w.more.Wait()
	}
}

// The log goes on while it is watched, alarms stand among its lines, what was missed
// is told, and a key ends it.
func TestMonitorLogGoesOn(t *testing.T) {
	o := build(t)
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	lines, stopped := make(chan LogLine), make(chan bool)
	var mu sync.Mutex
	missed := uint64(0)
	o.Lab.Log = func() ([]LogLine, <-chan LogLine, func() uint64, func()) {
		var last []LogLine
		for range 30 {
			last = append(last, LogLine{at, slog.LevelInfo, "old"})
		}
		return last, lines, func() uint64 { mu.Lock(); defer mu.Unlock(); return missed }, func() { close(stopped) }
	}
	facts := make(chan event.Event)
	o.Lab.Follow = func(ctx context.Context) iter.Seq2[*event.Record, error] {
		return func(yield func(*event.Record, error) bool) {
			for {
				select {
				case <-ctx.Done():
					return
				case e := <-facts:
					raw, err := e.(msgp.Marshaler).MarshalMsg(nil)
					if err != nil || !yield(&event.Record{Wall: at.UnixMilli(), Kind: e.Kind(), Body: raw}, nil) {
						return
					}
				}
			}
		}
	}
	keys, typed := io.Pipe()
	w := &watched{Reader: keys}
	w.more = sync.NewCond(&w.mu)
	ended := make(chan error, 1)
	go func() { ended <- o.Session(t.Context(), w, Serial) }()
	typ := func(text string) {
		if _, err := io.WriteString(typed, text); err != nil {
			t.Error(err)
		}
	}
	typ("boss\rboss-palabra\rmonitor log info\r")
	w.shows("q or Ctrl-C ends this")
	lines <- LogLine{at, slog.LevelDebug, "too small"}
	lines <- LogLine{at, slog.LevelWarn, "new\x1b[2J"}
	w.shows("10:00:00 WARN  new?[2J")
	facts <- &event.AlarmRaised{Key: "line-fxo2", Severity: "major", Text: "alarm.line-no-battery", Args: []string{"fxo2"}}
	w.shows("+ 10:00:00  ")
	facts <- &event.AlarmCleared{Key: "line-fxo2"}
	w.shows("- 10:00:00  over: line-fxo2")
	mu.Lock()
	missed = 3
	mu.Unlock()
	lines <- LogLine{at, slog.LevelInfo, "after"}
	w.shows("3 lines not shown")
	typ("q")
	<-stopped
	typ("exit\r")
	if err := <-ended; err != nil {
		t.Error(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	text := w.text.String()
	if n := strings.Count(text, "INFO  old"); n != logFirst || strings.Contains(text, "too small") {
		t.Errorf("%d old lines:\n%s", n, text)
	}
}
