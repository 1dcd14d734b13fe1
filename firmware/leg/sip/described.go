package sip

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"github.com/emiago/sipgo/sip"
)

const (
	// partsMax bounds the parts of a body that are looked at: the session, what the
	// telephone network adds (RFC 3204) and where the caller is (RFC 6442).
	partsMax = 8
	// nestedMax is how deep a description may lie: RFC 5621 section 4.3 has an
	// alternative within a mixture.
	nestedMax = 2
)

// described is the session description that a message carries, alone or as a part of
// its body (RFC 5621 section 3.1), nil where it has none. The other parts are passed
// over, whatever their handling: exchanges add what only exchanges read.
func described(m sip.Message) []byte {
	body := m.Body()
	if len(body) == 0 {
		return nil
	}
	types := headers(m, "Content-Type")
	switch _, request := m.(*sip.Request); {
	case len(types) == 0 && !request: // RFC 3261 section 20.15 asks for one; some gateways forget it
		return body
	case len(types) != 1:
		return nil
	}
	return sessionIn(types[0], body, 0)
}

// sessionIn looks into a body of a type.
func sessionIn(contentType string, body []byte, depth int) []byte {
	if isSDP(contentType) {
		return body
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || !strings.HasPrefix(kind, "multipart/") || params["boundary"] == "" || depth == nestedMax {
		return nil
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for range partsMax {
		p, err := parts.NextRawPart()
		if err != nil {
			return nil
		}
		part, err := io.ReadAll(p) // no longer than the message it came in
		if err != nil {
			return nil
		}
		switch strings.ToLower(strings.TrimSpace(p.Header.Get("Content-Transfer-Encoding"))) {
		case "", "7bit", "8bit", "binary":
		default:
			continue
		}
		if found := sessionIn(p.Header.Get("Content-Type"), part, depth+1); found != nil {
			return found
		}
	}
	return nil
}

// isSDP reports whether a Content-Type names a session description.
func isSDP(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(kind), "application/sdp")
}
