package sip

import (
	"bytes"
	"encoding/base64"
	"net/netip"
	"strings"
	"testing"

	"centralita/firmware/leg/rtp"
)

// key30 is a master key with its salt for the suites of HMAC.
var key30 = base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 30))

func sealedSound(proto string, crypto ...string) *description {
	text := "v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=-\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\nm=audio 4000 " + proto + " 8\r\n"
	for _, c := range crypto {
		text += "a=crypto:" + c + "\r\n"
	}
	d, err := parseSDP([]byte(text))
	if err != nil {
		panic(err)
	}
	return d
}

func TestWhichSoundIsEncrypted(t *testing.T) {
	good := "1 AES_CM_128_HMAC_SHA1_80 inline:" + key30
	for name, c := range map[string]struct {
		want   SRTP
		sealed bool
		d      *description
		ok     bool
		keys   bool
	}{
		"plain":                        {SRTPAllow, false, sealedSound("RTP/AVP"), true, false},
		"plain, keys in the clear":     {SRTPAllow, false, sealedSound("RTP/AVP", good), true, false},
		"only SRTP, keys in the clear": {SRTPAllow, false, sealedSound("RTP/SAVP", good), false, false},
		"required, keys in the clear":  {SRTPRequire, false, sealedSound("RTP/SAVP", good), false, false},
		"required, plain by TLS":       {SRTPRequire, true, sealedSound("RTP/AVP"), false, false},
		"required":                     {SRTPRequire, true, sealedSound("RTP/SAVP", good), true, true},
		"allowed":                      {SRTPAllow, true, sealedSound("RTP/SAVP", good), true, true},
		"opportunistic":                {SRTPAllow, true, sealedSound("RTP/AVP", good), true, true},
		"allowed, plain by TLS":        {SRTPAllow, true, sealedSound("RTP/AVP"), true, false},
		"off":                          {SRTPOff, true, sealedSound("RTP/SAVP", good), false, false},
		"off, opportunistic":           {SRTPOff, true, sealedSound("RTP/AVP", good), true, false},
		"no suite of ours":             {SRTPAllow, true, sealedSound("RTP/SAVP", "1 F8_128_HMAC_SHA1_80 inline:"+key30), false, false},
		"short key":                    {SRTPAllow, true, sealedSound("RTP/SAVP", "1 AES_CM_128_HMAC_SHA1_80 inline:AAAA"), false, false},
		"tag that is none":             {SRTPAllow, true, sealedSound("RTP/SAVP", "x AES_CM_128_HMAC_SHA1_80 inline:"+key30), false, false},
		"key identifier":               {SRTPAllow, true, sealedSound("RTP/SAVP", good+"|2^31|1:4"), false, false},
		"lifetime":                     {SRTPAllow, true, sealedSound("RTP/SAVP", good+"|2^31"), true, true},
		"without authentication":       {SRTPAllow, true, sealedSound("RTP/SAVP", good+" UNAUTHENTICATED_SRTP"), false, false},
		"the second is one":            {SRTPAllow, true, sealedSound("RTP/SAVP", "1 NONE inline:x", "2 AES_CM_128_HMAC_SHA1_32 inline:"+key30), true, true},
		"with feedback":                {SRTPAllow, true, sealedSound("RTP/SAVPF", good), true, true},
	} {
		a, ok := agree(c.d, &sdes{want: c.want, sealed: c.sealed}, anyCodec)
		if ok != c.ok || (a.remote.Keys != nil) != c.keys {
			t.Errorf("%s: agreed %v with %v", name, ok, a.remote.Keys)
		}
	}
}

// TestTwoEndsAgreeOnKeys: our offer, our answer to it, and what each makes of it.
func TestTwoEndsAgreeOnKeys(t *testing.T) {
	for _, want := range []SRTP{SRTPAllow, SRTPRequire} {
		near := ourSide{addr: netip.MustParseAddr("10.0.0.1"), port: 10000, formats: []format{formatOf(rtp.ALaw)}, sdes: sdes{want: want, sealed: true}}
		away := ourSide{addr: netip.MustParseAddr("10.0.0.2"), port: 20000, formats: []format{formatOf(rtp.ALaw)}, sdes: sdes{want: want, sealed: true}}
		offer := near.offer()
		if secure := strings.Contains(string(offer), "RTP/SAVP"); secure != (want == SRTPRequire) {
			t.Errorf("%q offers\n%s", want, offer)
		}
		var last *rtp.Keys
		for round := range 3 { // hold and back
			d, err := parseSDP(offer)
			if err != nil {
				t.Fatal(err)
			}
			there, ok := agree(d, &away.sdes, anyCodec)
			if !ok {
				t.Fatalf("offer not taken:\n%s", offer)
			}
			away.sdes.keys = there.remote.Keys
			d, err = parseSDP(away.answer(d, there))
			if err != nil {
				t.Fatal(err)
			}
			here, ok := agree(d, &near.sdes, anyCodec)
			if !ok {
				t.Fatal("answer not taken")
			}
			a, b := here.remote.Keys, there.remote.Keys
			if a == nil || b == nil || a.Suite != b.Suite || !bytes.Equal(a.Ours, b.Theirs) || !bytes.Equal(a.Theirs, b.Ours) || bytes.Equal(a.Ours, a.Theirs) {
				t.Fatalf("keys do not meet: %v %v", a, b)
			}
			if last != nil && (a.Suite != last.Suite || !bytes.Equal(a.Ours, last.Ours)) {
				t.Errorf("round %d has other keys: the count of packets would begin anew", round)
			}
			near.sdes.keys, near.sdes.offer, last = a, nil, a
			offer = near.offer()
		}
	}
}

// TestAnswersThatNameNoneOfOurs are no answers.
func TestAnswersThatNameNoneOfOurs(t *testing.T) {
	for name, crypto := range map[string][]string{
		"another tag":   {"9 AES_CM_128_HMAC_SHA1_80 inline:" + key30},
		"another suite": {"1 AES_256_CM_HMAC_SHA1_80 inline:" + base64.StdEncoding.EncodeToString(make([]byte, 46))},
		"two":           {"2 AES_CM_128_HMAC_SHA1_80 inline:" + key30, "3 AES_CM_128_HMAC_SHA1_32 inline:" + key30},
		"none":          nil,
		"broken":        {"2 AES_CM_128_HMAC_SHA1_80 inline:!"},
	} {
		for _, proto := range []string{"RTP/AVP", "RTP/SAVP"} {
			s := &sdes{want: SRTPAllow, sealed: true}
			s.lines()
			if a, ok := agree(sealedSound(proto, crypto...), s, anyCodec); ok && (name != "none" || proto != "RTP/AVP" || a.remote.Keys != nil) {
				t.Errorf("%s over %s is taken", name, proto)
			}
		}
	}
}

func FuzzCrypto(f *testing.F) {
	f.Add("1 AES_CM_128_HMAC_SHA1_80 inline:" + key30 + "|2^20")
	f.Add("1 AEAD_AES_128_GCM inline:AAAA WSH=64")
	f.Fuzz(func(t *testing.T, v string) {
		c, ok := parseCrypto(v)
		if !ok {
			return
		}
		again, ok := parseCrypto(strings.TrimSuffix(strings.TrimPrefix(c.String(), "a=crypto:"), "\r\n"))
		if !ok || again.tag != c.tag || again.suite != c.suite || !bytes.Equal(again.key, c.key) {
			t.Errorf("%q is %+v, then %+v", v, c, again)
		}
	})
}
