package console

import "strings"

// historyMax lines can be called back.
const historyMax = 100

// history remembers lines of one session, but none with a password in it.
type history struct{ lines []string }

// Add implements term.History.
func (h *history) Add(line string) {
	if strings.TrimSpace(line) == "" || strings.Contains(line, "password") {
		return
	}
	if n := len(h.lines); n > 0 && h.lines[n-1] == line {
		return
	}
	if len(h.lines) == historyMax {
		h.lines = h.lines[1:]
	}
	h.lines = append(h.lines, line)
}

// Len implements term.History.
func (h *history) Len() int { return len(h.lines) }

// At implements term.History; 0 is the newest.
func (h *history) At(i int) string { return h.lines[len(h.lines)-1-i] }
