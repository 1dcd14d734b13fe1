package main

import (
	"fmt"
	"time"

	"centralita/firmware/cmd/callload/sound"
)

// warm is how long calls talk before they are measured: buffers find their delay.
const warm = 2 * time.Second

// measure looks at the calls that stand for a time.
func (l *load) measure(r *result, last time.Duration) *sound.Counts {
	time.Sleep(warm)
	var c *sound.Counts
	cpu := l.t.using(func() { c = l.pump.Measure(last) })
	r.add("processor, % of a core", cpu)
	if n := len(l.calls); n > 0 {
		r.add("processor, % for 10 calls", cpu/float64(n)*10)
	}
	r.add("delay mean, ms", ms(c.Delay.Mean()))
	r.add("delay p99, ms", ms(c.Delay.At(.99)))
	r.add("delay p99.9, ms", ms(c.Delay.At(.999)))
	r.add("delay longest, ms", ms(c.Delay.Most()))
	r.add("jitter mean, ms", ms(c.Jitter))
	r.add("loss, %", 100*c.Loss())
	r.add("packets", float64(c.Sent))
	r.add("doubled, crossed, strange cells", float64(c.Doubled+c.Crossed+c.Strange))
	r.add("calls dropped", float64(l.dropped()))
	r.add("sent late by the load, %", 100*float64(c.Late)/float64(max(c.Sent, 1)))
	return c
}

// calls holds n bridged calls.
func calls(l *load, r *result) error {
	return l.hold(r, false)
}

// mixed holds n calls whose callers say digits in their sound, which a server cannot
// pass by as packets.
func mixed(l *load, r *result) error {
	l.calling.DigitsInSound.Store(true)
	return l.hold(r, false)
}

func (l *load) hold(r *result, record bool) error {
	if err := l.build(l.o.calls, record); err != nil {
		return err
	}
	l.measure(r, l.o.span())
	r.add("INVITE to 200 p50, ms", at(l.setUps, .5))
	r.add("INVITE to 200 p99, ms", at(l.setUps, .99))
	if len(l.passes) > 0 {
		r.add("INVITE in to INVITE out p50, ms", at(l.passes, .5))
		r.add("INVITE in to INVITE out p99, ms", at(l.passes, .99))
	}
	r.add("resident, MB", resident(l.t.pid))
	r.add("repeated by the load", float64(l.calling.Repeats.Load()+l.called.Repeats.Load()))
	return nil
}

// record holds n calls, each recorded, and counts what the files miss.
func record(l *load, r *result) error {
	if err := l.hold(r, true); err != nil {
		return err
	}
	l.hangUpAll()
	if l.t.cmd == nil {
		return nil // its files are not ours to read
	}
	time.Sleep(time.Second)
	l.t.end()
	return r.tapes(l.t.data, nil)
}

const (
	delayMost = 20 * time.Millisecond
	lossMost  = 0.001
)

// search adds calls until the server cannot bear them.
func search(l *load, r *result) error { return l.search(r, "most calls", false) }

func searchRecorded(l *load, r *result) error { return l.search(r, "most recorded calls", true) }

func (l *load) search(r *result, name string, record bool) error {
	best := 0
	var why string
	var said map[int]uint32 // while the server could bear it
	for n := l.o.from; n <= l.o.most; n += l.o.step {
		if err := l.build(n, record); err != nil {
			why = err.Error()
			break
		}
		time.Sleep(warm)
		c := l.pump.Measure(l.o.span() / 2)
		p99, loss := c.Delay.At(.99), c.Loss()
		r.say("%5d calls: delay mean %.2f, p99 %.2f ms, loss %.4f %%, late by the load %.2f %%", n,
			ms(c.Delay.Mean()), ms(p99), 100*loss, 100*float64(c.Late)/float64(max(c.Sent, 1)))
		if p99 > delayMost || loss > lossMost || l.dropped() > 0 {
			why = fmt.Sprintf("p99 %.1f ms, loss %.3f %%, %d dropped", ms(p99), 100*loss, l.dropped())
			break
		}
		best, said = n, l.pump.Said()
		why = "the search ended there"
	}
	r.add(name, float64(best))
	r.say("more than %d: %s", best, why)
	r.add(name+": resident, MB", resident(l.t.pid))
	if record && l.t.cmd != nil {
		l.hangUpAll()
		time.Sleep(time.Second)
		l.t.end()
		return r.tapes(l.t.data, said)
	}
	return nil
}
