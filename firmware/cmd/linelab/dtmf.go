package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math"

	"centralita/firmware/media/dtmf"
)

// hop is the step of the detector: 4 ms.
const hop = 32

// runDTMF prints the digits in files: digit, when it was certain, when its end
// was, and the level where it was told. The times are the detector's own; a line
// of the box acts on them at the end of that frame, up to 10 ms later.
func runDTMF(args []string, out io.Writer) error {
	f := flag.NewFlagSet("dtmf", flag.ContinueOnError)
	name := f.String("profile", "line", "")
	files, err := parse(f, args, 1, -1)
	if err != nil {
		return err
	}
	profile, ok := map[string]dtmf.Profile{"line": dtmf.Line(), "call": dtmf.Call()}[*name]
	if !ok {
		return wrong("the profile is line or call, not %q", *name)
	}
	return each(files, out, func(_ string, pcm []int16, w *bufio.Writer) {
		for _, d := range digits(profile, pcm) {
			fmt.Fprintf(w, "D %c %d %d %.1f\n", d.digit, d.told, d.ended, d.level)
		}
	})
}

// digit is one that was heard: times in ms, level in dBm0 of both tones.
type digit struct {
	digit       byte
	told, ended int
	level       float64
}

// digits are those that a detector hears in a sound.
func digits(p dtmf.Profile, pcm []int16) []digit {
	d := dtmf.NewDetector(p)
	var heard []digit
	for at := 0; at < len(pcm); at += hop {
		x := pcm[at:min(at+hop, len(pcm))]
		ms := (at + len(x)) / 8
		for _, c := range d.Process(x) {
			if c.Began {
				heard = append(heard, digit{digit: c.Digit, told: ms, ended: ms, level: level(x)})
			} else if len(heard) > 0 {
				heard[len(heard)-1].ended = ms
			}
		}
	}
	if n := len(heard); n > 0 && heard[n-1].ended == heard[n-1].told {
		heard[n-1].ended = len(pcm) / 8
	}
	return heard
}

// level is that of a sound in dBm0.
func level(pcm []int16) float64 {
	var sum float64
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return 10*math.Log10(sum/float64(len(pcm))+1e-3) - 20*math.Log10(16141)
}
