package api

import (
	"errors"
	"net/http"
	"reflect"

	"centralita/firmware/access"
	"centralita/firmware/trust"
)

// OwnCertificate is a certificate that the owner brings: chain and key in PEM.
type OwnCertificate struct {
	Chain string `json:"chain" maxLength:"40000"`
	Key   string `json:"key" maxLength:"20000"`
}

// Certificate is what the box shows to who comes by TLS.
type Certificate struct {
	trust.Status
	HTTPS string `json:"https"` // address of the web door by TLS, "" none
	SIP   string `json:"sip"`   // address of SIP by TLS, "" none
	Page  string `json:"page"`  // of the guide to trust it
}

func (d *door) certificateEndpoints() []endpoint {
	if d.Trust == nil {
		return nil
	}
	out := reflect.TypeFor[Certificate]()
	return []endpoint{
		{method: http.MethodGet, path: "/certificate", role: access.Agent, out: out, help: "The certificate of HTTPS and SIP over TLS, and who does not trust it.",
			run: func(*ask) (any, error) { return d.certificate(), nil }},
		{method: http.MethodPut, path: "/certificate", role: access.Owner, in: reflect.TypeFor[OwnCertificate](), out: out,
			help: "Use a certificate of one's own: its chain and its key in PEM.", run: func(a *ask) (any, error) {
				in := a.into.(*OwnCertificate)
				if err := d.Trust.UseOwn(in.Chain, in.Key); err != nil {
					return nil, wrongCertificate(err)
				}
				d.certificateSet("own", a)
				return d.certificate(), nil
			}},
		{method: http.MethodDelete, path: "/certificate", role: access.Owner, out: out, help: "Go back to the certificate of the box.",
			run: func(a *ask) (any, error) {
				err := d.Trust.ForgetOwn()
				if err == nil {
					d.certificateSet("box", a)
				}
				return d.certificate(), err
			}},
	}
}

func (d *door) certificateSet(of string, a *ask) {
	if d.CertificateSet != nil {
		d.CertificateSet(of, a.who.Person)
	}
}

func (d *door) certificate() Certificate {
	c := Certificate{Status: d.Trust.Status(), Page: "/trust"}
	if d.Secure != nil {
		c.HTTPS, _ = d.Secure()
	}
	if d.SIPTLS != nil {
		c.SIP = d.SIPTLS()
	}
	return c
}

var certificateCodes = map[error]string{
	trust.ErrNoCertificate: "certificate-none", trust.ErrNoKey: "certificate-no-key", trust.ErrOtherKey: "certificate-other-key",
	trust.ErrOver: "certificate-over", trust.ErrChain: "certificate-chain", trust.ErrWeak: "certificate-weak",
	trust.ErrLarge: "certificate-large", trust.ErrNotServer: "certificate-not-server",
}

func wrongCertificate(err error) error {
	for known, code := range certificateCodes {
		if errors.Is(err, known) {
			return no(http.StatusUnprocessableEntity, code)
		}
	}
	return err
}
