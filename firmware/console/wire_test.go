package console

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// pty is a serial line in memory: a person's end and the name of the box's end.
func pty(t *testing.T) (person *os.File, name string) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	raw, err := person.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	cErr := raw.Control(func(fd uintptr) {
		if err = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); err == nil {
			n, err = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		}
	})
	if cErr != nil || err != nil {
		t.Fatal(cErr, err)
	}
	return person, fmt.Sprintf("/dev/pts/%d", n)
}

// reads waits until the screen shows what is wanted.
func reads(t *testing.T, r *bufio.Reader, want string) {
	t.Helper()
	var seen strings.Builder
	for !strings.Contains(seen.String(), want) {
		b, err := r.ReadByte()
		if err != nil {
			t.Fatalf("%q not seen before %v: %q", want, err, seen.String())
		}
		seen.WriteByte(b)
	}
}

// A pulled cable ends the session and nothing else; the next one is asked for a
// name again.
func TestDeviceIsOpenedAgain(t *testing.T) {
	o := build(t)
	link := filepath.Join(t.TempDir(), "ttyGS0")
	d := o.Device(Place{Path: link})
	d.retry = time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- d.Serve(ctx) }()
	for i := range 2 {
		person, name := pty(t)
		if err := os.Symlink(name, link); err != nil {
			t.Fatal(err)
		}
		screen := bufio.NewReader(person)
		reads(t, screen, "Nombre: ")
		fmt.Fprint(person, "ana\r")
		reads(t, screen, "Contraseña: ")
		fmt.Fprint(person, "ana-palabra\r")
		reads(t, screen, "ana> ")
		if i == 0 {
			fmt.Fprint(person, "exit\r")
			reads(t, screen, "Nombre: ")
			if err := os.Remove(link); err != nil {
				t.Fatal(err)
			}
			person.Close()
			continue
		}
		cancel()
		if err := <-done; err != context.Canceled {
			t.Error(err)
		}
		person.Close()
	}
}

func TestSocketAndAttach(t *testing.T) {
	o := build(t)
	path := filepath.Join(t.TempDir(), "console.sock")
	if err := os.WriteFile(path, nil, 0o600); err != nil { // left by a power cut
		t.Fatal(err)
	}
	s := o.Socket(path)
	l, err := s.listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- s.serve(ctx, l) }()
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(out, "ana\nana-palabra\nshow version\nexit\n")
	out.Close()
	var seen bytes.Buffer
	if err := Attach(t.Context(), path, in, &seen); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	sees(t, escapes.ReplaceAllString(seen.String(), ""), "Nombre: ana", "ana> show version", "Centralita 1")
	cancel()
	if err := <-done; err != context.Canceled {
		t.Error(err)
	}
	if err := Attach(t.Context(), path, in, io.Discard); err == nil || !strings.Contains(err.Error(), "centralita run") {
		t.Error(err)
	}
}

// Noise of a serial line is dropped, letters of two bytes survive being cut.
func TestCleanLine(t *testing.T) {
	for in, want := range map[string]string{"a\xffb": "ab", "\xc3": "", "ñandú": "ñandú", "\xf0\x28\x8c\x28x": "((x", "a\x00\x11b": "ab",
		"a\r\nb\nc\r\r": "a\rb\rc\r\r", "\x1b[A": "\x1b[A", "x\x1b[" + strings.Repeat("0", 400) + "Ay": "xy", "\x1b]0;title\x07z": "z", "\x1b]0;\rz": "\rz", "\x1b": "", "\x1bxa": "a", "\x1b[8;50;132tq": "q"} {
		for size := 1; size <= 3; size++ {
			w := newWire(&typist{Reader: &slow{in, size}})
			got, err := io.ReadAll(bufio.NewReaderSize(w, 256))
			if err != nil || string(got) != want {
				t.Errorf("%q by %d: %q %v", in, size, got, err)
			}
			w.close()
		}
	}
}

// slow gives a few bytes at a time.
type slow struct {
	text string
	size int
}

func (s *slow) Read(p []byte) (int, error) {
	if s.text == "" {
		return 0, io.EOF
	}
	n := copy(p, s.text[:min(s.size, len(s.text))])
	s.text = s.text[n:]
	return n, nil
}
