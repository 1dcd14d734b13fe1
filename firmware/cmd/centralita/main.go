// Command centralita is the box's program: it runs the box, opens a terminal on a
// running one, asks whether it is well, checks settings files and says its version. README.md shows the
// calls; `centralita run --help` lists every value.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"centralita/firmware/app"
	"centralita/firmware/boot"
	"centralita/firmware/console"
)

// version is set when the program is linked.
var version = "dev"

const usage = `centralita run            run the box (centralita run --help lists the values)
centralita console        a terminal on the running box (--data DIR)
centralita health         whether the running box is well (--data DIR)
centralita check-settings FILE
                          say what is wrong with a settings file
centralita version        print the version
`

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main with its surroundings; it returns the exit code: 0 good, 1 failed,
// 2 called wrongly.
func run(args []string, in *os.File, out, errs io.Writer) int {
	command := ""
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	var err error
	switch command {
	case "run":
		err = runBox(args, out, errs)
	case "console":
		err = runConsole(args, in, out)
	case "health":
		err = runHealth(args, out)
	case "check-settings":
		return checkSettings(args, out, errs)
	case "version":
		fmt.Fprintln(out, "centralita", version)
	case "help", "-h", "--help":
		fmt.Fprint(out, usage)
	default:
		fmt.Fprint(errs, usage)
		return 2
	}
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(out, boot.Help)
		return 0
	}
	if err != nil {
		fmt.Fprintln(errs, "centralita:", err)
		return 1
	}
	return 0
}

func runBox(args []string, out, errs io.Writer) error {
	b, err := boot.Parse(args, os.Getenv)
	if err != nil {
		return err
	}
	consoles, err := console.Places(b.Console)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: b.Log}))
	slog.SetDefault(log)
	threads()
	garbage()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	a, err := app.New(app.Options{
		Version: version, Board: b.Board, Data: b.Data, HTTP: b.HTTP, HTTPS: b.HTTPS, SIP: b.SIP, WebRTC: b.WebRTC,
		RTPFirst: int(b.RTP.First), RTPLast: int(b.RTP.Last),
		Settings: b.Settings, Sounds: sounds(b.Sounds), Consoles: consoles, USB: b.USB, Hand: b.Hand, Network: b.Network, Log: log, Out: out,
	})
	if err != nil {
		return err
	}
	if err := a.Serve(ctx); !errors.Is(err, app.ErrAgain) {
		return err
	}
	return again()
}

// again is a new start of the program in the place of this one, with the same
// flags, so that whoever started it need not notice.
func again() error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return syscall.Exec(program, os.Args, os.Environ())
}

// sounds is the folder of prompts: what was named, found from here or, when that
// is a relative name, beside the program.
func sounds(named string) string {
	if _, err := os.Stat(named); err == nil || filepath.IsAbs(named) {
		return named
	}
	program, err := os.Executable()
	if err != nil {
		return named
	}
	return filepath.Join(filepath.Dir(program), named)
}

func checkSettings(args []string, out, errs io.Writer) int {
	if len(args) != 1 {
		fmt.Fprintln(errs, "centralita check-settings FILE")
		return 2
	}
	doc, err := os.ReadFile(args[0])
	if err != nil {
		err = fmt.Errorf("settings file: %w; check its name and that it may be read", err)
	} else {
		err = app.CheckSettings(doc, args[0])
	}
	if err != nil {
		fmt.Fprintln(errs, err)
		return 1
	}
	fmt.Fprintln(out, args[0], "is good")
	return 0
}
