package sip

import (
	"net/url"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// replaces names a dialog as RFC 3891 section 6.1 does: to-tag is the tag of whoever
// receives the name.
type replaces struct {
	callID, toTag, fromTag string
	earlyOnly              bool
}

// replacesMax bounds a value: a Call-ID of 256 characters and two tags.
const replacesMax = 512

// parseReplaces reads the value of a Replaces header.
func parseReplaces(v string) (replaces, bool) {
	if len(v) > replacesMax || !printable(strings.ReplaceAll(v, " ", "")) {
		return replaces{}, false
	}
	var r replaces
	callID, params, _ := strings.Cut(v, ";")
	r.callID = strings.TrimSpace(callID)
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		switch strings.ToLower(name) {
		case "to-tag":
			if r.toTag != "" {
				return replaces{}, false
			}
			r.toTag = value
		case "from-tag":
			if r.fromTag != "" {
				return replaces{}, false
			}
			r.fromTag = value
		case "early-only":
			r.earlyOnly = true
		}
	}
	return r, r.callID != "" && r.toTag != "" && r.fromTag != ""
}

// headerOf is a header that a URI carries, unescaped (RFC 3261 section 19.1.1).
func headerOf(u sip.Uri, name string) (string, bool) {
	for _, h := range u.Headers {
		if strings.EqualFold(h.K, name) {
			v, err := url.PathUnescape(h.V)
			return v, err == nil
		}
	}
	return "", false
}

// note remembers the tag of the far end in one of the leg's dialogs, for whoever
// names it.
func (l *Leg) note(local, remote string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tags == nil {
		l.tags = make(map[string]string, 1)
	}
	l.tags[local] = remote
}

// settled notes that the leg has one dialog from now on, an answered one.
func (l *Leg) settled() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tags = map[string]string{l.d.localTag: l.d.remoteTag}
	l.confirmed = true
}

// named finds the leg that has the dialog.
func (e *Endpoint) named(callID, ours, theirs string) (l *Leg, confirmed bool) {
	l, ok := e.find(dialogID{callID, ours})
	if !ok {
		return nil, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if tag, known := l.tags[ours]; l.over || !known || tag != theirs {
		return nil, false
	}
	return l, l.confirmed
}

// mayReplace finds the leg whose place an INVITE asks for (RFC 3891 section 3); nil
// with a response that says why not.
func (e *Endpoint) mayReplace(req *sip.Request, trunk bool) (*Leg, *sip.Response) {
	values := headers(req, "Replaces")
	if len(values) == 0 {
		return nil, nil
	}
	r, ok := parseReplaces(values[0])
	if !ok || len(values) > 1 {
		return nil, respond(req, sip.StatusBadRequest, "Bad Replaces")
	}
	l, confirmed := e.named(r.callID, r.toTag, r.fromTag)
	switch {
	case trunk:
		return nil, refuse(req, sip.StatusForbidden)
	case l == nil || !confirmed && l.inbound != nil: // an early one is replaced only where we rang
		return nil, refuse(req, sip.StatusCallTransactionDoesNotExists)
	case confirmed && r.earlyOnly:
		return nil, refuse(req, sip.StatusBusyHere)
	}
	return l, nil
}
