"""Benchmarks: what the README's numbers come from. Never imported by the product."""
