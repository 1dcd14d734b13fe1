package event

import "centralita/firmware/id"

//msgp:limit arrays:4096 maps:256
//msgp:vartuple BanLifted CertificateSet

// BanLifted says that a person has SIP listen to an address again.
type BanLifted struct {
	Address string    `json:"address"`
	Who     id.Person `json:"who"`
}

// CertificateSet says that a person changed the certificate that the box shows: "own",
// one that was brought, or "box".
type CertificateSet struct {
	Of  string    `json:"of"`
	Who id.Person `json:"who"`
}

func (*BanLifted) Kind() string      { return "BanLifted" }
func (*CertificateSet) Kind() string { return "CertificateSet" }
