package machine

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Console is one serial line of a machine: what it says is kept until a test has
// waited for it.
type Console struct {
	conn net.Conn
	mu   sync.Mutex
	new  []byte        // not matched yet
	all  bytes.Buffer  // everything, for the report of a failed test
	more chan struct{} // something came
	over chan struct{} // the line has ended
}

// keptMost bounds what one line may say in a test, in bytes.
const keptMost = 8 << 20

// dial joins a socket that QEMU is about to make.
func dial(path string, limit time.Duration) (*Console, error) {
	var conn net.Conn
	var err error
	for end := time.Now().Add(limit); ; {
		if conn, err = net.Dial("unix", path); err == nil {
			break
		}
		if time.Now().After(end) {
			return nil, err
		}
		time.Sleep(20 * time.Millisecond) // another process makes it
	}
	c := &Console{conn: conn, more: make(chan struct{}, 1), over: make(chan struct{})}
	go c.read()
	return c, nil
}

func (c *Console) read() {
	defer close(c.over)
	b := make([]byte, 4096)
	for {
		n, err := c.conn.Read(b)
		if n > 0 {
			said := bytes.ReplaceAll(b[:n], []byte("\r"), nil)
			c.mu.Lock()
			if c.all.Len() < keptMost {
				c.new = append(c.new, said...)
				c.all.Write(said)
			}
			c.mu.Unlock()
			select {
			case c.more <- struct{}{}:
			default:
			}
		}
		if err != nil {
			return
		}
	}
}

// Close ends what a test has joined itself.
func (c *Console) Close() error { return c.conn.Close() }

// Said is everything so far.
func (c *Console) Said() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all.String()
}

// Expect waits for a match of what was not matched yet and returns its groups.
func (c *Console) Expect(pattern string, limit time.Duration) ([]string, error) {
	return c.expect(pattern, limit, true)
}

// Await is like Expect, but takes nothing away: lines whose order is not known may be
// awaited one after the other.
func (c *Console) Await(pattern string, limit time.Duration) ([]string, error) {
	return c.expect(pattern, limit, false)
}

func (c *Console) expect(pattern string, limit time.Duration, take bool) ([]string, error) {
	re := regexp.MustCompile(pattern)
	late := time.After(limit)
	for {
		if found := c.match(re, take); found != nil {
			return found, nil
		}
		select {
		case <-c.more:
		case <-c.over:
			if found := c.match(re, take); found != nil {
				return found, nil
			}
			return nil, fmt.Errorf("the machine ended before it said %q; last:\n%s", pattern, c.tail())
		case <-late:
			return nil, fmt.Errorf("not said within %v: %q; last:\n%s", limit, pattern, c.tail())
		}
	}
}

// Ever is like Expect, but looks at everything that was said and takes nothing away.
func (c *Console) Ever(pattern string, limit time.Duration) ([]string, error) {
	re := regexp.MustCompile(pattern)
	for end := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) { // another process speaks
		if found := re.FindStringSubmatch(c.Said()); found != nil {
			return found, nil
		}
		if time.Now().After(end) {
			return nil, fmt.Errorf("not said within %v: %q; last:\n%s", limit, pattern, c.tail())
		}
	}
}

func (c *Console) match(re *regexp.Regexp, take bool) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := re.FindSubmatchIndex(c.new)
	if at == nil {
		return nil
	}
	found := make([]string, 0, len(at)/2)
	for i := 0; i < len(at); i += 2 {
		if at[i] < 0 {
			found = append(found, "")
			continue
		}
		found = append(found, string(c.new[at[i]:at[i+1]]))
	}
	if take {
		c.new = c.new[at[1]:]
	}
	return found
}

// tailMost is how much of a line a failed test shows, in bytes.
const tailMost = 2000

func (c *Console) tail() string {
	said := c.Said()
	return said[max(0, len(said)-tailMost):]
}

// Type sends text.
func (c *Console) Type(text string) error {
	_, err := io.WriteString(c.conn, text)
	return err
}

// Run types a command to a shell and returns what it printed. A command that fails
// is an error that holds its text.
func (c *Console) Run(command string, limit time.Duration) (string, error) {
	// The mark is put together by the shell, so that the echo of the command has none.
	if err := c.Type(command + "; echo \"E\"ND=$?\n"); err != nil {
		return "", err
	}
	// The line may be echoed twice: by the terminal, and by the shell when it reads it.
	found, err := c.Expect(`(?s).*echo "E"ND=\$\?\n(.*?)END=(\d+)\n`, limit)
	if err != nil {
		return "", fmt.Errorf("%s: %w", command, err)
	}
	text := strings.TrimSpace(found[1])
	if found[2] != "0" {
		return text, fmt.Errorf("%s: exit %s: %s", command, found[2], text)
	}
	return text, nil
}
