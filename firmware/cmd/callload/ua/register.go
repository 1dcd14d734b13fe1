package ua

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// User is one account of the server with its phone at an Agent.
type User struct {
	Name, Password string

	agent  *Agent
	callID string // of its registrations
	tag    string
	last   *challenge
}

// User makes a user of the agent.
func (a *Agent) User(name, password string) *User {
	return &User{Name: name, Password: password, agent: a, callID: token(), tag: token()}
}

func (u *User) self() string { return "<sip:" + u.Name + "@" + u.agent.server.String() + ">" }

// Register registers the phone for a time; 0 takes it away. Where again is set, it
// answers the challenge it had last without asking for another. It gives the time
// from the first request to the last answer.
func (u *User) Register(ctx context.Context, last time.Duration, again bool) (time.Duration, error) {
	a := u.agent
	uri := "sip:" + a.server.Addr().String()
	expires := "Expires: " + strconv.Itoa(int(last.Seconds()))
	extra := expires
	if again && u.last != nil {
		extra += "\r\n" + u.last.answer(u.Name, u.Password, "REGISTER", uri)
	}
	var began time.Time
	for try := 0; ; try++ {
		branch := newBranch()
		text := a.request("REGISTER", uri, u.self()+";tag="+u.tag, u.self(), u.callID, a.next(), branch, u.Name, extra, "")
		m, t, err := a.transact(ctx, branch, text)
		if try == 0 {
			began = t.sent
		}
		switch {
		case err != nil:
			return 0, fmt.Errorf("REGISTER %s: %w", u.Name, err)
		case m.Status() == 200:
			return t.answered.Sub(began), nil
		case m.Status() != 401 && m.Status() != 407 || try == 2:
			return 0, fmt.Errorf("REGISTER %s: %s", u.Name, m.start())
		}
		if u.last, err = challengeOf(&m); err != nil {
			return 0, fmt.Errorf("REGISTER %s: %w", u.Name, err)
		}
		extra = expires + "\r\n" + u.last.answer(u.Name, u.Password, "REGISTER", uri)
	}
}
