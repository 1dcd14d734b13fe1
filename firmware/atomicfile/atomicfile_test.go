package atomicfile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// disk is a folder whose power can be cut: what was not synced may be there or not,
// each piece for itself.
type disk struct {
	files   map[string]*cell // as programs see them
	durable map[string]*cell // names on the medium
	named   []func(map[string]*cell)
	left    int // steps until the power is cut
	failing error
}

// cell is a file without its name.
type cell struct{ seen, durable []byte }

var errCut = errors.New("the power was cut")

func (d *disk) step() error {
	if d.left--; d.left < 0 {
		return errCut
	}
	return nil
}

// name changes names as programs see them; on the medium it may be much later.
func (d *disk) name(change func(map[string]*cell)) {
	change(d.files)
	d.named = append(d.named, change)
}

func (d *disk) create(name string, _ os.FileMode) (file, error) {
	if err := d.step(); err != nil {
		return nil, err
	}
	if d.files[name] != nil {
		return nil, fs.ErrExist
	}
	c := new(cell)
	d.name(func(m map[string]*cell) { m[name] = c })
	return &handle{d, c}, nil
}

func (d *disk) rename(from, to string) error {
	if err := d.step(); err != nil {
		return err
	}
	c := d.files[from]
	if c == nil {
		return fs.ErrNotExist
	}
	d.name(func(m map[string]*cell) { delete(m, from); m[to] = c })
	return nil
}

func (d *disk) remove(name string) error {
	if err := d.step(); err != nil {
		return err
	}
	d.name(func(m map[string]*cell) { delete(m, name) })
	return nil
}

func (d *disk) sync() error {
	if err := d.step(); err != nil {
		return err
	}
	for _, change := range d.named {
		change(d.durable)
	}
	d.named = nil
	return nil
}

// after are the folders that one may find after the cut: with the first n changes of
// names done, for each n, and contents as they were synced or cut anywhere.
func (d *disk) after() (all []map[string]string) {
	for n := range len(d.named) + 1 {
		names := maps.Clone(d.durable)
		for _, change := range d.named[:n] {
			change(names)
		}
		for _, part := range []float64{0, 0.5, 1} {
			found := map[string]string{}
			for name, c := range names {
				found[name] = string(c.durable)
				if !bytes.Equal(c.seen, c.durable) {
					found[name] = string(c.seen[:int(part*float64(len(c.seen)))])
				}
			}
			all = append(all, found)
		}
	}
	return all
}

type handle struct {
	d *disk
	c *cell
}

func (h *handle) Write(b []byte) (int, error) {
	if h.d.failing != nil {
		n := len(b) / 2
		h.c.seen = append(h.c.seen, b[:n]...)
		return n, h.d.failing
	}
	if err := h.d.step(); err != nil {
		return 0, err
	}
	h.c.seen = append(h.c.seen, b...)
	return len(b), nil
}

func (h *handle) Sync() error {
	if err := h.d.step(); err != nil {
		return err
	}
	h.c.durable = bytes.Clone(h.c.seen)
	return nil
}

func (h *handle) Close() error { return h.d.step() }

func newDisk(steps int) *disk {
	old := &cell{[]byte("old"), []byte("old")}
	return &disk{files: map[string]*cell{"doc": old}, durable: map[string]*cell{"doc": old}, left: steps}
}

func TestAPowerCutLeavesTheOldFileOrTheNewOne(t *testing.T) {
	const whole = "new contents of several blocks"
	cuts, fresh := 0, 0
	for steps := 0; ; steps++ {
		d := newDisk(steps)
		// OneByte hides that the reader could copy all at once: many writes, many cuts
		err := replace(d, "doc", 0o600, onebyte{strings.NewReader(whole)})
		for _, found := range d.after() {
			switch found["doc"] {
			case "old":
				if err == nil {
					t.Fatal("Write returned, and the old file came back")
				}
			case whole:
				fresh++
			default:
				t.Fatalf("cut after %d steps: the file holds %q", steps, found["doc"])
			}
			for name := range found {
				if name != "doc" && !strings.HasPrefix(name, Unfinished) {
					t.Errorf("cut after %d steps: a file %q, which no sweep removes", steps, name)
				}
			}
		}
		cuts++
		if err == nil {
			break
		}
	}
	if cuts < len(whole) || fresh == 0 {
		t.Errorf("%d cuts, the new file seen %d times: the test cuts nothing", cuts, fresh)
	}
}

type onebyte struct{ r io.Reader }

func (o onebyte) Read(b []byte) (int, error) { return o.r.Read(b[:1]) }

func TestAFullDiskKeepsTheOldFileAndLeavesNothing(t *testing.T) {
	d := newDisk(1000)
	d.failing = syscall.ENOSPC
	if err := replace(d, "doc", 0o600, strings.NewReader("much more than there is room for")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk says %v", err)
	}
	if len(d.files) != 1 || string(d.files["doc"].seen) != "old" {
		t.Errorf("after a full disk: %v", slices.Collect(maps.Keys(d.files)))
	}
}

func TestWriteReplacesAndKeepsMode(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "doc")
	for _, text := range []string{"one", "two and longer", ""} {
		if err := Write(name, 0o600, []byte(text)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(name)
		if err != nil || string(got) != text {
			t.Errorf("wrote %q, read %q, %v", text, got, err)
		}
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if all, _ := os.ReadDir(dir); len(all) != 1 {
		t.Errorf("%d files are there", len(all))
	}
}

func TestWriteNamesTheFileItCannotWrite(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "taken"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{filepath.Join(dir, "taken"), filepath.Join(dir, "nowhere", "doc")} {
		if err := Write(name, 0o600, []byte("x")); err == nil || !strings.Contains(err.Error(), filepath.Base(name)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, _ := os.ReadDir(dir); len(all) != 1 {
		t.Errorf("a refused write left %d files", len(all)-1)
	}
}

func TestWriteInStaysBelowItsRoot(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, name := range []string{"out/doc", "../doc"} {
		if WriteIn(root, name, 0o600, strings.NewReader("x")) == nil {
			t.Errorf("%s was written", name)
		}
	}
	if all, _ := os.ReadDir(outside); len(all) != 0 {
		t.Error("a file outside")
	}
}

func TestWritersAtOnceGiveOneOfThem(t *testing.T) {
	name := filepath.Join(t.TempDir(), "doc")
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			if err := Write(name, 0o600, bytes.Repeat([]byte{byte('a' + n)}, 5000)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got, err := os.ReadFile(name)
	if err != nil || len(got) != 5000 || strings.Trim(string(got), string(got[:1])) != "" {
		t.Errorf("%d bytes of several writers, %v", len(got), err)
	}
}

func TestSweepRemovesWhatACutLeft(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{Unfinished + "X", Unfinished, "doc", "doc.new-1"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Sweep(dir); err != nil {
		t.Fatal(err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, "*"))
	if all, _ := os.ReadDir(dir); len(all) != 2 || len(left) != 2 {
		t.Errorf("left: %v", left)
	}
	if err := Sweep(filepath.Join(dir, "none")); err != nil {
		t.Error(err)
	}
}
