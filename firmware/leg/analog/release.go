package analog

import (
	"sync/atomic"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/analog/witness"
	items "centralita/firmware/line"
	"centralita/firmware/line/release"
	"centralita/firmware/media"
	"centralita/hal"
)

// callsAgain is how soon after a release a call of the same number makes it look
// like a cut.
const callsAgain = 60 * time.Second

// currentEvery is how often the loop current is looked at during talk, and whether
// our side is heard.
const currentEvery = time.Second

// causes are what a release is called by the witness that weighed most.
var causes = [release.Witnesses]leg.Cause{
	release.LoopBreak: leg.LoopBreak, release.Polarity: leg.PolarityBack, release.CurrentDrop: leg.LoopBreak,
	release.Busy: leg.BusyTone, release.Congestion: leg.BusyTone, release.Dial: leg.DialTone,
	release.SIT: leg.BusyTone, release.Silence: leg.Silence,
}

// supervision is what an outside line knows of hang-ups of its far end.
type supervision struct {
	habits  release.Habits
	silence atomic.Int64 // ns; 0 never releases by silence
	watch   witness.Watch
	judged  bool // a verdict ends the call
	looked  time.Time
	loud    int64  // frames of our side that made a sound, when last looked
	far     string // number of the far end, as far as known
	last    released
}

// released is a call that a verdict has ended.
type released struct {
	far     string
	at      time.Time
	episode release.Episode
}

// Learn gives a line what its profile knows of it; what its calls teach from then
// on is added.
func (b *Bank) Learn(name id.Port, h release.Habits) {
	p := b.ports[name]
	if p == nil || p.line == nil {
		return
	}
	b.inbox <- item{port: p, do: func() { p.line.habits = h }}
}

// watchOut begins to watch for a hang-up: the call has just been answered.
func (l *line) watchOut() {
	l.judged, l.looked = false, time.Time{}
	l.loud = l.port.loud.Load()
	l.far = l.called
	if l.heard != nil && l.called == "" {
		l.far = l.heard.Number
	}
	l.watch.Begin(witness.Line{
		Plan: l.plan(), Reverses: l.reverses.Load(),
		Silence: time.Duration(l.silence.Load()), Habits: &l.habits,
	})
	l.wait(currentEvery)
	l.hearWaiting()
}

// talked is how long the call has been answered.
func (l *line) talked(now time.Time) time.Duration { return now.Sub(l.since) }

func (l *line) loopOpened(e hal.Event) {
	if l.state == talking {
		l.sign(e, release.Fact{Kind: release.Opened, For: max(0, time.Since(e.At))})
	}
}

func (l *line) loopClosed(e hal.Event) {
	if l.state == talking {
		l.sign(e, release.Fact{Kind: release.Closed, For: e.Duration})
	}
}

func (l *line) reversed(e hal.Event) { l.sign(e, release.Fact{Kind: release.Reversed}) }

// sign takes what the chip saw and looks what it means.
func (l *line) sign(_ hal.Event, f release.Fact) {
	now := time.Now()
	f.At = l.talked(now)
	l.watch.Take(f)
	l.judge(now)
}

// heardSign takes what the line's ears told.
func (l *line) heardSign(h media.Heard) {
	now := time.Now()
	l.watch.Heard(h, l.talked(now))
	if l.state == talking {
		l.judge(now)
	}
}

// judge looks whether the far end has gone, and when to look again.
func (l *line) judge(now time.Time) {
	if now.Sub(l.looked) >= currentEvery {
		l.looked = now
		l.survey(now)
	}
	v, gone, next := l.watch.Look(l.talked(now))
	if gone {
		l.judged = true
		l.hangupBecause(causes[v.Because], v.String())
		return
	}
	if next == 0 || next > currentEvery {
		next = currentEvery
	}
	l.port.wake(now.Add(next))
}

// survey takes what changes slowly: the loop current, and whether our side speaks.
func (l *line) survey(now time.Time) {
	at := l.talked(now)
	if st := l.fxo.Status(); st.OffHook && st.MilliAmp > 0 {
		l.watch.Take(release.Fact{Kind: release.Current, At: at, MilliAmp: float32(st.MilliAmp)})
	}
	if n := l.port.loud.Load(); n != l.loud {
		l.loud = n
		l.watch.Take(release.Fact{Kind: release.Near, At: at})
	}
}

// conclude learns from a call that ends, and gives its readings.
func (l *line) conclude(c leg.Cause) {
	if l.state != talking {
		return
	}
	now := time.Now()
	e, ok := l.watch.End(l.talked(now), l.judged)
	if !ok {
		return
	}
	e.Each(l.learn)
	if l.judged {
		l.port.read(items.ReleaseBy, 0, string(c))
		l.last = released{far: l.far, at: now, episode: e}
	}
}

// learn folds a reading into the line's habits and hands it on to its profile.
func (l *line) learn(item string, value float64, text string) {
	l.habits.Take(item, value)
	l.port.read(item, value, text)
}

// calledAgain looks whether a number that calls was released a moment ago, on
// whichever line: then it was probably cut.
func (b *Bank) calledAgain(number string) {
	for _, p := range b.order {
		if p.line == nil || !sameEnd(p.line.last.far, number) {
			continue
		}
		since := time.Since(p.line.last.at)
		if since > callsAgain {
			continue
		}
		p.line.learn(items.ReleaseCut, since.Seconds(), "the same number called again")
		p.line.last.episode.Revoke(p.line.learn)
		p.line.last = released{}
	}
}

// digitsSame is how many last digits make two numbers one: dialled ones lack the
// country's code, shown ones the prefix.
const digitsSame = 7

func sameEnd(a, b string) bool {
	if len(a) < digitsSame || len(b) < digitsSame {
		return a != "" && a == b
	}
	return a[len(a)-digitsSame:] == b[len(b)-digitsSame:]
}
