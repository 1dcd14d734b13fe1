package db

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// modernc.org/libc must be exactly the version that sqlite was made with: another
// one has crashed on 32-bit ARM.
func TestLibcIsTheOneOfSQLite(t *testing.T) {
	list := func(args ...string) string {
		out, err := exec.Command("go", append([]string{"list", "-m"}, args...)...).Output()
		if err != nil {
			t.Fatalf("go list -m %v: %v", args, err)
		}
		return strings.TrimSpace(string(out))
	}
	ours := list("-f", "{{.Version}}", "modernc.org/libc")
	wants := requirement(t, list("-f", "{{.GoMod}}", "modernc.org/sqlite"), "modernc.org/libc")
	if ours != wants {
		t.Errorf("modernc.org/libc is %s, sqlite wants %s: pin that in go.mod", ours, wants)
	}
}

// requirement is the version of a module that a go.mod file asks for.
func requirement(t *testing.T, gomod, module string) string {
	t.Helper()
	b, err := os.ReadFile(gomod)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(f) >= 2 && f[0] == module {
			return f[1]
		}
	}
	t.Fatalf("%s does not require %s", gomod, module)
	return ""
}
