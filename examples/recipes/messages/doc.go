// Package messages has recipes for what connections carry: JSON values, events of the program's own beside the messages of
// the client, and uploads of any length.
package messages
