package readme

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestExamples checks that examples/README.md has a line for each folder of examples with a program or a package, and for each
// document.
func TestExamples(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "examples/README.md"))
	if err != nil {
		t.Fatal(err)
	}
	listed := 0
	err = fs.WalkDir(os.DirFS(filepath.Join(root, "examples")), ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := file
		switch path.Ext(file) {
		case ".go":
			name = path.Dir(file)
		case ".md":
			if file == "README.md" {
				return nil
			}
		default:
			return nil
		}
		for ; name != "."; name = path.Dir(name) { // a folder stands for those below it
			if bytes.Contains(text, []byte("]("+name+")")) {
				listed++
				return nil
			}
		}
		t.Errorf("examples/README.md says nothing of %s", file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if listed < 40 {
		t.Errorf("only %d files are found", listed)
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"`)

// TestLinks checks that the files and headings to which a file of Markdown links are there.
func TestLinks(t *testing.T) {
	links := 0
	for _, file := range markdown(t) {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			target := m[1] + m[2]
			if strings.Contains(target, "://") {
				continue
			}
			links++
			name, heading, _ := strings.Cut(target, "#")
			to := path.Join(path.Dir(file), name)
			if name == "" {
				to = file
			}
			if err := reaches(to, heading); err != nil {
				t.Errorf("%s: %s: %v", file, target, err)
			}
		}
	}
	if links < 30 {
		t.Errorf("only %d links are found", links)
	}
}

// reaches returns an error if there is no such file, or no such heading in it.
func reaches(file, heading string) error {
	_, err := os.Stat(filepath.Join(root, file))
	if err != nil || heading == "" {
		return err
	}
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		return err
	}
	for _, line := range regexp.MustCompile(`(?m)^#+ (.*)`).FindAllStringSubmatch(string(text), -1) {
		anchor := regexp.MustCompile(`[^\w -]`).ReplaceAllString(strings.ToLower(line[1]), "")
		if strings.ReplaceAll(anchor, " ", "-") == heading {
			return nil
		}
	}
	return fs.ErrNotExist
}

// TestShort holds the README to what is read in five minutes.
func TestShort(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(text, []byte("\n")); lines > 180 {
		t.Errorf("README.md has %d lines, which are more than 180", lines)
	}
}
