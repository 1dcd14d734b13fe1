package sip

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"
)

const boxAddr6 = "[2001:db8::1]:5060"

// box6 is a box in a network of IPv6.
func box6(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	box(t, test, func(c *Config) {
		n := c.Packets.(*sock).n
		c.Packets, c.Ports = n.listen(t, boxAddr6), n.ports("2001:db8::1")
	})
}

func newPhone6(t *testing.T, b *bench, addr string) *phone {
	p := newPhone(t, b.n, addr, "201", "secret")
	p.box = netip.MustParseAddrPort(boxAddr6)
	p.sdp = strings.ReplaceAll(p.sdp, "IN IP4", "IN IP6")
	return p
}

// The situations of RFC 5118, with messages of our own: IPv6 addresses wherever SIP
// writes one, well and badly, and what RFC 3261 section 25.1 makes of them. Each is
// answered where it came from, and the box answers the next phone as before.
func TestIPv6References(t *testing.T) {
	options := func(uri, via, more string) string {
		return fmt.Sprintf("OPTIONS %s SIP/2.0\r\nVia: SIP/2.0/UDP %s\r\nFrom: <sip:a@[2001:db8::9]>;tag=323\r\nTo: <sip:[2001:db8::1]>\r\n"+
			"Call-ID: six@[2001:db8::9]\r\nCSeq: 8 OPTIONS\r\nMax-Forwards: 70\r\n%sContent-Length: 0\r\n\r\n", uri, via, more)
	}
	const sound = "[2001:db8::9]:5060;branch=z9hG4bKsix"
	for _, c := range []struct{ name, text, want, via string }{
		{"a reference in the Request-URI (4.1)", options("sip:[2001:db8::1]", sound, ""), "200", "Via: SIP/2.0/UDP [2001:db8::9]:5060;branch=z9hG4bKsix\r\n"},
		{"no brackets in the Request-URI (4.2)", options("sip:2001:db8::1", sound, ""), "400", ""},
		{"a port within the brackets is a group (4.3)", options("sip:[2001:db8::1:5060]", sound, ""), "200", ""},
		{"a port behind the brackets (4.4)", options("sip:600@[2001:db8::1]:5060;lr", sound, ""), "200", ""},
		{"received in brackets, put there by the sender (4.5)", options("sip:[2001:db8::1]", "[2001:db8::9]:5060;received=[2001:db8::bad];branch=z9hG4bKa", ""), "200", "received=2001:db8::9;"},
		{"received without brackets (4.5)", options("sip:[2001:db8::1]", "[2001:db8::9]:5060;received=2001:db8::bad;branch=z9hG4bKa", ""), "200", "received=2001:db8::9;"},
		{"rport", options("sip:[2001:db8::1]", "[2001:db8::77]:9;rport;branch=z9hG4bKa", ""), "200", "[2001:db8::77]:9;rport=5060;branch=z9hG4bKa;received=2001:db8::9\r\n"},
		{"another port than that of Via", options("sip:[2001:db8::1]", "[2001:DB8:0::0:9]:5060;branch=z9hG4bKa", ""), "200", "Via: SIP/2.0/UDP [2001:DB8:0::0:9]:5060;branch=z9hG4bKa\r\n"},
		{"no brackets in Via (4.5)", options("sip:[2001:db8::1]", "2001:db8::9:5060;branch=z9hG4bKa", ""), "400", "Via: SIP/2.0/UDP 2001:db8::9:5060;branch=z9hG4bKa\r\n"},
		{"the bracket of Via does not close", options("sip:[2001:db8::1]", "[2001:db8::9:5060;branch=z9hG4bKa", ""), "400", ""},
		{"several Via of both families (4.7)", options("sip:[2001:db8::1]", sound+"\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKb\r\nVia: SIP/2.0/TCP [2001:db8::7];branch=z9hG4bKc", ""), "200", "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKb\r\nVia: SIP/2.0/TCP [2001:db8::7];branch=z9hG4bKc\r\n"},
		{"an embedded IPv4 address in Via (4.9)", options("sip:[::ffff:192.0.2.1]", "[::ffff:192.0.2.9];branch=z9hG4bKa", ""), "200", "Via: SIP/2.0/UDP [::ffff:192.0.2.9];branch=z9hG4bKa;received=2001:db8::9\r\n"},
		{"the third colon of the grammar of RFC 3261 (4.10)", options("sip:600@[2001:db8:::192.0.2.1]", sound, ""), "200", ""},
		{"a zone in the Request-URI", options("sip:[fe80::1%25eth0]", sound, ""), "400", ""},
		{"the bracket does not close", options("sip:600@[2001:db8::1", sound, ""), "400", ""},
		{"no address in the brackets", options("sip:[600]", sound, ""), "400", ""},
		{"an IPv4 address in brackets", options("sip:[192.0.2.1]", sound, ""), "400", ""},
		{"nothing in the brackets", options("sip:[]", sound, ""), "400", ""},
		{"a group too many", options("sip:[1:2:3:4:5:6:7:8:9]", sound, ""), "400", ""},
		{"Contact without brackets", options("sip:[2001:db8::1]", sound, "Contact: <sip:a@2001:db8::9>\r\n"), "400", ""},
		{"Contact with a zone", options("sip:[2001:db8::1]", sound, "Contact: <sip:a@[fe80::9%eth0]>\r\n"), "400", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			box6(t, func(t *testing.T, b *bench) {
				p := newPhone6(t, b, "[2001:db8::9]:5060")
				p.send(c.text)
				m, _ := p.next(time.Second)
				if !strings.HasPrefix(m.start, "SIP/2.0 "+c.want+" ") || !strings.Contains(m.text, c.via) {
					t.Errorf("answered:\n%s\nwant %s and %q", m.text, c.want, c.via)
				}
				synctest.Wait()
				p.send(options("sip:[2001:db8::1]", "[2001:db8::9]:5060;branch=z9hG4bKalive", ""))
				p.expect("200")
			})
		})
	}
}

// A phone of IPv6 registers, is called where its Contact says, and its sound is agreed
// by addresses without brackets (RFC 8866 section 5.7).
func TestIPv6PhoneIsCalled(t *testing.T) {
	box6(t, func(t *testing.T, b *bench) {
		p := newPhone6(t, b, "[2001:db8::5]:5062")
		if m := p.register(300); m.status() != 200 || !strings.HasPrefix(m.get("Contact"), "<sip:201@[2001:db8::5]:5062>;expires=") {
			t.Fatalf("register: %s", m.text)
		}
		if c := b.e.phones.contacts("201", time.Now()); len(c) != 1 || c[0].natted {
			t.Fatalf("contacts %+v: its Contact is where it speaks from", c)
		}
		l, refused := b.e.Make("sip/201")
		if refused != nil {
			t.Fatal(refused.Why)
		}
		l.Ring(leg.Caller{Number: "600"})
		c := p.rung()
		for header, want := range map[string]string{"Via": "SIP/2.0/UDP [2001:db8::1]:5060;", "From": "<sip:600@[2001:db8::1]>", "To": "<sip:201@[2001:db8::5]>", "Contact": "<sip:600@[2001:db8::1]:5060>"} {
			if !strings.Contains(c.invite.get(header), want) {
				t.Errorf("%s: %s, want %s", header, c.invite.get(header), want)
			}
		}
		if c.invite.start != "INVITE sip:201@[2001:db8::5]:5062 SIP/2.0" || !contains(c.invite.body, "c=IN IP6 2001:db8::1\r\n", "o=- ", " IN IP6 2001:db8::1\r\n") {
			t.Errorf("INVITE:\n%s", c.invite.text)
		}
		p.respond(c.invite, 200, "OK", p.sdp)
		p.expect("ACK")
		b.hears(leg.Answered)
		l.Hangup(leg.Normal)
		p.respond(p.expect("BYE"), 200, "OK", "")
		b.ended(leg.Normal)
	})
}

// What a call by IPv6 may say of where it wants sound: "port/status" of our answer.
func TestIPv6Sound(t *testing.T) {
	const head = "v=0\r\no=- 1 1 IN IP6 2001:db8::5\r\ns=-\r\n"
	for _, c := range []struct{ name, sdp, want string }{
		{"for the whole (4.6)", head + "c=IN IP6 2001:db8::5\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n", "m=audio 10000 "},
		{"two lines, each of a family (4.8)", head + "t=0 0\r\nm=audio 42000 RTP/AVP 8\r\nc=IN IP4 192.0.2.5\r\nm=audio 40000 RTP/AVP 8\r\nc=IN IP6 2001:db8::5\r\n", "m=audio 0 RTP/AVP 8\r\nm=audio 10000 "},
		{"IPv4 only", head + "c=IN IP4 192.0.2.5\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n", "SIP/2.0 488"},
		{"an embedded IPv4 address (4.9)", head + "c=IN IP6 ::ffff:192.0.2.5\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n", "SIP/2.0 488"},
		{"hold by the address of nowhere", head + "c=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n", "m=audio 10000 "},
		{"brackets", head + "c=IN IP6 [2001:db8::5]\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n", "SIP/2.0 488"},
		{"a zone", head + "c=IN IP6 fe80::5%eth0\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n", "SIP/2.0 488"},
		{"the other family's name", head + "c=IN IP4 2001:db8::5\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n", "SIP/2.0 488"},
	} {
		t.Run(c.name, func(t *testing.T) {
			box6(t, func(t *testing.T, b *bench) {
				p := newPhone6(t, b, "[2001:db8::5]:5060")
				call := p.dial("600", c.sdp)
				if strings.HasPrefix(c.want, "SIP/2.0") {
					call.ack(call.expect(strings.TrimPrefix(c.want, "SIP/2.0 ")))
					return
				}
				w := b.hears(leg.Offered)
				w.l.Answer()
				m := call.expect("200")
				if !contains(m.body, c.want, "c=IN IP6 2001:db8::1\r\n") {
					t.Errorf("answer:\n%s", m.body)
				}
				call.ack(m)
				b.hears(leg.Answered)
				call.in("BYE", "")
				call.expect("200")
			})
		})
	}
}

// A box that listens at "[::]" has phones of both families, each told an address of
// its own.
func TestBothFamilies(t *testing.T) {
	e := &Endpoint{addr: netip.MustParseAddrPort("[::]:5060")}
	l := &Leg{e: e, ours: ourSide{addr: netip.MustParseAddr("2001:db8::1")}}
	d, err := parseSDP([]byte("v=0\r\nm=audio 42000 RTP/AVP 8\r\nc=IN IP4 127.0.0.1\r\nm=audio 40000 RTP/AVP 8\r\nc=IN IP6 ::1\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if a, ok := l.within(d, anyCodec); !ok || a.index != 1 || !l.ours.addr.Is6() {
		t.Errorf("%+v %v, told %v: the family of the call comes first", a, ok, l.ours.addr)
	}
	d.media = d.media[:1]
	if a, ok := l.within(d, anyCodec); !ok || a.index != 0 || l.ours.addr != netip.MustParseAddr("127.0.0.1") {
		t.Errorf("%+v %v, told %v: of the other family we are told by that family's address", a, ok, l.ours.addr)
	}
}

func TestHostAddr(t *testing.T) {
	for host, want := range map[string]string{
		"[::1]": "::1", "::1": "::1", "192.0.2.1": "192.0.2.1", "[::ffff:192.0.2.1]": "192.0.2.1", "[2001:db8:::192.0.2.1]": "2001:db8::c000:201",
		"[::1": "", "example.net": "", "[example.net]": "", "[fe80::1%eth0]": "", "": "", "[]": "", "[:::]": "", "[[::1]]": "", "::1]": "",
	} {
		a, ok := hostAddr(host)
		if ok != (want != "") || ok && a.String() != want {
			t.Errorf("%q: %v %v, want %q", host, a, ok, want)
		}
	}
	if !sameHost("[2001:db8::0:5]", "[2001:DB8::5]") || sameHost("[::1]", "[::2]") || sameHost("[::1]", "a") || !sameHost("A.net", "a.NET") {
		t.Error("hosts compared by how they are written")
	}
}
