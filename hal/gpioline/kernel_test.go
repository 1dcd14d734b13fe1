package gpioline

import (
	"flag"
	"testing"
	"time"

	"periph.io/x/conn/v3/gpio"
)

var (
	chip = flag.String("chip", "", "GPIO chip to try lines on, such as /dev/gpiochip0; none: this test is left out")
	free = flag.Uint("line", 0, "a line of it that nothing depends on")
)

// TestKernel tries a line against a kernel: as an output it keeps what it was given,
// as an input it can be read and tells no edge by itself.
func TestKernel(t *testing.T) {
	if *chip == "" {
		t.Skip("no -chip")
	}
	seen := 0
	if err := (linux{}).list(func(name string, at place) {
		seen++
		t.Logf("%s is line %d of %s, taken by %q", name, at.offset, at.chip, at.taken)
	}); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d lines have names", seen)
	l := &Line{name: "tried", at: place{chip: *chip, offset: uint32(*free)}, kernel: linux{}}
	for _, level := range []gpio.Level{gpio.High, gpio.Low, gpio.High} {
		if err := l.Out(level); err != nil {
			t.Fatal(err)
		}
		if high, err := l.handle.get(); err != nil || gpio.Level(high) != level {
			t.Errorf("set to %s: the kernel reads %t, %v", level, high, err)
		}
	}
	if err := l.In(gpio.PullNoChange, gpio.BothEdges); err != nil {
		t.Fatal(err)
	}
	t.Logf("as an input it reads %s", l.Read())
	begun := time.Now()
	if e, ok := l.Edge(50 * time.Millisecond); ok || time.Since(begun) < 50*time.Millisecond {
		t.Errorf("told %+v %t after %s", e, ok, time.Since(begun))
	}
	if err := l.Halt(); err != nil {
		t.Error(err)
	}
}
