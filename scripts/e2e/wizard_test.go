package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestWizard is an installer at the serial port of a new box: answers the questions,
// gets one wrong, agrees, gives the owner a password, lifts the handset that rings,
// and reads the acceptance sheet, which the page has too, as paper.
func TestWizard(t *testing.T) {
	t.Parallel()
	w := newTerminal(t)
	defer func() { w.line.Close() }()
	office := filepath.Join(t.TempDir(), "office.yaml")
	if err := os.WriteFile(office, []byte(consoleOffice), 0o600); err != nil {
		t.Fatal(err)
	}
	b := startBox(t, office, "--rtp", "22450-22499", "--console", w.name)
	w.expect(`Nombre: `, 5*time.Second)
	w.send("owner\r")
	w.expect(`Contraseña: `, 2*time.Second)
	w.send(b.Password + "\r")
	w.expect(`owner> `, 5*time.Second)
	w.send("terminal length 0\rwizard\r")
	began := time.Now()
	for _, step := range [][2]string{
		{`Qué idioma`, "en"}, {`which country`, "ES"}, {`which town`, "Sevilla"}, {`office called`, "Clinic Moon"}, {`HTTPS`, ""}, {`public name`, ""},
		{`time zone`, "Mars/Base"}, {`office\.time_zone: `, ""}, {`line sockets`, "fxo1 fxo2"}, {`numbers of the lines`, "954123001 954123002"}, {`be tested at the end`, "later"},
		{`handset plugged in`, "fxs1 fxs2"}, {`be rung at the end`, "fxs1"}, {`first queue`, "reception"}, {`Who answers`, "101 102"},
		{`office open`, "mon-fri 9-14 16-19"}, {`Who else owns`, "back"}, {`office open`, ""}, {`Who else owns`, ""}, {`a password at the end`, "yes"},
		{`ring the handset at fxs1`, "yes"},
	} {
		w.expect(step[0], 5*time.Second)
		w.expect(`\] > `, 2*time.Second)
		w.send(step[1] + "\r")
	}
	w.expect(`In force as revision \d+`, 5*time.Second)
	w.expect(`Present password: `, 5*time.Second)
	w.send(b.Password + "\r")
	w.expect(`New password: `, 2*time.Second)
	w.send("e2e-password?\r")
	w.expect(`Again: `, 2*time.Second)
	w.send("e2e-password?\r")
	w.expect(`fxs1: rings`, 10*time.Second)
	b.must("POST", "/api/v1/session", map[string]any{"user": "owner", "password": "e2e-password?"}, nil)
	b.do("fxs1", "lift", nil)
	w.expect(`fxs1: answers`, 5*time.Second)
	b.do("fxs1", "hangup", nil)
	w.expect(`Acceptance of Clinic Moon`, 10*time.Second)
	w.expect(`Numbers +954123001 954123002`, time.Second)
	w.expect(`Software version`, time.Second)
	w.expect(`\[not measured\] line fxo1 .*\r\n.*line test fxo1`, time.Second)
	w.expect(`\[good +\] handset 101 \(fxs1\)`, time.Second)
	w.expect(`\[not measured\] handset 102 \(fxs2\) .*\r\n.*test ring fxs2`, time.Second)
	w.expect(`Still to be tried: 3`, time.Second)
	w.expect(`owner> `, 2*time.Second)
	t.Logf("from the first question to the sheet: %s", time.Since(began))

	var s struct {
		Tree struct {
			Office struct{ Name, Place string }
			Lines  []struct{ Name, Number, Rings string }
			Queues []struct{ Name string }
			Menus  []struct{ Name string }
		}
	}
	b.must("GET", "/api/v1/settings", nil, &s)
	if tree := s.Tree; tree.Office.Name != "Clinic Moon" || tree.Office.Place != "Sevilla" || len(tree.Lines) != 2 || tree.Lines[1].Number != "954123002" || len(tree.Queues) != 1 || len(tree.Menus) != 2 {
		t.Errorf("%+v", s.Tree)
	}
	var sheet struct{ Title, Verdict string }
	b.must("GET", "/api/v1/line/acceptance/box?lang=es", nil, &sheet)
	if sheet.Title != "Acta de entrega de Clinic Moon" || sheet.Verdict != "unknown" {
		t.Errorf("%+v", sheet)
	}
	if status, pdf := b.ask("GET", "/api/v1/line/acceptance/box/pdf", nil); status != 200 || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Errorf("no paper: %d", status)
	}
}
