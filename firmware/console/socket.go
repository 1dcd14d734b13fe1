package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
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
	if err := s.c.Session(ctx, conn, Local); err != nil && !errors.Is(err, io.EOF) && ctx.Err() == nil {
		s.c.Log.Info("a console session broke", "socket", s.path, "err", err)
	}
}
