"""Whether what is written for the web is drawn there: ``python -m tests.web_mathematics`` runs KaTeX and MathJax."""
