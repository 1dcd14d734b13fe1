package e2e

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestScannersAreNotAnswered: tools of attackers that name themselves are not answered
// at all, and the address that used one is listed for the owner, who lifts it.
func TestScannersAreNotAnswered(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--rtp", "26400-26419")
	b.signIn()
	c, err := net.Dial("udp4", b.SIP)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	options := func(agent string) string {
		_, _ = fmt.Fprintf(c, "OPTIONS sip:100@%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%x;rport\r\nFrom: <sip:100@1.1.1.1>;tag=%x\r\nTo: <sip:100@1.1.1.1>\r\nCall-ID: %x\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nUser-Agent: %s\r\nContent-Length: 0\r\n\r\n",
			b.SIP, c.LocalAddr(), rand.Uint64(), rand.Uint32(), rand.Uint64(), agent)
		_ = c.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
		buf := make([]byte, 2000)
		n, _ := c.Read(buf)
		return string(buf[:n])
	}
	if !strings.HasPrefix(options("a phone"), "SIP/2.0 200") {
		t.Error("a phone is not answered")
	}
	if got := options("friendly-scanner"); got != "" {
		t.Errorf("a scanner is answered: %s", got)
	}
	var bans []struct{ Address, Why string }
	b.must("GET", "/api/v1/bans", nil, &bans)
	if len(bans) != 1 || bans[0].Address != "127.0.0.1" || bans[0].Why != "scanning" {
		t.Fatalf("%+v", bans)
	}
	if got := options("a phone"); got != "" {
		t.Errorf("a banned address is answered: %s", got)
	}
	b.must("DELETE", "/api/v1/bans/127.0.0.1", nil, &bans)
	if len(bans) != 0 || !strings.HasPrefix(options("a phone"), "SIP/2.0 200") {
		t.Errorf("after the ban was lifted: %+v", bans)
	}
}

// scan runs a tool of sipvicious and gives what it says.
func scan(t *testing.T, program, dir, target string, args ...string) string {
	host, port, _ := net.SplitHostPort(target)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, append(args, "-x", host, "-p", port, host)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir) // it keeps there what it finds
	out, err := cmd.CombinedOutput()
	if err != nil && ctx.Err() != nil {
		t.Errorf("%s: %v", program, err)
	}
	return string(out)
}

// TestScannersFindNothing: svmap finds no server, svwar no extension, svcrack no
// password that is in its dictionary. Under a false name they are answered, and learn
// no more: who exists is not told, and guessing ends long before the right word.
func TestScannersFindNothing(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--rtp", "26420-26439")
	b.signIn()
	words := filepath.Join(t.TempDir(), "words")
	var list []string
	for i := range 60 {
		list = append(list, fmt.Sprintf("ana-%d", 150+i)) // the fifty-second is right
	}
	right := words + "-right"
	for name, text := range map[string]string{words: strings.Join(list, "\n"), right: "ana-201"} {
		if err := os.WriteFile(name, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	guess := []string{"-u", "201", "-d", words, "--maximumtime", "1"}
	runs := []struct {
		name   string
		args   []string
		never  string // is not said
		posing bool   // under a false name
		why    string // its address is banned
	}{
		{"svmap", nil, "Centralita", false, "scanning"},
		{"svmap", []string{"-m", "INVITE"}, "Centralita", false, "scanning"},
		{"svwar", []string{"-e", "200-204", "--force"}, "| 20", false, "scanning"},
		{"svcrack", guess, "ana-201", false, "scanning"},
		{"svwar", []string{"-e", "200-204"}, "| 20", true, ""},
		{"svwar", []string{"-e", "200-204", "-m", "INVITE"}, "| 20", true, ""},
		{"svwar", []string{"-e", "200-204", "-m", "OPTIONS"}, "| 20", true, ""},
		{"svcrack", guess, "ana-201", true, "guessing"},
		{"svcrack", []string{"-u", "201", "-d", right}, "", true, ""}, // who knows the word is let in: the tool works
	}
	var work sync.WaitGroup // they mostly wait
	want := map[string]string{}
	for i, r := range runs {
		from := fmt.Sprintf("127.0.7.%d", 1+i)
		if r.why != "" {
			want[from] = r.why
		}
		target, program, dir := pass(t, b.SIP, from, r.posing), need(t, r.name, "sipvicious"), t.TempDir()
		work.Go(func() {
			said := scan(t, program, dir, target, r.args...)
			if r.never == "" && !strings.Contains(said, "ana-201") || r.never != "" && (strings.Contains(said, r.never) || !strings.Contains(said, "found nothing")) {
				t.Errorf("%s %v: %s", r.name, r.args, said)
			}
		})
	}
	work.Wait()
	var bans []struct{ Address, Why string }
	b.must("GET", "/api/v1/bans", nil, &bans)
	got := map[string]string{}
	for _, x := range bans {
		got[x.Address] = x.Why
	}
	if !maps.Equal(got, want) {
		t.Errorf("banned are %v, want %v", got, want)
	}
}

// pass brings datagrams to the box from an address of their own, and its answers
// back; under a false name where the tool should not name itself.
func pass(t *testing.T, server, as string, posing bool) (addr string) {
	t.Helper()
	in, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close() })
	to, err := net.ResolveUDPAddr("udp4", server)
	if err != nil {
		t.Fatal(err)
	}
	out, err := net.DialUDP("udp4", &net.UDPAddr{IP: net.ParseIP(as)}, to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = out.Close() })
	back := make(chan net.Addr, 1)
	go func() {
		b := make([]byte, 1<<16)
		for {
			n, from, err := in.ReadFrom(b)
			if err != nil {
				return
			}
			select {
			case <-back:
			default:
			}
			back <- from
			text := b[:n]
			if posing {
				text = bytes.ReplaceAll(text, []byte("friendly-scanner"), []byte("telephone of 201"))
				text = bytes.ReplaceAll(text, []byte("sipvicious"), []byte("somebody's"))
			}
			_, _ = out.Write(text) // lost is lost
		}
	}()
	go func() {
		b := make([]byte, 1<<16)
		for {
			n, err := out.Read(b)
			if err != nil {
				return
			}
			from := <-back
			select {
			case back <- from:
			default: // a later one
			}
			_, _ = in.WriteTo(b[:n], from)
		}
	}()
	return in.LocalAddr().String()
}
