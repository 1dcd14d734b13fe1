package number

import "testing"

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"954 123 001": "954123001", "+34 (954) 12-30": "+349541230", "*21#": "*21#", "a+1": "+1", "1+2": "12",
		"sip:x": "", "123456789012345678901234567890": "123456789012345678901234",
	} {
		if got := Clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		country, digits string
		want            bool
	}{
		{"ES", "954123001", true}, {"ES", "95412300", false}, {"ES", "0034954", false}, {"ES", "112", false}, {"ES", "012345678", false},
		{"US", "2125551234", true}, {"US", "12125551234", true}, {"US", "1212555123", false}, {"US", "1", false},
		{"IT", "0612345678", false}, {"", "123", false}, {"ES", "", false},
	} {
		if got := Complete(c.country, c.digits); got != c.want {
			t.Errorf("%s %s: %v", c.country, c.digits, got)
		}
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"954 123 001", "+34954123001", true}, {"0034954123001", "954123001", true}, {"34954123001", "954123001", true},
		{"954123001", "954123002", false}, {"", "", false},
	} {
		if got := Same("ES", c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}

func TestDialled(t *testing.T) {
	for _, c := range []struct{ country, in, want string }{
		{"ES", "+34954123001", "954123001"}, {"ES", "+442071234567", "00442071234567"}, {"GB", "+442071234567", "02071234567"},
		{"US", "+12125551234", "12125551234"}, {"US", "+34954123001", "01134954123001"}, {"IT", "+390612345", "0612345"},
		{"ES", "954123001", "954123001"}, {"XX", "+34954", "34954"},
	} {
		if got := Dialled(c.country, c.in); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.country, c.in, got, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("ES", "+34 954")
	f.Fuzz(func(t *testing.T, country, s string) {
		c := Clean(s)
		if len(c) > Max || Clean(c) != c {
			t.Errorf("%q cleans to %q", s, c)
		}
		Complete(country, c)
		Same(country, s, c)
	})
}
