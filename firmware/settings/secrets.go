package settings

import "fmt"

// Secrets is the part of firmware/store that keeps words nobody reads back.
type Secrets interface {
	Put(name, value string) error
}

// moveSecrets puts every password of the tree into the store and leaves its name.
// A password without a name gets one of its place: "phone-201", "trunk-proveedor".
func moveSecrets(t *Tree, store Secrets) error {
	for i := range t.Trunks {
		k := &t.Trunks[i]
		if err := moveSecret(&k.Secret, &k.Password, "trunk-"+k.Name, store); err != nil {
			return fmt.Errorf("trunks[%s]: %w", k.Name, err)
		}
	}
	for i := range t.Stations {
		s := &t.Stations[i]
		if s.SIP == nil {
			continue
		}
		if err := moveSecret(&s.SIP.Secret, &s.SIP.Password, "phone-"+s.Extension, store); err != nil {
			return fmt.Errorf("stations[%s]: %w", s.Extension, err)
		}
	}
	return nil
}

func moveSecret(name, password *string, place string, store Secrets) error {
	if *password == "" {
		return nil
	}
	if *name == "" {
		*name = place
	}
	if store == nil {
		return fmt.Errorf("no place to keep the secret %s", *name)
	}
	if err := store.Put(*name, *password); err != nil {
		return fmt.Errorf("keep secret %s: %w", *name, err)
	}
	*password = ""
	return nil
}
