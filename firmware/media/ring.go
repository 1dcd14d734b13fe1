package media

import "sync/atomic"

// Ring is a bounded queue between one writing and one reading goroutine: no
// lock, no allocation after NewRing, so either side may be the sound thread.
type Ring[T any] struct {
	slots []T
	mask  uint32
	_     [64]byte // reader's and writer's counters on cache lines of their own
	head  atomic.Uint32
	_     [64]byte
	tail  atomic.Uint32
}

// NewRing makes a ring for at least bound elements, rounded up to a power of two.
func NewRing[T any](bound int) *Ring[T] {
	n := 1
	for n < bound {
		n <<= 1
	}
	return &Ring[T]{slots: make([]T, n), mask: uint32(n - 1)}
}

// Cap is the number of elements the ring holds when full.
func (r *Ring[T]) Cap() int { return len(r.slots) }

// Len is how many elements wait; exact for the reader and the writer, a moment
// old for others.
func (r *Ring[T]) Len() int { return int(r.tail.Load() - r.head.Load()) }

// Put appends v and reports whether there was room. Writer only.
func (r *Ring[T]) Put(v T) bool {
	s := r.Free()
	if s == nil {
		return false
	}
	*s = v
	r.Publish()
	return true
}

// Free is the slot the next Publish hands over, nil when the ring is full: for
// elements too large to copy twice. Writer only.
func (r *Ring[T]) Free() *T {
	t := r.tail.Load()
	if t-r.head.Load() > r.mask {
		return nil
	}
	return &r.slots[t&r.mask]
}

// Publish hands over the slot that Free gave. Writer only.
func (r *Ring[T]) Publish() { r.tail.Add(1) }

// Take removes the oldest element. Reader only.
func (r *Ring[T]) Take() (v T, ok bool) {
	s := r.Peek()
	if s == nil {
		return v, false
	}
	v = *s
	r.Drop()
	return v, true
}

// Peek is the oldest element, nil when there is none; it stays valid until Drop.
// Reader only.
func (r *Ring[T]) Peek() *T {
	h := r.head.Load()
	if h == r.tail.Load() {
		return nil
	}
	return &r.slots[h&r.mask]
}

// Drop gives the slot of Peek back to the writer, cleared, so that nothing it
// pointed to is kept alive. Reader only.
func (r *Ring[T]) Drop() {
	var zero T
	h := r.head.Load()
	r.slots[h&r.mask] = zero
	r.head.Store(h + 1)
}
