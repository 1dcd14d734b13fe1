package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"centralita/firmware/app"
)

// runConsole joins this terminal to the socket of a running box.
func runConsole(args []string, in *os.File, out io.Writer) error {
	flags := flag.NewFlagSet("console", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	data := flags.String("data", "/var/lib/centralita", "folder of the running box")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("console: %w; the call is centralita console [--data DIR]", err)
	}
	path := filepath.Join(*data, app.ConsoleSocket)
	conn, err := net.Dial("unix", path)
	if err != nil {
		return fmt.Errorf("console: %w; is the box running with --data %s?", err, *data)
	}
	defer conn.Close()
	if fd := int(in.Fd()); term.IsTerminal(fd) {
		state, err := term.MakeRaw(fd)
		if err != nil {
			return fmt.Errorf("console: %w", err)
		}
		defer func() { _ = term.Restore(fd, state) }()
	}
	go func() {
		_, _ = io.Copy(conn, in)
		if half, ok := conn.(*net.UnixConn); ok {
			_ = half.CloseWrite()
		}
	}()
	_, err = io.Copy(out, conn)
	return err
}
