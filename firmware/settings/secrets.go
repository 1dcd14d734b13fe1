package settings

import "fmt"

// Secrets is the part of firmware/store that keeps words nobody reads back.
type Secrets interface {
	Put(name, value string) error
}

// moveSecrets puts every password of the tree into the store and leaves its name.
// A password without a name gets one of its place: "phone-201", "trunk-proveedor".
// With a suffix every name is a new one, and the words of before stay.
func moveSecrets(t *Tree, store Secrets, suffix string) error {
	for i := range t.Trunks {
		k := &t.Trunks[i]
		if err := moveSecret(&k.Secret, &k.Password, "trunk-"+k.Name, suffix, store); err != nil {
			return fmt.Errorf("trunks[%s]: %w", k.Name, err)
		}
	}
	for i := range t.Stations {
		s := &t.Stations[i]
		if s.SIP == nil {
			continue
		}
		if err := moveSecret(&s.SIP.Secret, &s.SIP.Password, "phone-"+s.Extension, suffix, store); err != nil {
			return fmt.Errorf("stations[%s]: %w", s.Extension, err)
		}
	}
	return nil
}

func moveSecret(name, password *string, place, suffix string, store Secrets) error {
	if *password == "" {
		return nil
	}
	if *name == "" {
		*name = place
	}
	*name += suffix
	if store == nil {
		return fmt.Errorf("no place to keep the secret %s", *name)
	}
	if err := store.Put(*name, *password); err != nil {
		return fmt.Errorf("keep secret %s: %w", *name, err)
	}
	*password = ""
	return nil
}

// keepPasswords carries passwords that wait for a commit into a document that was
// edited where they are not shown: same place, no other secret named.
func keepPasswords(from, to *Tree) {
	for i := range to.Trunks {
		k := &to.Trunks[i]
		if was, ok := from.TrunkByName(k.Name); ok && k.Password == "" && k.Secret == was.Secret {
			k.Password = was.Password
		}
	}
	for i := range to.Stations {
		s := &to.Stations[i]
		was, ok := named(from.Stations, func(o Station) bool { return o.Extension == s.Extension })
		if ok && s.SIP != nil && was.SIP != nil && s.SIP.Password == "" && s.SIP.Secret == was.SIP.Secret {
			s.SIP.Password = was.SIP.Password
		}
	}
}
