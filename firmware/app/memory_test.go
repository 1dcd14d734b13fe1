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
		if _, garbage := collected(); garbage < 4*tidyAbove {
			t.Fatalf("%d bytes lie about: the test tests nothing", garbage)
		}
		time.Sleep(2*tidyEvery + time.Second)
		synctest.Wait()
		if _, garbage := collected(); garbage > tidyAbove {
			t.Errorf("%d bytes still lie about", garbage)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
