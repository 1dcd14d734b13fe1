package main

import (
	"flag"
	"fmt"
	"io"

	"centralita/firmware/app"
)

// runHealth says whether the running box is well, as its own heartbeat has found it;
// scripts go by the exit code.
func runHealth(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("health", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	data := flags.String("data", dataFolder(), "folder of the running box")
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("health: %w; the call is centralita health [--data DIR]", err)
	}
	line, err := app.AskHealth(*data)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, line)
	return nil
}
