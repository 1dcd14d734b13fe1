package gpioline

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/physic"
)

// Find finds lines by name. It says of each that is not there, or is somebody else's,
// in one sentence.
func Find(names ...string) (map[string]*Line, error) { return find(linux{}, names) }

func find(k kernel, names []string) (map[string]*Line, error) {
	if len(names) == 0 {
		return nil, nil
	}
	at, twice := map[string]place{}, map[string]bool{}
	err := k.list(func(name string, p place) {
		if _, known := at[name]; known {
			twice[name] = true
		}
		at[name] = p
	})
	if err != nil {
		return nil, fmt.Errorf("gpio: %w", err)
	}
	lines := map[string]*Line{}
	var problems []error
	for _, name := range names {
		p, known := at[name]
		switch {
		case !known:
			problems = append(problems, fmt.Errorf("gpio: no chip has a line named %q", name))
		case twice[name]:
			problems = append(problems, fmt.Errorf("gpio: more than one line is named %q", name))
		case p.taken != "":
			problems = append(problems, fmt.Errorf("gpio: line %q is in use by %s", name, p.taken))
		default:
			lines[name] = &Line{name: name, at: p, kernel: k}
		}
	}
	return lines, errors.Join(problems...)
}

// Line is one pin. It fulfils gpio.PinIO of periph.
type Line struct {
	name   string
	at     place
	kernel kernel

	mu     sync.Mutex // direction and level; a wait for an edge does not hold it
	handle handle     // nil before the first use
	output bool
	level  gpio.Level // of an output, or of an input that could not be read
	pull   gpio.Pull
	edge   time.Time // when the last edge was
}

// Edge is one change of an input.
type Edge struct {
	Rising bool
	At     time.Time // when the kernel saw it
}

func (l *Line) String() string { return l.name }

// Name fulfils pin.Pin.
func (l *Line) Name() string { return l.name }

// Number fulfils pin.Pin: the line's place on its chip.
func (l *Line) Number() int { return int(l.at.offset) }

// Function fulfils pin.Pin.
func (l *Line) Function() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.handle == nil:
		return ""
	case l.output:
		return "Out"
	}
	return "In"
}

// Halt fulfils conn.Resource: the line is given back to the kernel.
func (l *Line) Halt() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.handle == nil {
		return nil
	}
	err := l.handle.close()
	l.handle, l.output = nil, false
	return err
}

// In fulfils gpio.PinIn. Edges from before are forgotten.
func (l *Line) In(pull gpio.Pull, edge gpio.Edge) error {
	c := config{flags: flagInput}
	switch pull {
	case gpio.PullUp:
		c.flags |= flagPullUp
	case gpio.PullDown:
		c.flags |= flagPullDown
	}
	if edge == gpio.RisingEdge || edge == gpio.BothEdges {
		c.flags |= flagRising
	}
	if edge == gpio.FallingEdge || edge == gpio.BothEdges {
		c.flags |= flagFalling
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.configure(c); err != nil {
		return err
	}
	l.output, l.pull = false, pull
	for range edgesMost {
		if _, err := l.handle.next(drained); err != nil {
			break
		}
	}
	return nil
}

// drained is how long a line must tell nothing to have nothing more from before; a
// shorter patience would be over before the kernel is asked.
const drained = time.Millisecond

// edgesMost is how many edges the kernel remembers of a line.
const edgesMost = 16

// Out fulfils gpio.PinOut. A line that was none becomes an output at the level given,
// without a moment at the other.
func (l *Line) Out(level gpio.Level) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.output {
		if err := l.handle.set(bool(level)); err != nil {
			return fmt.Errorf("gpio: %s: %w", l.name, err)
		}
		l.level = level
		return nil
	}
	c := config{flags: flagOutput, attributes: 1}
	c.attribute[0] = configAttribute{attribute: attribute{id: attributeOutput}, mask: 1}
	if level == gpio.High {
		c.attribute[0].value = 1
	}
	if err := l.configure(c); err != nil {
		return err
	}
	l.output, l.level = true, level
	return nil
}

// configure takes the line from the kernel, or turns one that we have.
func (l *Line) configure(c config) (err error) {
	if l.handle == nil {
		l.handle, err = l.kernel.take(l.at, c)
	} else {
		err = l.handle.configure(c)
	}
	if err != nil {
		return fmt.Errorf("gpio: %s: %w", l.name, err)
	}
	return nil
}

// Read fulfils gpio.PinIn. Of an output it is what was given to it last.
func (l *Line) Read() gpio.Level {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.handle == nil || l.output {
		return l.level
	}
	if high, err := l.handle.get(); err == nil {
		l.level = gpio.Level(high)
	}
	return l.level
}

// WaitForEdge fulfils gpio.PinIn. Patience must be positive: implementations disagree
// on what anything else means, and here it is none.
func (l *Line) WaitForEdge(patience time.Duration) bool {
	_, ok := l.Edge(patience)
	return ok
}

// Edge waits for the next edge of those that In asked for, and tells when it was.
func (l *Line) Edge(patience time.Duration) (Edge, bool) {
	l.mu.Lock()
	h := l.handle
	if l.output {
		h = nil
	}
	l.mu.Unlock()
	if patience <= 0 {
		return Edge{}, false
	}
	if h == nil { // a mistake of the caller, who would else ask again at once
		time.Sleep(patience)
		return Edge{}, false
	}
	e, err := h.next(patience)
	if err != nil {
		return Edge{}, false
	}
	ago := l.kernel.monotonic() - time.Duration(e.nanoseconds)
	told := Edge{Rising: e.id == eventRising, At: time.Now().Add(-max(ago, 0))}
	l.mu.Lock()
	l.edge = told.At
	l.mu.Unlock()
	return told, true
}

// LastEdge is when the edge was that WaitForEdge told of last.
func (l *Line) LastEdge() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.edge
}

// Pull fulfils gpio.PinIn.
func (l *Line) Pull() gpio.Pull {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pull
}

// DefaultPull fulfils gpio.PinIn; the kernel does not know.
func (l *Line) DefaultPull() gpio.Pull { return gpio.PullNoChange }

var errPWM = errors.New("pulse width modulation is not wired")

// PWM fulfils gpio.PinOut.
func (l *Line) PWM(gpio.Duty, physic.Frequency) error {
	return fmt.Errorf("gpio: %s: %w", l.name, errPWM)
}

var _ gpio.PinIO = (*Line)(nil)
