package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"centralita/scripts/bench/phones"
)

// TestWrongPasswords: refused with a sentence, and the right one is taken after.
func TestWrongPasswords(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "26000-26099")
	b.signIn()
	for _, user := range []string{"owner", "nobody-of-this-name"} {
		status, raw := b.ask("POST", "/api/v1/session?lang=en", map[string]any{"user": user, "password": "wrong"})
		var no struct{ Code, Text string }
		if err := json.Unmarshal(raw, &no); err != nil || status != 401 || !strings.HasSuffix(no.Text, ".") {
			t.Errorf("%s with a wrong password: %d %s", user, status, raw)
		}
	}
	b.signIn()
	p, err := phones.New(b.SIP, "1001", "wrong")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.Register(t.Context()); err == nil || !strings.Contains(err.Error(), "SIP/2.0 40") {
		t.Errorf("a phone with a wrong password: %v", err)
	}
	for range 2 { // three times is no slip
		_ = p.Register(t.Context())
	}
	refusedPhones := func() (list []struct {
		User, Address, Why string
		Count              int
	}) {
		var now struct{ Phones any }
		now.Phones = &list
		b.view("security/refused-phones", &now)
		return list
	}
	alarmed := func() bool {
		var now struct{ Alarms []struct{ Text string } }
		b.view("alarm/list", &now)
		for _, a := range now.Alarms {
			if a.Text == "alarm.sip-refused.password" {
				return true
			}
		}
		return false
	}
	until(t, 3*time.Second, "the page tells of the telephone", func() (any, bool) {
		l := refusedPhones()
		return l, len(l) == 1 && l[0].User == "1001" && l[0].Address == "127.0.0.1" && l[0].Why == "password" && l[0].Count >= 3 && alarmed()
	})
	console := exec.Command(filepath.Join(root(t), "build/centralita"), "console", "--data", b.data)
	console.Stdin = strings.NewReader("owner\n" + b.Password + "\nshow refused-phones\nshow tls\nshow bans\nsecurity unban 203.0.113.9\nexit\n")
	typed, err := console.CombinedOutput()
	if err != nil {
		t.Error(err)
	}
	contains(t, string(typed), "1001", "password", "203.0.113.9", "fingerprint")
	t.Logf("%s", typed)
	p.Password = "bench"
	if err := p.Register(t.Context()); err != nil {
		t.Error(err)
	}
	until(t, 3*time.Second, "the telephone is in the list no more", func() (any, bool) {
		l := refusedPhones()
		return l, len(l) == 0 && !alarmed()
	})
	if status, raw := b.ask("POST", "/api/v1/security/unban?lang=en", map[string]any{"address": "203.0.113.9"}); status != 409 || !strings.Contains(string(raw), "nothing to lift") {
		t.Errorf("an address that is not banned: %d %s", status, raw)
	}
}

// TestMalformedSIP sends what no standard knows while a call is up: the box answers
// others all the time and the call does not notice.
func TestMalformedSIP(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "26100-26199")
	p := phone(t, b, 1001)
	c, err := p.Call(t.Context(), "600")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("udp", b.SIP)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	via := "Via: SIP/2.0/UDP " + conn.LocalAddr().String() + ";branch=z9hG4bKx%d\r\n"
	head := "From: <sip:a@b>;tag=1\r\nTo: <sip:1001@b>\r\nCall-ID: bad%d\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n"
	for i, text := range []string{
		"", "\x00", "\r\n\r\n\r\n", "hello", strings.Repeat("A", 60000), strings.Repeat("\xff", 1400),
		"INVITE", "INVITE sip:1001@b SIP/2.0\r\n\r\n", "INVITE sip:1001@b SIP/9.9\r\n" + via + head + "\r\n",
		"INVITE  SIP/2.0\r\n" + via + head + "\r\n",
		"INVITE sip:1001@b SIP/2.0\r\n" + via + head + "Content-Length: 99999999999999999999\r\n\r\n",
		"INVITE sip:1001@b SIP/2.0\r\n" + via + head + "Content-Length: -1\r\n\r\n",
		"INVITE sip:1001@b SIP/2.0\r\n" + via + head + strings.Repeat("Via: SIP/2.0/UDP x;branch=z9hG4bKy\r\n", 900) + "\r\n",
		"INVITE sip:" + strings.Repeat("9", 20000) + "@b SIP/2.0\r\n" + via + head + "\r\n",
		"INVITE sip:1001@b SIP/2.0\r\n" + via + strings.Replace(head, "CSeq: 1 INVITE", "CSeq: 99999999999 BYE", 1) + "\r\n",
		"INVITE sip:1001@b SIP/2.0\r\n" + via + strings.Replace(head, "<sip:a@b>", `"unclosed <sip:a@b`, 1) + "\r\n",
		"REGISTER sip:b SIP/2.0\r\n" + via + strings.Replace(head, "INVITE", "REGISTER", 1) + "Authorization: Digest username=\"\r\nContact: <<>>\r\n\r\n",
		"BYE sip:b SIP/2.0\r\n" + via + strings.Replace(head, "INVITE", "BYE", 1) + "\r\n",
		"ACK sip:b SIP/2.0\r\n\r\n", "CANCEL sip:b SIP/2.0\r\n" + via + "\r\n",
		"SIP/2.0 200 OK\r\n\r\n", "SIP/2.0 999999 \r\n" + via + head + "\r\n", "SIP/2.0\r\n",
		"INVITE sip:1001@b SIP/2.0\r\n" + via + head + "Route: <sip:;;;;lr>\r\nContact: *\r\nRequire: \x01\r\n\r\n",
	} {
		if strings.Count(text, "%d") > 0 {
			text = strings.ReplaceAll(text, "%d", fmt.Sprint(i))
		}
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Logf("message %d does not go out: %v", i, err)
		}
		alive(t, b, i)
	}
	for _, sdp := range []string{
		"v=0\r\n", "hello", "v=0\r\nm=audio 99999 RTP/AVP 8\r\n", "v=0\r\no=- 1 1 IN IP4 x\r\ns=-\r\nc=IN IP4 999.1.1.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n",
		"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 4000 RTP/AVP 96\r\n",
		"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\n",
		"v=0\r\n" + strings.Repeat("a=x\r\n", 2000), "m=\r\nm=\r\nc=\r\n",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		word, err := p.Offer(ctx, "600", sdp)
		cancel()
		if err != nil || !strings.HasPrefix(word, "SIP/2.0 4") {
			t.Errorf("session description %.40q: %q, %v; wanted a refusal", sdp, word, err)
		}
	}
	was := c.Sound.Heard().Packets
	until(t, 3*time.Second, "the call's sound going on", func() (any, bool) {
		h := c.Sound.Heard()
		return h, h.Packets > was+20 && h.Lost == 0
	})
	if err := c.Hangup(t.Context()); err != nil {
		t.Error(err)
	}
}

// phone is a registered phone until the end of the test.
func phone(t *testing.T, b *box, n int) *phones.Phone {
	t.Helper()
	l := &load{cancel: func() {}}
	t.Cleanup(l.end)
	return l.register(t, b, n)
}

// alive asks OPTIONS from a place of its own.
func alive(t *testing.T, b *box, after int) {
	t.Helper()
	conn, err := net.Dial("udp", b.SIP)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "OPTIONS sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bKo%d\r\nFrom: <sip:t@t>;tag=1\r\nTo: <sip:%s>\r\n"+
		"Call-ID: o%d-%s\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
		b.SIP, conn.LocalAddr(), after, b.SIP, after, conn.LocalAddr())
	_ = conn.SetReadDeadline(time.Now().Add(3 * time.Second)) // a fresh socket takes deadlines
	var answer [2048]byte
	n, err := conn.Read(answer[:])
	if err != nil || !strings.HasPrefix(string(answer[:n]), "SIP/2.0 200") {
		t.Fatalf("OPTIONS after message %d: %v %q", after, err, answer[:n])
	}
}

// TestUnknownQueue: a settings file and the page's candidate are both refused with
// path, value and remedy, and the box goes on with what it had.
func TestUnknownQueue(t *testing.T) {
	t.Parallel()
	good, err := os.ReadFile(filepath.Join(root(t), "scripts/bench/office.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte(strings.Replace(string(good), "queue/bench}", "queue/sales}", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	said := refuses(t, "check-settings", bad)
	contains(t, said, bad, "lines[fxo3].rings", "sales", "bench", "Choose")
	contains(t, refuses(t, "run", "--board", "sim", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--sip", "127.0.0.1:0", "--settings", bad),
		bad, "lines[fxo3].rings", "sales", "Choose")
	contains(t, refuses(t, "check-settings", bad+".not"), bad+".not", "check its name")

	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "26200-26299")
	b.signIn()
	var now struct{ Tree map[string]any }
	b.must("GET", "/api/v1/settings", nil, &now)
	now.Tree["lines"].([]any)[2].(map[string]any)["rings"] = "queue/sales"
	var answer struct {
		Errors []struct{ Path, Value, Reason, Remedy string }
	}
	b.must("PUT", "/api/v1/settings/candidate", map[string]any{"tree": now.Tree}, &answer)
	if len(answer.Errors) != 1 || answer.Errors[0].Path != "lines[fxo3].rings" || !strings.Contains(answer.Errors[0].Reason, "sales") || answer.Errors[0].Remedy == "" {
		t.Errorf("candidate: %+v", answer.Errors)
	}
	if status, raw := b.ask("POST", "/api/v1/settings/commit", map[string]any{"note": "x"}); status != 422 {
		t.Errorf("commit: %d %s", status, raw)
	}
	b.answers(t)
}

// refuses runs the program, which must end with 1 soon, and gives what it said.
func refuses(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(root(t), "build/centralita"), args...)
	began := time.Now()
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("%v: %v after %v\n%s", args, err, time.Since(began), out)
	}
	return string(out)
}

func contains(t *testing.T, said string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(said, w) {
			t.Errorf("%q is not in: %s", w, said)
		}
	}
}

// TestInUse: ports and a data folder that another box has are named with their
// remedy, and the other box does not notice.
func TestInUse(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "26300-26399")
	run := func(data, http, sip string) string {
		t.Helper()
		return refuses(t, "run", "--board", "sim", "--data", data, "--http", http, "--sip", sip)
	}
	const free = "127.0.0.1:0"
	contains(t, run(t.TempDir(), b.HTTP, free), "web page", b.HTTP, "in use", "--http")
	contains(t, run(t.TempDir(), free, b.SIP), "sip", b.SIP, "in use", "--sip")
	contains(t, run(b.data, free, free), "data folder", b.data, "in use", "--data")
	b.answers(t)
}

// TestSounds: without prompts and with rotten ones the box starts, says so, and
// answers with what it has.
func TestSounds(t *testing.T) {
	t.Parallel()
	rotten := filepath.Join(t.TempDir(), "sounds")
	for _, lang := range []string{"en", "es", "it"} {
		dir := filepath.Join(rotten, lang)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		whole, err := filepath.Glob(filepath.Join(root(t), "build/sounds", lang, "*.wav"))
		if err != nil || len(whole) == 0 {
			t.Fatal(whole, err)
		}
		for i, f := range whole {
			body := []byte("RIFF\xff\xff\xff\xffWAVEfmt nothing of the kind")
			if i%2 == 0 {
				body = nil
			}
			if err := os.WriteFile(filepath.Join(dir, filepath.Base(f)), body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, dir := range map[string]string{"none": filepath.Join(t.TempDir(), "none"), "rotten": rotten} {
		t.Run(name, func(t *testing.T) {
			b := startBox(t, "scripts/bench/office.yaml", "--rtp", "26400-26499", "--sounds", dir)
			b.signIn()
			p, agent := phone(t, b, 1001), phone(t, b, 4001)
			c, err := p.Call(t.Context(), "601") // the menu, whose prompt cannot be played
			if err != nil {
				t.Fatal(err)
			}
			t.Log(b.raises("sounds", 5*time.Second))
			if err := c.Hangup(t.Context()); err != nil {
				t.Error(err)
			}
			rung := make(chan string, 1)
			agent.Ring = func(c *phones.Call) { c.Answer(); rung <- c.From }
			if c, err = p.Call(t.Context(), "700"); err != nil {
				t.Fatal(err)
			}
			select {
			case from := <-rung:
				if from != "1001" {
					t.Errorf("the agent was shown %q", from)
				}
			case <-time.After(5 * time.Second):
				t.Error("the queue rang no agent")
			}
			if err := c.Hangup(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestOrderlyEnd: SIGTERM with calls up ends every call at both ends, within five
// seconds, and the book is closed.
func TestOrderlyEnd(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "26500-26599")
	b.signIn()
	for n := 2001; n <= 2003; n++ {
		phone(t, b, n)
	}
	var calls []*phones.Call
	for i, number := range []string{"3001", "3002", "2003", "600", "700"} {
		c, err := phone(t, b, 1001+i).Call(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, c)
	}
	b.wish("line/fxo3/call", map[string]any{"number": "912345678", "voice": "babble"})
	until(t, 10*time.Second, "the line's call waiting", func() (any, bool) { l := b.line("fxo3"); return l, l.State == "talking" })
	took := b.stop()
	if took > 5*time.Second {
		t.Errorf("ended after %v", took)
	}
	for i, c := range calls {
		select {
		case <-c.Ended():
		case <-time.After(time.Second):
			t.Errorf("call %d was not ended at the phone", i)
		}
	}
	b.start()
	b.signIn()
	seen := newBook()
	seen.quiet(t, b)
	began, _ := seen.calls(t)
	t.Logf("ended in %v, %d calls, %v", took, began, seen.Causes)
	if began != 6 || seen.Causes["box-stopped"] != 6 {
		t.Errorf("%d calls, ended by %v; wanted 6 by box-stopped", began, seen.Causes)
	}
}
