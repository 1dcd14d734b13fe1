// Command licences lists the modules that the program is linked with and the
// licence each ships, as tab-separated lines: module, version, licence.
// `make licences` prints it, and firmware/app shows the same list on the About
// page from the file that this command writes with -o.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

func main() {
	target := flag.String("of", "centralita/firmware/cmd/centralita", "package whose modules are listed")
	out := flag.String("o", "", "file to write instead of standard output")
	flag.Parse()
	lines, err := list(*target)
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
	text := strings.Join(lines, "\n") + "\n"
	if *out == "" {
		fmt.Print(text)
		return
	}
	if err := os.WriteFile(*out, []byte(text), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

// list asks the go command which modules the target is built from.
func list(target string) ([]string, error) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", target)
	cmd.Stderr = os.Stderr
	raw, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", target, err)
	}
	seen := map[string]bool{}
	var lines []string
	for l := range strings.Lines(string(raw)) {
		f := strings.Split(strings.TrimSpace(l), "\t")
		if len(f) != 3 || seen[f[0]] {
			continue
		}
		seen[f[0]] = true
		lines = append(lines, f[0]+"\t"+f[1]+"\t"+licence(f[2]))
	}
	sort.Strings(lines)
	return lines, nil
}

// licence names the licence by the words that only it has.
func licence(dir string) string {
	files, _ := filepath.Glob(filepath.Join(dir, "[LC][IO][CP][EY]*"))
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		for _, known := range []struct{ words, name string }{
			{"Apache License", "Apache-2.0"},
			{"Mozilla Public License", "MPL-2.0"},
			{"Redistribution and use in source and binary forms", "BSD"},
			{"Permission is hereby granted, free of charge", "MIT"},
			{"Permission to use, copy, modify, and", "ISC"},
		} {
			if bytes.Contains(text, []byte(known.words)) {
				return known.name
			}
		}
	}
	return "unknown"
}
