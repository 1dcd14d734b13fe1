package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"centralita/firmware/media/callerid"
	"centralita/firmware/media/dtmf"
	"centralita/firmware/media/tone"
)

// makers make test sounds; each ends with the name of the file to write.
var makers = []tool{
	{"dtmf", "[-low -11] [-high -9] [-on 100ms] [-off 100ms] DIGITS OUT", "digits", makeDTMF},
	{"callerid", "[-standard v23|bell202] [-name NAME] [-time 2006-01-02T15:04] [-sdmf] [-absent P|O] [-waiting on|off] [NUMBER] OUT",
		"a caller ID message", makeCallerID},
	{"tone", "[-country ES] [-for 10s] [-level -13] dial|ring|busy|congestion|call-waiting|stutter|sit|howler OUT",
		"a call-progress tone", makeTone},
	{"css", "[-for 7s] [-level -15] [-double] OUT", "a composite source signal for echo cancellers", makeCSS},
}

// runMake makes one of them.
func runMake(args []string, out io.Writer) error {
	if len(args) == 0 {
		return wrong("what is to be made?")
	}
	if args[0] == "-h" || args[0] == "--help" {
		for _, m := range makers {
			fmt.Fprintf(out, "  linelab make %s %s\n        %s\n", m.name, m.args, m.what)
		}
		return nil
	}
	for _, m := range makers {
		if m.name != args[0] {
			continue
		}
		err := m.run(args[1:], out)
		if err != nil && strings.Contains(err.Error(), "help requested") {
			fmt.Fprintf(out, "usage: linelab make %s %s\n%s\n", m.name, m.args, m.what)
			return nil
		}
		return err
	}
	return wrong("%q cannot be made", args[0])
}

// lead is the silence before and after what is made.
const lead = rate / 4

// filler is a sound that ends by itself: the makers of the box are such.
type filler interface{ Fill(pcm []int16) int }

// saveFrom writes what a maker makes, at most for a time, with silence around it.
func saveFrom(name string, m filler, most time.Duration) error {
	pcm := make([]int16, lead+int(most.Seconds()*rate))
	n := lead + m.Fill(pcm[lead:])
	return save(name, append(pcm[:n], make([]int16, lead)...))
}

func makeDTMF(args []string, _ io.Writer) error {
	s := dtmf.DefaultStyle()
	f := flag.NewFlagSet("make dtmf", flag.ContinueOnError)
	low, high := f.Float64("low", float64(s.Low), ""), f.Float64("high", float64(s.High), "")
	f.DurationVar(&s.On, "on", s.On, "")
	f.DurationVar(&s.Off, "off", s.Off, "")
	a, err := parse(f, args, 2, 2)
	if err != nil {
		return err
	}
	s.Low, s.High = float32(*low), float32(*high)
	m, err := dtmf.NewMaker(a[0], s)
	if err != nil {
		return err
	}
	return saveFrom(a[1], m, m.Duration()+time.Second)
}

func makeCallerID(args []string, _ io.Writer) error {
	f := flag.NewFlagSet("make callerid", flag.ContinueOnError)
	standard := f.String("standard", "v23", "")
	stamp := f.String("time", "2000-01-01T12:00", "")
	absent := f.String("absent", "", "")
	waiting := f.String("waiting", "", "")
	single := f.Bool("sdmf", false, "")
	var m callerid.Message
	f.StringVar(&m.Name, "name", "", "")
	a, err := parse(f, args, 1, 2)
	if err != nil {
		return err
	}
	modem, ok := map[string]callerid.Modem{"v23": callerid.V23, "bell202": callerid.Bell202}[*standard]
	if !ok {
		return wrong("the standard is v23 or bell202, not %q", *standard)
	}
	if m.Time, err = time.Parse("2006-01-02T15:04", *stamp); err != nil {
		return wrong("a time is written as 2006-01-02T15:04, not %q", *stamp)
	}
	if len(a) == 2 {
		m.Number = a[0]
	}
	if *absent != "" {
		m.NoNumber = callerid.Absence((*absent)[0])
	}
	m.Kind = kind(*single, *waiting != "")
	m.Waiting = *waiting == "on"
	return saveFrom(a[len(a)-1], callerid.NewSender(modem, m), 10*time.Second)
}

func kind(single, waiting bool) callerid.Kind {
	switch {
	case single && waiting:
		return callerid.SingleWaiting
	case single:
		return callerid.Single
	case waiting:
		return callerid.MessageWaiting
	}
	return callerid.Call
}

func makeTone(args []string, _ io.Writer) error {
	f := flag.NewFlagSet("make tone", flag.ContinueOnError)
	code := f.String("country", "ES", "")
	long := f.Duration("for", 10*time.Second, "")
	loud := f.Float64("level", tone.Level, "")
	a, err := parse(f, args, 2, 2)
	if err != nil {
		return err
	}
	plan, ok := tone.Plan(*code)
	if !ok {
		return wrong("there is no plan of %q; there are those of %s", *code, strings.Join(tone.Countries(), " "))
	}
	if *long < 0 || *long > time.Hour {
		return wrong("a tone of %v", *long)
	}
	for s := tone.Dial; s <= tone.Howler; s++ {
		if toneName(s) == a[0] || s.String() == a[0] {
			return saveFrom(a[1], tone.New(plan.Signals[s], *loud), *long)
		}
	}
	return wrong("there is no tone %q", a[0])
}

func makeCSS(args []string, _ io.Writer) error {
	f := flag.NewFlagSet("make css", flag.ContinueOnError)
	long := f.Duration("for", 7*time.Second, "")
	loud := f.Float64("level", -15, "")
	double := f.Bool("double", false, "")
	a, err := parse(f, args, 1, 1)
	if err != nil {
		return err
	}
	if *long < 0 || *long > time.Hour {
		return wrong("a signal of %v", *long)
	}
	x := css(int(long.Seconds()*rate), *double)
	var sum float64
	for _, v := range x {
		sum += v * v
	}
	gain := 16141 * math.Pow(10, *loud/20) / math.Sqrt(sum/float64(max(1, len(x)))+1e-12)
	pcm := make([]int16, len(x))
	for i, v := range x {
		pcm[i] = int16(math.Round(max(-32768, min(32767, gain*v))))
	}
	return save(a[0], pcm)
}
