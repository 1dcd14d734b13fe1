package g711

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
)

// all is every 16-bit sample in ascending order.
func all() []int16 {
	pcm := make([]int16, 65536)
	for i := range pcm {
		pcm[i] = int16(i - 32768)
	}
	return pcm
}

func codes() []byte {
	c := make([]byte, 256)
	for i := range c {
		c[i] = byte(i)
	}
	return c
}

// The codes of all 65,536 samples and the samples of all 256 codes must be those
// of the ITU-T reference code (G.191 software tool library), by SHA-256.
func TestReference(t *testing.T) {
	for _, tc := range []struct {
		law              Law
		encoded, decoded string
	}{
		{
			ALaw,
			"38488f6fd710f4686360edc4d38639f96c491595ef93f8eb8d62d5e07ca6ce7b",
			"e04788d110e58ff8c70c93b8480190d973e3b67876b6119abbaec766cc75c174",
		},
		{
			MuLaw,
			"90c29de505fb68e766118303bd552a16005dcf810873698bee1d8f3b247ce28c",
			"3dab54339e520bb2c924826e3b72a917a2b612e9fd12fc867500f1d983a75827",
		},
	} {
		enc := make([]byte, 65536)
		tc.law.Encode(enc, all())
		if got := sum(enc); got != tc.encoded {
			t.Errorf("%v: encoding differs from the reference: %s", tc.law, got)
		}
		pcm := make([]int16, 256)
		tc.law.Decode(pcm, codes())
		var le []byte
		for _, s := range pcm {
			le = append(le, byte(s), byte(uint16(s)>>8))
		}
		if got := sum(le); got != tc.decoded {
			t.Errorf("%v: decoding differs from the reference: %s", tc.law, got)
		}
	}
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// The values that G.711 prints: virtual decision value 128 of tables 1a and 2a,
// the smallest steps, and symmetry.
func TestPrintedValues(t *testing.T) {
	for _, tc := range []struct {
		law  Law
		code byte
		want int16
	}{
		{ALaw, 0xd5, 8}, {ALaw, 0x55, -8}, {ALaw, 0xaa, 32256}, {ALaw, 0x2a, -32256},
		{MuLaw, 0xff, 0}, {MuLaw, 0x7f, 0}, {MuLaw, 0x80, 32124}, {MuLaw, 0x00, -32124}, {MuLaw, 0xfe, 8},
	} {
		var pcm [1]int16
		tc.law.Decode(pcm[:], []byte{tc.code})
		if pcm[0] != tc.want {
			t.Errorf("%v %#x: %d, want %d", tc.law, tc.code, pcm[0], tc.want)
		}
	}
}

// A decoded code must encode to itself (tandem without loss), and no sample be
// further from its decoded code than from that of the neighbours.
func TestTandem(t *testing.T) {
	for _, law := range []Law{ALaw, MuLaw} {
		var pcm [256]int16
		var back [256]byte
		law.Decode(pcm[:], codes())
		law.Encode(back[:], pcm[:])
		for i, c := range back {
			if int(c) != i && pcm[c] != pcm[i] {
				t.Errorf("%v: %#x became %#x", law, i, c)
			}
		}
		prev := int16(-32768)
		for _, s := range all() {
			var c [1]byte
			var d [1]int16
			law.Encode(c[:], []int16{s})
			law.Decode(d[:], c[:])
			if d[0] < prev {
				t.Fatalf("%v: not monotonic at %d", law, s)
			}
			prev = d[0]
		}
	}
}

// Shorter buffers bound the work; nothing beyond them is touched.
func TestShortBuffers(t *testing.T) {
	dst := []byte{1, 2, 3}
	if n := ALaw.Encode(dst, make([]int16, 2)); n != 2 || dst[2] != 3 {
		t.Fatalf("encoded %d, %v", n, dst)
	}
	pcm := []int16{7}
	if n := MuLaw.Decode(pcm, []byte{0xff, 0xff}); n != 1 || pcm[0] != 0 {
		t.Fatalf("decoded %d, %v", n, pcm)
	}
}

func BenchmarkEncodeALaw(b *testing.B)  { benchEncode(b, ALaw) }
func BenchmarkEncodeMuLaw(b *testing.B) { benchEncode(b, MuLaw) }

func benchEncode(b *testing.B, l Law) {
	pcm := all()[30000:30080]
	var dst [80]byte
	b.ReportAllocs()
	for b.Loop() {
		l.Encode(dst[:], pcm)
	}
}

func BenchmarkDecodeALaw(b *testing.B) {
	src := codes()[:80]
	var pcm [80]int16
	b.ReportAllocs()
	for b.Loop() {
		ALaw.Decode(pcm[:], src)
	}
}
