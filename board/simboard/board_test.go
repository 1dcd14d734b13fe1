package simboard_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board"
	"centralita/board/boardtest"
	"centralita/board/simboard"
	"centralita/hal"
)

func rig(o simboard.Options) boardtest.Rig {
	return boardtest.Rig{
		Bubble: synctest.Test,
		Ready:  1500 * time.Millisecond,
		New: func(t *testing.T, tell func(hal.Event), press func(hal.Press)) (*board.Board, boardtest.World) {
			o.Paced, o.Tell, o.Press = true, tell, press
			s, err := simboard.New(o)
			if err != nil {
				t.Fatal(err)
			}
			return s.Board, boardtest.NewFar(t, s.Hardware)
		},
	}
}

func TestBoard(t *testing.T) { boardtest.Run(t, rig(simboard.Options{})) }

// TestReadyInRealTime measures what synctest cannot: the box must be ready within
// two seconds of its start, and the board's share of that is about half.
func TestReadyInRealTime(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second of real time")
	}
	s, err := simboard.New(simboard.Options{Paced: true})
	if err != nil {
		t.Fatal(err)
	}
	boardtest.NewFar(t, s.Hardware)
	ctx, cancel := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()
	for _, w := range s.Workers {
		workers.Go(func() { _ = w.Serve(ctx) })
	}
	begun := time.Now()
	for !s.Ready() {
		if time.Since(begun) > 2*time.Second {
			t.Fatal("not ready after two seconds")
		}
		time.Sleep(time.Millisecond)
	}
	t.Logf("ready after %s", time.Since(begun))
}
