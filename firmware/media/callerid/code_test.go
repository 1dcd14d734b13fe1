package callerid

import "testing"

// What a telephone is sent as digits must read as what was meant.
func TestDigitsOfMessage(t *testing.T) {
	for want, m := range map[string]Message{
		"A1133334444C": {Number: "11 3333-4444"},
		"A3491C":       {Number: "+34 91"},
		"B10C":         {NoNumber: Private, Number: "1"},
		"B00C":         {},
	} {
		got := m.Digits()
		if got != want {
			t.Errorf("%+v: %s, want %s", m, got, want)
		}
		if back, ok := ParseDigits(got); !ok || m.NoNumber == Private != (back.NoNumber == Private) {
			t.Errorf("%s is read as %+v", got, back)
		}
	}
}

// A display shows seven bits; every name of an office must stay readable on it.
func TestPlain(t *testing.T) {
	for name, want := range map[string]string{
		"Recepción": "Recepcion", "Café Ñandú": "Cafe Nandu", "Straße": "Strasse", "Æsir Øre": "AEsir Ore",
		"Łódź": "Lodz", "L’Atélier “Mer”": `L'Atelier "Mer"`, "Città": "Citta", "Ana": "Ana",
	} {
		if got := Plain(name); got != want {
			t.Errorf("%s is shown as %s, want %s", name, got, want)
		}
		if m, err := Parse(Message{Number: "1", Name: name}.Frame()); err != nil || m.Name != want {
			t.Errorf("%s arrives as %q, %v", name, m.Name, err)
		}
	}
}
