package sip

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// allowed are the methods we serve, for Allow headers. NOTIFY and PUBLISH are answered
// 405.
const allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, PRACK, UPDATE, INFO, REFER, SUBSCRIBE, MESSAGE"

// software is what we call ourselves in Server and User-Agent.
const software = "Centralita"

// respond begins a response to req.
func respond(req *sip.Request, status int, reason string) *sip.Response {
	res := sip.NewResponseFromRequest(req, status, reason, nil)
	res.SipVersion = "SIP/2.0" // ours, whatever version was asked
	traced(req, res)
	res.AppendHeader(sip.NewHeader("Server", software))
	return res
}

// reasons are the phrases of RFC 3261 section 21 for the refusals we send.
var reasons = map[int]string{
	400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
	408: "Request Timeout", 415: "Unsupported Media Type", 416: "Unsupported URI Scheme", 420: "Bad Extension",
	480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 486: "Busy Here",
	487: "Request Terminated", 488: "Not Acceptable Here", 489: "Bad Event", 422: "Session Interval Too Small", 491: "Request Pending", 500: "Server Internal Error",
	501: "Not Implemented", 503: "Service Unavailable", 504: "Server Time-out", 505: "Version Not Supported", 603: "Decline",
}

// refuse is a final response without a body.
func refuse(req *sip.Request, status int) *sip.Response {
	return respond(req, status, reasons[status])
}

// lists reports whether a header that is a list of tokens holds one.
func lists(req sip.Message, header, token string) bool {
	for _, h := range headers(req, header) {
		for v := range strings.SplitSeq(h, ",") {
			if strings.EqualFold(strings.TrimSpace(v), token) {
				return true
			}
		}
	}
	return false
}

// compact are the short names of RFC 3261 section 7.3.3 that the parser leaves
// as they are.
var compact = map[string]string{"Supported": "k", "Content-Type": "c", "Content-Encoding": "e", "Session-Expires": "x", "Refer-To": "r", "Referred-By": "b"}

// headers are the values of a header under its long or its short name.
func headers(m sip.Message, name string) []string {
	var out []string
	for _, h := range m.GetHeaders(name) {
		out = append(out, h.Value())
	}
	if short, ok := compact[name]; ok {
		for _, h := range m.GetHeaders(short) {
			out = append(out, h.Value())
		}
	}
	return out
}
