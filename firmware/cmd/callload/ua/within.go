package ua

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// Hold changes the session by re-INVITE: the far end is not to be heard any more, or
// is again (RFC 3264 section 8.4).
func (c *Call) Hold(ctx context.Context, on bool) error {
	body := strings.Replace(c.agent.description(c.hear()), "o=- 1 1 ", fmt.Sprintf("o=- 1 %d ", c.agent.next()), 1)
	if on {
		body = strings.Replace(body, "a=sendrecv", "a=sendonly", 1)
	}
	m, err := c.within(ctx, "INVITE", "", body)
	if err != nil {
		return err
	}
	want := "a=sendrecv"
	if on {
		want = "a=recvonly"
	}
	if m.Status() != 200 || !strings.Contains(m.Body, want) {
		return fmt.Errorf("re-INVITE: %s, wanted %s in:\n%s", m.start(), want, m.Body)
	}
	return nil
}

// Transfer asks the server to connect whoever we talk with to a number instead, or,
// where with is given, to the far end of that call of ours (RFC 3515, RFC 3891).
func (c *Call) Transfer(ctx context.Context, number string, with *Call) error {
	to := "sip:" + number + "@" + c.agent.server.String()
	if with != nil {
		to += "?Replaces=" + url.QueryEscape(with.id+";to-tag="+param(with.remote, "tag")+";from-tag="+param(with.local, "tag"))
	}
	m, err := c.within(ctx, "REFER", "Refer-To: <"+to+">", "")
	if err == nil && m.Status() != 202 {
		err = fmt.Errorf("REFER: %s", m.start())
	}
	return err
}

// within sends a request within the call and gives the final answer.
func (c *Call) within(ctx context.Context, method, extra, body string) (Message, error) {
	a := c.agent
	seq, branch := a.next(), newBranch()
	if c.routes != "" {
		extra = strings.TrimPrefix(extra+"\r\n"+c.routes, "\r\n")
	}
	m, _, err := a.transact(ctx, branch, a.request(method, c.target, c.local, c.remote, c.id, seq, branch, c.User, extra, body))
	if err != nil {
		return m, fmt.Errorf("%s of %s: %w", method, c.User, err)
	}
	switch {
	case method != "INVITE":
	case m.Status()/100 == 2:
		c.acknowledge(&m)
	default:
		a.write(a.request("ACK", c.target, c.local, m.get("to"), c.id, seq, branch, c.User, "", ""))
	}
	return m, nil
}
