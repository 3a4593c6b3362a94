package http1

// Printable returns the first 64 bytes of s, with all but printable ASCII replaced by
// question marks. A peer cannot then write control characters into logs and terminals.
func Printable(s string) string {
	const most = 64
	b := []byte(s[:min(len(s), most)])
	for i, c := range b {
		if c < ' ' || c > '~' {
			b[i] = '?'
		}
	}
	if len(s) > most {
		b = append(b, "..."...)
	}
	return string(b)
}
