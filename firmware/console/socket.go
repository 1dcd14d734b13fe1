package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"

	"golang.org/x/term"
)

// socketSessions is how many people speak over the socket at once; more wait.
const socketSessions = 8

// Socket is the console on a local socket, for `centralita console`.
type Socket struct {
	c    *Console
	path string
}

// Socket makes a worker for a socket that only its user may open.
func (c *Console) Socket(path string) *Socket { return &Socket{c, path} }

func (s *Socket) String() string { return "console on " + s.path }

// Serve takes connections until ctx ends; sessions end with it.
func (s *Socket) Serve(ctx context.Context) error {
	l, err := s.listen()
	if err != nil {
		return fmt.Errorf("console: %w", err)
	}
	return s.serve(ctx, l)
}

// listen takes the address, also from a box that was killed.
func (s *Socket) listen() (net.Listener, error) {
	if err := os.Remove(s.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", s.path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(s.path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (s *Socket) serve(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() { _ = l.Close() }) // ends Accept
	defer stop()
	var sessions sync.WaitGroup
	defer sessions.Wait()
	places := make(chan struct{}, socketSessions)
	for {
		places <- struct{}{}
		conn, err := l.Accept()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return errors.Join(fmt.Errorf("console: %w", err), l.Close())
		}
		sessions.Go(func() {
			defer func() { <-places }()
			s.session(ctx, conn)
		})
	}
}

func (s *Socket) session(ctx context.Context, conn net.Conn) {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // ends its read
	defer stop()
	defer conn.Close()
	if err := s.c.Session(ctx, conn, "local"); err != nil && !errors.Is(err, io.EOF) && ctx.Err() == nil {
		s.c.Log.Info("a console session broke", "socket", s.path, "err", err)
	}
}

// Attach joins a person's terminal to the socket of a running box until either
// ends. A terminal is put into raw mode for so long; a pipe is passed as it is.
func Attach(ctx context.Context, path string, in *os.File, out io.Writer) error {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return fmt.Errorf("no box answers at %s: %w; start it with: centralita run", path, err)
	}
	defer conn.Close()
	if fd := int(in.Fd()); term.IsTerminal(fd) {
		was, err := term.MakeRaw(fd)
		if err != nil {
			return fmt.Errorf("console: %w", err)
		}
		defer func() { _ = term.Restore(fd, was) }() // the terminal went away
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // ends the copies
	defer stop()
	go func() {
		_, _ = io.Copy(conn, in) // ends with the process or the terminal
		if half, ok := conn.(*net.UnixConn); ok {
			_ = half.CloseWrite() // the box may still be answering
		}
	}()
	_, err = io.Copy(out, conn)
	if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
