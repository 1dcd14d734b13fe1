package copper

import (
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/leg"
	"centralita/firmware/media"
	"centralita/hal/sim/wire"
)

// pages is how many pages go each way; `make fax` asks for twenty.
var pages = flag.Int("pages", 2, "fax pages each way")

// pageRows is a page of A4 at standard resolution; pageMost how long a call with it
// may take.
const (
	pageRows = 1078
	pageMost = 150 * time.Second
)

// program builds the fax machine once a run.
func program(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "fax")
	text, err := exec.Command("gcc", "-O1", "-Wall", "-o", out, "testdata/fax/fax.c", "-lspandsp", "-ltiff").CombinedOutput()
	if err != nil {
		t.Fatalf("the fax machine does not build: install the Debian packages gcc, libspandsp-dev and libtiff-dev\n%s", text)
	}
	return out
}

// machine is a running fax machine on two pipes.
type machine struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   io.Reader
	said  *os.File
	gone  chan struct{} // closed when it has ended
	ended bool
}

func newMachine(t *testing.T, path string, args ...string) *machine {
	t.Helper()
	m := &machine{cmd: exec.Command(path, args...), gone: make(chan struct{})}
	var err error
	if m.in, err = m.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if m.out, err = m.cmd.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	// A file, for a goroutine that waits for a pipe would hold the bubble's time.
	if m.said, err = os.CreateTemp(t.TempDir(), "said"); err != nil {
		t.Fatal(err)
	}
	m.cmd.Stderr = m.said
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return m
}

// Exchange implements town.Machine.
func (m *machine) Exchange(heard, says *wire.Sound) bool {
	return m.exchange(heard[:], says[:])
}

// exchange moves 10 ms; once the machine has ended it says nothing.
func (m *machine) exchange(heard, says []int16) bool {
	var b [2 * wire.FrameSamples]byte
	for i, v := range heard {
		binary.LittleEndian.PutUint16(b[2*i:], uint16(v))
	}
	if m.ended {
		return false
	}
	_, err := m.in.Write(b[:])
	if err == nil {
		_, err = io.ReadFull(m.out, b[:])
	}
	if err != nil {
		m.ended = true
		close(m.gone)
		return false
	}
	for i := range says {
		says[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return true
}

// result waits for the end of the call and is what the machine said of it.
func (m *machine) result(limit time.Duration) string {
	select {
	case <-m.gone:
	case <-time.After(limit):
	}
	_ = m.in.Close()
	_ = m.cmd.Wait() // its word counts, not its status
	said, err := os.ReadFile(m.said.Name())
	if err != nil {
		return err.Error()
	}
	_ = m.said.Close()
	return strings.TrimSpace(string(said))
}

// page is one page on its way.
type page struct {
	sent, received string // files
	sender         *machine
	receiver       *machine
}

// newPage draws a page and starts both machines.
func newPage(t *testing.T, fax string, n int, modem string) *page {
	t.Helper()
	dir := t.TempDir()
	p := &page{sent: filepath.Join(dir, "sent.tif"), received: filepath.Join(dir, "received.tif")}
	if out, err := exec.Command(fax, "make", p.sent, fmt.Sprint(n), fmt.Sprint(pageRows)).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	p.sender = newMachine(t, fax, "send", p.sent, modem)
	p.receiver = newMachine(t, fax, "receive", p.received, modem)
	return p
}

// arrived tells whether the page came whole.
func (p *page) arrived(t *testing.T, fax, what string) bool {
	t.Helper()
	sent, received := p.sender.result(pageMost), p.receiver.result(5*time.Second)
	same, err := exec.Command(fax, "compare", p.sent, p.received).CombinedOutput()
	t.Logf("%s: %s %s", what, received, strings.TrimSpace(string(same)))
	if err != nil || !strings.Contains(sent, "result=0 ") || !strings.Contains(received, "result=0 ") || !strings.Contains(received, " bad=0 ") {
		t.Errorf("%s: sender: %s; receiver: %s; %s %v", what, sent, received, same, err)
		return false
	}
	if err := os.Remove(p.received); err != nil {
		t.Error(err)
	}
	return true
}

// modemOf takes turns.
func modemOf(n int) string { return [...]string{"v29", "v17", "v27", "v17"}[n%4] }

// undisturbed checks that nothing in the box took a fax for something else.
func (b *box) undisturbed(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, x := range b.told {
		if x.report.Kind == leg.Ended || x.report.Kind == leg.Digit {
			t.Errorf("during a fax: %+v", x.report)
		}
	}
	for _, list := range b.heard {
		for _, h := range list {
			if h.Kind == media.DigitBegan {
				t.Errorf("during a fax the digit %c was heard", rune(h.Value))
			}
		}
	}
}

// TestFaxLineToHandset: a machine outside sends to one at a handset, through both
// hybrids and cancellers; every second page goes the other way.
func TestFaxLineToHandset(t *testing.T) {
	fax, whole := program(t), 0
	for n := range *pages {
		synctest.Test(t, func(t *testing.T) {
			b := newBox(t, "ES", false)
			defer b.close()
			line := b.incoming("fxo1", town.Party{Voice: "silent"})
			set := b.lifted("fxs1")
			b.connect(line, set)
			p := newPage(t, fax, n+1, modemOf(n))
			outside, inside, way := p.sender, p.receiver, "line to handset"
			if n%2 == 1 {
				outside, inside, way = inside, outside, "handset to line"
			}
			b.must(b.line("fxo1").Attach(outside))
			b.must(b.handset("fxs1").Attach(inside))
			if p.arrived(t, fax, fmt.Sprintf("page %d, %s, %s", n+1, way, modemOf(n))) {
				whole++
			}
			b.undisturbed(t)
		})
	}
	t.Logf("line and handset: %d of %d pages whole", whole, *pages)
}

// network15 is an even enough network, networkWorse one that gets worse in the
// middle of the page.
func network15(time.Duration) time.Duration { return 15 * time.Millisecond }

func networkWorse(at time.Duration) time.Duration {
	if at > 15*time.Second && at%(2*time.Second) < time.Second {
		return 45 * time.Millisecond
	}
	return 5 * time.Millisecond
}

// TestFaxLineToSIP: a machine outside sends to one behind SIP, or the other way,
// whose clock goes 50 ppm slower, right, or quicker than the box's.
func TestFaxLineToSIP(t *testing.T) {
	fax, whole := program(t), 0
	for n := range *pages {
		synctest.Test(t, func(t *testing.T) {
			b := newBox(t, "ES", false)
			defer b.close()
			line := b.incoming("fxo1", town.Party{Voice: "silent"})
			far := b.phone([...]float64{50, -50, 0, -50, 50, 0}[n%6])
			far.uneven = network15
			if n%4 == 1 {
				far.uneven = networkWorse
			}
			p := newPage(t, fax, n+1, modemOf(n))
			outside, inside, way := p.sender, p.receiver, "line to SIP"
			if n%2 == 1 {
				outside, inside, way = inside, outside, "SIP to line"
			}
			stop := far.start(func(heard, says []int16) {
				inside.exchange(heard[:80], says[:80])
				inside.exchange(heard[80:], says[80:])
			})
			defer stop()
			b.connect(line, far.sound)
			b.must(b.line("fxo1").Attach(outside))
			if p.arrived(t, fax, fmt.Sprintf("page %d, %s, %s, %+g ppm", n+1, way, modemOf(n), far.ppm)) {
				whole++
			}
			if !far.sound.Modem() || !line.(leg.Modem).Modem() {
				t.Errorf("page %d: the box took it for a talk", n+1)
			}
			c := far.sound.Counts().Played
			t.Logf("page %d: box's buffer %d ms, stretched %d, squeezed %d, made up %d, late %d; far end starved %d", n+1, c.DelayMs, c.Stretched, c.Squeezed, c.Concealed, c.Late, far.missed)
			b.undisturbed(t)
		})
	}
	t.Logf("line and SIP: %d of %d pages whole", whole, *pages)
}
