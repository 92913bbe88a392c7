// Package publish holds that whatever can be published can be served: it
// generates data packages, keeps of each what “zielstand check” accepts, imports
// it, and asks the running program for every address and format. Every answer has
// to be one that a reader of its format understands. It has tests only.
package publish
