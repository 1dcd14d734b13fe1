package boottest

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"centralita/hal"
	"centralita/scripts/machine"
)

// TestFront looks at the front of a box whose every interface is the kernel's own:
// lamps of its LED class, wires and a button of its GPIO simulator, its watchdog.
func TestFront(t *testing.T) {
	need(t)
	m := start(t, machine.Options{Disk: image + "/qemu/disk.img", Board: "qemu", Alone: true})
	word := expect(t, m.Serial, `owner password: (\S+) \(`, bootWait)[1]
	expect(t, m.Serial, `centralita ready `, bootWait)
	shell(t, m)
	o := newOwner(t, m)
	o.signIn(word)
	o.must("POST", "session/password", map[string]string{"old": word, "new": lasting})
	f := &front{t, m, o, &townBoard{t: t, m: m, client: http.Client{Timeout: bootWait}}}
	t.Run("lamps", f.lamps)
	t.Run("wires", f.wires)
	t.Run("supply", f.supply)
	t.Run("watchdog", f.watchdog)
	t.Run("factory", f.factory)
	t.Logf("%.0f s of this computer's processor", m.Worked().Seconds())
}

// front is a box with a town on its wires, and its owner.
type front struct {
	t *testing.T
	m *machine.Machine
	*owner
	*townBoard
}

// with is the same for another part of the test.
func (f *front) with(t *testing.T) *front {
	o := *f.owner
	o.t = t
	return &front{t, f.m, &o, f.townBoard.with(t)}
}

// sees waits until an eye sees a lamp as it should be.
func (f *front) sees(lamp string, want hal.Lamp) {
	f.t.Helper()
	var is struct{ Lamp hal.Lamp }
	for limit := time.Now().Add(bootWait); time.Now().Before(limit); time.Sleep(50 * time.Millisecond) { // another machine's time
		if f.tell("GET", "/lamp/"+lamp, nil, &is); is.Lamp == want {
			return
		}
	}
	f.t.Fatalf("lamp %s shows %d, want %d", lamp, is.Lamp, want)
}

// bright is what the kernel's LED class says of one LED, at several looks.
func (f *front) bright(led string, looks int) map[string]bool {
	f.t.Helper()
	out := run(f.t, f.m, fmt.Sprintf("n=0; while [ $n -lt %d ]; do cat '/sys/class/leds/%s/brightness'; sleep 0.2; n=$((n+1)); done", looks, led))
	seen := map[string]bool{}
	for _, w := range strings.Fields(out) {
		seen[w] = true
	}
	return seen
}

// lamps: green is a port that works, blinking one that rings, amber one in use; the
// kernel's class says the same as the eye.
func (f *front) lamps(t *testing.T) {
	f = f.with(t)
	for _, name := range []string{"power", "status", "fxo1", "fxs1", "fxs2"} {
		f.sees(name, hal.LampGreen)
	}
	f.pulled()
	if on, off := f.bright("fxs1:green", 2), f.bright("fxs1:red", 2); len(on) != 1 || !on["255"] || len(off) != 1 || !off["0"] {
		t.Errorf("at rest the LEDs of fxs1 are at %v and %v", on, off)
	}

	// One telephone of the office calls another, which nobody else is rung for.
	f.tell("POST", "/town/handset/fxs2/lift", nil, nil)
	f.tell("POST", "/town/handset/fxs2/dial", map[string]any{"digits": "101", "wait_dial_tone": true}, nil)
	f.sees("fxs1", hal.LampGreenBlink)
	f.sees("fxs2", hal.LampAmber)
	if on := f.bright("fxs1:green", 10); !on["0"] || !on["255"] {
		t.Errorf("while it rings the LED of fxs1 is at %v", on)
	}
	f.tell("POST", "/town/handset/fxs1/lift", nil, nil)
	f.sees("fxs1", hal.LampAmber)
	if green, red := f.bright("fxs1:green", 1), f.bright("fxs1:red", 1); !green["255"] || !red["255"] {
		t.Errorf("in use, its LEDs are at %v and %v", green, red)
	}
	for _, name := range []string{"fxs1", "fxs2"} {
		f.tell("POST", "/town/handset/"+name+"/hangup", nil, nil)
		f.sees(name, hal.LampGreen)
	}

	// A call from outside that the box takes, and whose caller gives up.
	f.tell("POST", "/town/line/fxo1/call", map[string]any{"number": "600111222"}, nil)
	f.sees("fxo1", hal.LampGreenBlink)
	f.sees("fxo1", hal.LampAmber)
	f.tell("POST", "/town/line/fxo1/hangup", nil, nil)
	f.sees("fxo1", hal.LampGreen)
}

// wires: the kernel's own list of lines has them in the program's hand.
func (f *front) wires(t *testing.T) {
	list := run(t, f.m, "mount -t debugfs none /sys/kernel/debug; cat /sys/kernel/debug/gpio; umount /sys/kernel/debug")
	for name, is := range map[string]string{"FXO_RESETn": "out hi", "FXS_RESETn": "out hi", "FXO_INTn": "in ", "FXS_INTn": "in ", "FACTORY_BTNn": "in  hi", "PWRFAILn": "in  hi", "LIFELINE ": "out", "LIFELINE_RESTn": "in  hi"} {
		found := false
		for _, line := range strings.Split(list, "\n") {
			if strings.Contains(line, name) {
				found = strings.Contains(line, "centralita") && strings.Contains(line, is)
			}
		}
		if !found {
			t.Errorf("the kernel does not have %s as %q for the program:\n%s", name, is, list)
		}
	}
}

// press has a finger on a button, or the supply's wire low, for a time of the guest's.
// What it gives waits until that is over.
func (f *front) press(button string, held time.Duration) (over func()) {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), "POST", fmt.Sprintf("http://%s/press/%s?for_ms=%d", f.m.Town, button, held.Milliseconds()), nil)
	if err != nil {
		f.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		res, err := f.townBoard.client.Do(req)
		if err == nil {
			if err = res.Body.Close(); res.StatusCode != http.StatusOK {
				err = errors.New(res.Status)
			}
		}
		ended <- err
	}()
	return func() {
		f.t.Helper()
		if err := <-ended; err != nil {
			f.t.Fatalf("%s: %v", button, err)
		}
	}
}

// logged waits for a line of the program's log and gives it.
func (f *front) logged(form string) string {
	f.t.Helper()
	for limit := time.Now().Add(bootWait); time.Now().Before(limit); time.Sleep(time.Second) { // another machine's time
		if line, err := f.m.Lab.Run("logread | grep '"+form+"' | tail -1 | grep .", commandWait); err == nil {
			return line
		}
	}
	f.t.Fatalf("the log never says %q", form)
	return ""
}

// supply: the wire by which the power supply says that it is going falls for a while
// and comes back.
func (f *front) supply(t *testing.T) {
	f = f.with(t)
	f.signIn(lasting)
	before := f.told()
	f.press("supply", 3*time.Second)()
	t.Log(f.logged("power supply fails"))
	f.logged("power supply came back")
	f.clears("power")
	now := f.told()
	for _, what := range []string{"+power", "-power"} {
		if n := now[what] - before[what]; n != 1 {
			t.Errorf("the journal has %s %d times", what, n)
		}
	}
}

// watchdog: a program that stands still is started anew by the kernel's watchdog,
// with all of the machine, and what was said before holds.
func (f *front) watchdog(t *testing.T) {
	f = f.with(t)
	f.signIn(lasting)
	f.acknowledged("away")
	known, told := f.durable(), f.told()["AgentChanged"]
	if told == 0 {
		t.Error("the journal has no agent that went away")
	}
	run(t, f.m, `kill -STOP $(cat /run/centralita.pid); (while read -r up rest </proc/uptime; do echo "stopped $up" >/dev/console; sleep 1; done) & true`)
	first := expect(t, f.m.Serial, `stopped ([0-9.]+)\n`, bootWait)[1]
	said := expect(t, f.m.Serial, `(?s)(.*)init at [0-9.]+ s`, 2*bootWait)[1]
	last := regexp.MustCompile(`(?s).*stopped ([0-9.]+)\n`).FindStringSubmatch("stopped " + first + "\n" + said)[1]
	bit := seconds(t, last) - seconds(t, first)
	expect(t, f.m.Serial, `centralita ready `, bootWait)
	shell(t, f.m)
	t.Logf("bitten some %.0f s after the program was stopped", bit)
	// The last proof may be five seconds old when the program stops.
	if bit < 20 || bit > 35 {
		t.Errorf("it bit after %.0f s, its time-out is 30", bit)
	}
	f.signIn(lasting)
	if last := f.durable(); last < known {
		t.Errorf("%d records were on the disk, %d are", known, last)
	}
	if now := f.told()["AgentChanged"]; now != told {
		t.Errorf("the journal had %d changes of agents, it has %d", told, now)
	}
	for _, name := range []string{"status", "fxo1", "fxs1"} {
		f.sees(name, hal.LampGreen)
	}
}

// factory: a finger for three seconds does nothing; for twelve, with the lamp's word
// to let go, it makes the box new.
func (f *front) factory(t *testing.T) {
	f = f.with(t)
	f.press("factory", 3*time.Second)()
	held := f.logged("button.*done=true")
	if _, after, ok := strings.Cut(held, "held="); ok {
		word, _, _ := strings.Cut(after, " ")
		if d, err := time.ParseDuration(word); err != nil || d < 2500*time.Millisecond || d > 3500*time.Millisecond {
			t.Errorf("a press of 3 s is told as %s", word)
		}
	}
	f.signIn(lasting) // it is the same box
	over := f.press("factory", 12*time.Second)
	f.sees("status", hal.LampRedBlink)
	over()
	word := expect(t, f.m.Serial, `owner password: (\S+) \(`, bootWait)[1]
	expect(t, f.m.Serial, `centralita ready `, bootWait)
	if status := signIn(t, f.m, lasting); status/100 == 2 {
		t.Error("the password of before opens the new box")
	}
	if status := signIn(t, f.m, word); status/100 != 2 {
		t.Errorf("the new password gives %d", status)
	}
}
