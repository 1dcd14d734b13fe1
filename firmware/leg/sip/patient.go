package sip

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// strangerIdle is how long a connection may be silent on which nobody has proved
// who they are: a sign-on takes two messages, and a phone that only keeps alive
// does so more often (RFC 5626 section 4.4.1 has 120 s; those have signed on).
const strangerIdle = 20 * time.Second

// strangerMost is how long it may be open, whatever is said on it: one who sends an
// octet now and then would hold it for ever.
const strangerMost = time.Minute

// friends are the connections on which a user or a provider was known, by the far
// end's address. It is bounded by the connections that are open.
type friends struct {
	mu sync.Mutex
	of map[string]bool // open connections; true is a friend's
}

func (f *friends) open(addr string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of == nil {
		f.of = make(map[string]bool)
	}
	f.of[addr] = false
}

func (f *friends) gone(addr string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.of, addr)
}

// greet notes that the sender of req is known.
func (f *friends) greet(req *sip.Request) {
	if req.Transport() == "UDP" {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, open := f.of[req.Source()]; open {
		f.of[req.Source()] = true
	}
}

func (f *friends) know(addr string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.of[addr]
}

// patientListener hands out connections that are patient with friends only.
type patientListener struct {
	net.Listener
	friends *friends
}

func (l *patientListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	addr := c.RemoteAddr().String()
	l.friends.open(addr)
	return &patient{Conn: c, friends: l.friends, addr: addr, born: time.Now()}, nil
}

// patient is a connection that strangers may leave silent for a short while, and
// friends for as long as the library allows.
type patient struct {
	net.Conn
	friends *friends
	addr    string
	born    time.Time
	until   time.Time // allowed by the library; its reader's alone
}

// SetReadDeadline is called by the library before each read.
func (c *patient) SetReadDeadline(t time.Time) error {
	c.until = t
	return c.wait()
}

func (c *patient) wait() error {
	t := c.until
	most := time.Now().Add(strangerIdle)
	if last := c.born.Add(strangerMost); last.Before(most) {
		most = last
	}
	if !c.friends.know(c.addr) && (t.IsZero() || t.After(most)) {
		t = most
	}
	return c.Conn.SetReadDeadline(t)
}

// Read goes on waiting where the stranger became a friend meanwhile.
func (c *patient) Read(b []byte) (int, error) {
	for {
		n, err := c.Conn.Read(b)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) || !c.friends.know(c.addr) {
			return n, err
		}
		if !c.until.IsZero() && !time.Now().Before(c.until) {
			return n, err
		}
		if err := c.Conn.SetReadDeadline(c.until); err != nil {
			return 0, err
		}
	}
}

func (c *patient) Close() error {
	c.friends.gone(c.addr)
	return c.Conn.Close()
}
