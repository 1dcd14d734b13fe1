package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/term"
)

// Attach joins a person's terminal to the socket of a running box until either
// ends. A terminal is put into raw mode for so long, and tells the box its size; a
// pipe is passed as it is, and gets no pauses.
func Attach(ctx context.Context, path string, in *os.File, out io.Writer) error {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return fmt.Errorf("no box answers at %s: %w; start it with: centralita run", path, err)
	}
	defer conn.Close()
	box := &locked{w: conn}
	if fd := int(in.Fd()); term.IsTerminal(fd) {
		was, err := term.MakeRaw(fd)
		if err != nil {
			return fmt.Errorf("console: %w", err)
		}
		defer func() { _ = term.Restore(fd, was) }() // the terminal went away
		defer tellSize(box, fd)()
	} else {
		fmt.Fprint(box, "\x1b[8;0;0t")
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // ends the copies
	defer stop()
	go func() {
		_, _ = io.Copy(box, in) // ends with the process or the terminal
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

// tellSize tells the box how large the terminal is, now and whenever it changes.
func tellSize(box io.Writer, fd int) (stop func()) {
	tell := func() {
		if columns, rows, err := term.GetSize(fd); err == nil && rows > 0 {
			fmt.Fprintf(box, "\x1b[8;%d;%dt", rows, columns)
		}
	}
	tell()
	changed, over := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(changed, syscall.SIGWINCH)
	var done sync.WaitGroup
	done.Go(func() {
		for {
			select {
			case <-changed:
				tell()
			case <-over:
				return
			}
		}
	})
	return func() {
		signal.Stop(changed)
		close(over)
		done.Wait()
	}
}

// locked keeps what two write from being mixed.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
