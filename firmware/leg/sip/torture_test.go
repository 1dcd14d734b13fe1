package sip

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The situations of RFC 4475, with messages of our own. Each is one datagram; the
// answer is what RFC 3261 asks for, and the box answers the next phone as before.
var torture = []struct {
	name   string
	text   string // CRLF line ends are put in
	want   string // status, or "" for silence
	header string // that the answer carries
}{
	{"no Call-ID, From and To (3.3.1)", "INVITE sip:600@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKa1\nCSeq: 1 INVITE\nContact: <sip:a@10.0.0.9>\nContent-Length: 0\n\n", "400", ""},
	{"no CSeq", request("OPTIONS", "CSeq", ""), "400", ""},
	{"CSeq names another method (3.1.2.17)", request("OPTIONS", "CSeq", "CSeq: 8 INVITE"), "400", ""},
	{"unknown method, CSeq of another (3.1.2.18)", request("NEWMETHOD", "CSeq", "CSeq: 8 INVITE"), "400", ""},
	{"CSeq too large (3.1.2.4)", request("OPTIONS", "CSeq", "CSeq: 4294967295 OPTIONS"), "400", ""},
	{"CSeq beyond 32 bits", request("OPTIONS", "CSeq", "CSeq: 36893488147419103232 OPTIONS"), "400", ""},
	{"Max-Forwards above 255", request("OPTIONS", "Max-Forwards", "Max-Forwards: 300"), "400", ""},
	{"Max-Forwards 0 (3.3.11)", request("OPTIONS", "Max-Forwards", "Max-Forwards: 0"), "200", ""},
	{"version 7.0 (3.1.2.16)", strings.Replace(request("OPTIONS", "", ""), "SIP/2.0\n", "SIP/7.0\n", 1), "505", ""},
	{"unknown scheme (3.3.2)", strings.Replace(request("OPTIONS", "", ""), "sip:600@10.0.0.1 ", "nobodyKnowsThisScheme:totallyopaquecontent ", 1), "416", ""},
	{"scheme with dot (3.3.3)", strings.Replace(request("OPTIONS", "", ""), "sip:600@10.0.0.1 ", "soap.beep://192.0.2.103:3002 ", 1), "416", ""},
	{"REGISTER to an isbn (3.3.4)", request("REGISTER", "To", "To: isbn:2983792873"), "400", ""},
	{"unknown Require and Proxy-Require (3.3.5)", request("OPTIONS", "Max-Forwards", "Max-Forwards: 70\nRequire: nothingSupportsThis, nothingSupportsThisEither\nProxy-Require: noProxiesSupportThis"), "420", "Unsupported: nothingSupportsThis, nothingSupportsThisEither, noProxiesSupportThis"},
	{"body of unknown type (3.3.6)", request("INVITE", "Content-Length", "Content-Type: application/unknownformat\nContent-Length: 4\n\nabcd"), "415", "Accept: application/sdp"},
	{"encoded body", request("INVITE", "Content-Length", "Content-Type: application/sdp\nContent-Encoding: gzip\nContent-Length: 4\n\nabcd"), "415", "Accept-Encoding"},
	{"credentials of an unknown kind (3.3.7)", request("REGISTER", "Max-Forwards", "Max-Forwards: 70\nAuthorization: NoOneKnowsThisScheme opaque-data=here"), "401", "WWW-Authenticate"},
	{"two From", request("OPTIONS", "From", "From: <sip:a@10.0.0.9>;tag=1\nFrom: <sip:b@10.0.0.9>;tag=2"), "400", ""},
	{"two Call-ID (3.3.8)", request("OPTIONS", "Call-ID", "Call-ID: one@10.0.0.9\nCall-ID: two@10.0.0.9"), "400", ""},
	{"two Content-Length (3.3.9)", request("OPTIONS", "Content-Length", "Content-Length: 5\nContent-Length: 0\n\nhello"), "400", ""},
	{"negative Content-Length (3.1.2.3)", request("INVITE", "Content-Length", "Content-Length: -999"), "400", ""},
	{"Content-Length beyond the datagram (3.1.2.2)", request("INVITE", "Content-Length", "Content-Type: application/sdp\nContent-Length: 9999\n\nv=0"), "400", ""},
	{"a body longer than is read", request("INVITE", "Content-Length", "Content-Type: text/plain\nContent-Length: 20000\n\n") + strings.Repeat("x", 20000), "513", ""},
	{"a header longer than is read", strings.Replace(request("OPTIONS", "", ""), "\n\n", "\nSubject: "+strings.Repeat("x", 20000)+"\n\n", 1), "513", ""},
	{"bytes behind the body (3.1.1.8)", request("OPTIONS", "Content-Length", "Content-Length: 0\n\nINVITE sip:b@c SIP/2.0"), "200", ""},
	{"does not read SDP (3.3.15)", request("INVITE", "Max-Forwards", "Max-Forwards: 70\nAccept: text/nobodyKnowsThis"), "406", ""},
	{"an end of a call nobody knows", request("BYE", "To", "To: <sip:600@10.0.0.1>;tag=gone"), "481", ""},
	{"re-INVITE of a call nobody knows (3.1.1.1)", request("INVITE", "To", "To: <sip:600@10.0.0.1>;tag=gone"), "481", ""},
	{"CANCEL of nothing", request("CANCEL", "", ""), "481", ""},
	{"unknown method", request("%47ET", "", ""), "405", "Allow: INVITE"},
	{"SUBSCRIBE to nothing (RFC 6665 section 8.3.2)", request("SUBSCRIBE", "", ""), "489", "Allow-Events"},
	{"several Via (3.1.1.10)", request("OPTIONS", "Max-Forwards", "Max-Forwards: 70\nVia: SIP/2.0/TLS t1.example.com;branch=z9hG4bKb\nVia: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKc"), "200", "Via: SIP/2.0/SCTP"},
	{"From without tag, as RFC 2543 (3.3.16)", request("OPTIONS", "From", "From: <sip:a@10.0.0.9>"), "200", ""},
	{"no white space before < (3.1.1.6)", request("OPTIONS", "From", "From: caller<sip:a@10.0.0.9>;tag=323"), "200", ""},
	{"odd white space (3.1.1.1)", request("OPTIONS", "From", "From  :\n \"A\"   <sip:a@10.0.0.9>\n  ;\n  tag = 9"), "200", "From: \"A\" <sip:a@10.0.0.9>;tag=9"},
	{"controls quoted by a backslash (3.1.1.2)", request("OPTIONS", "From", "From: \"BEL:\\\a DEL:\\\x7f\" <sip:a@10.0.0.9>;tag=9"), "200", ""},
	{"INVITE of RFC 2543 without Contact (3.3.16)", strings.Replace(request("INVITE", "Contact", ""), ";branch=z9hG4bK", ";branch=", 1), "401", ""},
	{"INVITE of RFC 2543 without From tag", strings.Replace(request("INVITE", "From", "From: <sip:a@10.0.0.9>"), ";branch=z9hG4bK", ";branch=", 1), "403", ""},
	{"INVITE without Contact", request("INVITE", "Contact", ""), "400", ""},
	{"folded header", request("OPTIONS", "From", "From: \"A\n folded\" <sip:a@10.0.0.9>;\n  tag=323"), "200", ""},
	{"semicolons in the user (3.1.1.9)", strings.Replace(request("OPTIONS", "", ""), "sip:600@", "sip:user;par=u%40example.net@", 1), "200", ""},
	{"NUL in a header", request("OPTIONS", "Max-Forwards", "Max-Forwards: 70\nSubject: a\x00b"), "400", ""},
	{"two Contacts in INVITE", request("INVITE", "Max-Forwards", "Max-Forwards: 70\nContact: <sip:b@10.0.0.9>"), "400", ""},
	{"line feeds without carriage return", "\x00LF" + request("OPTIONS", "", ""), "400", ""},
	{"ACK of nothing", request("ACK", "", ""), "", ""},
	{"broken ACK", request("ACK", "CSeq", "CSeq: 1 INVITE"), "", ""},
	{"a response to nothing (3.1.1.12)", "SIP/2.0 200 = 2**3 * 5**2\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1324\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b>;tag=2\nCall-ID: x\nCSeq: 35 INVITE\nContent-Length: 0\n\n", "", ""},
	{"a response code beyond reason (3.1.2.19)", "SIP/2.0 4294967301 better not break the receiver\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1324\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b>;tag=2\nCall-ID: x\nCSeq: 35 INVITE\nContent-Length: 0\n\n", "", ""},
	{"keep-alive", "\r\n\r\n", "", ""},
	{"garbage", "\xff\xfe\x00\x01garbage", "", ""},
	{"a scanner", request("OPTIONS", "Max-Forwards", "Max-Forwards: 70\nUser-Agent: friendly-scanner"), "", ""},
}

// request is a sound request of 10.0.0.9 in which one header is replaced.
func request(method, name, value string) string {
	headers := []string{
		"Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK" + method + name + strings.Map(letters, value),
		"From: <sip:a@10.0.0.9>;tag=323", "To: <sip:600@10.0.0.1>", "Call-ID: torture@10.0.0.9",
		"CSeq: 8 " + method, "Contact: <sip:a@10.0.0.9>", "Max-Forwards: 70", "Content-Length: 0",
	}
	for i, h := range headers {
		if name != "" && strings.HasPrefix(h, name+":") {
			headers[i] = value
		}
	}
	var b strings.Builder
	b.WriteString(method + " sip:600@10.0.0.1 SIP/2.0\n")
	for _, h := range headers {
		if h != "" {
			b.WriteString(h + "\n")
		}
	}
	if !strings.Contains(value, "\n\n") {
		b.WriteString("\n")
	}
	return b.String()
}

func letters(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return r
	}
	return -1
}

func TestTorture(t *testing.T) {
	for _, c := range torture {
		t.Run(c.name, func(t *testing.T) {
			box(t, func(t *testing.T, b *bench) {
				p := newPhone(t, b.n, "10.0.0.9:5060", "a", "x")
				text, bare := strings.CutPrefix(c.text, "\x00LF")
				if !bare {
					head, body, _ := strings.Cut(text, "\n\n")
					text = strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body
				}
				p.send(text)
				m, ok := p.next(400 * time.Millisecond)
				for ok && m.status() == 100 {
					m, ok = p.next(400 * time.Millisecond)
				}
				switch {
				case c.want == "" && ok:
					t.Errorf("answered %q, want silence", m.start)
				case c.want != "" && !strings.HasPrefix(m.start, "SIP/2.0 "+c.want+" "):
					t.Errorf("answered %q, want %s", m.start, c.want)
				case c.header != "" && !strings.Contains(m.text, "\r\n"+c.header):
					t.Errorf("answer lacks %q:\n%s", c.header, m.text)
				}
				synctest.Wait()
				for { // repetitions of the answer are not the next test's
					if _, more := p.next(time.Millisecond); !more {
						break
					}
				}
				for _, ban := range b.e.Bans() { // of the scanner: the box itself must be alive
					b.e.Unban(ban.Addr)
				}
				p.send(p.request("OPTIONS", "sip:10.0.0.1", "alive", "<sip:10.0.0.1>"))
				p.expect("200")
				b.quiet()
			})
		})
	}
}
