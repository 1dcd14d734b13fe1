package sip

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/icholy/digest"
)

// phone is a far end that speaks SIP as text. It shares nothing with the code
// under test but the digest arithmetic.
type phone struct {
	t    testing.TB
	s    *sock
	box  netip.AddrPort
	user string
	pass string
	algo string // "SHA-256" or "MD5"
	seq  int
	tag  string
	sdp  string
}

const boxAddr = "10.0.0.1:5060"

func newPhone(t testing.TB, n *network, addr, user, pass string) *phone {
	p := &phone{t: t, s: n.listen(t, addr), box: netip.MustParseAddrPort(boxAddr), user: user, pass: pass, algo: "SHA-256", tag: "t" + user}
	p.sdp = soundAt(p.host(), 40000)
	return p
}

func (p *phone) host() string { return p.s.addr.Addr().String() }

func soundAt(host string, port int) string {
	return fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n", host, host, port)
}

// msg is one SIP message, headers by lower-case long name.
type msg struct {
	start string
	head  map[string][]string
	body  string
	text  string
}

func parse(b []byte) msg {
	text := string(b)
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	m := msg{start: lines[0], head: map[string][]string{}, body: body, text: text}
	for _, l := range lines[1:] {
		k, v, _ := strings.Cut(l, ":")
		k = strings.ToLower(strings.TrimSpace(k))
		m.head[k] = append(m.head[k], strings.TrimSpace(v))
	}
	return m
}

func (m msg) get(name string) string {
	if v := m.head[strings.ToLower(name)]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (m msg) status() int {
	var n int
	fmt.Sscanf(m.start, "SIP/2.0 %d", &n)
	return n
}

func (m msg) method() string { w, _, _ := strings.Cut(m.start, " "); return w }

// param is a parameter of a header value.
func param(v, name string) string {
	for part := range strings.SplitSeq(v, ";") {
		if k, val, ok := strings.Cut(strings.TrimSpace(part), "="); ok && k == name {
			return strings.Trim(val, `"`)
		}
	}
	return ""
}

func (p *phone) send(text string) { p.s.send([]byte(text), p.box) }

// next is the next message, which must come within d.
func (p *phone) next(d time.Duration) (msg, bool) {
	_ = p.s.SetReadDeadline(time.Now().Add(d))
	var b [65536]byte
	n, _, err := p.s.read(b[:])
	if err != nil {
		return msg{}, false
	}
	return parse(b[:n]), true
}

// expect is the next message with this status or method; others are passed over.
func (p *phone) expect(what string) msg {
	p.t.Helper()
	end := time.Now().Add(40 * time.Second)
	var passed []string
	for time.Now().Before(end) {
		m, ok := p.next(time.Until(end))
		if !ok {
			break
		}
		passed = append(passed, m.start)
		if strings.HasPrefix(m.start, what+" ") || strings.HasPrefix(m.start, "SIP/2.0 "+what) {
			return m
		}
	}
	p.t.Fatalf("phone %s: no %q came, but %q", p.user, what, passed)
	return msg{}
}

// request makes the text of a request. to may carry a tag.
func (p *phone) request(method, uri, callID, to string, extra ...string) string {
	p.seq++
	return p.raw(method, uri, callID, to, p.seq, "z9hG4bK"+token(6), "", extra...)
}

func (p *phone) raw(method, uri, callID, to string, seq int, branch, body string, extra ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=%s\r\n", method, uri, p.s.addr, branch)
	fmt.Fprintf(&b, "From: <sip:%s@10.0.0.1>;tag=%s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\nMax-Forwards: 70\r\n", p.user, p.tag, to, callID, seq, method)
	fmt.Fprintf(&b, "Contact: <sip:%s@%s>\r\n", p.user, p.s.addr)
	for _, e := range extra {
		b.WriteString(e + "\r\n")
	}
	if body != "" {
		b.WriteString("Content-Type: application/sdp\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return b.String()
}

// credentials answers the challenges of res.
func (p *phone) credentials(res msg, method, uri string, nc int) string {
	p.t.Helper()
	for _, v := range res.head["www-authenticate"] {
		c, err := digest.ParseChallenge(v)
		if err != nil || c.Algorithm != p.algo {
			continue
		}
		cred, err := digest.Digest(c, digest.Options{Method: method, URI: uri, Username: p.user, Password: p.pass, Count: nc})
		if err != nil {
			p.t.Fatal(err)
		}
		return "Authorization: " + cred.String()
	}
	p.t.Fatalf("no %s challenge in %q", p.algo, res.text)
	return ""
}

// register registers and returns the last response.
func (p *phone) register(expires int) msg {
	p.t.Helper()
	to := fmt.Sprintf("<sip:%s@10.0.0.1>", p.user)
	e := fmt.Sprintf("Expires: %d", expires)
	p.send(p.request("REGISTER", "sip:10.0.0.1", "reg-"+p.user, to, e))
	m := p.expect("401")
	p.send(p.request("REGISTER", "sip:10.0.0.1", "reg-"+p.user, to, e, p.credentials(m, "REGISTER", "sip:10.0.0.1", 1)))
	m, ok := p.next(5 * time.Second)
	if !ok {
		p.t.Fatal("no answer to REGISTER")
	}
	return m
}

// call is one call of a phone.
type call struct {
	p        *phone
	id       string
	uri      string
	to       string // with the box's tag once known
	seq      int    // of the INVITE
	branch   string
	invite   msg // that rang the phone
	incoming bool
}

// dial calls and returns after the INVITE with credentials was sent.
func (p *phone) dial(number, body string, extra ...string) *call {
	p.t.Helper()
	c := &call{p: p, id: "call-" + token(4), uri: "sip:" + number + "@10.0.0.1", to: "<sip:" + number + "@10.0.0.1>"}
	c.sendInvite(body, extra...)
	m := p.expect("401")
	c.ack(m)
	c.sendInvite(body, append(extra, p.credentials(m, "INVITE", c.uri, 1))...)
	return c
}

func (c *call) sendInvite(body string, extra ...string) {
	c.p.seq++
	c.seq, c.branch = c.p.seq, "z9hG4bK"+token(6)
	c.p.send(c.p.raw("INVITE", c.uri, c.id, c.to, c.seq, c.branch, body, extra...))
}

// ack acknowledges a final response.
func (c *call) ack(res msg, body ...string) {
	branch := c.branch
	if res.status() < 300 {
		branch = "z9hG4bK" + token(6)
	}
	c.p.send(c.p.raw("ACK", c.uri, c.id, res.get("To"), c.seq, branch, strings.Join(body, "")))
}

// expect is p.expect, remembering the box's tag.
func (c *call) expect(what string) msg {
	c.p.t.Helper()
	m := c.p.expect(what)
	if strings.Contains(m.get("To"), "tag=") && m.status() > 100 && !c.incoming {
		c.to = m.get("To")
	}
	return m
}

// in sends a request within the call.
func (c *call) in(method, body string, extra ...string) {
	c.p.seq++
	if c.incoming {
		c.p.send(c.p.inside(c, method, c.p.seq, body, extra...))
		return
	}
	c.p.send(c.p.raw(method, c.uri, c.id, c.to, c.p.seq, "z9hG4bK"+token(6), body, extra...))
}

// inside is a request of a call that came in: From and To change sides.
func (p *phone) inside(c *call, method string, seq int, body string, extra ...string) string {
	text := p.raw(method, "sip:"+boxAddr, c.id, c.invite.get("From"), seq, "z9hG4bK"+token(6), body, extra...)
	from := fmt.Sprintf("From: <sip:%s@10.0.0.1>;tag=%s\r\n", p.user, p.tag)
	return strings.Replace(text, from, "From: "+c.invite.get("To")+";tag="+p.tag+"\r\n", 1)
}

// rung is the next INVITE to the phone.
func (p *phone) rung() *call {
	p.t.Helper()
	m := p.expect("INVITE")
	return &call{p: p, id: m.get("Call-ID"), invite: m, incoming: true}
}

// respond answers a request of the box.
func (p *phone) respond(req msg, status int, reason, body string, extra ...string) {
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %d %s\r\n", status, reason)
	for _, v := range req.head["via"] {
		fmt.Fprintf(&b, "Via: %s\r\n", v)
	}
	to := req.get("To")
	if !strings.Contains(to, "tag=") && status > 100 {
		to += ";tag=" + p.tag
	}
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\n", req.get("From"), to, req.get("Call-ID"), req.get("CSeq"))
	fmt.Fprintf(&b, "Contact: <sip:%s@%s>\r\n", p.user, p.s.addr)
	for _, e := range extra {
		b.WriteString(e + "\r\n")
	}
	if body != "" {
		b.WriteString("Content-Type: application/sdp\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	p.send(b.String())
}
