"""Measurements, each against a floor taken in the same run and a goal set beforehand.

    python -m benchmarks            all of them
    python -m benchmarks crypto     bench_crypto.py alone

A module ``bench_<name>.py`` has one function ``run() -> list[Result]``.
"""
