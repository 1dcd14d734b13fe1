package boottest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"centralita/scripts/machine"
)

// apart is how long the network's cable is out.
const apart = 30 * time.Second

// TestTroubles lets a box live through four troubles one after the other, a call of
// two minutes and more going on: a clock of 1970 that is then set, the network's cable
// out for half a minute, a full disk, and a disk that the kernel makes read-only. Each
// is told by an alarm and no longer once it is over; nothing that the disk did not
// take is acknowledged; and after a restart all that was is there. `make boot-trouble`
// runs it.
func TestTroubles(t *testing.T) {
	if os.Getenv("BOOT_TROUBLE") == "" {
		t.Skip("troubles are made by `make boot-trouble` alone")
	}
	need(t)
	m := start(t, machine.Options{Disk: image + "/qemu/disk.img", Extra: []string{"-rtc", "base=1970-01-01T00:00:00"}})
	word := expect(t, m.Serial, `owner password: (\S+) \(`, bootWait)[1]
	expect(t, m.Serial, `confirmed at [0-9.]+ s: running=A`, bootWait)
	shell(t, m)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	o := &owner{t: t, m: m, client: http.Client{Jar: jar, Timeout: bootWait}}
	const lasting = "una palabra larga"
	o.patient("session", `{"user":"owner","password":"`+word+`"}`)
	o.patient("session/password", `{"old":"`+word+`","new":"`+lasting+`"}`)
	enter := func() { o.patient("session", `{"user":"owner","password":"`+lasting+`"}`) }
	enter()

	// The year 1970.
	if a := o.raises("clock"); !slices.Equal(a.Args, []string{"1970-01-01"}) {
		t.Errorf("the alarm of the clock says %v", a.Args)
	}
	o.dial("fxs1", "600")
	call := o.talking("101")
	run(t, m, "date -s '2026-11-22 12:00:00'")
	o.clears("clock")
	enter() // sessions of 1970 are over
	o.still(call)

	// The cable.
	if err := m.Plug(false); err != nil {
		t.Fatal(err)
	}
	time.Sleep(apart) // this is what the test is about
	if err := m.Plug(true); err != nil {
		t.Fatal(err)
	}
	o.still(call)
	o.clears("network-cable")
	if told := o.told(); told["+network-cable"] != 1 || told["-network-cable"] != 1 {
		t.Errorf("the cable is told as %v", told)
	}

	// No room.
	if _, err := m.Lab.Run("dd if=/dev/zero of=/data/fill bs=1M 2>/dev/null", bootWait); err == nil {
		t.Error("the disk has no end")
	}
	if a := o.raises("disk"); a.Severity != "critical" {
		t.Errorf("a full disk is %s", a.Severity)
	}
	o.refused()
	o.raises("journal")
	o.dial("fxs2", "600")
	second := o.talking("102")
	o.still(call)
	run(t, m, "rm /data/fill")
	o.clears("journal")
	o.clears("disk")
	o.acknowledged("away")

	// No writing.
	known := o.durable()
	run(t, m, "echo test >/sys/fs/ext4/$(readlink -f /dev/disk/by-partlabel/data | sed s,.*/,,)/trigger_fs_error")
	o.refused()
	if a := o.raises("journal"); a.Text != "alarm.disk-read-only" || a.Severity != "critical" {
		t.Errorf("the alarm is %+v", a)
	}
	o.dial("fxs3", "600")
	o.talking("103")
	o.still(call)
	o.still(second)

	if err := m.Lab.Type("reboot -f\n"); err != nil {
		t.Fatal(err)
	}
	expect(t, m.Serial, `slot A: order A B`, bootWait)
	expect(t, m.Serial, `confirmed at [0-9.]+ s: running=A`, bootWait)
	enter()
	for _, a := range o.alarms() {
		// Nothing keeps the time of this machine, so that its clock is unset again.
		if a.Key != "clock" && a.Severity != "minor" {
			t.Errorf("after the restart there is the alarm %+v", a)
		}
	}
	if last := o.durable(); last < known {
		t.Errorf("%d records were on the disk, %d are", known, last)
	}
	if told := o.told(); told["CallConnected"] != 2 || told["+clock"] == 0 || told["AgentChanged"] == 0 {
		t.Errorf("the journal has %v", told)
	}
	if text := o.must("GET", "calls", nil); !strings.Contains(text, `"from":"101"`) || !strings.Contains(text, `"from":"102"`) {
		t.Errorf("the call list has %s", text)
	}
}

// patient asks until the box, which is slow in here, is no longer busy with passwords.
func (o *owner) patient(path, body string) {
	o.t.Helper()
	status, said := 0, ""
	for limit := time.Now().Add(bootWait); time.Now().Before(limit); time.Sleep(time.Second) {
		status, said = o.ask("POST", path, "application/json", []byte(body))
		if status/100 == 2 {
			return
		}
		if status != 0 && status != http.StatusServiceUnavailable {
			break
		}
	}
	o.t.Fatalf("%s: %d %s", path, status, said)
}

// alarm is one line of the list.
type alarm struct {
	Key, Severity, Text string
	Args                []string
}

func (o *owner) view(path string, into any) {
	o.t.Helper()
	answer := struct{ Data any }{into}
	if err := json.Unmarshal([]byte(o.must("GET", path, nil)), &answer); err != nil {
		o.t.Fatal(err)
	}
}

func (o *owner) alarms() []alarm {
	o.t.Helper()
	var list struct{ Alarms []alarm }
	o.view("alarm/list", &list)
	return list.Alarms
}

// comes waits for an alarm to be there, or to be gone.
func (o *owner) comes(key string, there bool) alarm {
	o.t.Helper()
	var list []alarm
	for limit := time.Now().Add(bootWait); time.Now().Before(limit); time.Sleep(time.Second) {
		list = o.alarms()
		at := slices.IndexFunc(list, func(a alarm) bool { return a.Key == key })
		if at >= 0 && there {
			return list[at]
		}
		if at < 0 && !there {
			return alarm{}
		}
	}
	o.t.Fatalf("alarm %s there: %v waited for, there is %+v", key, there, list)
	return alarm{}
}

func (o *owner) raises(key string) alarm { o.t.Helper(); return o.comes(key, true) }
func (o *owner) clears(key string)       { o.t.Helper(); o.comes(key, false) }

// dial has somebody at a handset call a number.
func (o *owner) dial(handset, digits string) {
	o.t.Helper()
	o.bench(handset, "lift", `{}`)
	o.bench(handset, "dial", `{"wait_dial_tone":true,"digits":"`+digits+`"}`)
}

type liveCall struct {
	Call        int
	From, State string
}

func (o *owner) live() []liveCall {
	o.t.Helper()
	var list struct{ Calls []liveCall }
	o.view("call/live", &list)
	return list.Calls
}

// talking waits for a call of somebody's to be answered.
func (o *owner) talking(from string) liveCall {
	o.t.Helper()
	var list []liveCall
	for limit := time.Now().Add(bootWait); time.Now().Before(limit); time.Sleep(time.Second) {
		list = o.live()
		if at := slices.IndexFunc(list, func(c liveCall) bool { return c.From == from && c.State == "talking" }); at >= 0 {
			return list[at]
		}
	}
	o.t.Fatalf("no call of %s: %+v", from, list)
	return liveCall{}
}

// still fails the test unless the call goes on, and the box with it.
func (o *owner) still(c liveCall) {
	o.t.Helper()
	if list := o.live(); !slices.Contains(list, c) {
		o.t.Errorf("%+v is not among %+v", c, list)
	}
}

// command has an agent leave or come back.
func (o *owner) command(what string) (int, string) {
	o.t.Helper()
	body := map[string]string{"away": `{"agent":"104","reason":"lunch"}`, "ready": `{"agent":"104"}`}[what]
	return o.ask("POST", "acd/agent/"+what, "application/json", []byte(body))
}

func (o *owner) acknowledged(what string) {
	o.t.Helper()
	if status, said := o.command(what); status/100 != 2 {
		o.t.Errorf("%s: %d %s", what, status, said)
	}
}

// refused has the agent leave or come back until the box no longer says yes: what it
// cannot write down is not acknowledged. The block that the journal is in the middle of
// may have room for some more.
func (o *owner) refused() {
	o.t.Helper()
	const most = 200 // records of some dozen bytes; a block has 4096
	for n := range most {
		status, said := o.command([]string{"away", "ready"}[n%2])
		if status == http.StatusServiceUnavailable {
			return
		}
		if status/100 != 2 {
			o.t.Fatalf("the command is answered %d %s", status, said)
		}
	}
	o.t.Errorf("%d commands are acknowledged on a disk that takes nothing", most)
}

func (o *owner) durable() uint64 {
	o.t.Helper()
	var h struct{ Journal struct{ Durable uint64 } }
	if err := json.Unmarshal([]byte(o.must("GET", "health", nil)), &h); err != nil {
		o.t.Fatal(err)
	}
	return h.Journal.Durable
}

// told counts the kinds of the journal's records, alarms by their keys: "+key" raised,
// "-key" cleared.
func (o *owner) told() map[string]int {
	o.t.Helper()
	last := o.durable()
	req, err := http.NewRequestWithContext(o.t.Context(), "GET", fmt.Sprintf("http://%s/api/v1/stream?from=0", o.m.HTTP), nil)
	if err != nil {
		o.t.Fatal(err)
	}
	res, err := o.client.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	told := map[string]int{}
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		text, ok := strings.CutPrefix(lines.Text(), "data: ")
		var r struct {
			Seq  uint64
			Kind string
			Body struct{ Key string }
		}
		if !ok || json.Unmarshal([]byte(text), &r) != nil || r.Kind == "" {
			continue
		}
		told[r.Kind]++
		switch r.Kind {
		case "AlarmRaised":
			told["+"+r.Body.Key]++
		case "AlarmCleared":
			told["-"+r.Body.Key]++
		}
		if r.Seq >= last {
			break
		}
	}
	return told
}

// bench moves a handset of the simulated town.
func (o *owner) bench(handset, what, body string) {
	o.t.Helper()
	res, err := o.client.Post("http://"+o.m.HTTP+"/bench/handset/"+handset+"/"+what, "application/json", strings.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		o.t.Fatalf("%s %s: %s", handset, what, res.Status)
	}
}
