package gpioline

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"periph.io/x/conn/v3/gpio"
)

// controller is a GPIO chip in memory; every level that an output ever had is written
// down.
type controller struct {
	names []string
	taken map[string]string
	wires map[uint32]*wire
	boot  time.Time
}

// wire is a line of it.
type wire struct {
	k      *controller
	flags  uint64
	high   bool
	was    []bool // of an output
	edges  chan event
	closed bool
	failed error
}

func newController(names ...string) *controller {
	return &controller{names: names, taken: map[string]string{}, wires: map[uint32]*wire{}, boot: time.Now()}
}

func (k *controller) monotonic() time.Duration { return time.Since(k.boot) }

func (k *controller) list(f func(string, place)) error {
	for n, name := range k.names {
		f(name, place{chip: "chip", offset: uint32(n), taken: k.taken[name]})
	}
	return nil
}

func (k *controller) take(at place, c config) (handle, error) {
	w := &wire{k: k, edges: make(chan event, edgesMost)}
	k.wires[at.offset] = w
	return w, w.configure(c)
}

func (w *wire) configure(c config) error {
	if w.failed != nil {
		return w.failed
	}
	w.flags = c.flags
	if c.flags&flagOutput != 0 {
		return w.set(c.attributes == 1 && c.attribute[0].id == attributeOutput && c.attribute[0].mask == 1 && c.attribute[0].value == 1)
	}
	return nil
}

func (w *wire) get() (bool, error) { return w.high, w.failed }

func (w *wire) set(high bool) error {
	if w.flags&flagOutput == 0 {
		return os.ErrInvalid
	}
	w.high = high
	w.was = append(w.was, high)
	return w.failed
}

// drive is somebody else at the other end of an input.
func (w *wire) drive(high bool) {
	if w.high = high; high && w.flags&flagRising != 0 || !high && w.flags&flagFalling != 0 {
		e := event{nanoseconds: uint64(w.k.monotonic()), id: eventRising + 1}
		if high {
			e.id = eventRising
		}
		w.edges <- e
	}
}

func (w *wire) next(patience time.Duration) (event, error) {
	select {
	case e := <-w.edges:
		return e, nil
	default:
	}
	select {
	case e := <-w.edges:
		return e, nil
	case <-time.After(patience):
		return event{}, os.ErrDeadlineExceeded
	}
}

func (w *wire) close() error {
	w.closed = true
	return nil
}

func TestLayouts(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want uintptr
	}{
		{"gpiochip_info", unsafe.Sizeof(chipInfo{}), 68}, {"line_info", unsafe.Sizeof(lineInfo{}), 256},
		{"line_config", unsafe.Sizeof(config{}), 272}, {"line_request", unsafe.Sizeof(lineRequest{}), 592},
		{"line_values", unsafe.Sizeof(values{}), 16}, {"line_event", unsafe.Sizeof(event{}), 48},
	} {
		if c.got != c.want {
			t.Errorf("struct %s has %d bytes, the header %d", c.name, c.got, c.want)
		}
	}
}

// TestOutputBeginsAtItsLevel: no chip sees a reset that nobody wanted, and looking at
// an output leaves it one.
func TestOutputBeginsAtItsLevel(t *testing.T) {
	k := newController("FXS_RESETn")
	lines, err := find(k, []string{"FXS_RESETn"})
	if err != nil {
		t.Fatal(err)
	}
	l := lines["FXS_RESETn"]
	for _, level := range []gpio.Level{gpio.High, gpio.Low, gpio.High} {
		if err := l.Out(level); err != nil || l.Read() != level || l.Function() != "Out" {
			t.Fatalf("after %s: reads %s, %s, %v", level, l.Read(), l.Function(), err)
		}
	}
	w := k.wires[0]
	if len(w.was) != 3 || !w.was[0] || w.was[1] || !w.was[2] || w.flags != flagOutput {
		t.Errorf("the wire saw %v, flags %#x", w.was, w.flags)
	}
	if l.WaitForEdge(time.Millisecond) {
		t.Error("an output told an edge")
	}
	if err := l.Halt(); err != nil || !w.closed {
		t.Errorf("given back: %v, %v", w.closed, err)
	}
}

func TestEdgesWithTheirTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newController("PWRFAILn")
		lines, err := find(k, []string{"PWRFAILn"})
		if err != nil {
			t.Fatal(err)
		}
		l := lines["PWRFAILn"]
		if err := l.In(gpio.PullUp, gpio.BothEdges); err != nil {
			t.Fatal(err)
		}
		w := k.wires[0]
		if w.flags != flagInput|flagPullUp|flagRising|flagFalling {
			t.Errorf("flags %#x", w.flags)
		}
		begun := time.Now()
		for _, patience := range []time.Duration{0, -1} {
			if l.WaitForEdge(patience) || time.Since(begun) != 0 {
				t.Errorf("patience %d: waited %s", patience, time.Since(begun))
			}
		}
		if l.WaitForEdge(100*time.Millisecond) || time.Since(begun) != 100*time.Millisecond {
			t.Errorf("without an edge: waited %s", time.Since(begun))
		}
		w.drive(false)
		fell := time.Now()
		time.Sleep(30 * time.Millisecond) // we were busy elsewhere
		e, ok := l.Edge(time.Second)
		if !ok || e.Rising || !e.At.Equal(fell) || l.Read() != gpio.Low {
			t.Errorf("told %+v %t, it fell at %s", e, ok, fell)
		}
		w.drive(true)
		if e, ok := l.Edge(time.Second); !ok || !e.Rising {
			t.Errorf("told %+v %t", e, ok)
		}
		w.drive(false)
		if err := l.In(gpio.PullUp, gpio.FallingEdge); err != nil || l.WaitForEdge(time.Millisecond) {
			t.Errorf("an edge from before was told: %v", err)
		}
	})
}

func TestMissingLines(t *testing.T) {
	k := newController("A", "B", "B", "C")
	k.taken["C"] = "spi0 CS0"
	_, err := find(k, []string{"A", "B", "C", "FXO_INTn"})
	if err == nil {
		t.Fatal("all found")
	}
	said := strings.Split(err.Error(), "\n")
	if len(said) != 3 {
		t.Fatalf("said %q", said)
	}
	for i, want := range []string{`more than one line is named "B"`, `line "C" is in use by spi0 CS0`, `no chip has a line named "FXO_INTn"`} {
		if !strings.Contains(said[i], want) {
			t.Errorf("said %q, want %q", said[i], want)
		}
	}
}

func TestRefusedByTheKernel(t *testing.T) {
	k := newController("A")
	lines, err := find(k, []string{"A"})
	if err != nil {
		t.Fatal(err)
	}
	l := lines["A"]
	if err := l.In(gpio.PullUp, gpio.NoEdge); err != nil {
		t.Fatal(err)
	}
	k.wires[0].drive(true)
	if l.Read() != gpio.High {
		t.Error("not read")
	}
	k.wires[0].failed = errors.New("broken")
	if l.Read() != gpio.High {
		t.Error("a failed read changed the level")
	}
	if err := l.Out(gpio.Low); err == nil || !strings.Contains(err.Error(), "A: broken") {
		t.Errorf("said %v", err)
	}
}
