package highway

import "centralita/hal"

// queue is a ring of frames; full, it gives up its oldest.
type queue struct {
	frames []hal.Frame
	first  int
	count  int
}

// push tells false when the oldest frame had to go.
func (q *queue) push(f *hal.Frame) bool {
	lost := q.count == len(q.frames)
	if lost {
		q.first = (q.first + 1) % len(q.frames)
		q.count--
	}
	q.frames[(q.first+q.count)%len(q.frames)] = *f
	q.count++
	return !lost
}

func (q *queue) pop(f *hal.Frame) bool {
	if q.count == 0 {
		return false
	}
	*f = q.frames[q.first]
	q.first = (q.first + 1) % len(q.frames)
	q.count--
	return true
}

func (q *queue) clear() { q.first, q.count = 0, 0 }
