//! All tests of the importer that need a server or the recordings, in one binary.

mod command; // the program itself
mod facts; // the recordings give the catalog's facts
mod faults; // what bad servers get
mod mock; // a server as Kestra's
mod overlay; // what is imported is what the catalog then says
mod recordings; // the recordings behind it
mod samples; // answers of real servers of three versions
mod support; // what several tests need
mod tiny; // a Kestra of three classes
