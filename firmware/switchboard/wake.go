package switchboard

import (
	"container/heap"
	"time"

	"centralita/firmware/core"
)

// alarms are the times at which the core wants to be woken, earliest first.
// Equal times are kept once, so their number is bounded by the due times that
// calls and agents have.
type alarms struct {
	at    []int64
	timer *time.Timer
}

func newAlarms() *alarms {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return &alarms{timer: t}
}

// Len, Less, Swap, Push and Pop are container/heap's.
func (a *alarms) Len() int           { return len(a.at) }
func (a *alarms) Less(i, j int) bool { return a.at[i] < a.at[j] }
func (a *alarms) Swap(i, j int)      { a.at[i], a.at[j] = a.at[j], a.at[i] }
func (a *alarms) Push(x any)         { a.at = append(a.at, x.(int64)) }
func (a *alarms) Pop() any {
	x := a.at[len(a.at)-1]
	a.at = a.at[:len(a.at)-1]
	return x
}

// ask wants a wake at the time given.
func (a *alarms) ask(now core.Time, at int64) {
	for _, x := range a.at {
		if x == at {
			return
		}
	}
	heap.Push(a, at)
	a.set(now)
}

// woke forgets the times that have come.
func (a *alarms) woke(now core.Time) {
	for len(a.at) > 0 && a.at[0] <= now.At {
		heap.Pop(a)
	}
	a.set(now)
}

func (a *alarms) set(now core.Time) {
	if len(a.at) > 0 {
		a.timer.Reset(time.Duration(max(0, a.at[0]-now.At)) * time.Millisecond)
	}
}
