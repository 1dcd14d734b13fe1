package sip

import (
	"bytes"
	"strings"
)

// badRequest is the 400 to a request that cannot be parsed, or 416 where it is
// the Request-URI that cannot, made of the lines that a response must carry back
// (RFC 3261 section 8.2.6.2). It is nil where they cannot be found, or for an
// ACK: then silence is all there is.
func badRequest(b []byte) []byte {
	_, rest, _ := strings.Cut(string(b[:min(len(b), datagramMax)]), " ")
	if foreignScheme(rest) {
		return stateless(b, "416 Unsupported URI Scheme")
	}
	return stateless(b, "400 Bad Request")
}

// stateless is a response made of a request's own lines.
func stateless(b []byte, status string) []byte {
	text, _, _ := strings.Cut(string(b), "\r\n\r\n")
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	method, rest, ok := strings.Cut(lines[0], " ")
	if !ok || method == "ACK" || method == "" || !strings.Contains(rest, "SIP/") || len(lines) > 200 {
		return nil
	}
	var out bytes.Buffer
	out.WriteString("SIP/2.0 " + status + "\r\n")
	found := map[string]int{}
	for _, l := range lines[1:] {
		name, value, ok := strings.Cut(l, ":")
		if !ok {
			continue
		}
		long := longName(strings.ToLower(strings.TrimSpace(name)))
		if long == "" || long != "Via" && found[long] > 0 {
			continue
		}
		found[long]++
		value = verbatim(value)
		if long == "To" && !strings.Contains(strings.ToLower(value), "tag=") {
			value += ";tag=" + token(8)
		}
		out.WriteString(long + ": " + value + "\r\n")
	}
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		if found[name] == 0 {
			return nil
		}
	}
	out.WriteString("Server: " + software + "\r\nContent-Length: 0\r\n\r\n")
	return out.Bytes()
}

// foreignScheme reports whether a Request-URI has a scheme (RFC 3986 section 3.1)
// that is not SIP's.
func foreignScheme(uri string) bool {
	scheme, _, ok := strings.Cut(uri, ":")
	if !ok || scheme == "" || strings.EqualFold(scheme, "sip") || strings.EqualFold(scheme, "sips") {
		return false
	}
	for i := range len(scheme) {
		c := scheme[i] | 0x20
		if (c < 'a' || c > 'z') && (i == 0 || strings.IndexByte("0123456789+-.", scheme[i]) < 0) {
			return false
		}
	}
	return true
}

func longName(name string) string {
	switch name {
	case "v", "via":
		return "Via"
	case "f", "from":
		return "From"
	case "t", "to":
		return "To"
	case "i", "call-id":
		return "Call-ID"
	case "cseq":
		return "CSeq"
	}
	return ""
}

// verbatim keeps a header value as it came, without control characters.
func verbatim(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s))
}
