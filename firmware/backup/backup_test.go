package backup

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
	"time"
)

const word = "cuatro palabras al azar"

func sample() *Content {
	return &Content{
		Manifest: Manifest{Made: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC), Program: "1.2", Board: "simboard", Serial: "s1", Office: "Taller", Revision: 7},
		Settings: []byte("office:\n  name: Taller\n"),
		Secrets:  map[string]string{"trunk.a": "p4ss", "station.201": "ana"},
		Accounts: []byte(`{"owner":{}}`),
	}
}

func sealed(t testing.TB, c *Content) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, word, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatGoesInComesOut(t *testing.T) {
	c := sample()
	file := sealed(t, c)
	got, err := Read(bytes.NewReader(file), word)
	if err != nil || !reflect.DeepEqual(got, c) {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, secret := range []string{"p4ss", "Taller", "owner", "ana"} {
		if bytes.Contains(file, []byte(secret)) {
			t.Errorf("%q can be read in the file", secret)
		}
	}
}

func TestRefused(t *testing.T) {
	file := sealed(t, sample())
	newer := sample()
	var newerFile bytes.Buffer
	if err := write(&newerFile, word, newer, Format+1); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file     []byte
		password string
		want     error
	}{
		"another password": {file, word + ".", ErrPassword},
		"no password":      {file, "", ErrPassword},
		"nothing":          {nil, word, ErrForeign},
		"a picture":        {[]byte("\x89PNG\r\n\x1a\n0000"), word, ErrForeign},
		"newer":            {newerFile.Bytes(), word, ErrNewer},
		"larger":           {append(append([]byte{}, file...), make([]byte, FileMax)...), word, nil},
	} {
		if _, err := Read(bytes.NewReader(c.file), c.password); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if err := Write(&bytes.Buffer{}, "corta", sample()); !errors.Is(err, ErrShort) {
		t.Errorf("a short password: %v", err)
	}
}

// Cut anywhere or with any byte changed, nothing of the file is used.
func TestDamaged(t *testing.T) {
	file := sealed(t, sample())
	head := bytes.Index(file, []byte("\n--- ")) // the header is text, its changes are other words
	step := len(file)/15 + 1
	for at := head; at < len(file); at += step {
		if _, err := Read(bytes.NewReader(file[:at]), word); err == nil {
			t.Errorf("cut at %d of %d it is read", at, len(file))
		}
		bad := bytes.Clone(file)
		bad[at] ^= 4
		if _, err := Read(bytes.NewReader(bad), word); err == nil {
			t.Errorf("changed at %d of %d it is read", at, len(file))
		}
	}
}

func FuzzUnpack(f *testing.F) {
	var b bytes.Buffer
	c := sample()
	c.Manifest.Format = Format
	if err := c.archive(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := unpack(bytes.NewReader(raw))
		if err != nil {
			return
		}
		if c, err := p.content(); err == nil && (len(c.Settings) == 0 || c.Manifest.Format != Format) {
			t.Errorf("%+v", c)
		}
	})
}
