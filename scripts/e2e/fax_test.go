package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"centralita/firmware/media/g711"
	"centralita/scripts/bench/phones"

	"golang.org/x/sys/unix"
)

// faxRows is half a page of A4, so that a call takes half a minute.
const faxRows = "540"

// faxCall is a page on its way: from outside a line to where it rings.
type faxCall struct {
	line, handset, phone string // one of the two
	modem                string
	sender, receiver     *faxMachine
	sent, received       string // files
}

// TestFax sends two pages from outside to machines at handsets and two to machines
// behind SIP, all at once, through the real program in real time. `make fax` does it
// ten times, and twenty pages each way in virtual time.
func TestFax(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fax := filepath.Join(dir, "fax")
	need(t, "gcc", "gcc")
	out, err := exec.Command("gcc", "-O1", "-o", fax, filepath.Join(root(t), "scripts/copper/testdata/fax/fax.c"), "-lspandsp", "-ltiff").CombinedOutput()
	if err != nil {
		t.Fatalf("the fax machine does not build: install the Debian packages libspandsp-dev and libtiff-dev\n%s", out)
	}
	for try := 1; ; try++ {
		watch := newStalls()
		lost := faxes(t, fax, dir)
		stalled := watch.stop()
		switch {
		case len(lost) == 0:
			return
		case stalled < stallMost:
			t.Fatalf("pages are lost; the machine stalled for %v at most:\n%s", stalled, strings.Join(lost, "\n"))
		case try == 3:
			t.Skipf("this machine is too busy for real time: it stalled for %v; `make fax` sends pages in virtual time\n%s", stalled, strings.Join(lost, "\n"))
		}
		// A telephone that is not given the processor for so long loses packets by
		// itself, and no page comes through.
		t.Logf("the machine stalled for %v: once more, after\n%s", stalled, strings.Join(lost, "\n"))
	}
}

// stallMost is what everything between two machines bears: telephones and the box's
// play-out have 100 ms in hand, and the simulated clock waits as long.
const stallMost = 90 * time.Millisecond

// stalls measures how long a program of this machine is kept waiting.
type stalls struct {
	done chan struct{}
	most chan time.Duration
}

func newStalls() *stalls {
	s := &stalls{make(chan struct{}), make(chan time.Duration)}
	go func() {
		var most time.Duration
		for {
			before := time.Now()
			select {
			case <-s.done:
				s.most <- most
				return
			case <-time.After(5 * time.Millisecond):
				most = max(most, time.Since(before)-5*time.Millisecond)
			}
		}
	}()
	return s
}

func (s *stalls) stop() time.Duration {
	close(s.done)
	return <-s.most
}

// faxes sends four pages at once and returns what was said of those that were lost.
func faxes(t *testing.T, fax, dir string) (lost []string) {
	b := startBox(t, "scripts/e2e/testdata/fax.yaml", "--rtp", "20900-20999")
	defer b.stop()
	b.signIn()
	calls := []*faxCall{
		{line: "fxo1", handset: "fxs1", modem: "v17"}, {line: "fxo2", phone: "201", modem: "v29"},
		{line: "fxo3", handset: "fxs2", modem: "v29"}, {line: "fxo4", phone: "202", modem: "v17"},
	}
	for i, c := range calls {
		c.begin(t, b, fax, dir, i)
	}
	for _, c := range calls {
		c.talk(t, b, fax)
	}
	for _, c := range calls {
		if word := c.end(t, fax); word != "" {
			lost = append(lost, word)
		}
	}
	return lost
}

// begin draws the page, places the receiver and calls.
func (c *faxCall) begin(t *testing.T, b *box, fax, dir string, n int) {
	c.sent, c.received = filepath.Join(dir, c.line+"-sent.tif"), filepath.Join(dir, c.line+"-received.tif")
	if out, err := exec.Command(fax, "make", c.sent, fmt.Sprint(n+1), faxRows).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c.receiver = newFax(t, fax, "receive", c.received, c.modem)
	if c.phone != "" {
		t.Cleanup(b.faxPhone(t, c.phone, c.receiver).Close)
	} else {
		b.wish("handset/"+c.handset+"/answer-after", map[string]any{"rings": 1, "voice": "silent"})
	}
	b.wish("line/"+c.line+"/call", map[string]any{"number": "912345678", "voice": "silent"})
}

// talk hangs the machines on once the call is through.
func (c *faxCall) talk(t *testing.T, b *box, fax string) {
	until(t, 20*time.Second, c.line+" talking", func() (any, bool) {
		l := b.line(c.line)
		return l, l.State == "talking"
	})
	c.sender = newFax(t, fax, "send", c.sent, c.modem)
	b.attach(t, "line/"+c.line, c.sender)
	if c.handset != "" {
		b.attach(t, "handset/"+c.handset, c.receiver)
	}
}

// end compares the page that came; it returns nothing for a page that is whole.
func (c *faxCall) end(t *testing.T, fax string) (lost string) {
	sent, received := c.sender.result(t), c.receiver.result(t)
	same, err := exec.Command(fax, "compare", c.sent, c.received).CombinedOutput()
	t.Logf("%s to %s%s: %s %s", c.line, c.handset, c.phone, received, strings.TrimSpace(string(same)))
	if err != nil || !strings.Contains(sent, "result=0 ") || !strings.Contains(received, " bad=0 ") {
		return fmt.Sprintf("%s to %s%s: sender: %s; receiver: %s; %s", c.line, c.handset, c.phone, sent, received, same)
	}
	return ""
}

// faxMachine is a running fax machine on two pipes.
type faxMachine struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  io.ReadCloser
	said strings.Builder
	gone chan struct{}
}

func newFax(t *testing.T, program string, args ...string) *faxMachine {
	t.Helper()
	m := &faxMachine{cmd: exec.Command(program, args...), gone: make(chan struct{})}
	var err error
	if m.in, err = m.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if m.out, err = m.cmd.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	m.cmd.Stderr = &m.said
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.in.Close() })
	// As the box's own thread of sound: before all common ones, where that is allowed.
	_ = unix.SchedSetAttr(m.cmd.Process.Pid, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_RR, Priority: 10}, 0)
	return m
}

// result waits for the end of its call and is its word.
func (m *faxMachine) result(t *testing.T) string {
	t.Helper()
	done := make(chan struct{})
	go func() {
		_ = m.cmd.Wait() // its word counts
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(2 * time.Minute):
		_ = m.in.Close()
		<-done
	}
	return strings.TrimSpace(m.said.String())
}

// attach hangs a machine on an end of the town, by one request that lasts as long
// as the call.
func (b *box) attach(t *testing.T, end string, m *faxMachine) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "POST", "http://"+b.HTTP+"/bench/"+end+"/attach", m.out)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	res, err := (&http.Client{Jar: b.client.Jar}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		raw, _ := io.ReadAll(io.LimitReader(res.Body, 1000))
		t.Fatalf("attaching to %s: %d %s", end, res.StatusCode, raw)
	}
	go func() {
		defer res.Body.Close()
		_, _ = io.Copy(m.in, res.Body)
		_ = m.in.Close()
	}()
}

// faxPhone is a SIP telephone with a fax machine in place of a person.
func (b *box) faxPhone(t *testing.T, extension string, m *faxMachine) *phones.Phone {
	t.Helper()
	p, err := phones.New(b.SIP, extension, "fax-"+extension)
	if err != nil {
		t.Fatal(err)
	}
	p.Talk = func(heard, says *[160]byte) {
		var pcm [160]int16
		g711.ALaw.Decode(pcm[:], heard[:])
		if err := m.exchange(pcm[:]); err != nil {
			clear(pcm[:]) // the machine has ended
		}
		g711.ALaw.Encode(says[:], pcm[:])
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := p.Register(ctx); err != nil {
		t.Fatal(err)
	}
	return p
}

var errGone = errors.New("the machine has ended")

// exchange moves sound through the machine in place.
func (m *faxMachine) exchange(pcm []int16) error {
	select {
	case <-m.gone:
		return errGone
	default:
	}
	raw := make([]byte, 2*len(pcm))
	for i, v := range pcm {
		raw[2*i], raw[2*i+1] = byte(v), byte(uint16(v)>>8)
	}
	for at := 0; at < len(raw); at += 160 {
		_, err := m.in.Write(raw[at : at+160])
		if err == nil {
			_, err = io.ReadFull(m.out, raw[at:at+160])
		}
		if err != nil {
			close(m.gone)
			return errGone
		}
	}
	for i := range pcm {
		pcm[i] = int16(uint16(raw[2*i]) | uint16(raw[2*i+1])<<8)
	}
	return nil
}
