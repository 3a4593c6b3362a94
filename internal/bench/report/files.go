package report

import (
	"bytes"
	"os"
	"path/filepath"
)

// Files writes to a folder the report as README.md and, of each chart that has anything to show, a light and a dark image.
func (r *Results) Files(dir string) error {
	var text bytes.Buffer
	r.Markdown(&text)
	files := map[string][]byte{"README.md": text.Bytes()}
	for _, t := range themes {
		files["cpu-"+t.name+".svg"] = r.bars(t)
		if cases, _ := r.growthCases(); len(cases) > 0 {
			files["growth-"+t.name+".svg"] = r.growth(t)
		}
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
