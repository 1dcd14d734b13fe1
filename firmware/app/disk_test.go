package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"centralita/firmware/atomicfile"
)

func TestAStartSweepsUnfinishedFiles(t *testing.T) {
	dir := t.TempDir()
	var stay, gone []string
	for _, at := range []string{"", "settings", "saved", "before", "update"} {
		if err := os.MkdirAll(filepath.Join(dir, at), 0o700); err != nil {
			t.Fatal(err)
		}
		stay = append(stay, filepath.Join(dir, at, "document"))
		gone = append(gone, filepath.Join(dir, at, atomicfile.Unfinished+"CUT"))
	}
	for _, name := range append(stay, gone...) {
		if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a := &App{opt: Options{Data: dir}, log: slog.New(slog.DiscardHandler)}
	a.sweep()
	for _, name := range stay {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
	for _, name := range gone {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
}
