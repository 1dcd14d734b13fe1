package core

import "container/heap"

// Agenda is virtual time: things that will happen, by time and then in the order
// they were noted. It is the only clock of simulated days and of stories.
type Agenda[T any] struct{ entries entries[T] }

// Note adds something for a time.
func (a *Agenda[T]) Note(at int64, what T) {
	a.entries.seq++
	heap.Push(&a.entries, entry[T]{at, a.entries.seq, what})
}

// Next takes the earliest; false when nothing is left.
func (a *Agenda[T]) Next() (at int64, what T, ok bool) {
	if len(a.entries.list) == 0 {
		return 0, what, false
	}
	e := heap.Pop(&a.entries).(entry[T])
	return e.at, e.what, true
}

// Peek is the time of the earliest; false when nothing is left.
func (a *Agenda[T]) Peek() (at int64, ok bool) {
	if len(a.entries.list) == 0 {
		return 0, false
	}
	return a.entries.list[0].at, true
}

// Clear forgets everything, as a power cut does.
func (a *Agenda[T]) Clear() { a.entries.list = nil }

type entry[T any] struct {
	at   int64
	seq  uint64
	what T
}

type entries[T any] struct {
	list []entry[T]
	seq  uint64
}

func (e *entries[T]) Len() int { return len(e.list) }
func (e *entries[T]) Less(i, j int) bool {
	a, b := e.list[i], e.list[j]
	return a.at < b.at || a.at == b.at && a.seq < b.seq
}
func (e *entries[T]) Swap(i, j int) { e.list[i], e.list[j] = e.list[j], e.list[i] }
func (e *entries[T]) Push(x any)    { e.list = append(e.list, x.(entry[T])) }
func (e *entries[T]) Pop() any {
	last := len(e.list) - 1
	x := e.list[last]
	e.list = e.list[:last]
	return x
}
