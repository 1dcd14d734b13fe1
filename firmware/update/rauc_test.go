package update

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stand is a program that behaves as rauc does: testdata/rauc.
func stand(t *testing.T, said string) Rauc {
	t.Helper()
	program, err := filepath.Abs("testdata/rauc")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Setenv("RAUC_TEST", dir)
	if err := os.WriteFile(filepath.Join(dir, "says"), []byte(said), 0o600); err != nil {
		t.Fatal(err)
	}
	return Rauc{program}
}

// What RAUC 1.8 printed of real bundles, and what its later form has.
const (
	flat   = `{"compatible":"centralita-qemu","version":"1.4.0","description":"oldest 1.2.0","build":null,"hooks":[],"images":[{"rootfs":{"variant":null,"filename":"rootfs.img","checksum":"fbe9","size":20000,"hooks":[],"adaptive":[]}}]}`
	nested = `{"update":{"compatible":"centralita-qemu","version":"1.4.0","description":"oldest 1.2.0"},"bundle":{"format":"verity"},"images":[]}`
)

func TestInfo(t *testing.T) {
	for _, said := range []string{flat, nested, "No keyring given, skipping\n" + flat + "\n"} {
		b, err := stand(t, said).Info(t.Context(), "x.raucb")
		if err != nil || b != (Bundle{Version: "1.4.0", Compatible: "centralita-qemu", Oldest: "1.2.0"}) {
			t.Errorf("%+v, %v", b, err)
		}
	}
}

func TestComplaints(t *testing.T) {
	for said, want := range map[string]*Refusal{
		"signature verification failed: Verify error: self-signed certificate":            ErrSignature,
		"Invalid bundle format: Signature size (8183487421862301333) exceeds bundle size": ErrDamaged,
		"Invalid bundle format: Signature size is 0":                                      ErrDamaged,
		"No keyring file or directory provided":                                           ErrSignature,
	} {
		r := stand(t, "!"+said)
		if _, err := r.Info(t.Context(), "x.raucb"); !errors.Is(err, want) {
			t.Errorf("%q is %v, want %v", said, err, want)
		}
		if err := r.Install(t.Context(), "x.raucb", func(int) {}); !errors.Is(err, want) {
			t.Errorf("installing, %q is %v, want %v", said, err, want)
		}
	}
	if _, err := stand(t, strings.Repeat("x", outMax+1)).Info(t.Context(), "x.raucb"); err == nil {
		t.Error("an endless answer is taken")
	}
}

func TestInstallAndStatus(t *testing.T) {
	r := stand(t, flat)
	var seen []int
	if err := r.Install(t.Context(), "x.raucb", func(n int) { seen = append(seen, n) }); err != nil || len(seen) != 3 || seen[0] != 0 || seen[2] != 100 {
		t.Errorf("%v, %v", seen, err)
	}
	if s, err := r.Status(t.Context()); err != nil || s != (Status{"centralita-qemu", "A"}) {
		t.Errorf("%+v, %v", s, err)
	}
	if err := errors.Join(r.MarkGood(t.Context()), r.Stay(t.Context())); err != nil {
		t.Error(err)
	}
	did, err := os.ReadFile(filepath.Join(os.Getenv("RAUC_TEST"), "did"))
	if err != nil || !strings.Contains(string(did), "status mark-good booted\nstatus mark-active booted\n") {
		t.Errorf("%s, %v", did, err)
	}
}

func TestVersions(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		order int
		ok    bool
	}{
		{"1.4.0", "1.4", 0, true}, {"v1.4.1", "1.4.0", 1, true}, {"1.9", "1.10", -1, true},
		{"1.5.0-rc1", "1.5.0", -1, true}, {"1.5.0-rc1", "1.5.0-rc2", -1, true},
		{"1.4.0-17-g0abc123", "1.4.0", 1, true}, {"1.4.0-17-g0abc123-dirty", "1.4.0-18-gfff", -1, true},
		{"0abc123", "1.4.0", 0, false}, {"1.4.0", "dev", 0, false}, {"1234567", "1.0", 0, false},
	} {
		if order, ok := compare(c.a, c.b); order != c.order || ok != c.ok {
			t.Errorf("%s and %s: %d %v, want %d %v", c.a, c.b, order, ok, c.order, c.ok)
		}
	}
	if got := newer("1.4", "dev") + newer("", "1.2") + newer("1.4", "1.3"); got != "1.41.21.4" {
		t.Error(got)
	}
}

func FuzzInstallerWords(f *testing.F) {
	for _, s := range []string{flat, nested, `{"compatible":"a","booted":"A"}`, " 40% Copying", "\xff{", `{"version":"../..\n","compatible":"x"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if b, err := parseInfo(raw); err == nil && (!plain(b.Version) || !plain(b.Compatible) || !plain(b.Oldest) || b.Version == "") {
			t.Errorf("%+v", b)
		}
		if s, err := parseStatus(raw); err == nil && (!plain(s.Booted) || s.Booted == "") {
			t.Errorf("%+v", s)
		}
		l := &lines{take: func(line string) {
			if n, ok := parsePercent(line); ok && (n < 0 || n > 100) {
				t.Error(n)
			}
			if a, ok := compare(line, "1.4.0"); ok {
				if b, _ := compare("1.4.0", line); a != -b {
					t.Errorf("%q: %d and %d", line, a, b)
				}
			}
		}}
		if n, err := l.Write(raw); n != len(raw) || err != nil || len(l.kept) > tailMax {
			t.Error(n, err)
		}
		complaint(l.tail())
	})
}
