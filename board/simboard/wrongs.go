package simboard

import (
	"maps"
	"slices"
	"sync"
)

// wrongs remembers which lasting faults there are, by place.
type wrongs struct {
	mu sync.Mutex
	by map[string]map[Fault]bool
}

func newWrongs() *wrongs { return &wrongs{by: map[string]map[Fault]bool{}} }

func (w *wrongs) set(at string, f Fault, on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.by[at] == nil {
		w.by[at] = map[Fault]bool{}
	}
	if on {
		w.by[at][f] = true
	} else {
		delete(w.by[at], f)
	}
}

func (w *wrongs) clear(at string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.by, at)
}

func (w *wrongs) is(at string, f Fault) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.by[at][f]
}

// all is everything that is wrong, by place.
func (w *wrongs) all() map[string][]Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := map[string][]Fault{}
	for at, faults := range w.by {
		if len(faults) > 0 {
			list[at] = slices.Sorted(maps.Keys(faults))
		}
	}
	return list
}

// any tells quickly that nothing is wrong anywhere, as on most boards.
func (w *wrongs) any() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.by {
		if len(f) > 0 {
			return true
		}
	}
	return false
}
