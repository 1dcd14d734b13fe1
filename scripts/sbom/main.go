// Command sbom lists what the image's own program is made of, in the form of CycloneDX
// 1.5: the Go modules that a built program says it was linked with, and the npm
// packages of the page's lock file.
//
//	sbom -program build/centralita-arm -lock webui/package-lock.json -licences firmware/app/licences.tsv
//
// The same inputs give the same bytes: nothing of the day or the machine is in it.
package main

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
)

// document is a CycloneDX bill of materials, as far as it is used here.
type document struct {
	Format   string      `json:"bomFormat"`
	Spec     string      `json:"specVersion"`
	Serial   string      `json:"serialNumber"`
	Version  int         `json:"version"`
	Metadata metadata    `json:"metadata"`
	Parts    []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version,omitempty"`
	Scope      string     `json:"scope,omitempty"` // "excluded": used for building alone
	Hashes     []hash     `json:"hashes,omitempty"`
	Licences   []licence  `json:"licenses,omitempty"`
	PURL       string     `json:"purl,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type hash struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

type licence struct {
	Licence struct {
		Name string `json:"name"`
	} `json:"license"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func main() {
	program := flag.String("program", "build/centralita-arm", "built program")
	lock := flag.String("lock", "webui/package-lock.json", "lock file of the page")
	licences := flag.String("licences", "firmware/app/licences.tsv", "licences of the modules")
	out := flag.String("o", "", "file to write instead of standard output")
	flag.Parse()
	text, err := bill(*program, *lock, *licences)
	if err == nil && *out != "" {
		err = os.WriteFile(*out, text, 0o644)
	} else if err == nil {
		_, err = os.Stdout.Write(text)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// bill is the whole document as text.
func bill(program, lock, licences string) ([]byte, error) {
	known, err := readLicences(licences)
	if err != nil {
		return nil, err
	}
	d := document{Format: "CycloneDX", Spec: "1.5", Version: 1}
	if err := d.addGo(program, known); err != nil {
		return nil, err
	}
	if err := d.addNPM(lock); err != nil {
		return nil, err
	}
	slices.SortFunc(d.Parts, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) })
	d.Parts = slices.CompactFunc(d.Parts, func(a, b component) bool { return a.Ref == b.Ref })
	// A serial number of the content, in the form of a UUID (RFC 9562 version 8).
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	d.Serial = fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err = e.Encode(d)
	return text.Bytes(), err
}

// addGo takes what the program says of itself.
func (d *document) addGo(program string, licences map[string]string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return fmt.Errorf("%s: %w", program, err)
	}
	d.Metadata.Component = component{Type: "firmware", Ref: "centralita", Name: "centralita"}
	d.Parts = append(d.Parts, component{
		Type: "library", Ref: "pkg:golang/std@" + info.GoVersion, Name: "std", Version: info.GoVersion, Licences: named("BSD-3-Clause"),
		PURL: "pkg:golang/std@" + strings.TrimPrefix(info.GoVersion, "go"),
	})
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		ref := "pkg:golang/" + m.Path + "@" + m.Version
		d.Parts = append(d.Parts, component{
			Type: "library", Ref: ref, Name: m.Path, Version: m.Version, Licences: named(licences[m.Path]), PURL: ref,
			Properties: []property{{Name: "go:sum", Value: m.Sum}},
		})
	}
	return nil
}

// addNPM takes what the lock file has; what is for building alone is marked.
func (d *document) addNPM(lock string) error {
	text, err := os.ReadFile(lock)
	if err != nil {
		return err
	}
	var file struct {
		Packages map[string]struct {
			Version   string `json:"version"`
			Integrity string `json:"integrity"`
			Licence   string `json:"license"`
			Dev       bool   `json:"dev"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return fmt.Errorf("%s: %w", lock, err)
	}
	for path, p := range file.Packages {
		_, name, found := strings.Cut(path, "node_modules/")
		if !found {
			continue // the page itself
		}
		if i := strings.LastIndex(name, "node_modules/"); i >= 0 {
			name = name[i+len("node_modules/"):]
		}
		ref := "pkg:npm/" + strings.Replace(name, "@", "%40", 1) + "@" + p.Version
		c := component{Type: "library", Ref: ref, Name: name, Version: p.Version, Licences: named(p.Licence), PURL: ref}
		if p.Dev {
			c.Scope = "excluded"
		}
		if sum, ok := strings.CutPrefix(p.Integrity, "sha512-"); ok {
			raw, err := base64.StdEncoding.DecodeString(sum)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", lock, name, err)
			}
			c.Hashes = []hash{{Alg: "SHA-512", Content: hex.EncodeToString(raw)}}
		}
		d.Parts = append(d.Parts, c)
	}
	return nil
}

func named(name string) []licence {
	if name == "" {
		return nil
	}
	var l licence
	l.Licence.Name = name
	return []licence{l}
}

// readLicences is scripts/licences' table: module, version, licence.
func readLicences(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	list := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 {
			list[f[0]] = f[2]
		}
	}
	return list, nil
}
