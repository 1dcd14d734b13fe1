package console

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// counter keeps what was written and says when it ends in a prompt.
type counter struct {
	mu  sync.Mutex
	buf bytes.Buffer
	new chan struct{}
}

func (c *counter) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.new == nil {
		c.new = make(chan struct{}, 1)
	}
	poke(c.new)
	return c.buf.Write(p)
}

func (c *counter) n() int { c.mu.Lock(); defer c.mu.Unlock(); return c.buf.Len() }

func (c *counter) since(n int) string { c.mu.Lock(); defer c.mu.Unlock(); return c.buf.String()[n:] }

// settle waits until the last thing on the screen is a prompt.
func (c *counter) settle(t *testing.T, prompt string) {
	t.Helper()
	limit := time.After(20 * time.Second)
	seen := -1
	for {
		c.mu.Lock()
		if c.new == nil {
			c.new = make(chan struct{}, 1)
		}
		ended, n, more := strings.HasSuffix(c.buf.String(), "\n"+prompt), c.buf.Len(), c.new
		c.mu.Unlock()
		if ended && n == seen {
			return
		}
		wait := time.Hour
		if ended {
			wait = 50 * time.Millisecond // nothing follows for so long
		}
		seen = n
		select {
		case <-more:
		case <-time.After(wait):
		case <-limit:
			t.Fatalf("no prompt %q: %q", prompt, c.buf.String())
		}
	}
}

// stationLines are console lines of so many bytes, and what they make.
func stationLines(most int) (lines []string, want *settings.Tree) {
	want = settings.Default("ES")
	for n, size := 2001, 0; ; n++ {
		words := []string{"stations", fmt.Sprint(n), "name", fmt.Sprintf("Ñandú %d", n)}
		line := `set stations ` + words[1] + ` name "` + words[3] + `"`
		if size += len(line) + 1; size > most {
			return lines, want
		}
		lines = append(lines, line)
		if err := settings.Set(want, words...); err != nil {
			panic(err)
		}
	}
}

// TestPaste sends 20 kB over a serial line, at once and at 115 200 bit/s, as lines
// and as a document. All of it arrives.
func TestPaste(t *testing.T) {
	lines, want := stationLines(20_000)
	text := strings.Join(lines, "\r") + "\r"
	doc := "load replace\r" + strings.ReplaceAll(string(want.Marshal()), "\n", "\r") + ".\r"
	for name, c := range map[string]struct {
		text string
		rate int // bytes a second, 0 at once
	}{"lines at once": {text, 0}, "lines at 115200": {text, 11520}, "document at once": {doc, 0}, "document at 115200": {doc, 11520}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if len(c.text) < 19_000 {
				t.Fatal("too short to show anything:", len(c.text))
			}
			o := build(t)
			person, path := pty(t)
			defer person.Close()
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- o.Device(Place{path, 115200}).Serve(ctx) }()
			out := &counter{}
			read := make(chan struct{})
			go func() { _, _ = io.Copy(out, person); close(read) }()
			settle := func(prompt string) { out.settle(t, prompt) }
			if err := waitFor(out, "Nombre: "); err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(person, "boss\r")
			if err := waitFor(out, "Contraseña: "); err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(person, "boss-palabra\rterminal length 0\rconfigure\r")
			settle("boss(settings)> ")
			began := time.Now()
			pace(t, person, c.text+"exit\r", c.rate)
			settle("boss> ")
			t.Logf("%d bytes in %v, %d bytes back", len(c.text), time.Since(began).Round(time.Millisecond), out.n())
			tree, _ := o.repo.Candidate()
			if diff := settings.Compare(want, tree); len(diff) > 0 {
				t.Errorf("%d differences, the first %+v", len(diff), diff[0])
			}
			cancel()
			<-done
			person.Close()
		})
	}
}

// pace writes as a line of that speed does.
func pace(t *testing.T, to io.Writer, text string, rate int) {
	if rate == 0 {
		if _, err := io.WriteString(to, text); err != nil {
			t.Error(err)
		}
		return
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for n := rate / 100; text != ""; text = text[n:] {
		n = min(n, len(text))
		if _, err := io.WriteString(to, text[:n]); err != nil {
			t.Error(err)
			return
		}
		<-tick.C
	}
}

func waitFor(c *counter, what string) error {
	for limit := time.Now().Add(10 * time.Second); time.Now().Before(limit); time.Sleep(time.Millisecond) {
		c.mu.Lock()
		is := strings.HasSuffix(c.buf.String(), what)
		c.mu.Unlock()
		if is {
			return nil
		}
	}
	return fmt.Errorf("%q does not come: %q", what, c.buf.String())
}

// A cable that is pulled in the middle of a paste signs its person out; the lines
// that were taken stay, a document that did not end changes nothing. It is told to
// those elsewhere, and to the next at a console, once.
func TestCablePulledWhilePasting(t *testing.T) {
	o := build(t)
	told := make(chan string, 4)
	o.Cut = func(who id.Person, lines int) { told <- fmt.Sprint(who, lines) }
	o.Mended = func() { told <- "mended" }
	person, path := pty(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- o.Device(Place{Path: path}).Serve(ctx) }()
	out := &counter{}
	go func() { _, _ = io.Copy(out, person) }()
	fmt.Fprint(person, "boss\rboss-palabra\rconfigure\rset office place Cádiz\rload replace\rstations:\r- {extension: \"200\"}\roffice: {name: Lost")
	if err := waitFor(out, "Ctrl-C gives up.\r\n"); err != nil {
		t.Fatal(err)
	}
	person.Close()
	if is := <-told; is != "boss2" {
		t.Errorf("told of %q", is)
	}
	cancel()
	<-done
	sees(t, o.types(t, "boss", "exit"), "boss was pasting: 2 lines had come, none was taken.")
	if is := <-told; is != "mended" {
		t.Errorf("told of %q", is)
	}
	if said := o.types(t, "boss", "exit"); strings.Contains(said, "pasting") {
		t.Errorf("told twice: %s", said)
	}
	sees(t, o.types(t, "boss", "configure", "compare"), "There are uncommitted changes from before", "+ office.place: Cádiz\nboss(settings)> ")
}
