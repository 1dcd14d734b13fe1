package sip

import "bytes"

// tidy takes optional white space out of a datagram's header section, in place,
// and returns what is left: folded lines become one (RFC 3261 section 7.3.1), and
// in headers with parameters nothing stands around a separator (section 25.1,
// SWS). The library below takes such white space for a part of names and values.
// What is no header section passes as it came; bodies are never touched.
func tidy(b []byte) []byte {
	head := bytes.Index(b, []byte("\r\n\r\n"))
	if head < 0 {
		return b
	}
	at := bytes.Index(b, []byte("\r\n")) + 2
	end, w := head+2, at
	for at < end {
		from := w
		for more := true; more && at < end; more = at < end && lws(b[at]) {
			n := bytes.Index(b[at:end], []byte("\r\n"))
			part := trim(b[at : at+n])
			if w > from && len(part) > 0 {
				b[w] = ' '
				w++
			}
			w += copy(b[w:], part)
			at += n + 2
		}
		w = from + len(tidyLine(b[from:w]))
		w += copy(b[w:], "\r\n")
	}
	return b[:w+copy(b[w:], b[end:])]
}

// tidyLine does one unfolded header line, in place.
func tidyLine(line []byte) []byte {
	colon := bytes.IndexByte(line, ':')
	if colon < 0 {
		return line
	}
	var around string
	switch string(bytes.ToLower(trim(line[:colon]))) {
	case "via", "v":
		around = ";=,/:"
	case "from", "f", "to", "t", "contact", "m", "route", "record-route", "refer-to", "r", "referred-by", "b":
		around = ";=,"
	default:
		return line
	}
	w := copy(line, trim(line[:colon]))
	value := squeeze(trim(line[colon+1:]), around)
	w += copy(line[w:], ": "[:min(2, colon+1-w+spaces(line[colon+1:]))])
	return line[:w+copy(line[w:], value)]
}

// squeeze drops white space beside any of the separators, in place, and makes one
// space of what stands elsewhere; quoted strings and addresses in angle brackets
// stay as they are.
func squeeze(v []byte, separators string) []byte {
	w, quoted, angled := 0, false, false
	for r := 0; r < len(v); r++ {
		c := v[r]
		switch {
		case quoted && c == '\\' && r+1 < len(v):
			v[w] = c
			w++
			r++
			c = v[r]
		case c == '"' && !angled:
			quoted = !quoted
		case quoted:
		case c == '<' || c == '>':
			angled = c == '<'
		case lws(c) && !angled:
			if r+1 < len(v) && (lws(v[r+1]) || bytes.IndexByte([]byte(separators), v[r+1]) >= 0) ||
				w > 0 && bytes.IndexByte([]byte(separators), v[w-1]) >= 0 {
				continue
			}
			c = ' '
		}
		v[w] = c
		w++
	}
	return v[:w]
}

// spaces counts the white space that b begins with.
func spaces(b []byte) int { return len(b) - len(bytes.TrimLeft(b, " \t")) }

func trim(b []byte) []byte { return bytes.Trim(b, " \t") }

func lws(c byte) bool { return c == ' ' || c == '\t' }
