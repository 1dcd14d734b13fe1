package console

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/words"
)

// LogLine is one of the program's log.
type LogLine struct {
	At    time.Time
	Level slog.Level
	Text  string
}

// levels are what may be asked for: that and what is graver.
var levels = map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}

// logFirst is how much of the past is shown: a screen.
const logFirst = 20

func nextLevel(args []string) ([]string, string) {
	if len(args) > 0 {
		return nil, ""
	}
	return []string{"debug", "error", "info", "warn"}, ""
}

// monitorLog shows the end of the log and how it goes on, and alarms among it as they
// come and go, until a key.
func (s *session) monitorLog(_ context.Context, args []string) error {
	least := slog.LevelDebug
	if len(args) == 1 {
		var ok bool
		if least, ok = levels[args[0]]; !ok {
			return sentence{"console.missing", []string{"level", "[debug | info | warn | error]"}}
		}
	}
	if s.Lab.Log == nil || len(args) > 1 {
		return sentence{"console.missing", []string{"level", "[debug | info | warn | error]"}}
	}
	last, lines, missed, stop := s.Lab.Log()
	defer stop()
	var past []string
	for _, l := range last {
		if l.Level >= least {
			past = append(past, s.logLine(l))
		}
	}
	s.put(strings.Join(past[max(0, len(past)-logFirst):], ""))
	s.say("console.monitor")
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	var alarms <-chan *event.Record
	if s.Lab.Follow != nil {
		alarms = s.follow(ctx)
	}
	news := make(chan string)
	go func() {
		for {
			text := ""
			select {
			case <-ctx.Done():
				return
			case l := <-lines:
				if l.Level >= least {
					text = s.logLine(l)
				}
			case r, ok := <-alarms:
				if !ok {
					alarms = nil // of a journal that ended
					continue
				}
				text = s.alarmLine(r)
			}
			if text == "" {
				continue
			}
			select {
			case <-ctx.Done():
				return
			case news <- text:
			}
		}
	}()
	told := uint64(0)
	live(s, news, time.Second, func(text string, some bool) bool {
		if n := missed(); n > told {
			s.say("console.missed-log", fmt.Sprint(n-told))
			told = n
		}
		s.put(text)
		return true
	})
	return nil
}

func (s *session) logLine(l LogLine) string {
	return s.moment(l.At.UnixMilli()) + " " + fmt.Sprintf("%-5s", l.Level) + " " + printable(l.Text) + "\n"
}

// alarmLine is one that came or went, "" of another fact.
func (s *session) alarmLine(r *event.Record) string {
	one, err := r.Event()
	if err != nil {
		return "" // of a newer version
	}
	when := s.moment(r.Wall)
	switch e := one.(type) {
	case *event.AlarmRaised:
		return "+ " + when + "  " + words.T(s.lang, "severity."+e.Severity) + "  " + printable(words.T(s.lang, e.Text, e.Args...)) + "\n"
	case *event.AlarmCleared:
		return "- " + when + "  " + words.T(s.lang, "console.alarm-over", printable(e.Key)) + "\n"
	}
	return ""
}
