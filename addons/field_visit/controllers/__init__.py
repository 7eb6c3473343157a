from . import articles, customers, labels, photo, prospects, report, word, works
