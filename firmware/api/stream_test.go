package api

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/event"
)

func record(t *testing.T, seq uint64, e event.Event) *event.Record {
	t.Helper()
	b, err := e.MarshalMsg(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &event.Record{Seq: seq, At: 30, Wall: 40, Kind: e.Kind(), Body: b}
}

// message reads one event of the stream.
func message(t *testing.T, s *bufio.Scanner) string {
	t.Helper()
	var lines []string
	for s.Scan() && s.Text() != "" {
		lines = append(lines, s.Text())
	}
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	return strings.Join(lines, "\n")
}

func TestStreamTellsAndResumes(t *testing.T) {
	f := build(t)
	ana := f.in(t, "ana")
	server := httptest.NewServer(f.h)
	defer server.Close()
	open := func(query, last string) (*bufio.Scanner, func()) {
		ctx, cancel := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/api/v1/stream"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: cookieName, Value: ana.cookie})
		if last != "" {
			r.Header.Set("Last-Event-ID", last)
		}
		res, err := server.Client().Do(r)
		if err != nil || res.Header.Get("Content-Type") != "text/event-stream" {
			t.Fatal(err, res)
		}
		return bufio.NewScanner(res.Body), func() { cancel(); res.Body.Close() }
	}
	s, shut := open("", "")
	if got := message(t, s); got != "event: hello\ndata: {\"seq\":5,\"at\":10,\"wall\":20,\"version\":\"1\"}" {
		t.Error(got)
	}
	f.box.tell <- record(t, 6, &event.SignedIn{Who: "ana", From: "x"})
	if got := message(t, s); got != "id: 6\nevent: record\ndata: {\"seq\":6,\"at\":30,\"wall\":40,\"kind\":\"SignedIn\",\"body\":{\"who\":\"ana\",\"from\":\"x\"}}" {
		t.Error(got)
	}
	f.box.tell <- &event.Record{Seq: 7, Kind: "FromTheFuture"}
	if got := message(t, s); !strings.Contains(got, `"kind":"FromTheFuture","body":null`) {
		t.Error(got)
	}
	shut()
	for _, c := range []struct {
		query, last string
		first       uint64
	}{{"", "", 6}, {"?from=2", "", 3}, {"", "3", 4}, {"?from=2", "3", 4}, {"?from=x", "", 6}} {
		s, shut := open(c.query, c.last)
		message(t, s)
		f.box.tell <- &event.Record{Seq: c.first}
		message(t, s)
		f.box.mu.Lock()
		if f.box.from != c.first {
			t.Errorf("%+v: from %d", c, f.box.from)
		}
		f.box.mu.Unlock()
		shut()
	}
}

// paper is a response that tells when something was written.
type paper struct {
	mu   sync.Mutex
	text strings.Builder
	h    http.Header
}

func (p *paper) Header() http.Header { return p.h }
func (p *paper) WriteHeader(int)     {}
func (p *paper) Flush()              {}
func (p *paper) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

// Silence is broken every ten seconds, and who is signed out hears no more.
func TestHeartbeat(t *testing.T) {
	f := build(t)
	ana := f.in(t, "ana")
	synctest.Test(t, func(t *testing.T) {
		f.box.tell = make(chan *event.Record)
		w := &paper{h: http.Header{}}
		r := httptest.NewRequest("GET", "/api/v1/stream", nil)
		r.AddCookie(&http.Cookie{Name: cookieName, Value: ana.cookie})
		d := &door{Options: Options{Box: f.box, Version: "1"}, streams: make(chan struct{}, 1)}
		ctx, cancel := context.WithCancel(t.Context())
		go func() { _ = d.stream(&ask{w: w, r: r.WithContext(ctx)}) }()
		time.Sleep(35 * time.Second) // of the bubble
		synctest.Wait()
		if n := strings.Count(w.text.String(), ": still here\n\n"); n != 3 {
			t.Errorf("%d heartbeats: %s", n, w.text.String())
		}
		if err := d.stream(&ask{w: w, r: r}); err == nil || err.Error() != "api: streams" {
			t.Errorf("a stream above the bound: %v", err)
		}
		cancel()
		synctest.Wait()
		if len(d.streams) != 0 {
			t.Error("the stream keeps its place")
		}
	})
}
