package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"

	"centralita/firmware/media"
	"centralita/firmware/media/echo"
	"centralita/firmware/media/fax"
)

// runEcho runs the canceller of an analog line over what was played and what came
// back. It steps aside for modems as a line does.
func runEcho(args []string, out io.Writer) error {
	f := flag.NewFlagSet("echo", flag.ContinueOnError)
	taps := f.Int("taps", 256, "longest echo, in samples")
	nlp := f.Bool("nlp", false, "suppress what is left of the echo")
	ctl := f.String("ctl", "", "lines `freeze from-ms to-ms`: the filter is held")
	names, err := parse(f, args, 3, 3)
	if err != nil {
		return err
	}
	if *taps < echo.TapsMin || *taps > echo.TapsMax {
		return wrong("taps %d: from %d to %d", *taps, echo.TapsMin, echo.TapsMax)
	}
	if names[2] == "-" {
		return wrong("the loss is printed to the output; OUT has to be a file")
	}
	far, err := load(names[0])
	if err != nil {
		return err
	}
	mic, err := load(names[1])
	if err != nil {
		return err
	}
	held, err := loadSpans(*ctl)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# %s %.3f\n", names[1], float64(len(mic))/rate)
	cancel(far, mic, held, *nlp, echo.New(*taps, echo.Options{Suppress: *nlp}), w)
	return errors.Join(w.Flush(), save(names[2], mic))
}

// cancel works in mic, and tells the loss once a second. A last part of a frame
// is done too.
func cancel(far, mic []int16, held []span, nlp bool, c *echo.Canceller, w io.Writer) {
	bypass := fax.NewBypass()
	at := 0
	ticks(mic, func(near *[media.Narrow]int16, ms int) {
		var played [media.Narrow]int16
		if at < len(far) {
			copy(played[:], far[at:])
		}
		c.Freeze(within(held, ms-10))
		aside := bypass.Frame(near, &played)
		c.Bypass(aside == fax.Off)
		c.Suppress(nlp && aside == fax.Whole)
		c.Process(&played, near)
		copy(mic[at:], near[:])
		at += frame
		if ms%1000 == 0 {
			fmt.Fprintf(w, "E %d %.1f\n", ms, c.ERLE())
		}
	})
}

// span is a part of a sound, in ms.
type span struct{ from, to int }

func within(spans []span, ms int) bool {
	for _, s := range spans {
		if ms >= s.from && ms < s.to {
			return true
		}
	}
	return false
}

// maxSpans bounds the file of spans, in bytes.
const maxSpans = 1 << 20

// loadSpans reads lines "freeze from to"; no name gives none.
func loadSpans(name string) (spans []span, err error) {
	if name == "" {
		return nil, nil
	}
	b, err := slurp(name, maxSpans)
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(b) {
		var s span
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if _, err := fmt.Sscanf(string(line), "freeze %d %d", &s.from, &s.to); err != nil {
			return nil, fmt.Errorf("%s: %.40q is not `freeze from-ms to-ms`", name, bytes.TrimSpace(line))
		}
		spans = append(spans, s)
	}
	return spans, nil
}
