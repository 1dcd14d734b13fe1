package media

import (
	"sync/atomic"
	"time"
)

// Beat tells where between two ticks a moment lies, so that whoever brings sound from
// elsewhere knows how long before the tick it came. Any goroutine may ask.
type Beat struct {
	epoch  time.Time
	origin atomic.Int64 // ns after the epoch at which tick 0 would have begun, plus 1; 0 is not known
}

func newBeat() *Beat { return &Beat{epoch: time.Now()} }

// beatFollows divides what a tick was later than expected: a clock that drifts is
// followed within seconds, a tick that was kept waiting is not.
const beatFollows = 256

// ticked notes when a tick began. The sound thread's.
func (b *Beat) ticked(n uint64, at time.Time) {
	seen := int64(at.Sub(b.epoch)) - int64(n)*int64(Period) + 1
	was := b.origin.Load()
	if late := seen - was; was != 0 && late > 0 && late < int64(Period) {
		seen = was + late/beatFollows
	}
	b.origin.Store(seen)
}

// At is the moment t on the clock of the ticks, in samples at 8 kHz: tick n begins at
// n times Narrow. It is false while nobody ticks by time.
func (b *Beat) At(t time.Time) (uint32, bool) {
	if b == nil {
		return 0, false
	}
	origin := b.origin.Load()
	const sample = int64(Period) / int64(Narrow)
	return uint32((int64(t.Sub(b.epoch)) - origin) / sample), origin != 0
}
