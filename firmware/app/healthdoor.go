package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// HealthSocket is where a program on the box asks whether it is well, in its data
// folder: one line, and the line is over.
const HealthSocket = "health.sock"

const (
	// wellFor is how old the last good beat may be: three of them.
	wellFor = 15 * time.Second
	// healthPatience is how long who asks may take to hear.
	healthPatience = time.Second
	healthLine     = 1 << 10
)

// serveHealth answers until ctx ends.
func (a *App) serveHealth(ctx context.Context) error {
	path := a.path(HealthSocket)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("health: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = l.Close() }) // ends Accept
	defer stop()
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	for {
		conn, err := l.Accept()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return errors.Join(fmt.Errorf("health: %w", err), l.Close())
		}
		_ = conn.SetWriteDeadline(time.Now().Add(healthPatience))
		_, _ = io.WriteString(conn, a.wellness(time.Now())+"\n") // who asked may be gone
		_ = conn.Close()
	}
}

// wellness is the state of the heart in a line that begins with "well" or "not well".
func (a *App) wellness(now time.Time) string {
	s := a.heart.State()
	switch age := now.Sub(s.Last); {
	case s.Last.IsZero() && s.Why == "":
		return "not well: no heartbeat yet"
	case s.Why != "":
		return "not well: " + s.Why
	case age > wellFor:
		return fmt.Sprintf("not well: the last heartbeat was %s ago", age.Round(time.Second))
	}
	return fmt.Sprintf("well: %d heartbeats, %d missed, the last %s ago", s.Beats, s.Missed, now.Sub(s.Last).Round(100*time.Millisecond))
}

// AskHealth asks the box that runs with a data folder. The error is that it is not
// well, or not there.
func AskHealth(data string) (string, error) {
	conn, err := net.DialTimeout("unix", filepath.Join(data, HealthSocket), healthPatience)
	if err != nil {
		return "", fmt.Errorf("health: %w; is the box running with --data %s?", err, data)
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(healthPatience)); err != nil {
		return "", fmt.Errorf("health: %w", err)
	}
	b, err := io.ReadAll(io.LimitReader(conn, healthLine))
	if err != nil {
		return "", fmt.Errorf("health: %w", err)
	}
	line := strings.TrimSpace(string(b))
	if !strings.HasPrefix(line, "well") {
		return "", errors.New("health: " + line)
	}
	return line, nil
}
