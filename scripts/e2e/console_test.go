package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is a person at a serial line: a pseudo-terminal whose other end is the
// box's.
type terminal struct {
	t    *testing.T
	line *os.File
	name string // of the box's end

	mu   sync.Mutex
	seen strings.Builder
	from int // what was expected lies before
}

func newTerminal(t *testing.T) *terminal {
	t.Helper()
	line, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	w := &terminal{t: t, line: line}
	raw, err := line.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	_ = raw.Control(func(fd uintptr) {
		if err = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); err == nil {
			var n int
			n, err = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
			w.name = fmt.Sprintf("/dev/pts/%d", n)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := line.Read(b)
			w.mu.Lock()
			w.seen.Write(b[:n])
			w.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return w
}

func (w *terminal) send(text string) {
	w.t.Helper()
	if _, err := w.line.WriteString(text); err != nil {
		w.t.Fatal(err)
	}
}

// expect waits until the screen shows what fits the form, after what was expected
// before, and gives it.
func (w *terminal) expect(form string, limit time.Duration) string {
	w.t.Helper()
	re := regexp.MustCompile(form)
	var found string
	until(w.t, limit, "the console shows "+form, func() (any, bool) {
		w.mu.Lock()
		defer w.mu.Unlock()
		rest := w.seen.String()[w.from:]
		at := re.FindStringIndex(rest)
		if at == nil {
			return rest, false
		}
		found = rest[at[0]:at[1]]
		w.from += at[1]
		return rest, true
	})
	return found
}

// rests puts the handset of an extension back and waits until it can be called.
func (b *box) rests(extension string) {
	b.t.Helper()
	b.do("fxs1", "hangup", nil)
	until(b.t, 10*time.Second, extension+" rests", func() (any, bool) {
		var v struct {
			Stations []struct{ Extension, State string }
		}
		b.view("station/stations", &v)
		return v, len(v.Stations) == 1 && v.Stations[0].State == "idle"
	})
}

const consoleOffice = `
office: {name: Taller, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines: [{name: fxo1, rings: station/101}]
stations: [{extension: "101", handset: fxs1}]
dial_plan: {inside: [{dial: "600", to: service/echo}]}
`

// TestSerialConsole is an installer at the serial port of the running program: sees
// the chips, rings a telephone and hears of it being lifted, calls over a line,
// tries settings that come back by themselves while that call goes on, pulls the
// cable, and finds what was typed.
func TestSerialConsole(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	defer func() { w.line.Close() }()
	link := filepath.Join(t.TempDir(), "ttyGS0")
	if err := os.Symlink(w.name, link); err != nil {
		t.Fatal(err)
	}
	office := filepath.Join(t.TempDir(), "office.yaml")
	if err := os.WriteFile(office, []byte(consoleOffice), 0o600); err != nil {
		t.Fatal(err)
	}
	b := startBox(t, office, "--rtp", "22400-22449", "--console", link+":9600")
	b.signIn()
	w.expect(`Nombre: `, 5*time.Second)
	w.send("owner\r")
	w.expect(`Contraseña: `, 2*time.Second)
	w.send(b.Password + "\r")
	w.expect(`owner> `, 5*time.Second)
	w.send("language en\r")
	w.expect(`Done\.\r\nowner> `, 2*time.Second)
	w.send("terminal length 0\r")
	w.expect(`owner> `, 2*time.Second)

	w.send("show ports\r")
	w.expect(`fxo1 +ready +-?[0-9.]+ .*Si3050`, 2*time.Second)
	w.expect(`owner> `, 2*time.Second)
	w.send("show chip fxo1 registers\r")
	w.expect(`  29  0x[0-9a-f]{2}  [01]{8}  Line Voltage Status\r\n`, 2*time.Second)
	w.send("show chip fxs1 registers\r")
	w.expect(`  64  0x[0-9a-f]{2}  [01]{8}  Linefeed Control\r\n`, 2*time.Second)

	// The telephone rings, is lifted and hears itself; q ends it.
	w.send("test ring fxs1\r")
	w.expect(`fxs1: rings`, 5*time.Second)
	b.do("fxs1", "lift", nil)
	w.expect(`fxs1: answers`, 5*time.Second)
	w.send("q")
	w.expect(`Ended from here.*\r\n.*owner> `, 5*time.Second)
	b.rests("101")

	w.send("monitor level fxs1\r")
	w.expect(`hears \[ *#* *\] +-?\d+\.\d`, 3*time.Second)
	w.send("\x03")
	w.expect(`owner> `, 2*time.Second)

	w.send("monitor alarms\r")
	w.expect(`q or Ctrl-C ends this`, 3*time.Second)
	w.send("q")
	w.expect(`owner> `, 2*time.Second)
	w.send("monitor log\r")
	w.expect(`q or Ctrl-C ends this`, 3*time.Second)
	b.must("POST", "/api/v1/board/button", map[string]any{"button": "factory", "held_ms": 50}, nil)
	w.expect(`\d\d:\d\d:\d\d INFO  button button=factory held=`, 3*time.Second)
	w.send("q")
	w.expect(`owner> `, 2*time.Second)

	// A call over one line goes on while settings come and go.
	w.send("test call fxo1 " + "912345678" + " 101\r")
	w.expect(`fxs1: rings`, 8*time.Second)
	b.do("fxs1", "lift", nil)
	w.expect(`fxo1: calling`, 5*time.Second)
	w.send("q") // the call is ended here
	w.expect(`Ended from here`, 5*time.Second)
	b.rests("101")
	b.do("fxs1", "lift", nil)
	b.do("fxs1", "dial", map[string]any{"digits": "600"})
	until(t, 15*time.Second, "101 hears the echo", func() (any, bool) {
		c, ok := b.live("101")
		return c, ok && c.State == "talking"
	})
	w.send("configure\rset office place Nowhere\rcommit confirmed 5s\r")
	w.expect(`on trial`, 3*time.Second)
	w.send("set office place Elsewhere\rset office na")
	w.expect(`office na`, 2*time.Second)
	w.line.Close() // in the middle of a line

	until(t, 15*time.Second, "the settings before come back", func() (any, bool) {
		var s struct {
			Tree struct{ Office struct{ Place string } }
		}
		var revs []struct{ Rev int }
		b.must("GET", "/api/v1/settings", nil, &s)
		b.must("GET", "/api/v1/settings/revisions", nil, &revs)
		return s, len(revs) == 4 && s.Tree.Office.Place != "Nowhere"
	})
	if c, ok := b.live("101"); !ok || c.State != "talking" {
		t.Errorf("the call did not outlive the settings: %+v", c)
	}

	// The cable is back: whoever sits there signs in anew and finds what was typed.
	back := newTerminal(t)
	defer func() { back.line.Close() }()
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(back.name, link); err != nil {
		t.Fatal(err)
	}
	back.expect(`Nombre: `, 5*time.Second)
	back.send("owner\r" + b.Password + "\rconfigure\rcompare\r")
	back.expect(`uncommitted changes from before`, 8*time.Second)
	back.expect(`office\.place: .*Elsewhere`, 3*time.Second)
}
