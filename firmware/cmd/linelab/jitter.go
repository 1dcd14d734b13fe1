package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math"
	"math/bits"
	"sort"
	"strconv"
	"strings"

	"centralita/firmware/media"
	"centralita/firmware/media/jitter"
)

// packetMs is the length of the packets of a trace.
const packetMs = 20

// maxTrace is the longest trace: a day.
const maxTrace = 24 * 3600 * 1000 / packetMs

// passage is one packet of a trace; came < 0 is lost on the way.
type passage struct {
	seq        int
	sent, came float64 // ms
}

// runJitter plays a trace through the play-out buffer of the box, pulled every
// 10 ms, and prints what became of every packet: P ms seq where at least half of
// it sounded (ms of its first sample), C ms for 10 ms made up, I ms where the
// sound was slowed, X seq for a packet that came and was not played.
func runJitter(args []string, out io.Writer) error {
	a, err := parse(flag.NewFlagSet("jitter", flag.ContinueOnError), args, 1, 1)
	if err != nil {
		return err
	}
	trace, err := loadTrace(a[0])
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	newPassing(trace).run(w)
	return w.Flush()
}

func loadTrace(name string) ([]passage, error) {
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	trace, err := readTrace(name, f)
	if err == nil && len(trace) == 0 {
		err = fmt.Errorf("%s has no packets in it", name)
	}
	return trace, err
}

func readTrace(name string, f io.Reader) (trace []passage, err error) {
	s := bufio.NewScanner(f)
	for s.Scan() {
		fields := strings.Fields(s.Text())
		if len(fields) == 0 {
			continue
		}
		var v [3]float64
		for i := range v {
			if len(fields) == 3 {
				v[i], err = strconv.ParseFloat(fields[i], 64)
			}
			if len(fields) != 3 || err != nil || !(math.Abs(v[i]) <= maxTrace*packetMs) {
				return nil, fmt.Errorf("line %d of %s is not: sequence number, ms sent, ms come (-1 lost)", len(trace)+1, name)
			}
		}
		if len(trace) == maxTrace {
			return nil, fmt.Errorf("%s is longer than a day", name)
		}
		if int(v[0]) != len(trace) {
			return nil, fmt.Errorf("packet %d of %s has the number %v; they count from 0", len(trace), name, v[0])
		}
		trace = append(trace, passage{int(v[0]), v[1], v[2]})
	}
	if s.Err() != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, s.Err())
	}
	return trace, nil
}

// passing is a trace under way.
type passing struct {
	trace   []passage
	arrived []int // indices in the order of arrival
	buf     *jitter.Buffer
	heard   []uint32 // by packet, a bit for each of its ms that sounded
	began   []float64
	told    []bool
}

func newPassing(trace []passage) *passing {
	p := &passing{trace: trace, buf: jitter.New(), heard: make([]uint32, len(trace)),
		began: make([]float64, len(trace)), told: make([]bool, len(trace))}
	for i, x := range trace {
		if x.came >= 0 {
			p.arrived = append(p.arrived, i)
		}
	}
	sort.SliceStable(p.arrived, func(a, b int) bool { return trace[p.arrived[a]].came < trace[p.arrived[b]].came })
	return p
}

// origin is the time stamp of the first packet: not far from the wrap, so that
// a minute crosses it.
const origin uint32 = math.MaxUint32 - 100_000

func (p *passing) run(w io.Writer) {
	pcm := hum(len(p.trace) * packetMs * 8)
	var f media.Frame
	next := 0
	last := 0.0
	if n := len(p.arrived); n > 0 {
		last = p.trace[p.arrived[n-1]].came
	}
	for ms := 0; float64(ms) < last+500; ms += 10 {
		for ; next < len(p.arrived) && p.trace[p.arrived[next]].came <= float64(ms); next++ {
			i := p.arrived[next]
			at := i * packetMs * 8
			p.buf.PutAt(uint32(p.trace[i].came*rate/1000), uint16(i), origin+uint32(at), i == 0, pcm[at:at+packetMs*8])
		}
		heard := p.buf.Pull(uint64(ms/10), &f)
		what := p.buf.Played()
		switch {
		case what.Made >= frame/2 && heard && p.at(what)+what.MadeAt/8 < len(p.trace)*packetMs:
			fmt.Fprintf(w, "C %d\n", ms)
		case what.Stretched:
			fmt.Fprintf(w, "I %d\n", ms)
		}
		p.mark(w, what, ms)
	}
	for i, x := range p.trace {
		if x.came >= 0 && !p.told[i] {
			fmt.Fprintf(w, "X %d\n", i)
		}
	}
}

// at is the ms of the stream with which a frame began.
func (p *passing) at(what jitter.Played) int {
	return int(int32(what.TS-origin)) / 8
}

// mark notes which ms of which packets a frame brought.
func (p *passing) mark(w io.Writer, what jitter.Played, ms int) {
	from := p.at(what)
	for k := range what.Samples / 8 {
		i, at := (from+k)/packetMs, (from+k)%packetMs
		made := 8*k >= what.MadeAt && 8*k < what.MadeAt+what.Made
		if from+k < 0 || i >= len(p.trace) || made {
			continue
		}
		if p.heard[i] == 0 {
			p.began[i] = float64(ms + k - at)
		}
		p.heard[i] |= 1 << at
		if !p.told[i] && bits.OnesCount32(p.heard[i]) >= packetMs/2 {
			p.told[i] = true
			fmt.Fprintf(w, "P %.0f %d\n", p.began[i], i)
		}
	}
}

// hum is something like a voice for the buffer to find a period in.
func hum(n int) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		t := float64(i) / rate
		pcm[i] = int16(4000*math.Sin(2*math.Pi*110*t) + 2500*math.Sin(2*math.Pi*330*t+0.3*math.Sin(9*t)))
	}
	return pcm
}
