package sip

import (
	"fmt"
	"strings"
	"testing"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// A provider tells by whose wish a call comes to us, in the words of either standard.
func TestWhoSentTheCallOn(t *testing.T) {
	for name, c := range map[string]struct {
		headers []string
		want    string
	}{
		"the last first": {[]string{"Diversion: <sip:912000003@x>;reason=no-answer;counter=1", "Diversion: \"Casa, Lola\" <sip:912000002@x>;reason=user-busy"}, "912000002 busy, 912000003 no-answer"},
		"one header":     {[]string{`Diversion: <sip:3@x;user=phone>;reason="unconditional";privacy=off,<sip:2@x>;reason=deflection`}, "2 deflected, 3 always"},
		"withheld":       {[]string{"Diversion: <sip:2@x>;reason=unknown;privacy=full"}, " other"},
		"no reason":      {[]string{"Diversion: <sip:2@x>"}, "2 other"},
		"telephone uri":  {[]string{"Diversion: <tel:+34912000002>;reason=user-busy"}, "+34912000002 busy"},
		"cause of the next (RFC 4458)": {[]string{"History-Info: <sip:912000001@x>;index=1, <sip:912000002@x;cause=486>;index=1.1", "History-Info: <sip:954123001@x;cause=302>;index=1.1.1"},
			"912000001 busy, 912000002 always"},
		"reason of its own": {[]string{"History-Info: <sip:912000001@x?Reason=SIP%3Bcause%3D408>;index=1,<sip:954123001@x>;index=1.1;mp=1"}, "912000001 no-answer"},
		"private":           {[]string{"History-Info: <sip:912000001@x?Privacy=history&Reason=SIP%3Bcause%3D486>;index=1,<sip:954123001@x>;index=1.1"}, " busy"},
		"another name only": {[]string{"History-Info: <sip:company@x>;index=1, <sip:954123001@10.0.0.1>;index=1.1;rc=1"}, ""},
		"both":              {[]string{"Diversion: <sip:2@x>;reason=user-busy", "History-Info: <sip:9@x>;index=1,<sip:8@x;cause=302>;index=1.1"}, "2 busy"},
		"none":              {nil, ""},
		"nonsense":          {[]string{"Diversion: ,,<<>>,\"", "History-Info: <sip:a@b?Reason=SIP%3"}, ""},
	} {
		box(t, func(t *testing.T, b *bench) {
			p := newPhone(t, b.n, "10.0.0.8:5060", "x", "")
			b.e.SetTrunks([]Trunk{peerTrunk()})
			b.trunkNews(true)
			in := &call{p: p, id: "in", uri: "sip:954123001@10.0.0.1", to: "<sip:954123001@voice.example>"}
			in.sendInvite(p.sdp, c.headers...)
			w := b.hears(leg.Offered)
			var way []string
			for _, d := range w.r.Diverted {
				way = append(way, d.Number+" "+d.When)
			}
			got := strings.ReplaceAll(strings.Join(way, ", "), "+34", "")
			if got != strings.ReplaceAll(c.want, "+34", "") {
				t.Errorf("%s: %q, wanted %q", name, got, c.want)
			}
			w.l.Hangup(leg.Busy)
			p.expect("486")
			b.hears(leg.Ended)
		})
	}
}

// A trunk may be set so that the number called first is the one dialled; a call that
// nobody sent on has its own.
func TestNumberOfWhoSentTheCallOn(t *testing.T) {
	for header, want := range map[string]string{
		"Diversion: <sip:+34954123002@x>;reason=unconditional":                            "954123002",
		"Diversion: <sip:+34600000000@x>;reason=user-busy, <sip:+34911000000@x>":          "911000000",
		"History-Info: <sip:+34954123002@x>;index=1,<sip:prov@x;cause=302>;index=1.1":     "954123002",
		"Diversion: <sip:+34600000000@x>, <sip:+34954123002@x>;reason=user-busy;counter=": "954123002",
		"X-None: 1": "954123001",
	} {
		box(t, func(t *testing.T, b *bench) {
			p := newPhone(t, b.n, "10.0.0.8:5060", "x", "")
			k := peerTrunk()
			k.DID = "diversion"
			b.e.SetTrunks([]Trunk{k})
			b.trunkNews(true)
			in := &call{p: p, id: "in", uri: "sip:+34954123001@10.0.0.1", to: "<sip:954123001@voice.example>"}
			in.sendInvite(p.sdp, header)
			w := b.hears(leg.Offered)
			if w.r.To != want {
				t.Errorf("%s: %q, wanted %q", header, w.r.To, want)
			}
			w.l.Hangup(leg.Busy)
			p.expect("486")
			b.hears(leg.Ended)
		})
	}
}

func FuzzDiversions(f *testing.F) {
	f.Add(`"a\",b" <sip:1@x;cause=302>;reason=user-busy, <tel:2>;privacy=full`, `<sip:1@x?Reason=SIP%3Bcause%3D486&Privacy=history>;index=1,<sip:2@x;cause=302>;index=1.1`)
	f.Add(strings.Repeat("<sip:1@x>,", 500), strings.Repeat("<sip:1@x;cause=1>;index=1,", 500))
	f.Fuzz(func(t *testing.T, diversion, history string) {
		for _, with := range [][2]string{{"Diversion", diversion}, {"History-Info", history}} {
			req := sip.NewRequest(sip.INVITE, sip.Uri{Host: "x"})
			req.AppendHeader(sip.NewHeader(with[0], with[1]))
			way := diversions(req)
			if len(way) > divertedMax {
				t.Errorf("%d of %q", len(way), with)
			}
			for _, d := range way {
				if len(d.Number) > userMax || d.When == "" || strings.ContainsAny(d.Number, "\r\n\"") {
					t.Errorf("%+v of %s", d, fmt.Sprint(with))
				}
			}
		}
	})
}
