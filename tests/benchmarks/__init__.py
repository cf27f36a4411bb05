"""How speed is measured: `make bench`, or `python -m tests.benchmarks`; see docs/performance.md."""
