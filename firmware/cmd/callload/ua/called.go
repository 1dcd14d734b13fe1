package ua

import (
	"fmt"
	"net/netip"
	"time"
)

// asked takes a request of the server.
func (a *Agent) asked(m Message) {
	a.mu.Lock()
	c := a.calls[m.get("call-id")]
	a.mu.Unlock()
	switch m.method() {
	case "INVITE":
		a.invited(c, m)
	case "ACK":
		if c != nil {
			c.acknowledged()
		}
	case "CANCEL":
		a.write(a.response(&m, 200, "OK", m.get("to"), "", ""))
		if c != nil && c.cancelled() {
			a.write(a.response(&c.invite, 487, "Request Terminated", c.local, "", ""))
			c.end()
		}
	case "BYE":
		a.write(a.response(&m, 200, "OK", m.get("to"), "", ""))
		if c != nil {
			c.end()
		}
	default:
		to := m.get("to")
		if param(to, "tag") == "" {
			to += ";tag=" + token()
		}
		a.write(a.response(&m, 200, "OK", to, "", ""))
	}
}

// acknowledged ends the repeating of our answer, and with it a call we refused.
func (c *Call) acknowledged() {
	c.agent.mu.Lock()
	again, refused := c.again, c.refused
	c.agent.mu.Unlock()
	if again != nil {
		c.agent.pulse.remove(again)
	}
	if refused {
		c.end()
	}
}

// cancelled marks a call that rings as over; one that was answered goes on.
func (c *Call) cancelled() bool {
	c.agent.mu.Lock()
	defer c.agent.mu.Unlock()
	c.cancel = c.final == nil
	return c.cancel
}

func (a *Agent) invited(c *Call, m Message) {
	if c != nil { // a repetition, or a change of the session
		a.mu.Lock()
		final, same := c.final, m.get("cseq") == c.invite.get("cseq")
		a.mu.Unlock()
		switch {
		case same && final != nil:
			a.write(final)
		case !same:
			a.write(a.response(&m, 200, "OK", c.local, c.User, a.description(c.hear())))
		}
		return
	}
	c = &Call{
		User: m.Called(), Caller: m.Caller(), Came: m.At, id: m.get("call-id"), invite: m,
		local: m.get("to") + ";tag=" + token(), remote: m.get("from"), target: uriIn(m.get("contact")),
	}
	c.routes = c.route(&m, false)
	c.Sound, _ = SoundAt(m.Body)
	a.enter(c)
	if a.called == nil {
		c.Refuse(486, "Busy Here")
		return
	}
	a.called(c)
}

// hear is where we said that we hear.
func (c *Call) hear() netip.AddrPort {
	c.agent.mu.Lock()
	defer c.agent.mu.Unlock()
	return c.told
}

// Ring says that the telephone rings.
func (c *Call) Ring() {
	c.agent.write(c.agent.response(&c.invite, 180, "Ringing", c.local, c.User, ""))
}

// Answer lifts the call, hearing at an address; the 200 is repeated until its ACK
// comes. It gives when it left.
func (c *Call) Answer(hear netip.AddrPort) time.Time {
	c.agent.mu.Lock()
	c.told = hear
	c.agent.mu.Unlock()
	return c.reply(c.agent.response(&c.invite, 200, "OK", c.local, c.User, c.agent.description(hear)))
}

// Refuse ends the call.
func (c *Call) Refuse(status int, reason string) {
	c.agent.mu.Lock()
	c.refused = true
	c.agent.mu.Unlock()
	c.reply(c.agent.response(&c.invite, status, reason, c.local, c.User, ""))
}

func (c *Call) reply(text []byte) time.Time {
	a := c.agent
	again := a.pulse.add(func() { a.Repeats.Add(1); a.write(text) })
	a.mu.Lock()
	gone := c.cancel
	if !gone {
		c.final, c.again = text, again
	}
	a.mu.Unlock()
	at := time.Now()
	if gone {
		a.pulse.remove(again)
		return at
	}
	a.write(text)
	return at
}

// response is the text of an answer.
func (a *Agent) response(m *Message, status int, reason, to, contact, body string) []byte {
	b := fmt.Appendf(make([]byte, 0, 512+len(body)), "SIP/2.0 %d %s\r\n", status, reason)
	for v := range m.values("via") {
		b = append(b, "Via: "+v+"\r\n"...)
	}
	for v := range m.values("record-route") {
		b = append(b, "Record-Route: "+v+"\r\n"...)
	}
	b = append(b, "From: "+m.get("from")+"\r\nTo: "+to+"\r\nCall-ID: "+m.get("call-id")+"\r\nCSeq: "+m.get("cseq")+"\r\n"...)
	if contact != "" {
		b = append(b, "Contact: <sip:"+contact+"@"+a.local+">\r\n"...)
	}
	if body != "" {
		b = append(b, "Content-Type: application/sdp\r\n"...)
	}
	return fmt.Appendf(b, "Content-Length: %d\r\n\r\n%s", len(body), body)
}
