package app

import (
	"context"
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"
)

var lying []byte

// What lies about in a quiet hour is collected though nothing more comes to make the
// collector begin.
func TestMemoryIsGivenBack(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- new(App).serveMemory(ctx) }()
		lying = make([]byte, 8*tidyAbove)
		lying = nil
		if now := collected(); now.spare < 4*tidyAbove {
			t.Fatalf("%d bytes lie about: the test tests nothing", now.spare)
		}
		time.Sleep(2*tidyEvery + time.Second)
		synctest.Wait()
		if now := collected(); now.spare > tidyAbove {
			t.Errorf("%d bytes still lie about", now.spare)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// What was in use when the collector began and is not any more goes as well.
func TestMemoryOfEndedThings(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		debug.FreeOSMemory()
		before := collected().live
		go func() { ended <- new(App).serveMemory(ctx) }()
		time.Sleep(time.Second)
		lying = make([]byte, 8*tidyAbove)
		debug.FreeOSMemory() // a collection of the busy time
		lying = nil
		if live := collected().live; live < before+4*tidyAbove {
			t.Fatalf("%d bytes in use, %d before: the test tests nothing", live, before)
		}
		time.Sleep((tidyAgain + 3) * tidyEvery)
		synctest.Wait()
		if live := collected().live; live > before+tidyAbove {
			t.Errorf("%d bytes are kept, %d before", live, before)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
