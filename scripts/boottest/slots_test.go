package boottest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// slots is the box's script over two files instead of a partition.
type slots struct {
	t   *testing.T
	dir string
}

func newSlots(t *testing.T, running string) *slots {
	t.Helper()
	for _, tool := range []string{"fw_setenv", "flock"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed (Debian: libubootenv-tool, util-linux)")
		}
	}
	s := &slots{t: t, dir: t.TempDir()}
	for _, n := range []string{"one", "two"} {
		s.write("env."+n, fmt.Sprintf("%s 0x0 0x4000\n", s.file(n)))
		s.write(n, strings.Repeat("\x00", 0x4000))
	}
	s.write("env.default", "SEQ=0\n")
	s.write("cmdline", "quiet rauc.slot="+running+" x\n")
	return s
}

func (s *slots) file(name string) string { return filepath.Join(s.dir, name) }

func (s *slots) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(s.file(name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *slots) call(args ...string) (string, error) {
	cmd := exec.Command("../../buildroot/board/common/rootfs-overlay/usr/libexec/centralita/slots", args...)
	cmd.Env = append(os.Environ(), "ENV_DIR="+s.dir, "CMDLINE="+s.file("cmdline"), "LOCK="+s.file("lock"))
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func (s *slots) want(want string, args ...string) {
	s.t.Helper()
	if got, err := s.call(args...); err != nil || got != want {
		s.t.Errorf("slots %v says %q (%v), want %q", args, got, err, want)
	}
}

func TestSlotsOfAnUpdate(t *testing.T) {
	s := newSlots(t, "A")
	s.want("running=A order=A B A=3 B=3 trial=", "show")
	s.want("", "set-state", "B", "bad") // what RAUC does while it writes the other slot
	s.want("bad", "get-state", "B")
	s.want("", "set-primary", "B")
	s.want("B", "get-primary")
	s.want("running=A order=B A A=3 B=3 trial=B", "show")
	if _, err := s.call("trial"); err == nil {
		t.Error("A is on trial")
	}
	s.write("cmdline", "rauc.slot=B\n")
	if _, err := s.call("trial"); err != nil {
		t.Error("B is not on trial")
	}
	s.want("", "good")
	s.want("running=B order=B A A=3 B=3 trial=", "show")
	if _, err := s.call("set-primary", "C"); err == nil {
		t.Error("there is a slot C")
	}
}

// TestSlotsCut destroys the copy that a write was cut in: what was said before holds.
func TestSlotsCut(t *testing.T) {
	s := newSlots(t, "A")
	turns := []string{"B", "A", "B", "A", "B"}
	before := "running=A order=A B A=3 B=3 trial="
	var last [2][]byte
	for i, slot := range turns {
		for n, name := range []string{"one", "two"} {
			last[n], _ = os.ReadFile(s.file(name))
		}
		s.want("", "set-primary", slot)
		after, err := s.call("show")
		if err != nil {
			t.Fatal(err)
		}
		for n, name := range []string{"one", "two"} {
			now, err := os.ReadFile(s.file(name))
			if err != nil {
				t.Fatal(err)
			}
			if string(now) == string(last[n]) {
				continue
			}
			// Cut at several places of this write: the old beginning, the new, garbage.
			for at := 1; at < 200; at += 23 {
				s.write(name, string(now[:at])+string(last[n][at:]))
				if got, err := s.call("show"); err != nil || i > 0 && got != before && got != after {
					t.Errorf("turn %d cut at %d: %q (%v)", i, at, got, err)
				}
			}
			s.write(name, string(now))
		}
		before = after
	}
}
