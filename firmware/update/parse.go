package update

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// manifest is the part of a bundle's that is used, in both of RAUC's forms: "json",
// which all versions write, has it flat, and "json-2" below update.
type manifest struct {
	Compatible  string `json:"compatible"`
	Version     string `json:"version"`
	Description string `json:"description"`
}

// oldestWord begins the description of a bundle whose data older versions than the
// one named cannot read: "oldest 1.4.0". (RAUC before 1.9 has no place of its own
// for such a thing.)
const oldestWord = "oldest "

func parseInfo(out []byte) (Bundle, error) {
	var said struct {
		manifest
		Update *manifest `json:"update"`
	}
	if err := json.Unmarshal(lastLine(out), &said); err != nil {
		return Bundle{}, fmt.Errorf("update: what the installer says of a bundle: %w", err)
	}
	m := said.manifest
	if said.Update != nil {
		m = *said.Update
	}
	b := Bundle{Version: m.Version, Compatible: m.Compatible}
	if word, ok := strings.CutPrefix(m.Description, oldestWord); ok {
		b.Oldest, _, _ = strings.Cut(word, " ")
	}
	for _, s := range []string{b.Version, b.Compatible} {
		if s == "" || !plain(s) {
			return Bundle{}, ErrDamaged
		}
	}
	if _, ok := parseRelease(b.Oldest); b.Oldest != "" && (!ok || !plain(b.Oldest)) {
		return Bundle{}, ErrDamaged
	}
	return b, nil
}

func parseStatus(out []byte) (Status, error) {
	var said struct {
		Compatible string `json:"compatible"`
		Booted     string `json:"booted"`
	}
	if err := json.Unmarshal(lastLine(out), &said); err != nil {
		return Status{}, fmt.Errorf("update: what the installer says of the box: %w", err)
	}
	if said.Compatible == "" || said.Booted == "" || !plain(said.Compatible) || !plain(said.Booted) {
		return Status{}, fmt.Errorf("update: the installer names no slot that runs")
	}
	return Status(said), nil
}

// lastLine is where the document stands, below what else is said.
func lastLine(out []byte) []byte {
	out = bytes.TrimSpace(out)
	return out[bytes.LastIndexByte(out, '\n')+1:]
}

// plain is a word that may be shown to people and kept: short, printed, no spaces.
func plain(s string) bool {
	return len(s) <= nameMax && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) })
}

// parsePercent reads a line such as " 40% Copying image to rootfs.1".
func parsePercent(line string) (int, bool) {
	head, _, ok := strings.Cut(strings.TrimSpace(line), "%")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(head)
	return n, err == nil && n >= 0 && n <= 100
}

// complaint makes a refusal of what the installer wrote when it failed.
func complaint(text string) *Refusal {
	text = strings.ToLower(text)
	for _, c := range []struct {
		says string
		is   *Refusal
	}{
		{"signature verification failed", ErrSignature},
		{"verify error", ErrSignature},
		{"no keyring", ErrSignature},
		{"invalid bundle format", ErrDamaged},
		{"not allowed", ErrSignature}, // a form of bundle that is not sealed as a whole
		{"signature size", ErrDamaged},
		{"input/output error", ErrDamaged}, // what dm-verity makes of a changed block
		{"failed to load manifest", ErrDamaged},
		{"checksum", ErrDamaged},
		{"no space left", ErrWrite},
	} {
		if strings.Contains(text, c.says) {
			return c.is
		}
	}
	return nil
}
