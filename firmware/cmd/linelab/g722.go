package main

import (
	"flag"
	"io"
	"path/filepath"
	"strings"

	"centralita/firmware/media/g722"
)

// runG722 encodes raw samples at 16 kHz to octets or decodes octets to them. WAV
// files are refused, because everything else here is at 8 kHz.
func runG722(args []string, _ io.Writer) error {
	f := flag.NewFlagSet("g722", flag.ContinueOnError)
	mode := f.Int("mode", int(g722.Mode64), "")
	a, err := parse(f, args, 1, 3)
	if err != nil {
		return err
	}
	if *mode < int(g722.Mode64) || *mode > int(g722.Mode48) {
		return wrong("the mode is 1, 2 or 3, not %d", *mode)
	}
	a = piped(a, 1)
	for _, name := range a[1:] {
		if strings.EqualFold(filepath.Ext(name), ".wav") {
			return wrong("%s: g722 takes raw samples at 16 kHz, no WAV files", name)
		}
	}
	switch a[0] {
	case "enc":
		pcm, err := load(a[1])
		if err != nil {
			return err
		}
		octets := make([]byte, len(pcm)/2)
		new(g722.Encoder).Encode(octets, pcm)
		return write(a[2], octets)
	case "dec":
		octets, err := coded(a[1])
		if err != nil {
			return err
		}
		pcm := make([]int16, 2*len(octets))
		d := g722.Decoder{Mode: g722.Mode(*mode)}
		d.Decode(pcm, octets)
		return save(a[2], pcm)
	}
	return wrong("enc or dec, not %q", a[0])
}
