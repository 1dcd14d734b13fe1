package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"strings"

	"centralita/firmware/media"
	"centralita/firmware/media/amd"
)

// runAMD prints who answered in files that begin with an answer: A, the file, the
// verdict and when it was made, once more if it was corrected, and B, the file and
// when the end of a beep was heard.
func runAMD(args []string, out io.Writer) error {
	files, err := parse(flag.NewFlagSet("amd", flag.ContinueOnError), args, 1, -1)
	if err != nil {
		return err
	}
	return each(files, out, func(name string, pcm []int16, w *bufio.Writer) {
		l := amd.NewListener()
		before := l.Verdict()
		ticks(pcm, func(f *[media.Narrow]int16, ms int) {
			hz := l.Frame(f)
			if v := l.Verdict(); v != before {
				fmt.Fprintf(w, "A %s %s %d\n", name, verdict(v), ms)
				before = v
			}
			if hz != 0 {
				fmt.Fprintf(w, "B %s %d %d\n", name, ms, hz)
			}
		})
	})
}

// verdict is the word of the scorers.
func verdict(v amd.Verdict) string {
	if v == amd.Unsure {
		return "NOTSURE"
	}
	return strings.ToUpper(v.String())
}
