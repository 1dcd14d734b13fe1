package boottest

import (
	"bufio"
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"centralita/scripts/machine"
)

// wizardWait is for all its questions and tests, on a busy computer.
const wizardWait = 20 * time.Minute

// TestCable is an installer at the USB cable of a new box, with the program's console
// on the gadget's serial line.
func TestCable(t *testing.T) {
	need(t)
	for _, tool := range []string{"expect", "socat"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed (Debian: " + tool + ")")
		}
	}
	m := start(t, machine.Options{Disk: image + "/qemu/disk.img", Steady: true, Cable: true})
	word := expect(t, m.Serial, `owner password: (\S+) \(`, bootWait)[1]
	expect(t, m.Serial, `centralita ready `, bootWait)

	t.Run("wizard", func(t *testing.T) { theWizard(t, m, word) })
	if !t.Failed() {
		t.Run("pulled", func(t *testing.T) { pulled(t, m) })
	}
}

// theWizard: an installer signs in, answers the wizard's questions,
// rings a handset that somebody lifts, and reads the acceptance sheet.
func theWizard(t *testing.T, m *machine.Machine, word string) {
	ctx, cancel := context.WithTimeout(t.Context(), wizardWait)
	defer cancel()
	installer := exec.CommandContext(ctx, "./wizard.exp", m.Cable, word, lasting)
	screen, err := installer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := installer.Start(); err != nil {
		t.Fatal(err)
	}
	o := newOwner(t, m)
	lines := bufio.NewScanner(screen)
	for lines.Scan() {
		t.Log(lines.Text())
		switch text := lines.Text(); {
		case strings.Contains(text, "fxs1: rings"):
			o.signIn(lasting)
			o.must("POST", "/bench/handset/fxs1/lift", struct{}{})
		case strings.Contains(text, "fxs1: answers"):
			o.must("POST", "/bench/handset/fxs1/hangup", struct{}{})
		}
	}
	if err := installer.Wait(); err != nil {
		t.Error(err)
	}
}

// The gadget of /etc/init.d/S60gadget, without and with its controller: a cable that is
// pulled, and plugged in again.
const (
	pull = "echo >/sys/kernel/config/usb_gadget/centralita/UDC; until [ ! -c /dev/ttyACM0 ]; do sleep 1; done"
	plug = "ls /sys/class/udc >/sys/kernel/config/usb_gadget/centralita/UDC; until [ -c /dev/ttyACM0 ]; do sleep 1; done"
)

// pulled takes the cable out in the middle of a document that is pasted: whoever was
// there is signed out, which the log tells, and an alarm until somebody is back; what
// was taken before waits uncommitted, nothing of the document is there, and the
// settings in force are those of before.
func pulled(t *testing.T, m *machine.Machine) {
	c, err := m.Terminal()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	types := func(text, then string) {
		t.Helper()
		if err := c.Type(text + "\r"); err != nil {
			t.Fatal(err)
		}
		expect(t, c, then, bootWait)
	}
	in := func() {
		t.Helper()
		types("", "Name: $")
		types("owner", "Password: $")
		types(lasting, "owner> $")
	}
	in()
	types("configure", `owner\(settings\)> $`)
	types("set office place Cádiz", `owner\(settings\)> $`)
	types("load replace", `gives up\.\n$`)
	types("office: {name: Lost, country: IT, time_zone: Europe/Rome, languages: [it]}\rstations:\r"+
		strings.Repeat("- {extension: \"700\", name: half of a paste}\r", 200), "")
	shell(t, m)
	run(t, m, "sleep 3") // what was typed is on its way through two kernels' queues
	run(t, m, pull)
	told := run(t, m, "until logread | grep 'signed out'; do sleep 1; done")
	t.Log(told)
	if !strings.Contains(told, "who=owner from=serial uncommitted=true") {
		t.Errorf("the log tells %s", told)
	}
	o := newOwner(t, m)
	o.signIn(lasting)
	if a := o.raises("console-cut"); a.Text != "alarm.console-cut.paste" {
		t.Errorf("the alarm says %+v", a)
	}
	run(t, m, plug)
	in()
	o.clears("console-cut")
	types("configure", `(?s)uncommitted changes.*owner\(settings\)> $`)
	if err := c.Type("compare\r"); err != nil {
		t.Fatal(err)
	}
	if said := expect(t, c, `(?s)compare\n(.*)owner\(settings\)> $`, bootWait)[1]; strings.TrimSpace(said) != "~ office.place: Sevilla -> Cádiz" {
		t.Errorf("what waits is %q", said)
	}
	if _, now := o.ask("GET", "settings", "application/json", nil); !strings.Contains(now, "Sevilla") || strings.Contains(now, "Lost") {
		t.Errorf("in force is %s", now)
	}
}
