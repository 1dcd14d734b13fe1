package town

import "centralita/hal/sim/wire"

// besideOhms is a telephone's resistance off-hook.
const besideOhms = 300

// beside is a telephone of the office that hangs on the line in parallel to the
// box, as they do in the field: a person lifts it, speaks, dials, puts it back.
type beside struct {
	lifted bool
	was    bool
	tape   tape
	says   wire.Sound
}

// Beside is what the person at a line's parallel telephone does.
type Beside struct {
	Lifted bool   `json:"lifted"`
	Digits string `json:"digits,omitempty"` // dialled in tones
	Voice  string `json:"voice,omitempty"`  // spoken over and over
}

// Beside lifts the parallel telephone of the line or puts it back.
func (l *Line) Beside(b Beside) Pending {
	if !b.Lifted && (b.Digits != "" || b.Voice != "") {
		return refused(wrong("on_hook", "line %s: the parallel telephone is on-hook: lift it first", l.name))
	}
	studio := l.town.studio(l.town.lineCountry(l))
	t := tape{}
	switch {
	case b.Digits != "":
		digits, err := studio.digits(b.Digits)
		if err != nil {
			return refused(err)
		}
		t.samples = digits
	case b.Voice != "":
		voice, err := studio.voice(b.Voice)
		if err != nil {
			return refused(err)
		}
		t = tape{samples: voice, loop: true}
	}
	return l.town.ask(func() error {
		l.beside.lifted, l.beside.tape = b.Lifted, t
		return nil
	})
}

// step puts the telephone's load and sound on the pair. A line whose parallel
// telephone nobody touches is left alone: something else may hang beside the box.
func (b *beside) step(l *Line) {
	if !b.lifted && !b.was {
		return
	}
	b.was = b.lifted
	if !b.lifted {
		l.pair.Beside = wire.Load{}
		l.pair.BesideIsSilent()
		return
	}
	l.pair.Beside = wire.Load{OffHook: true, Ohms: besideOhms}
	b.tape.next(&b.says)
	l.pair.BesideSays(&b.says)
}

// edges are those of the box's hook, where it alone closes the loop.
func (l *Line) edges() []wire.Edge {
	if l.pair.Beside.OffHook || l.pair.Cut || l.pair.Feed.Volts == 0 {
		return nil
	}
	return l.pair.Edges
}
