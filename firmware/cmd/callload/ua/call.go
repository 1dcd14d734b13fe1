package ua

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Call is one end of a call.
type Call struct {
	User     string    // ours
	Caller   string    // of a call that came in: who calls
	Sent     time.Time // the first INVITE left
	Asked    time.Time // the INVITE that was taken left: the one with credentials
	Came     time.Time // an INVITE that came in was on the wire
	Answered time.Time // the 200 came
	Sound    netip.AddrPort
	Tag      any // the user's own

	agent   *Agent
	id      string
	local   string // with its tag
	remote  string
	target  string
	routes  string         // header lines of the route set
	told    netip.AddrPort // where we hear
	invite  Message        // of a call that came in
	final   []byte         // our last answer to it
	again   *repeat        // of final, until the ACK
	cancel  bool
	refused bool

	once  sync.Once
	ended chan struct{}
}

// Ended is closed when the call is over.
func (c *Call) Ended() <-chan struct{} { return c.ended }

func (c *Call) end() {
	c.once.Do(func() {
		a := c.agent
		a.mu.Lock()
		delete(a.calls, c.id)
		again := c.again
		a.mu.Unlock()
		if again != nil {
			a.pulse.remove(again)
		}
		close(c.ended)
	})
}

func (a *Agent) enter(c *Call) {
	c.agent, c.ended = a, make(chan struct{})
	a.mu.Lock()
	a.calls[c.id] = c
	a.mu.Unlock()
}

// Call dials a number, hearing at an address, and waits for the answer.
func (u *User) Call(ctx context.Context, number string, hear netip.AddrPort) (*Call, error) {
	a := u.agent
	uri := "sip:" + number + "@" + a.server.String()
	c := &Call{User: u.Name, id: token(), local: u.self() + ";tag=" + token(), remote: "<" + uri + ">", target: uri, told: hear}
	a.enter(c)
	extra := ""
	for try := 0; ; try++ {
		branch, seq := newBranch(), a.next()
		text := a.request("INVITE", uri, c.local, c.remote, c.id, seq, branch, u.Name, extra, a.description(hear))
		m, t, err := a.transact(ctx, branch, text)
		if try == 0 {
			c.Sent = t.sent
		}
		c.Asked = t.sent
		if err != nil {
			c.end()
			return nil, fmt.Errorf("INVITE %s→%s: %w", u.Name, number, err)
		}
		c.remote = m.get("to")
		if s := m.Status(); s/100 == 2 {
			c.Answered = t.answered
			c.target = uriIn(m.get("contact"))
			c.routes = c.route(&m, true)
			c.acknowledge(&m)
			c.Sound, _ = SoundAt(m.Body)
			return c, nil
		} else {
			a.write(a.request("ACK", uri, c.local, c.remote, c.id, seq, branch, u.Name, "", ""))
			c.remote = "<" + uri + ">"
			if s != 401 && s != 407 || try == 2 {
				c.end()
				return nil, fmt.Errorf("INVITE %s→%s: %s", u.Name, number, m.start())
			}
		}
		ch, err := challengeOf(&m)
		if err != nil {
			c.end()
			return nil, fmt.Errorf("INVITE %s→%s: %w", u.Name, number, err)
		}
		extra = ch.answer(u.Name, u.Password, "INVITE", uri)
	}
}

// acknowledge sends the ACK of a 2xx.
func (c *Call) acknowledge(m *Message) {
	seq := seqOf(m)
	c.agent.write(c.agent.request("ACK", c.target, c.local, m.get("to"), c.id, seq, newBranch(), c.User, c.routes, ""))
}

func seqOf(m *Message) (n uint32) {
	_, _ = fmt.Sscan(m.get("cseq"), &n)
	return n
}

// route is the route set of a dialog as header lines.
func (c *Call) route(m *Message, reverse bool) string {
	var list []string
	for v := range m.values("record-route") {
		for r := range strings.SplitSeq(v, ",") {
			list = append(list, "Route: "+strings.TrimSpace(r))
		}
	}
	if reverse {
		for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
			list[i], list[j] = list[j], list[i]
		}
	}
	return strings.Join(list, "\r\n")
}

// Hangup ends the call and waits for the server's word. It gives when the BYE left.
func (c *Call) Hangup(ctx context.Context) (time.Time, error) {
	select {
	case <-c.ended:
		return time.Time{}, nil
	default:
	}
	a := c.agent
	branch := newBranch()
	text := a.request("BYE", c.target, c.local, c.remote, c.id, a.next(), branch, c.User, c.routes, "")
	m, t, err := a.transact(ctx, branch, text)
	c.end()
	if err == nil && m.Status()/100 != 2 && m.Status() != 481 {
		err = fmt.Errorf("BYE: %s", m.start())
	}
	return t.sent, err
}
