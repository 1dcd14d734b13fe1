package main

import (
	"flag"
	"io"
	"os"

	"centralita/firmware/media/g711"
)

// runG711 encodes a sound to octets or decodes octets to a sound.
func runG711(args []string, _ io.Writer) error {
	a, err := parse(flag.NewFlagSet("g711", flag.ContinueOnError), args, 4, 4)
	if err != nil {
		return err
	}
	law, ok := map[string]g711.Law{"a": g711.ALaw, "u": g711.MuLaw}[a[1]]
	if !ok {
		return wrong("the law is a or u, not %q", a[1])
	}
	switch a[0] {
	case "enc":
		pcm, err := load(a[2])
		if err != nil {
			return err
		}
		octets := make([]byte, len(pcm))
		law.Encode(octets, pcm)
		return os.WriteFile(a[3], octets, 0o666)
	case "dec":
		octets, err := os.ReadFile(a[2])
		if err != nil {
			return err
		}
		pcm := make([]int16, len(octets))
		law.Decode(pcm, octets)
		return save(a[3], pcm)
	}
	return wrong("enc or dec, not %q", a[0])
}
