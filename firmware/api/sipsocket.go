package api

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"centralita/firmware/words"
)

// sipPath is where SIP phones of browsers open their web socket (RFC 7118).
const sipPath = "/sip"

// sipSocket hands a web socket over to SIP. It is taken by TLS alone, for its digest
// could be heard otherwise, and from pages of the box or from programs that are no
// browser: another page must not phone in somebody's name. Who calls, SIP finds out
// itself; a session of the page is not asked for, a phone has none.
func (d *door) sipSocket(w http.ResponseWriter, r *http.Request) {
	if why := sipSocketWrong(r); why != "" {
		w.Header().Set("Sec-WebSocket-Protocol", "sip")
		answer(w, http.StatusForbidden, Refused{Code: why, Text: words.T(d.visitorLanguage(r), "refused."+why)})
		return
	}
	c, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		answer(w, http.StatusHTTPVersionNotSupported, Refused{Code: "sip-socket", Text: words.T(d.visitorLanguage(r), "refused.sip-socket")})
		return
	}
	_ = c.SetDeadline(time.Time{}) // from here on SIP has its own
	var head bytes.Buffer
	fmt.Fprintf(&head, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n", sipPath, hostOf(r))
	for _, name := range []string{"Sec-WebSocket-Key", "Sec-WebSocket-Version"} {
		fmt.Fprintf(&head, "%s: %s\r\n", name, oneLine(r.Header.Get(name)))
	}
	head.WriteString("\r\n")
	if n := buffered.Reader.Buffered(); n > 0 {
		more, _ := buffered.Reader.Peek(n) // they are there
		head.Write(more)
	}
	d.SIPSocket(c, head.Bytes())
}

// sipSocketWrong is why a request cannot become a phone's socket, "" nothing.
func sipSocketWrong(r *http.Request) string {
	var protocols []string
	for p := range strings.SplitSeq(r.Header.Get("Sec-WebSocket-Protocol"), ",") {
		protocols = append(protocols, strings.ToLower(strings.TrimSpace(p)))
	}
	if r.TLS == nil || !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") || !slices.Contains(protocols, "sip") {
		return "sip-socket"
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "https" || !strings.EqualFold(u.Host, r.Host) {
			return "cross-origin"
		}
	}
	return ""
}

func oneLine(s string) string {
	s, _, _ = strings.Cut(s, "\r")
	s, _, _ = strings.Cut(s, "\n")
	return s[:min(len(s), 64)]
}
