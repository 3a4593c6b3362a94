package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"os"
)

// tlsFlags are the flags about TLS.
type tlsFlags struct {
	insecure              bool
	ca, cert, key, server string
}

func (f *tlsFlags) define(set *flag.FlagSet) {
	set.BoolVar(&f.insecure, "insecure", false, "")
	set.BoolVar(&f.insecure, "k", false, "")
	set.StringVar(&f.ca, "ca", "", "")
	set.StringVar(&f.cert, "cert", "", "")
	set.StringVar(&f.key, "key", "", "")
	set.StringVar(&f.server, "servername", "", "")
}

// config reads the files that the flags name.
func (f *tlsFlags) config() (*tls.Config, error) {
	config := &tls.Config{InsecureSkipVerify: f.insecure, ServerName: f.server}
	if f.ca != "" {
		text, err := os.ReadFile(f.ca)
		if err != nil {
			return nil, fmt.Errorf("-ca: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("-ca: no certificate in %s", f.ca)
		}
	}
	switch {
	case f.cert == "" && f.key != "":
		return nil, errors.New("-key without -cert")
	case f.key == "":
		f.key = f.cert
	}
	if f.cert != "" {
		certificate, err := tls.LoadX509KeyPair(f.cert, f.key)
		if err != nil {
			return nil, fmt.Errorf("-cert, -key: %w", err)
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	return config, nil
}
