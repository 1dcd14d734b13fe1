package journal

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"centralita/firmware/event"
)

// memory is a folder that syncs at once, for tests that open thousands of times.
func memory(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "journal")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// small writes 12 records into two segments and gives the files' bytes.
func small(t *testing.T) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, Options{SegmentBytes: 500}, 1, 12)
	files := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(segmentsOf(files)); n != 2 {
		t.Fatalf("%d segments, the test wants 2", n)
	}
	return files
}

func segmentsOf(files map[string][]byte) (names []string) {
	for name := range files {
		if strings.HasSuffix(name, suffix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// lay writes the files with one of them replaced.
func lay(t *testing.T, dir string, files map[string][]byte, name string, b []byte) {
	t.Helper()
	os.RemoveAll(dir)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	for n, was := range files {
		if n == name {
			was = b
		}
		if err := os.WriteFile(filepath.Join(dir, n), was, 0o640); err != nil {
			t.Fatal(err)
		}
	}
}

// survive opens a damaged journal, checks that it goes on working and that no
// number is used twice, and gives the numbers still there.
func survive(t *testing.T, dir, what string) (left []uint64, rec Recovery) {
	t.Helper()
	j, rec, err := Open(dir, Options{})
	if err != nil {
		t.Fatalf("%s: the box does not start: %v", what, err)
	}
	left = contents(t, j)
	first := j.Append(99, 1099, began(99))
	if first <= 12 || first != rec.Next {
		t.Fatalf("%s: number %d is used again (next %d)", what, first, rec.Next)
	}
	if err := j.drain(nil); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if err := j.Close(); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	again, rec2, err := Open(dir, Options{})
	if err != nil {
		t.Fatalf("%s, opened again: %v", what, err)
	}
	defer again.Close()
	if after := contents(t, again); !slices.Equal(after, append(slices.Clone(left), first)) {
		t.Fatalf("%s: %v before, %v after going on", what, left, after)
	}
	if rec2.Next != first+1 {
		t.Fatalf("%s: next number %d after %d", what, rec2.Next, first)
	}
	return left, rec
}

// reported checks that every number missing from 1..12 is named by a damage.
func reported(t *testing.T, what string, left []uint64, rec Recovery) {
	t.Helper()
	if len(rec.Damage) == 0 {
		t.Fatalf("%s: not noticed", what)
	}
	for n := uint64(1); n <= 12; n++ {
		named := slices.ContainsFunc(rec.Damage, func(d Damage) bool { return d.First <= n && n <= d.Last })
		if !slices.Contains(left, n) && !named {
			t.Fatalf("%s: record %d is lost without a word: %v", what, n, rec.Damage)
		}
	}
}

func TestBitFlipAnywhere(t *testing.T) {
	files := small(t)
	dir := filepath.Join(memory(t), "j")
	names := append(segmentsOf(files), "head")
	for _, name := range names {
		for i := range files[name] {
			if name == "head" && i >= 12 && (i < headSlot || i >= headSlot+12) {
				continue // between the slots
			}
			b := bytes.Clone(files[name])
			b[i] ^= 1 << (i % 8)
			lay(t, dir, files, name, b)
			what := "flip in " + name + " at " + strconv.Itoa(i)
			left, rec := survive(t, dir, what)
			if name == "head" { // the other slot still tells, or nothing is lost with it
				if len(left) != 12 {
					t.Fatalf("%s: %d records left", what, len(left))
				}
				continue
			}
			reported(t, what, left, rec)
			if len(left) < 11 {
				t.Fatalf("%s: the damage spread: only %v left", what, left)
			}
		}
	}
}

func TestCutAnywhere(t *testing.T) {
	files := small(t)
	dir := filepath.Join(memory(t), "j")
	for i, name := range segmentsOf(files) {
		for n := range files[name] {
			lay(t, dir, files, name, files[name][:n])
			what := "cut of " + name + " at " + strconv.Itoa(n)
			left, rec := survive(t, dir, what)
			reported(t, what, left, rec)
			if whole := wholeRecords(files[name][:n]); i == 1 && len(left) != 12-wholeRecords(files[name])+whole {
				t.Fatalf("%s: %d of %d whole records left: %v", what, len(left), whole, left)
			}
			if i == 0 && !slices.Contains(left, 12) {
				t.Fatalf("%s: it reached the other segment", what)
			}
		}
	}
}

func wholeRecords(b []byte) (n int) {
	if len(b) < headerBytes {
		return 0
	}
	salt := uint32(b[8]) | uint32(b[9])<<8 | uint32(b[10])<<16 | uint32(b[11])<<24
	sc := scanner{r: bytes.NewReader(b), salt: salt, off: headerBytes, limit: int64(len(b))}
	for {
		f, _, ok := sc.next()
		if !ok {
			return n
		}
		if f.kind == kindRecord {
			n++
		}
	}
}

func TestDamagedEndIsKeptAside(t *testing.T) {
	files := small(t)
	dir := filepath.Join(memory(t), "j")
	name := segmentsOf(files)[1]
	rubbish := append(bytes.Clone(files[name]), "half a group"...)
	lay(t, dir, files, name, rubbish)
	_, rec := survive(t, dir, "rubbish at the end")
	if len(rec.Damage) != 1 || rec.Damage[0].Aside == "" || rec.Damage[0].Offset != int64(len(files[name])) {
		t.Fatalf("%v", rec.Damage)
	}
	kept, err := os.ReadFile(filepath.Join(dir, rec.Damage[0].Aside))
	if err != nil || string(kept) != "half a group" {
		t.Errorf("kept aside: %q, %v", kept, err)
	}
}

func TestMissingSegmentIsReported(t *testing.T) {
	files := small(t)
	dir := filepath.Join(memory(t), "j")
	for _, name := range segmentsOf(files) {
		lay(t, dir, files, "", nil)
		os.Remove(filepath.Join(dir, name))
		left, rec := survive(t, dir, "without "+name)
		reported(t, "without "+name, left, rec)
	}
}

// A record exchanged together with its checksum is what only the chain finds.
func TestForgedRecordBreaksTheChain(t *testing.T) {
	files := small(t)
	dir := filepath.Join(memory(t), "j")
	name := segmentsOf(files)[0]
	b := bytes.Clone(files[name])
	salt := uint32(b[8]) | uint32(b[9])<<8 | uint32(b[10])<<16 | uint32(b[11])<<24
	i := bytes.Index(b, []byte("caller 2"))
	copy(b[i:], "caller 3")
	start := bytes.LastIndex(b[:i], b[8:12])
	closeFrame(b[start:start+length(b[start:], salt)], 0, salt, kindRecord)
	lay(t, dir, files, name, b)
	j, rec, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if len(rec.Damage) != 1 || !strings.Contains(rec.Damage[0].Why, "chain") {
		t.Errorf("the forgery gives %v", rec.Damage)
	}
}

// A segment's text inside a record must not be taken for frames after damage.
func TestEmbeddedFramesAreNotBelieved(t *testing.T) {
	dir := t.TempDir()
	inner, _ := appendRecord(nil, 0x11111111, &event.Record{Seq: 7, Kind: "Woke", Body: []byte{0x90}})
	j, _, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	j.Append(1, 1, &event.SettingsCommitted{Rev: 1, Doc: inner})
	j.Append(1, 1, &event.SettingsCommitted{Rev: 2})
	if err := j.drain(nil); err != nil {
		t.Fatal(err)
	}
	path := j.segments()[0].path
	j.Close()
	b, _ := os.ReadFile(path)
	b[headerBytes] ^= 1 // the first frame's sync word
	os.WriteFile(path, b, 0o640)
	j, rec, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if rec.Records != 1 || rec.Last != 2 {
		t.Errorf("%+v", rec)
	}
}

// Names that are no files, or something else's, do not keep the box from starting.
func TestOddFolders(t *testing.T) {
	for what, lay := range map[string]func(dir string){
		"a file in its place": func(dir string) { os.WriteFile(dir, []byte("x"), 0o600) },
		"head is a folder":    func(dir string) { os.MkdirAll(filepath.Join(dir, "head"), 0o700) },
		"a segment is a folder": func(dir string) {
			os.MkdirAll(filepath.Join(dir, "00000000000000000001-00000001.journal"), 0o700)
		},
		"a segment of a number too high": func(dir string) {
			os.MkdirAll(dir, 0o700)
			os.WriteFile(filepath.Join(dir, "99999999999999999999-00000001.journal"), nil, 0o600)
		},
		"numbers that no journal reaches": func(dir string) {
			s := segment{first: 1, salt: 1}
			b, _ := appendRecord(s.header(make([]byte, 32)), 1, &event.Record{Seq: 1<<64 - 1, Kind: "Woke", Body: []byte{0x90}})
			b = appendGap(b, 1, 1, 1<<64-2)
			os.MkdirAll(dir, 0o700)
			os.WriteFile(filepath.Join(dir, "00000000000000000001-00000001.journal"), b, 0o600)
			h, _, _ := openHead(dir)
			h.set(1<<64 - 1)
			h.close()
		},
		"a segment nobody may read": func(dir string) {
			os.MkdirAll(dir, 0o700)
			os.Symlink("/nowhere", filepath.Join(dir, "00000000000000000001-00000001.journal"))
		},
	} {
		dir := filepath.Join(memory(t), "j")
		lay(dir)
		j, rec, err := Open(dir, Options{})
		if err != nil || rec.Next != 1 {
			t.Errorf("%s: %v, %+v", what, err, rec)
			continue
		}
		j.Append(1, 1001, began(1))
		if err := j.drain(nil); err != nil || j.Durable() != 1 {
			t.Errorf("%s: durable %d, %v", what, j.Durable(), err)
		}
		j.Close()
	}
}
