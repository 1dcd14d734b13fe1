package settings

import (
	"regexp"
	"slices"
	"strings"
)

// Device is a telephone that fetches its settings from the box: a desk phone by
// its address, or an app on a mobile by the code it scans.
type Device struct {
	Name      string `yaml:"name" json:"name"`
	Vendor    string `yaml:"vendor" json:"vendor"`                 // one of Vendors
	MAC       string `yaml:"mac,omitempty" json:"mac"`             // of a desk phone: 12 hexadecimal digits, with or without colons
	Extension string `yaml:"extension" json:"extension"`           // the SIP station it becomes
	Transport string `yaml:"transport,omitempty" json:"transport"` // udp (default) or tcp
}

// Vendors are the makers whose files the box knows how to write. The last makes an
// app, which has no MAC.
var Vendors = []string{"yealink", "grandstream", "snom", "fanvil", "linphone"}

// App reports whether the device is a program on somebody's mobile or computer.
func (d Device) App() bool { return d.Vendor == "linphone" }

// Address is the MAC in the form that telephones use in names of files: 12 small
// digits; "" where there is none.
func (d Device) Address() string {
	return strings.ToLower(strings.NewReplacer(":", "", "-", "", ".", "").Replace(d.MAC))
}

var macForm = regexp.MustCompile(`^[0-9a-f]{12}$`)

// devicesMax is a telephone and an app for every station of a large office.
const devicesMax = 500

// DevicesOf lists the devices of a station.
func (t *Tree) DevicesOf(extension string) []Device {
	var list []Device
	for _, d := range t.Devices {
		if d.Extension == extension {
			list = append(list, d)
		}
	}
	return list
}

func (v *validator) devices() {
	v.length("devices", len(v.t.Devices), devicesMax)
	var names, addresses []string
	for _, d := range v.t.Devices {
		at := "devices[" + clip(d.Name) + "]"
		v.name(at+".name", d.Name, names)
		names = append(names, d.Name)
		v.oneOf(at+".vendor", d.Vendor, Vendors...)
		v.oneOf(at+".transport", d.Transport, "", "udp", "tcp")
		mac := d.Address()
		switch {
		case d.App() && mac == "":
		case !macForm.MatchString(mac):
			v.add(at+".mac", d.MAC, "mac")
		case slices.Contains(addresses, mac):
			v.add(at+".mac", d.MAC, "twice", d.MAC)
		}
		addresses = append(addresses, mac)
		s, ok := named(v.t.ExpandStations(), func(s Station) bool { return s.Extension == d.Extension })
		if !ok || s.SIP == nil {
			v.add(at+".extension", d.Extension, "device-station")
		}
	}
}
