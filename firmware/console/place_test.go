package console

import (
	"fmt"
	"testing"

	"golang.org/x/sys/unix"
)

func TestPlaces(t *testing.T) {
	got, err := Places("/dev/ttyGS0, /dev/ttyS0:115200")
	if err != nil || fmt.Sprint(got) != "[{/dev/ttyGS0 0} {/dev/ttyS0 115200}]" {
		t.Error(got, err)
	}
	if got, err := Places(""); err != nil || len(got) != 0 {
		t.Error(got, err)
	}
	for _, bad := range []string{"/dev/ttyS0:110", "/dev/ttyS0:fast", ":9600", "/dev/a,/dev/a", "a,b,c,d,e,f,g,h,i"} {
		if got, err := Places(bad); err == nil {
			t.Error(bad, got)
		}
	}
}

// A UART is set to its speed, raw, with flow control in both directions.
func TestDeviceIsSet(t *testing.T) {
	person, name := pty(t)
	defer person.Close()
	f, err := openDevice(Place{name, 9600})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	conn, err := f.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Control(func(fd uintptr) {
		s, err := unix.IoctlGetTermios(int(fd), unix.TCGETS)
		if err != nil || s.Cflag&unix.CBAUD != unix.B9600 || s.Iflag&(unix.IXOFF|unix.IXON) != unix.IXOFF|unix.IXON || s.Lflag&(unix.ECHO|unix.ICANON) != 0 || s.Oflag&unix.OPOST != 0 {
			t.Errorf("%+v %v", s, err)
		}
	})
}
