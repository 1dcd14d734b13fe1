package linecare

import (
	"strings"

	"centralita/firmware/line"
)

// said is an item's text as an argument of a sentence: what has words of its own is
// a key of the catalogue, the rest, such as 600 Ω, is read the same everywhere.
func said(item, text string) string {
	switch {
	case item == line.CallerIDStyle:
		return "#style." + strings.ReplaceAll(text, " ", "-")
	case item == line.Impedance && text == "complex":
		return "#impedance.complex"
	}
	return text
}
