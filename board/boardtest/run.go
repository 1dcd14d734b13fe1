package boardtest

import (
	"testing"
	"time"

	"centralita/hal"
)

// suite is all of it.
var suite = []struct {
	name string
	f    func(*rig)
}{
	{"ports", ports}, {"registers", registers}, {"frames", frames}, {"lamps", lamps}, {"button", button},
	{"ring a handset", ringHandset}, {"ring in pairs", ringDouble}, {"answer", answer},
	{"hook", hook}, {"flash", flash}, {"reverse and break", supervise},
	{"incoming ring", incoming}, {"seize", seize}, {"seize with care", seizeCarefully}, {"dial pulses", dialPulses}, {"flash a line", flashLine},
	{"loop break", loopBreak}, {"polarity", polarity}, {"battery", battery},
	{"sound of handsets", handsetSound}, {"sound of lines", lineSound}, {"on-hook sound", onHookSound},
	{"link lost", linkLost}, {"chip reset", chipReset}, {"dead chip", deadChip},
	{"refusals", refusals},
}

// Names are those of its tests, for whom starts each by itself.
func Names() (names []string) {
	for _, c := range suite {
		names = append(names, c.name)
	}
	return names
}

// Run runs the suite.
func Run(t *testing.T, r Rig) {
	for _, c := range suite {
		t.Run(c.name, func(t *testing.T) {
			r.Bubble(t, func(t *testing.T) { c.f(r.start(t)) })
		})
	}
}

// ports: every port has a name and a slot of its own and knows its chip.
func ports(x *rig) {
	slots := map[int]string{}
	for _, p := range x.Ports() {
		s := p.Status()
		if !s.Ready || s.Fault != "" || s.Chip == "" {
			x.Errorf("%s: %+v", p.Name(), s)
		}
		if other, taken := slots[p.Slot()]; taken || p.Slot() < 0 || p.Slot() > hal.SlotCount-2 {
			x.Errorf("%s has slot %d, as has %q", p.Name(), p.Slot(), other)
		}
		slots[p.Slot()] = p.Name()
		if x.Port(p.Name()) != p {
			x.Errorf("%s is not found by its name", p.Name())
		}
	}
}

// registers: what lets itself be looked into shows a chip that works, and goes on
// working.
func registers(x *rig) {
	for _, p := range x.Ports() {
		d, ok := p.(hal.Diagnosis)
		if !ok {
			continue
		}
		list, err := d.Registers(x.Context())
		x.must(err)
		some := 0
		for _, r := range list {
			if r.Name == "" {
				x.Errorf("%s: register %d has no name", p.Name(), r.Number)
			}
			if r.Value != 0 {
				some++
			}
		}
		if some < 5 || !p.Status().Ready {
			x.Errorf("%s: %d registers of %d are not 0; %+v", p.Name(), some, len(list), p.Status())
		}
	}
}

// frames: a minute of frames, none lost, none late.
func frames(x *rig) {
	in, out := new(hal.Frame), new(hal.Frame)
	x.must(x.Highway.Exchange(in, out))
	begun, before := time.Now(), x.Highway.Counters()
	const minute = 6000
	for range minute {
		x.must(x.Highway.Exchange(in, out))
	}
	x.near("a minute of frames", time.Since(begun), time.Minute, 20*time.Millisecond)
	c := x.Highway.Counters()
	if c.Frames-before.Frames != minute || c.Underruns != before.Underruns || c.Overruns != before.Overruns || c.NoClock != before.NoClock {
		x.Errorf("counted %+v after %+v", c, before)
	}
}

// lamps: each shows each state, and only that one changes.
func lamps(x *rig) {
	for _, name := range x.Lamps.Names() {
		for _, state := range []hal.Lamp{hal.LampGreen, hal.LampGreenBlink, hal.LampRed, hal.LampRedBlink, hal.LampAmber, hal.LampOff} {
			x.must(x.Lamps.Set(name, state))
			time.Sleep(x.made.Eye)
			for _, other := range x.Lamps.Names() {
				want := hal.LampOff
				if other == name {
					want = state
				}
				if got := x.Lamp(other); got != want || x.Lamps.Get(other) != want {
					x.Fatalf("%s set to %d: %s shows %d", name, state, other, got)
				}
			}
		}
	}
	if x.Lamps.Set("nonsense", hal.LampRed) == nil {
		x.Error("an unknown lamp was lit")
	}
}

// button: a press, and a long one that is told while it lasts.
func button(x *rig) {
	for _, c := range []struct {
		held time.Duration
		want []time.Duration
	}{
		{200 * time.Millisecond, []time.Duration{200 * time.Millisecond}},
		{11 * time.Second, []time.Duration{5 * time.Second, 10 * time.Second, 11 * time.Second}},
	} {
		x.forget()
		x.Press("factory", c.held)
		time.Sleep(200 * time.Millisecond)
		x.mu.Lock()
		got := x.presses
		x.mu.Unlock()
		if len(got) != len(c.want) {
			x.Fatalf("held %s: told %v", c.held, got)
		}
		for i, p := range got {
			x.near("holding the button", p.Held, c.want[i], 150*time.Millisecond)
			if p.Button != "factory" || p.Done != (i == len(got)-1) {
				x.Errorf("told %+v", p)
			}
		}
	}
}
