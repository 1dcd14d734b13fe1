package boottest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"centralita/scripts/machine"
)

// TestUpdate takes a box through its updates: a bundle that somebody changed is
// refused; a good one goes to the other slot and is confirmed there; one that never
// gets well is tried three times and left. What was on the data partition stays.
// The bundles, and a disk of the first version, are made by `make boot-test`.
func TestUpdate(t *testing.T) {
	need(t)
	from := image + "/update/"
	stick := bundles(t, from+"good/centralita-qemu.raucb", from+"broken/centralita-qemu.raucb")
	m := start(t, machine.Options{Disk: from + "good/disk.img", More: []string{stick}, Patient: true})
	up := func(slot string) {
		t.Helper()
		expect(t, m.Serial, `(?m)^slot `+slot+`: `, bootWait)
		expect(t, m.Serial, `confirmed at [0-9.]+ s: running=`+slot+` .*trial=\n`, bootWait)
		shell(t, m)
	}
	up("A")
	run(t, m, "echo kept >/data/system/test; mkdir -p /tmp/stick; mount -t vfat -o ro /dev/vdb /tmp/stick")
	if out, err := m.Lab.Run("rauc install /tmp/stick/changed.rau", bootWait); err == nil {
		t.Errorf("a bundle that was changed is taken: %s", out)
	}
	if out := run(t, m, "/usr/libexec/centralita/slots show"); !strings.Contains(out, "order=A B A=3 B=3 trial=") {
		t.Errorf("refused, and yet the state is %s", out)
	}
	install := func(bundle string) {
		t.Helper()
		if out, err := m.Lab.Run("mkdir -p /tmp/stick; mount -t vfat -o ro /dev/vdb /tmp/stick; rauc install /tmp/stick/"+bundle, bootWait); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		if err := m.Lab.Type("reboot\n"); err != nil {
			t.Fatal(err)
		}
	}
	install("good.rau")
	up("B")
	if out := run(t, m, "cat /data/system/test"); out != "kept" {
		t.Errorf("the data partition has %q", out)
	}
	install("broken.rau")
	for _, left := range []string{"2", "1", "0"} {
		expect(t, m.Serial, `slot A: order A B, tries left A `+left+` `, bootWait)
	}
	up("B")
	// RAUC's word is coloured, and so not next to its name.
	if out := run(t, m, "cat /data/system/test; rauc status 2>/dev/null | grep -c 'boot status: .*bad'"); out != "kept\n1" {
		t.Errorf("after the way back: %q", out)
	}
}

// bundles makes a disk with the good and the broken bundle, and a good one of which
// one byte was changed. Their names are short, as the file system likes them.
func bundles(t *testing.T, good, broken string) string {
	t.Helper()
	text, err := os.ReadFile(good)
	if err != nil {
		t.Fatalf("%v (make boot-test builds it)", err)
	}
	text[len(text)/2] ^= 1   // in the contents
	text[len(text)-900] ^= 1 // in the signature
	changed := filepath.Join(t.TempDir(), "changed")
	if err := os.WriteFile(changed, text, 0o600); err != nil {
		t.Fatal(err)
	}
	disk := filepath.Join(t.TempDir(), "stick.img")
	const script = `truncate -s 160M "$1"; mkfs.vfat "$1"; mcopy -i "$1" "$2" ::good.rau; mcopy -i "$1" "$3" ::broken.rau; mcopy -i "$1" "$4" ::changed.rau`
	if out, err := exec.Command("bash", "-ec", script, "bash", disk, good, broken, changed).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return disk
}
