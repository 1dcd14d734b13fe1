package sip

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// supported are the extensions we can be required to use; path and outbound are
// the registrar's.
var supported = map[string]bool{"100rel": true, "timer": true, "replaces": true, "norefersub": true, "path": true, "outbound": true}

// extensions are the same for Supported headers.
const extensions = "100rel, timer, replaces, norefersub"

// cseqMax: a sequence number must be below 2^31 (RFC 3261 section 8.1.1.5).
const cseqMax = 1<<31 - 1

// validate says what is wrong with a request, or nil. The parser below frames
// messages and is tolerant; what RFC 3261 sections 8.2 and 8.1.1 ask is asked
// here. An ACK is never answered: the caller drops it instead.
func validate(req *sip.Request) *sip.Response {
	if req.SipVersion != "SIP/2.0" {
		return refuse(req, sip.StatusVersionNotSupported)
	}
	if why := malformed(req); why != "" {
		return respond(req, sip.StatusBadRequest, why)
	}
	if s := req.Recipient.Scheme; s != "sip" && s != "sips" {
		return refuse(req, sip.StatusRequestedRangeNotSatisfiable)
	}
	if req.Method == sip.REGISTER {
		if s := req.To().Address.Scheme; s != "sip" && s != "sips" {
			return respond(req, sip.StatusBadRequest, "To Is No Address Of Record")
		}
	}
	if res := required(req); res != nil {
		return res
	}
	if req.Method == sip.INVITE || req.Method == sip.UPDATE {
		return acceptable(req)
	}
	return nil
}

// malformed is the reason phrase of a 400, or "".
func malformed(req *sip.Request) string {
	for _, name := range []string{"From", "To", "Call-ID", "CSeq"} {
		switch len(req.GetHeaders(name)) {
		case 0:
			return "Missing " + name
		case 1:
		default:
			return "More Than One " + name
		}
	}
	for _, name := range []string{"Max-Forwards", "Content-Length", "Content-Type", "Expires"} {
		if len(req.GetHeaders(name)) > 1 {
			return "More Than One " + name
		}
	}
	if req.Via() == nil || req.From() == nil || req.To() == nil || req.CallID() == nil || req.CSeq() == nil {
		return "Unreadable Header"
	}
	if misaddressed(&req.Recipient) {
		return "Request-URI Is No Address"
	}
	if c := req.Contact(); c != nil && misaddressed(&c.Address) {
		return "Contact Is No Address"
	}
	c := req.CSeq()
	if !strings.EqualFold(c.MethodName.String(), req.Method.String()) { // the parser writes the one in capitals
		return "CSeq Names Another Method"
	}
	if c.SeqNo > cseqMax {
		return "CSeq Too Large"
	}
	if f := req.MaxForwards(); f != nil && f.Val() > 255 {
		return "Max-Forwards Too Large"
	}
	if n := len(req.GetHeaders("Contact")); req.Method == sip.INVITE && n != 1 && (n > 1 || !old(req)) {
		return "INVITE Needs One Contact"
	}
	if id := req.CallID().Value(); len(id) > 256 || !printable(id) {
		return "Bad Call-ID"
	}
	for _, h := range req.Headers() {
		if controls(h.Value()) {
			return "Control Character In " + clean(h.Name(), 40)
		}
	}
	return ""
}

// old reports whether the sender keeps to RFC 2543, which knew no branch that
// begins with the magic cookie (RFC 3261 section 8.1.1.7) and asked for no
// Contact.
func old(req *sip.Request) bool {
	branch, _ := req.Via().Params.Get("branch")
	return !strings.HasPrefix(branch, sip.RFC3261BranchMagicCookie)
}

// controls reports whether v has control characters other than tab and those
// that a backslash quotes (RFC 3261 section 25.1, quoted-pair).
func controls(v string) bool {
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c == '\\':
			i++
		case c < ' ' && c != '\t' || c == 0x7f:
			return true
		}
	}
	return false
}

// required refuses extensions we do not know (RFC 3261 section 8.2.2.3). ACK and
// CANCEL have none to refuse.
func required(req *sip.Request) *sip.Response {
	if req.Method == sip.ACK || req.Method == sip.CANCEL {
		return nil
	}
	var unknown []string
	for _, name := range []string{"Require", "Proxy-Require"} {
		for _, v := range headers(req, name) {
			for tag := range strings.SplitSeq(v, ",") {
				if tag = clean(tag, 40); tag != "" && (!supported[strings.ToLower(tag)] || name == "Proxy-Require") {
					unknown = append(unknown, tag)
				}
			}
		}
	}
	if unknown == nil {
		return nil
	}
	res := refuse(req, sip.StatusBadExtension)
	res.AppendHeader(sip.NewHeader("Unsupported", strings.Join(unknown, ", ")))
	return res
}

// acceptable refuses bodies we cannot read and callers who cannot read ours.
func acceptable(req *sip.Request) *sip.Response {
	for _, v := range headers(req, "Content-Encoding") {
		if !strings.EqualFold(strings.TrimSpace(v), "identity") {
			res := refuse(req, sip.StatusUnsupportedMediaType)
			res.AppendHeader(sip.NewHeader("Accept-Encoding", "identity"))
			return res
		}
	}
	if len(req.Body()) > 0 && described(req) == nil {
		res := refuse(req, sip.StatusUnsupportedMediaType)
		res.AppendHeader(sip.NewHeader("Accept", "application/sdp, multipart/mixed"))
		return res
	}
	accepts := headers(req, "Accept")
	if len(accepts) == 0 {
		return nil // RFC 3261 section 20.1: none means application/sdp
	}
	for _, v := range accepts {
		for t := range strings.SplitSeq(v, ",") {
			t, _, _ = strings.Cut(t, ";")
			if t = strings.TrimSpace(t); isSDP(t) || t == "*/*" || strings.EqualFold(t, "application/*") {
				return nil
			}
		}
	}
	return refuse(req, sip.StatusNotAcceptable)
}
