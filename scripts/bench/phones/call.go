package phones

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Call is one call of a telephone.
type Call struct {
	// From is the caller's number of a call that came in.
	From string
	// Began is when its INVITE came, or when the INVITE with credentials was sent.
	Began time.Time
	// Sound is what is said and heard.
	Sound *Sound

	phone  *Phone
	id     string
	local  string // our From or To with its tag
	remote string // theirs
	target string // where requests within the call go
	seq    int
	invite message // of a call that came in
	offer  string  // our session description
	last   string  // our last answer to an INVITE, for its repetitions
	acked  chan struct{}
	once   sync.Once
	ended  chan struct{}
}

// Ended is closed when the call is over.
func (c *Call) Ended() <-chan struct{} { return c.ended }

func (c *Call) end() {
	c.once.Do(func() {
		c.phone.mu.Lock()
		delete(c.phone.calls, c.id)
		c.phone.mu.Unlock()
		c.Sound.close()
		close(c.ended)
	})
}

func (p *Phone) open(id string) (*Call, error) {
	s, err := newSound()
	if err != nil {
		return nil, err
	}
	s.talk = p.Talk
	c := &Call{phone: p, id: id, Sound: s, offer: soundOffer(s.addr()), acked: make(chan struct{}), ended: make(chan struct{})}
	p.mu.Lock()
	p.calls[id] = c
	p.mu.Unlock()
	return c, nil
}

// Call dials a number and waits for the answer.
func (p *Phone) Call(ctx context.Context, number string) (*Call, error) {
	c, err := p.open(token())
	if err != nil {
		return nil, err
	}
	uri := fmt.Sprintf("sip:%s@%s", number, p.box)
	c.target, c.remote = uri, "<"+uri+">"
	c.local = fmt.Sprintf("<sip:%s@%s>;tag=%s", p.User, p.box, token())
	m, err := c.ask(ctx, uri, "")
	if err == nil && m.status() == 401 {
		m, err = c.ask(ctx, uri, p.credentials(m, "INVITE", uri))
	}
	if err == nil && m.status()/100 != 2 {
		err = fmt.Errorf("%s", m.start)
	}
	if err != nil {
		c.end()
		return nil, fmt.Errorf("phone %s: INVITE %s: %w", p.User, number, err)
	}
	c.remote = m.get("to")
	c.target = uriIn(m.get("contact"))
	c.ack(m)
	c.Sound.start(soundAddr(m.body))
	return c, nil
}

// Offer dials a number with a session description of the caller's own making and
// gives the box's last word, such as "SIP/2.0 488 Not Acceptable Here". A call
// that comes about is hung up at once.
func (p *Phone) Offer(ctx context.Context, number, sdp string) (string, error) {
	c, err := p.open(token())
	if err != nil {
		return "", err
	}
	defer c.end()
	c.offer = sdp
	uri := fmt.Sprintf("sip:%s@%s", number, p.box)
	c.target, c.remote = uri, "<"+uri+">"
	c.local = fmt.Sprintf("<sip:%s@%s>;tag=%s", p.User, p.box, token())
	m, err := c.ask(ctx, uri, "")
	if err == nil && m.status() == 401 {
		m, err = c.ask(ctx, uri, p.credentials(m, "INVITE", uri))
	}
	if err != nil {
		return "", err
	}
	if m.status()/100 == 2 {
		c.remote, c.target = m.get("to"), uriIn(m.get("contact"))
		c.ack(m)
		err = c.Hangup(ctx)
	}
	return m.start, err
}

// ask sends one INVITE; answers that are no are acknowledged.
func (c *Call) ask(ctx context.Context, uri, cred string) (message, error) {
	p := c.phone
	branch := "z9hG4bK" + token()
	var extra []string
	if cred != "" {
		extra = append(extra, cred)
	}
	c.seq = p.next()
	c.Began = time.Now()
	m, err := p.transact(ctx, branch, p.request("INVITE", uri, c.local, c.remote, c.id, c.seq, branch, c.offer, extra...))
	if err == nil && m.status() >= 300 {
		p.write(p.request("ACK", uri, c.local, m.get("to"), c.id, c.seq, branch, ""))
	}
	return m, err
}

func (c *Call) ack(m message) {
	c.phone.write(c.phone.request("ACK", c.target, c.local, m.get("to"), c.id, c.seq, "z9hG4bK"+token(), ""))
}

// Hangup ends the call and waits for the box's word.
func (c *Call) Hangup(ctx context.Context) error {
	select {
	case <-c.ended:
		return nil
	default:
	}
	p := c.phone
	branch := "z9hG4bK" + token()
	_, err := p.transact(ctx, branch, p.request("BYE", c.target, c.local, c.remote, c.id, p.next(), branch, ""))
	c.end()
	return err
}

// Answer lifts a call that came in.
func (c *Call) Answer() {
	text := c.answer(200, "OK", soundOffer(c.Sound.addr()))
	c.phone.mu.Lock()
	c.last = text
	c.phone.mu.Unlock()
	c.phone.write(text)
	c.Sound.start(soundAddr(c.invite.body))
	go func() {
		for wait := 500 * time.Millisecond; wait < 8*time.Second; wait *= 2 {
			select {
			case <-c.acked:
				return
			case <-c.ended:
				return
			case <-time.After(wait):
				c.phone.write(text)
			}
		}
	}()
}

func (c *Call) answer(status int, reason, body string) string {
	return answer(c.phone, c.invite, status, reason, c.local, body)
}

// answer is the text of an answer; to replaces the request's To where it has no
// tag yet.
func answer(p *Phone, m message, status int, reason, to, body string) string {
	text := fmt.Sprintf("SIP/2.0 %d %s\r\n", status, reason)
	for _, v := range m.head["via"] {
		text += "Via: " + v + "\r\n"
	}
	for _, v := range m.head["record-route"] {
		text += "Record-Route: " + v + "\r\n"
	}
	text += fmt.Sprintf("From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: <sip:%s@%s>\r\n",
		m.get("from"), to, m.get("call-id"), m.get("cseq"), p.User, p.local())
	if body != "" {
		text += "Content-Type: application/sdp\r\n"
	}
	return text + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}

// asked takes a request of the box.
func (p *Phone) asked(m message, at time.Time) {
	p.mu.Lock()
	c, closed := p.calls[m.get("call-id")], p.closed
	p.mu.Unlock()
	switch m.method() {
	case "INVITE":
		if !closed {
			p.invited(c, m, at)
		}
	case "ACK":
		if c != nil {
			select {
			case <-c.acked:
			default:
				close(c.acked)
			}
		}
	case "CANCEL":
		p.write(answer(p, m, 200, "OK", m.get("to"), ""))
		if c != nil {
			p.write(c.answer(487, "Request Terminated", ""))
			c.end()
		}
	case "BYE":
		p.write(answer(p, m, 200, "OK", m.get("to"), ""))
		if c != nil {
			c.end()
		}
	default:
		p.write(answer(p, m, 200, "OK", m.get("to")+";tag=x", ""))
	}
}

func (p *Phone) invited(c *Call, m message, at time.Time) {
	if c != nil { // a repetition, or a change of the session that is taken as it is
		p.mu.Lock()
		last := c.last
		p.mu.Unlock()
		switch {
		case m.get("cseq") == c.invite.get("cseq") && last != "":
			p.write(last)
		case m.get("cseq") != c.invite.get("cseq"):
			p.write(answer(p, m, 200, "OK", m.get("to"), soundOffer(c.Sound.addr())))
		}
		return
	}
	c, err := p.open(m.get("call-id"))
	if err != nil {
		p.write(answer(p, m, 503, "No Socket", m.get("to")+";tag=x", ""))
		return
	}
	c.Began, c.From, c.invite = at, userIn(m.get("from")), m
	c.local, c.remote = m.get("to")+";tag="+token(), m.get("from")
	c.target = uriIn(m.get("contact"))
	p.write(c.answer(180, "Ringing", ""))
	if p.Ring == nil {
		c.Answer()
		return
	}
	go p.Ring(c)
}
