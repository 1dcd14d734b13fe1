package console

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"centralita/firmware/words"
)

// screen is what a session knows of its terminal.
type screen struct {
	columns, rows int  // rows 0: no pauses, as for a pipe
	shown         int  // rows since the last pause
	shut          bool // the person has seen enough of this answer
}

// usual is a terminal that does not say how large it is.
var usual = screen{columns: 80, rows: 24}

// Bounds of what a terminal may say of itself.
const (
	columnsMin, columnsMax = 20, 500
	rowsMin, rowsMax       = 4, 500
)

// askSize makes xterm and its kin say how large they are; others leave it.
const askSize = "\x1b[18t"

// fresh begins the answer to a new line.
func (s *screen) fresh() { s.shown, s.shut = 0, false }

// resize takes a new size; 0 rows are no pauses.
func (s *session) resize(columns, rows int) {
	if rows != 0 {
		rows = min(max(rows, rowsMin), rowsMax)
	}
	s.screen.rows = rows
	if columns > 0 {
		s.screen.columns = min(max(columns, columnsMin), columnsMax)
		_ = s.t.SetSize(s.screen.columns, max(rows, rowsMin)) // it only writes, which shows at the next read
	}
}

// put writes as it is.
func (s *session) put(text string) {
	_, _ = io.WriteString(s.t, text) // a broken line shows at the next read
}

// print writes lines and pauses where a screen is full.
func (s *session) print(text string) {
	lines := strings.SplitAfter(strings.TrimRight(text, "\n")+"\n", "\n")
	var page strings.Builder
	for _, l := range lines[:len(lines)-1] {
		if s.screen.shut {
			return
		}
		n := 1 + max(0, utf8.RuneCountInString(l)-2)/s.screen.columns
		if s.screen.rows > 0 && s.screen.shown > 0 && s.screen.shown+n > s.screen.rows-1 {
			s.put(page.String())
			page.Reset()
			s.pause()
			if s.screen.shut {
				return
			}
		}
		s.screen.shown += n
		page.WriteString(l)
	}
	s.put(page.String())
}

// pause asks whether to go on: space a page, Enter a line, q no more. Who sent more
// lines already, as a paste does, is not asked.
func (s *session) pause() {
	s.screen.shown = 0
	if s.w.ahead() {
		return
	}
	mark := words.T(s.lang, "console.more")
	s.put(mark)
	defer func() { s.put("\r" + strings.Repeat(" ", utf8.RuneCountInString(mark)) + "\r") }()
	for {
		key, err := s.w.wait(s.ctx)
		if err != nil {
			s.screen.shut = true
			return
		}
		switch string(key) {
		case " ":
			return
		case "\r", "\n":
			s.screen.shown = s.screen.rows - 2
			return
		case "q", "Q", "\x03":
			s.screen.shut = true
			return
		}
		s.w.sized(key)
	}
}

// terminal sets what the terminal is, for this session.
func (s *session) terminal(_ context.Context, args []string) error {
	n := 0
	if len(args) == 2 {
		if _, err := fmt.Sscanf(args[1], "%d", &n); err != nil || fmt.Sprint(n) != args[1] {
			return sentence{"console.not-number", args}
		}
	}
	switch {
	case len(args) == 2 && args[0] == "length" && (n == 0 || n >= rowsMin && n <= rowsMax):
		s.resize(0, n)
	case len(args) == 2 && args[0] == "width" && n >= columnsMin && n <= columnsMax:
		s.resize(n, s.screen.rows)
	case len(args) == 2:
		return sentence{"console.not-number", args}
	default:
		return sentence{"console.missing", []string{"length", "length <" + fmt.Sprintf("0, %d..%d", rowsMin, rowsMax) + "> | width <" + fmt.Sprintf("%d..%d", columnsMin, columnsMax) + ">"}}
	}
	s.say("console.done")
	return nil
}

func nextTerminal(args []string) ([]string, string) {
	switch len(args) {
	case 0:
		return []string{"length", "width"}, ""
	case 1:
		return nil, "number"
	}
	return nil, ""
}
