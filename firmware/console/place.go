package console

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Place is a serial device of the console.
type Place struct {
	Path  string // /dev/ttyS0
	Speed int    // bit/s; 0 leaves it as it is, as for a USB gadget, which has none
}

// speeds of a UART, as termios writes them.
var speeds = map[int]uint32{
	1200: unix.B1200, 2400: unix.B2400, 4800: unix.B4800, 9600: unix.B9600, 19200: unix.B19200, 38400: unix.B38400,
	57600: unix.B57600, 115200: unix.B115200, 230400: unix.B230400, 460800: unix.B460800, 921600: unix.B921600,
}

// placesMax is a gadget, a few UARTs, and as many again.
const placesMax = 8

// Places reads a list of devices, each with its speed if it has one:
// "/dev/ttyGS0,/dev/ttyS0:115200".
func Places(list string) ([]Place, error) {
	var places []Place
	for _, one := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		path, speed, timed := strings.Cut(one, ":")
		p := Place{Path: path}
		if timed {
			p.Speed, _ = strconv.Atoi(speed) // 0 is no speed either
			if _, ok := speeds[p.Speed]; !ok {
				return nil, fmt.Errorf("console %q: %q is no speed of a serial line; there are %v", one, speed, slices.Sorted(maps.Keys(speeds)))
			}
		}
		if path == "" || slices.ContainsFunc(places, func(o Place) bool { return o.Path == path }) {
			return nil, fmt.Errorf("console %q: wants devices, each once, as in /dev/ttyGS0,/dev/ttyS0:115200", list)
		}
		places = append(places, p)
	}
	if len(places) > placesMax {
		return nil, fmt.Errorf("console %q: more than %d devices", list, placesMax)
	}
	return places, nil
}

// raw makes a terminal pass bytes as they are, at its speed, 8 bits without parity.
// What the far end sends too fast is stopped by XOFF, and so may it stop us: of the
// lines of a UART only three are on most plugs.
func raw(fd int, speed int) error {
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	t.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXANY
	t.Iflag |= unix.IXON | unix.IXOFF
	t.Oflag &^= unix.OPOST
	t.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	t.Cflag &^= unix.CSIZE | unix.PARENB | unix.CSTOPB
	t.Cflag |= unix.CS8 | unix.CREAD | unix.CLOCAL
	if b, ok := speeds[speed]; ok {
		t.Cflag &^= unix.CBAUD
		t.Cflag |= b
		t.Ispeed, t.Ospeed = b, b
	}
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	return unix.IoctlSetTermios(fd, unix.TCSETS, t)
}
