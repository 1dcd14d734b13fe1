// Package phones makes many small SIP telephones for load: they register by
// digest, call, answer, and speak a pattern that shows every 10 ms of sound that
// was lost, doubled or shifted on its way through the box.
//
// The load maker of scripts/bench and the checks of scripts/e2e use it, over UDP
// on the loopback interface. It shares nothing with the box but the digest
// arithmetic, so that two readings of the standards meet.
package phones

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/icholy/digest"
)

// Phone is one registered telephone; any number of calls at once.
type Phone struct {
	User, Password string
	// Ring is told of every call that comes in, in a goroutine of its own; nil
	// answers at once.
	Ring func(*Call)
	// Talk says A-law for what is heard, 20 ms at a time, in place of the pattern; nil
	// is the pattern. It holds up every phone of the process.
	Talk func(heard, says *[160]byte)

	conn *net.UDPConn
	box  *net.UDPAddr

	mu      sync.Mutex
	seq     int
	pending map[string]chan message // by branch
	calls   map[string]*Call        // by Call-ID
	closed  bool
}

// New opens a telephone of the box at addr (host:port).
func New(addr, user, password string) (*Phone, error) {
	box, err := net.ResolveUDPAddr("udp", addr)
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	p := &Phone{User: user, Password: password, conn: conn, box: box, pending: map[string]chan message{}, calls: map[string]*Call{}}
	go p.read()
	return p, nil
}

// Close forgets all calls and closes the socket; nobody is told.
func (p *Phone) Close() {
	p.mu.Lock()
	p.closed = true
	calls := make([]*Call, 0, len(p.calls))
	for _, c := range p.calls {
		calls = append(calls, c)
	}
	p.mu.Unlock()
	for _, c := range calls {
		c.end()
	}
	p.conn.Close()
}

func (p *Phone) read() {
	b := make([]byte, 65536)
	for {
		n, _, err := p.conn.ReadFromUDP(b)
		if err != nil {
			return
		}
		if n < 20 {
			continue // keep-alive
		}
		at := time.Now()
		if m := parse(string(b[:n])); m.status() != 0 {
			p.answered(m)
		} else {
			p.asked(m, at)
		}
	}
}

func (p *Phone) answered(m message) {
	p.mu.Lock()
	wait := p.pending[m.branch()]
	c := p.calls[m.get("call-id")]
	p.mu.Unlock()
	if wait != nil {
		select {
		case wait <- m:
		default: // more answers than anybody waits for
		}
		return
	}
	if c != nil && m.status()/100 == 2 && m.method() == "INVITE" {
		c.ack(m) // the first acknowledgement was lost
	}
}

// local is the own address, host:port.
func (p *Phone) local() string { return p.conn.LocalAddr().String() }

func (p *Phone) write(text string) { _, _ = p.conn.WriteToUDP([]byte(text), p.box) }

func (p *Phone) next() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seq++
	return p.seq
}

// request is the text of a request; from and to carry their tags.
func (p *Phone) request(method, uri, from, to, callID string, seq int, branch, body string, extra ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=%s;rport\r\nMax-Forwards: 70\r\n", method, uri, p.local(), branch)
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\nContact: <sip:%s@%s>\r\n", from, to, callID, seq, method, p.User, p.local())
	for _, e := range extra {
		b.WriteString(e + "\r\n")
	}
	if body != "" {
		b.WriteString("Content-Type: application/sdp\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return b.String()
}

// transact sends a request and gives final answers; it repeats the request until
// the first answer comes, as RFC 3261 timer A does.
func (p *Phone) transact(ctx context.Context, branch, text string) (message, error) {
	answers := make(chan message, 16)
	p.mu.Lock()
	p.pending[branch] = answers
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.pending, branch)
		p.mu.Unlock()
	}()
	p.write(text)
	wait := 500 * time.Millisecond
	again := time.NewTimer(wait)
	defer again.Stop()
	for {
		select {
		case m := <-answers:
			again.Stop()
			if m.status() >= 200 {
				return m, nil
			}
		case <-again.C:
			p.write(text)
			wait = min(2*wait, 4*time.Second)
			again.Reset(wait)
		case <-ctx.Done():
			return message{}, ctx.Err()
		}
	}
}

// credentials answer a challenge, "" when there is none that can be.
func (p *Phone) credentials(m message, method, uri string) string {
	for _, v := range m.head["www-authenticate"] {
		c, err := digest.ParseChallenge(v)
		if err != nil {
			continue
		}
		cred, err := digest.Digest(c, digest.Options{Method: method, URI: uri, Username: p.User, Password: p.Password, Count: 1})
		if err == nil {
			return "Authorization: " + cred.String()
		}
	}
	return ""
}

// Register registers for an hour.
func (p *Phone) Register(ctx context.Context) error {
	uri := "sip:" + p.box.String()
	self := fmt.Sprintf("<sip:%s@%s>", p.User, p.box)
	id, from := token(), self+";tag="+token()
	branch := "z9hG4bK" + token()
	m, err := p.transact(ctx, branch, p.request("REGISTER", uri, from, self, id, p.next(), branch, "", "Expires: 3600"))
	if err == nil && m.status() == 401 {
		branch = "z9hG4bK" + token()
		cred := p.credentials(m, "REGISTER", uri)
		m, err = p.transact(ctx, branch, p.request("REGISTER", uri, from, self, id, p.next(), branch, "", "Expires: 3600", cred))
	}
	if err != nil {
		return fmt.Errorf("phone %s: REGISTER: %w", p.User, err)
	}
	if m.status() != 200 {
		return fmt.Errorf("phone %s: REGISTER: %s", p.User, m.start)
	}
	return nil
}
