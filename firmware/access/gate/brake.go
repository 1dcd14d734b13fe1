package gate

import (
	"time"

	"golang.org/x/time/rate"
)

// brake slows guessing down: five tries at once for an address or a name, then
// one in ten seconds. A success forgets the failures before it.
type brake struct {
	by map[string]*rate.Limiter
}

const (
	triesAtOnce = 5
	triesEvery  = 10 * time.Second
	brakesMax   = 1024 // beyond it the full ones go; a flood of new names slows nobody else down
)

func newBrake() *brake { return &brake{map[string]*rate.Limiter{}} }

// take counts a try; above 0 it is refused for so long.
func (b *brake) take(key string, now time.Time) time.Duration {
	l, ok := b.by[key]
	if !ok {
		b.room(now)
		l = rate.NewLimiter(rate.Every(triesEvery), triesAtOnce)
		b.by[key] = l
	}
	if l.AllowN(now, 1) {
		return 0
	}
	missing := 1 - l.TokensAt(now)
	return max(time.Second, time.Duration(missing*float64(triesEvery)))
}

func (b *brake) forget(key string) { delete(b.by, key) }

// room drops those that refuse nobody now; if all do, any one.
func (b *brake) room(now time.Time) {
	if len(b.by) < brakesMax {
		return
	}
	for k, l := range b.by {
		if l.TokensAt(now) >= triesAtOnce {
			delete(b.by, k)
		}
	}
	for k := range b.by {
		if len(b.by) < brakesMax {
			break
		}
		delete(b.by, k)
	}
}
