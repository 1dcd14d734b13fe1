package sip

import (
	"bytes"
	"strings"
	"testing"
)

func TestTidy(t *testing.T) {
	for _, c := range []struct{ name, from, want string }{
		{"folded", "Subject: a\r\n  b\r\n\tc", "Subject: a b c"},
		{"space before the colon", "To :\r\n sip:a@b ;  tag   = 1", "To: sip:a@b;tag=1"},
		{"no space behind the colon", "t:<sip:a@b> ; tag=1", "t:<sip:a@b>;tag=1"},
		{"protocol", "Via  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2 : 5060 ; branch=x", "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=x"},
		{"a list", "v:  SIP  / 2.0  / TCP     a.example   ;\r\n  branch  =   x  ,\r\n SIP  /    2.0   / UDP  b.example", "v: SIP/2.0/TCP a.example;branch=x,SIP/2.0/UDP b.example"},
		{"quoted", "From: \"A ; \\\" = B\"   <sip:a@b>\r\n ;tag = 1", "From: \"A ; \\\" = B\" <sip:a@b>;tag=1"},
		{"bracketed", "From: <sip:a ; b@c> ; tag=1", "From: <sip:a ; b@c>;tag=1"},
		{"other headers", "Date: Sat, 13 Nov 2010 23:29:00 GMT", "Date: Sat, 13 Nov 2010 23:29:00 GMT"},
		{"an open quote", "To: \"A <sip:a@b> ; tag=1", "To: \"A <sip:a@b> ; tag=1"},
		{"an empty value", "To:", "To:"},
		{"no header", "garbage", "garbage"},
	} {
		in := "OPTIONS sip:x SIP/2.0\r\n" + c.from + "\r\nCSeq: 1 OPTIONS\r\n\r\nbody ; = \r\n x"
		want := strings.Replace(in, c.from, c.want, 1)
		if got := string(tidy([]byte(in))); got != want {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
	}
}

func FuzzTidy(f *testing.F) {
	for _, c := range torture {
		f.Add([]byte(strings.ReplaceAll(c.text, "\n", "\r\n")))
	}
	f.Add([]byte("\r\n\r\n"))
	f.Add([]byte("A\r\n:\r\n \r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, body, whole := bytes.Cut(b, []byte("\r\n\r\n"))
		body = bytes.Clone(body)
		out := tidy(bytes.Clone(b))
		if len(out) > len(b) {
			t.Fatalf("%q grew to %q", b, out)
		}
		if whole && !bytes.HasSuffix(out, append([]byte("\r\n"), body...)) {
			t.Fatalf("the body of %q was touched: %q", b, out)
		}
		if again := tidy(bytes.Clone(out)); whole && !bytes.Equal(again, out) {
			t.Fatalf("%q is not tidy: %q", out, again)
		}
	})
}
