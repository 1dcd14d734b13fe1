package event

import "centralita/firmware/id"

//msgp:vartuple ProvisioningOpened ProvisioningClosed DeviceFound DeviceFetched DeviceRefused

// ProvisioningOpened begins the window in which telephones get their settings.
type ProvisioningOpened struct {
	Who   id.Person `json:"who"`
	Until int64     `json:"until"` // ms of the loop's clock
}

// ProvisioningClosed ends it: by a person, or "" because its time was over.
type ProvisioningClosed struct {
	Who id.Person `json:"who"`
}

// DeviceFound is a telephone that asked the network who has settings for it
// (SUBSCRIBE for the event package ua-profile, RFC 6080, sent to all).
type DeviceFound struct {
	MAC    string `json:"mac"` // 12 small hexadecimal digits
	Vendor string `json:"vendor"`
	Model  string `json:"model"`
	From   string `json:"from"` // address
}

// DeviceFetched is a telephone that got its settings.
type DeviceFetched struct {
	Device string `json:"device"` // name in the settings
	From   string `json:"from"`
	Agent  string `json:"agent"` // what it says it is
}

// DeviceRefused is one that asked and got nothing, because the window is closed.
type DeviceRefused struct {
	Device string `json:"device"`
	From   string `json:"from"`
}

func (*ProvisioningOpened) Kind() string { return "ProvisioningOpened" }
func (*ProvisioningClosed) Kind() string { return "ProvisioningClosed" }
func (*DeviceFound) Kind() string        { return "DeviceFound" }
func (*DeviceFetched) Kind() string      { return "DeviceFetched" }
func (*DeviceRefused) Kind() string      { return "DeviceRefused" }
