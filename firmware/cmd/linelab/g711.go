package main

import (
	"flag"
	"fmt"
	"io"

	"centralita/firmware/media/g711"
)

// runG711 encodes a sound to octets or decodes octets to a sound.
func runG711(args []string, _ io.Writer) error {
	a, err := parse(flag.NewFlagSet("g711", flag.ContinueOnError), args, 2, 4)
	if err != nil {
		return err
	}
	law, ok := map[string]g711.Law{"a": g711.ALaw, "u": g711.MuLaw}[a[1]]
	if !ok {
		return wrong("the law is a or u, not %q", a[1])
	}
	a = piped(a, 2)
	switch a[0] {
	case "enc":
		pcm, err := load(a[2])
		if err != nil {
			return err
		}
		octets := make([]byte, len(pcm))
		law.Encode(octets, pcm)
		return write(a[3], octets)
	case "dec":
		octets, err := coded(a[2])
		if err != nil {
			return err
		}
		pcm := make([]int16, len(octets))
		law.Decode(pcm, octets)
		return save(a[3], pcm)
	}
	return wrong("enc or dec, not %q", a[0])
}

// coded reads what is to be decoded.
func coded(name string) ([]byte, error) {
	octets, err := slurp(name, maxSound)
	if err == nil && len(octets) == 0 {
		err = fmt.Errorf("%s has no sound in it", name)
	}
	return octets, err
}

// piped lets a coder work between two pipes where IN and OUT are not named.
func piped(a []string, words int) []string {
	for len(a) < words+2 {
		a = append(a, "-")
	}
	return a
}
