package number_test

import (
	"testing"

	"centralita/firmware/number"
)

func TestKindOf(t *testing.T) {
	for country, numbers := range map[string]map[string]number.Kind{
		"ES": {
			"954123001": "national", "812345678": "national", "612345678": "mobile", "722345678": "mobile", "900123123": "free", "902123123": "shared",
			"806123123": "premium", "807123123": "premium", "905123123": "premium", "11811": "premium", "112": "national", "016": "national", "1004": "national", "116111": "free",
			"0033123456789": "international", "+33123456789": "international", "0034954123001": "national", "+34806123123": "premium", "+34612345678": "mobile",
			"00": "international", "": "other", "95412300": "national", "9541230012": "national", "60": "mobile", "11": "other", "8": "other", "1": "other", "0": "other", "512345678": "other", "80612312": "premium", "*21*0033": "other",
		},
		"IT": {
			"0612345678": "national", "021234567": "national", "3471234567": "mobile", "800123456": "free", "848800800": "shared", "199123456": "shared",
			"899123456": "premium", "892424": "premium", "1254": "premium", "48000": "premium", "118": "national", "1033012345678": "other", "0039061234567": "national", "+393471234567": "mobile", "00447700900123": "international", "+39899123456": "premium",
		},
		"GB": {
			"02079460000": "national", "01632960001": "national", "07700900123": "mobile", "08081570000": "free", "08451234567": "shared", "09098790000": "premium",
			"08712345678": "premium", "07012345678": "premium", "118500": "premium", "999": "national", "123": "national", "960001": "national", "0034954123001": "international", "+442079460000": "national", "+449098790000": "premium",
		},
		"US": {
			"2125550123": "national", "12125550123": "national", "18005550123": "free", "19005550123": "premium", "9005550123": "premium", "18765550123": "international",
			"4165550123": "international", "01134954123001": "international", "+12125550123": "national", "+18095550123": "international", "5550123": "national", "0": "other", "1010288": "other",
		},
		"FR": {"0123456789": "national", "0612345678": "mobile", "0800123456": "free", "0891234567": "premium", "3611": "premium", "118218": "premium", "+33612345678": "mobile", "+33899123456": "premium", "0034954123001": "international"},
		"DE": {"03012345678": "national", "015112345678": "mobile", "08001234567": "free", "01805123456": "shared", "0900312345": "premium", "01371234567": "premium", "11880": "premium", "010130301234567": "other", "1234567": "other", "0034954123001": "international", "+4930123456": "national", "+4990012345678": "premium"},
		"MX": {"5512345678": "national", "8001234567": "free", "9001234567": "premium", "0012125550123": "international", "+525512345678": "national"},
		"AR": {"01143210000": "national", "43210000": "national", "08001234567": "free", "06091234567": "premium", "0034954123001": "international", "+541143210000": "national"},
		"BR": {"0211123456789": "national", "34567890": "national", "912345678": "mobile", "08001234567": "free", "0900123456": "premium", "00215491143210000": "international"},
		"SE": {"112": "other"},
	} {
		for s, want := range numbers {
			if got := number.KindOf(country, s); got != want {
				t.Errorf("%s %q is %s, want %s", country, s, got, want)
			}
		}
	}
}

func TestWrite(t *testing.T) {
	for _, c := range []struct {
		country    string
		form       number.Form
		from, want string
	}{
		{"ES", "", "0954", "0954"}, {"ES", "e164", "954123001", "+34954123001"}, {"ES", "bare", "954123001", "34954123001"}, {"ES", "00", "954123001", "0034954123001"},
		{"ES", "national", "+34954123001", "954123001"}, {"ES", "national", "34954123001", "954123001"}, {"ES", "national", "+33123456789", "0033123456789"},
		{"ES", "e164", "0033123456789", "+33123456789"}, {"ES", "e164", "016", "016"}, {"ES", "e164", "112", "112"}, {"ES", "national", "anonymous", "anonymous"},
		{"IT", "e164", "0612345678", "+390612345678"}, {"IT", "e164", "3471234567", "+393471234567"}, {"IT", "national", "+390612345678", "0612345678"}, {"IT", "national", "393471234567", "3471234567"},
		{"GB", "e164", "02079460000", "+442079460000"}, {"GB", "national", "+442079460000", "02079460000"}, {"GB", "bare", "00352123456", "352123456"},
		{"US", "e164", "2125550123", "+12125550123"}, {"US", "e164", "12125550123", "+12125550123"}, {"US", "00", "01134954123001", "0034954123001"}, {"US", "national", "+12125550123", "12125550123"},
		{"DE", "e164", "03012345678", "+493012345678"}, {"DE", "national", "493012345678", "03012345678"}, {"FR", "e164", "0612345678", "+33612345678"},
		{"SE", "e164", "0812345678", "0812345678"}, {"", "national", "+34954123001", "34954123001"},
	} {
		if got := number.Write(c.country, c.form, c.from); got != c.want {
			t.Errorf("%s %s %q: %q, want %q", c.country, c.form, c.from, got, c.want)
		}
	}
	if got := number.Change("ES", "e164", "99", "#", "99954123001"); got != "#+34954123001" {
		t.Error(got)
	}
}

// No digits make it fail, and no number gets cheaper by more digits.
func FuzzKindOf(f *testing.F) {
	f.Add("ES", "806123123")
	f.Fuzz(func(t *testing.T, country, s string) {
		number.KindOf(country, s)
		number.Write(country, number.E164, s)
		number.Write(country, number.NationalForm, s)
	})
}
