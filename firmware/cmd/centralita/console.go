package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"centralita/firmware/app"
	"centralita/firmware/console"
)

// runConsole joins this terminal to the socket of a running box.
func runConsole(args []string, in *os.File, out io.Writer) error {
	flags := flag.NewFlagSet("console", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	data := flags.String("data", dataFolder(), "folder of the running box")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("console: %w; the call is centralita console [--data DIR]", err)
	}
	err := console.Attach(context.Background(), filepath.Join(*data, app.ConsoleSocket), in, out)
	if err != nil {
		return fmt.Errorf("console: %w; is the box running with --data %s?", err, *data)
	}
	return nil
}

// dataFolder is where run keeps its data when it is not told otherwise.
func dataFolder() string {
	if dir := os.Getenv("CENTRALITA_DATA"); dir != "" {
		return dir
	}
	return "/var/lib/centralita"
}
