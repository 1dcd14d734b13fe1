package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"

	"centralita/firmware/media"
	"centralita/firmware/media/fax"
)

// runFax prints the tones of fax machines and modems in files: when each was
// certain, the word fax, and its name.
func runFax(args []string, out io.Writer) error {
	files, err := parse(flag.NewFlagSet("fax", flag.ContinueOnError), args, 1, -1)
	if err != nil {
		return err
	}
	return each(files, out, func(_ string, pcm []int16, w *bufio.Writer) {
		l := fax.NewListener()
		ticks(pcm, func(f *[media.Narrow]int16, ms int) {
			if t := l.Frame(f); t != fax.None {
				fmt.Fprintf(w, "T %d fax %s\n", ms, t)
			}
		})
	})
}
