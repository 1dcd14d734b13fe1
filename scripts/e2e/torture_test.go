package e2e

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// byTheBook is how many of the 49 messages of RFC 4475 must have the very outcome that
// the RFC asks for; the others may do no harm.
const byTheBook = 49

// TestTortureMessages sends the messages of RFC 4475 that lie in the folder TORTURE
// (msg/*.dat, and expected.tsv with the outcomes: `make torture TORTURE=DIR`) to the
// program, each from an address of its own. leg/sip has messages of our own for the
// same situations.
func TestTortureMessages(t *testing.T) {
	dir := os.Getenv("TORTURE")
	if dir == "" {
		t.Skip("TORTURE names no folder with the messages of RFC 4475")
	}
	table, err := os.ReadFile(filepath.Join(dir, "expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--rtp", "26440-26459")
	strict, count := 0, 0
	for line := range strings.Lines(string(table)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) < 4 || strings.HasPrefix(line, "#") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, "msg", f[0]+".dat"))
		if err != nil {
			t.Fatal(err)
		}
		count++
		got := torture(t, b.SIP, fmt.Sprintf("127.0.8.%d", count), raw)
		switch {
		case fits(got, f[2]):
			strict++
		case fits(got, f[3]):
			t.Logf("%s: %q does no harm; by the book: %s", f[0], got, f[2])
		default:
			t.Errorf("%s: %q; by the book: %s, tolerable: %s", f[0], got, f[2], f[3])
		}
		alive(t, b, count)
	}
	t.Logf("%d of %d by the book", strict, count)
	if strict < byTheBook || count < byTheBook {
		t.Errorf("%d of %d by the book, want %d", strict, count, byTheBook)
	}
	var bans []struct{ Address string }
	b.signIn()
	if b.must("GET", "/api/v1/bans", nil, &bans); len(bans) > 0 {
		t.Errorf("banned: %+v", bans)
	}
}

// sentBy finds the port of the first Via, where an answer may go (RFC 3261 section
// 18.2.2).
var sentBy = regexp.MustCompile(`(?i)\nv(?:ia)?\s*:[^\r\n;]*?:\s*(\d+)`)

// torture sends a message and gives the final answer to it, "" for none.
func torture(t *testing.T, server, from string, raw []byte) string {
	t.Helper()
	to, err := net.ResolveUDPAddr("udp4", server)
	if err != nil {
		t.Fatal(err)
	}
	ports := []int{5060}
	if m := sentBy.FindSubmatch(raw); m != nil {
		if p, _ := strconv.Atoi(string(m[1])); p > 1023 && p < 1<<16 && p != 5060 {
			ports = append(ports, p)
		}
	}
	answers := make(chan string, 64)
	var first net.PacketConn
	for _, p := range ports {
		c, err := net.ListenPacket("udp4", fmt.Sprintf("%s:%d", from, p))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if first == nil {
			first = c
		}
		go func() {
			b := make([]byte, 1<<16)
			for {
				n, _, err := c.ReadFrom(b)
				if err != nil {
					return
				}
				line, _, _ := strings.Cut(string(b[:n]), "\r\n")
				select {
				case answers <- line:
				default: // repetitions
				}
			}
		}()
	}
	if _, err := first.WriteTo(raw, to); err != nil {
		t.Fatal(err)
	}
	for over := time.After(700 * time.Millisecond); ; {
		select {
		case line := <-answers:
			if !strings.HasPrefix(line, "SIP/2.0 1") {
				return line
			}
		case <-over:
			return ""
		}
	}
}

// fits reports whether an answer is among outcomes: "any" final answer, "none", a
// status, "4xx", and "!400" for all but that one.
func fits(answer, outcomes string) bool {
	list := strings.Split(outcomes, ",")
	if answer == "" {
		return slices.Contains(list, "none")
	}
	status := strings.Fields(answer)[1]
	if slices.Contains(list, "!"+status) {
		return false
	}
	return slices.Contains(list, "any") || slices.Contains(list, status) || slices.Contains(list, status[:1]+"xx")
}
