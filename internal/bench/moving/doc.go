// Package moving checks that examples/MOVING.md names the calls of other libraries as they are: it type-checks the code
// spans in the first columns of their tables.
package moving
