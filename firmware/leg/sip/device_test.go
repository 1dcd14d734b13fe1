package sip

import (
	"strings"
	"testing"
	"time"
)

// TestTelephoneFindsItsSettings: a telephone without settings asks, is told the place
// in one NOTIFY and nothing after it; one that nobody knows hears no answer when it
// asked everybody, and 404 when it asked us.
func TestTelephoneFindsItsSettings(t *testing.T) {
	asked := make(chan Device, 4)
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "MAC%3a001565A1B2C3", "")
		subscribe := func(uri, event string) {
			p.send(p.request("SUBSCRIBE", uri, "look-1", "<sip:MAC%3a001565A1B2C3@224.0.1.75>", "Event: "+event, "Expires: 0", "Accept: application/url"))
		}
		const everybody = "sip:MAC%3a001565A1B2C3@224.0.1.75"
		subscribe(everybody, `ua-profile;profile-type="device";vendor="Yealink";model="SIP-T46G";version="28.71.0.0"`)
		res := p.expect("200")
		d := <-asked
		if d.MAC != "001565a1b2c3" || d.Vendor != "Yealink" || d.Model != "SIP-T46G" || d.From.String() != "10.0.0.5" || d.To.String() != "10.0.0.1" {
			t.Errorf("%+v", d)
		}
		n := p.expect("NOTIFY")
		if n.body != "http://10.0.0.1/provision/x/" || n.get("Content-Type") != "application/url" || !strings.HasPrefix(n.get("Event"), "ua-profile") ||
			!strings.HasPrefix(n.get("Subscription-State"), "terminated") || n.get("Call-ID") != "look-1" || param(n.get("From"), "tag") != param(res.get("To"), "tag") {
			t.Errorf("%s", n.text)
		}
		p.respond(n, 200, "OK", "")
		if m, ok := p.next(time.Minute); ok {
			t.Errorf("after the answer: %s", m.text)
		}

		subscribe(everybody, `ua-profile;vendor="Nobody"`)
		<-asked
		if m, ok := p.next(time.Minute); ok {
			t.Errorf("a stranger hears %s", m.text)
		}
		subscribe("sip:10.0.0.1", `ua-profile;vendor="Nobody"`)
		<-asked
		p.expect("404")
		subscribe("sip:10.0.0.1", "no-such-package")
		p.expect("489")
	}, func(c *Config) {
		c.Devices = func(d Device) (string, bool) {
			asked <- d
			return "http://" + d.To.String() + "/provision/x/", d.Vendor != "Nobody"
		}
	})
}

func TestMACOf(t *testing.T) {
	for in, want := range map[string]string{
		"MAC%3a001565A1B2C3": "001565a1b2c3", "MAC%3A00-15-65-A1-B2-C3": "001565a1b2c3", "001565a1b2c3": "001565a1b2c3",
		"mac:00:15:65:a1:b2:c3": "001565a1b2c3", "": "", "201": "", "MAC%3a001565A1B2": "", "MAC%zz001565A1B2C3": "",
		strings.Repeat("0", 1000): "", "MAC%3a0015\r\n65A1B2C3": "",
	} {
		if got := macOf(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzDevice(f *testing.F) {
	f.Add("MAC%3a001565A1B2C3", `ua-profile;vendor="Yealink";model="T46"`)
	f.Add("%", `;vendor=";model`)
	f.Fuzz(func(t *testing.T, user, event string) {
		if m := macOf(user); m != "" && len(m) != 12 {
			t.Fatal(m)
		}
		if v := quotedParam(event, "vendor"); len(v) > 40 || strings.ContainsAny(v, "\r\n\"") {
			t.Fatalf("%q", v)
		}
	})
}
