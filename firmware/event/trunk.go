package event

import "centralita/firmware/id"

//msgp:limit arrays:4096 maps:256
//msgp:vartuple TrunkTestAsked TrunkTested TrunkStep

// TrunkTestAsked asks for a test of a provider's account.
type TrunkTestAsked struct {
	Trunk string    `json:"trunk"`
	Who   id.Person `json:"who"`
}

// TrunkTested is what a test found, step by step.
type TrunkTested struct {
	Trunk string      `json:"trunk"`
	Steps []TrunkStep `json:"steps"`
}

// TrunkStep is one question of a test: "name" (looked up; Text are the addresses),
// "server" (OPTIONS to one of them), "register", "codecs".
type TrunkStep struct {
	Step string `json:"step"`
	Good bool   `json:"good"`
	Code string `json:"code"` // why not, as Code of TrunkChanged, or no-codec
	Text string `json:"text"` // as the wire says it
	MS   int64  `json:"ms"`   // until the answer
}

func (*TrunkTestAsked) Kind() string { return "TrunkTestAsked" }
func (*TrunkTested) Kind() string    { return "TrunkTested" }
