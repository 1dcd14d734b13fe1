package sip

import (
	"runtime/debug"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// seldom bounds what strangers can make the log grow by: one line a second for each
// kind of trouble, which says how many were kept back since the one before.
type seldom struct {
	mu   sync.Mutex
	last time.Time
	kept int
}

// due reports whether a line may be written now, and how many were not.
func (s *seldom) due(now time.Time) (kept int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.last.IsZero() && now.Sub(s.last) < time.Second {
		s.kept++
		return 0, false
	}
	kept, s.kept, s.last = s.kept, 0, now
	return kept, true
}

// refused notes a call for which there was nothing left.
func (e *Endpoint) refused(source string, err error) {
	if kept, ok := e.refusals.due(time.Now()); ok {
		e.log.Warn("sip: call refused", "source", source, "error", err, "kept_back", kept)
	}
}

// brokeBy notes a request whose handler panicked with p, from where that is caught.
func (e *Endpoint) brokeBy(req *sip.Request, p any) {
	if kept, ok := e.broken.due(time.Now()); ok {
		e.log.Error("sip: a request broke its handler", "method", clean(req.Method.String(), 20), "source", req.Source(), "panic", p, "kept_back", kept, "stack", string(debug.Stack()))
	}
}
