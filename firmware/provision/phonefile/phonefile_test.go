package phonefile

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

func ana() Account {
	return Account{
		User: "201", Password: "s3cr&t<x>", Name: `Ana "Nena" O'Hara & Co`, Server: "192.0.2.10", Port: 5060,
		Admin: "Kq7-adm", Language: "es", Country: "ES", NTP: "192.0.2.10",
		Zone: Zone{Name: "Europe/Madrid", Minutes: 60, POSIX: "CET-1CEST,M3.5.0,M10.5.0/3"},
	}
}

// TestGolden: the file of each maker, byte by byte.
func TestGolden(t *testing.T) {
	for vendor, m := range makers {
		got, kind, err := Write(vendor, ana())
		if err != nil {
			t.Fatal(err)
		}
		if kind != m.kind {
			t.Errorf("%s: %s", vendor, kind)
		}
		golden := filepath.Join("testdata", m.template)
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from %s:\n%s", vendor, golden, got)
		}
	}
}

func TestNames(t *testing.T) {
	const mac, folder = "001565a1b2c3", "http://192.0.2.10:8080/provision/0f1e/"
	for vendor, want := range map[string][2]string{
		"yealink":     {"001565a1b2c3.cfg", folder},
		"grandstream": {"cfg001565a1b2c3.xml", "192.0.2.10:8080/provision/0f1e"},
		"snom":        {"001565a1b2c3.xml", folder + "001565a1b2c3.xml"},
		"fanvil":      {"001565a1b2c3.cfg", folder + "001565a1b2c3.cfg"},
		"linphone":    {"linphone.xml", folder + "linphone.xml"},
	} {
		if got := File(vendor, mac); got != want[0] {
			t.Errorf("%s: file %s", vendor, got)
		}
		if got := Address(vendor, mac, folder); got != want[1] {
			t.Errorf("%s: address %s", vendor, got)
		}
	}
	if _, _, err := Write("acme", ana()); !errors.Is(err, ErrVendor) || File("acme", mac) != "" {
		t.Errorf("an unknown maker: %v", err)
	}
}

// FuzzWrite: whatever a person types, the XML files stay XML, and a value never
// becomes a line of its own.
func FuzzWrite(f *testing.F) {
	f.Add("201", "pass", "Ana", "192.0.2.1")
	f.Add("2\n01", "]]>\x00", "\"</x>&\r\naccount.2.enable = 1", "a b")
	f.Fuzz(func(t *testing.T, user, password, name, server string) {
		a := ana()
		a.User, a.Password, a.Name, a.Server, a.Admin = user, password, name, server, password
		plain, _, _ := Write("yealink", ana())
		for vendor, m := range makers {
			got, _, err := Write(vendor, a)
			if err != nil {
				t.Fatal(err)
			}
			if vendor == "yealink" {
				if n := bytes.Count(got, []byte("\n")); n != bytes.Count(plain, []byte("\n")) || bytes.ContainsAny(got, "\r\x00") {
					t.Fatalf("%q", got)
				}
				continue
			}
			d := xml.NewDecoder(bytes.NewReader(got))
			for {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("%s: %v\n%s", m.template, err, got)
				}
			}
		}
	})
}

// TestNameIsOneEntry: what a person is called does not end the quotes it stands in.
func TestNameIsOneEntry(t *testing.T) {
	got, _, _ := Write("linphone", ana())
	if !strings.Contains(string(got), `"Ana \&#34;Nena\&#34; O&#39;Hara &amp; Co" &lt;sip:201@192.0.2.10&gt;`) {
		t.Errorf("%s", got)
	}
}
