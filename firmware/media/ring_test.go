package media

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Everything put is taken once and in order while both sides run; a full ring
// refuses, an empty one gives nothing.
func TestRingKeepsOrder(t *testing.T) {
	const n = 20000
	r := NewRing[int](6)
	if r.Cap() != 8 {
		t.Fatalf("room for %d", r.Cap())
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; i < n; {
			if r.Put(i) {
				i++
			}
		}
	})
	for want := 0; want < n; {
		if v, ok := r.Take(); ok {
			if v != want {
				t.Fatalf("took %d, want %d", v, want)
			}
			want++
		}
	}
	wg.Wait()
	if _, ok := r.Take(); ok || r.Len() != 0 {
		t.Fatal("not empty")
	}
	for i := range 9 {
		if ok := r.Put(i); ok != (i < 8) {
			t.Fatalf("element %d: %v", i, ok)
		}
	}
}

// A slot given back keeps nothing alive.
func TestRingForgets(t *testing.T) {
	r := NewRing[*int](1)
	r.Put(new(int))
	s := r.Peek()
	r.Drop()
	if *s != nil {
		t.Fatal("still holds the pointer")
	}
}

// Orders given while the engine serves are carried out within two ticks, and
// facts wake their taker.
func TestServeTakesOrdersAndWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- e.Serve(ctx, nil, nil) }()
		for range 20 {
			_, hs := party(t, e, 1000, 2)
			e.Connect(hs[0], hs[1], Unity)
			e.Attach(hs[0], &keeper{})
			began := time.Now()
			<-e.Wake()
			if d := time.Since(began); d > 2*Period {
				t.Fatalf("woken after %v", d)
			}
			f, ok := e.Next()
			if !ok || f.Handle != hs[0] {
				t.Fatalf("%+v, %v", f, ok)
			}
			for _, h := range hs {
				e.Unplug(h)
			}
			time.Sleep(2 * Period)
			for ok := true; ok; _, ok = e.Next() {
			}
			select {
			case <-e.Wake():
			default:
			}
		}
		stop()
		if err := <-done; err != context.Canceled {
			t.Fatal(err)
		}
		if e.Free() != MaxPorts {
			t.Fatalf("%d places free", e.Free())
		}
	})
}
