package ua

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Agent is one UDP socket with any number of users behind it.
type Agent struct {
	called func(*Call) // nil: calls are refused as busy

	conn   *net.UDPConn
	server netip.AddrPort
	local  string
	seq    atomic.Uint32
	pulse  *repeater

	mu      sync.Mutex
	waiting map[string]chan Message // by branch
	calls   map[string]*Call        // by Call-ID
	Repeats atomic.Uint64           // requests and answers sent again, because nothing came

	// DigitsInSound has the telephones know no telephone events, so that a server has
	// to listen to what they say.
	DigitsInSound atomic.Bool
}

// New opens an agent of a server at an address of ours. called is told of every new
// call that comes in and answers with Call.Answer or Call.Refuse; it must not wait.
// With nil, calls are refused as busy.
func New(server netip.AddrPort, host netip.Addr, called func(*Call)) (*Agent, error) {
	a, err := open(server, host)
	if err != nil {
		return nil, err
	}
	a.called = called
	go a.read()
	return a, nil
}

func open(server netip.AddrPort, host netip.Addr) (*Agent, error) {
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(host, 0)))
	if err != nil {
		return nil, err
	}
	a := &Agent{
		conn: conn, server: server, local: conn.LocalAddr().String(), pulse: newRepeater(),
		waiting: make(map[string]chan Message), calls: make(map[string]*Call),
	}
	_ = conn.SetReadBuffer(4 << 20) // as much as the system allows
	if err := stamp(conn); err != nil {
		conn.Close()
		return nil, err
	}
	return a, nil
}

// Close forgets everything; nobody is told.
func (a *Agent) Close() {
	a.conn.Close()
	a.pulse.close()
}

func (a *Agent) read() {
	b, control := make([]byte, 65536), make([]byte, 128)
	for {
		n, c, _, _, err := a.conn.ReadMsgUDPAddrPort(b, control)
		if err != nil {
			return
		}
		if n < 16 {
			continue // keep-alive
		}
		m := parse(b[:n], stamped(control[:c]))
		if m.Status() != 0 {
			a.answered(m)
		} else {
			a.asked(m)
		}
	}
}

// stamp asks the kernel for the time of each message.
func stamp(c *net.UDPConn) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1) }); err != nil {
		return err
	}
	return failed
}

// stamped is the time in the control message of SO_TIMESTAMPNS.
func stamped(control []byte) time.Time {
	if len(control) < unix.CmsgLen(int(unsafe.Sizeof(unix.Timespec{}))) {
		return time.Now()
	}
	ts := (*unix.Timespec)(unsafe.Pointer(&control[unix.CmsgLen(0)]))
	return time.Unix(ts.Unix())
}

func (a *Agent) write(text []byte) { _, _ = a.conn.WriteToUDPAddrPort(text, a.server) }

func (a *Agent) next() uint32 { return a.seq.Add(1) }

// answered brings a response to whoever waits.
func (a *Agent) answered(m Message) {
	a.mu.Lock()
	wait, c := a.waiting[m.branch()], a.calls[m.get("call-id")]
	a.mu.Unlock()
	if wait != nil {
		select {
		case wait <- m:
		default: // more answers than anybody waits for
		}
		return
	}
	if c != nil && m.Status()/100 == 2 && m.method() == "INVITE" {
		c.acknowledge(&m) // our first word was lost
	}
}

// times are those of one request.
type times struct {
	sent     time.Time // first
	answered time.Time // the final answer came
}

// transact sends a request and gives the final answer; it repeats the request
// until anything comes (RFC 3261 timers A and E).
func (a *Agent) transact(ctx context.Context, branch string, text []byte) (m Message, t times, err error) {
	answers := make(chan Message, 8)
	a.mu.Lock()
	a.waiting[branch] = answers
	a.mu.Unlock()
	defer func() {
		a.mu.Lock()
		delete(a.waiting, branch)
		a.mu.Unlock()
	}()
	again := a.pulse.add(func() { a.Repeats.Add(1); a.write(text) })
	defer a.pulse.remove(again)
	t.sent = time.Now()
	a.write(text)
	for {
		select {
		case m = <-answers:
			a.pulse.remove(again)
			if m.Status() >= 200 {
				t.answered = m.At
				return m, t, nil
			}
		case <-ctx.Done():
			return m, t, fmt.Errorf("no answer: %w", ctx.Err())
		}
	}
}

// request is the text of a request; from and to carry their tags.
func (a *Agent) request(method, uri, from, to, callID string, seq uint32, branch, contact, extra, body string) []byte {
	b := make([]byte, 0, 512+len(body)+len(extra))
	b = append(b, method+" "+uri+" SIP/2.0\r\nVia: SIP/2.0/UDP "+a.local+";branch="+branch+";rport\r\nMax-Forwards: 70\r\nFrom: "...)
	b = append(b, from+"\r\nTo: "+to+"\r\nCall-ID: "+callID+"\r\nCSeq: "...)
	b = strconv.AppendUint(b, uint64(seq), 10)
	b = append(b, " "+method+"\r\nContact: <sip:"+contact+"@"+a.local+">\r\n"...)
	if extra != "" {
		b = append(b, extra+"\r\n"...)
	}
	if body != "" {
		b = append(b, "Content-Type: application/sdp\r\n"...)
	}
	b = append(b, "Content-Length: "...)
	b = strconv.AppendInt(b, int64(len(body)), 10)
	return append(append(b, "\r\n\r\n"...), body...)
}

func newBranch() string { return "z9hG4bK" + token() }
