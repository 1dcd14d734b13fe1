package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"centralita/firmware/event"
)

const (
	heartbeat = 10 * time.Second
	// patience for one write: who reads more slowly is dropped, and resumes.
	patience = 10 * time.Second
	// ahead is how many records wait for the socket; the journal holds the rest.
	ahead = 64
)

// hello opens every stream.
type hello struct {
	Seq     uint64 `json:"seq"`
	At      int64  `json:"at"`
	Wall    int64  `json:"wall"`
	Version string `json:"version"`
}

// stream tells the journal live as server-sent events (HTML standard, section
// 9.2). It begins after Last-Event-ID, or after from, or now.
func (d *door) stream(a *ask) error {
	select {
	case d.streams <- struct{}{}:
		defer func() { <-d.streams }()
	default:
		return no(http.StatusServiceUnavailable, "streams")
	}
	seq, now := d.Box.Now()
	after := seq
	for _, s := range []string{a.r.URL.Query().Get("from"), a.r.Header.Get("Last-Event-ID")} {
		if n, err := strconv.ParseUint(s, 10, 64); err == nil {
			after = n
		}
	}
	h := a.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	ctl := http.NewResponseController(a.w)
	_ = ctl.SetReadDeadline(time.Time{}) // or the read of the next request ends this one
	s := &sse{w: a.w, ctl: ctl}
	if !s.send("event: hello\n", "", hello{seq, now.At, now.Wall, d.Version}) {
		return nil
	}
	ctx, cancel := context.WithCancel(a.r.Context())
	defer cancel()
	records := make(chan *event.Record, ahead)
	ended := make(chan error, 1)
	go func() { ended <- d.pull(ctx, after+1, records) }()
	d.tell(ctx, a, s, records, ended)
	cancel()
	for range records { // pull closes it
	}
	return nil
}

// pull follows the journal into a channel until ctx or the journal ends.
func (d *door) pull(ctx context.Context, first uint64, records chan<- *event.Record) error {
	defer close(records)
	for r, err := range d.Box.Follow(ctx, first) {
		if err != nil {
			return err
		}
		select {
		case records <- r:
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// tell writes what comes, and a sign of life when nothing does. A person who is
// signed out is cut off at the next heartbeat.
func (d *door) tell(ctx context.Context, a *ask, s *sse, records <-chan *event.Record, ended <-chan error) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case r, ok := <-records:
			if !ok {
				if err := <-ended; err != nil && ctx.Err() == nil {
					d.Log.Error("a stream cannot read the journal", "err", err)
				}
				return
			}
			if !s.send(fmt.Sprintf("id: %d\nevent: record\n", r.Seq), "", told(r)) {
				return
			}
		case <-beat.C:
			if d.Gate != nil {
				if _, err := d.Gate.Who(cookieOf(a.r)); err != nil {
					return
				}
			}
			if !s.send(": still here\n", "\n", nil) {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// told shows a record; the body of a kind this version does not know is null.
func told(r *event.Record) Told {
	t := Told{Seq: r.Seq, At: r.At, Wall: r.Wall, Kind: r.Kind, Body: json.RawMessage("null")}
	if e, err := r.Event(); err == nil {
		if b, err := json.Marshal(e); err == nil {
			t.Body = b
		}
	}
	return t
}

// sse writes one message at a time, each within patience.
type sse struct {
	w   http.ResponseWriter
	ctl *http.ResponseController
}

func (s *sse) send(head, tail string, data any) bool {
	_ = s.ctl.SetWriteDeadline(time.Now().Add(patience)) // a writer without deadlines is a test's
	if tail == "" {
		b, err := json.Marshal(data)
		if err != nil {
			return false
		}
		tail = "data: " + string(b) + "\n\n"
	}
	if _, err := s.w.Write([]byte(head + tail)); err != nil {
		return false
	}
	return s.ctl.Flush() == nil
}
