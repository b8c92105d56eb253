"""A fuzzer that attacks the border: random SymPy statements, judged by an evaluator that shares no code with symmix.

Run it for as long as you like with ``python -m tests.fuzz --statements 20000 --seed 7``.
"""
