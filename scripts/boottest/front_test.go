package boottest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"centralita/hal"
	"centralita/scripts/machine"
)

// TestFront looks at the front of a box whose every interface is the kernel's own.
func TestFront(t *testing.T) {
	need(t)
	m := start(t, machine.Options{Disk: image + "/qemu/disk.img", Board: "qemu", Alone: true})
	word := expect(t, m.Serial, `owner password: (\S+) \(`, bootWait)[1]
	expect(t, m.Serial, `centralita ready `, bootWait)
	shell(t, m)
	o := newOwner(t, m)
	o.signIn(word)
	o.must("POST", "session/password", map[string]string{"old": word, "new": lasting})
	f := &front{t, o}
	t.Run("watchdog", f.watchdog)
}

// front is a box with a town on its wires, and its owner.
type front struct {
	t *testing.T
	*owner
}

// with is the same for another part of the test.
func (f *front) with(t *testing.T) *front {
	o := *f.owner
	o.t = t
	return &front{t, &o}
}

// town has something done below the kernel.
func (f *front) town(method, path, body string) string {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), method, "http://"+f.m.Town+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	res, err := f.client.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil || res.StatusCode != http.StatusOK {
		f.t.Fatalf("%s %s: %d %v %s", method, path, res.StatusCode, err, said)
	}
	return string(said)
}

// sees waits until an eye sees a lamp as it should be.
func (f *front) sees(lamp string, want hal.Lamp) {
	f.t.Helper()
	var is struct{ Lamp hal.Lamp }
	for limit := time.Now().Add(bootWait); time.Now().Before(limit); time.Sleep(200 * time.Millisecond) { // another machine's time
		if err := json.Unmarshal([]byte(f.town("GET", "/lamp/"+lamp, "")), &is); err != nil {
			f.t.Fatal(err)
		}
		if is.Lamp == want {
			return
		}
	}
	f.t.Fatalf("lamp %s shows %d, want %d", lamp, is.Lamp, want)
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
	said := expect(t, f.m.Serial, `(?s)(.*)init at ([0-9.]+) s`, bootWait)
	at := said[2]
	lines := strings.Split(said[1], "stopped ")
	last, _, _ := strings.Cut(lines[len(lines)-1], "\n")
	bit := seconds(t, last) - seconds(t, first)
	expect(t, f.m.Serial, `centralita ready `, bootWait)
	shell(t, f.m)
	up := run(t, f.m, "cut -d' ' -f1 /proc/uptime")
	t.Logf("bitten some %.0f s after the program was stopped; ready %.1f s after init", bit, seconds(t, up)-seconds(t, at))
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
