package update

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Patience with the installer. Writing waits for the slowest disk there is.
const (
	askMax   = 20 * time.Second
	checkMax = 2 * time.Minute
	writeMax = 30 * time.Minute
	reapMax  = 2 * time.Second // for its pipes to close once it was ended

	outMax  = 256 << 10 // of a document that it prints
	tailMax = 4 << 10   // of its complaints that is kept
)

// Rauc is the installer of that name, by its command.
type Rauc struct{ Program string }

// FindRauc is nil on a machine without it.
func FindRauc() Installer {
	program, err := exec.LookPath("rauc")
	if err != nil {
		return nil
	}
	return Rauc{program}
}

// Status implements Installer.
func (r Rauc) Status(ctx context.Context) (Status, error) {
	out, err := r.ask(ctx, askMax, "status", "--output-format=json")
	if err != nil {
		return Status{}, err
	}
	return parseStatus(out)
}

// Info implements Installer.
func (r Rauc) Info(ctx context.Context, file string) (Bundle, error) {
	out, err := r.ask(ctx, checkMax, "info", "--output-format=json", file)
	if err != nil {
		return Bundle{}, err
	}
	return parseInfo(out)
}

// Install implements Installer.
func (r Rauc) Install(ctx context.Context, file string, percent func(int)) error {
	said := &lines{take: func(line string) {
		if n, ok := parsePercent(line); ok {
			percent(n)
		}
	}}
	return r.run(ctx, writeMax, said, said, "install", file)
}

// MarkGood implements Installer.
func (r Rauc) MarkGood(ctx context.Context) error {
	_, err := r.ask(ctx, askMax, "status", "mark-good", "booted")
	return err
}

// Stay implements Installer.
func (r Rauc) Stay(ctx context.Context) error {
	_, err := r.ask(ctx, askMax, "status", "mark-active", "booted")
	return err
}

func (r Rauc) ask(ctx context.Context, most time.Duration, args ...string) ([]byte, error) {
	var out bytes.Buffer
	err := r.run(ctx, most, &bounded{w: &out, left: outMax}, &lines{}, args...)
	return out.Bytes(), err
}

// run gives the complaint of a command that failed as a *Refusal where it is known.
func (r Rauc) run(ctx context.Context, most time.Duration, out io.Writer, says *lines, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.Program, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.Stdout, cmd.Stderr = out, says
	cmd.WaitDelay = reapMax
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("update: %s: %w", args[0], ctx.Err())
	case errors.As(err, &exit):
		if known := complaint(says.tail()); known != nil {
			return fmt.Errorf("%w: %s", known, says.tail())
		}
	}
	return fmt.Errorf("update: %s: %w: %s", args[0], err, says.tail())
}

// bounded takes so many bytes and refuses the rest.
type bounded struct {
	w    io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errors.New("update: the installer says too much")
	}
	return b.w.Write(p)
}

// lines hands out whole lines and keeps the last ones.
type lines struct {
	take func(string)
	last []byte // of the line that is not whole yet
	kept []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.kept = append(l.kept, p[max(0, len(p)-tailMax):]...)
	l.kept = l.kept[max(0, len(l.kept)-tailMax):]
	for _, c := range p {
		switch {
		case c == '\n' || c == '\r':
			if l.take != nil {
				l.take(string(l.last))
			}
			l.last = l.last[:0]
		case len(l.last) < tailMax:
			l.last = append(l.last, c)
		}
	}
	return len(p), nil
}

// tail is on one line, for a log.
func (l *lines) tail() string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(l.kept), "?")), " ")
}
