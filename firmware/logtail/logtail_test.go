package logtail

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

func TestLastLinesAndNewOnes(t *testing.T) {
	var file bytes.Buffer
	tail := new(Tail)
	log := tail.Over(slog.New(slog.NewTextHandler(&file, &slog.HandlerOptions{Level: slog.LevelInfo})))
	log.Debug("not logged") // next does not want it
	log.Info("trunk", "name", "pro veedor", "up", true)
	log.With("worker", "SIP").WithGroup("far").Warn("closed", "err", errors.New("reset\nby peer"))
	last, w := tail.Watch()
	defer w.Close()
	if len(last) != 2 || last[0].Text != `trunk name="pro veedor" up=true` || last[1].Text != `closed worker=SIP far.err="reset\nby peer"` || last[1].Level != slog.LevelWarn || last[0].At.IsZero() {
		t.Errorf("%+v", last)
	}
	log.Error("new")
	if l := <-w.C; l.Text != "new" || l.Level != slog.LevelError {
		t.Errorf("%+v", l)
	}
	if n := strings.Count(file.String(), "\n"); n != 3 || !strings.Contains(file.String(), `msg=trunk name="pro veedor" up=true`) {
		t.Errorf("the log itself has %d lines:\n%s", n, file.String())
	}
}

func TestBounds(t *testing.T) {
	tail := new(Tail)
	log := tail.Over(slog.New(slog.DiscardHandler))
	if log.Enabled(t.Context(), slog.LevelError) {
		t.Error("what is not logged is kept")
	}
	log = tail.Over(slog.New(slog.NewTextHandler(new(bytes.Buffer), nil)))
	_, w := tail.Watch()
	log.Info(strings.Repeat("ü", lineMax))
	for n := range linesMax + 50 {
		log.Info(fmt.Sprint(n))
	}
	if l := <-w.C; len(l.Text) > lineMax+8 {
		t.Errorf("a line of %d bytes", len(l.Text))
	}
	if m := w.Missed(); m != linesMax+51-waitMax {
		t.Errorf("%d missed", m)
	}
	w.Close()
	last, again := tail.Watch()
	again.Close()
	if len(last) != linesMax || last[0].Text != "50" || last[linesMax-1].Text != fmt.Sprint(linesMax+49) {
		t.Errorf("%d lines from %q to %q", len(last), last[0].Text, last[len(last)-1].Text)
	}
	if len(tail.watchers) != 0 {
		t.Error("a closed watcher stays")
	}
}

func TestManyLogAtOnce(t *testing.T) {
	tail := new(Tail)
	log := tail.Over(slog.New(slog.NewTextHandler(new(locked), nil)))
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for range 50 {
				log.With("who", n).Info("line", "n", n)
			}
		})
	}
	all.Go(func() {
		for range 20 {
			_, w := tail.Watch()
			w.Close()
		}
	})
	all.Wait()
	last, w := tail.Watch()
	defer w.Close()
	for _, l := range last {
		if n := l.Text[len(l.Text)-1:]; l.Text != "line who="+n+" n="+n {
			t.Fatalf("mixed: %q", l.Text)
		}
	}
}

// locked takes what is written at once.
type locked struct {
	mu sync.Mutex
	bytes.Buffer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(b)
}
