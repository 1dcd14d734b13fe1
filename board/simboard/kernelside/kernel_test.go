package kernelside_test

import (
	"context"
	"errors"
	"flag"
	"testing"
	"time"

	"centralita/board"
	"centralita/board/boardtest"
	"centralita/board/qemu"
	"centralita/board/simboard"
	"centralita/board/simboard/kernelside"
	"centralita/board/wired"
	"centralita/hal"
)

var kernel = flag.Bool("kernel", false, "this machine has cuse, gpio-sim-box, uleds and snd-aloop (pcm_substreams=1), and nobody uses them: try the board on them")

// TestKernel is the suite of every board, with the kernel's own devices between the
// drivers and the chips. A process has the devices once, so each of its tests wants one
// of its own, and places to run Go code for the sound and both buses:
//
//	GOMAXPROCS=4 kernelside.test -test.v -kernel -test.run 'TestKernel/^hook$'
func TestKernel(t *testing.T) {
	if !*kernel {
		t.Skip("no -kernel")
	}
	boardtest.Run(t, boardtest.Rig{
		Bubble: func(t *testing.T, f func(*testing.T)) { f(t) },
		Ready:  10 * time.Second, // with the waits of careful drivers
		Eye:    600 * time.Millisecond,
		Long:   time.Minute, // each second is a real one here
		New:    onKernel,
	})
}

func onKernel(t *testing.T, tell func(hal.Event), press func(hal.Press)) (*board.Board, boardtest.World) {
	hardware := simboard.NewHardware(simboard.HardwareOptions{Seed: 1})
	far := boardtest.NewFar(t, hardware)
	described := qemu.Board()
	described.Lifeline = wired.Lifeline{} // nobody holds it here: the telephone would not be the board's
	side, err := kernelside.New(described, hardware)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background()) // longer than t's: the drivers end first
	begun := time.Now()
	ended := make(chan error, 1)
	go func() { ended <- side.Serve(ctx) }()
	t.Cleanup(func() {
		frames, counted := side.Sound()
		t.Logf("sound card: %d frames in %v, begun anew %d times", frames, time.Since(begun), counted.Realigned)
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the far side ended: %v", err)
		}
	})
	var b *board.Board
	for begun := time.Now(); b == nil; time.Sleep(50 * time.Millisecond) { // the kernel makes the devices
		b, err = wired.Open(described, wired.Options{Country: "ES", Tell: tell, Press: press, Power: func(hal.Power) {}})
		if err != nil && time.Since(begun) > 10*time.Second {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := errors.Join(b.Highway.Close(), b.Watchdog.Close()); err != nil {
			t.Error(err)
		}
	})
	return b, eyes{far, side, t}
}

// eyes are of who looks at the kernel's LEDs and not at chips.
type eyes struct {
	*boardtest.Far
	side *kernelside.Side
	t    *testing.T
}

// Lamp fulfils boardtest.World.
func (e eyes) Lamp(name string) hal.Lamp {
	l, err := e.side.Lamp(e.t.Context(), name)
	if err != nil {
		e.t.Error(err)
	}
	return l
}
