//! HTTP and stdio.
