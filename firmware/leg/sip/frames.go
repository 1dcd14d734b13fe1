package sip

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/gobwas/ws"
)

const (
	// pingEvery keeps NAT boxes and proxies from forgetting a connection; a browser
	// answers by itself.
	pingEvery = 25 * time.Second
	// framesIdle is how long nothing at all may come: three pings.
	framesIdle = 80 * time.Second
	// frameWrite bounds a write to a browser that sleeps.
	frameWrite = 5 * time.Second
)

var errFrame = errors.New("sip: web socket message is too long or out of order")

// framed is a web socket as the library can read it. The library takes no control
// frame in the middle of things, no fragments and no binary messages, and pings
// nobody: here pings are answered and sent, fragments joined, and what is handed on
// is one whole text frame for each message. Frames that go out are written whole, so
// that a ping falls between two of them.
type framed struct {
	net.Conn
	friends *friends
	addr    string
	born    time.Time
	once    sync.Once
	done    chan struct{}

	in      io.Reader // what the opening brought, then the network
	ready   []byte    // for the library to read
	message []byte    // fragments so far
	open    bool      // a message has begun

	write   sync.Mutex
	out     []byte // not yet a whole frame
	greeted bool   // the opening was answered
}

func newFramed(c net.Conn, head []byte, f *friends) *framed {
	p := &framed{Conn: c, friends: f, addr: c.RemoteAddr().String(), born: time.Now(), done: make(chan struct{})}
	at := bytes.Index(head, []byte("\r\n\r\n")) + 4
	p.ready = head[:at]
	p.in = io.MultiReader(bytes.NewReader(head[at:]), c)
	f.open(p.addr)
	go p.ping()
	return p
}

// SetReadDeadline is ours: see await.
func (p *framed) SetReadDeadline(time.Time) error { return nil }

// Read gives the opening, then message after message.
func (p *framed) Read(b []byte) (int, error) {
	for len(p.ready) == 0 {
		if err := p.next(); err != nil {
			return 0, err
		}
	}
	n := copy(b, p.ready)
	p.ready = p.ready[n:]
	return n, nil
}

// next takes one frame of the network.
func (p *framed) next() error {
	h, err := p.header()
	if err != nil {
		return err
	}
	if h.Length > datagramMax || !h.Masked || h.Rsv != 0 || h.OpCode.IsControl() && (h.Length > 125 || !h.Fin) {
		return errFrame
	}
	body := make([]byte, h.Length)
	if _, err := io.ReadFull(p.in, body); err != nil {
		return err
	}
	ws.Cipher(body, h.Mask, 0)
	switch h.OpCode {
	case ws.OpPing:
		return p.send(ws.NewPongFrame(body))
	case ws.OpPong:
		return nil
	case ws.OpClose:
		_ = p.send(ws.NewCloseFrame(body)) // the far end is going
		return io.EOF
	case ws.OpContinuation:
		if !p.open {
			return errFrame
		}
	case ws.OpText, ws.OpBinary:
		if p.open {
			return errFrame
		}
		p.message = p.message[:0]
	default:
		return errFrame
	}
	if len(p.message)+len(body) > datagramMax {
		return errFrame
	}
	p.message = append(p.message, body...)
	if p.open = !h.Fin; h.Fin {
		return p.hand()
	}
	return nil
}

// hand makes the message one frame, masked with zeros as the library wants it.
func (p *framed) hand() error {
	if len(p.message) == 0 {
		return nil
	}
	var b bytes.Buffer
	if err := ws.WriteHeader(&b, ws.Header{Fin: true, OpCode: ws.OpText, Masked: true, Length: int64(len(p.message))}); err != nil {
		return err
	}
	b.Write(p.message)
	p.ready = b.Bytes()
	return nil
}

// header waits for the next frame: long for friends, and until they should have
// signed on for strangers.
func (p *framed) header() (ws.Header, error) {
	first := p.born.Add(strangerIdle)
	for {
		until := time.Now().Add(framesIdle)
		stranger := !p.friends.know(p.addr)
		if stranger && first.Before(until) {
			until = first
		}
		if err := p.Conn.SetReadDeadline(until); err != nil {
			return ws.Header{}, err
		}
		h, err := ws.ReadHeader(p.in)
		if stranger && errors.Is(err, os.ErrDeadlineExceeded) && p.friends.know(p.addr) {
			continue // nothing of a frame had come
		}
		if err == nil {
			err = p.Conn.SetReadDeadline(time.Now().Add(frameWrite)) // the rest of it
		}
		return h, err
	}
}

// Write takes what the library sends, in pieces, and sends whole frames.
func (p *framed) Write(b []byte) (int, error) {
	p.write.Lock()
	defer p.write.Unlock()
	p.out = append(p.out, b...)
	for {
		n := p.whole()
		if n == 0 {
			return len(b), nil
		}
		_ = p.Conn.SetWriteDeadline(time.Now().Add(frameWrite)) // its failure shows in the write
		if _, err := p.Conn.Write(p.out[:n]); err != nil {
			return 0, err
		}
		p.out = append(p.out[:0], p.out[n:]...)
	}
}

// SetWriteDeadline is ours: see Write.
func (p *framed) SetWriteDeadline(time.Time) error { return nil }

// whole is the length of the first whole thing in out: the answer to the opening,
// then frames; 0 is none yet.
func (p *framed) whole() int {
	if !p.greeted {
		if at := bytes.Index(p.out, []byte("\r\n\r\n")); at >= 0 {
			p.greeted = true
			return at + 4
		}
		return 0
	}
	r := bytes.NewReader(p.out)
	h, err := ws.ReadHeader(r)
	if err != nil || int64(r.Len()) < h.Length {
		return 0
	}
	return len(p.out) - r.Len() + int(h.Length)
}

// send writes a control frame between two others.
func (p *framed) send(f ws.Frame) error {
	p.write.Lock()
	defer p.write.Unlock()
	if !p.greeted {
		return nil
	}
	_ = p.Conn.SetWriteDeadline(time.Now().Add(frameWrite)) // its failure shows in the write
	b, err := ws.CompileFrame(f)
	if err == nil {
		_, err = p.Conn.Write(b)
	}
	return err
}

func (p *framed) ping() {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-tick.C:
			if p.send(ws.NewPingFrame(nil)) != nil {
				return
			}
		}
	}
}

// Close ends it, once.
func (p *framed) Close() error {
	p.once.Do(func() {
		close(p.done)
		p.friends.gone(p.addr)
	})
	return p.Conn.Close()
}
