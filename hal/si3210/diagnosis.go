package si3210

import (
	"context"

	"centralita/hal"
	"centralita/hal/chain"
)

// registers are those that may be read at any time, by the names of the data sheet.
// Indirect ones are left out: to read them takes a write.
var registers = chain.Registers{
	{0, "SPI Mode Select"},
	{1, "PCM Mode Select"},
	{2, "PCM Transmit Start Count, Low"},
	{3, "PCM Transmit Start Count, High"},
	{4, "PCM Receive Start Count, Low"},
	{5, "PCM Receive Start Count, High"},
	{8, "Audio Path Loopback Control"},
	{9, "Audio Gain Control"},
	{10, "Two-Wire Impedance Synthesis Control"},
	{11, "Hybrid Control"},
	{14, "Powerdown Control 1"},
	{18, "Interrupt Status 1"},
	{19, "Interrupt Status 2"},
	{20, "Interrupt Status 3"},
	{21, "Interrupt Enable 1"},
	{22, "Interrupt Enable 2"},
	{23, "Interrupt Enable 3"},
	{31, "Indirect Address Status"},
	{34, "Ringing Oscillator Control"},
	{48, "Ringing Oscillator Active Timer, Low"},
	{49, "Ringing Oscillator Active Timer, High"},
	{50, "Ringing Oscillator Inactive Timer, Low"},
	{51, "Ringing Oscillator Inactive Timer, High"},
	{63, "Loop Closure Debounce Interval for Ringing"},
	{64, "Linefeed Control"},
	{65, "External Bipolar Transistor Control"},
	{66, "Battery Feed Control"},
	{67, "Automatic/Manual Control"},
	{68, "Loop Closure/Ring Trip Detect Status"},
	{69, "Loop Closure Debounce Interval"},
	{70, "Ring Trip Detect Debounce Interval"},
	{71, "Loop Current Limit"},
	{72, "On-Hook Line Voltage"},
	{73, "Common Mode Voltage"},
	{74, "High Battery Voltage"},
	{75, "Low Battery Voltage"},
	{78, "Loop Voltage Sense"},
	{79, "Loop Current Sense"},
	{80, "TIP Voltage Sense"},
	{81, "RING Voltage Sense"},
	{82, "Battery Voltage Sense 1"},
	{88, "Transistor 5 Current Sense"},
	{89, "Transistor 6 Current Sense"},
	{92, "DC-DC Converter PWM Period"},
	{93, "DC-DC Converter Switching Delay"},
	{96, "Calibration Control/Status 1"},
	{97, "Calibration Control/Status 2"},
	{98, "RING Gain Mismatch Calibration Result"},
	{99, "TIP Gain Mismatch Calibration Result"},
	{107, "DC Peak Current Monitor Calibration Result"},
	{108, "Enhancement Enable"},
}

var _ hal.Diagnosis = (*Port)(nil)

// Registers implements hal.Diagnosis.
func (p *Port) Registers(ctx context.Context) ([]hal.Register, error) {
	return p.service.Registers(ctx, registers, p.read)
}
