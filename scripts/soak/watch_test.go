package soak

import (
	"fmt"
	"sync"
	"time"

	"centralita/board/simboard"
	"centralita/firmware/id"
	"centralita/firmware/supervise"
	"centralita/hal/sim/wire"
)

// Voices of those who talk. The parties speak tones so that every frame of silence
// is a loss.
const (
	voiceOut = "tone:1004"
	voiceIn  = "tone:700"
)

// audible is the least energy of a frame that somebody speaks in: some -40 dBm0.
const audible = 150

// watch sees everything from outside, at every step of the board.
type watch struct {
	box *box

	mu      sync.Mutex
	ends    map[string]*end
	worst   string // a line that was left off-hook
	crashed string
}

// end is what is seen at one port's far end.
type end struct {
	pair    *wire.Pair
	line    bool
	silent  int // frames in a row without sound towards this end
	longest int // of them, since it was asked for
	held    int // frames off-hook without anybody who wants it
	sound   wire.Sound
}

func newWatch(b *box) *watch {
	w := &watch{box: b, ends: map[string]*end{}}
	for _, p := range b.sim.FXO {
		w.ends[p.Name()] = &end{pair: b.sim.Line(p.Name()), line: true}
	}
	for _, p := range b.sim.FXS {
		w.ends[p.Name()] = &end{pair: b.sim.Handset(p.Name())}
	}
	return w
}

// heldMost is how long a line may be off-hook without a call: what the chip's own
// watchdog takes when nobody can speak to it any more, and a moment.
const heldMost = 5 * time.Second / simStep

func (w *watch) step(uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for name, e := range w.ends {
		if e.line {
			e.pair.AtOffice(&e.sound)
		} else {
			e.pair.AtSet(&e.sound)
		}
		if loud(&e.sound) {
			e.silent = 0
		} else {
			e.silent++
			e.longest = max(e.longest, e.silent)
		}
		if !e.line {
			continue
		}
		if !e.pair.Load.OffHook || !w.box.bank.Idle(id.Port(name)) {
			e.held = 0
		} else if e.held++; e.held > int(heldMost) && w.worst == "" {
			w.worst = name
		}
	}
}

func loud(s *wire.Sound) bool {
	sum := 0
	for _, v := range s {
		sum += int(max(v, -v))
	}
	return sum > audible*len(s)
}

// listen begins a new measure of the longest silence at a port.
func (w *watch) listen(port string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ends[port].longest, w.ends[port].silent = 0, 0
}

// silence is the longest since.
func (w *watch) silence(port string) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Duration(w.ends[port].longest) * simStep
}

// hears tells whether sound arrives at a port now.
func (w *watch) hears(port string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ends[port].silent == 0
}

// onHook tells that the box draws no current.
func (w *watch) onHook(port string) (on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.ends[port].pair.Load.OffHook
}

// complaint is a promise that was broken at any time, "" when none.
func (w *watch) complaint() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.crashed != "":
		return w.crashed
	case w.worst != "":
		return fmt.Sprintf("%s is left off-hook for more than %s", w.worst, heldMost*simStep)
	}
	return ""
}

// fell notes what only a mistake of ours can cause: a panic, or a vital worker that
// ends. A chain whose bus is broken ends as well, and is started again.
func (w *watch) fell(n supervise.Note) {
	if !n.Vital && n.Stack == "" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.crashed == "" {
		w.crashed = fmt.Sprintf("%s %s: %s\n%s", n.Worker, n.What, n.Text, n.Stack)
	}
}

// sick lists ports that do not work.
func (w *watch) sick() (list []string) {
	for _, p := range w.box.sim.Ports() {
		if s := p.Status(); !s.Ready {
			list = append(list, p.Name()+": "+s.Fault)
		}
	}
	return list
}

// moves tells that a fault may take the telephone of the lifeline from its port to
// the line, and so concerns both.
func (b *box) moves(s simboard.Step) bool {
	e := effectOf(s)
	switch {
	case b.relay == nil:
		return false
	case s.Where == simboard.LifelineRelay:
		return s.Fault == simboard.Dead
	case s.Where == lifeLine, s.Where == lifeSet:
		return s.Fault != simboard.Extension && (e.seenIdle || e.seenBusy)
	}
	return false
}

// victims are the ports that a script may harm, and whether all are.
func (b *box) victims(s simboard.Script) (ports map[string]bool, all bool) {
	ports = map[string]bool{}
	for _, step := range s {
		if step.Where == simboard.WholeBoard {
			all = all || !effectOf(step).spares
			continue
		}
		ports[step.Where] = true
		if b.moves(step) {
			ports[lifeLine], ports[lifeSet] = true, true
		}
	}
	return ports, all
}
