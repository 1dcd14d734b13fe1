package wizard

import (
	"fmt"
	"slices"

	"centralita/firmware/id"
	"centralita/firmware/settings"
)

func handsetPorts(t *settings.Tree) []id.Port {
	var list []id.Port
	for _, s := range t.Stations {
		if s.Handset != "" {
			list = append(list, s.Handset)
		}
	}
	return list
}

func hasHandsets(_ Site, t *settings.Tree) bool { return len(handsetPorts(t)) > 0 }

func handsetsNow(_ Site, t *settings.Tree) string { return list(texts(handsetPorts(t))) }

func handsetNames(_ Site, t *settings.Tree) []string {
	return append(texts(handsetPorts(t)), "all", "later")
}

// setHandsets makes an extension for every handset that is plugged in and has none,
// and takes out those of sockets that are empty.
func setHandsets(s Site, t *settings.Tree, text string) error {
	chosen, err := pick(text, s.ports("fxs"))
	if err != nil {
		return err
	}
	for _, p := range handsetPorts(t) {
		if !slices.Contains(chosen, p) {
			dropHandset(t, p)
		}
	}
	for _, p := range chosen {
		if slices.Contains(handsetPorts(t), p) {
			continue
		}
		ext := freeExtension(t, 101)
		if ext == "" {
			return no("extensions")
		}
		t.Stations = append(t.Stations, settings.Station{Extension: ext, Handset: p})
	}
	return nil
}

// dropHandset takes a handset out: of an extension that has a telephone besides only
// the socket, else the extension with who sat at it and nowhere else.
func dropHandset(t *settings.Tree, p id.Port) {
	i := slices.IndexFunc(t.Stations, func(s settings.Station) bool { return s.Handset == p })
	s := &t.Stations[i]
	if s.SIP != nil || s.Web {
		s.Handset = ""
		return
	}
	ext := s.Extension
	t.Stations = slices.Delete(slices.Clone(t.Stations), i, i+1)
	gone := map[string]bool{}
	for _, who := range t.People {
		gone[who.Name] = string(who.Station) == ext && who.Role == "agent"
	}
	t.People = slices.DeleteFunc(slices.Clone(t.People), func(p settings.Person) bool { return gone[p.Name] })
	for i := range t.People {
		if string(t.People[i].Station) == ext {
			t.People[i].Station, t.People[i].Ready = "", ""
		}
	}
	for i := range t.Queues {
		t.Queues[i].Agents = slices.DeleteFunc(slices.Clone(t.Queues[i].Agents), func(a string) bool { return gone[a] })
	}
}

// freeExtension is the first number that nobody has and no rule takes, "" none of
// the next hundred.
func freeExtension(t *settings.Tree, from int) string {
	for n := from; n < from+100; n++ {
		ext := fmt.Sprint(n)
		_, taken := t.StationByExt(id.Station(ext))
		taken = taken || slices.ContainsFunc(t.DialPlan.Inside, func(r settings.InsideRule) bool { return r.Dial == ext })
		if !taken && !slices.Contains(t.Emergency(), ext) {
			return ext
		}
	}
	return ""
}

func checkHandsets(_ Site, t *settings.Tree, text string) error {
	_, err := pick(text, handsetPorts(t))
	return err
}

func phonesArgs(s Site, _ *settings.Tree) []string {
	text := ""
	for n, p := range s.Found {
		text += fmt.Sprintf("\n   %d  %s %s %s", n+1, p.Vendor, p.Model, p.MAC)
	}
	return []string{fmt.Sprint(len(s.Found)), text}
}

// pickPhones reads which of the telephones found are meant: their places in the list.
func pickPhones(s Site, text string) ([]Phone, error) {
	switch meaning(text) {
	case "all", "yes":
		return s.Found, nil
	case "none", "no", "later":
		return nil, nil
	}
	var chosen []Phone
	for _, w := range words(text) {
		n := 0
		if _, err := fmt.Sscanf(w, "%d", &n); err != nil || fmt.Sprint(n) != w || n < 1 || n > len(s.Found) {
			return nil, no("phone", w, fmt.Sprint(len(s.Found)))
		}
		if p := s.Found[n-1]; !slices.Contains(chosen, p) {
			chosen = append(chosen, p)
		}
	}
	return chosen, nil
}

// takePhones gives each telephone an extension from 201 on.
func takePhones(s Site, t *settings.Tree, text string) error {
	chosen, err := pickPhones(s, text)
	if err != nil {
		return err
	}
	for _, p := range chosen {
		if !slices.Contains(settings.Vendors, p.Vendor) {
			return no("vendor", p.Vendor)
		}
		ext := freeExtension(t, 201)
		if ext == "" {
			return no("extensions")
		}
		t.Stations = append(t.Stations, settings.Station{Extension: ext, SIP: &settings.Phone{Password: p.Password}})
		t.Devices = append(t.Devices, settings.Device{Name: p.Vendor + "-" + ext, Vendor: p.Vendor, MAC: p.MAC, Extension: ext})
	}
	return nil
}
