from . import articles, customers, labels, prospects, report, word
