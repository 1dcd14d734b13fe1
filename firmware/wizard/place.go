package wizard

import (
	"slices"
	"strings"

	"centralita/firmware/settings"
)

func language(_ Site, t *settings.Tree) string {
	if len(t.Office.Languages) == 0 {
		return "none"
	}
	return t.Office.Languages[0]
}

// setLanguage puts one before the others, which stay for callers and agents.
func setLanguage(_ Site, t *settings.Tree, text string) error {
	text = strings.ToLower(strings.TrimSpace(text))
	if !slices.Contains([]string{"es", "it", "en"}, text) {
		return no("language")
	}
	rest := slices.DeleteFunc(slices.Clone(t.Office.Languages), func(l string) bool { return l == text })
	t.Office.Languages = append([]string{text}, rest...)
	return nil
}

// setCountry takes the clock of the country along where there was the usual one of
// the country before.
func setCountry(_ Site, t *settings.Tree, text string) error {
	was := settings.Default(t.Office.Country).Office.TimeZone
	text = strings.ToUpper(strings.TrimSpace(text))
	if err := settings.Set(t, "office", "country", text); err != nil {
		return err
	}
	if usual := settings.Default(text).Office; usual.Country == text && (t.Office.TimeZone == was || t.Office.TimeZone == "") {
		t.Office.TimeZone = usual.TimeZone
	}
	return nil
}

// zones are those of the countries that the box knows, that of the office first.
func zones(_ Site, t *settings.Tree) []string {
	list := []string{settings.Default(t.Office.Country).Office.TimeZone}
	countries, _ := settings.Next(t, "office", "country")
	for _, c := range countries {
		if z := settings.Default(c).Office.TimeZone; !slices.Contains(list, z) {
			list = append(list, z)
		}
	}
	if t.Office.Country == "ES" {
		list = append(list, "Atlantic/Canary")
	}
	return list
}

func setRedirect(_ Site, t *settings.Tree, text string) error {
	switch meaning(text) {
	case "yes":
		t.Box.Web.Redirect = true
	case "no", "none":
		t.Box.Web.Redirect = false
	default:
		return no("yes")
	}
	return nil
}

func setPublicName(_ Site, t *settings.Tree, text string) error {
	t.Box.Web.ACME.Names = nil
	if meaning(text) != "none" {
		t.Box.Web.ACME.Names = strings.Fields(strings.ToLower(text))
	}
	return nil
}

func networkNow(_ Site, t *settings.Tree) string {
	n := t.Box.Network
	if _, fixed := n.Fixed(); !fixed {
		return settings.ByDHCP
	}
	return strings.Join(append(strings.Fields(n.Address+" "+n.Gateway), n.DNS...), " ")
}

// setNetwork takes "dhcp", or an address with its prefix, the gateway and the name
// servers.
func setNetwork(_ Site, t *settings.Tree, text string) error {
	words := strings.Fields(strings.ToLower(text))
	n := settings.Network{HostName: t.Box.Network.HostName, TimeServers: t.Box.Network.TimeServers}
	if len(words) > 0 && words[0] != settings.ByDHCP && meaning(words[0]) != "none" {
		n.Address = words[0]
		if len(words) > 1 {
			n.Gateway, n.DNS = words[1], words[2:]
		}
	}
	t.Box.Network = n
	return nil
}
