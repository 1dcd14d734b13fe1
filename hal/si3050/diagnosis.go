package si3050

import (
	"context"

	"centralita/hal"
	"centralita/hal/chain"
)

// registers are those that may be read at any time, by the names of the data sheet.
var registers = chain.Registers{
	{1, "Control 1"},
	{2, "Control 2"},
	{3, "Interrupt Mask"},
	{4, "Interrupt Source"},
	{5, "DAA Control 1"},
	{6, "DAA Control 2"},
	{11, "System-Side and Line-Side Revision"},
	{12, "Line-Side Device Status"},
	{13, "Line-Side Device Revision"},
	{16, "International Control 1"},
	{17, "International Control 2"},
	{18, "International Control 3"},
	{22, "Ring Validation Control 1"},
	{23, "Ring Validation Control 2"},
	{24, "Ring Validation Control 3"},
	{25, "Resistor Calibration"},
	{26, "DC Termination Control"},
	{28, "Loop Current Status"},
	{29, "Line Voltage Status"},
	{30, "AC Termination Control"},
	{31, "DAA Control 3"},
	{33, "PCM/SPI Mode Select"},
	{34, "PCM Transmit Start Count, Low"},
	{35, "PCM Transmit Start Count, High"},
	{36, "PCM Receive Start Count, Low"},
	{37, "PCM Receive Start Count, High"},
	{38, "TX Gain Control 2"},
	{39, "RX Gain Control 2"},
	{40, "TX Gain Control 3"},
	{41, "RX Gain Control 3"},
	{45, "Programmable Hybrid 1"},
	{46, "Programmable Hybrid 2"},
	{47, "Programmable Hybrid 3"},
	{48, "Programmable Hybrid 4"},
	{49, "Programmable Hybrid 5"},
	{50, "Programmable Hybrid 6"},
	{51, "Programmable Hybrid 7"},
	{52, "Programmable Hybrid 8"},
	{59, "Spark Quenching Control"},
}

var _ hal.Diagnosis = (*Port)(nil)

// Registers implements hal.Diagnosis.
func (p *Port) Registers(ctx context.Context) ([]hal.Register, error) {
	return p.service.Registers(ctx, registers, p.read)
}
