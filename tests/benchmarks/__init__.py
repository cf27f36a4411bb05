"""What speed is measured by: `make bench`, or `python -m tests.benchmarks`; see docs/performance.md."""
