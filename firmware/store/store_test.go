package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"centralita/firmware/atomicfile"
)

func open(t *testing.T, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestNamesDoNotLeadOut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	s := open(t, dir, Options{})
	outside := filepath.Join(filepath.Dir(dir), "outside")
	os.WriteFile(outside, []byte("not yours"), 0o600)
	os.Symlink(filepath.Dir(dir), filepath.Join(dir, "recordings", "way"))
	for _, name := range []string{"", ".", "..", "../outside", "a/../../outside", "/etc/passwd", "way/outside",
		"a//b", "a/", ".hidden", "a\x00b", "a\\b", "a b", "é.wav", strings.Repeat("a", 300), "a/b/c/d/e"} {
		if f, err := s.Open(Recordings, name); err == nil {
			f.Close()
			t.Errorf("%q was opened", name)
		}
		if f, err := s.Create(Recordings, name); err == nil {
			f.Close()
			t.Errorf("%q was created", name)
		}
		if err := s.Write(Prompts, name, strings.NewReader("x")); err == nil && name != "way/outside" {
			t.Errorf("%q was written", name)
		}
	}
	if _, err := s.Open("../store", "x"); err == nil {
		t.Error("an area of its own was opened")
	}
	if b, _ := os.ReadFile(outside); string(b) != "not yours" {
		t.Errorf("outside holds %q", b)
	}
}

func TestWriteReplacesWhole(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	for _, text := range []string{"first", "second, longer"} {
		if err := s.Write(Prompts, "es/welcome.wav", strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		f, err := s.Open(Prompts, "es/welcome.wav")
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := io.ReadAll(f); string(b) != text {
			t.Errorf("%q, want %q", b, text)
		}
		f.Close()
	}
	broken := io.MultiReader(strings.NewReader("half"), errReader{})
	if err := s.Write(Prompts, "es/welcome.wav", broken); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a broken upload gives %v", err)
	}
	entries, _ := os.ReadDir(filepath.Join(dir, "prompts", "es"))
	b, _ := os.ReadFile(filepath.Join(dir, "prompts", "es", "welcome.wav"))
	if len(entries) != 1 || string(b) != "second, longer" {
		t.Errorf("after a broken upload: %v, %q", entries, b)
	}
	if _, err := s.Open(Prompts, "none.wav"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
	if _, err := s.Open(Prompts, "es"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder gives %v", err)
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestSecretsStaySecret(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	sec := s.Secrets()
	for name, value := range map[string]string{"station/201": "hunter2", "trunk/voz": "s3cret"} {
		if err := sec.Put(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if shown := fmt.Sprintf("%v %+v %#v %s", sec, sec, sec, sec); strings.Contains(shown, "hunter2") {
		t.Errorf("printed: %s", shown)
	}
	info, err := os.Stat(filepath.Join(dir, "secrets.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file mode %v, %v", info.Mode(), err)
	}
	again := open(t, dir, Options{}).Secrets()
	if v, ok := again.Get("station/201"); !ok || v != "hunter2" {
		t.Errorf("read back %q, %v", v, ok)
	}
	if names := again.Names(); !slices.Equal(names, []string{"station/201", "trunk/voz"}) {
		t.Errorf("names %v", names)
	}
	if err := again.Put("trunk/voz", ""); err != nil {
		t.Fatal(err)
	}
	if _, ok := again.Get("trunk/voz"); ok {
		t.Error("a forgotten secret is still there")
	}
	for _, name := range []string{"", "a b", "../x", strings.Repeat("n", 101)} {
		if err := again.Put(name, "x"); err == nil {
			t.Errorf("name %q was taken", name)
		}
	}
	if err := again.Put("long", strings.Repeat("x", secretValueMax+1)); err == nil || strings.Contains(err.Error(), "xxx") {
		t.Errorf("a value too long gives %v", err)
	}
}

func TestDamagedSecretsAreSetAside(t *testing.T) {
	for _, b := range []string{"", "{", "null", `["a"]`, `{"a":1}`, "\xff\xfe"} {
		dir := t.TempDir()
		path := filepath.Join(dir, "secrets.json")
		os.WriteFile(path, []byte(b), 0o600)
		sec := open(t, dir, Options{}).Secrets()
		if sec.Damaged() == "" {
			t.Fatalf("%q was believed", b)
		}
		if kept, _ := os.ReadFile(filepath.Join(dir, sec.Damaged())); string(kept) != b {
			t.Errorf("%q kept as %q", b, kept)
		}
		if err := sec.Put("a", "b"); err != nil {
			t.Error(err)
		}
	}
}

// disk is a store whose disk has total bytes of which files use what they use.
func disk(t *testing.T, s *Store, dir string, total uint64) {
	t.Helper()
	s.statfs = func() (uint64, uint64, error) {
		var used uint64
		filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if info, err := d.Info(); err == nil && !d.IsDir() {
				used += uint64(info.Size())
			}
			return nil
		})
		return total, total - min(used, total), nil
	}
}

func recordingName(began time.Time, call uint64) string {
	return began.Format("2006/01/02/") + fmt.Sprintf("%06d.wav", call)
}

// record lays a recording of n bytes made at began.
func record(t *testing.T, s *Store, dir string, began time.Time, call uint64, n int) string {
	t.Helper()
	name := recordingName(began, call)
	f, err := s.Create(Recordings, name)
	if err != nil {
		t.Fatal(err)
	}
	f.Write(make([]byte, n))
	f.Close()
	os.Chtimes(filepath.Join(dir, "recordings", name), began, began)
	return name
}

func TestRetentionByAge(t *testing.T) {
	dir := t.TempDir()
	var gone []string
	s := open(t, dir, Options{Floor: 1, Removed: func(name, why string) { gone = append(gone, name) }})
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	old := record(t, s, dir, now.AddDate(0, 0, -31), 1, 10)
	kept := record(t, s, dir, now.AddDate(0, 0, -29), 2, 10)
	s.Sweep(t.Context(), now)
	if len(gone) != 0 {
		t.Errorf("without retention %v went", gone)
	}
	s.SetRetention(Retention{Age: 30 * 24 * time.Hour})
	s.Sweep(t.Context(), now)
	if !slices.Equal(gone, []string{old}) {
		t.Errorf("went: %v", gone)
	}
	if _, err := os.Stat(filepath.Join(dir, "recordings", filepath.Dir(old))); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the empty day is left")
	}
	if f, err := s.Open(Recordings, kept); err != nil {
		t.Error(err)
	} else {
		f.Close()
	}
}

// A recording made while the clock stood in 1970 is as old as the knowledge of the
// time: neither its age nor a full disk takes it at once.
func TestRecordingFromBeforeTheClock(t *testing.T) {
	dir := t.TempDir()
	var gone []string
	s := open(t, dir, Options{Floor: 400, Removed: func(name, why string) { gone = append(gone, name) }})
	disk(t, s, dir, 1000)
	s.SetRetention(Retention{Age: 30 * 24 * time.Hour, Oldest: true})
	lost := time.Date(1970, 1, 1, 0, 5, 0, 0, time.UTC)
	undated := record(t, s, dir, lost, 1, 900)
	s.Sweep(t.Context(), lost.Add(time.Minute))
	told := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s.Sweep(t.Context(), told)
	s.Sweep(t.Context(), told.Add(time.Minute))
	if len(gone) != 0 {
		t.Fatalf("went: %v", gone)
	}
	s.Sweep(t.Context(), told.AddDate(0, 0, 31))
	if !slices.Equal(gone, []string{undated}) {
		t.Errorf("went after its time: %v", gone)
	}
}

func TestFullDiskRefusesOrExpiresOldest(t *testing.T) {
	dir := t.TempDir()
	var told []Space
	var gone []string
	s := open(t, dir, Options{Floor: 400,
		Space:   func(sp Space) { told = append(told, sp) },
		Removed: func(name, why string) { gone = append(gone, name) }})
	disk(t, s, dir, 10_000)
	s.Space() // the disk below the test may be low itself
	told = nil
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	first := record(t, s, dir, now.AddDate(0, 0, -3), 1, 3000)
	second := record(t, s, dir, now.AddDate(0, 0, -2), 2, 3000)
	record(t, s, dir, now.AddDate(0, 0, -1), 3, 3100)
	s.Sweep(t.Context(), now)
	if len(told) != 1 || !told[0].Low || told[0].Refusing {
		t.Fatalf("at 91 %%: %+v", told)
	}
	record(t, s, dir, now.Add(-time.Minute), 4, 600)
	if _, err := s.Create(Recordings, recordingName(now, 5)); !errors.Is(err, ErrFull) {
		t.Fatalf("below the floor: %v", err)
	}
	if err := s.Write(Prompts, "small.wav", strings.NewReader("x")); err != nil {
		t.Errorf("a prompt is refused: %v", err)
	}
	s.Sweep(t.Context(), now)
	if len(gone) != 0 {
		t.Errorf("%v went unasked", gone)
	}
	s.SetRetention(Retention{Oldest: true})
	s.Sweep(t.Context(), now)
	if !slices.Equal(gone, []string{first}) {
		t.Errorf("went %v, want only %s (then %s)", gone, first, second)
	}
	if last := told[len(told)-1]; last.Refusing || last.Low {
		t.Errorf("told last %+v", last)
	}
}

func TestDiskThatDoesNotAnswer(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	was := s.Space()
	s.statfs = func() (uint64, uint64, error) { return 0, 0, syscall.EIO }
	if s.Space() != was {
		t.Error("the state changed without an answer")
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	left := filepath.Join(dir, "prompts", atomicfile.Unfinished+"X")
	os.WriteFile(left, nil, 0o600)
	os.Chtimes(left, time.Now().Add(-2*time.Hour), time.Now().Add(-2*time.Hour))
	s.Sweep(t.Context(), time.Now())
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Error("an unfinished file is left")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Serve(ctx); err != nil {
		t.Error(err)
	}
}
