package browsers

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"centralita/scripts/bench/phones"
)

// most is what 32 calls may take of one core.
const most = 60.0

// TestBrowserLegs measures legs of browsers connected with SIP telephones, both
// voices flowing.
func TestBrowserLegs(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("BROWSERS"))
	if err != nil || n < 1 || n > 64 {
		t.Skip("make bench-browsers runs it")
	}
	b := startBox(t, n)
	var pages []*page
	for i := range n {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		p, err := phones.New(b.sip, fmt.Sprint(1001+i), "bench")
		if err == nil {
			t.Cleanup(p.Close)
			err = p.Register(ctx)
		}
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		g := newPage(t, b, fmt.Sprint("p", 3001+i))
		pages = append(pages, g)
		g.call(fmt.Sprint(1001 + i))
	}
	for _, g := range pages {
		g.await()
	}
	time.Sleep(2 * time.Second) // play-out buffers settle
	const span = 20 * time.Second
	before := make([]tally, n)
	for i, g := range pages {
		before[i] = g.heard.so()
	}
	began, cpu := time.Now(), b.cpu()
	time.Sleep(span)
	took, used := time.Since(began), b.cpu()-cpu
	var lost, mute float64 // of the worst page
	for i, g := range pages {
		x := g.heard.so()
		lost = max(lost, (x.lost-before[i].lost)/(x.came-before[i].came+x.lost-before[i].lost))
		mute = max(mute, 1-(x.said-before[i].said)/(took.Seconds()*50))
	}
	share := 100 * used.Seconds() / took.Seconds()
	t.Logf("%d browsers in calls with SIP telephones: %.1f %% of one core, %.2f %% each; resident %d KB; the worst page lost %.2f %% of what was said to it, and had not heard %.2f %% of the time",
		n, share, share/float64(n), b.resident(), 100*lost, 100*mute)
	if limit := most * float64(n) / 32; share > limit {
		t.Errorf("more than %.0f %%", limit)
	}
	if lost > 0.01 {
		t.Errorf("a page lost %.2f %% of its packets", 100*lost)
	}
	if mute > 0.02 { // the last packets may be under way
		t.Errorf("a page did not hear %.2f %% of the time", 100*mute)
	}
}

// box is the real program.
type box struct {
	t              *testing.T
	cmd            *exec.Cmd
	http, sip, key string
}

func startBox(t *testing.T, n int) *box {
	t.Helper()
	dir := t.TempDir()
	var doc strings.Builder
	doc.WriteString("office: {name: Bench, country: ES, time_zone: Europe/Madrid, languages: [en]}\nbox: {per_source_limit: 0}\nstations:\n")
	fmt.Fprintf(&doc, "  - {extension: \"1001-%d\", sip: {password: bench, md5: true}}\n  - {extension: \"3001-%d\", web: true}\npeople:\n", 1001+max(n, 2)-1, 3001+max(n, 2)-1)
	for i := range n {
		fmt.Fprintf(&doc, "  - {name: p%d, role: agent, station: \"%d\"}\n", 3001+i, 3001+i)
	}
	file := filepath.Join(dir, "office.yaml")
	if err := os.WriteFile(file, []byte(doc.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	b := &box{t: t, cmd: exec.Command("../../../build/centralita", "run", "--board", "sim", "--data", filepath.Join(dir, "data"),
		"--http", "127.0.0.1:0", "--sip", "127.0.0.1:0", "--rtp", "24000-24999", "--webrtc", "127.0.0.1:0", "--settings", file)}
	b.cmd.Stderr = os.Stderr
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.cmd.Start(); err != nil {
		t.Fatalf("the program does not start (was it built by `make box`?): %v", err)
	}
	t.Cleanup(func() {
		_ = b.cmd.Process.Signal(syscall.SIGTERM)
		_ = b.cmd.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		l := lines.Text()
		if rest, ok := strings.CutPrefix(l, "centralita owner password: "); ok {
			b.key, _, _ = strings.Cut(rest, " ")
		}
		if rest, ok := strings.CutPrefix(l, "centralita ready "); ok {
			for _, f := range strings.Fields(rest) {
				if a, ok := strings.CutPrefix(f, "http="); ok {
					b.http = a
				}
				if a, ok := strings.CutPrefix(f, "sip="); ok {
					b.sip = a
				}
			}
			return b
		}
	}
	t.Fatal("the box was never ready")
	return nil
}

// cpu is the processor time that the program has used.
func (b *box) cpu() time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", b.cmd.Process.Pid))
	if err != nil {
		b.t.Fatal(err)
	}
	f := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100 on every Linux
}

// resident is its memory in KB.
func (b *box) resident() int {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", b.cmd.Process.Pid))
	pages, _ := strconv.Atoi(strings.Fields(string(raw) + " 0 0")[1])
	return pages * os.Getpagesize() / 1024
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
