// Package soak lets a whole box fail in thousands of ways: the simulated board with
// the real drivers, the bank, the sound engine and the call control, in virtual
// time, with calls going on while a script by seed breaks chips, wires and buses.
//
// It asserts what a technician would: a fault is seen within a second, only its
// port suffers, five seconds after its end all is well, and no line is ever left
// off-hook. `make soak` runs ten thousand scripts; the tests a few dozen. A script
// that fails is shown with its seed and the fewest steps that still fail.
package soak

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// number reads what make gives in the environment.
func number(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// batch is how many scripts one box lives through, so that what one leaves behind
// meets the next.
const batch = 5

// TestSoak runs SOAK scripts from the seed SOAK_SEED on; without them the short
// form.
func TestSoak(t *testing.T) {
	scripts, first := number("SOAK", 60), number("SOAK_SEED", 1)
	if testing.Short() {
		scripts = 15
	}
	runs := make(chan uint64)
	go func() {
		defer close(runs)
		for n := 0; n < scripts; n += batch {
			runs <- uint64(first + n)
		}
	}()
	watch := &progress{began: time.Now(), most: scripts}
	t.Run("scripts", func(t *testing.T) {
		for n := range runtime.GOMAXPROCS(0) {
			t.Run(strconv.Itoa(n), func(t *testing.T) {
				t.Parallel()
				for seed := range runs {
					watch.note(t, live(t, plan(seed, batch)))
				}
			})
		}
	})
	watch.end(t)
}

// TestScript runs the batch of one seed, SCRIPT, and tells all it sees.
func TestScript(t *testing.T) {
	seed := number("SCRIPT", 0)
	if seed == 0 {
		t.Skip("SCRIPT names none")
	}
	rounds := plan(uint64(seed), batch)
	for n, r := range rounds {
		t.Logf("%d: %s", n+1, r)
	}
	if fail := live(t, rounds); fail != nil {
		t.Errorf("%v\n%s", fail, strings.Join(fail.story, "\n"))
	}
}

// failed is a batch that broke a promise.
type failed struct {
	rounds []round
	round  int
	why    string
	story  []string
}

func (f *failed) Error() string {
	return fmt.Sprintf("seed %d, script %d: %s", f.rounds[0].seed, f.round+1, f.why)
}

// progress counts and prints.
type progress struct {
	began time.Time
	most  int
	mu    sync.Mutex
	done  int
	bad   int
	heap  uint64 // after the first tenth
	said  time.Time
}

// failuresMost ends a soak that fails all over.
const failuresMost = 20

func (p *progress) note(t *testing.T, f *failed) {
	t.Helper()
	if f != nil {
		least := f
		if number("SOAK_SHRINK", 1) > 0 {
			least = shrink(t, f)
		}
		t.Errorf("%v\n  fewest steps: %s\n  %s\n  again: SCRIPT=%d go test -run TestScript -v ./scripts/soak", f, text(least.rounds), least.why, f.rounds[0].seed)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += batch
	if f != nil {
		if p.bad++; p.bad >= failuresMost {
			t.FailNow()
		}
	}
	if p.heap == 0 && p.done >= p.most/10 {
		p.heap = heap()
	}
	if time.Since(p.said) > 20*time.Second && testing.Verbose() {
		p.said = time.Now()
		rate := float64(p.done) / time.Since(p.began).Seconds()
		fmt.Printf("soak: %d of %d scripts, %d failed, %.1f a second, %s left\n", p.done, p.most, p.bad, rate,
			time.Duration(float64(p.most-p.done)/rate*1e9).Round(time.Second))
	}
}

// heapMost is by how much the memory in use may have grown since the first tenth:
// what one box needs, for the collector may find it a moment later.
const heapMost = 32 << 20

func (p *progress) end(t *testing.T) {
	if now := heap(); now > p.heap+heapMost {
		t.Errorf("%d MB in use after a tenth of the scripts, %d MB at the end", p.heap>>20, now>>20)
	}
	fmt.Printf("soak: %d scripts, %d failed, in %s, %.1f a second; virtual time %s\n", p.done, p.bad,
		time.Since(p.began).Round(time.Second), float64(p.done)/time.Since(p.began).Seconds(), time.Duration(lived.Load()).Round(time.Second))
}

// lived is the virtual time of all boxes.
var lived atomic.Int64

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
