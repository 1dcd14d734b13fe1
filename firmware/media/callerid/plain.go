package callerid

import "strings"

// Plain is a name in the letters that every display knows (the international
// reference version of ITU-T T.50, that is ASCII): accents are left out, letters
// of two sounds are written as two, and quotation marks and dashes become those of
// a typewriter. "Recepcion" reads better than "Recepci?n".
func Plain(name string) string { return plain.Replace(name) }

// plain covers the letters of the languages of Europe and the Americas that are
// written in Latin letters.
var plain = strings.NewReplacer(pairs()...)

var letters = map[string]string{
	"a": "áàâäãåāăą", "e": "éèêëēėęě", "i": "íìîïīįı", "o": "óòôöõōőø", "u": "úùûüūůűų",
	"c": "çćčċ", "d": "ďđð", "g": "ğģġ", "h": "ħ", "k": "ķ", "l": "łľĺļ", "n": "ñńňņ", "r": "řŕ",
	"s": "šśşș", "t": "ťţț", "w": "ŵ", "y": "ýÿŷ", "z": "žźż",
	"A": "ÁÀÂÄÃÅĀĂĄ", "E": "ÉÈÊËĒĖĘĚ", "I": "ÍÌÎÏĪĮİ", "O": "ÓÒÔÖÕŌŐØ", "U": "ÚÙÛÜŪŮŰŲ",
	"C": "ÇĆČĊ", "D": "ĎĐÐ", "G": "ĞĢĠ", "H": "Ħ", "K": "Ķ", "L": "ŁĽĹĻ", "N": "ÑŃŇŅ", "R": "ŘŔ",
	"S": "ŠŚŞȘ", "T": "ŤŢȚ", "W": "Ŵ", "Y": "ÝŸŶ", "Z": "ŽŹŻ",
	"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "th": "þ", "TH": "Þ",
	"'": "’‘‚", `"`: "“”„«»", "-": "–—", "...": "…", ".": "·", " ": "\u00a0", "a.": "ª", "o.": "º",
}

func pairs() (list []string) {
	for to, from := range letters {
		for _, r := range from {
			list = append(list, string(r), to)
		}
	}
	return list
}
