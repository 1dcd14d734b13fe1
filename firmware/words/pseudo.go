package words

import "strings"

// Pseudo is the language that tests read: English with foreign letters, longer by
// a third, between brackets. What is cut off, or not translated at all, is seen.
const Pseudo = "qps"

var foreign = strings.NewReplacer("a", "á", "e", "ë", "i", "ï", "o", "ø", "u", "ü", "A", "Å", "E", "É", "I", "Î", "O", "Ö", "U", "Û", "n", "ñ", "c", "ç")

// Lengthen makes a sentence of the pseudo-language out of an English one.
func Lengthen(s string) string {
	n := len([]rune(s))
	return "[" + foreign.Replace(s) + strings.Repeat("~", (n*35+99)/100) + "]"
}
