// Package contributing makes the changes that docs/changes.md explains.
package contributing
