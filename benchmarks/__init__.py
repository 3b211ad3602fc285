"""Speed beside floors: product and floor in turn in one process, judged by the median of the paired ratios.

Run all of it with `python -m benchmarks` (some minutes), or some with `python -m benchmarks D7 D8 U1`. `--json FILE` keeps the table.
"""
