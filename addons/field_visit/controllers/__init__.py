from . import articles, customers, labels, photo, prospects, report, second_look, word, works
