package app

import (
	"context"
	"fmt"
	"iter"

	"centralita/firmware/console"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/hal"
)

// consoleLab is what the console sees of chips and wires.
func (a *App) consoleLab() console.Lab {
	return console.Lab{
		Ports: a.portRows, Registers: a.registers, Levels: a.levels, SIP: a.sipTrace, Log: a.logTail,
		Follow: func(ctx context.Context) iter.Seq2[*event.Record, error] {
			return a.journal.Follow(ctx, a.journal.Last()+1)
		},
	}
}

func (a *App) portRows() []console.Port {
	var rows []console.Port
	for _, p := range a.box.Ports() {
		s := p.Status()
		row := console.Port{Port: p.Name(), State: "ready", Volts: s.Volts, MilliAmp: s.MilliAmp, Reversed: s.Reversed, Chip: s.Chip, Fault: s.Fault}
		switch {
		case !s.Ready:
			row.State = "fault"
		case s.Ringing:
			row.State = "ringing"
		case s.OffHook:
			row.State = "taken"
		case s.InUse:
			row.State = "in-use"
		}
		rows = append(rows, row)
	}
	return rows
}

func (a *App) registers(ctx context.Context, port string) ([]console.Register, error) {
	d, ok := a.box.Port(port).(hal.Diagnosis)
	if !ok {
		return nil, fmt.Errorf("socket %q has no chip that shows its registers", port)
	}
	list, err := d.Registers(ctx)
	rows := make([]console.Register, 0, len(list))
	for _, r := range list {
		rows = append(rows, console.Register(r))
	}
	return rows, err
}

func (a *App) levels(port string) (func() (heard, said float64), func(), bool) {
	w := a.bank.Watch(id.Port(port))
	if w == nil {
		return nil, nil, false
	}
	return w.Levels, w.Close, true
}

func (a *App) sipTrace(station, trunk string) (<-chan console.Message, func() uint64, func()) {
	t := a.sip.Trace(station, trunk)
	out, over := make(chan console.Message), make(chan struct{})
	go func() {
		for {
			select {
			case m := <-t.C:
				select {
				case out <- console.Message(m):
				case <-over:
					return
				}
			case <-over:
				return
			}
		}
	}()
	return out, t.Missed, func() { t.Close(); close(over) }
}

func (a *App) logTail() ([]console.LogLine, <-chan console.LogLine, func() uint64, func()) {
	kept, w := a.tail.Watch()
	last := make([]console.LogLine, 0, len(kept))
	for _, l := range kept {
		last = append(last, console.LogLine(l))
	}
	out, over := make(chan console.LogLine), make(chan struct{})
	go func() {
		for {
			select {
			case l := <-w.C:
				select {
				case out <- console.LogLine(l):
				case <-over:
					return
				}
			case <-over:
				return
			}
		}
	}()
	return last, out, w.Missed, func() { w.Close(); close(over) }
}
