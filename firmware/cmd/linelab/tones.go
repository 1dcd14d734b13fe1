package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"strings"

	"centralita/firmware/media"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/tone"
)

// runTones prints the call-progress tones of a country in files: when each was
// certain and its name, and "-" when it was over; and the alerting signal before
// caller ID as cas, when it ended.
func runTones(args []string, out io.Writer) error {
	f := flag.NewFlagSet("tones", flag.ContinueOnError)
	code := f.String("country", "ES", "")
	files, err := parse(f, args, 1, -1)
	if err != nil {
		return err
	}
	plan, ok := tone.Plan(*code)
	if !ok {
		return wrong("there is no plan of %q; there are those of %s", *code, strings.Join(tone.Countries(), " "))
	}
	return each(files, out, func(_ string, pcm []int16, w *bufio.Writer) {
		l := tone.NewListener(plan)
		alert := callerid.NewAlert()
		before := tone.None
		ticks(pcm, func(f *[media.Narrow]int16, ms int) {
			if alert.Hear(f) {
				fmt.Fprintf(w, "T %d cas\n", ms)
			}
			l.Hear(f, media.Mouth{})
			now := l.Current()
			switch {
			case now == before:
				return
			case now == tone.None:
				fmt.Fprintf(w, "T %d -\n", ms)
			default:
				fmt.Fprintf(w, "T %d %s\n", ms, toneName(now))
			}
			before = now
		})
	})
}

// toneName is the word of the scorers: ringback is ring there.
func toneName(s tone.Signal) string {
	if s == tone.Ringback {
		return "ring"
	}
	return s.String()
}
