// Package boot is what must be known before anything opens: which board, where
// the data is, which doors, how much to log.
//
// firmware/cmd/centralita parses it once. A value comes from a flag, else from the
// environment (CENTRALITA_DATA for --data), else from the boot file, else it is
// the default. Everything that may change while the box runs is a setting and not
// here. The package opens nothing but the boot file.
package boot

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Boot is a box before it is opened.
type Boot struct {
	Board    string     // "sim", "rev1", "stm32mp1"
	Data     string     // folder of journal, settings, store and database
	HTTP     string     // address of the web door
	HTTPS    string     // address of the web door by TLS, "" none
	SIP      string     // address of the SIP door, UDP and TCP
	WebRTC   string     // UDP address of browsers' sound, "" a usual one
	Settings string     // file to begin with when there are no settings yet, "" none
	Sounds   string     // folder of the built prompts and music
	RTP      Ports      // UDP ports of packet sound
	Log      slog.Level // least level that is logged
	Console  string     // serial devices of the console with their speeds, "" none
	USB      string     // folder where a USB stick appears
	Hand     string     // pipe that takes the system's errands: reboot, network
	Network  string     // file that the machine's network is set by, "" it is not ours to set
}

// Ports is a range of UDP ports, both ends included.
type Ports struct{ First, Last uint16 }

func (p Ports) String() string { return fmt.Sprintf("%d-%d", p.First, p.Last) }

// DefaultFile is read when there is one and none was named.
const DefaultFile = "/etc/centralita/boot"

// fileMost bounds the boot file.
const fileMost = 64 << 10

// Help is printed for --help.
const Help = `Each value comes from its flag, else from the environment, else from the boot
file, else it is the default.

  flag        environment           default               what
  --board     CENTRALITA_BOARD      sim                   sim (simulated), rev1 or stm32mp1
  --data      CENTRALITA_DATA       /var/lib/centralita   folder for journal, settings, recordings
  --http      CENTRALITA_HTTP       :8080                 address of the web pages
  --https     CENTRALITA_HTTPS      (none)                address of the web pages by TLS
  --sip       CENTRALITA_SIP        :5060                 address for SIP, UDP and TCP
  --webrtc    CENTRALITA_WEBRTC     port 11000, or any    UDP address for the sound of browsers
  --settings  CENTRALITA_SETTINGS   (none)                settings to begin with when there are none
  --sounds    CENTRALITA_SOUNDS     sounds                folder of prompts and music, here or beside the program
  --rtp       CENTRALITA_RTP        10000-10999           UDP ports for SIP sound
  --log       CENTRALITA_LOG        info                  debug, info, warn or error
  --console   CENTRALITA_CONSOLE    (none)                serial devices: /dev/ttyGS0,/dev/ttyS0:115200
  --usb       CENTRALITA_USB        /media/usb            folder where a USB stick appears
  --hand      CENTRALITA_HAND       /run/centralita/hand  pipe that takes the words reboot and network
  --network   CENTRALITA_NETWORK    (none)                file by which the machine's network is set (box.network)
  --boot      CENTRALITA_BOOT       /etc/centralita/boot  the boot file, read when it exists

The boot file has a line for each value, name = value; # begins a comment:

  board = rev1
  http  = :80
`

// Parse reads flags (without the program's name), environment and boot file.
// flag.ErrHelp means that Help is wanted. Every other error says which value is
// wrong, where it came from and what is expected.
func Parse(args []string, getenv func(string) string) (Boot, error) {
	b := Boot{Board: "sim", Data: "/var/lib/centralita", HTTP: ":8080", SIP: ":5060", Sounds: "sounds",
		RTP: Ports{10000, 10999}, USB: "/media/usb", Hand: "/run/centralita/hand"}
	set := b.values()
	given, err := flags(args, set)
	if err != nil {
		return Boot{}, err
	}
	named := given["boot"]
	if named == "" {
		named = getenv(variable("boot"))
	}
	file, err := readFile(named)
	if err != nil {
		return Boot{}, err
	}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		value, from := file.values[name], file.path+": "+name
		if v := getenv(variable(name)); v != "" {
			value, from = v, variable(name)
		}
		if v, ok := given[name]; ok {
			value, from = v, "--"+name
		} else if value == "" {
			continue
		}
		if err := set[name](value); err != nil {
			return Boot{}, fmt.Errorf("%s: %q: %w", from, value, err)
		}
	}
	for name := range file.values {
		if set[name] == nil {
			return Boot{}, fmt.Errorf("%s: %q is not known (--help lists the names)", file.path, name)
		}
	}
	return b, nil
}

func variable(name string) string { return "CENTRALITA_" + strings.ToUpper(name) }

// values are the names that may be set and how.
func (b *Boot) values() map[string]func(string) error {
	return map[string]func(string) error{
		"board":    word(&b.Board),
		"data":     word(&b.Data),
		"http":     address(&b.HTTP),
		"https":    address(&b.HTTPS),
		"sip":      address(&b.SIP),
		"webrtc":   address(&b.WebRTC),
		"settings": word(&b.Settings),
		"sounds":   word(&b.Sounds),
		"rtp":      b.RTP.parse,
		"log":      b.level,
		"console":  word(&b.Console),
		"usb":      word(&b.USB),
		"hand":     word(&b.Hand),
		"network":  word(&b.Network),
	}
}

func word(to *string) func(string) error {
	return func(s string) error { *to = s; return nil }
}

func address(to *string) func(string) error {
	return func(s string) error {
		host, port, err := net.SplitHostPort(s)
		_, bad := strconv.ParseUint(port, 10, 16)
		if err != nil || bad != nil || strings.ContainsAny(host, "/ ") {
			return errors.New("an address is host:port or :port, such as 192.168.1.10:8080 or :8080")
		}
		*to = s
		return nil
	}
}

// rtpLeast is ports for one call: two ends with RTP and RTCP each.
const rtpLeast = 4

func (p *Ports) parse(s string) error {
	first, last, ok := strings.Cut(s, "-")
	a, err1 := strconv.ParseUint(strings.TrimSpace(first), 10, 16)
	z, err2 := strconv.ParseUint(strings.TrimSpace(last), 10, 16)
	if !ok || err1 != nil || err2 != nil || a < 1024 || a%2 != 0 || z < a+rtpLeast-1 {
		return fmt.Errorf("a range of at least %d ports from an even one above 1023 on is needed, such as 10000-10999", rtpLeast)
	}
	*p = Ports{uint16(a), uint16(z)}
	return nil
}

func (b *Boot) level(s string) error {
	for _, l := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
		if strings.EqualFold(s, l.String()) {
			b.Log = l
			return nil
		}
	}
	return errors.New("debug, info, warn or error is expected")
}

// flags collects what stands on the command line.
func flags(args []string, set map[string]func(string) error) (given map[string]string, err error) {
	f := flag.NewFlagSet("centralita", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	given = map[string]string{}
	note := func(name string) func(string) error {
		return func(s string) error { given[name] = s; return nil }
	}
	f.Func("boot", "", note("boot"))
	for name := range set {
		f.Func(name, "", note(name))
	}
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, err
		}
		return nil, fmt.Errorf("%w (--help lists the flags)", err)
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("%q is not expected here (--help lists the flags)", f.Arg(0))
	}
	return given, nil
}

type bootFile struct {
	path   string
	values map[string]string
}

// readFile reads the named boot file, or the default one if it exists.
func readFile(named string) (bootFile, error) {
	b := bootFile{path: named, values: map[string]string{}}
	if named == "" {
		b.path = DefaultFile
	}
	f, err := os.Open(b.path)
	if named == "" && errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return b, fmt.Errorf("boot file: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, fileMost+1))
	if err != nil {
		return b, fmt.Errorf("boot file: %w", err)
	}
	if len(text) > fileMost {
		return b, fmt.Errorf("boot file: %s is larger than %d bytes", b.path, fileMost)
	}
	return b, b.parse(string(text))
}

func (b bootFile) parse(text string) error {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		if _, twice := b.values[name]; !ok || name == "" || twice {
			return fmt.Errorf("%s: line %d: one name = value for each name is expected", b.path, n)
		}
		b.values[name] = strings.TrimSpace(value)
	}
	return nil
}
