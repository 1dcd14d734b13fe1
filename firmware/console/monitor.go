package console

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/words"
)

// meterEvery is how often a level is written anew: at 9600 bit/s a line of it is a
// tenth of what the wire carries meanwhile.
const meterEvery = 500 * time.Millisecond

// monitorLevel is a meter of a socket's sound until a key.
func (s *session) monitorLevel(_ context.Context, args []string) error {
	if len(args) != 1 || s.Lab.Levels == nil {
		return sentence{"console.missing", []string{"port", "<port>"}}
	}
	read, stop, ok := s.Lab.Levels(args[0])
	if !ok {
		return sentence{"console.no-chip", []string{printable(args[0])}}
	}
	defer stop()
	s.say("console.monitor")
	shown := ""
	live(s, (<-chan bool)(nil), meterEvery, func(bool, bool) bool {
		heard, said := read()
		if now := words.T(s.lang, "console.level", bar(heard), fmt.Sprintf("%5.1f", heard), bar(said), fmt.Sprintf("%5.1f", said)); now != shown {
			s.put("\r" + now)
			shown = now
		}
		return true
	})
	s.put("\n")
	return nil
}

// bar draws -60..0 dBm0.
func bar(db float64) string {
	n := min(max(int((db+60)/4), 0), 15)
	return "[" + strings.Repeat("#", n) + strings.Repeat(" ", 15-n) + "]"
}

// monitorSIP shows messages as they pass.
func (s *session) monitorSIP(_ context.Context, args []string) error {
	station, trunk := "", ""
	switch {
	case s.Lab.SIP == nil || len(args) == 1 || len(args) > 2:
		return sentence{"console.missing", []string{"station, trunk", "[station <station> | trunk <trunk>]"}}
	case len(args) == 2 && args[0] == "station":
		station = args[1]
	case len(args) == 2 && args[0] == "trunk":
		trunk = args[1]
	case len(args) == 2:
		return sentence{"console.too-many", []string{printable(args[0]), "[station <station> | trunk <trunk>]"}}
	}
	seen, missed, stop := s.Lab.SIP(station, trunk)
	defer stop()
	s.say("console.monitor")
	told := uint64(0)
	live(s, seen, time.Second, func(m Message, some bool) bool {
		if n := missed(); n > told {
			s.say("console.missed", fmt.Sprint(n-told))
			told = n
		}
		if some {
			s.put(drawn(m))
		}
		return true
	})
	return nil
}

// drawn is a message with an arrow from or to us.
func drawn(m Message) string {
	arrow := "<--"
	if m.Sent {
		arrow = "-->"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %s\n", m.At.UTC().Format("15:04:05.000Z"), arrow, m.Transport, printable(m.Far))
	for line := range strings.Lines(strings.TrimRight(m.Text, "\r\n")) {
		b.WriteString("    " + printable(strings.TrimRight(line, "\r\n")) + "\n")
	}
	return b.String()
}

// monitorAlarms shows the alarms there are, then how they come and go.
func (s *session) monitorAlarms(ctx context.Context, _ []string) error {
	if s.Lab.Follow == nil {
		return sentence{"refused.not-found", nil}
	}
	follow, cancel := context.WithCancel(s.ctx)
	defer cancel()
	news := s.follow(follow)
	data, at, err := s.View(ctx, "alarm", "list")
	if err != nil {
		return err
	}
	text, err := table(data, at, s.lang)
	if err != nil {
		return err
	}
	s.put(text)
	s.say("console.monitor")
	live(s, news, 10*time.Second, func(e *event.Record, some bool) bool {
		if !some {
			return true
		}
		s.put(s.alarmLine(e))
		return true
	})
	return nil
}

// newsMax is how many records of the journal wait for a slow terminal; the journal
// itself holds the rest.
const newsMax = 16

// follow tells the journal from now on, until ctx ends.
func (s *session) follow(ctx context.Context) <-chan *event.Record {
	records := s.Lab.Follow(ctx)
	news := make(chan *event.Record, newsMax)
	go pull(ctx, records, news)
	return news
}

func pull(ctx context.Context, records iter.Seq2[*event.Record, error], news chan<- *event.Record) {
	defer close(news)
	for r, err := range records {
		if err != nil {
			return
		}
		select {
		case news <- r:
		case <-ctx.Done():
			return
		}
	}
}

// now is the moment of the box, as views have it.
func (s *session) now(ctx context.Context) core.Time {
	for _, f := range s.Features {
		for _, v := range f.Views {
			if _, at, err := s.View(ctx, f.Name, v.Name); err == nil {
				return at
			}
		}
	}
	return core.Time{}
}
