// Command linelab is the workbench of the copper: it runs the sound functions of
// the box over files, prints what they heard, and makes the sounds that lines
// carry. Installers use it on recordings of a difficult line, `make lab` on the
// corpus that the bars are measured with.
//
// It is the same packages as in the box and never a second implementation: what
// linelab hears in a file, a line of the box hears in that sound.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// tool is one subcommand.
type tool struct {
	name string
	args string // what follows the name, for the usage text
	what string
	run  func(args []string, out io.Writer) error
}

// tools are in the order of the usage text; one file each.
func tools() []tool {
	return []tool{
		{"dtmf", "[-profile line|call] FILE…", "digits: D digit ms-told ms-ended dBm0", runDTMF},
		{"callerid", "[-standard any|v23|bell202|dtmf] FILE…", "caller ID: M ms hex text", runCallerID},
		{"tones", "[-country ES] FILE…", "call-progress tones: T ms name", runTones},
		{"fax", "FILE…", "fax machines and modems: T ms fax CNG|CED|ANS/PR|V21", runFax},
		{"echo", "[-taps 256] [-nlp] [-ctl FILE] FAR MIC OUT", "cancels in MIC the echo of FAR, prints ERLE: E ms dB", runEcho},
		{"conceal", "[-ahead 1] FILE LOSS OUT", "a file with its lost packets of 20 ms (LOSS: 0 came, 1 lost) made up", runConceal},
		{"amd", "FILE…", "who answers: A file HUMAN|MACHINE|NOTSURE ms, the last A is valid; end of beep: B file ms Hz", runAMD},
		{"vad", "[-o DIR] FILE…", "voice: a line of 1 and 0, one every 10 ms", runVAD},
		{"jitter", "TRACE", "the play-out buffer on a trace (lines: seq sent-ms came-ms): P C I X", runJitter},
		{"release", "[-country ES,IT] [-kind busy,polarity] [-calls 200] [-lines 5] [-talk 20] [-seed 1] [-workers 1] [-sounds DIR] [-v]",
			"simulated calls and their hang-ups: country kind talks cuts releases late held-s, and R with the rates beside their bars", runRelease},
		{"g722", "[-mode 1|2|3] enc|dec [IN [OUT]]", "wide-band coding; raw samples at 16 kHz", runG722},
		{"g711", "enc|dec a|u [IN [OUT]]", "companding", runG711},
		{"make", "dtmf|callerid|tone|css …", "test sounds; linelab make NAME -h tells more", runMake},
	}
}

// Exit codes: what was asked could not be done, and what was asked made no sense.
const (
	exitFailed = 1
	exitUsage  = 2
)

// errUsage marks what the usage text answers.
var errUsage = errors.New("usage")

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run does one subcommand and returns the exit code.
func run(args []string, out, complain io.Writer) int {
	if len(args) == 0 {
		usage(complain)
		return exitUsage
	}
	if args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(out)
		return 0
	}
	for _, t := range tools() {
		if t.name != args[0] {
			continue
		}
		err := t.run(args[1:], out)
		switch {
		case err == nil:
			return 0
		case errors.Is(err, flag.ErrHelp):
			fmt.Fprintf(out, "usage: linelab %s %s\n%s\n", t.name, t.args, t.what)
			return 0
		case errors.Is(err, errUsage):
			fmt.Fprintf(complain, "linelab %s: %v\nusage: linelab %s %s\n", t.name, err, t.name, t.args)
			return exitUsage
		}
		fmt.Fprintf(complain, "linelab %s: %v\n", t.name, err)
		return exitFailed
	}
	fmt.Fprintf(complain, "linelab: there is no subcommand %q.\n", args[0])
	usage(complain)
	return exitUsage
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "usage: linelab SUBCOMMAND …")
	for _, t := range tools() {
		fmt.Fprintf(w, "  linelab %s %s\n        %s\n", t.name, t.args, t.what)
	}
	fmt.Fprintln(w, "Sound files are WAV (16-bit, A-law, µ-law; 8 or 16 kHz) or raw 16-bit little-endian at 8 kHz.")
	fmt.Fprintln(w, "The two sides of a stereo file are added. - is the standard input or output.")
	fmt.Fprintln(w, "Times are in ms from the beginning of the file. 0 dBm0 is an RMS of 16141.")
}

// wrong is an error that the usage text answers.
func wrong(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

// parse reads flags and checks how many arguments are left (most < 0: any).
func parse(f *flag.FlagSet, args []string, least, most int) ([]string, error) {
	f.SetOutput(io.Discard)
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, err
		}
		return nil, wrong("%v", err)
	}
	if n := f.NArg(); n < least || most >= 0 && n > most {
		return nil, wrong("%d arguments where %s needed", n, count(least, most))
	}
	return f.Args(), nil
}

func count(least, most int) string {
	switch {
	case most < 0:
		return fmt.Sprintf("%d or more are", least)
	case least < most:
		return fmt.Sprintf("%d to %d are", least, most)
	case least == 1:
		return "1 is"
	}
	return fmt.Sprintf("%d are", least)
}
