package trust

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// What an owner's certificate may be refused for.
var (
	ErrNoCertificate = errors.New("trust: there is no certificate in the text")
	ErrNoKey         = errors.New("trust: there is no private key in the text, or it has a password")
	ErrOtherKey      = errors.New("trust: the key belongs to another certificate")
	ErrOver          = errors.New("trust: the certificate has ended or not begun")
	ErrChain         = errors.New("trust: a certificate of the chain did not sign the one before it")
	ErrWeak          = errors.New("trust: the key is too weak: RSA of 2048 bits or ECDSA is needed")
	ErrLarge         = errors.New("trust: chain or key is too large")
	ErrNotServer     = errors.New("trust: the certificate is an authority's or not for servers")
)

const (
	// pemMax is what the store takes as one secret: four certificates and more.
	pemMax   = 8 << 10
	chainMax = 6
)

// UseOwn shows an owner's certificate from now on: the chain in PEM, its own
// certificate first or not, and the key.
func (k *Keeper) UseOwn(chain, key string) error {
	chain, key, err := k.check(chain, key)
	if err != nil {
		return err
	}
	if err := errors.Join(k.opt.Secrets.Put(secretOwnKey, key), k.opt.Secrets.Put(secretOwn, chain)); err != nil {
		return err
	}
	return k.Refresh()
}

// ForgetOwn goes back to the box's certificate, or the fetched one.
func (k *Keeper) ForgetOwn() error {
	if err := errors.Join(k.opt.Secrets.Put(secretOwn, ""), k.opt.Secrets.Put(secretOwnKey, "")); err != nil {
		return err
	}
	return k.Refresh()
}

// check reads what a person pasted or loaded, in whatever order it stands.
func (k *Keeper) check(chain, key string) (string, string, error) {
	if len(chain) > 4*pemMax || len(key) > 4*pemMax {
		return "", "", ErrLarge
	}
	var certs []*x509.Certificate
	for _, b := range blocks(chain, "CERTIFICATE") {
		c, err := x509.ParseCertificate(b.Bytes)
		if err != nil {
			return "", "", ErrNoCertificate
		}
		certs = append(certs, c)
	}
	if len(certs) == 0 {
		return "", "", ErrNoCertificate
	}
	keys := blocks(key, "PRIVATE KEY")
	if len(keys) != 1 {
		return "", "", ErrNoKey
	}
	word := string(pem.EncodeToMemory(keys[0]))
	certs, err := order(certs, word)
	if err != nil {
		return "", "", err
	}
	leaf, now := certs[0], k.opt.Now()
	switch {
	case leaf.IsCA || len(leaf.ExtKeyUsage) > 0 && !forServers(leaf):
		return "", "", ErrNotServer
	case now.Before(leaf.NotBefore) || !now.Before(leaf.NotAfter):
		return "", "", ErrOver
	case weak(leaf):
		return "", "", ErrWeak
	}
	ders := make([][]byte, len(certs))
	for i, c := range certs {
		ders[i] = c.Raw
	}
	text := certPEM(ders...)
	if len(text) > pemMax || len(word) > pemMax {
		return "", "", ErrLarge
	}
	return text, word, nil
}

// blocks are the PEM blocks whose type ends in kind ("EC PRIVATE KEY" is a key
// too); one with headers is encrypted.
func blocks(text, kind string) (found []*pem.Block) {
	for rest := []byte(text); len(found) <= chainMax; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			return found
		}
		if strings.HasSuffix(b.Type, kind) && !strings.Contains(b.Type, "ENCRYPTED") && len(b.Headers) == 0 {
			found = append(found, b)
		}
	}
	return nil
}

// order puts the key's own certificate first and each signer behind what it signed.
func order(certs []*x509.Certificate, key string) ([]*x509.Certificate, error) {
	at := -1
	for i, c := range certs {
		_, err := tls.X509KeyPair([]byte(certPEM(c.Raw)), []byte(key))
		if err == nil {
			at = i
			break
		}
		if !strings.Contains(err.Error(), "does not match") {
			return nil, fmt.Errorf("%w", ErrNoKey)
		}
	}
	if at < 0 {
		return nil, ErrOtherKey
	}
	chain := []*x509.Certificate{certs[at]}
	left := append(append([]*x509.Certificate(nil), certs[:at]...), certs[at+1:]...)
	for len(left) > 0 {
		last := chain[len(chain)-1]
		found := -1
		for i, c := range left {
			if last.CheckSignatureFrom(c) == nil {
				found = i
				break
			}
		}
		if found < 0 {
			return nil, ErrChain
		}
		chain = append(chain, left[found])
		left = append(left[:found], left[found+1:]...)
	}
	return chain, nil
}

func forServers(c *x509.Certificate) bool {
	for _, u := range c.ExtKeyUsage {
		if u == x509.ExtKeyUsageServerAuth || u == x509.ExtKeyUsageAny {
			return true
		}
	}
	return false
}

func weak(c *x509.Certificate) bool {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen() < 2048
	case *ecdsa.PublicKey:
		return key.Curve.Params().BitSize < 256
	case ed25519.PublicKey:
		return false
	}
	return true
}
