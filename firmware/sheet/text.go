package sheet

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// textWidth is that of a serial terminal.
const textWidth = 78

// Text draws the sheet for a terminal of 80 columns.
func (s *Sheet) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", s.Title, strings.Repeat("=", min(utf8.RuneCountInString(s.Title), textWidth)))
	wide := 0
	for _, f := range s.Facts {
		wide = max(wide, utf8.RuneCountInString(f.Name))
	}
	for _, f := range s.Facts {
		fmt.Fprintf(&b, "%s  %s\n", pad(f.Name, wide), f.Value)
	}
	b.WriteByte('\n')
	name, says := 0, 0
	for _, r := range s.Rows {
		name, says = max(name, utf8.RuneCountInString(r.Name)), max(says, utf8.RuneCountInString(r.Says))
	}
	for _, r := range s.Rows {
		value := r.Value
		if r.Sure > 0 {
			value += fmt.Sprintf(" (%d %%)", r.Sure)
		}
		fmt.Fprintf(&b, "[%s] %s  %s\n", pad(r.Says, says), pad(r.Name, name), value)
		for _, line := range wrap(r.Advice, textWidth-says-3) {
			fmt.Fprintf(&b, "%s-> %s\n", strings.Repeat(" ", says+3), line)
		}
	}
	b.WriteByte('\n')
	for _, line := range wrap(s.Summary, textWidth) {
		b.WriteString(line + "\n")
	}
	return b.String()
}

func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s)))
}

// wrap cuts a text into lines at its spaces.
func wrap(text string, width int) (lines []string) {
	line := ""
	for _, w := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
