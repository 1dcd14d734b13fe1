package main

import (
	"flag"
	"fmt"
	"io"

	"centralita/firmware/media/conceal"
)

// packet is 20 ms of samples.
const packet = packetMs * rate / 1000

// maxPattern is the longest pattern: a day of packets, a line each.
const maxPattern = 3 * maxTrace

// runConceal loses packets of a sound and makes them up. ahead is how many
// packets behind the one being played the box has: with a play-out delay of 40 ms
// it is one.
func runConceal(args []string, _ io.Writer) error {
	f := flag.NewFlagSet("conceal", flag.ContinueOnError)
	ahead := f.Int("ahead", 1, "")
	a, err := parse(f, args, 3, 3)
	if err != nil {
		return err
	}
	if *ahead < 0 {
		return wrong("%d packets ahead", *ahead)
	}
	pcm, err := load(a[0])
	if err != nil {
		return err
	}
	lost, err := loadLoss(a[1])
	if err != nil {
		return err
	}
	concealed(pcm, lost, *ahead)
	return save(a[2], pcm)
}

// loadLoss reads a pattern: a 0 or a 1 for each packet, what stands between them
// is passed over. Packets beyond the pattern came.
func loadLoss(name string) ([]bool, error) {
	b, err := slurp(name, maxPattern)
	if err != nil {
		return nil, err
	}
	var lost []bool
	for _, c := range b {
		switch c {
		case '0', '1':
			lost = append(lost, c == '1')
		case ' ', '\n', '\r', '\t', ',':
		default:
			return nil, fmt.Errorf("%s is no pattern of losses: it may have 0 and 1 only, not %q", name, c)
		}
	}
	if len(lost) == 0 {
		return nil, fmt.Errorf("%s has no packets in it", name)
	}
	return lost, nil
}

// concealed replaces the lost packets of a sound, in place.
func concealed(pcm []int16, lost []bool, ahead int) {
	var c conceal.Concealer
	gone := func(p int) bool { return p < len(lost) && lost[p] }
	for at := 0; at < len(pcm); at += frame {
		out := pcm[at:min(at+frame, len(pcm))]
		p := at / packet
		if !gone(p) {
			c.Good(out)
			continue
		}
		next := p + 1
		for gone(next) {
			next++
		}
		var behind []int16
		if next <= p+ahead && next*packet < len(pcm) {
			behind = pcm[next*packet : min((next+1)*packet, len(pcm))]
		}
		c.Lost(out, behind, next*packet-at)
	}
}
