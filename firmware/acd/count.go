package acd

import (
	"time"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// targetDefault and shareDefault are the customary 80 % within 20 s.
const (
	targetDefault = 20 * time.Second
	shareDefault  = 80
)

// count is a queue's day since the office's midnight. Offered callers are
// answered, abandoned, sent on, or still waiting.
type count struct {
	day       int64
	offered   int
	answered  int
	abandoned int
	within    int // answered within the target of the queue
}

// countOf is today's count of a queue.
func (f *Floor) countOf(now core.Time, q id.Queue) *count {
	day := f.book.Day(now.Wall)
	k := f.counts[q]
	if k == nil || k.day != day {
		k = &count{day: day}
		f.counts[q] = k
	}
	return k
}

func (f *Floor) count(now core.Time, e *event.CallLeft) {
	k := f.countOf(now, e.Queue)
	switch e.Why {
	case "connected":
		k.answered++
		q, _ := f.queue(e.Queue)
		if e.WaitMS <= target(q) {
			k.within++
		}
	case "abandoned":
		k.abandoned++
	}
}

func target(q settings.Queue) int64 { return q.Target.AnsweredWithin.Or(targetDefault).Milliseconds() }
