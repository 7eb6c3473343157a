from . import articles, customers, labels, report, word
